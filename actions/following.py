"""Remarks on what was said: more of it, where it stands, how to say it, and one of those shown."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import Answering
from actions.conversation import filter_of, intent_of, reader_of, remembered, send_answer, text_of


class Retell(Action):  # type: ignore[misc]  # rasa_sdk carries no types
    """Comes back to the last answer: more, its source, another language, plainer words."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_retell"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Send what the remark asks for."""
        intent, said, reader = intent_of(tracker) or "ask_more", text_of(tracker), reader_of(tracker)
        return send_answer(dispatcher, await self._answering.retold(intent, said, remembered(tracker), reader))


class Pick(Action):  # type: ignore[misc]  # rasa_sdk carries no types
    """Answers for the one that was picked of those shown, named or offered last."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_pick"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Send the answer to the question that the pick stands for."""
        said, context, limits = text_of(tracker), remembered(tracker), filter_of(tracker)
        return send_answer(dispatcher, await self._answering.picked(said, context, limits, reader_of(tracker)))
