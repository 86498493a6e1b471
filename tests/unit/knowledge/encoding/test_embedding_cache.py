"""The cache in front of the embedder: nothing is embedded twice, and no trouble with its file stops a build."""

import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from knowledge.encoding.embedding import Embedder, Progress, Vectors
from knowledge.encoding.embedding_cache import EmbeddingCache, embed_with_cache
from tests.unit.knowledge.samples import PASSAGES


def one_hot(position: int, dimensions: int = 384) -> "np.ndarray[tuple[int, ...], np.dtype[np.float32]]":
    return np.eye(dimensions, dtype=np.float32)[position]


def test_a_text_is_embedded_once(tmp_path: Path, embedder: Embedder) -> None:
    cache = EmbeddingCache(tmp_path / "cache" / "embeddings.db")
    first = embed_with_cache(embedder, cache, PASSAGES)
    assert (first * embedder.embed_passages(PASSAGES)).sum(axis=1).min() > 0.9995

    cache.put(embedder.model_id, {PASSAGES[2]: one_hot(7)})  # what the model would never answer
    seen: list[tuple[int, int]] = []
    again = embed_with_cache(embedder, cache, [*PASSAGES[::-1], PASSAGES[2]], lambda *state: seen.append(state))
    np.testing.assert_array_equal(again[2], one_hot(7))
    np.testing.assert_array_equal(again[5], one_hot(7))
    np.testing.assert_array_equal(again[[0, 1, 3, 4]], first[[4, 3, 1, 0]])
    assert seen == [(5, 5)]


def test_only_new_texts_are_computed(tmp_path: Path, embedder: Embedder) -> None:
    cache = EmbeddingCache(tmp_path / "embeddings.db")
    embed_with_cache(embedder, cache, PASSAGES)
    seen: list[tuple[int, int]] = []
    vectors = embed_with_cache(embedder, cache, [*PASSAGES, "neu", "neu"], lambda *state: seen.append(state))
    assert seen == [(5, 6), (6, 6)]
    np.testing.assert_array_equal(vectors[5], vectors[6])
    assert embed_with_cache(embedder, cache, []).shape == (0, 384)


class SlowEmbedder(Embedder):
    """Embeds one text after the other, and says so."""

    def __init__(self) -> None:
        self.model_id, self.dimensions = "slow", 384

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        for done in range(len(texts)):
            assert progress is not None
            progress(done, len(texts))
        return np.array([one_hot(1)] * len(texts))


def test_how_far_it_is_is_told_while_texts_are_embedded(tmp_path: Path) -> None:
    cache, seen = EmbeddingCache(tmp_path / "embeddings.db"), []
    cache.put("slow", {"Satz 0": one_hot(2)})
    texts = [f"Satz {number}" for number in range(4)]
    embed_with_cache(SlowEmbedder(), cache, texts, lambda *state: seen.append(state))
    assert list(dict.fromkeys(seen)) == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_models_do_not_share_embeddings(tmp_path: Path) -> None:
    cache = EmbeddingCache(tmp_path / "embeddings.db")
    cache.put("one", {"Text": one_hot(1)})
    cache.put("two", {"Text": one_hot(2, dimensions=768)})
    np.testing.assert_array_equal(cache.get("one", ["Text", "other"])["Text"], one_hot(1))
    assert cache.get("two", ["Text"])["Text"].shape == (768,)
    assert cache.get("three", ["Text"]) == {}


def test_the_cache_takes_many_texts_at_once(tmp_path: Path) -> None:
    cache = EmbeddingCache(tmp_path / "embeddings.db")
    texts = [f"Text {number}" for number in range(40_000)]
    cache.put("one", {texts[-1]: one_hot(1)})
    assert list(cache.get("one", texts)) == [texts[-1]]


@pytest.mark.parametrize("kept", [0, 4096, 6000])
def test_a_damaged_cache_is_started_anew(tmp_path: Path, kept: int, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "embeddings.db"
    cache = EmbeddingCache(path)
    cache.put("one", {f"Text {number}": one_hot(number) for number in range(300)})
    path.write_bytes(path.read_bytes()[:kept] + b"damaged " * 1000)

    assert cache.get("one", [f"Text {number}" for number in range(300)]) == {}
    assert "damaged" in caplog.text
    cache.put("one", {"Text": one_hot(2)})
    np.testing.assert_array_equal(cache.get("one", ["Text"])["Text"], one_hot(2))


def test_a_damaged_embedding_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "embeddings.db"
    cache = EmbeddingCache(path)
    cache.put("one", {"cut": one_hot(1), "zeroed": one_hot(2), "odd": one_hot(3), "whole": one_hot(4)})
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE embeddings SET vector = zeroblob(1536) WHERE vector = ?", [one_hot(2).tobytes()])
        connection.execute("UPDATE embeddings SET vector = x'00' WHERE vector = ?", [one_hot(3).tobytes()])
        connection.execute("UPDATE embeddings SET vector = x'' WHERE vector = ?", [one_hot(1).tobytes()])
    connection.close()
    assert list(cache.get("one", ["cut", "zeroed", "odd", "whole"])) == ["whole"]


def test_a_cache_that_cannot_be_opened_costs_only_time(
    tmp_path: Path, embedder: Embedder, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    for place in (tmp_path / "file" / "embeddings.db", tmp_path):
        vectors = embed_with_cache(embedder, EmbeddingCache(place), ["Text"])
        np.testing.assert_allclose(vectors, embedder.embed_passages(["Text"]), atol=1e-5)
    assert caplog.text.count("cannot be used") == 4


def test_two_processes_may_write_at_once(tmp_path: Path) -> None:
    script = """
import sys
from collections.abc import Sequence
from pathlib import Path
import numpy as np
from knowledge.encoding.embedding_cache import EmbeddingCache

cache = EmbeddingCache(Path(sys.argv[1]))
for number in range(50):
    cache.put("one", {f"{sys.argv[2]} {number}": np.eye(384, dtype=np.float32)[number]})
"""
    path = tmp_path / "embeddings.db"
    writers = [subprocess.Popen([sys.executable, "-c", script, str(path), name]) for name in "ab"]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0]
    found = EmbeddingCache(path).get("one", [f"{name} {number}" for name in "ab" for number in range(50)])
    assert len(found) == 100
    np.testing.assert_array_equal(found["b 49"], one_hot(49))
