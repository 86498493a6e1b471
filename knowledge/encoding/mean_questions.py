"""Where a model puts questions on average, in each language: what is common to all of them tells nothing of one.

A multilingual model keeps languages apart: a question lies nearer to passages in its own language whatever they say.
Moving it by the difference between the languages' means takes that away, as centring does in Libovický et al. 2020,
"On the Language Neutrality of Pre-trained Multilingual Representations". And passages that are near to any question,
being short or general, are near for no reason: how near they are to the mean question says by how much (the hubs of
Dinu et al. 2015, "Improving zero-shot learning by mitigating the hubness problem").
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from ruamel.yaml import YAML

from knowledge.encoding.embedding import Embedder
from knowledge.messages import LANGUAGES, Language

Vectors = npt.NDArray[np.float32]
_QUESTIONS = Path(__file__).with_name("parallel_questions.yml")


class MeanQuestions:
    """The mean embedding of the same questions in each language."""

    def __init__(self, means: Vectors) -> None:
        """`means` has one row a language, in the order of `LANGUAGES`."""
        self._means = dict(zip(LANGUAGES, means, strict=True))

    @classmethod
    def of(cls, embedder: Embedder) -> "MeanQuestions":
        """The means under a model; embeds some hundred short texts."""
        pairs = cls.pairs()
        embedded = embedder.embed_queries([pair[lang] for lang in LANGUAGES for pair in pairs])
        return cls(embedded.reshape(len(LANGUAGES), len(pairs), -1).mean(axis=1))

    @staticmethod
    def pairs() -> list[dict[Language, str]]:
        """The same questions in each language."""
        pairs: list[dict[Language, str]] = YAML(typ="safe").load(_QUESTIONS.read_text(encoding="utf-8"))
        return pairs

    def save(self, path: Path) -> None:
        """Write them into one file."""
        with path.open("wb") as file:
            np.save(file, np.stack([self._means[lang] for lang in LANGUAGES]))

    @classmethod
    def load(cls, path: Path) -> "MeanQuestions":
        """Read what `save` wrote; OSError or ValueError where it is missing or damaged."""
        return cls(np.load(path))

    def mean(self, lang: Language) -> Vectors:
        """The mean question in a language, shape (dimensions,)."""
        return np.asarray(self._means[lang], dtype=np.float32)

    def moved(self, questions: Vectors, source: Language, target: Language) -> Vectors:
        """Questions in one language, one a row, put where those of another lie; rows of length one."""
        if source == target:
            return questions
        moved = questions + (self._means[target] - self._means[source])
        return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), dtype=np.float32)
