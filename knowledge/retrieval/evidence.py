"""What the words to be quoted say of the question: whether they hold what it asks for, and of what it asks it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from knowledge import tuning
from knowledge.indexing.rows import is_row
from knowledge.linguistics.dates import without_years
from knowledge.linguistics.ordinals import without_ordinals
from knowledge.linguistics.predicates import done
from knowledge.linguistics.terms import STOPWORDS
from knowledge.linguistics.text import folded, numbers, sentences
from knowledge.linguistics.words import word_list
from knowledge.messages import Language
from knowledge.recognition.answer_types import AnswerType, holds, holds_count, holds_lead
from knowledge.recognition.counts import is_generic, is_unit, things_counted
from knowledge.recognition.periods import lacks_period
from knowledge.retrieval.query_words import Word
from knowledge.retrieval.selection import StemsOf, share

# 'Wie viel bekommt …' asks for a sum.
_SINGULAR = re.compile(r"wie ?viel\b")
_NOUN_GROUP = 3
# How rare a word, against the rarest of all, may be missing where a sum stands for the words that ask for it.
_MISSING = 0.5
_SUMS = (AnswerType.MONEY, AnswerType.PERCENT)
_FOR_A_PERIOD = (AnswerType.MONEY, AnswerType.NUMBER)
_ENDING = 3
_VERBS = frozenset(map(folded, word_list("auxiliaries")))
# 'How many in the second round?' names no things either.
_RELATING = frozenset(("in", "im", "bei", "beim", "davon", "da", "of", "at", "for", "fuer"))
# An office that one person holds.
_ROLE = re.compile(r"\w*(?:buergermeister|minister|praesident|landrat|landraet|dezernent|beauftragte|sprecher)\w*")
_COUNTED = re.compile(r"\b(?:wie ?viele?|how many|anzahl (?:der |von )?|number of|welche[nmrs]?)\s+([^?.,;]+)")


@dataclass(frozen=True)
class Evidence:
    """How far quoted words bear an answer out, each 0…1."""

    of_type: float
    """1 where they hold something of the type asked for, 0 where none is asked for."""
    off_type: float
    """1 where they lack it."""
    beside: float
    """Share of the question's words in the sentence that holds it, those of title and headings counting too."""
    told: float
    """Share of the question's words in them, in title and headings."""
    missing: float
    """How rare the rarest word is that neither the passage nor its headings hold, against the rarest of all."""
    unnamed: float
    """1 where a name of the question stands in neither."""
    told_own: float
    """As `told`, of the words that are not those of the question before."""
    undone: float
    """1 where neither tells of what the question says was done ('Wer hat die Halle gebaut?')."""
    by_type: float
    """Share of the question's words that ask for a sum or a share and stand in neither, where they hold one."""
    uncounted: float
    """1 where neither what holds the number nor the headings above it name the things to be counted."""


def evidence(
    question: str,
    wanted: AnswerType | None,
    words: Sequence[Word],
    quoted: str,
    passage: str,
    above: str,
    stems_of: StemsOf,
    names: Sequence[Word] = (),
    *,
    is_fact: bool = False,
    lang: Language = "de",
    is_across: bool = False,
) -> Evidence:
    """The evidence that `quoted` words give, which stand in a passage under a title and headings (`above`).

    `names` are those of the question's words that mean the same in both languages; `is_fact` tells that what is quoted
    states a fact of a sheet, `lang` the language of the passage, and `is_across` that it is not the question's.
    """
    over = stems_of(above)
    own = stems_of(quoted)
    everything = own | over | stems_of(passage)
    counted = [word for word in words if wanted is AnswerType.NUMBER and folded(word.text) in counted_words(question)]
    # 'Wie viele Leute' asks for an attribute, which facts tell in other words.
    if is_fact and any(word.attributes for word in counted):
        counted = []

    # 'Im Jahr 2021' does not tell when something of 2021 was.
    asked_of = numbers(question)

    def is_of_type(part: str) -> bool:
        part = without_years(part, asked_of)
        if wanted is AnswerType.HEAD:
            return holds_lead(part, question)
        if not counted:
            return wanted is None or holds(part, wanted)
        part = without_ordinals(part)
        return holds_count(part) and (is_fact or _counts(part, counted, stems_of, lang, is_across=is_across))

    def stems_beside(part: str) -> frozenset[str]:
        # 'In der 2. Staffel' names one of them and counts none.
        return stems_of(without_ordinals(part) if counted else part)

    parts = [quoted[slice(*span)] for span in sentences(quoted) if is_of_type(quoted[slice(*span)])]
    typed = [stems_beside(part) for part in parts]
    has = wanted is not None and (bool(typed) or is_of_type(quoted))
    if has and wanted in _FOR_A_PERIOD:
        has = not lacks_period(question, f"{quoted}\n{above}", "\n".join(parts) or quoted)
    if has and wanted is AnswerType.PERSON:
        has = is_across or not _lacks_role(words, everything)
    # The cells of a row are told by its table's header; else a number counts what its own sentence names.
    near = everything if is_row(quoted) else stems_beside(above).union(*typed)
    return Evidence(
        of_type=float(has),
        off_type=float(wanted is not None and not has),
        beside=max((_covered(words, stems | over) for stems in typed), default=0.0),
        told=_covered(words, own | over),
        missing=_rarest_missing(words, everything),
        unnamed=float(any(not share(word.stems, everything) for word in names)),
        told_own=_covered([word for word in words if not word.is_previous], own | over),
        undone=_undone(question, words, everything),
        by_type=_covered_by_type(words, everything) if has and wanted in _SUMS else 0.0,
        uncounted=float(bool(counted) and not any(_is_named(word, near) for word in counted)),
    )


def _counts(text: str, counted: Sequence[Word], stems_of: StemsOf, lang: Language, *, is_across: bool) -> bool:
    """Whether a number of a text may count things: none that says of itself that it counts others ('15 Mitglieder')."""
    if any(is_generic(word.text) for word in counted):
        return True
    for thing in things_counted(text, german=lang == "de"):
        if not thing or is_generic(thing) or any(_is_named(word, stems_of(thing)) for word in counted):
            return True
        if is_across and not is_unit(thing):
            return True
    return False


def _lacks_role(words: Sequence[Word], stems: frozenset[str]) -> bool:
    """Whether the office that somebody is asked for to hold is named nowhere ('Wer ist Bürgermeister?')."""
    return any(_ROLE.fullmatch(folded(word.text)) and not share(word.stems, stems) for word in words)


def _is_named(word: Word, stems: frozenset[str]) -> bool:
    """Whether stems hold a word, one of its meaning, or of a compound what it is a sort of ('Sätze' of 'Datensätze').

    Of the number of something that is the thing itself ('Einwohnerzahl').
    """
    found = share(word.stems, stems)
    if found >= tuning.PART_OF_COMPOUND or word.text.casefold().endswith("zahl"):
        return found > 0
    text = folded(word.text)
    held = (stem for stem in word.stems if stem in stems and stem in text)
    return any(len(text) - text.rfind(stem) - len(stem) <= _ENDING for stem in held)


def counted_words(question: str) -> frozenset[str]:
    """The folded words for what a question asks the number of, or of what kind the number is ('welcher Rang').

    The last word after 'wie viele' that stands before a verb known as such ('lorawan gateways' before 'hat'), else one
    of the first two telling ones, of which form does not tell the verb from the noun ('federal states took').
    """
    match = _COUNTED.search(folded(question))
    after = match[1].split() if match else []
    named = list(takewhile(lambda word: word not in STOPWORDS, after))
    if match and not named and (_SINGULAR.match(match[0]) or after[0] in _VERBS or after[0] in _RELATING):
        return frozenset()  # 'wie viele haben sich beworben' names no things
    if 0 < len(named) < min(len(after), _NOUN_GROUP) and after[len(named)] in _VERBS:
        return frozenset(named[-1:])
    return frozenset([word for word in after if word not in STOPWORDS][:2])


def _covered(words: Sequence[Word], stems: frozenset[str]) -> float:
    total = sum(word.weight for word in words)
    return sum(word.weight * share(word.stems, stems) for word in words) / total if total else 0.0


def _undone(question: str, words: Sequence[Word], stems: frozenset[str]) -> float:
    verb = done(question)
    return float(any(folded(word.text) == verb and not share(word.stems, stems) for word in words))


def _covered_by_type(words: Sequence[Word], stems: frozenset[str]) -> float:
    """Share of the words for which a sum stands: 'gekostet' is told by '48.000 Euro' where nothing else is missing."""
    total = sum(word.weight for word in words)
    asking = [word for word in words if word.attributes]
    rarest = max((word.weight for word in words), default=0.0)
    others = [word.weight * (1 - share(word.stems, stems)) for word in words if not word.attributes]
    if not asking or max(others, default=0.0) > _MISSING * rarest:
        return 0.0
    return sum(word.weight * (1 - share(word.stems, stems)) for word in asking) / total


def _rarest_missing(words: Sequence[Word], stems: frozenset[str]) -> float:
    rarest = max((word.weight for word in words), default=0.0)
    if not rarest:
        return 0.0
    return max(word.weight * (1 - share(word.stems, stems)) for word in words) / rarest
