"""Kinds and sizes of municipalities, as people name them."""

import re

from knowledge.factsheet import Municipality

_EXPRESSIONS = {
    Municipality.ALLIANCE: (
        r"interkommunal\w*|(?:staedte|gemeinde|kommunal)?verb(?:und|uenden?)|zusammenschl(?:uss|uesse)\w*|zweckverb\w+|gemeindeverb\w+"
        r"|mehrere[nr]? (?:kommunen|gemeinden|staedten?)(?: zusammen)?|mit (?:den |unseren )?nachbar(?:n|\w+)"
        r"|gemeinsam mit \w+|alliances?|inter-?municipal|(?:several|more) municipalities(?: together)?"
    ),
    Municipality.COUNTY: r"landkreise?[sn]?|kreise?[sn]?|kreisverwaltung|count(?:y|ies)|(?:rural )?districts?",
    Municipality.LARGE_CITY: (
        r"grossst(?:adt|aedte\w*)|(?:gross|groesser)e[nrs]? st(?:adt|aedten?)|metropolen?|(?:large|big) cit(?:y|ies)"
    ),
    Municipality.MEDIUM_TOWN: (
        r"mittelst(?:adt|aedte\w*)|mittelgrosse?[nrs]? (?:st(?:adt|aedten?)|kommunen?)|mittlere[nrs]? (?:st(?:adt|aedten?)|kommunen?)"
        r"|medium(?:-?sized)? (?:towns?|cit(?:y|ies)|municipalit(?:y|ies))"
    ),
    Municipality.SMALL_TOWN: (
        r"kleinst(?:adt|aedte\w*)|(?:klein|kleiner)e?[nrs]? (?:st(?:adt|aedten?)|gemeinden?|kommunen?|orte?n?)"
        r"|(?:land|verbands|samt|orts)gemeinden?|kleine?s? (?:dorf|doerfern?)|dorf|doerfern?"
        r"|small(?:er)? (?:towns?|cit(?:y|ies)|municipalit(?:y|ies)|communit(?:y|ies))|villages?"
    ),
}
_PATTERNS = {kind: re.compile(rf"(?<![\w-])(?:{words})(?![\w-])") for kind, words in _EXPRESSIONS.items()}
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
