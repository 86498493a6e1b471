"""The period that a sum or number is asked for ('im Jahr'), and whether a text tells one for it."""

import re

from knowledge.linguistics.dates import written_dates
from knowledge.linguistics.text import folded, folded_text

_ASKED = re.compile(
    r"\b(?:pro|je|im|am|in der|per|a|an|each|every) (?:jahr|monat|woche|tag|stunde|year|month|week|day|hour)\b(?! \d)"
    r"|\b(?:jaehr|monat|woechent|taeg|stuend)lich\w*|\b(?:yearly|annually|monthly|weekly|daily|hourly)\b"
)
_YEARLY = re.compile(r"jahr|jaehr|year|annual|p\. ?a\.")
_PERIODS = (
    _YEARLY,
    re.compile(r"monat|month"),
    re.compile(r"woche|week"),
    re.compile(r"tag|taeg|day|daily"),
    re.compile(r"stund|stuend|hour"),
)
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_YEAR_ALONE = len("2026")


def lacks_period(question: str, text: str, told: str) -> bool:
    """Whether a question asks for a number for each period of a kind, and a text tells none for it.

    What is told of a certain year will do for a question for each year, but not what happened on a day of it; `told` is
    what tells the number.
    """
    asked = _ASKED.search(folded(question))
    if asked is None:
        return False
    period = next(one for one in _PERIODS if one.search(asked[0]))
    # '(Muster 2017)' is a source.
    if period is _YEARLY and any(len(one.iso) == _YEAR_ALONE for one in written_dates(_IN_BRACKETS.sub(" ", told))):
        return False
    return not period.search(folded_text(text))
