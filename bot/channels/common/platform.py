"""The seam between the gateway and a platform: what a channel is given, and what it has to do."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from bot.channels.common.deliveries import Deliveries
from bot.channels.common.dispatch import Dispatch, Outlet, Place, Post
from bot.channels.common.inbox import Event, Inbox
from bot.channels.common.turns import Desk
from bot.gateway.conversations import Conversations
from bot.gateway.feedback import FeedbackStore
from bot.gateway.pseudonyms import Pseudonyms


@dataclass(frozen=True)
class House:
    """What the gateway lends to a channel; `base` is the address under which people reach the gateway."""

    desk: Desk
    inbox: Inbox
    deliveries: Deliveries
    conversations: Conversations
    feedback: FeedbackStore
    pseudonyms: Pseudonyms
    base: str

    async def message_name(self, channel: str, *parts: str) -> str:
        """The name of a message on a platform: the one under which it was stored, where it was."""
        present, *former = self.pseudonyms.names(channel, *parts)
        for name in former:
            if await self.deliveries.of_question(channel, name) or await self.inbox.knows(channel, name):
                return name
        return present

    def dispatch(self, outlet: Outlet[Place, Post]) -> Dispatch[Place, Post]:
        """What answers questions through an outlet."""
        return Dispatch(outlet, self.desk, self.inbox, self.deliveries, self.conversations, self.feedback)


class Channel(ABC):
    """A platform in operation."""

    @abstractmethod
    async def receive(self, request: web.Request) -> web.StreamResponse:
        """Take what the platform posted to its path: check it, store it, acknowledge it."""

    @abstractmethod
    async def start(self) -> None:
        """Begin to talk to the platform; must not wait for it."""

    @abstractmethod
    async def work(self, event: Event) -> None:
        """Do what a stored event asks for; `TryLaterError` where the platform cannot be reached now."""

    @abstractmethod
    async def close(self) -> None:
        """Let go of connections."""


class Platform(ABC):
    """A platform as the operator sees it: on or off, well configured or not, reachable or not."""

    name: str

    @abstractmethod
    def is_on(self) -> bool:
        """Whether any of its variables is set."""

    @property
    @abstractmethod
    def path(self) -> str | None:
        """Where it posts its events to; None where it does not, and the path answers 404."""

    @abstractmethod
    def problems(self) -> list[str]:
        """What is wrong with its variables, one sentence each with the remedy; empty where nothing is."""

    @abstractmethod
    def open(self) -> Callable[[House], Channel]:
        """What makes the channel inside the gateway's event loop; raises `StadtlotseError` on a wrong variable."""

    @abstractmethod
    async def probe(self) -> str:
        """A live round trip to the platform; a sentence on what was reached, or `StadtlotseError`."""
