"""The type of answer that a question wants.

Expected answer types are a classic signal of question answering (Li and Roth, Learning Question Classifiers, 2002): a
passage that is near in meaning but holds no sum does not say what something costs.
"""

import re
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

from knowledge.linguistics.text import folded
from knowledge.recognition.answer_types import AnswerType, holds_itself

_FILE = Path(__file__).with_suffix(".yml")
_ASKED = {
    AnswerType(name): re.compile(rf"(?<![\w-])(?:{'|'.join(expressions)})(?![\w-])")
    for name, expressions in YAML(typ="safe").load(_FILE.read_text(encoding="utf-8")).items()
}
# Which types the word that a question begins with leaves: 'wer muss die Gebühren zahlen?' wants no sum.
_LEFT_BY = {
    re.compile(r"(?:und )?(?:wer|wen|wem|who|whom)\b"): frozenset(
        {AnswerType.HEAD, AnswerType.ELIGIBLE, AnswerType.PERSON}
    ),
    re.compile(r"(?:und )?(?:wo|wohin|where)\b"): frozenset({AnswerType.ADDRESS, AnswerType.URL, AnswerType.EMAIL}),
    re.compile(r"(?:und )?(?:wie ?viele|how many)\b"): frozenset(
        {AnswerType.PERCENT, AnswerType.MONEY, AnswerType.DURATION, AnswerType.NUMBER}
    ),
    re.compile(r"(?:und )?(?:warum|wieso|weshalb|why)\b"): frozenset(),
    re.compile(r"(?:und )?(?:wann|when)\b"): frozenset(
        {AnswerType.HOURS, AnswerType.WHEN, AnswerType.DATE, AnswerType.END}
    ),
}
# 'Ja' answers whether something is so.
_WHETHER = re.compile(
    r"(?:und )?(?:ist|sind|war|hat|haben|wird|kann|koennen|darf|duerfen|muss|muessen|soll|sollen|gilt"
    r"|is|are|were|does|do|did|can|may|must|should|has|have|will)\b"
    r"(?!.*\b(?:wie|wann|was|wer|wo|welche\w*|how|when|what|who|where|which)\b)"
)
# What a question that names one is not in want of.
_NAMED = {AnswerType.EMAIL, AnswerType.PHONE, AnswerType.URL}
# 'Bürger-App' is one word.
_HYPHEN = re.compile(r"(?<=\w)-(?=\w)")


@lru_cache(maxsize=1024)
def wanted_type(question: str) -> AnswerType | None:
    """The type of answer that a German or English question wants; None where any words may answer it.

    Who asks what info@stadt.de is for names an address and wants none.
    """
    text = folded(question).lstrip('"„ ')
    if _WHETHER.match(text):
        return None
    possible = next((types for pattern, types in _LEFT_BY.items() if pattern.match(text)), frozenset(AnswerType))
    spellings = {text, _HYPHEN.sub("", text)}
    fitting = (one for one, pattern in _ASKED.items() if one in possible and any(map(pattern.search, spellings)))
    return next((one for one in fitting if one not in _NAMED or not holds_itself(question, one)), None)
