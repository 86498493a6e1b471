"""The vector index in both of its kinds."""

from pathlib import Path

import numpy as np
import pytest

from knowledge.indexing.vectors import VectorIndex, Vectors

SIZE = 4000
DIMENSIONS = 32


def unit(rows: Vectors) -> Vectors:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    """Vectors in clusters, as those of texts are."""
    rng = np.random.default_rng(3)
    centres = rng.standard_normal((50, DIMENSIONS))
    return unit(centres[rng.integers(0, 50, SIZE)] + 0.7 * rng.standard_normal((SIZE, DIMENSIONS)))


@pytest.fixture(scope="module")
def queries(vectors: Vectors) -> Vectors:
    rng = np.random.default_rng(4)
    return unit(vectors[rng.integers(0, SIZE, 50)] + 0.1 * rng.standard_normal((50, DIMENSIONS)))


@pytest.fixture(scope="module", params=[SIZE, SIZE - 1], ids=["flat", "IVF-PQ"])
def index(request: pytest.FixtureRequest, vectors: Vectors, tmp_path_factory: pytest.TempPathFactory) -> VectorIndex:
    """Saved and opened again; flat up to as many vectors as there are, or one fewer."""
    folder = tmp_path_factory.mktemp("vectors")
    VectorIndex.build(vectors, flat_up_to=request.param).save(folder)
    opened = VectorIndex.load(folder)
    assert opened.kind == ("flat" if request.param == SIZE else "IVF-PQ")
    return opened


def test_the_nearest_are_those_of_comparing_all(index: VectorIndex, vectors: Vectors, queries: Vectors) -> None:
    true = np.argsort(-(queries @ vectors.T), axis=1)[:, :10]
    cosines, numbers = index.nearest(queries, 10)
    assert index.size == SIZE
    assert numbers.shape == (50, 10)
    found = [len(set(some) & set(all_)) for some, all_ in zip(numbers.tolist(), true.tolist(), strict=True)]
    assert sum(found) / true.size >= (1.0 if index.kind == "flat" else 0.97)
    np.testing.assert_allclose(cosines, np.take_along_axis(queries @ vectors.T, numbers, 1), atol=1e-3)
    assert (np.diff(cosines) <= 0).all()


def test_cosines_are_exact(index: VectorIndex, vectors: Vectors, queries: Vectors) -> None:
    numbers = [7, 3999, 7]
    np.testing.assert_allclose(index.cosines(queries[:2], numbers), queries[:2] @ vectors[numbers].T, atol=1e-3)


def test_only_the_wanted_passages_are_found(index: VectorIndex, vectors: Vectors, queries: Vectors) -> None:
    within = np.arange(0, SIZE, 100)
    _, numbers = index.nearest(queries, 5, within)
    true = within[np.argsort(-(queries @ vectors[within].T), axis=1)[:, :5]]
    assert numbers.tolist() == true.tolist()
    assert index.nearest(queries, 5, within[:2])[1].shape == (50, 2)


def test_vectors_filled_in_on_disk_make_the_same_index(vectors: Vectors, queries: Vectors, tmp_path: Path) -> None:
    room = VectorIndex.room(tmp_path / "index", SIZE, DIMENSIONS)
    for start in (2000, 0):
        room[start : start + 2000] = vectors[start : start + 2000]
    VectorIndex.build(room).save(tmp_path / "index")
    del room
    opened = VectorIndex.load(tmp_path / "index")
    expected = VectorIndex.build(vectors).nearest(queries, 10)
    for got, wanted in zip(opened.nearest(queries, 10), expected, strict=True):
        assert got.tolist() == wanted.tolist()
