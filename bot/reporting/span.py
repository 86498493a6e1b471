"""Spans of time as an admin names them."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from knowledge.errors import StadtlotseError

_AGO = re.compile(r"(?P<count>[1-9][0-9]{0,3})(?P<unit>[dwm])")
_DAYS = {"d": 1, "w": 7, "m": 30}
_DEFAULT_DAYS = 30


@dataclass(frozen=True)
class Span:
    """From the first day on until the last one, both included, by the clock of this machine."""

    first: date
    last: date

    @property
    def begin(self) -> datetime:
        """Its first moment."""
        return datetime.combine(self.first, time.min).astimezone()

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time.min).astimezone()

    @property
    def days(self) -> list[date]:
        """Its days."""
        return [self.first + timedelta(days=one) for one in range((self.last - self.first).days + 1)]


def span(since: str | None, until: str | None, today: date | None = None) -> Span:
    """The span between two days such as '2026-11-01', or ages such as '7d', '4w', '6m'; without them, the last 30 days.

    Raises `StadtlotseError` where a day cannot be read or the span ends before it begins.
    """
    present = today or date.today()
    last = _day(until, "--until", present) if until else present
    first = _day(since, "--since", present) if since else last - timedelta(days=_DEFAULT_DAYS - 1)
    if first > last:
        raise StadtlotseError(f"The span ends on {last}, before it begins on {first}; correct --since or --until.")
    return Span(first, last)


def _day(said: str, option: str, present: date) -> date:
    if ago := _AGO.fullmatch(said.strip()):
        return present - timedelta(days=int(ago["count"]) * _DAYS[ago["unit"]])
    try:
        return date.fromisoformat(said.strip())
    except ValueError as error:
        raise StadtlotseError(f"{option} must be a day such as 2026-11-01 or an age such as 7d, 4w or 6m.") from error
