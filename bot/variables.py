"""Reading settings from environment variables, so that a mistake is told in a sentence without its value."""

import re
from typing import TypeVar

from pydantic import ValidationError
from pydantic_settings import BaseSettings

from knowledge.errors import StadtlotseError

Chosen = TypeVar("Chosen", bound=BaseSettings)


def read_settings(model: type[Chosen]) -> Chosen:
    """The settings of a part of the bot; raises `StadtlotseError` with the variable that is wrong, not its value."""
    try:
        return model()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        prefix = model.model_config.get("env_prefix", "")
        variable = f"{prefix}{str(first['loc'][0]).upper()}" if first["loc"] else prefix
        reason = re.sub(r"^Value error, ", "", first["msg"])
        raise StadtlotseError(f"{variable} cannot be read ({reason}); correct it.") from error
