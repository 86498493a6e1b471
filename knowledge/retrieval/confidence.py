"""How sure it is that the best passage answers the question."""

from dataclasses import astuple, dataclass

import numpy as np

from knowledge import tuning
from knowledge.messages import Language
from knowledge.retrieval.search import Hit


@dataclass(frozen=True)
class Signals:
    """What speaks for and against an answer, each about 0…1."""

    nearness: float
    lead: float
    """How far its nearness stands above the typical one among the passages found."""
    coverage: float
    """Share of the question's words that it covers; 0 across languages, where it tells nothing."""
    attribute: float
    missing_number: float
    across_languages: float


def signals(hits: list[Hit], lang: Language) -> Signals:
    """The signals of the best hit among `hits`, best first, for a question in `lang`."""
    best = hits[0]
    across = best.passage.lang != lang
    return Signals(
        nearness=best.nearness,
        lead=best.nearness - float(np.median([hit.nearness for hit in hits])),
        coverage=0.0 if across else best.coverage,
        attribute=float(best.attribute),
        missing_number=float(bool(best.missing_numbers)),
        across_languages=float(across),
    )


def confidence(found: Signals, *, on_programme: bool = False) -> float:
    """Probability that the best hit answers: a logistic model over the signals, weights from `tuning`.

    `on_programme` tells that the question is on a programme, whose facts and passages are not told apart by lead.
    """
    bias = tuning.CONFIDENCE_BIAS_NAMED if on_programme else tuning.CONFIDENCE_BIAS
    weights = tuning.CONFIDENCE_WEIGHTS_NAMED if on_programme else tuning.CONFIDENCE_WEIGHTS
    return float(1 / (1 + np.exp(-bias - float(np.dot(astuple(found), weights)))))
