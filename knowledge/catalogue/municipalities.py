"""Kinds and sizes of municipalities, as people name them."""

import re

from knowledge.catalogue.expressions import patterns
from knowledge.factsheet import Municipality

_PATTERNS = {Municipality(name): pattern for name, pattern in patterns("municipalities").items()}
_NUMBER = (
    r"(?P<number>\d{1,3}(?:[. ]\d{3})+|\d+(?:,\d+)?)\s*(?P<unit>tausend|tsd\.?|k|thousand|mio\.?|millionen?|million)?"
)
_INHABITANTS = re.compile(rf"(?<![\d.,]){_NUMBER}\s*(?:einwohner\w*|ew|menschen|leute|inhabitants|people|residents)\b")
_BARE_NUMBER = re.compile(rf"^\D{{0,15}}?{_NUMBER}\D{{0,15}}$")
_LARGE, _MEDIUM = 100_000, 20_000


def named_municipality(text: str, *, bare: bool = False) -> tuple[Municipality, tuple[int, int]] | None:
    """The kind of municipality that a folded German or English text names first, and where; None where it names none.

    A number of inhabitants decides between cities and towns; with `bare` it may stand without the word. Sizes follow
    the BBSR's types of cities and municipalities: large from 100,000, medium from 20,000 inhabitants.
    """
    found = [
        (match.start(), kind, match.span()) for kind, pattern in _PATTERNS.items() if (match := pattern.search(text))
    ]
    if found:
        _, kind, span = min(found, key=lambda one: one[0])
        return kind, span
    match = _INHABITANTS.search(text) or (_BARE_NUMBER.search(text) if bare else None)
    return (_of_size(_inhabitants(match)), match.span()) if match else None


def _of_size(inhabitants: float) -> Municipality:
    if inhabitants >= _LARGE:
        return Municipality.LARGE_CITY
    return Municipality.MEDIUM_TOWN if inhabitants >= _MEDIUM else Municipality.SMALL_TOWN


def _inhabitants(match: "re.Match[str]") -> float:
    written, unit = match["number"], match["unit"] or ""
    number = float(re.sub(r"[. ](?=\d{3})", "", written).replace(",", "."))
    if unit.startswith(("tausend", "tsd", "k", "thousand")):
        return number * 1_000
    return number * 1_000_000 if unit else number
