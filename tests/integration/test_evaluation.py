"""`stadtlotse evaluate` on small sets made here, with the real model, index, Rasa and actions."""

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from knowledge.encoding.embedding import Embedder
from knowledge.evaluation.beir import JudgedSet, read_judged_set
from knowledge.evaluation.indexing import indexed
from knowledge.evaluation.retrieval import Ranked, measure, run_queries
from knowledge.settings import Settings
from tests.processes import stadtlotse

CORPUS = {
    "hund": (
        "Hundesteuer",
        "Wer einen Hund hält, meldet ihn binnen zwei Wochen im Steueramt an.\nDie Steuer beträgt 120 Euro im Jahr.\n\n"
        "Assistenzhunde sind frei.",
    ),
    "pass": ("Reisepass", "Ein Reisepass wird im Bürgerbüro beantragt.\nMitzubringen ist ein biometrisches Foto."),
    "kita": (None, "Kitaplätze werden bis zum 15. Februar über das Elternportal vergeben."),
    "baum": ("Baumschutz", "Bäume ab 80 Zentimeter Stammumfang dürfen nur mit Genehmigung gefällt werden."),
    "rad": ("Lastenräder", "Die Stadt fördert Lastenräder mit 30 Prozent des Kaufpreises."),
    "titel": ("Öffnungszeiten der Stadtbibliothek", ""),
    "abschrift": ("Lastenräder", "Die Stadt fördert Lastenräder mit 30 Prozent des Kaufpreises."),
}
QUERIES = [
    ("q1", "Was kostet die Hundesteuer?", True, [2], {"hund": 1}),
    ("q2", "Where do I apply for a passport?", True, [1], {"pass": 1}),
    ("q3", "Bis wann muss man einen Kitaplatz beantragen?", True, [1], {"kita": 2, "fehlt": 1}),
    ("q4", "Wann hat die Stadtbibliothek offen?", None, None, {"titel": 1}),
    ("q7", "Wie fördert die Stadt Lastenräder?", None, None, {"rad": 1, "abschrift": 1}),
    ("q5", "Wie wird das Wetter in Oslo?", False, [], {}),
    ("q6", "Wer gewann 1954 die Weltmeisterschaft?", False, [], {"baum": 1}),
]
NAMES = {
    *("ndcg@10", "mrr@10", "recall@1", "recall@5", "recall@10", "auroc"),
    *("sentence_precision", "sentence_recall", "sentence_f1", "ms_per_query"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A set in BEIR layout."""
    folder = tmp_path_factory.mktemp("set")
    corpus = [{"_id": name, "title": title, "text": text} for name, (title, text) in CORPUS.items()]
    queries = [
        {"_id": name, "text": text}
        | ({} if known is None else {"metadata": {"answerable": known, "answer_lines": lines}})
        for name, text, known, lines, _ in QUERIES
    ]
    for file, rows in (("corpus.jsonl", corpus), ("queries.jsonl", queries)):
        (folder / file).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    (folder / "qrels").mkdir()
    judgements = [
        f"{name}\t{document}\t{grade}\n" for name, *_, grades in QUERIES for document, grade in grades.items()
    ]
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n" + "".join(judgements), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def judged(folder: Path) -> JudgedSet:
    return read_judged_set(folder)


@pytest.fixture(scope="module")
def ranked(judged: JudgedSet, embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ranked]:
    """What came out for each query, by its id."""
    settings = Settings(var=tmp_path_factory.mktemp("var"), embedding_model="")
    with indexed(settings, embedder, judged.entries.values(), lambda *_: None) as (answerer, passages):
        assert passages >= len(CORPUS)
        return {one.query.id: one for one in run_queries(answerer, judged, judged.queries, lambda *_: None)}


def test_documents_are_ranked_once_each_with_falling_scores(ranked: dict[str, Ranked]) -> None:
    for name, relevant in (("q1", "hund"), ("q2", "pass"), ("q3", "kita"), ("q4", "titel")):
        scores = list(ranked[name].documents.values())
        assert next(iter(ranked[name].documents)) == relevant
        assert all(first > second for first, second in pairwise(scores))


def test_documents_that_say_the_same_are_both_ranked(ranked: dict[str, Ranked]) -> None:
    assert set(list(ranked["q7"].documents)[:2]) == {"rad", "abschrift"}


def test_quotes_are_counted_in_lines_of_the_relevant_document(ranked: dict[str, Ranked]) -> None:
    assert ranked["q1"].quoted is not None and 2 in ranked["q1"].quoted
    assert ranked["q3"].quoted == {1}
    assert ranked["q4"].quoted is None
    assert ranked["q5"].quoted is None


def test_the_measures_are_those_of_the_rankings(judged: JudgedSet, ranked: dict[str, Ranked]) -> None:
    figures = measure(judged, list(ranked.values()))
    assert figures["mrr@10"] == 1
    assert figures["recall@1"] == pytest.approx((1 + 1 + 0.5 + 1 + 0.5) / 5)  # one of q3's documents is not there
    sure = [ranked[name].confidence for name in ("q1", "q2", "q3")]
    unsure = [ranked[name].confidence for name in ("q5", "q6")]
    pairs = [(above > below) + (above == below) / 2 for above in sure for below in unsure]
    assert figures["auroc"] == pytest.approx(sum(pairs) / len(pairs), abs=1e-4)
    assert figures["ms_per_query"] and figures["ms_per_query"] > (figures["ms_per_query_without_embedding"] or 0) >= 0


def test_what_the_set_does_not_tell_is_not_measured(judged: JudgedSet, ranked: dict[str, Ranked]) -> None:
    figures = measure(judged, [ranked["q4"]])
    assert figures["recall@1"] == 1
    assert [figures[name] for name in ("auroc", "sentence_precision", "sentence_recall", "sentence_f1")] == [None] * 4
    assert measure(judged, [ranked["q5"]])["ndcg@10"] is None


def test_the_last_line_is_json_and_the_run_is_in_trec_format(
    install: Callable[[], Settings], folder: Path, tmp_path: Path
) -> None:
    done = stadtlotse(install(), "evaluate", "retrieval", str(folder), "--json", "--run", str(tmp_path / "run"))
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert set(figures) >= NAMES
    assert all(isinstance(figures[name], float) for name in NAMES)
    assert "fehlt" in done.stderr
    rows = [line.split(" ") for line in (tmp_path / "run").read_text().splitlines()]
    assert {row[0] for row in rows} == {name for name, *_ in QUERIES}
    assert next(row[1:4] for row in rows if row[0] == "q1") == ["Q0", "hund", "1"]
    assert all(len(row) == 6 and float(row[4]) is not None for row in rows)


@pytest.mark.parametrize("arguments", [["retrieval", "none"], ["conversations", "none.jsonl"]])
def test_what_is_not_there_is_one_sentence(install: Callable[[], Settings], arguments: list[str]) -> None:
    done = stadtlotse(install(), "evaluate", *arguments)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1 and "none" in done.stderr


def test_conversations_are_judged_over_documents_of_ones_own(install: Callable[[], Settings], tmp_path: Path) -> None:
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "radwege.md").write_text(
        "# Radwegeplan Musterhausen\n\n## Kosten\n\nDer Radweg am Mühlenbach kostet 4,3 Millionen Euro.\n\n"
        "## Zeitplan\n\nDer Radweg am Mühlenbach wird im Herbst 2027 eröffnet.\n",
        encoding="utf-8",
    )
    shared = {"lang": "de", "kind": "single", "file": "radwege.md", "dialog": []}
    cost = "Was kostet der Radweg am Mühlenbach?"
    questions = [
        shared | {"id": "1", "question": cost, "answer_keywords": ["4,3 Millionen"], "heading": "Kosten"},
        shared | {"id": "2", "question": cost, "answer_keywords": ["4,3 Millionen"], "heading": "Zeitplan"},
        shared | {"id": "3", "question": cost, "answer_keywords": ["5 Millionen"], "heading": "Kosten"},
        {"id": "4", "lang": "de", "kind": "unanswerable", "question": "Wie wird das Wetter morgen in Bonn?"},
        {"id": "5", "lang": "de", "kind": "smalltalk", "question": "danke dir!"},
    ]
    file = tmp_path / "questions.jsonl"
    file.write_text("".join(json.dumps(question) + "\n" for question in questions), encoding="utf-8")
    settings = install()
    done = stadtlotse(settings, "evaluate", "conversations", str(file), "--documents", str(documents), "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert (found["n"], found["accuracy"], found["right_page"]) == (5, 0.8, 0.5)
    assert found["by_kind"]["single"] == {"n": 3, "right": 2, "accuracy": 0.6667}
    assert found["by_language"] == {"de": {"n": 5, "right": 4, "accuracy": 0.8}}
    [failure] = found["failures"]
    assert (failure["id"], failure["reason"]) == ("3", "the answer lacks 5 Millionen")
    assert "4,3 Millionen" in failure["answer"]
    assert [wrong["id"] for wrong in found["wrong_pages"]] == ["2"]
    assert list(settings.releases.glob(".private-*")) == []


def test_a_running_bot_is_asked_and_people_get_tables(
    install: Callable[[], Settings], bot_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "questions.jsonl"
    questions = [
        {"question": "Und wie hoch ist die Förderquote?", "dialog": ["Was ist MPSC?"], "answer_keywords": ["65"]},
        {"question": "Wie hoch ist die Förderquote bei MPSC?", "answer_keywords": ["66"]},
    ]
    lines = [json.dumps({"id": f"Q{n}", "lang": "de", "kind": "single"} | one) for n, one in enumerate(questions, 1)]
    file.write_text("\n".join(lines), encoding="utf-8")
    done = stadtlotse(install(), "evaluate", "conversations", str(file), "--url", bot_url, "--lang", "de")
    assert done.returncode == 0, done.stderr
    assert "1 nicht richtig:" in done.stdout
    assert "Q2 (single, de): Wie hoch ist die Förderquote bei MPSC?" in done.stdout
    assert "Grund: the answer lacks 66" in done.stdout
    assert "50.0%" in done.stdout
    assert "\x1b" not in done.stdout
