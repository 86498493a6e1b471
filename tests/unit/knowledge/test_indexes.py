"""The two indexes, and the search that joins them."""

from pathlib import Path

import numpy as np
import pytest

from knowledge.attributes import asked_attributes
from knowledge.lexical import LexicalIndex
from knowledge.search import Query, Searcher
from knowledge.vectors import VectorIndex
from tests.unit.knowledge.samples import passage

TEXTS = [
    "Die Förderquote beträgt 65 Prozent der Kosten.",
    "Der Antrag ist bis zur Frist am 15. April zu stellen.",
    "The funding rate is 65 per cent of the costs.",
    "Das Projektbüro der Stadt sitzt in Berlin.",
    "Die Straßenlaternen messen den Lärm in der Stadt.",
]
AXES = np.eye(8, dtype=np.float32)


@pytest.fixture
def lexical(tmp_path: Path) -> LexicalIndex:
    """An index that was saved and opened again."""
    LexicalIndex.build(TEXTS, ["de", "de", "en", "de", "de"]).save(tmp_path / "lexical")
    return LexicalIndex.load(tmp_path / "lexical")


def best(lexical: LexicalIndex, question: str) -> int:
    stems = [stem for _, stems in lexical.terms.query_words(question, "de") for stem in stems]
    scores = lexical.scores([known for stem in stems if (known := lexical.known(stem))])
    assert scores.shape == (len(TEXTS),)
    return int(scores.argmax())


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("Wie hoch ist die Quote der Förderung?", 0),
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
    assert lexical.scores([]).tolist() == [0] * len(TEXTS)
    assert lexical.known("xylophon") is None
    assert "xylophon" not in lexical


def test_compounds_are_relatives_of_their_parts(lexical: LexicalIndex) -> None:
    assert "projektburo" in lexical.relatives("buro")
    assert lexical.relatives("in") == []


def test_the_holders_of_a_term_are_the_passages_with_it(lexical: LexicalIndex) -> None:
    assert sorted(lexical.holders("stadt").tolist()) == [3, 4]


def test_rare_terms_weigh_more(lexical: LexicalIndex) -> None:
    assert lexical.rarity_of(0) > lexical.rarity_of(1) > lexical.rarity_of(4) > 0


def test_vectors_come_back_by_their_nearness(tmp_path: Path) -> None:
    VectorIndex.build(AXES[:5]).save(tmp_path / "vectors.faiss")
    vectors = VectorIndex.load(tmp_path / "vectors.faiss")
    queries = np.stack([0.8 * AXES[3] + 0.6 * AXES[1], AXES[4]])
    cosines, numbers = vectors.nearest(queries, 2)
    assert vectors.size == 5
    assert numbers[0].tolist() == [3, 1]
    np.testing.assert_allclose(cosines[0], [0.8, 0.6], atol=1e-6)
    assert numbers[1][0] == 4
    np.testing.assert_allclose(vectors.cosines(queries, [1, 4]), [[0.6, 0], [0, 1]], atol=1e-6)
    assert vectors.nearest(queries, 100)[1].shape == (2, 5)


PASSAGES = [
    passage(TEXTS[0], id=1, fact="A-01", attribute="funding rate", programmes=["alpha"]),
    passage(TEXTS[1], id=2, fact="A-02", attribute="deadline", programmes=["alpha"]),
    passage(TEXTS[2], id=3, fact="A-01", attribute="funding rate", programmes=["alpha"], lang="en"),
    passage(TEXTS[3], id=4, programmes=["beta"]),
    passage(TEXTS[4], id=5),
    passage("Quellen: https://a.example/foerderquote https://b.example/foerderquote-stadt-antrag", id=6),
]


@pytest.fixture
def searcher() -> Searcher:
    texts = [one.text for one in PASSAGES]
    index = LexicalIndex.build(texts, [one.lang for one in PASSAGES])
    return Searcher(PASSAGES, VectorIndex.build(AXES[: len(PASSAGES)]), index)


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


def test_the_facts_of_a_named_programme_are_always_looked_at(searcher: Searcher) -> None:
    hits = searcher.search(query("bis wann?", near=3, programmes=frozenset({"alpha"})))
    assert hits[0].passage.id == 2
    assert hits[0].attribute and hits[0].in_focus


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
