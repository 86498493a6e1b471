"""Fact sheets: what is known of a programme, each fact with its source, date and status."""

import re
from collections.abc import Iterator
from datetime import date
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, model_validator
from ruamel.yaml import YAML

from knowledge.messages import Language

_OPENING = re.compile(r" \(| – ")
ATTRIBUTES = Path(__file__).with_name("attributes.yml")
UNDATED = "ohne Datum"
"""The date of a fact whose source shows none."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, str_min_length=1)


class SheetKind(str, Enum):
    """What a sheet is about."""

    FUNDING_PROGRAMME = "funding programme"
    INITIATIVE = "initiative"
    WORKSHOP = "workshop"
    STANDARD = "standard"
    NETWORK = "network"
    INDEX = "index"
    ASSOCIATION = "association"
    OFFICE = "office"
    STRATEGY = "strategy"
    PLATFORM = "platform"
    PROJECT = "project"


class Level(str, Enum):
    """Who stands behind it."""

    EU = "EU"
    BUND = "Bund"
    LAND = "Land"
    MUNICIPAL = "Kommune"
    INTERNATIONAL = "international"


class State(str, Enum):
    """Whether it still goes on."""

    RUNNING = "running"
    ENDED = "ended"
    PLANNED = "planned"
    UNKNOWN = "unknown"


class Land(str, Enum):
    """The sixteen Länder by their ISO 3166-2 codes without the leading DE-."""

    BW = "BW"
    BY = "BY"
    BE = "BE"
    BB = "BB"
    HB = "HB"
    HH = "HH"
    HE = "HE"
    MV = "MV"
    NI = "NI"
    NW = "NW"
    RP = "RP"
    SL = "SL"
    SN = "SN"
    ST = "ST"
    SH = "SH"
    TH = "TH"


class Municipality(str, Enum):
    """Kinds of municipalities; cities and towns by their size as the BBSR counts it, in inhabitants."""

    LARGE_CITY = "large city"
    """100,000 and more."""
    MEDIUM_TOWN = "medium town"
    """20,000 up to 100,000."""
    SMALL_TOWN = "small town"
    """Below 20,000; small towns and rural municipalities."""
    COUNTY = "county"
    """Kreise, Landkreise."""
    ALLIANCE = "alliance"
    """Several municipalities together."""


class Purpose(str, Enum):
    """What money or help is wanted for."""

    STRATEGY = "strategy"
    PROJECT = "project"
    INFRASTRUCTURE = "infrastructure"
    ADVICE = "advice"
    EXCHANGE = "exchange"


class Attribute(str, Enum):
    """What a fact tells of its programme, where it is something that people ask of many programmes."""

    FUNDING_RATE = "funding rate"
    FUNDING_AMOUNT = "funding amount"
    BUDGET = "budget"
    DEADLINE = "deadline"
    DURATION = "duration"
    ELIGIBILITY = "eligibility"
    REQUIREMENTS = "requirements"
    CONTACT = "contact"
    RESPONSIBLE = "responsible"
    LEGAL_BASIS = "legal basis"
    PURPOSE = "purpose"
    NAME = "name"
    DATE = "date"
    PLACE = "place"
    PARTICIPANTS = "participants"
    SPEAKERS = "speakers"
    SELECTED = "selected"
    APPLICATIONS = "applications"
    TOPICS = "topics"
    STATUS = "status"
    OTHER = "other"

    @classmethod
    def _missing_(cls, value: object) -> "Attribute | None":
        """One that code need not know: `attributes.yml` names it, and its member is made when it is first met."""
        if not isinstance(value, str) or value not in _named_attributes():
            return None
        member = str.__new__(cls, value)
        member._name_ = value.upper().replace(" ", "_")
        member._value_ = value
        cls._value2member_map_[value] = member
        return member


@lru_cache(maxsize=1)
def _named_attributes() -> frozenset[str]:
    return frozenset(YAML(typ="safe").load(ATTRIBUTES.read_text(encoding="utf-8")))


class Money(_Part):
    """An amount in euros."""

    kind: Literal["money"]
    euros: Annotated[float, Field(ge=0)]
    is_maximum: bool = False


class Percent(_Part):
    """A share of a hundred."""

    kind: Literal["percent"]
    percent: Annotated[float, Field(ge=0, le=100)]
    is_maximum: bool = False


class Count(_Part):
    """A number of something."""

    kind: Literal["count"]
    count: Annotated[float, Field(ge=0)]
    of: str


class Day(_Part):
    """A day on which something happened or will."""

    kind: Literal["date"]
    date: date


class Deadline(_Part):
    """The last day on which something can be handed in."""

    kind: Literal["deadline"]
    date: date


Quantity = Annotated[Money | Percent | Count | Day | Deadline, Field(discriminator="kind")]


class Bilingual(_Part):
    """The same in German and English."""

    de: str
    en: str


class Claim(_Part):
    """One of several values that contradict each other, with where it comes from."""

    value: Bilingual
    sources: Annotated[list[HttpUrl], Field(min_length=1)]


class Fact(_Part):
    """One statement about a programme, in whole sentences that can be quoted.

    A `verified` fact has one `value` with its `sources`; a `conflict` has its contradicting `claims`.
    """

    id: Annotated[str, Field(pattern=r"^[A-Z0-9]+-\d{2}$")]
    label: Bilingual
    attribute: Attribute
    status: Literal["verified", "conflict"]
    as_of: str = Field(description="ISO date, year-month or year of the source; 'ohne Datum' where it shows none")
    value: Bilingual | None = None
    sources: list[HttpUrl] = Field(default_factory=list)
    claims: list[Claim] = Field(default_factory=list)
    quantities: list[Quantity] = Field(default_factory=list)
    secondary: bool = Field(False, description="True where no official page is among the sources")

    @model_validator(mode="after")
    def _one_value_or_contradicting_claims(self) -> "Fact":
        if self.status == "verified" and (self.value is None or not self.sources or self.claims):
            raise ValueError("a verified fact needs a value and sources, and no claims")
        if self.status == "conflict" and (self.value is not None or self.sources or len(self.claims) < 2):
            raise ValueError("a conflict needs at least two claims with their sources, and no value of its own")
        return self


class Status(_Part):
    """Whether the programme still goes on, as far as its sources say."""

    state: State
    text: Bilingual
    as_of: str


class Applicants(_Part):
    """Which kinds of municipalities may apply or take part, as one fact of the sheet says."""

    kinds: Annotated[list[Municipality], Field(min_length=1)]
    only: bool = Field(False, description="True where the fact leaves all other kinds out")
    fact: str


class Aim(_Part):
    """What the programme pays for or helps with, as one fact of the sheet says."""

    purpose: Purpose
    fact: str


class EventKind(str, Enum):
    """Sorts of events."""

    WORKSHOP = "workshop"
    CONFERENCE = "conference"
    MEETING = "meeting"


class Event(_Part):
    """A meeting of people that facts of the sheet tell of."""

    name: Bilingual
    kind: EventKind
    start: Annotated[
        str, Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$", description="Year, month or day on which it began")
    ]
    place: Bilingual | None = None
    land: Land | None = None
    hosts: list[str] = Field(default_factory=list, description="Who held it")
    topics: list[str] = Field(default_factory=list, description="German topic words")
    facts: Annotated[list[str], Field(min_length=1)]


class FactSheet(_Part):
    """All that is known of one programme."""

    key: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="The file's name without .yml")]
    name: Bilingual
    short_names: list[str] = Field(default_factory=list, description="Abbreviations in use, such as MPSC")
    aliases: list[str] = Field(default_factory=list, description="Other names in use, both languages")
    kind: SheetKind
    level: Level
    laender: list[Land] = Field(default_factory=list, description="Länder it is limited to; empty: no limit")
    sectors: list[str] = Field(default_factory=list, description="German topic words, such as Energie, Mobilität")
    funder: str | None = None
    covers: list[str] = Field(default_factory=list, description="Names of the programmes it holds, if more than one")
    status: Status
    applicants: list[Applicants] = Field(default_factory=list)
    aims: list[Aim] = Field(default_factory=list)
    events: list[Event] = Field(default_factory=list)
    facts: Annotated[list[Fact], Field(min_length=1)]

    @model_validator(mode="after")
    def _fact_ids_are_unique_and_there(self) -> "FactSheet":
        ids = [fact.id for fact in self.facts]
        doubled = sorted({fact_id for fact_id in ids if ids.count(fact_id) > 1})
        if doubled:
            raise ValueError(f"fact ids stand twice: {', '.join(doubled)}")
        named = {one.fact for one in self.applicants} | {one.fact for one in self.aims}
        named |= {fact for one in self.events for fact in one.facts}
        if missing := sorted(named.difference(ids)):
            raise ValueError(f"there is no fact {', '.join(missing)}")
        return self

    @property
    def names(self) -> Iterator[str]:
        """Every name by which people call the programme."""
        yield from dict.fromkeys([*self.own_names, *self.aliases])

    @property
    def own_names(self) -> Iterator[str]:
        """The names of the programme itself, without brackets and subtitle too; not those of its parts."""
        official = (self.name.de, self.name.en)
        yield from dict.fromkeys([*official, *(_OPENING.split(name)[0] for name in official), *self.short_names])


def short_name(sheet: FactSheet, lang: Language) -> str:
    """The name by which staff would call a programme."""
    name: str = getattr(sheet.name, lang)
    return sheet.short_names[0] if sheet.short_names and len(name) > 30 else name
