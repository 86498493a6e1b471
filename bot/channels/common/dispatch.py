"""One turn on a platform: from a question to the posts that answer it, and what edits and deletions do to them."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.channels.common.deliveries import Deliveries, Delivery, new_reference
from bot.channels.common.inbox import Event, Inbox
from bot.channels.common.turns import Answer, Desk, Question, help_message
from bot.gateway.conversations import Conversations
from bot.gateway.feedback import FeedbackStore
from knowledge.feedback import Opinion
from knowledge.messages import Message
from knowledge.texts import text

Place = TypeVar("Place")
Post = TypeVar("Post")


@dataclass(frozen=True)
class Shown:
    """What a message is shown with.

    `asked` is the question it answers where that was only clicked, `opinion` what was thought of it, `chosen` the
    payload of the suggestion that was clicked in it.
    """

    asked: str | None = None
    opinion: Opinion | None = None
    chosen: str | None = None


NOTHING = Shown()


class Outlet(ABC, Generic[Place, Post]):
    """How a platform shows messages: the only thing that differs between platforms once a question is known."""

    @abstractmethod
    def render(self, message: Message, reference: str, shown: Shown) -> list[Post]:
        """A message as the platform's posts; `reference` names the answer in buttons."""

    @abstractmethod
    async def send(self, place: Place, post: Post, delivery: Delivery) -> str:
        """Send a post; gives its name. Raises `TryLaterError` or `UncertainError`."""

    @abstractmethod
    async def find(self, place: Place, delivery: Delivery) -> str | None:
        """The name of a post that may have arrived; empty where nobody can tell, None where it is not there."""

    @abstractmethod
    async def update(self, place: Place, name: str, post: Post) -> None:
        """Change a post in place."""

    @abstractmethod
    async def delete(self, place: Place, name: str) -> None:
        """Delete a post."""


class Dispatch(Generic[Place, Post]):
    """Has questions answered and the answers delivered, each exactly once."""

    def __init__(
        self,
        outlet: Outlet[Place, Post],
        desk: Desk,
        inbox: Inbox,
        deliveries: Deliveries,
        conversations: Conversations,
        feedback: FeedbackStore,
    ) -> None:
        self._outlet = outlet
        self._desk = desk
        self._inbox = inbox
        self._deliveries = deliveries
        self._conversations = conversations
        self._feedback = feedback

    async def answer(self, question: Question, event: Event, place: Place, *, was_clicked: bool = False) -> None:
        """Answer a question, unless it was taken back meanwhile, or was answered under another event."""
        known = await self._deliveries.of_question(event.channel, event.question) if event.question else []
        if any(delivery.event != event.id for delivery in known):
            return
        answer = await self._ask(question)
        if not await self._inbox.is_pending(event):
            await self._desk.forget(answer.conversation, answer.turn)
            return
        await self.deliver(answer, event, place, clicked=question.text if was_clicked else None)

    async def answer_anew(self, question: Question, event: Event, place: Place) -> None:
        """Answer a changed question in the place of the old answer, where there is one."""
        known = await self._deliveries.of_question(event.channel, event.question)
        before = [delivery for delivery in known if delivery.event != event.id]
        if not before:
            return
        answer = await self._ask(question)
        old = [delivery.platform_id for delivery in before if delivery.platform_id]
        for wanted, message, shown in self._parts(answer, event, None):
            if old:
                await self._replace(place, message, wanted, old.pop(0))
            else:
                await self._deliver(place, message, wanted, shown)
        for name in old:
            await self._outlet.delete(place, name)
        for delivery in before:
            if delivery.turn != answer.turn:
                await self._desk.forget(delivery.conversation, delivery.turn)
        await self._deliveries.forget(event.channel, event.question, but=event.id)

    async def take_back(self, event: Event, place: Place) -> None:
        """Delete the answer to a deleted question, and forget both."""
        for delivery in await self._deliveries.of_question(event.channel, event.question):
            if delivery.platform_id:
                await self._outlet.delete(place, delivery.platform_id)
            await self._desk.forget(delivery.conversation, delivery.turn)
        await self._deliveries.forget(event.channel, event.question)

    async def deliver(self, answer: Answer, event: Event, place: Place, *, clicked: str | None = None) -> None:
        """Deliver what the bot says; `clicked` is the question where nobody wrote it."""
        for wanted, message, shown in self._parts(answer, event, clicked):
            await self._deliver(place, message, wanted, shown)

    async def keep(self, delivery: Delivery, opinion: Opinion) -> None:
        """Store what somebody thought of an answer."""
        await self._feedback.keep(delivery.conversation, delivery.turn, opinion)

    async def opinion_of(self, delivery: Delivery) -> Opinion | None:
        """What was thought of an answer, if anybody said."""
        return await self._feedback.of_turn(delivery.conversation, delivery.turn)

    async def delivery(self, reference: str) -> Delivery | None:
        """The delivery that a button speaks of."""
        return await self._deliveries.find(reference)

    async def message_of(self, delivery: Delivery) -> Message | None:
        """The message that was delivered, as long as it is stored."""
        turn = await self._conversations.turn(delivery.conversation, delivery.turn)
        return turn.messages[delivery.message] if turn and turn.messages else None

    async def _ask(self, question: Question) -> Answer:
        if not question.text:
            name = self._desk.conversation_of(question.channel, question.place, question.person)
            return Answer(name, question.id, [help_message(question.lang)])
        return await self._desk.answer(question)

    def _parts(self, answer: Answer, event: Event, clicked: str | None) -> Iterator[tuple[Delivery, Message, Shown]]:
        part = 0
        for number, message in enumerate(answer.messages):
            is_asked = clicked and number == 0
            shown = Shown(asked=text(message.lang, "channels.chosen", question=clicked)) if is_asked else NOTHING
            for index in range(len(self._outlet.render(message, "", shown))):
                yield (
                    Delivery(
                        channel=event.channel,
                        event=event.id,
                        part=part,
                        question=event.question,
                        conversation=answer.conversation,
                        turn=answer.turn,
                        message=number,
                        post=index,
                        reference=new_reference(),
                    ),
                    message,
                    shown,
                )
                part += 1

    async def _deliver(self, place: Place, message: Message, wanted: Delivery, shown: Shown) -> None:
        async def send(delivery: Delivery) -> str:
            post = self._outlet.render(message, delivery.reference, shown)[delivery.post]
            return await self._outlet.send(place, post, delivery)

        async def find(delivery: Delivery) -> str | None:
            return await self._outlet.find(place, delivery)

        await self._deliveries.deliver(wanted, send, find)

    async def _replace(self, place: Place, message: Message, wanted: Delivery, name: str) -> None:
        async def update(delivery: Delivery) -> str:
            post = self._outlet.render(message, delivery.reference, NOTHING)[delivery.post]
            await self._outlet.update(place, name, post)
            return name

        async def again(_delivery: Delivery) -> str | None:
            return None  # to change a post twice is harmless

        await self._deliveries.deliver(wanted, update, again)
