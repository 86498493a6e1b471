"""Embeddings: right prompts, right order, right model."""

import json
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from knowledge.encoding.embedding import Embedder, Vectors
from knowledge.encoding.model_name import model_id
from knowledge.errors import StadtlotseError
from knowledge.settings import Settings
from tests.unit.knowledge.samples import PASSAGES


def linked_copy(model: Path, to: Path) -> Path:
    """A copy of `model` that takes no space; its files are to be replaced, not changed."""
    shutil.copytree(model, to, copy_function=lambda source, target: Path(target).hardlink_to(source))
    return to


def named(model: Path | str, var: Path = Path("/nowhere")) -> Settings:
    return Settings(embedding_model=str(model), var=var)


@pytest.fixture(scope="module")
def plain(model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    """The shipped model as any folder is taken: without what was learned about questions."""
    return Embedder.load(named(model_folder, tmp_path_factory.mktemp("plain")))


def assert_alike(vectors: Vectors, others: Vectors) -> None:
    """Same rows; how texts stand together in batches decides about the last of their bits."""
    assert vectors.shape == others.shape
    assert (vectors * others).sum(axis=1).min() > 0.9995


def test_rows_follow_the_texts_whatever_their_length(embedder: Embedder) -> None:
    together = embedder.embed_passages(PASSAGES)
    alone = np.concatenate([embedder.embed_passages([passage]) for passage in PASSAGES])
    assert_alike(together, alone)


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
    assert_alike(vectors, expected)


def test_an_e5_model_without_prompts_gets_those_of_its_family(
    tmp_path: Path, model_folder: Path, plain: Embedder
) -> None:
    folder = linked_copy(model_folder, tmp_path / "our-e5-tuned")
    (folder / "config_sentence_transformers.json").unlink()
    other = Embedder.load(named(folder, tmp_path))
    assert other.model_id == model_id(named(folder))
    assert_alike(other.embed_queries(PASSAGES), plain.embed_queries(PASSAGES))
    assert_alike(other.embed_passages(PASSAGES), plain.embed_passages(PASSAGES))


def test_a_models_own_prompts_are_used(tmp_path: Path, model_folder: Path, plain: Embedder) -> None:
    folder = linked_copy(model_folder, tmp_path / "own-prompts")
    (folder / "config_sentence_transformers.json").unlink()
    prompts = {"prompts": {"query": "passage: ", "document": "query: "}}
    (folder / "config_sentence_transformers.json").write_text(json.dumps(prompts))
    other = Embedder.load(named(folder, tmp_path))
    assert_alike(other.embed_queries(PASSAGES), plain.embed_passages(PASSAGES))
    assert_alike(other.embed_passages(PASSAGES), plain.embed_queries(PASSAGES))


def test_the_model_id_names_the_model(embedder: Embedder) -> None:
    assert model_id(named("")) == embedder.model_id == "multilingual-e5-small+int8"
    assert model_id(named("intfloat/multilingual-e5-base")) == "intfloat/multilingual-e5-base+int8"


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
        "import sys; from knowledge.encoding.model_name import model_id; from knowledge.settings import Settings;"
        "model_id(Settings(embedding_model=sys.argv[1]));"
        "print({'torch', 'transformers', 'sentence_transformers', 'tokenizers', 'openvino'} & set(sys.modules))"
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
        Embedder.load(named(tmp_path, tmp_path))


def test_questions_are_embedded_with_what_was_learned_about_them_and_passages_as_before(
    embedder: Embedder, plain: Embedder
) -> None:
    assert_alike(embedder.embed_passages(PASSAGES), plain.embed_passages(PASSAGES))
    questions = ["Wo kann ich Deutsch lernen?", "Wer hilft mir bei der Anmeldung meines Kindes?"]
    alike = (embedder.embed_queries(questions) * plain.embed_queries(questions)).sum(axis=1)
    assert (alike < 0.999).all() and (alike > 0.7).all()
