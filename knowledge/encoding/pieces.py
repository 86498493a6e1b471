"""A tokenizer of Unigram pieces for a few short texts at a time, in a fifth of the memory that `tokenizers` takes.

`tokenizers` keeps a vocabulary of 250,000 pieces as a tree of hash maps, 275 MB of it; here it is one dictionary. It
finds the same pieces, but slowly, so that many texts at once are left to `tokenizers`.
"""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

# What a character that is no piece scores below the least likely piece, as in `tokenizers`.
_UNKNOWN_PENALTY = 10.0
_MODEL, _VOCABULARY, _UNKNOWN = "model", "vocab", "unk_id"


class PieceTokenizer:
    """Splits texts into the numbers of a model's pieces. May be used from several threads."""

    def __init__(self, described: Mapping[str, Any], max_tokens: int) -> None:
        """`described` is the content of a `tokenizer.json` with a Unigram model."""
        from tokenizers import Tokenizer

        model = described[_MODEL]
        numbers = {piece: number for number, (piece, _) in enumerate(model[_VOCABULARY])}
        self._numbers = numbers
        self._scores = [score for _, score in model[_VOCABULARY]]
        self._longest = max(map(len, numbers))
        special = sorted((one["content"] for one in described["added_tokens"]), key=len, reverse=True)
        self._special = re.compile(f"({'|'.join(map(re.escape, special))})" if special else "(?!)")
        self._unknown = model[_UNKNOWN]
        self._unknown_score = min(self._scores) - _UNKNOWN_PENALTY
        self._of_word = lru_cache(maxsize=4096)(self._split)
        # Normalising and splitting into words is the same with any pieces.
        few = {**described, _MODEL: {**model, _VOCABULARY: model[_VOCABULARY][: self._unknown + 1]}}
        rest = Tokenizer.from_str(json.dumps(few))
        self._normalizer, self._words = rest.normalizer, rest.pre_tokenizer
        single = described["post_processor"]["single"]
        ids = described["post_processor"]["special_tokens"]
        around = [ids[one["SpecialToken"]["id"]]["ids"] if "SpecialToken" in one else None for one in single]
        place = around.index(None)
        self._before = [number for one in around[:place] for number in one or ()]
        self._after = [number for one in around[place + 1 :] for number in one or ()]
        self._room = max_tokens - len(self._before) - len(self._after)

    @classmethod
    def read(cls, path: Path, max_tokens: int) -> "PieceTokenizer | None":
        """The tokenizer of a `tokenizer.json`; None where it is of another kind than these."""
        described = json.loads(path.read_bytes())
        model = described[_MODEL]
        is_simple = model.get("type") == "Unigram" and not model.get("byte_fallback") and _UNKNOWN in model
        has_template = (described.get("post_processor") or {}).get("type") == "TemplateProcessing"
        has_words = described.get("normalizer") and described.get("pre_tokenizer")
        return cls(described, max_tokens) if is_simple and has_template and has_words else None

    def numbers(self, text: str) -> list[int]:
        """The numbers of a text's pieces with those before and after it, cut to as many as the model takes."""
        found: list[int] = []
        for place, part in enumerate(self._special.split(text)):
            if place % 2:  # where somebody types '<s>', it is one piece whatever stands around it
                found.append(self._numbers[part])
                continue
            words = self._words.pre_tokenize_str(self._normalizer.normalize_str(part))
            found += [number for word, _ in words for number in self._of_word(word)]
        return [*self._before, *found[: self._room], *self._after]

    def _split(self, word: str) -> tuple[int, ...]:
        """The likeliest pieces of a word (Viterbi): of all ways to cut it the one with the highest sum of scores."""
        best = [0.0, *[float("-inf")] * len(word)]
        reached: list[tuple[int, int]] = [(0, self._unknown)] * (len(word) + 1)
        for start in range(len(word)):
            for end in range(start + 1, min(start + self._longest, len(word)) + 1):
                number = self._numbers.get(word[start:end])
                if number is None and end > start + 1:
                    continue
                score = self._unknown_score if number is None else self._scores[number]
                if best[start] + score > best[end]:
                    best[end] = best[start] + score
                    reached[end] = (start, self._unknown if number is None else number)
        return self._cut(word, reached)

    def _cut(self, word: str, reached: list[tuple[int, int]]) -> tuple[int, ...]:
        """The pieces on the way to a word's end; unknown ones side by side are one."""
        pieces: list[int] = []
        end = len(word)
        while end > 0:
            end, number = reached[end]
            if not (number == self._unknown and pieces and pieces[-1] == self._unknown):
                pieces.append(number)
        return tuple(reversed(pieces))
