"""Dates as German and English documents write them."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from knowledge.linguistics.labels import either, labels
from knowledge.linguistics.text import folded

_MONTHS: dict[str, int] = labels("months")
_YEAR = r"(?:19[5-9]\d|20[0-4]\d)"
_NO_SUM = r"(?![\d.,]*\d|\s?[%€]|\s(?:Euro|EUR|Mio))"
_NAME = (
    r"(?P<{0}>(?:Jan|Jän|Jaen|Feb|Mär|Maer|Mar|Mrz|Apr|Mai|May|Jun|Jul|Aug|Sep|Okt|Oct|Nov|Dez|Dec)"
    r"[a-zä]{{0,6}})\.?"
)
# Each with as much as it tells: a day, a month, a quarter or season, a year; the first that fits at a place is taken.
_DATE = re.compile(
    rf"(?<![\d.,/])(?:"
    rf"(?P<y1>{_YEAR})-(?P<m1>0[1-9]|1[0-2])(?:-(?P<d1>[0-3]\d))?(?![\d-])"
    rf"|(?P<y2>{_YEAR})/(?P<m2>0[1-9]|1[0-2])/(?P<d2>[0-3]\d)(?!\d)"
    rf"|(?P<d3>[0-3]?\d)\s?[./]\s?(?P<m3>[01]?\d)\s?[./]\s?(?P<y3>{_YEAR}|\d\d(?![.,]?\d|%))(?!\d)"
    rf"|(?P<d4>[0-3]?\d)(?:\.|st|nd|rd|th)?\s?{_NAME.format('n4')}\s?(?P<y4>{_YEAR})(?!\d)"
    rf"|{_NAME.format('n5')}\s(?P<d5>[0-3]?\d)(?:st|nd|rd|th)?,?\s(?P<y5>{_YEAR})(?!\d)"
    rf"|{_NAME.format('n6')}[\s/-]?(?P<y6>{_YEAR})(?!\d)"
    rf"|(?P<m9>0[1-9]|1[0-2])/(?P<y9>[0-4]\d)(?![\d/.])"
    rf"|(?P<m7>0?[1-9]|1[0-2])\s?[./]\s?(?P<y7>{_YEAR})(?!\d)"
    rf"|(?:(?:[1-4]\.\s?Quartal|Q[1-4]|Frühjahr|Frühling|Sommer|Herbst|Winter|spring|summer|autumn|fall|winter)\s*/?\s*)?"
    rf"(?P<y8>{_YEAR}){_NO_SUM})",
    re.IGNORECASE,
)
# The commonest of them and by far the quickest to be found.
_YEAR_ALONE = re.compile(rf"(?<![\d.,/]){_YEAR}{_NO_SUM}", re.IGNORECASE)
# A day without its year, as 'bis zum 31. März'.
_DAY = re.compile(
    r"(?<![\d.,])[0-3]?\d\. ?(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)[a-zä]*"
    r"|\b(?:January|February|March|April|May|June|July|August|September|October|November|December) [0-3]?\d\b"
    r"|\b[0-3]?\d (?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"|(?<![\d.,])[0-3]?\d\.[01]?\d\.(?!\d)"
)
# Much quicker to be found than all that tell a day.
_DAY_AND_MONTH = re.compile(
    r"\d\d?\.? ?(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez|March|May\b|Oct|Dec)[a-zä]*(?!\w)"
)
_PAST_YEAR = re.compile(r"(?<![\w.,/-])1\d{3}(?![\w/]|[.,-]\d|\s?[%€]|\s(?:Euro|EUR|Mio))")
_LABEL = either(labels("date_labels"))
# 'Stand: 5/2023', '(Stand vom 5. Mai 2023)', 'Stand | Mai 2023', but not 'der Stand der Technik 2023'.
_LABELLED = re.compile(
    rf"(?<![\w-]){_LABEL}(?:\s?[:|–-])?\s*(?:(?:vom|von|am|im|den|dem|of|on|in|der)\s+){{0,2}}(?={_DATE.pattern})",
    re.IGNORECASE,
)
# 'Berlin, den 5. Mai 2023', as letters and public notices begin or end.
_PLACED = re.compile(rf"^[A-ZÄÖÜ][\w./ -]{{2,40}}, (?:den |im |am )?(?={_DATE.pattern})", re.MULTILINE)
# 'Beschlossen vom Rat der Stadt am 5. Mai 2023' and 'Ratssitzung am Freitag, 5. Mai 2023', with who did so before the
# day; but what changes a text of some day is not of that day.
_EVENT = (
    r"\b(?:(?!änder|amend)(?:[^\n.:;!?]|(?<=\d)\.)){0,80}?(?:[\s(](?:am|vom|den|dem|on|of)|[,:])\s"
    rf"(?={_DATE.pattern})"
)
_SIGNED = re.compile(rf"^\W{{0,3}}{either(labels('signing_labels'))}{_EVENT}", re.IGNORECASE | re.MULTILINE)
_MET = re.compile(rf"^\W{{0,3}}{either(labels('meeting_labels'))}{_EVENT}", re.IGNORECASE | re.MULTILINE)
_DAY_LENGTH = len("2026-01-01")
_IN_NAME = re.compile(
    rf"(?<!\d)(?P<y>{_YEAR})(?:[-_. ]?(?P<m>0[1-9]|1[0-2])(?:[-_. ]?(?P<d>0[1-9]|[12]\d|3[01]))?)?(?!\d)"
    rf"|(?<!\d)(?P<d2>0[1-9]|[12]\d|3[01])[-_.](?P<m2>0[1-9]|1[0-2])[-_.](?P<y2>{_YEAR})(?!\d)"
)


@dataclass(frozen=True)
class WrittenDate:
    """A date as it is written, and in ISO form as far as it goes: '2023-11-05', '2023-11' or '2023'."""

    shown: str
    iso: str

    @property
    def year(self) -> int:
        """Its year."""
        return int(self.iso[:4])


def labelled_date(text: str) -> WrittenDate | None:
    """The first date that a text gives as its own: 'Stand: November 2023', 'zuletzt geändert am 5.11.2023'."""
    for label in _LABELLED.finditer(text):
        match = _DATE.match(text, label.end())
        if match is not None and (found := _written(match)) is not None and _is_past(found):
            return found
    return None


def placed_date(text: str) -> WrittenDate | None:
    """The date of a line such as 'Berlin, den 5. Mai 2023'."""
    return _behind(_PLACED, text)


def signing_date(text: str) -> WrittenDate | None:
    """The day on which a text says that it was resolved or signed: 'Beschlossen vom Rat am 5. Mai 2023'."""
    return _behind(_SIGNED, text)


def meeting_date(text: str) -> WrittenDate | None:
    """The day of the meeting that a line names: 'Protokoll der Ratssitzung am 5. Mai 2023'."""
    return _behind(_MET, text)


def lone_date(text: str) -> WrittenDate | None:
    """The first day that is a line of its own, as in a letterhead."""
    for line in text.split("\n"):
        match = _DATE.fullmatch(line.strip())
        if match is not None and (found := _written(match)) is not None and len(found.iso) == _DAY_LENGTH:
            if _is_past(found):
                return found
    return None


def _behind(lead: "re.Pattern[str]", text: str) -> WrittenDate | None:
    """The first date, of a month at least, before which a lead stands."""
    for begun in lead.finditer(text):
        match = _DATE.match(text, begun.end())
        if match is not None and (found := _written(match)) is not None and len(found.iso) > 4 and _is_past(found):
            return found
    return None


def date_in_name(name: str) -> WrittenDate | None:
    """The date in a file's name: '2023-11-05_protokoll', 'bericht_202311', 'Leitfaden 2023'."""
    found: WrittenDate | None = None
    for match in _IN_NAME.finditer(name):
        parts = match.groupdict()
        year, month, day = parts["y"] or parts["y2"], parts["m"] or parts["m2"], parts["d"] or parts["d2"]
        iso = _iso(int(year), int(month) if month else None, int(day) if day else None)
        if iso is not None and (found is None or len(iso) > len(found.iso)):
            found = WrittenDate(iso, iso)
    return found if found is not None and _is_past(found) else None


def holds_date(text: str) -> bool:
    """Whether a text holds a date of any kind: a day, with or without its year, a month, a year."""
    return bool(_YEAR_ALONE.search(text) or _DATE.search(text) or _DAY.search(text) or _PAST_YEAR.search(text))


def written_dates(text: str) -> list[WrittenDate]:
    """All dates in a text that tell their year."""
    return [found for match in _DATE.finditer(text) if (found := _written(match)) is not None]


def without_years(text: str, years: Collection[str]) -> str:
    """A text without those of some years that are no part of a longer date."""
    if not any(year in text for year in years):
        return text
    for match in reversed(list(_DATE.finditer(text))):
        if match.group() in years:
            text = f"{text[: match.start()]} {text[match.end() :]}"
    return text


def without_days(text: str) -> str:
    """A text without the days that it tells with their month and without a year: '1. Oktober'."""
    return _DAY_AND_MONTH.sub(" ", text)


def parse_date(text: str) -> WrittenDate | None:
    """The date that a whole text is, such as a value of front matter or metadata; None where it is none."""
    match = _DATE.match(text.strip())
    return _written(match) if match is not None else None


def _is_past(written: WrittenDate) -> bool:
    """Whether a document can be of that date; 'Strategie 2030' is not of 2030."""
    return written.iso[:7] <= date.today().isoformat()[:7]


def _written(match: "re.Match[str]") -> WrittenDate | None:
    parts = {key: value for key, value in match.groupdict().items() if value}
    year = next(value for key, value in parts.items() if key[0] == "y")
    named = next((value for key, value in parts.items() if key[0] == "n"), None)
    month = next((int(value) for key, value in parts.items() if key[0] == "m"), None)
    day = next((int(value) for key, value in parts.items() if key[0] == "d"), None)
    if named is not None:
        month = _month(named)
        if month is None:
            return None
    full_year = int(year) if len(year) == 4 else 2000 + int(year)
    iso = _iso(full_year, month, day)
    return WrittenDate(" ".join(match.group().split()), iso) if iso else None


def _month(name: str) -> int | None:
    plain = folded(name)
    return next((number for start, number in _MONTHS.items() if plain.startswith(start)), None)


def _iso(year: int, month: int | None, day: int | None) -> str | None:
    if month is None:
        return f"{year:04}"
    try:
        whole = date(year, month, day or 1)
    except ValueError:
        return None
    return whole.isoformat() if day else whole.isoformat()[:7]


def is_year(number: str) -> bool:
    """Whether a number may be a year of which somebody speaks."""
    return number.isdigit() and 1900 <= int(number) <= 2100
