"""`stadtlotse ask`: one question, answered in this process."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console

from bot.cli.rendering import print_message
from bot.processes.parts import address
from knowledge.answering.answers import Answerer, Context
from knowledge.document import Group
from knowledge.errors import StadtlotseError
from knowledge.messages import Language
from knowledge.settings import settings


@dataclass(frozen=True)
class Limits:
    """What the options let answer, as a person typed it."""

    programmes: Sequence[str] = ()
    kinds: Sequence[str] = ()
    laender: Sequence[str] = ()
    years: Sequence[str] = ()
    documents: Sequence[str] = ()


def ask(question: str, as_json: bool, lang: Language | None, limits: Limits, reader: Group) -> None:
    """Print the answer for a `reader`, in words or as the JSON of one message of the API.

    Raises `StadtlotseError` where there is no question, nothing is built or a limit is not known.
    """
    if not question.strip():
        raise StadtlotseError("There is no question; ask one, such as: stadtlotse ask 'Was ist die KTS?'")
    answerer = Answerer.open(settings()).for_readers(reader)
    chosen = answerer.library.filter_of(**vars(limits))
    answer = answerer.answer(question, Context(language=lang), filter=chosen)
    if as_json:
        print(answer.message.model_dump_json(indent=2))
    else:
        print_message(Console(), answer.message, address(settings()))
