"""Questions that a reader may want to ask next."""

from collections.abc import Iterable, Mapping

from knowledge.factsheet import Attribute, Fact, FactSheet, short_name
from knowledge.messages import Language, Suggestion
from knowledge.retrieval.search import Hit
from knowledge.texts import text

COUNT = 3
# What staff ask first of a programme.
_ORDER = (
    Attribute.FUNDING_RATE,
    Attribute.FUNDING_AMOUNT,
    Attribute.ELIGIBILITY,
    Attribute.DEADLINE,
    Attribute.DURATION,
    Attribute.BUDGET,
    Attribute.PURPOSE,
    Attribute.RESPONSIBLE,
    Attribute.CONTACT,
    Attribute.TOPICS,
)


def further_questions(sheet: FactSheet, lang: Language, told: Iterable[str]) -> list[Suggestion]:
    """Questions on other facts of the same programme; `told` are the ids of the facts just quoted."""
    told = set(told)
    told_attributes = {fact.attribute for fact in sheet.facts if fact.id in told}
    chosen: list[Suggestion] = []
    for attribute in _ORDER:
        fact = next((fact for fact in sheet.facts if fact.attribute is attribute and fact.id not in told), None)
        if fact is not None and attribute not in told_attributes:
            chosen.append(Suggestion(title=getattr(fact.label, lang), payload=fact_question(sheet, fact, lang)))
    return chosen[:COUNT]


def fact_question(sheet: FactSheet, fact: Fact, lang: Language) -> str:
    """The words with which a suggestion asks for a fact."""
    return text(lang, "answer.ask_fact", label=getattr(fact.label, lang), name=short_name(sheet, lang))


def nearest_topics(hits: Iterable[Hit], sheets: Mapping[str, FactSheet], lang: Language) -> list[Suggestion]:
    """The programmes that the nearest passages speak of, as questions what they are."""
    keys = dict.fromkeys(key for hit in hits for key in hit.passage.programmes[:1])
    return [
        Suggestion(
            title=short_name(sheets[key], lang),
            payload=text(lang, "answer.what_is", name=short_name(sheets[key], lang)),
        )
        for key in list(keys)[:COUNT]
    ]
