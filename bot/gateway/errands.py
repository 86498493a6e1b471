"""What the dialogue asks of the gateway beside saying something: storing an opinion, sending the conversation."""

from collections.abc import Sequence

from bot.gateway.conversations import Conversation, Conversations
from bot.gateway.feedback import FeedbackStore
from bot.gateway.handover import Handovers
from knowledge.feedback import Opinion
from knowledge.messages import Message, Reply


class Errands:
    """Does what replies ask for."""

    def __init__(self, conversations: Conversations, feedback: FeedbackStore, handovers: Handovers) -> None:
        self._conversations = conversations
        self._feedback = feedback
        self._handovers = handovers

    async def run(self, conversation: Conversation, turn_id: str, replies: Sequence[Reply]) -> list[Message]:
        """Do what the replies of a turn ask for; what there is to say of it."""
        said: list[Message] = []
        for reply in replies:
            if reply.opinion:
                await self._keep(conversation, turn_id, reply.opinion)
            if reply.handover:
                lang = reply.message.lang
                said.append(await self._handovers.send(conversation.id, turn_id, reply.handover, lang))
        return said

    async def left_open(self, conversation: Conversation, turn_id: str) -> list[Message]:
        """What there is to say of a turn that was cut off after it had begun to send the conversation."""
        return await self._handovers.left_open(conversation, turn_id)

    async def _keep(self, conversation: Conversation, turn_id: str, opinion: Opinion) -> None:
        """Store what the person said of the last answer."""
        judged = await self._conversations.last_answered(conversation.id, before=turn_id)
        if judged is not None:
            await self._feedback.keep(conversation.id, judged, opinion)
