"""What people think of an answer, said in words: stored, asked for a reason once, and led back to the questions."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import AnswerQuestion
from actions.answering import Answering
from actions.conversation import AWAITS, REASON, intent_of, language_of, remember, remembered, send, text_of, was_done
from knowledge.answering.criticism import asks, is_statement, reasons_in
from knowledge.feedback import WORDS_LENGTH, Opinion, Reason
from knowledge.messages import Kind, Language, Message, Suggestion
from knowledge.texts import text

_NAME = "action_take_opinion"
# After these an earlier question for a reason is no longer about the same answer.
_ANSWERS = frozenset({"action_answer", "action_confirm"})


class TakeOpinion(Action):  # type: ignore[misc]  # rasa_sdk carries no types
    """Takes praise and criticism; asks once what was wrong where the words do not say.

    What asks, where nothing was told yet that could be criticised, is answered as a question.
    """

    def __init__(self, answering: Answering) -> None:
        self._question = AnswerQuestion(answering)

    def name(self) -> str:
        """Its name in domain.yml."""
        return _NAME

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Hand the opinion to the gateway; thank, or ask for the reason."""
        lang, words = await language_of(tracker), text_of(tracker)
        opinion = _opinion(intent_of(tracker), words)
        if opinion.verdict == "down" and not remembered(tracker).told and asks(words):
            events: list[dict[str, Any]] = await self._question.run(dispatcher, tracker, domain)
            return events
        is_clear = opinion.verdict == "up" or bool(opinion.reasons - {Reason.WRONG})
        if is_clear or tracker.get_slot(AWAITS) == REASON or was_done(tracker, _NAME, before=_ANSWERS):
            return _thank(dispatcher, tracker, lang, opinion)
        message = _question(lang)
        send(dispatcher, message, opinion=opinion, is_private=True)
        return [*remember(remembered(tracker), message), SlotSet(AWAITS, REASON)]


class TakeReason(Action):  # type: ignore[misc]  # rasa_sdk carries no types
    """Takes a statement for the reason that the bot asked for; whatever asks is answered as a question."""

    def __init__(self, answering: Answering) -> None:
        self._question = AnswerQuestion(answering)

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_take_reason"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Store the reason and thank, or answer."""
        words = text_of(tracker)
        if not is_statement(words):
            events: list[dict[str, Any]] = await self._question.run(dispatcher, tracker, domain)
            return events
        return _thank(dispatcher, tracker, await language_of(tracker), _opinion("dislike", words))


def _opinion(intent: str | None, words: str) -> Opinion:
    if intent == "like":
        return Opinion(verdict="up")
    if intent != "dislike":  # no reason was to be given
        return Opinion(verdict="down")
    return Opinion(verdict="down", reasons=reasons_in(words), words=words[:WORDS_LENGTH])


def _question(lang: Language) -> Message:
    reasons = [text(lang, f"feedback.{reason.value}") for reason in Reason]
    return Message(
        kind=Kind.CHOICE,
        text=text(lang, "feedback.ask"),
        lang=lang,
        suggestions=[Suggestion(title=reason, payload=reason) for reason in reasons],
        confidence=1.0,
    )


def _thank(
    dispatcher: CollectingDispatcher, tracker: Tracker, lang: Language, opinion: Opinion
) -> list[dict[str, Any]]:
    """Thank and lead back: to what the last answer offered, and after criticism to a person."""
    context = remembered(tracker)
    key = "thanks_up" if opinion.verdict == "up" else "thanks_down"
    way_on = [text(lang, "feedback.person")] if opinion.verdict == "down" else []
    message = Message(
        kind=Kind.TEXT,
        text=f"{text(lang, f'feedback.{key}')} {text(lang, 'feedback.go_on')}",
        lang=lang,
        suggestions=[Suggestion(title=words, payload=words) for words in way_on],
        confidence=1.0,
    )
    send(dispatcher, message, opinion=opinion, is_private=True)
    return remember(context.model_copy(update={"language": lang}), message)
