"""The two indexes, and the search that joins them."""

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from knowledge import tuning
from knowledge.encoding.mean_questions import MeanQuestions
from knowledge.indexing.lexical import LexicalIndex
from knowledge.indexing.vectors import VectorIndex
from knowledge.indexing.windows import WindowIndex
from knowledge.messages import Language
from knowledge.recognition.attributes import asked_attributes
from knowledge.releases.store import PassageStore, write_passages
from knowledge.retrieval.query import Query
from knowledge.retrieval.search import Searcher
from tests.unit.knowledge.samples import document, passage

TEXTS = [
    "Die Förderquote beträgt 65 Prozent der Kosten.",
    "Der Antrag ist bis zur Frist am 15. April zu stellen.",
    "The funding rate is 65 per cent of the costs.",
    "Das Projektbüro der Stadt sitzt in Berlin.",
    "Die Straßenlaternen messen den Lärm in der Stadt.",
]
LANGS: list[Language] = ["de", "de", "en", "de", "de"]
AXES = np.eye(8, dtype=np.float32)


@pytest.fixture
def lexical(tmp_path: Path) -> LexicalIndex:
    """An index that was saved and opened again."""
    LexicalIndex.build(tmp_path / "lexical", list(zip(TEXTS, LANGS, strict=True)))
    return LexicalIndex(tmp_path / "lexical")


def best(lexical: LexicalIndex, question: str) -> int:
    stems = [stem for _, stems in lexical.terms.query_words(question, "de") for stem in stems]
    return int(lexical.best({known: 1.0 for stem in stems if (known := lexical.known(stem))}, 1)[0])


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("Wie viel Prozent der Kosten?", 0),
        ("foerderquote", 0),
        ("förderqoute", 0),
        ("Fristen", 1),
        ("Projektbüros", 3),
        ("Strassenlaterne", 4),
    ],
)
def test_words_find_their_passage(lexical: LexicalIndex, question: str, number: int) -> None:
    assert best(lexical, question) == number


def test_no_known_word_scores_nothing(lexical: LexicalIndex) -> None:
    assert not len(lexical.best({}, 5))
    assert lexical.known("xylophon") is None
    assert "xylophon" not in lexical


def test_compounds_are_relatives_of_their_parts(lexical: LexicalIndex) -> None:
    assert lexical.number("projektburo") in lexical.relatives("buro")
    assert not len(lexical.relatives("in"))


def test_several_words_are_looked_up_in_some_passages(lexical: LexicalIndex) -> None:
    held = lexical.held([4, 0, 3])
    stadt, prozent = lexical.number("stadt"), lexical.number("prozent")
    assert held.has(stadt).tolist() == [True, False, True]
    assert held.has([stadt, prozent]).tolist() == [True, True, True]
    assert held.has([]).tolist() == [False, False, False]
    assert lexical.count([stadt, prozent]) == 3
    assert lexical.count([]) == 0


def test_words_of_no_passage_have_no_number(lexical: LexicalIndex) -> None:
    with pytest.raises(KeyError):
        lexical.number("xylophon")


def scores(lexical: LexicalIndex, weights: dict[str, float]) -> list[float]:
    return [float(score) for score in lexical.held(range(len(TEXTS))).scores(weights)]


def test_scores_are_those_of_bm25(lexical: LexicalIndex) -> None:
    """Against the formula itself, for a term that two passages hold."""
    lengths = [len(lexical.terms.passage_terms(text, lang)) for text, lang in zip(TEXTS, LANGS, strict=True)]
    average = sum(lengths) / len(lengths)
    rarity = math.log(1 + (5 - 2 + 0.5) / (2 + 0.5))
    wanted = [rarity / (1 + 1.2 * (0.25 + 0.75 * length / average)) for length in lengths]
    wanted[:3] = [0, 0, 0]
    assert scores(lexical, {"stadt": 1.0}) == pytest.approx(wanted, rel=1e-4)
    assert scores(lexical, {"stadt": 0.5}) == pytest.approx([score / 2 for score in wanted], rel=1e-4)


def test_the_best_are_those_with_the_highest_scores(lexical: LexicalIndex) -> None:
    weights = {"stadt": 1.0, "larm": 1.0, "prozent": 0.1}
    order = sorted(range(5), key=lambda number: -scores(lexical, weights)[number])
    assert lexical.best(weights, 3).tolist() == order[:3]
    assert lexical.best(weights, 1).tolist() == [4]
    assert sorted(lexical.best(weights, 10).tolist()) == [0, 3, 4]
    assert not len(lexical.best({}, 10))


def test_the_rarest_words_nominate_where_there_are_too_many_postings(
    lexical: LexicalIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = {"stadt": 5.0, "projektburo": 0.1}
    assert lexical.best(weights, 2).tolist() == [3, 4]
    monkeypatch.setattr(tuning, "POSTINGS", 1)
    assert lexical.best(weights, 2).tolist() == [3]


def test_rare_terms_weigh_more(lexical: LexicalIndex) -> None:
    assert lexical.rarity_of(0) > lexical.rarity_of(1) > lexical.rarity_of(4) > 0


PASSAGES = [
    passage(TEXTS[0], id=1, fact="A-01", attribute="funding rate", programmes=["alpha"]),
    passage(TEXTS[1], id=2, fact="A-02", attribute="deadline", programmes=["alpha"]),
    passage(TEXTS[2], id=3, fact="A-01", attribute="funding rate", programmes=["alpha"], lang="en"),
    passage(TEXTS[3], id=4, programmes=["beta"]),
    passage(TEXTS[4], id=5),
    passage("Quellen: https://a.example/foerderquote https://b.example/foerderquote-stadt-antrag", id=6),
]


@pytest.fixture
def searcher(tmp_path: Path) -> Iterator[Searcher]:
    LexicalIndex.build(tmp_path / "lexical", [(one.text, one.lang) for one in PASSAGES])
    write_passages(tmp_path / "passages.db", [document()], PASSAGES)
    store = PassageStore(tmp_path / "passages.db")
    WindowIndex.room(tmp_path / "windows", [0] * len(PASSAGES), len(AXES)).flush()
    yield Searcher(
        store,
        VectorIndex.build(AXES[: len(PASSAGES)]),
        WindowIndex.load(tmp_path / "windows"),
        LexicalIndex(tmp_path / "lexical"),
        MeanQuestions(np.zeros((2, len(AXES)), dtype=np.float32)),
    )
    store.close()


def query(text: str, near: int = 7, **changes: object) -> Query:
    """A query whose embedding is that of passage `near`, of none by default."""
    values = {"text": text, "lang": "de", "embeddings": AXES[near : near + 1], "asked": asked_attributes(text)}
    return Query(**(values | changes))  # type: ignore[arg-type]


def found(searcher: Searcher, asked: Query) -> list[int]:
    return [hit.passage.id for hit in searcher.search(asked)]


def test_meaning_alone_finds_a_passage(searcher: Searcher) -> None:
    assert found(searcher, query("xylophon", near=4))[0] == 5


def test_words_alone_find_a_passage(searcher: Searcher) -> None:
    assert found(searcher, query("Straßenlaterne und Lärm"))[0] == 5


def test_facts_are_told_in_the_language_of_the_question(searcher: Searcher) -> None:
    german = found(searcher, query("Wie hoch ist die Förderquote?", near=2))
    english = found(searcher, query("What is the funding rate?", near=0, lang="en"))
    assert german[0] == 1 and 3 not in german
    assert english[0] == 3 and 1 not in english


def test_the_facts_of_a_named_programme_are_always_looked_at(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning, "CANDIDATES", 1)
    asked = query("bis wann?", near=3)
    assert found(searcher, asked) == [4], "neither ranking nominates a fact"
    named = {hit.passage.id: hit for hit in searcher.search(replace(asked, programmes=frozenset({"alpha"})))}
    assert {1, 2} <= named.keys()
    assert named[2].attribute and named[2].in_focus


def test_facts_of_other_programmes_answer_nothing(searcher: Searcher) -> None:
    assert {1, 2, 3}.isdisjoint(found(searcher, query("Förderquote", near=0, programmes=frozenset({"beta"}))))


def test_lists_of_addresses_answer_nothing(searcher: Searcher) -> None:
    assert 6 not in found(searcher, query("foerderquote stadt antrag", near=5))


def test_a_number_of_the_question_that_a_passage_lacks_is_told(searcher: Searcher) -> None:
    [hit] = [hit for hit in searcher.search(query("Frist am 15. Mai 2030")) if hit.passage.id == 2]
    assert hit.missing_numbers == {"2030"}


def test_words_that_no_passage_holds_are_counted(searcher: Searcher) -> None:
    known = searcher.search(query("Straßenlaterne Lärm"))[0]
    half = searcher.search(query("Straßenlaterne Xylophonkonzert"))[0]
    assert known.unknown == 0
    assert 0 < half.unknown < 1
    assert half.coverage < known.coverage
