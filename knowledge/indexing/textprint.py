"""Prints of texts: what of a text has to be kept to tell how alike it is to others."""

import re
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from knowledge import tuning
from knowledge.linguistics.text import folded
from knowledge.reading.blocks import Heading, ReadFile, Table

Hashes = npt.NDArray[np.uint64]
_WORD = re.compile(r"[^\W_]+")
# Odd numbers with evenly spread bits, as hash functions multiply with (splitmix64).
_MIX = np.uint64(0x9E3779B97F4A7C15)
_MIX_2 = np.uint64(0xBF58476D1CE4E5B9)


@dataclass(frozen=True)
class TextPrint:
    """What of a text is compared: it depends on the text alone and can be kept under the hash of its file."""

    count: int
    """Words."""
    whole: int
    """Hash of all words in their order."""
    sketch: Hashes = field(repr=False)
    """The smallest hashes of three-word sequences, sorted: a bottom-k MinHash (Broder 1997)."""
    vocabulary: Hashes = field(repr=False)
    """Hashes of all its words, sorted."""
    frequent: Hashes = field(repr=False)
    """Hashes of the words that it is about: those that make up much of it."""

    def to_bytes(self) -> bytes:
        """For a cache; `from_bytes` reads it."""
        sizes = [self.count, self.whole, len(self.sketch), len(self.vocabulary), len(self.frequent)]
        return b"".join(
            part.tobytes() for part in (np.array(sizes, dtype=np.uint64), self.sketch, self.vocabulary, self.frequent)
        )

    @classmethod
    def from_bytes(cls, content: bytes) -> "TextPrint":
        """What `to_bytes` wrote."""
        values = np.frombuffer(content, dtype=np.uint64)
        count, whole, *sizes = (int(value) for value in values[:5])
        sketch, vocabulary, frequent = np.split(values[5:], np.cumsum(sizes)[:2])
        return cls(count, whole, sketch, vocabulary, frequent)


def text_print(read: ReadFile) -> TextPrint:
    """What of a read file is compared; its title and where its pages break do not count."""
    title = folded(read.title)
    parts: list[str] = []
    for block in read.blocks:
        if isinstance(block, Table):
            parts.extend(" ".join(row) for row in block.rows)
        elif not isinstance(block, Heading) or folded(block.text) != title:
            parts.append(block.text)
    return print_of("\n".join(parts))


def print_of(text: str) -> TextPrint:
    """What of a text is compared."""
    words = compared_words(text)
    counts = Counter(words)
    hashes = {word: zlib.crc32(word.encode()) for word in counts}
    row = np.array([hashes[word] for word in words], dtype=np.uint64)
    often = max(3.0, tuning.SUBJECT_WORD_SHARE * len(words))
    frequent = [hashes[word] for word, count in counts.items() if count >= often and not word.isdigit()]
    return TextPrint(
        count=len(words),
        whole=zlib.crc32(row.tobytes()),
        sketch=_sketch(row),
        vocabulary=np.unique(row),
        frequent=np.unique(np.array(frequent, dtype=np.uint64)),
    )


def _folded_text(text: str) -> str:
    """A whole text in the spelling that its formats share, ligatures written out and soft hyphens left out."""
    text = text.replace("\u00ad", "").replace("ﬁ", "fi").replace("ﬂ", "fl").casefold()
    return text.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")


def _sketch(row: Hashes) -> Hashes:
    if len(row) < 3:
        short: Hashes = np.unique(row * _MIX)
        return short
    mixed = (row[:-2] * _MIX) ^ (((row[1:-1] + np.uint64(1)) * _MIX_2) << np.uint64(1)) ^ (row[2:] << np.uint64(17))
    mixed = (mixed ^ (mixed >> np.uint64(31))) * _MIX_2
    smallest: Hashes = np.unique(mixed ^ (mixed >> np.uint64(29)))[: tuning.SKETCH]
    return smallest


def word_hashes(words: Iterable[str]) -> Hashes:
    """The hashes under which words stand in a print; the words as `compared_words` gives them."""
    return np.array([zlib.crc32(word.encode()) for word in words], dtype=np.uint64)


def compared_words(text: str) -> list[str]:
    """The words of a text in the spelling that all its formats share."""
    return _WORD.findall(_folded_text(text))


def similarity(one: TextPrint, other: TextPrint) -> float:
    """Share of the three-word sequences of either text that both hold (Jaccard), 0…1.

    Exact for texts of fewer sequences than a sketch holds, else estimated with a standard error below .025.
    """
    if not len(one.sketch) or not len(other.sketch):
        return float(one.count == other.count and one.whole == other.whole)
    # Both are sorted, which a stable sort takes advantage of; what both hold stands twice.
    merged = np.concatenate((one.sketch, other.sketch))
    merged.sort(kind="stable")
    is_second = merged[1:] == merged[:-1]
    shared = int(np.count_nonzero(is_second))
    distinct = len(merged) - shared
    if distinct <= tuning.SKETCH:
        return shared / distinct
    places = np.flatnonzero(~is_second) + 1  # of the second distinct value and those after it
    return int(np.count_nonzero(is_second[: places[tuning.SKETCH - 1] - 1])) / tuning.SKETCH
