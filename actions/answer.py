"""Questions: the knowledge base answers them, or says that it does not know."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import Answering
from actions.conversation import (
    filter_of,
    intent_of,
    keep_language,
    reader_of,
    remembered,
    send_answer,
    text_of,
)
from actions.funding_form import FORM


class AnswerQuestion(Action):  # type: ignore[misc]  # rasa_sdk carries no types
    """Answers whatever is not small talk."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Send the answer to the person's last message and remember what it was about; or begin the guided search."""
        asked, intent, limits = text_of(tracker), intent_of(tracker), filter_of(tracker)
        answer = await self._answering.answer(asked, remembered(tracker), intent, limits, reader_of(tracker))
        if answer.guides:
            return [keep_language(tracker, answer.message.lang), FollowupAction(FORM)]
        return send_answer(dispatcher, answer)
