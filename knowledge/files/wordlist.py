"""A sorted list of words on disk that is searched where it lies, so that a million words need no memory."""

import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

_BYTES = "words.npy"
_STARTS = "starts.npy"
_BUCKETS = "buckets.npy"
_PLACES = "places.npy"
_BUCKETS_PER_WORD = 4


class WordList:
    """Words in the order of their code points; a word's number is its place."""

    def __init__(self, folder: Path) -> None:
        """Open the list in `folder`, memory-mapped; OSError or ValueError where it is missing or damaged."""
        arrays = [np.load(folder / name, mmap_mode="r") for name in (_BYTES, _STARTS, _BUCKETS, _PLACES)]
        self._bytes, self._starts, self._buckets, self._places = (memoryview(array) for array in arrays)
        self._mask = len(self._buckets) - 2

    @staticmethod
    def write(folder: Path, words: Sequence[str]) -> None:
        """Write sorted words, each once, into a folder, which is made where it is missing."""
        folder.mkdir(parents=True, exist_ok=True)
        encoded = [word.encode() for word in words]
        np.save(folder / _BYTES, np.frombuffer(b"".join(encoded) or b"\0", dtype=np.uint8))
        np.save(folder / _STARTS, _cumulated(np.fromiter(map(len, encoded), dtype=np.int64, count=len(encoded))))
        # A hash table in two arrays: the numbers of the words by their bucket, and where each bucket begins.
        # With so many buckets most words that the list lacks, which are asked for most, meet an empty one.
        count = _BUCKETS_PER_WORD << max(1, len(words)).bit_length()
        hashes = np.fromiter(map(zlib.crc32, encoded), dtype=np.int64, count=len(encoded)) & (count - 1)
        np.save(folder / _PLACES, np.argsort(hashes, kind="stable").astype(np.int32))
        np.save(folder / _BUCKETS, _cumulated(np.bincount(hashes, minlength=count)).astype(np.int32))

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __iter__(self) -> Iterator[str]:
        return map(self.word, range(len(self)))

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self.number(word) is not None

    def word(self, number: int) -> str:
        """The word of a number."""
        return self._word(number).decode()

    def number(self, word: str) -> int | None:
        """The number of a word, None where the list lacks it; takes less than a microsecond for most."""
        encoded = word.encode(errors="replace")
        bucket = zlib.crc32(encoded) & self._mask
        for place in range(self._buckets[bucket], self._buckets[bucket + 1]):
            number = int(self._places[place])
            if self._word(number) == encoded:
                return number
        return None

    def beginning(self, start: str) -> range:
        """Numbers of the words that begin with `start`."""
        encoded = start.encode(errors="replace")
        return range(self._place(encoded), self._place(encoded + b"\xff"))

    def _place(self, encoded: bytes) -> int:
        """How many words come before these bytes."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self._word(middle) < encoded:
                low = middle + 1
            else:
                high = middle
        return low

    def _word(self, number: int) -> bytes:
        return bytes(self._bytes[self._starts[number] : self._starts[number + 1]])


def _cumulated(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
