"""The question sets by which a release is examined."""

from knowledge.evaluation.questions import OWN_QUESTIONS, KnownQuestion, read_questions
from knowledge.settings import Settings

SHIPPED = "shipped"
"""Name of the project's own set; every other is the operator's."""


def question_sets(settings: Settings) -> dict[str, list[KnownQuestion]]:
    """The questions by the name of their set: the shipped ones, and the operator's where there are any.

    Raises `StadtlotseError` where the operator's file cannot be read.
    """
    sets = {SHIPPED: read_questions(OWN_QUESTIONS)}
    own = settings.own_questions
    is_named_in_vain = bool(settings.questions) and not own.exists()  # told as an error
    if is_named_in_vain or (own.is_file() and own.stat().st_size):
        sets[own.name] = read_questions(own)
    return sets
