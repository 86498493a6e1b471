"""Embeddings: right prompts, right order, right model; and the cache in front of them."""

import json
import shutil
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from knowledge.embedding import Embedder, EmbeddingCache, embed_with_cache, model_id
from knowledge.errors import StadtlotseError
from knowledge.settings import Settings

PASSAGES = [
    "The deadline for applications is 31 March.",
    "Sensoren messen den Füllstand der Abfallbehälter. " * 20,
    "Die Förderquote beträgt 65 Prozent.",
    "",
    "Offene Daten werden im Portal der Stadt veröffentlicht. " * 4,
]


def linked_copy(model: Path, to: Path) -> Path:
    """A copy of `model` that takes no space; its files are to be replaced, not changed."""
    shutil.copytree(model, to, copy_function=lambda source, target: Path(target).hardlink_to(source))
    return to


def one_hot(position: int, dimensions: int = 384) -> "np.ndarray[tuple[int, ...], np.dtype[np.float32]]":
    return np.eye(dimensions, dtype=np.float32)[position]


def named(model: Path | str) -> Settings:
    return Settings(embedding_model=str(model))


def test_rows_follow_the_texts_whatever_their_length(embedder: Embedder) -> None:
    together = embedder.embed_passages(PASSAGES)
    alone = np.concatenate([embedder.embed_passages([passage]) for passage in PASSAGES])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_embeddings_are_normalised_rows_of_single_precision(embedder: Embedder) -> None:
    for vectors in (embedder.embed_queries(PASSAGES), embedder.embed_passages(PASSAGES)):
        assert vectors.dtype == np.float32
        assert vectors.shape == (len(PASSAGES), embedder.dimensions) == (5, 384)
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert embedder.embed_queries([]).shape == embedder.embed_passages([]).shape == (0, 384)


def test_a_question_is_nearest_to_its_answer_in_either_language(embedder: Embedder) -> None:
    questions = ["Bis wann kann man sich bewerben?", "Wie voll sind die Mülltonnen?", "Wie hoch ist der Zuschuss?"]
    german = ["Anträge nimmt die Stelle bis zum 31. März an.", PASSAGES[1], PASSAGES[2]]
    english = [PASSAGES[0], "Sensors measure the fill level of waste containers.", "The funding rate is 65 per cent."]
    for answers in (german, english):
        scores = embedder.embed_queries(questions) @ embedder.embed_passages(answers).T
        assert scores.argmax(axis=1).tolist() == [0, 1, 2]


def test_progress_ends_with_all_texts(embedder: Embedder) -> None:
    seen: list[tuple[int, int]] = []
    embedder.embed_passages(["Text"] * 300, lambda done, of: seen.append((done, of)))
    assert len(seen) > 1
    assert seen == sorted(seen)
    assert seen[-1] == (300, 300)


def test_half_a_surrogate_pair_is_no_obstacle(embedder: Embedder) -> None:
    assert np.isfinite(embedder.embed_queries(["Was ist das \ud83d?"])).all()


def test_threads_may_share_an_embedder(embedder: Embedder) -> None:
    questions = ["Frage " * length for length in range(1, 25)]
    expected = np.concatenate([embedder.embed_queries([question]) for question in questions])
    with ThreadPoolExecutor(6) as pool:
        vectors = np.concatenate(list(pool.map(lambda question: embedder.embed_queries([question]), questions)))
    np.testing.assert_allclose(vectors, expected, atol=1e-5)


def test_an_e5_model_without_prompts_gets_those_of_its_family(
    tmp_path: Path, model_folder: Path, embedder: Embedder
) -> None:
    folder = linked_copy(model_folder, tmp_path / "our-e5-tuned")
    (folder / "config_sentence_transformers.json").unlink()
    other = Embedder.load(named(folder))
    assert other.model_id == model_id(named(folder))
    np.testing.assert_allclose(other.embed_queries(PASSAGES), embedder.embed_queries(PASSAGES), atol=1e-5)
    np.testing.assert_allclose(other.embed_passages(PASSAGES), embedder.embed_passages(PASSAGES), atol=1e-5)


def test_a_models_own_prompts_are_used(tmp_path: Path, model_folder: Path, embedder: Embedder) -> None:
    folder = linked_copy(model_folder, tmp_path / "own-prompts")
    (folder / "config_sentence_transformers.json").unlink()
    prompts = {"prompts": {"query": "passage: ", "document": "query: "}}
    (folder / "config_sentence_transformers.json").write_text(json.dumps(prompts))
    other = Embedder.load(named(folder))
    np.testing.assert_allclose(other.embed_queries(PASSAGES), embedder.embed_passages(PASSAGES), atol=1e-5)
    np.testing.assert_allclose(other.embed_passages(PASSAGES), embedder.embed_queries(PASSAGES), atol=1e-5)


def test_the_model_id_names_the_model(embedder: Embedder) -> None:
    assert model_id(named("")) == embedder.model_id == "multilingual-e5-small"
    assert model_id(named("intfloat/multilingual-e5-base")) == "intfloat/multilingual-e5-base"


def test_the_model_id_of_a_folder_changes_with_its_content(tmp_path: Path, model_folder: Path) -> None:
    folder = linked_copy(model_folder, tmp_path / "tuned")
    before = model_id(named(folder))
    assert before.startswith("tuned@")
    weights = np.fromfile(folder / "model.safetensors", np.uint8)
    weights[len(weights) // 2 :] ^= 1  # as after more training: same size, other numbers
    (folder / "model.safetensors").unlink()
    weights.tofile(folder / "model.safetensors")
    assert model_id(named(folder)) != before


def test_the_model_id_is_quick_and_loads_no_model(model_folder: Path) -> None:
    start = time.perf_counter()
    model_id(named(model_folder))
    assert time.perf_counter() - start < 0.5
    script = (
        "import sys; from knowledge.embedding import model_id; from knowledge.settings import Settings;"
        "model_id(Settings(embedding_model=sys.argv[1]));"
        "print({'torch', 'transformers', 'sentence_transformers', 'tokenizers'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", script, str(model_folder)]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == "set()\n"


@pytest.mark.parametrize("name", ["/nowhere/model", "./nowhere", "~/nowhere/model", "a/b/c"])
def test_a_folder_that_is_not_there_is_reported(name: str) -> None:
    for act in (model_id, Embedder.load):
        with pytest.raises(StadtlotseError, match=r"STADTLOTSE_EMBEDDING_MODEL does not exist"):
            act(named(name))


def test_a_model_that_was_not_downloaded_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    with pytest.raises(StadtlotseError, match=r"^The embedding model someone/absent from STADTLOTSE_EMBEDDING_MODEL"):
        Embedder.load(named("someone/absent"))


def test_a_folder_without_a_model_is_reported(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(StadtlotseError, match="cannot be loaded"):
        Embedder.load(named(tmp_path))


def test_a_text_is_embedded_once(tmp_path: Path, embedder: Embedder) -> None:
    cache = EmbeddingCache(tmp_path / "cache" / "embeddings.db")
    first = embed_with_cache(embedder, cache, PASSAGES)
    np.testing.assert_allclose(first, embedder.embed_passages(PASSAGES), atol=1e-5)

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
from pathlib import Path
import numpy as np
from knowledge.embedding import EmbeddingCache

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
