"""Sets in BEIR layout: what is read, and which sentence a broken one gets."""

import json
from pathlib import Path

import pytest

from knowledge.errors import StadtlotseError
from knowledge.evaluation.beir import read_judged_set


def write(folder: Path, corpus: list[object], queries: list[object], qrels: str, *, name: str = "test.tsv") -> Path:
    """A set in BEIR layout."""
    for file, rows in (("corpus.jsonl", corpus), ("queries.jsonl", queries)):
        (folder / file).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    (folder / "qrels").mkdir(exist_ok=True)
    (folder / "qrels" / name).write_text(qrels, encoding="utf-8")
    return folder


CORPUS: list[object] = [
    {"_id": "d1", "title": "Eins", "text": "a"},
    {"_id": 2, "text": "b"},
    {"_id": "d3", "title": None},
]
QUERIES: list[object] = [{"_id": "q1", "text": "x"}, {"_id": "q2", "text": "y", "metadata": None}]


@pytest.mark.parametrize(
    "qrels",
    [
        "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\t2\t1\nq2\td3\t0\n",
        "q1\td1\t2\nq1\t2\t1\nq2\td3\t0\n",
        "q1 0 d1 2\nq1 0 2 1\nq2 0 d3 0\n",
        "\ufeffquery-id\tcorpus-id\tscore\r\nq1\td1\t2.0\r\n\r\nq1\t2\t1\r\n",
    ],
    ids=["header", "no header", "TREC", "Windows"],
)
def test_judgements_in_all_their_spellings(tmp_path: Path, qrels: str) -> None:
    judged = read_judged_set(write(tmp_path, CORPUS, QUERIES, qrels))
    assert judged.relevant == {"q1": {"d1": 2, "2": 1}}
    assert list(judged.entries) == ["d1", "2", "d3"]
    assert (judged.entries["2"].title, judged.entries["d3"].title, judged.entries["d3"].text) == ("", "", "")
    assert [query.id for query in judged.queries] == ["q1"]


def test_development_judgements_stand_in_for_missing_ones(tmp_path: Path) -> None:
    assert read_judged_set(write(tmp_path, CORPUS, QUERIES, "q2\td1\t1\n", name="dev.tsv")).relevant == {
        "q2": {"d1": 1}
    }


def test_unanswerable_queries_are_kept_without_judgements(tmp_path: Path) -> None:
    queries = [
        *QUERIES,
        {"_id": "q3", "text": "z", "metadata": {"answerable": False, "answer_lines": [], "lang": "de"}},
    ]
    judged = read_judged_set(write(tmp_path, CORPUS, queries, "q1\td1\t1\n"))
    assert [(query.id, query.metadata.answerable) for query in judged.queries] == [("q1", None), ("q3", False)]


def test_unknown_ids_are_named_and_documents_stay_relevant(tmp_path: Path) -> None:
    judged = read_judged_set(write(tmp_path, CORPUS, QUERIES, "q1\tgone\t1\nq9\td1\t1\n"))
    assert judged.unknown == ["q9", "gone"]
    assert judged.relevant == {"q1": {"gone": 1}}


@pytest.mark.parametrize(
    ("file", "content", "sentence"),
    [
        ("corpus.jsonl", None, "corpus.jsonl cannot be read"),
        ("queries.jsonl", None, "queries.jsonl cannot be read"),
        ("qrels/test.tsv", None, "test.tsv cannot be read"),
        ("corpus.jsonl", b'{"_id": "d1", "text": "a"}\n{"_id": "d2"', "corpus.jsonl, line 2: "),
        ("corpus.jsonl", b'{"text": "a"}\n', "corpus.jsonl, line 1: _id: "),
        ("corpus.jsonl", b'{"_id": "d1"}\n\n{"_id": "d1"}\n', "corpus.jsonl, line 3: the id d1 stands there twice"),
        ("corpus.jsonl", b"", "holds no documents"),
        ("corpus.jsonl", b'{"_id": "d1", "text": "\xe4"}\n', "is not UTF-8 text"),
        ("queries.jsonl", b'{"_id": "q1"}\n', "queries.jsonl, line 1: text: "),
        ("queries.jsonl", b'{"_id": "q8", "text": "x"}\n', "holds no judged queries"),
        ("qrels/test.tsv", b"q1\td1\t1\nq1\td1\n", "test.tsv, line 2: expected query, document and grade"),
        ("qrels/test.tsv", b"q1\td1\t1\nq1\td1\tvery\n", "test.tsv, line 2: expected query, document and grade"),
    ],
)
def test_a_broken_set_gets_a_sentence_with_file_and_line(
    tmp_path: Path, file: str, content: bytes | None, sentence: str
) -> None:
    write(tmp_path, CORPUS, QUERIES, "q1\td1\t1\n")
    if content is None:
        (tmp_path / file).unlink()
    else:
        (tmp_path / file).write_bytes(content)
    with pytest.raises(StadtlotseError) as caught:
        read_judged_set(tmp_path)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_folder_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StadtlotseError, match="There is no folder"):
        read_judged_set(tmp_path / "none")
