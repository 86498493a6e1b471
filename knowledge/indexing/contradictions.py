"""Documents that give different values for the same: a rate, a sum, a deadline of one programme.

Only sentences count that name what the value is of, and whose passage speaks of one programme alone. Two documents
contradict each other where they share no value: a text that gives a second rate for poor municipalities contradicts
nobody who names the first alone.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from knowledge.document import Passage
from knowledge.factsheet import Attribute
from knowledge.linguistics.dates import written_dates
from knowledge.linguistics.text import folded, sentences
from knowledge.recognition.entities import euros, percents
from knowledge.recognition.names import Names

# In folded words. Stricter than what people ask with: in running text a 'Quote' may be of anything.
_NAMED: Mapping[Attribute, "re.Pattern[str]"] = {
    Attribute.FUNDING_RATE: re.compile(r"\bfoerder(?:quote|satz)\w*|\b(?:funding|grant) rate"),
    Attribute.FUNDING_AMOUNT: re.compile(
        r"\b(?:foerder)?hoechst(?:betrag|summe|foerderung)\w*|\bmaximum (?:grant|amount)"
    ),
    Attribute.BUDGET: re.compile(
        r"\b(?:programm|foerder)(?:budget|volumen)\w*|\bgesamt(?:mittel|budget)\w*|\btotal budget"
    ),
    Attribute.DEADLINE: re.compile(
        r"\b(?:antrags?|bewerbungs|einreichungs?|einreiche?)(?:frist|schluss)\w*|\b(?:application|submission) deadline"
    ),
}
_DAY = len("2026-01-01")


@dataclass(frozen=True)
class Claim:
    """What a document says of an attribute of a programme."""

    document: str
    programme: str
    attribute: Attribute
    values: frozenset[str]
    sentence: str
    """The first one that says so."""


@dataclass(frozen=True)
class _Said:
    programme: str
    attribute: Attribute
    year: str
    """Of a deadline: those of other years are no contradiction."""


def claims(document: str, passages: Iterable[Passage], names: Names) -> list[Claim]:
    """What a document says of programmes' rates, sums and deadlines."""
    values: dict[_Said, set[str]] = defaultdict(set)
    first: dict[_Said, str] = {}
    for passage in passages:
        for begin, end in sentences(passage.text):
            sentence = passage.text[begin:end].strip()
            for said, value in _said(sentence, passage, names):
                values[said].add(value)
                first.setdefault(said, sentence)
    return [
        Claim(document, said.programme, said.attribute, frozenset(found), first[said]) for said, found in values.items()
    ]


def contradictions(found: Iterable[Claim]) -> list[tuple[Claim, Claim]]:
    """Pairs of claims of different documents that share no value."""
    groups: dict[tuple[str, Attribute, str], list[Claim]] = defaultdict(list)
    for one in found:
        groups[one.programme, one.attribute, _year(one)].append(one)
    return [
        (one, other)
        for group in groups.values()
        for one, other in combinations(group, 2)
        if one.document != other.document and not one.values & other.values
    ]


def _said(sentence: str, passage: Passage, names: Names) -> Iterator[tuple[_Said, str]]:
    plain = folded(sentence)
    attributes = [one for one, pattern in _NAMED.items() if pattern.search(plain)]
    programmes = {mention.key for mention in names.mentions(sentence)} or set(passage.programmes)
    if len(attributes) != 1 or len(programmes) != 1:
        return
    [attribute], [programme] = attributes, programmes
    for value in _values(attribute, sentence, plain):
        yield _Said(programme, attribute, value[:4] if attribute is Attribute.DEADLINE else ""), value


def _values(attribute: Attribute, sentence: str, plain: str) -> list[str]:
    if attribute is Attribute.FUNDING_RATE:
        return percents(plain)
    if attribute is Attribute.DEADLINE:
        return [one.iso for one in written_dates(sentence) if len(one.iso) == _DAY]
    return euros(plain)


def _year(claim: Claim) -> str:
    return min(claim.values)[:4] if claim.attribute is Attribute.DEADLINE else ""
