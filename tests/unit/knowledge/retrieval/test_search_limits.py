"""Results without repetition, and search where a filter or the question itself says where to look."""

from pathlib import Path

import numpy as np
import pytest

from knowledge import tuning
from knowledge.encoding.mean_questions import MeanQuestions
from knowledge.filters import Filter, Wish, filter_of
from knowledge.indexing.lexical import LexicalIndex
from knowledge.indexing.vectors import VectorIndex
from knowledge.indexing.windows import WindowIndex
from knowledge.releases.store import PassageStore, write_passages
from knowledge.retrieval.query import Query
from knowledge.retrieval.search import Searcher
from tests.unit.knowledge.samples import document, passage

RATE = "Die Förderquote beträgt für alle antragstellenden Kommunen im Land 65 Prozent der förderfähigen Kosten."
DOCUMENTS = [
    document(
        id="richtlinie",
        title="Richtlinie zum Beschluss 85",
        genre="guideline",
        laender=["HE"],
        year=2023,
        path="hessen/richtlinie.pdf",
    ),
    document(id="faq", genre="faq", laender=["HE"], year=2024, path="faq.md"),
    document(id="bericht", genre="report", year=2021, programmes=["mpsc"], path="bericht.md"),
]
PASSAGES = [
    passage("Die Förderquote ist eine Zahl und steht im Bescheid.", document_id="bericht", id=1),
    passage(RATE, document_id="bericht", id=2, headings=("Bericht", "Bayern")),
    passage(RATE, document_id="faq", id=1),
    passage(RATE, document_id="richtlinie", id=1),
    passage("Der Antrag ist beim Ministerium zu stellen.", document_id="richtlinie", id=2, programmes=["kts"]),
]
AXES = np.eye(8, dtype=np.float32)


@pytest.fixture
def searcher(tmp_path: Path) -> Searcher:
    LexicalIndex.build(tmp_path / "lexical", [(one.text, one.lang) for one in PASSAGES])
    write_passages(tmp_path / "passages.db", DOCUMENTS, PASSAGES)
    WindowIndex.room(tmp_path / "windows", [0] * len(PASSAGES), len(AXES)).flush()
    return Searcher(
        PassageStore(tmp_path / "passages.db"),
        VectorIndex.build(AXES[: len(PASSAGES)]),
        WindowIndex.load(tmp_path / "windows"),
        LexicalIndex(tmp_path / "lexical"),
        MeanQuestions(np.zeros((2, len(AXES)), dtype=np.float32)),
    )


def query(text: str, near: int = 7, **changes: object) -> Query:
    """A query whose embedding is that of passage `near`, of none by default."""
    values = {"text": text, "lang": "de", "embeddings": AXES[near : near + 1]}
    return Query(**(values | changes))  # type: ignore[arg-type]


def places(hits: object) -> list[tuple[str, int]]:
    return [(hit.passage.document_id, hit.passage.id) for hit in hits]  # type: ignore[attr-defined]


def test_what_says_the_same_is_folded_into_the_best(searcher: Searcher) -> None:
    hits = searcher.search(query("Wie hoch ist die Förderquote für Kommunen?", near=3))
    assert places(hits)[0] == ("richtlinie", 1)
    assert sorted(places(hits[0].also)) == [("bericht", 2), ("faq", 1)]
    assert sorted(places(hits)) == [("bericht", 1), ("richtlinie", 1), ("richtlinie", 2)]


def test_the_numbers_of_a_title_are_its_passages_too(searcher: Searcher) -> None:
    hits = searcher.search(query("Wohin mit dem Antrag nach Beschluss 85?"))
    assert {one.passage.document_id for one in hits if one.missing_numbers} == {"bericht"}
    assert {one.passage.document_id for one in hits if not one.missing_numbers} == {"richtlinie"}


def test_what_is_folded_does_not_count(searcher: Searcher, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = query("Wie hoch ist die Förderquote für Kommunen?", near=3)
    all_at_once = [(places([hit]), places(hit.also)) for hit in searcher.search(asked, 2)]
    assert len(all_at_once) == 2
    monkeypatch.setattr("knowledge.retrieval.search._READ_AT_ONCE", 1)
    assert [(places([hit]), places(hit.also)) for hit in searcher.search(asked, 2)] == all_at_once


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (filter_of(kinds=["Richtlinie"]), {("richtlinie", 1), ("richtlinie", 2)}),
        (filter_of(years=["2024"]), {("faq", 1)}),
        (filter_of(documents=["hessen", "faq"]), {("richtlinie", 1), ("richtlinie", 2), ("faq", 1)}),
        (filter_of(laender=["Bayern"]), {("bericht", 2)}),
        (filter_of(programmes=["kts"], keys=["kts"]), {("richtlinie", 2)}),
        (filter_of(programmes=["mpsc"], keys=["mpsc"]), {("bericht", 1), ("bericht", 2)}),
        (filter_of(years=["1999"]), set()),
    ],
)
def test_only_what_a_filter_lets_through_is_found(
    searcher: Searcher, limits: Filter, expected: set[tuple[str, int]]
) -> None:
    for wanted in ({"filter": limits}, {"wish": Wish(limits, strict=True)}):
        hits = searcher.search(query("Förderquote Antrag", near=2, **wanted))
        found = [*places(hits), *places(one for hit in hits for one in hit.also)]
        assert set(found) == expected and len(found) == len(expected)


def test_a_filter_and_a_strict_wish_hold_together(searcher: Searcher) -> None:
    both = {"filter": filter_of(laender=["HE"]), "wish": Wish(filter_of(kinds=["faq"]), strict=True)}
    assert places(searcher.search(query("Förderquote", **both))) == [("faq", 1)]


def test_a_filter_finds_what_is_among_the_first_of_no_ranking(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning, "CANDIDATES", 1)
    asked = query("Förderquote im Bescheid", near=0)
    assert places(searcher.search(asked)) == [("bericht", 1)]
    filtered = query("Förderquote im Bescheid", near=0, filter=filter_of(kinds=["faq"]))
    assert places(searcher.search(filtered)) == [("faq", 1)]


def test_what_a_question_wishes_for_comes_first_and_nothing_is_lost(searcher: Searcher) -> None:
    text = "Wie hoch ist die Förderquote für Kommunen?"
    for kind, document_id in (("Richtlinie", "richtlinie"), ("FAQ", "faq"), ("Bericht", "bericht")):
        hits = searcher.search(query(text, wish=Wish(filter_of(kinds=[kind]))))
        assert hits[0].passage.document_id == document_id
        assert len(places(hits) + places(one for hit in hits for one in hit.also)) == len(PASSAGES)


def test_a_year_that_says_where_to_look_need_not_stand_in_the_passage(searcher: Searcher) -> None:
    text = "Dokumente von 2023: Wie hoch ist die Förderquote?"
    wish = Wish(filter_of(years=["2023"]), words=frozenset({"dokumente", "von", "2023"}))
    assert searcher.search(query(text))[0].missing_numbers == {"2023"}
    assert not searcher.search(query(text, wish=wish))[0].missing_numbers


@pytest.mark.parametrize("candidates", [1, 2, 60])
@pytest.mark.parametrize("near", [0, 3, 7])
def test_what_may_not_be_read_is_found_by_nothing_and_takes_nobodys_place(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch, candidates: int, near: int
) -> None:
    monkeypatch.setattr(tuning, "CANDIDATES", candidates)
    limited = searcher.limited_to(np.array([2]))  # all of 'faq'
    wished = {"wish": Wish(filter_of(kinds=["Richtlinie"]))}
    for more in ({}, {"filter": filter_of(laender=["HE"])}, wished):
        found = limited.search(query("Förderquote im Bescheid", near=near, **more))
        assert [*places(found), *places(one for hit in found for one in hit.also)] == [("faq", 1)]
    assert not limited.search(query("Förderquote", filter=filter_of(kinds=["Richtlinie"])))
    assert not searcher.limited_to(np.array([], dtype=np.int64)).search(query("Förderquote", near=near))
    assert ("bericht", 1) in places(searcher.search(query("Förderquote im Bescheid", near=0)))
