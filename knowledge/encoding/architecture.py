"""What a sentence-transformers folder says of its model, and whether a graph can be built from it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

_WEIGHTS = "model.safetensors"
_TOKENIZER = "tokenizer.json"
# Architectures that are BERT's but for where positions begin: after the padding token's number, or at 0.
_FROM_PADDING = frozenset({"xlm-roberta", "roberta", "camembert"})
_FROM_ZERO = frozenset({"bert"})

Pooling = Literal["mean", "cls"]


class Unconvertible(Exception):
    """The model is not one that `graph` can build; the message says what is in the way."""


@dataclass(frozen=True)
class Architecture:
    """Sizes and conventions of an encoder of BERT's kind."""

    folder: Path
    hidden: int
    heads: int
    layers: int
    epsilon: float
    padding: int
    first_position: int
    max_tokens: int
    pooling: Pooling

    @property
    def weights(self) -> Path:
        """The model's tensors."""
        return self.folder / _WEIGHTS

    @property
    def tokenizer(self) -> Path:
        """The tokenizer as the library `tokenizers` keeps it."""
        return self.folder / _TOKENIZER


def architecture(folder: Path) -> Architecture:
    """The architecture of the model in a sentence-transformers folder.

    Raises `Unconvertible` where it has other parts than an encoder of BERT's kind, mean or first-token pooling and
    normalisation, or lacks a file; reads configuration files only.
    """
    modules = _modules(folder)
    config = _read(folder / modules["Transformer"] / "config.json")
    kind = config.get("model_type")
    _require(kind in _FROM_PADDING | _FROM_ZERO, f"its architecture is {kind}")
    _require(config.get("hidden_act") == "gelu", f"its activation is {config.get('hidden_act')}")
    positions = config.get("position_embedding_type") or "absolute"
    _require(positions == "absolute", f"its position embeddings are {positions}")
    _require(not config.get("is_decoder"), "it is a decoder")
    root = folder / modules["Transformer"]
    for name in (_WEIGHTS, _TOKENIZER):
        _require((root / name).is_file(), f"it has no {name}")
    own = _read(root / "sentence_bert_config.json", {})
    _require(not own.get("do_lower_case"), "its texts are lower-cased before the tokenizer")
    first = config["pad_token_id"] + 1 if kind in _FROM_PADDING else 0
    return Architecture(
        folder=root,
        hidden=config["hidden_size"],
        heads=config["num_attention_heads"],
        layers=config["num_hidden_layers"],
        epsilon=config["layer_norm_eps"],
        padding=config.get("pad_token_id") or 0,
        first_position=first,
        max_tokens=_max_tokens(root, own, config["max_position_embeddings"] - first),
        pooling=_pooling(folder / modules["Pooling"]),
    )


def prompts(folder: Path) -> dict[str, str]:
    """The prompts that a sentence-transformers folder names, by task."""
    named = _read(folder / "config_sentence_transformers.json", {}).get("prompts") or {}
    return {str(name): str(prompt) for name, prompt in named.items()}


def _modules(folder: Path) -> dict[str, str]:
    """Subfolder of each module by its class."""
    modules = {str(one["type"]).rpartition(".")[2]: str(one["path"]) for one in _read(folder / "modules.json")}
    strange = set(modules) - {"Transformer", "Pooling", "Normalize"}
    _require(not strange, f"it has the module {', '.join(sorted(strange))}")
    _require({"Transformer", "Pooling"} <= set(modules), "it has no pooling")
    return modules


def _pooling(folder: Path) -> Pooling:
    config = _read(folder / "config.json")
    _require(bool(config.get("include_prompt", True)), "it leaves the prompt out of the pooling")
    known: dict[str, Pooling] = {"mean": "mean", "cls": "cls"}
    # Since version 5.4 of sentence-transformers a name; before that a flag for each way.
    flags = {"pooling_mode_mean_tokens": "mean", "pooling_mode_cls_token": "cls"}
    set_flags = [flags.get(name, name) for name, value in config.items() if name.startswith("pooling_mode_") and value]
    chosen = [config["pooling_mode"]] if "pooling_mode" in config else set_flags
    _require(len(chosen) == 1 and chosen[0] in known, f"its pooling is {', '.join(map(str, chosen)) or 'not named'}")
    return known[chosen[0]]


def _max_tokens(root: Path, own: dict[str, Any], positions: int) -> int:
    stated = own.get("max_seq_length") or _read(root / "tokenizer_config.json", {}).get("model_max_length")
    return min(int(stated), positions) if stated else positions


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Unconvertible(otherwise)


def _read(path: Path, default: Any = None) -> Any:
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        if default is not None:
            return default
        raise Unconvertible(f"it has no {path.name}") from None
    except ValueError:
        raise Unconvertible(f"its {path.name} is damaged") from None
