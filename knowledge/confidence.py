"""How sure it is that the best passage answers the question."""

from dataclasses import astuple, dataclass

import numpy as np

from knowledge import tuning
from knowledge.search import Hit


@dataclass(frozen=True)
class Signals:
    """What speaks for and against an answer, each about 0…1."""

    cosine: float
    lead: float
    """How far the cosine stands above the typical one among the passages found."""
    coverage: float
    attribute: float
    named: float
    """1 where the passage is about a programme that the question names, .5 where the conversation named it."""
    missing_number: float
    unknown: float


def signals(hits: list[Hit], *, named: bool, from_context: bool) -> Signals:
    """The signals of the best hit among `hits`, best first."""
    best = hits[0]
    span = tuning.COSINE_CEILING - tuning.COSINE_FLOOR
    return Signals(
        cosine=(best.cosine - tuning.COSINE_FLOOR) / span,
        lead=(best.cosine - float(np.median([hit.cosine for hit in hits]))) / span,
        coverage=best.coverage,
        attribute=float(best.attribute),
        named=best.in_focus * (1.0 if named else 0.5 if from_context else 0.0),
        missing_number=float(bool(best.missing_numbers)),
        unknown=best.unknown,
    )


def confidence(found: Signals) -> float:
    """Probability that the best hit answers: a logistic model over the signals, weights from `tuning`."""
    total = tuning.CONFIDENCE_BIAS + float(np.dot(astuple(found), tuning.CONFIDENCE_WEIGHTS))
    return float(1 / (1 + np.exp(-total)))
