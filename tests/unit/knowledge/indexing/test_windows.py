"""The windows of passages, and their embeddings on disk."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from knowledge import tuning
from knowledge.indexing.windows import WindowIndex, windows_of
from knowledge.linguistics.text import sentences

SENTENCE = "Die Gemeinde erhält in diesem Jahr eine Förderung vom Land."  # ten words
LONG = " ".join([SENTENCE] * 12)


def test_windows_are_runs_of_whole_sentences() -> None:
    text = f"{LONG}\n– ein Plan\n– ein Beschluss\n{'weit ' * (2 * tuning.WINDOW_WORDS)}.\n{SENTENCE}"
    spans = windows_of(text)
    starts, ends = ([span[side] for span in sentences(text)] for side in (0, 1))
    assert {start for start, _ in spans} <= set(starts)
    assert {end for _, end in spans} <= set(ends)
    told = " ".join(text[start:end] for start, end in spans)
    assert told.split() == text.split()


def test_windows_are_as_long_as_whole_sentences_allow() -> None:
    lengths = [len(LONG[start:end].split()) for start, end in windows_of(LONG)]
    fitting = tuning.WINDOW_WORDS // 10 * 10
    assert lengths[:-1] == [fitting] * (len(lengths) - 1)
    assert lengths[-1] <= fitting


@pytest.mark.parametrize("text", ["", SENTENCE, "weit " * (2 * tuning.WINDOW_WORDS)])
def test_a_text_of_one_window_has_none(text: str) -> None:
    assert windows_of(text) == []


def opened(folder: Path, counts: list[int]) -> tuple[WindowIndex, npt.NDArray[np.float32]]:
    """An index of so many windows a passage that was written and opened again, and the vectors in it."""
    vectors = np.random.default_rng(1).normal(size=(sum(counts), 8)).astype(np.float16)
    room = WindowIndex.room(folder, counts, 8)
    room[: len(vectors)] = vectors
    room.flush()  # type: ignore[attr-defined]
    return WindowIndex.load(folder), vectors.astype(np.float32)


def test_windows_are_compared_passage_by_passage(tmp_path: Path) -> None:
    index, vectors = opened(tmp_path / "windows", [2, 0, 3, 1])
    questions = np.random.default_rng(2).normal(size=(2, 8)).astype(np.float32)
    cosines, first = index.cosines(questions, np.array([2, 1, 0]))
    assert first.tolist() == [0, 3, 3, 5]
    np.testing.assert_allclose(cosines, questions @ vectors[[2, 3, 4, 0, 1]].T, rtol=1e-5, atol=1e-5)


def test_passages_without_windows_have_no_cosines(tmp_path: Path) -> None:
    index, _ = opened(tmp_path / "windows", [0, 0])
    cosines, first = index.cosines(np.ones((3, 8), dtype=np.float32), np.array([0, 1]))
    assert cosines.shape == (3, 0)
    assert first.tolist() == [0, 0, 0]


def test_missing_and_damaged_windows_are_told(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        WindowIndex.load(tmp_path)
    opened(tmp_path, [2])
    (tmp_path / "embeddings.npy").write_bytes(b"no array")
    with pytest.raises(ValueError):
        WindowIndex.load(tmp_path)
