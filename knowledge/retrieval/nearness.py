"""How near passages lie to a question by meaning, and their windows."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from knowledge import tuning
from knowledge.encoding.mean_questions import MeanQuestions
from knowledge.indexing.vectors import Numbers, VectorIndex
from knowledge.indexing.windows import WindowIndex
from knowledge.messages import LANGUAGES, Language
from knowledge.retrieval.query import Query

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Nearness:
    """How near passages lie to a question, hubs less than their cosines say."""

    of_passages: Floats
    of_windows: Floats
    """Those of all windows, one passage after the other."""
    first: npt.NDArray[np.int64]
    """Where the windows of each passage begin, and the number of all."""

    @classmethod
    def of(cls, passages: Floats, windows: Floats, first: npt.NDArray[np.int64]) -> "Nearness":
        """From the cosines with the wordings of the question and, in the last row, with the mean question."""
        own, of_windows = _unhubbed(passages), _unhubbed(windows)
        has = np.diff(first) > 0
        best = own.copy()
        if has.any():
            best[has] = np.maximum.reduceat(of_windows, first[:-1][has])
        share = tuning.SHARE_OF_WINDOW
        return cls((1 - share) * own + share * best, of_windows, first)

    @cached_property
    def scaled(self) -> Floats:
        """The nearness of the passages on a scale of about 0…1."""
        return scaled(self.of_passages)

    @cached_property
    def score(self) -> Floats:
        """The part of the passages' scores that meaning makes up."""
        return tuning.WEIGHT_DENSE * self.scaled

    def windows(self, at: int) -> tuple[float, ...]:
        """The nearness of the windows of one passage."""
        return tuple(self.of_windows[self.first[at] : self.first[at + 1]].tolist())


def nearness(
    query: Query, numbers: Numbers, vectors: VectorIndex, windows: WindowIndex, questions: MeanQuestions
) -> dict[Language, Nearness]:
    """How near passages lie to the question, if they are in each of the languages."""
    rows = [
        np.concatenate([questions.moved(query.embeddings, query.lang, lang), questions.mean(lang)[None]])
        for lang in LANGUAGES
    ]
    of_passages = np.split(vectors.cosines(np.concatenate(rows), numbers), len(rows))
    found, first = windows.cosines(np.concatenate(rows), numbers)
    of_windows = np.split(found, len(rows))
    return {lang: Nearness.of(of_passages[at], of_windows[at], first) for at, lang in enumerate(LANGUAGES)}


def _unhubbed(cosines: Floats) -> Floats:
    return np.asarray(cosines[:-1].max(axis=0) - tuning.HUBNESS * (cosines[-1] - tuning.USUAL_HUB))


def scaled(nearness: Floats) -> Floats:
    """Nearness, which a model keeps within a narrow range, on a scale of about 0…1."""
    return np.asarray((nearness - tuning.COSINE_FLOOR) / (tuning.COSINE_CEILING - tuning.COSINE_FLOOR))
