"""`stadtlotse ask`: one question, answered in this process."""

from rich.console import Console

from bot.cli.rendering import print_message
from bot.parts import address
from knowledge.answers import Answerer, Context
from knowledge.messages import Language
from knowledge.settings import settings


def ask(question: str, as_json: bool, lang: Language | None) -> None:
    """Print the answer for a person, or as the JSON of one message of the API."""
    answer = Answerer.open(settings()).answer(question, Context(language=lang))
    if as_json:
        print(answer.message.model_dump_json(indent=2))
    else:
        print_message(Console(), answer.message, address(settings()))
