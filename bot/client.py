"""A conversation with a running bot over its API."""

import json
import time
import urllib.error
import urllib.request
from typing import Any

from knowledge.errors import StadtlotseError
from knowledge.messages import Language, Message
from knowledge.settings import settings

_TOO_MANY_REQUESTS = 429


class Conversation:
    """A conversation of its own, begun when this is made.

    `base` is the bot's address, `lang` the language to begin in; without it the bot chooses. Every method raises
    `StadtlotseError` where no bot answers or it refuses.
    """

    def __init__(self, base: str, lang: Language | None = None) -> None:
        if not base.startswith(("http://", "https://")):
            raise StadtlotseError(f"{base} is no web address; give --url one that begins with http:// or https://.")
        self._base = base.rstrip("/")
        begun = _post(self._base, "/api/conversations", {"lang": lang} if lang else {})
        self._id = begun["id"]
        self.lang: Language = begun["lang"]

    def say(self, text: str) -> list[Message]:
        """Say something; what the bot says to it."""
        answer = _post(self._base, f"/api/conversations/{self._id}/messages", {"text": text})
        return [Message.model_validate(said) for said in answer["messages"]]


def _post(base: str, path: str, body: dict[str, Any]) -> Any:
    request = urllib.request.Request(  # noqa: S310  # the scheme has been checked
        base + path, json.dumps(body).encode(), {"Content-Type": "application/json", "Accept": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=2 * settings().turn_timeout) as response:  # noqa: S310
            return json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            if error.code != _TOO_MANY_REQUESTS:
                raise StadtlotseError(_reason(error)) from error
            wait = float(error.headers.get("Retry-After") or 1)
    except (OSError, ValueError) as error:
        raise StadtlotseError(f"No bot answers at {base}; start it with 'stadtlotse serve' or give --url.") from error
    time.sleep(wait)
    return _post(base, path, body)


def _reason(error: urllib.error.HTTPError) -> str:
    try:
        return str(json.load(error)["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return f"The bot answered with status {error.code}; see its logs."
