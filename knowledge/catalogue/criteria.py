"""By what programmes and events are chosen: Land, level, kind, topic, municipality, state, time, host, place."""

import re
from dataclasses import dataclass, replace
from enum import Enum

from knowledge.catalogue.expressions import patterns
from knowledge.catalogue.municipalities import named_municipality
from knowledge.catalogue.topics import named_topics
from knowledge.factsheet import EventKind, Level, Municipality, SheetKind
from knowledge.linguistics.text import folded
from knowledge.recognition.laender import asked_laender

PROGRAMMES = frozenset({SheetKind.FUNDING_PROGRAMME, SheetKind.INITIATIVE, SheetKind.PROJECT})
FUNDING = frozenset({SheetKind.FUNDING_PROGRAMME})


class Going(str, Enum):
    """Whether something is still to be had."""

    OPEN = "open"
    """Applications are taken, or nothing says that they are not."""
    RUNNING = "running"
    ENDED = "ended"


@dataclass(frozen=True)
class Criteria:
    """What chosen programmes or events have in common; an empty field limits nothing."""

    kinds: frozenset[SheetKind] = PROGRAMMES
    laender: tuple[str, ...] = ()
    levels: frozenset[Level] = frozenset()
    topics: tuple[str, ...] = ()
    municipality: Municipality | None = None
    going: Going | None = None
    since: str | None = None
    """First year or month of events, as '2020' or '2020-09'."""
    until: str | None = None
    hosts: tuple[str, ...] = ()
    """Keys of the sheets of those who hold or are part of an event."""
    event_kind: EventKind | None = None
    places: tuple[str, ...] = ()
    """Names of places of events, with a capital."""
    latest: str | None = None
    """What events are called of which only the last one is wanted, folded."""
    others: tuple[str, ...] = ()
    """Words that should limit the choice and that no topic or place knows, as they were typed."""

    def without(self, *names: str) -> "Criteria":
        """The same with these fields at their defaults."""
        defaults = Criteria(kinds=self.kinds, event_kind=self.event_kind)
        return replace(self, **{name: getattr(defaults, name) for name in names})

    @property
    def limits(self) -> tuple[str, ...]:
        """The names of the fields that limit something, sorts of programmes and events aside."""
        fields = ("laender", "levels", "topics", "municipality", "going", "since", "until", "hosts", "places", "others")
        return tuple(name for name in fields if getattr(self, name))


@dataclass(frozen=True)
class Read:
    """Criteria that a text names, and the text without the words that name them."""

    criteria: Criteria
    rest: str


_LEVEL = {Level(name): pattern for name, pattern in patterns("levels").items()}
# In this order: what has ended is not open.
_STATE = {Going(name): pattern for name, pattern in patterns("going").items()}
_MONTHS = (
    "januar|jaenner|january", "februar|february", "maerz|march", "april", "mai|may", "juni|june", "juli|july", "august",
    "september", "oktober|october", "november", "dezember|december",
)  # fmt: skip
_YEAR = r"(?P<year>20[0-4]\d)"
_BETWEEN = re.compile(
    rf"(?:zwischen|von|between|from) {_YEAR} (?:und|bis|and|to) (?P<until>20[0-4]\d)"
    r"|(?P<first>20[0-4]\d) ?[-–] ?(?P<last>20[0-4]\d)"
)
_SINCE = re.compile(rf"(?:nach|after) {_YEAR}|(?:seit|ab|since|from) (?P<from>20[0-4]\d)")
_UNTIL = re.compile(rf"(?:vor|before) {_YEAR}|(?:bis|until) (?P<to>20[0-4]\d)")
_MONTH = re.compile("|".join(rf"\b(?P<m{number}>{names})\b" for number, names in enumerate(_MONTHS, 1)))
_ON = re.compile(rf"(?<!\d){_YEAR}(?!\d)")


def read_criteria(text: str) -> Read:
    """What a German or English text names of Land, level, topic, municipality and state; times with `read_time`."""
    plain = folded(text)
    spans: list[tuple[int, int]] = []
    laender = asked_laender(text)
    spans += laender.values()
    levels = {level: match.span() for level, pattern in _LEVEL.items() if (match := pattern.search(plain))}
    spans += levels.values()
    municipality = named_municipality(plain)
    if municipality:
        spans.append(municipality[1])
    going = next(((one, found.span()) for one, pattern in _STATE.items() if (found := pattern.search(plain))), None)
    if going:
        spans.append(going[1])
    topics = {
        key: span for key, span in named_topics(plain).items() if not any(_overlap(span, other) for other in spans)
    }
    spans += topics.values()
    found_criteria = Criteria(
        laender=tuple(laender),
        levels=frozenset(levels),
        topics=tuple(topics),
        municipality=municipality[0] if municipality else None,
        going=going[0] if going else None,
    )
    return Read(found_criteria, _blanked(plain, spans))


def read_time(plain: str) -> tuple[str | None, str | None, str]:
    """First and last year or month that a folded text limits events to, and the text without them."""
    if match := _BETWEEN.search(plain):
        first, last = match["year"] or match["first"], match["until"] or match["last"]
        return first, last, _blanked(plain, [match.span()])
    if match := _SINCE.search(plain):
        since = str(int(match["year"]) + 1) if match["year"] else match["from"]
        return since, None, _blanked(plain, [match.span()])
    if match := _UNTIL.search(plain):
        until = str(int(match["year"]) - 1) if match["year"] else match["to"]
        return None, until, _blanked(plain, [match.span()])
    if match := _ON.search(plain):
        month = _MONTH.search(plain)
        if month and month.lastgroup:
            on = f"{match['year']}-{int(month.lastgroup[1:]):02}"
            return on, on, _blanked(plain, [match.span(), month.span()])
        return match["year"], match["year"], _blanked(plain, [match.span()])
    return None, None, plain


def _overlap(span: tuple[int, int], other: tuple[int, int]) -> bool:
    return span[0] < other[1] and other[0] < span[1]


def _blanked(plain: str, spans: list[tuple[int, int]]) -> str:
    for start, end in spans:
        plain = plain[:start] + " " * (end - start) + plain[end:]
    return plain
