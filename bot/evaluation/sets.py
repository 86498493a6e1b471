"""The question sets by which a release is examined."""

from pathlib import Path

from knowledge.evaluation.questions import OWN_QUESTIONS, KnownQuestion, read_questions
from knowledge.settings import Settings

_SHIPPED = "shipped"


def question_sets(settings: Settings) -> dict[str, list[KnownQuestion]]:
    """The questions by the name of their set: the shipped ones, and the operator's where there are any.

    Raises `StadtlotseError` where the operator's file cannot be read.
    """
    sets = {_SHIPPED: read_questions(OWN_QUESTIONS)}
    if settings.questions:
        path = Path(settings.questions).expanduser()
        sets[path.name] = read_questions(path)
    elif settings.own_questions.is_file() and settings.own_questions.stat().st_size:
        sets[settings.own_questions.name] = read_questions(settings.own_questions)
    return sets
