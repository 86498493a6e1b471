"""Asking Rasa through its 'dialogue' channel."""

import codecs
import json
import string
from collections.abc import Callable, Iterator
from typing import Any

import aiohttp
from pydantic import ValidationError

from bot.gateway.conversations import Conversation
from bot.gateway.pseudonyms import is_pseudonym
from knowledge.document import Group
from knowledge.filters import Filter
from knowledge.messages import Kind, Message, Reply

# Rasa's server closes idle connections after 5 s; letting go earlier never sends a question into a closing one.
_IDLE_SECONDS = 3.0


class DialogueUnavailableError(Exception):
    """Rasa or the action server behind it cannot answer now; the message says why, without a word of the person."""


class DialogueClient:
    """Rasa's channel; use it inside one event loop and close it at the end."""

    def __init__(self, port: Callable[[], int], token: str, *, sends_mail: bool = False) -> None:
        """`port` says where Rasa listens now: while another one takes over, each turn goes to the one of its moment."""
        self._port = port
        self._sends_mail = sends_mail
        self._session = aiohttp.ClientSession(
            headers={"Authorization": f"Bearer {token}"},
            connector=aiohttp.TCPConnector(keepalive_timeout=_IDLE_SECONDS),
            timeout=aiohttp.ClientTimeout(total=None),
        )

    async def close(self) -> None:
        """Let go of the connections."""
        await self._session.close()

    async def ask(
        self,
        conversation: Conversation,
        text: str,
        filter: Filter | None = None,
        reader: Group = "public",
        *,
        on_reply: Callable[[Reply], None] = lambda _: None,
    ) -> list[Reply]:
        """What the bot says to `text`, from what a `filter` lets through and its `reader` may read.

        `on_reply` is called with each reply as soon as it has come. Raises `DialogueUnavailableError`, possibly after
        some replies. The caller bounds the time.
        """
        limits: dict[str, Any] = {"filter": filter.model_dump(mode="json", exclude_defaults=True)} if filter else {}
        limits |= {"reader": reader} if reader != "public" else {}
        question = {
            "sender": conversation.id,
            "message": without_command(text),
            "metadata": {"lang": conversation.lang, "handover": self._handover_ways(conversation), **limits},
        }
        try:
            async with await self._sent(question) as response:
                if response.status != 200:
                    raise DialogueUnavailableError(f"Rasa answered with status {response.status}")
                replies = await _replies(response.content, conversation, on_reply)
        except (aiohttp.ClientError, OSError) as error:
            raise DialogueUnavailableError(f"Rasa is not reachable ({type(error).__name__})") from error
        if not replies:
            raise DialogueUnavailableError("Rasa answered with nothing, so its action server failed")
        return replies

    async def _sent(self, question: dict[str, Any]) -> aiohttp.ClientResponse:
        """Rasa's response; asked again at the port of the next moment where nobody took the question."""
        try:
            return await self._session.post(f"{self._base()}webhook", json=question)
        except aiohttp.ClientConnectorError:
            return await self._session.post(f"{self._base()}webhook", json=question)

    def _base(self) -> str:
        return f"http://127.0.0.1:{self._port()}/webhooks/dialogue/"

    def _handover_ways(self, conversation: Conversation) -> list[str]:
        """In which ways this conversation can be handed over; a platform's can be sent, but not saved as a file."""
        return ["mail"] * self._sends_mail + ["file"] * (not is_pseudonym(conversation.id))

    async def status(self, seconds: float) -> int:
        """HTTP status of Rasa's channel: Rasa opens its port once its model is loaded, so that 200 means ready.

        Raises `aiohttp.ClientError`, `OSError` or `asyncio.TimeoutError` where Rasa is not reachable.
        """
        timeout = aiohttp.ClientTimeout(total=seconds)
        async with self._session.get(self._base(), timeout=timeout) as response:
            return response.status


def without_command(text: str) -> str:
    """`text` without the leading slashes by which Rasa takes a message for an intent, or an empty string."""
    return text.lstrip("/" + string.whitespace)


class _Listing:
    """A JSON list that comes in pieces."""

    def __init__(self) -> None:
        self.is_whole = False
        self._decoder = json.JSONDecoder()
        self._utf8 = codecs.getincrementaldecoder("utf-8")()
        self._rest = ""
        self._is_open = False

    def elements(self, piece: bytes) -> Iterator[Any]:
        """Those elements that are whole with the next piece; raises `ValueError` where it is no list."""
        self._rest = (self._rest + self._utf8.decode(piece)).lstrip()
        if not self._is_open and self._rest:
            if not self._rest.startswith("["):
                raise ValueError("no list")
            self._rest, self._is_open = self._rest[1:], True
        while not self.is_whole:
            self._rest = self._rest.lstrip(f",{string.whitespace}")
            self.is_whole = self._rest.startswith("]")
            try:
                element, end = self._decoder.raw_decode(self._rest)
            except json.JSONDecodeError:
                return  # its end has not come yet
            self._rest = self._rest[end:]
            yield element


async def _replies(
    body: aiohttp.StreamReader, conversation: Conversation, on_reply: Callable[[Reply], None]
) -> list[Reply]:
    replies: list[Reply] = []
    listing = _Listing()
    try:
        async for piece in body.iter_any():
            for item in listing.elements(piece):
                if (reply := _reply(item, conversation)) is not None:
                    replies.append(reply)
                    on_reply(reply)
    except ValidationError as error:
        raise DialogueUnavailableError("Rasa answered with something that is no reply") from error
    except ValueError as error:
        raise DialogueUnavailableError("Rasa did not answer with a JSON list") from error
    if not listing.is_whole:
        raise DialogueUnavailableError("Rasa did not answer with a whole JSON list")
    return replies


def _reply(item: Any, conversation: Conversation) -> Reply | None:
    match item:
        case {"custom": custom}:
            return Reply.model_validate(custom)
        case {"text": str(text)}:
            return Reply(message=Message(kind=Kind.TEXT, text=text, lang=conversation.lang, confidence=1.0))
        case _:
            return None
