"""Yes and no to what the bot offered."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import Answering
from actions.conversation import filter_of, intent_of, reader_of, remember, remembered, send, send_answer, text_of
from actions.small_talk import short_message
from knowledge.linguistics.agreement import says_yes_or_no, takes_note


class Confirm(Action):  # type: ignore[misc]  # rasa_sdk carries no types
    """Takes up the first question the last message offered, or drops the offer."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_confirm"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Answer the offered question on a yes; else ask what else the person wants to know."""
        intent = intent_of(tracker) or "deny"
        context = remembered(tracker)
        said, limits, reader = text_of(tracker), filter_of(tracker), reader_of(tracker)
        if not says_yes_or_no(said) or await self._answering.asks_beside(said, context, reader):
            return [FollowupAction("action_answer")]
        if intent == "affirm" and "?" in said:  # 'sicher?'
            return send_answer(dispatcher, await self._answering.retold("ask_source", said, context, reader))
        if intent == "affirm" and context.offered and not takes_note(said):
            answer = await self._answering.answer(context.offered[0], context, "ask_question", limits, reader)
            return send_answer(dispatcher, answer)
        message = short_message(context.language or "de", intent)
        send(dispatcher, message)
        return remember(context, message)
