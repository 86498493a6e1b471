"""Which round, stage or line of a programme is spoken of: '3. Staffel', 'zweite Phase', 'Förderlinie 1'."""

import re
from collections.abc import Collection
from functools import lru_cache

from knowledge.linguistics.terms import STOPWORDS
from knowledge.linguistics.text import folded, folded_text, words

_NOUNS = {
    "stufe": r"stufen?",
    "round": r"(?:foerder|wettbewerbs)?runden?|(?:foerder)?staffeln?|rounds?",
    "phase": r"phasen?|phases?",
    "call": r"aufruf\w*|calls?",
    "congress": r"(?:mpsc-)?kongress\w*|congress",
    "line": r"(?:foerder)?linien?|(?:funding )?lines?",
    "edition": r"ausgaben?|editions?",
}
_WORDS = {
    "erste": 1, "zweite": 2, "dritte": 3, "vierte": 4, "fuenfte": 5, "sechste": 6, "siebte": 7, "achte": 8,
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
}  # fmt: skip
_WRITTEN = re.compile(
    rf"\b(?:{'|'.join(_WORDS).replace('ue', '(?:ue|ü)')})[nrsm]?\b|(?<![\d.,])\d{{1,2}}(?:\.(?!\d)|(?:st|nd|rd|th)\b)",
    re.IGNORECASE,
)
_WORD = re.compile(rf"\b({'|'.join(_WORDS)})[nrsm]?\b")
_WITH_NOUN = re.compile(
    rf"(?:{_WRITTEN.pattern}) (?:{'|'.join(_NOUNS.values())})\b|\b(?:{'|'.join(_NOUNS.values())}) \d{{1,2}}\b",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)\b")
_NAMED = {
    noun: re.compile(rf"\b(\d{{1,2}})\.? (?:{forms})\b|\b(?:{forms})\s+(\d{{1,2}})\b(?!\.? ?\d)")
    for noun, forms in _NOUNS.items()
}


def named_ordinals(text: str, nouns: Collection[str] = tuple(_NAMED)) -> set[tuple[str, int]]:
    """The rounds, stages and lines that a text names, as (kind, number); only those kinds that are among `nouns`."""
    plain = _SUFFIX.sub(r"\1.", _WORD.sub(lambda match: f"{_WORDS[match.group(1)]}.", folded_text(text)))
    return {(noun, int(match.group(1) or match.group(2))) for noun in nouns for match in _NAMED[noun].finditer(plain)}


def with_other_ordinal(question: str, remark: str) -> str | None:
    """A question with the ordinal that a remark names in place of its own ('und in der dritten?').

    None where the remark says more than that, or the question has none or one of another kind.
    """
    own, said = _WRITTEN.findall(question), _WRITTEN.findall(remark)
    kinds, said_kinds = ({kind for kind, _ in named_ordinals(text)} for text in (question, remark))
    rest = [word for word in words(_WRITTEN.sub(" ", remark)) if folded(word) not in STOPWORDS]
    if len(own) != 1 or len(said) != 1 or not (said_kinds <= kinds or not kinds) or len(rest) > len(said_kinds):
        return None
    return _WRITTEN.sub(said[0], question)


def with_name(remark: str, name: str) -> str:
    """A remark with a name in place of the ordinal that stands for it: 'wann war der 6. MPSC-Kongress' for 'der 6.'."""
    return _WRITTEN.sub(lambda _: name, remark, count=1)


def ordinal_in(text: str) -> str:
    """The first round, stage or line that a text names by its number, as it names it; empty where it names none."""
    match = _WITH_NOUN.search(text)
    return match.group() if match else ""


def is_ordinal(word: str) -> bool:
    """Whether a word is an ordinal by itself: 'zweiten', '2.'."""
    return _WRITTEN.fullmatch(word) is not None


def without_ordinals(text: str) -> str:
    """A text without the rounds, stages and lines that it names by their number."""
    return _WITH_NOUN.sub(" ", text)


def contradicts(question: str, passage: str) -> bool:
    """Whether a question names a round, stage or line and a passage none such or another one."""
    asked = _asked(question)
    return bool(asked) and not asked <= named_ordinals(passage, {noun for noun, _ in asked})


@lru_cache(maxsize=64)
def _asked(question: str) -> set[tuple[str, int]]:
    return named_ordinals(question)
