"""Putting what was found into a message: quotes, sources, and the bot's own few words around them."""

from dataclasses import dataclass, replace
from datetime import date

from knowledge import tuning
from knowledge.answering.scope import OutOfScope
from knowledge.answering.told_rows import is_named, rows_alike, table_of, told_row
from knowledge.factsheet import Attribute, Deadline, State
from knowledge.indexing.passages import PROFILE
from knowledge.indexing.rows import labelled_rows
from knowledge.linguistics.text import numbers
from knowledge.messages import Cell, Citation, Kind, Language, Message, Suggestion, with_items, with_table
from knowledge.retrieval.citing import citation
from knowledge.retrieval.evidence import evidence
from knowledge.retrieval.library import Library
from knowledge.retrieval.query import Query
from knowledge.retrieval.query_words import Word
from knowledge.retrieval.search import Hit
from knowledge.retrieval.selection import Quote, is_furniture, select
from knowledge.retrieval.suggestions import further_questions, nearest_topics
from knowledge.texts import text


@dataclass(frozen=True)
class Finding:
    """The passages found for a query in a library, best first."""

    library: Library
    query: Query
    hits: list[Hit]
    confidence: float
    from_context: bool
    """Whether the programme was not named in the question but taken over from the conversation."""
    names_subject: bool = False
    """Whether the programme that the best passage is on has to be named, as it is neither of the two."""


def quote(library: Library, query: Query, hit: Hit) -> Quote:
    """The words of a passage that answer a query."""
    if hit.quoted:
        return hit.quoted
    kept = library.searcher.quotes(query)
    place = hit.passage.document_id, hit.passage.id
    if place not in kept:
        kept[place] = _chosen(library, query, hit)
    return kept[place]


def weighed(library: Library, query: Query, hit: Hit) -> Hit:
    """A hit with the words that would be quoted, and scored by how far these bear an answer out too."""
    lang = hit.passage.lang
    quoted = quote(library, query, hit)
    above = " ".join((library.document(hit.passage).title, *hit.passage.headings))
    found = evidence(
        query.text,
        query.wanted,
        _words(library, query, hit),
        labelled_rows(hit.passage.text, quoted.start, quoted.end),
        hit.passage.text,
        above,
        lambda part: library.lexical.terms.stems(part, lang),
        library.searcher.names_across(query) if lang != query.lang else (),
        is_fact=hit.passage.fact is not None,
        lang=lang,
        is_across=lang != query.lang,
    )
    weight = tuning.WEIGHT_BESIDE_NAMED if query.named_itself else tuning.WEIGHT_BESIDE
    coverage = min(hit.coverage + found.by_type, 1.0)
    borne_out = found.beside + found.by_type if lang == query.lang else tuning.BESIDE_ACROSS * found.beside
    score = hit.score + weight * borne_out
    return replace(hit, score=score, coverage=coverage, quoted=quoted, evidence=found)


def _words(library: Library, query: Query, hit: Hit) -> list[Word]:
    """The words of a query, with the compounds of them that a passage, its title and its headings hold."""
    words = library.searcher.words(query)
    if all(word.is_known for word in words):
        return words
    stems = library.lexical.terms.stems(library.in_full(hit.passage), hit.passage.lang)
    return [word.among(stems) for word in words]


def _chosen(library: Library, query: Query, hit: Hit) -> Quote:
    words = [(word.weight, word.stems) for word in _words(library, query, hit)]
    lang, title = hit.passage.lang, library.document(hit.passage).title
    return select(
        hit.passage,
        words,
        lambda part: library.lexical.terms.stems(part, lang),
        hit.windows,
        title,
        query.wanted,
    )


def answer_message(findings: list[Finding]) -> Message:
    """The words of the best passage of each finding, one for each question asked, and their sources."""
    main = findings[0]
    told: list[tuple[Finding, Hit, Quote]] = []
    for finding in findings:
        hit = finding.hits[0]
        if all(hit.passage != other.passage for _, other, _ in told):
            told.append((finding, hit, quote(finding.library, finding.query, hit)))
    if len(findings) == 1 and (rival := _rival(main)) is not None:
        told.append((main, rival, quote(main.library, main.query, rival)))
    if (tabled := _tabled(main, told)) is not None:
        return tabled
    further = [(main, hit, quote(main.library, main.query, hit)) for hit in _further(main, [hit for _, hit, _ in told])]
    return Message(
        kind=Kind.ANSWER,
        text="\n".join(
            line for line in ([_about(main)] if main.from_context or main.names_subject else []) + _told_lines(told)
        ),
        lang=main.query.lang,
        citations=[_citation(finding, hit, words) for finding, hit, words in told + further],
        suggestions=_suggestions(main, [hit for _, hit, _ in told]),
        confidence=round(main.confidence, 3),
    )


def _tabled(main: Finding, told: list[tuple[Finding, Hit, Quote]]) -> Message | None:
    """What stands in a row of a table, under the names of its columns and with the rows that answer as well.

    None where something else is told, or the columns have no names.
    """
    rows = [told_row(hit.passage, words) for _, hit, words in told]
    best = rows[0]
    if best is None or any(row is None or row.passage.document_id != best.passage.document_id for row in rows):
        return None
    passages = [hit.passage for hit in main.hits]
    alike = rows_alike(main.library, main.query, best, passages)
    shown = alike[: tuning.MOST_ROWS]
    lang = main.query.lang
    document = main.library.document(best.passage)
    lead = [_about(main)] if main.from_context or main.names_subject else []
    if best.passage.lang != lang:
        lead.append(text(lang, f"answer.original_{best.passage.lang}"))
    more = len(alike) - len(shown)
    lead.append(text(lang, "answer.rows_cut" if more else "answer.rows", count=len(shown), all=len(alike)))
    table = table_of(shown, list(range(1, len(shown) + 1)))
    return Message(
        kind=Kind.ANSWER,
        text=with_table("\n".join(lead), table),
        lang=lang,
        lead="\n".join(lead),
        table=table,
        citations=[citation(document, row.passage, row.words.start, row.words.end) for row in shown],
        suggestions=_suggestions(main, [hit for _, hit, _ in told]),
        confidence=round(main.confidence, 3),
    )


def listed_and_answered(listed: Message, more: Message) -> Message:
    """A list together with the answer to what else was asked, which stands before it; a table stands for the list."""
    cited = [*listed.citations, *more.citations]
    if more.table is not None:
        beside = len(listed.citations)
        rows = [
            row.model_copy(update={"cells": [_renumbered(cell, beside) for cell in row.cells]})
            for row in more.table.rows
        ]
        table = more.table.model_copy(update={"rows": rows})
        lead = f"{with_items(listed.lead or '', listed.items)}\n{more.lead}"
        changes: dict[str, object] = {"items": [], "table": table, "text": with_table(lead, table)}
    else:
        lead = f"{more.text}\n{listed.lead}"
        changes = {"text": with_items(lead, listed.items)}
    offered = more.suggestions or listed.suggestions
    return listed.model_copy(update=changes | {"lead": lead, "citations": cited, "suggestions": offered})


def _renumbered(cell: Cell, beside: int) -> Cell:
    """A cell whose citations stand behind so many others."""
    return cell.model_copy(update={"citations": [number + beside for number in cell.citations]})


def _rival(finding: Finding) -> Hit | None:
    """A second passage that answers about as well: where documents cannot be told apart, both are quoted."""
    if len(finding.hits) < 2:
        return None
    first, second = finding.hits[:2]
    of_facts = first.passage.fact is not None or second.passage.fact is not None
    both = bool(first.passage.fact and second.passage.fact)
    if both or (of_facts and finding.query.named_itself) or second.score < first.score - tuning.RIVAL:
        return None
    row = told_row(first.passage, quote(finding.library, finding.query, first))
    return None if row is not None and is_named(finding.library, finding.query, row) else second


def _told_lines(told: list[tuple[Finding, Hit, Quote]]) -> list[str]:
    """The quotes, each after a word on its language or on what is not known, before one on a passed deadline."""
    lines: list[str] = []
    for place, (finding, hit, words) in enumerate(told):
        lang = finding.query.lang
        if place and finding is told[place - 1][0]:
            lines.append(text(lang, "answer.rival"))
        if (standing := _unknown_standing(finding, hit)) is not None:
            lines.append(standing)
        if hit.passage.lang != lang:
            lines.append(text(lang, f"answer.original_{hit.passage.lang}"))
        lines.append(words.text)
        if _asks_for_deadline(finding, hit) and _passed(finding, hit):
            lines.append(text(lang, "answer.passed"))
    return lines


def abstention(finding: Finding, programmes: tuple[str, ...]) -> Message:
    """That the bot does not know, and the topics nearest to the question; states nothing."""
    lang = finding.query.lang
    sheets = finding.library.sheets
    if programmes:
        said = text(lang, "answer.abstention_named", name=getattr(sheets[programmes[0]].name, lang))
        suggestions = further_questions(sheets[programmes[0]], lang, ())
    else:
        said = text(lang, "answer.abstention")
        suggestions = nearest_topics(finding.hits, sheets, lang)
    if suggestions:
        said = f"{said}\n{text(lang, 'answer.abstention_nearest')}"
    return Message(
        kind=Kind.ABSTENTION, text=said, lang=lang, suggestions=suggestions, confidence=round(finding.confidence, 3)
    )


def declined(reason: OutOfScope, lang: Language) -> Message:
    """That the bot does not do what it was asked to, and what it does instead."""
    return Message(kind=Kind.ABSTENTION, text=text(lang, f"answer.{reason.value}"), lang=lang, confidence=0.0)


def _about(finding: Finding) -> str:
    told = finding.hits[0].passage.programmes
    key = told[0] if finding.names_subject else next(iter(finding.query.programmes))
    return text(finding.query.lang, "answer.about", name=getattr(finding.library.sheets[key].name, finding.query.lang))


def _further(finding: Finding, told: list[Hit]) -> list[Hit]:
    """Other passages that say the same: one a document, with the figures of what was told, or scored nearly as high."""
    figures = numbers(quote(finding.library, finding.query, told[0]).text)
    seen = {hit.passage.document_id for hit in told}
    further: list[Hit] = []
    for hit in [one for kept in finding.hits for one in (kept, *kept.also)]:
        if hit.score < tuning.FURTHER_SHARE * finding.hits[0].score or len(further) == tuning.FURTHER_SOURCES:
            break
        same = len(figures & numbers(hit.passage.text)) >= len(figures) / 2
        if (
            hit.passage.document_id not in seen
            and same
            and hit.passage.attribute is None
            and _says_something(finding, hit)
        ):
            seen.add(hit.passage.document_id)
            further.append(hit)
    return further


def _says_something(finding: Finding, hit: Hit) -> bool:
    return not is_furniture(quote(finding.library, finding.query, hit).text)


def _asks_for_deadline(finding: Finding, hit: Hit) -> bool:
    asked = {one.attribute for one in finding.query.asked}
    return Attribute.DEADLINE in asked or hit.passage.attribute == Attribute.DEADLINE.value


def _passed(finding: Finding, hit: Hit) -> bool:
    fact = finding.library.facts.get(hit.passage.fact or "")
    deadlines = [quantity.date for quantity in fact.quantities if isinstance(quantity, Deadline)] if fact else []
    return bool(deadlines) and max(deadlines) < date.today()


def _unknown_standing(finding: Finding, hit: Hit) -> str | None:
    """What a sheet says of how its programme stands where that is not known; a profile says it only where it is."""
    sheet = finding.library.sheets.get(hit.passage.fact or "")
    if sheet is None or not finding.query.wants_standing or sheet.status.state is not State.UNKNOWN:
        return None
    return str(getattr(sheet.status.text, finding.query.lang)) if hit.passage.attribute == PROFILE else None


def _citation(finding: Finding, hit: Hit, words: Quote) -> Citation:
    return citation(finding.library.document(hit.passage), hit.passage, words.start, words.end)


def _suggestions(finding: Finding, told: list[Hit]) -> list[Suggestion]:
    keys = told[0].passage.programmes
    if len(keys) != 1 or keys[0] not in finding.library.sheets:
        return []
    facts = [hit.passage.fact for hit in told if hit.passage.fact]
    return further_questions(finding.library.sheets[keys[0]], finding.query.lang, facts)
