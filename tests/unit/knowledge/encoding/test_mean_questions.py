"""Questions moved from one language to the other."""

from pathlib import Path

import numpy as np
import pytest

from knowledge.encoding.embedding import Embedder
from knowledge.encoding.mean_questions import MeanQuestions
from knowledge.messages import LANGUAGES

# None of them is among the questions that the means are made of.
GERMAN = [
    "Welche Unterlagen braucht die Kämmerei für den Bericht über die Parkplätze?",
    "Wer betreut die Sensoren an den Bäumen?",
    "Wann tagt der Ausschuss für Digitales wieder?",
]
ENGLISH = [
    "Which papers does the treasury need for the report on the car parks?",
    "Who looks after the sensors on the trees?",
    "When does the committee on digital affairs meet again?",
]


@pytest.fixture(scope="module")
def means(embedder: Embedder) -> MeanQuestions:
    return MeanQuestions.of(embedder)


def test_moving_takes_the_difference_of_languages_away(embedder: Embedder, means: MeanQuestions) -> None:
    german, english = embedder.embed_queries(GERMAN), embedder.embed_queries(ENGLISH)
    before = np.sum(german * english, axis=1)
    assert (np.sum(means.moved(german, "de", "en") * english, axis=1) > before).all()
    assert (np.sum(german * means.moved(english, "en", "de"), axis=1) > before).all()


def test_moved_questions_have_length_one(embedder: Embedder, means: MeanQuestions) -> None:
    moved = means.moved(embedder.embed_queries(GERMAN), "de", "en")
    np.testing.assert_allclose(np.linalg.norm(moved, axis=1), 1, atol=1e-5)


def test_within_a_language_nothing_is_moved(embedder: Embedder, means: MeanQuestions) -> None:
    german = embedder.embed_queries(GERMAN)
    np.testing.assert_array_equal(means.moved(german, "de", "de"), german)


def test_means_are_read_as_they_were_saved(tmp_path: Path, means: MeanQuestions) -> None:
    means.save(tmp_path / "means.npy")
    again = MeanQuestions.load(tmp_path / "means.npy")
    for lang in LANGUAGES:
        np.testing.assert_array_equal(again.mean(lang), means.mean(lang))
    assert not np.array_equal(means.mean("de"), means.mean("en"))


def test_missing_and_damaged_means_are_told(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        MeanQuestions.load(tmp_path / "means.npy")
    (tmp_path / "means.npy").write_bytes(b"no array")
    with pytest.raises(ValueError):
        MeanQuestions.load(tmp_path / "means.npy")
