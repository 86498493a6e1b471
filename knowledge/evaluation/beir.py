"""Retrieval test sets in BEIR layout: `corpus.jsonl`, `queries.jsonl` and relevance judgements in `qrels/`.

The layout is that of Thakur et al., BEIR (NeurIPS 2021), https://github.com/beir-cellar/beir.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from knowledge.errors import StadtlotseError
from knowledge.evaluation.files import lines, records

_Id = Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, int) else value)]
_Text = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]
_QRELS = ("test.tsv", "dev.tsv")


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Entry(_Line):
    """A document of the corpus."""

    id: _Id = Field(alias="_id", min_length=1)
    title: _Text = ""
    text: _Text = ""


class QueryMetadata(_Line):
    """What a set may know of a query beyond its relevant documents."""

    answerable: bool | None = None
    answer_lines: frozenset[int] | None = Field(
        None, description="Lines of title, line break and text of the relevant document that answer, from 0"
    )


class JudgedQuery(_Line):
    """A query."""

    id: _Id = Field(alias="_id", min_length=1)
    text: str
    metadata: Annotated[QueryMetadata, BeforeValidator(lambda value: {} if value is None else value)] = QueryMetadata(
        answerable=None, answer_lines=None
    )


@dataclass(frozen=True)
class JudgedSet:
    """A corpus, the queries that something is known of, and by query the relevant documents with their grades."""

    entries: dict[str, Entry]
    queries: list[JudgedQuery]
    relevant: dict[str, dict[str, int]]
    unknown: list[str] = field(default_factory=list)
    """Ids that the judgements name and neither corpus nor queries hold."""


def read_judged_set(folder: Path) -> JudgedSet:
    """Read a folder in BEIR layout.

    Of the judgements `qrels/test.tsv` counts, else `qrels/dev.tsv`: query, document and grade divided by tabs, with or
    without a header; a grade of 0 means not relevant. Queries of which nothing is known are left out. A judged document
    that the corpus lacks stays relevant and cannot be found, as in other implementations.

    Raises `StadtlotseError` where a file is missing, a line is broken or an id stands twice.
    """
    if not folder.is_dir():
        raise StadtlotseError(f"There is no folder {folder}; name one with corpus.jsonl, queries.jsonl and qrels/.")
    entries: dict[str, Entry] = {}
    for number, entry in records(folder / "corpus.jsonl", Entry):
        _refuse_twin(folder / "corpus.jsonl", number, entry.id, entries)
        entries[entry.id] = entry
    queries: dict[str, JudgedQuery] = {}
    for number, query in records(folder / "queries.jsonl", JudgedQuery):
        _refuse_twin(folder / "queries.jsonl", number, query.id, queries)
        queries[query.id] = query
    relevant = _judgements(folder / "qrels")
    unknown = [query for query in relevant if query not in queries]
    unknown += sorted({document for grades in relevant.values() for document in grades if document not in entries})
    known = [query for query in queries.values() if query.id in relevant or query.metadata.answerable is not None]
    if not entries or not known:
        what = "judged queries" if entries else "documents"
        raise StadtlotseError(f"{folder} holds no {what}; nothing can be measured with it.")
    return JudgedSet(entries, known, {query: relevant[query] for query in relevant if query in queries}, unknown)


def _refuse_twin(path: Path, number: int, name: str, seen: dict[str, Entry] | dict[str, JudgedQuery]) -> None:
    if name in seen:
        raise StadtlotseError(f"{path}, line {number}: the id {name} stands there twice; give each line its own.")


def _judgements(folder: Path) -> dict[str, dict[str, int]]:
    path = next((folder / name for name in _QRELS if (folder / name).is_file()), folder / _QRELS[0])
    relevant: dict[str, dict[str, int]] = {}
    for place, (number, line) in enumerate(lines(path)):
        parts = line.split("\t") if "\t" in line else line.split()
        grade = _grade(parts[-1]) if len(parts) in (3, 4) else None
        if grade is None:
            if place == 0 and len(parts) in (3, 4):
                continue  # the header
            raise StadtlotseError(f"{path}, line {number}: expected query, document and grade, divided by tabs.")
        if grade > 0:
            relevant.setdefault(parts[0].strip(), {})[parts[-2].strip()] = grade
    return relevant


def _grade(value: str) -> int | None:
    try:
        return int(float(value))
    except (ValueError, OverflowError):
        return None
