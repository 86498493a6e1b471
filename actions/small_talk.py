"""Small talk: greetings, thanks, goodbyes, help and who the bot is."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import Answering
from actions.conversation import intent_of, language_of, reader_of, remember, remembered, send, text_of
from knowledge.linguistics.agreement import addresses_bot
from knowledge.messages import Kind, Language, Message, Suggestion
from knowledge.texts import section, text, wording

# After a greeting, thanks or a cry for help a question may follow in the same message.
_MAY_GO_ON = {"greet", "thanks", "goodbye", "help"}


class SmallTalk(Action):  # type: ignore[misc]  # rasa_sdk carries no types
    """Answers small talk in a sentence or two that lead back to questions."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_small_talk"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Send the text for the intent of the last message, in the language of that message."""
        context = remembered(tracker)
        if intent_of(tracker) == "who_are_you" and context.programme and not addresses_bot(text_of(tracker)):
            return [FollowupAction("action_answer")]  # 'who are the founders?'
        if intent_of(tracker) in _MAY_GO_ON:
            if await self._answering.asks_beside(text_of(tracker), context, reader_of(tracker)):
                return [FollowupAction("action_answer")]
        language = await language_of(tracker)
        with wording(plain=context.plain):
            message = short_message(language, intent_of(tracker) or "help")
        send(dispatcher, message)
        return remember(context.model_copy(update={"language": language}), message)


def short_message(language: Language, key: str) -> Message:
    """A message from the texts of the dialogue, with the questions it offers under `<key>_suggestion_…`."""
    entries = section(language, "dialogue")
    questions = [entries[name] for name in sorted(entries) if name.startswith(f"{key}_suggestion_")]
    return Message(
        kind=Kind.TEXT,
        text=text(language, f"dialogue.{key}"),
        lang=language,
        suggestions=[Suggestion(title=question, payload=question) for question in questions],
        confidence=1.0,
    )
