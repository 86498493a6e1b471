"""An encoder of BERT's kind as an OpenVINO graph with 8-bit weights, straight from its tensors.

Built here rather than converted, because conversion needs PyTorch in memory and 8-bit weights a further library. The
weights of a matrix multiplication are one signed byte each, with one scale a row (symmetric, as in Dettmers et al.
2022, "LLM.int8()", section 2.1); the processor's plugin quantises the activations as they come, row by row.
"""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.encoding.adapter import Adapter
from knowledge.encoding.architecture import Architecture, Unconvertible

# The conversion tools report their use to the vendor. Nothing here needs them, so they are never imported.
sys.modules.setdefault("openvino.tools.ovc", None)  # type: ignore[arg-type]

import openvino  # noqa: E402
from openvino import opset13 as ops  # noqa: E402

__all__ = ["encoder_graph", "openvino", "save_graph"]

Floats = NDArray[np.float32]

# Before the softmax, in place of minus infinity: e^-10000 is 0 in single precision.
_MASKED = -10_000.0
_WORDS = "embeddings.word_embeddings.weight"
# Rows of the word table that are turned into 8 bits at once: all of them would fill 400 MB for a moment.
_ROWS = 16_384


def encoder_graph(architecture: Architecture, adapter: Adapter | None = None) -> openvino.Model:
    """The model from token numbers and mask, both (texts, tokens), to normalised embeddings (texts, hidden).

    An `adapter`'s changes become part of the weights. Raises `Unconvertible` where the file lacks a tensor that the
    architecture needs.
    """
    with ExitStack() as stack:
        tensors = _Tensors(architecture.weights, stack, adapter)
        return _Builder(architecture, tensors).model()


def save_graph(model: openvino.Model, path: Path) -> None:
    """Write a model as `path` (.xml) and its weights beside it (.bin)."""
    openvino.save_model(model, str(path), compress_to_fp16=False)


class _Tensors:
    """The tensors of a safetensors file by the names they have in BertModel."""

    def __init__(self, path: Path, stack: ExitStack, adapter: Adapter | None) -> None:
        from safetensors import safe_open

        self._adapter = adapter
        self._file: Any = stack.enter_context(safe_open(str(path), framework="numpy"))  # type: ignore[arg-type, no-untyped-call]
        self._names: set[str] = set(self._file.keys())
        # A model that was saved with a head has a prefix before its encoder's names.
        self._prefix = next((name[: -len(_WORDS)] for name in sorted(self._names) if name.endswith(_WORDS)), "")

    def __call__(self, name: str) -> Floats:
        """One tensor in single precision."""
        tensor = np.asarray(self._file.get_tensor(self._known(name)), dtype=np.float32)
        return self._adapter.changed(name, tensor) if self._adapter else tensor

    def rows(self, name: str) -> Iterator[Floats]:
        """A matrix in single precision, some rows at a time."""
        matrix = self._file.get_slice(self._known(name))
        count = matrix.get_shape()[0]
        for start in range(0, count, _ROWS):
            yield np.asarray(matrix[start : min(start + _ROWS, count)], dtype=np.float32)

    def _known(self, name: str) -> str:
        if self._prefix + name not in self._names:
            raise Unconvertible(f"its weights lack {name}")
        return self._prefix + name


class _Builder:
    def __init__(self, architecture: Architecture, tensors: _Tensors) -> None:
        self._sizes = architecture
        self._tensors = tensors

    def model(self) -> openvino.Model:
        tokens = ops.parameter([-1, -1], openvino.Type.i32, "tokens")
        mask = ops.parameter([-1, -1], openvino.Type.f32, "mask")
        states = self._embedded(tokens)
        scores = ops.unsqueeze(ops.multiply(ops.subtract(_floats(1.0), mask), _floats(_MASKED)), _numbers([1, 2]))
        for layer in range(self._sizes.layers):
            states = self._layer(f"encoder.layer.{layer}.", states, scores)
        normalised = ops.normalize_l2(self._pooled(states, mask), _numbers([1]), 1e-12, "max")
        return openvino.Model([normalised], [tokens, mask], "encoder")

    def _embedded(self, tokens: Any) -> Any:
        table = _decompressed(*_joined(_quantised(rows) for rows in self._tensors.rows(_WORDS)))
        words = ops.gather(table, tokens, _number(0))
        positions = self._tensors("embeddings.position_embeddings.weight")[self._sizes.first_position :]
        positions = positions + self._tensors("embeddings.token_type_embeddings.weight")[:1]
        length = ops.gather(ops.shape_of(tokens, "i64"), _numbers([1]), _number(0))
        places = ops.slice(_floats(positions), _numbers([0]), length, _numbers([1]), _numbers([0]))
        return self._normed(ops.add(words, ops.unsqueeze(places, _number(0))), "embeddings.LayerNorm")

    def _layer(self, layer: str, states: Any, scores: Any) -> Any:
        heads = (self._per_head(self._linear(states, f"{layer}attention.self.{part}")) for part in _ATTENTION)
        context = ops.scaled_dot_product_attention(*heads, scores)
        joined = ops.reshape(ops.transpose(context, _numbers([0, 2, 1, 3])), _numbers([0, 0, self._sizes.hidden]), True)
        attended = self._linear(joined, f"{layer}attention.output.dense")
        states = self._normed(ops.add(attended, states), f"{layer}attention.output.LayerNorm")
        wide = ops.gelu(self._linear(states, f"{layer}intermediate.dense"), "erf")
        return self._normed(ops.add(self._linear(wide, f"{layer}output.dense"), states), f"{layer}output.LayerNorm")

    def _per_head(self, states: Any) -> Any:
        heads = self._sizes.heads
        split = ops.reshape(states, _numbers([0, 0, heads, self._sizes.hidden // heads]), True)
        return ops.transpose(split, _numbers([0, 2, 1, 3]))

    def _linear(self, states: Any, name: str) -> Any:
        weights = _decompressed(*_quantised(self._tensors(f"{name}.weight")))
        return ops.add(ops.matmul(states, weights, False, True), _floats(self._tensors(f"{name}.bias")[None, None]))

    def _normed(self, states: Any, name: str) -> Any:
        even = ops.mvn(states, _numbers([-1]), True, self._sizes.epsilon, "inside_sqrt")
        scaled = ops.multiply(even, _floats(self._tensors(f"{name}.weight")[None, None]))
        return ops.add(scaled, _floats(self._tensors(f"{name}.bias")[None, None]))

    def _pooled(self, states: Any, mask: Any) -> Any:
        if self._sizes.pooling == "cls":
            return ops.gather(states, _number(0), _number(1))
        counted = ops.unsqueeze(mask, _numbers([2]))
        total = ops.reduce_sum(ops.multiply(states, counted), _numbers([1]), False)
        return ops.divide(total, ops.reduce_sum(counted, _numbers([1]), False))


_ATTENTION = ("query", "key", "value")


def _quantised(matrix: Floats) -> tuple[NDArray[np.int8], Floats]:
    """A matrix as signed bytes and the scale of each row."""
    scales = np.abs(matrix).max(axis=1, keepdims=True) / np.float32(127)
    scales[scales == 0] = 1
    return np.rint(matrix / scales).astype(np.int8), scales


def _joined(parts: Iterator[tuple[NDArray[np.int8], Floats]]) -> tuple[NDArray[np.int8], Floats]:
    numbers, scales = zip(*parts, strict=True)
    return np.concatenate(numbers), np.concatenate(scales)


def _decompressed(numbers: NDArray[np.int8], scales: Floats) -> Any:
    """The pattern by which OpenVINO knows compressed weights."""
    return ops.multiply(ops.convert(ops.constant(numbers), "f32"), _floats(scales))


def _floats(values: Floats | float) -> Any:
    return ops.constant(np.ascontiguousarray(values, dtype=np.float32) if np.ndim(values) else np.float32(values))


def _numbers(values: list[int]) -> Any:
    return ops.constant(np.array(values, dtype=np.int64))


def _number(value: int) -> Any:
    return ops.constant(np.int64(value))
