"""Two or three programmes side by side, attribute by attribute."""

from collections.abc import Sequence
from datetime import date

from knowledge.catalogue import phrases
from knowledge.catalogue.entries import Entry, entry
from knowledge.catalogue.shown import Shown, area, kind_name
from knowledge.factsheet import Attribute, Deadline, Fact
from knowledge.messages import Cell, Kind, Language, Message, Row, Table, with_table
from knowledge.recognition.attributes import Asked, attribute_name, further_attributes
from knowledge.retrieval.citing import Citations
from knowledge.retrieval.library import Library
from knowledge.retrieval.suggestions import further_questions
from knowledge.texts import text

# What staff compare first.
_ROWS = (
    Attribute.PURPOSE,
    Attribute.ELIGIBILITY,
    Attribute.FUNDING_RATE,
    Attribute.FUNDING_AMOUNT,
    Attribute.BUDGET,
    Attribute.DEADLINE,
    Attribute.DURATION,
    Attribute.REQUIREMENTS,
    Attribute.TOPICS,
    Attribute.RESPONSIBLE,
    Attribute.CONTACT,
    Attribute.LEGAL_BASIS,
)
# What a cell tells of an attribute that has many facts; asked for by itself, it tells all.
_FACTS = 2


def compared(library: Library, programmes: Sequence[str], asked: Sequence[Asked], lang: Language, today: date) -> Shown:
    """The programmes in a table: a column each, a row for every attribute that one of them has a fact on.

    `asked` limits it to these attributes; of those all facts are told, and none is left out for want of facts.
    """
    entries = [entry(library.sheets[key], today) for key in programmes]
    names = [phrases.brief_name(one.sheet, lang) for one in entries]
    citations = Citations(library, lang)
    attributes = list(dict.fromkeys(one.attribute for one in asked))
    rows = [] if attributes else [_kinds(entries, citations, lang)]
    rows += [_row(entries, attribute, citations, lang, whole=True) for attribute in attributes]
    if not attributes:
        told = [one for one in (*_ROWS, *further_attributes()) if any(_facts(each, one) for each in entries)]
        rows += [_row(entries, attribute, citations, lang) for attribute in told]
    table = Table(caption=text(lang, "catalogue.caption", names=phrases.joined(names, lang)), header=names, rows=rows)
    lead = _lead(names, attributes, lang)
    message = Message(
        kind=Kind.ANSWER if citations.found else Kind.ABSTENTION,
        text=with_table(lead, table),
        lead=lead,
        lang=lang,
        table=table,
        citations=citations.found,
        suggestions=[one for each in entries for one in further_questions(each.sheet, lang, ())[:2]][:3],
        confidence=1.0,
    )
    return Shown(message, list(programmes))


def _lead(names: list[str], attributes: list[Attribute], lang: Language) -> str:
    together = phrases.joined(names, lang)
    if not attributes:
        return text(lang, "catalogue.compared", names=together)
    asked = phrases.joined([attribute_name(one, lang) for one in attributes], lang)
    return text(lang, "catalogue.compared_on", names=together, attributes=asked)


def _kinds(entries: list[Entry], citations: Citations, lang: Language) -> Row:
    cells = []
    for one in entries:
        state = text(lang, f"catalogue.state_{one.sheet.status.state.value}")
        about = " · ".join([kind_name(one.sheet, lang), area(one.sheet, lang), state])
        cells.append(Cell(text=about, citations=[citations.profile(one.key)]))
    return Row(head=text(lang, "catalogue.row_kind"), cells=cells)


def _row(
    entries: list[Entry], attribute: Attribute, citations: Citations, lang: Language, *, whole: bool = False
) -> Row:
    return Row(
        head=attribute_name(attribute, lang),
        cells=[_cell(one, attribute, citations, lang, None if whole else _FACTS) for one in entries],
    )


def _cell(one: Entry, attribute: Attribute, citations: Citations, lang: Language, limit: int | None) -> Cell:
    """What the facts on an attribute say, word for word; that nothing is known where there is none."""
    facts = _facts(one, attribute)
    if not facts and attribute is Attribute.STATUS:
        return Cell(text=getattr(one.sheet.status.text, lang), citations=[citations.profile(one.key)])
    if not facts:
        return Cell(text=text(lang, "catalogue.unknown"))
    told = facts[:limit]
    said = [citations.words(one.key, fact.id) for fact in told]
    if attribute is Attribute.DEADLINE and one.standing.is_past:
        said.append(text(lang, "answer.passed"))
    if len(facts) > len(told):
        said.append(text(lang, "catalogue.more_facts", count=len(facts) - len(told)))
    return Cell(text=" ".join(said), citations=[citations.fact(one.key, fact.id) for fact in told])


def _facts(one: Entry, attribute: Attribute) -> list[Fact]:
    """The facts on an attribute, of deadlines the latest first."""
    facts = [fact for fact in one.sheet.facts if fact.attribute is attribute]
    return sorted(facts, key=_day, reverse=True) if attribute is Attribute.DEADLINE else facts


def _day(fact: Fact) -> date:
    return max((quantity.date for quantity in fact.quantities if isinstance(quantity, Deadline)), default=date.min)
