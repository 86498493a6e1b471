"""The one door to Rasa: takes a person's turn from the gateway and hands back what the actions replied."""

import hmac
import json
import logging
from asyncio import CancelledError
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from rasa.shared.exceptions import InvalidConfigException
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

logger = logging.getLogger(__name__)

_COMMAND_PREFIX = "/"


class DialogueInput(RestInput):  # type: ignore[misc]  # Rasa carries no types
    """Rasa's REST channel for the gateway alone: a bearer token is demanded and no person's text is logged."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._turns = 0

    @classmethod
    def name(cls) -> str:
        """The channel's part of the address: /webhooks/dialogue."""
        return "dialogue"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "DialogueInput":
        """The channel as `bot/processes/credentials.yml` describes it; refuses to start without a token."""
        token = (credentials or {}).get("token")
        if not token:
            raise InvalidConfigException("The dialogue channel needs a token in bot/processes/credentials.yml.")
        return cls(token)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Routes of the channel: `GET /` counts the turns that are being answered, `POST /webhook` takes a turn.

        The webhook answers with the list of messages that the actions sent, each as soon as it was sent; an empty one
        means that they failed.
        """
        routes = Blueprint("dialogue", __name__)

        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok", "turns": self._turns})

        async def receive(request: Request) -> HTTPResponse | None:
            if not self._is_authorized(request):
                return response.json({"error": "A valid bearer token is needed."}, status=401)
            turn = _read_turn(request.body)
            if turn is None:
                return response.json({"error": "The body must be JSON with 'sender' and 'message'."}, status=400)
            listing = _Listing(await request.respond(content_type="application/json"))
            message = UserMessage(
                _without_commands(turn["message"]),
                listing,
                turn["sender"],
                input_channel=self.name(),
                metadata=turn.get("metadata"),
            )
            self._turns += 1
            try:
                await on_new_message(message)
            except CancelledError:
                logger.warning("A turn was given up before it was answered.")
                raise
            except Exception as error:  # whatever it is, the gateway gets an empty list
                # The message of the error could hold the person's text.
                logger.error("A turn failed: %s.", type(error).__name__)
            finally:
                self._turns -= 1
            await listing.end()
            return None

        routes.add_route(health, "/", methods=["GET"])
        routes.add_route(receive, "/webhook", methods=["POST"])
        return routes

    def _is_authorized(self, request: Request) -> bool:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(errors="surrogateescape"), f"Bearer {self._token}".encode())


class _Listing(CollectingOutputChannel):  # type: ignore[misc]  # Rasa carries no types
    """The messages of a turn as one JSON list, of which each element is written when an action has sent it."""

    def __init__(self, body: HTTPResponse) -> None:
        super().__init__()
        self._body = body

    async def end(self) -> None:
        """Close the list."""
        await self._body.send("]" if self.messages else "[]")

    async def _persist_message(self, message: dict[str, Any]) -> None:
        await self._body.send(f"{',' if self.messages else '['}{json.dumps(message)}")
        await super()._persist_message(message)


def _read_turn(body: bytes) -> dict[str, Any] | None:
    try:
        turn = json.loads(body)
    except ValueError:
        return None
    if not isinstance(turn, dict):
        return None
    sender, message = turn.get("sender"), turn.get("message")
    is_whole = isinstance(sender, str) and sender and isinstance(message, str)
    return turn if is_whole and isinstance(turn.get("metadata", {}), dict) else None


def _without_commands(text: str) -> str:
    """The text without leading slashes: Rasa would obey them ('/restart') instead of reading them."""
    return text.lstrip(f"{_COMMAND_PREFIX} \t\r\n") or "?"
