"""Reading settings from environment variables, so that a mistake is told in a sentence without its value."""

from typing import TypeVar

from pydantic import ValidationError
from pydantic_settings import BaseSettings

from knowledge.errors import StadtlotseError
from knowledge.validation import reason

Chosen = TypeVar("Chosen", bound=BaseSettings)


def read_settings(model: type[Chosen]) -> Chosen:
    """The settings of a part of the bot; raises `StadtlotseError` with the variable that is wrong, not its value."""
    try:
        return model()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        prefix = model.model_config.get("env_prefix", "")
        variable = f"{prefix}{str(first['loc'][0]).upper()}" if first["loc"] else prefix
        raise StadtlotseError(f"{variable} cannot be read ({reason(first)}); correct it.") from error
