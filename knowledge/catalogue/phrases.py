"""The bot's own words around lists: what is listed, by what it was chosen, and dates."""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from knowledge.catalogue.criteria import FUNDING, PROGRAMMES, Criteria
from knowledge.factsheet import FactSheet, Municipality, Purpose, SheetKind
from knowledge.messages import Language
from knowledge.texts import section, text

_LEVELS = ("Bund", "EU", "Land")
_OPENING = re.compile(r" [(–/] ?")
_LONG = 32


def noun(criteria: Criteria, lang: Language, form: str, *, events: bool = False) -> str:
    """What is listed: in the form 'one', 'many', or 'none' ('kein Programm')."""
    if events:
        name = criteria.event_kind.value if criteria.event_kind else "event"
    elif criteria.kinds == PROGRAMMES:
        name = "programme"
    elif criteria.kinds == FUNDING:
        name = "funding_programme"
    else:
        name = next(iter(criteria.kinds), SheetKind.INITIATIVE).value
    return text(lang, f"catalogue.noun_{name}_{form}")


def counted(count: int, criteria: Criteria, lang: Language, *, events: bool = False) -> str:
    """The noun that stands after a number."""
    return noun(criteria, lang, "one" if count == 1 else "many", events=events)


def limits(criteria: Criteria, lang: Language, sheets: dict[str, FactSheet]) -> str:
    """By what was chosen, in words that follow the noun: ' zu Wasser in Bremen'."""
    said = [text(lang, f"catalogue.limit_level_{level}") for level in _LEVELS if level in _values(criteria.levels)]
    if criteria.topics:
        said.append(text(lang, "catalogue.limit_topics", names=topic_names(criteria.topics, lang)))
    if criteria.others:
        said.append(text(lang, "catalogue.limit_others", names=" ".join(criteria.others)))
    if criteria.municipality:
        name = municipality_name(criteria.municipality, lang)
        said.append(text(lang, "catalogue.limit_municipality", name=name))
    if criteria.hosts:
        hosts = [brief_name(sheets[key], lang) for key in criteria.hosts if key in sheets]
        said.append(text(lang, "catalogue.limit_hosts", names=joined(hosts, lang)))
    if criteria.laender:
        places = [in_land(code, lang) for code in criteria.laender]
        said.append(text(lang, "catalogue.limit_laender", names=joined(places, lang)))
    if criteria.places:
        said.append(text(lang, "catalogue.limit_places", names=joined(criteria.places, lang)))
    if criteria.going:
        said.append(text(lang, f"catalogue.limit_{criteria.going.value}"))
    return "".join([*said, _time(criteria, lang)])


def brief_name(sheet: FactSheet, lang: Language) -> str:
    """A programme's name without brackets and subtitle, or an abbreviation where that is still long."""
    name = _OPENING.split(getattr(sheet.name, lang))[0]
    return sheet.short_names[0] if sheet.short_names and len(name) > _LONG else name


def topic_names(topics: Iterable[str], lang: Language) -> str:
    """The names of topics, joined."""
    return joined([text(lang, f"catalogue.topic_{_key(topic)}") for topic in topics], lang)


def municipality_name(kind: Municipality, lang: Language) -> str:
    """What a kind of municipality is called, in the plural."""
    return text(lang, f"catalogue.municipality_{_key(kind.value)}")


def purpose_name(purpose: Purpose, lang: Language) -> str:
    """What money or help is wanted for, in a word or two."""
    return text(lang, f"guidance.purpose_{purpose.value}")


def land_name(code: str, lang: Language) -> str:
    """The name of a Land by its code."""
    return text(lang, f"catalogue.land_{code}")


def in_land(code: str, lang: Language) -> str:
    """'in Hessen', 'im Saarland'."""
    special = f"in_land_{code}"
    if special in section(lang, "catalogue"):
        return text(lang, f"catalogue.{special}")
    return text(lang, "catalogue.in_land", name=land_name(code, lang))


def joined(names: Sequence[str], lang: Language) -> str:
    """Names with commas and an 'und' before the last."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {text(lang, 'catalogue.and')} {names[-1]}"


def shown_date(written: str | date, lang: Language) -> str:
    """A day, month or year in ISO form as people write it."""
    iso = written.isoformat() if isinstance(written, date) else written
    year, month, day = [*iso.split("-"), "", ""][:3]
    months = text(lang, "source.months").split("|")
    if day:
        return text(lang, "source.day", day=int(day), month=months[int(month) - 1], year=year)
    return f"{months[int(month) - 1]} {year}" if month else year


def _time(criteria: Criteria, lang: Language) -> str:
    since, until = criteria.since, criteria.until
    if since and since == until:
        key, shown = (
            ("limit_month", {"date": shown_date(since, lang)}) if "-" in since else ("limit_on", {"year": since})
        )
        return text(lang, f"catalogue.{key}", **shown)
    if since and until:
        return text(lang, "catalogue.limit_between", since=shown_date(since, lang), until=shown_date(until, lang))
    if since:
        return text(lang, "catalogue.limit_since", date=shown_date(since, lang))
    return text(lang, "catalogue.limit_until", date=shown_date(until, lang)) if until else ""


def _key(name: str) -> str:
    return name.replace(" ", "_")


def _values(levels: Iterable[object]) -> set[str]:
    return {str(getattr(level, "value", level)) for level in levels}
