"""Running a judged set through the search that answers people, and what the field's measures say of it."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import ir_measures
import numpy as np
from ir_measures import RR, R, nDCG

from knowledge.answering.answers import Answerer, Context
from knowledge.answering.attempts import Attempt
from knowledge.errors import StadtlotseError
from knowledge.evaluation.beir import JudgedQuery, JudgedSet
from knowledge.evaluation.indexing import entry_lines
from knowledge.evaluation.sentences import SentenceCounts, quoted_lines

# So many passages are ranked that at least ten documents are among them.
PASSAGES = 100
_MEASURES = {"ndcg@10": nDCG @ 10, "mrr@10": RR @ 10, "recall@1": R @ 1, "recall@5": R @ 5, "recall@10": R @ 10}


@dataclass(frozen=True)
class Ranked:
    """What came out for one query."""

    query: JudgedQuery
    documents: dict[str, float]
    """Ids of the documents found, best first, each with the score of its best passage; scores fall strictly."""
    confidence: float
    """Of the answer that a person would get, 0…1."""
    quoted: frozenset[int] | None
    """Lines that would be quoted from the relevant document; None where the set does not tell which lines answer."""
    milliseconds: float
    embedding_milliseconds: float


def run_queries(
    answerer: Answerer, judged: JudgedSet, queries: Sequence[JudgedQuery], progress: Callable[[int, int], None]
) -> list[Ranked]:
    """Ask the queries one after the other, each by itself; `progress` is told (done, all)."""
    if queries:
        answerer.answer(queries[0].text, Context())  # what is loaded at the first question is no query's time
    ranked = []
    for done, query in enumerate(queries):
        progress(done, len(queries))
        ranked.append(_run(answerer, judged, query))
    progress(len(queries), len(queries))
    return ranked


def measure(judged: JudgedSet, ranked: Sequence[Ranked]) -> dict[str, float | None]:
    """The measures by their names; None for those of which the set holds no judgements.

    nDCG, MRR and recall are means over the queries with relevant documents, those called unanswerable left out, as
    trec_eval computes them. `auroc` is the probability that an answerable query gets a higher confidence than an
    unanswerable one (Hanley and McNeil, 1982). `sentence_…` sum the lines of all answerable queries whose lines are
    given (micro average): what would be quoted from the relevant document, against the lines that answer. A quote from
    another document is not counted there, which is recall's matter; a relevant document that was not found has no line
    quoted. `ms_per_query` is the median time from question to answer with its quotes, embedding included.
    """
    times = [one.milliseconds for one in ranked]
    rest = [max(0.0, one.milliseconds - one.embedding_milliseconds) for one in ranked]
    return {
        **_ranking(judged, ranked),
        "auroc": _auroc(ranked),
        **_sentences(ranked),
        "ms_per_query": round(median(times), 2) if times else None,
        "ms_per_query_without_embedding": round(median(rest), 2) if rest else None,
        "queries": len(ranked),
    }


def write_run(path: Path, ranked: Sequence[Ranked]) -> None:
    """Write the rankings as a TREC run: query, 'Q0', document, rank from 1, score, tag.

    Raises `StadtlotseError` where the file cannot be written.
    """
    try:
        with path.open("w", encoding="utf-8") as file:
            for one in ranked:
                for rank, (document, score) in enumerate(one.documents.items(), start=1):
                    file.write(f"{one.query.id} Q0 {document} {rank} {score:.6f} stadtlotse\n")
    except OSError as error:
        raise StadtlotseError(f"{path} cannot be written ({error.strerror}); name another file for --run.") from error


def _run(answerer: Answerer, judged: JudgedSet, query: JudgedQuery) -> Ranked:
    began = time.perf_counter()
    answer = answerer.answer(query.text, Context())
    answered = time.perf_counter()
    answerer.embedder.embed_queries([query.text])
    embedded = time.perf_counter()
    attempt = answerer.find(query.text, PASSAGES)
    return Ranked(
        query=query,
        documents=_documents(attempt),
        confidence=answer.message.confidence,
        quoted=_quoted(answerer, judged, query, attempt),
        milliseconds=1000 * (answered - began),
        embedding_milliseconds=1000 * (embedded - answered),
    )


def _documents(attempt: Attempt) -> dict[str, float]:
    """Documents by their best passage; equal scores are set apart, as their order would be lost in a run file.

    Those of passages that were folded into another come right behind it.
    """
    documents: dict[str, float] = {}
    last = float("inf")
    for hit in attempt.hits:
        for one in (hit, *hit.also):
            if one.passage.document_id not in documents:
                last = min(round(hit.score, 6), last - 1e-6)
                documents[one.passage.document_id] = last
    return documents


def _quoted(answerer: Answerer, judged: JudgedSet, query: JudgedQuery, attempt: Attempt) -> frozenset[int] | None:
    grades = judged.relevant.get(query.id)
    if not grades or not query.metadata.answer_lines:
        return None
    most = max(grades.values())
    hits = (one for hit in attempt.hits for one in (hit, *hit.also))
    best = next((hit for hit in hits if grades.get(hit.passage.document_id) == most), None)
    if best is None:
        return frozenset()
    words = answerer.quote(attempt, best)
    lines = entry_lines(judged.entries[best.passage.document_id])
    return quoted_lines(lines, best.passage, words.start, words.end)


def _ranking(judged: JudgedSet, ranked: Sequence[Ranked]) -> dict[str, float | None]:
    counted = [one for one in ranked if one.query.id in judged.relevant and one.query.metadata.answerable is not False]
    if not counted:
        return dict.fromkeys(_MEASURES)
    relevant = {one.query.id: judged.relevant[one.query.id] for one in counted}
    means = ir_measures.calc_aggregate(_MEASURES.values(), relevant, {one.query.id: one.documents for one in counted})
    return {name: round(float(means[of]), 4) for name, of in _MEASURES.items()}


def _auroc(ranked: Sequence[Ranked]) -> float | None:
    """Share of the pairs of an answerable and an unanswerable query in which the former is surer; ties count half."""
    sure = np.array([one.confidence for one in ranked if one.query.metadata.answerable is True])
    unsure = np.sort([one.confidence for one in ranked if one.query.metadata.answerable is False])
    if not len(sure) or not len(unsure):
        return None
    below = np.searchsorted(unsure, sure, side="left") + np.searchsorted(unsure, sure, side="right")
    return round(float(below.mean() / (2 * len(unsure))), 4)


def _sentences(ranked: Sequence[Ranked]) -> dict[str, float | None]:
    counts = SentenceCounts()
    for one in ranked:
        if one.quoted is not None and one.query.metadata.answerable is not False:
            counts.add(one.quoted, one.query.metadata.answer_lines or frozenset())
    if not counts.answering:
        return dict.fromkeys(("sentence_precision", "sentence_recall", "sentence_f1"))
    return {
        "sentence_precision": round(counts.precision, 4),
        "sentence_recall": round(counts.recall, 4),
        "sentence_f1": round(counts.f1, 4),
    }
