"""A turn while it is being answered."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from knowledge.messages import Message

TurnTask = asyncio.Task[list[Message]]


@dataclass
class Said:
    """What the bot has said in a turn so far."""

    messages: list[Message] = field(default_factory=list)
    _more: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, message: Message) -> None:
        """Say something more; whoever waits for it wakes up."""
        self.messages.append(message)
        self._more.set()
        self._more = asyncio.Event()

    async def beyond(self, count: int) -> None:
        """Wait until there are more messages than that."""
        while len(self.messages) <= count:
            await self._more.wait()


@dataclass(frozen=True)
class RunningTurn:
    """A turn that goes on whether or not somebody waits for it.

    `task` ends with all of the bot's messages, of which `said` holds those so far, or with an `ApiError`.
    """

    task: TurnTask
    said: Said

    async def messages(self, seconds: float) -> AsyncIterator[Message | None]:
        """The bot's messages, each as it comes; None whenever nothing came for that long.

        Ends when the turn does; why it could not be answered, `task` tells.
        """
        told = 0
        while not self.task.done():
            more = asyncio.ensure_future(self.said.beyond(told))
            try:
                done, _ = await asyncio.wait({self.task, more}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            finally:
                more.cancel()
            if not done:
                yield None
            for message in self.said.messages[told:]:
                told += 1
                yield message
        if self.task.cancelled() or self.task.exception() is not None:
            return
        for message in self.task.result()[told:]:
            yield message
