"""A platform's question as a turn of the gateway, and the bot's messages to it, whatever happens."""

import asyncio
import hashlib
from dataclasses import dataclass

from bot.gateway.conversations import Conversations
from bot.gateway.errors import ApiError, ErrorCode
from bot.gateway.limits import TEXT_LENGTH
from bot.gateway.pseudonyms import Pseudonyms
from bot.gateway.requests import clean_text
from bot.gateway.turns import Turns
from knowledge.document import Group
from knowledge.messages import Kind, Language, Message, Suggestion
from knowledge.texts import section, text

# Rasa starts within this time; a question that waits in the background can wait for it.
_PATIENCE_SECONDS = (1.0, 2.0, 4.0, 8.0, 15.0, 15.0, 15.0)


@dataclass(frozen=True)
class Question:
    """What somebody asked somewhere: a platform's event as a turn.

    `person` and `place` are the platform's ids; a place is a thread or a private chat. `id` names the event, so that
    the same event is asked once. `lang` is the language where neither the words nor the conversation tell it.
    """

    channel: str
    id: str
    person: str
    place: str
    text: str
    lang: Language = "de"


@dataclass(frozen=True)
class Answer:
    """What the bot says, and the turn under which it is stored."""

    conversation: str
    turn: str
    messages: list[Message]


class Desk:
    """Takes questions of all platforms to the gateway's turns."""

    def __init__(
        self,
        turns: Turns,
        conversations: Conversations,
        pseudonyms: Pseudonyms,
        staff_channels: frozenset[str] = frozenset(),
    ) -> None:
        """On `staff_channels` everybody counts as staff, who may be told what is for staff alone."""
        self._turns = turns
        self._conversations = conversations
        self._pseudonyms = pseudonyms
        self._staff_channels = staff_channels

    def conversation_of(self, channel: str, place: str, person: str) -> str:
        """The id of the conversation that a person has at a place."""
        return self._pseudonyms.name(channel, place, person)

    async def answer(self, question: Question) -> Answer:
        """The bot's messages to a question; where it cannot answer, one kind sentence that says so.

        Raises `ApiError` with `SHUTTING_DOWN` alone: such a question is for the next process.
        """
        name = self.conversation_of(question.channel, question.place, question.person)
        turn_id = hashlib.sha256(f"{question.id}\n{question.text}".encode()).hexdigest()[:32]
        try:
            messages = await self._ask(name, turn_id, question)
        except ApiError as error:
            if error.code is ErrorCode.SHUTTING_DOWN:
                raise
            lang = await asyncio.to_thread(_language, question)
            messages = [_sentence(text(lang, f"gateway.{error.code.value}", **error.values), lang)]
        return Answer(name, turn_id, messages)

    async def forget(self, conversation: str, turn: str) -> None:
        """Forget a question that was taken back, with all that came of it."""
        await self._turns.forget(conversation, turn)

    async def _ask(self, name: str, turn_id: str, question: Question) -> list[Message]:
        words = clean_text(question.text)
        if len(words) > TEXT_LENGTH:
            raise ApiError(ErrorCode.TEXT_TOO_LONG, limit=TEXT_LENGTH)
        person = self._pseudonyms.person(question.channel, question.person)
        conversation = await self._conversations.open(name, question.lang, person)
        reader: Group = "internal" if question.channel in self._staff_channels else "public"
        for seconds in (*_PATIENCE_SECONDS, None):
            try:
                turn = self._turns.start(conversation, words, turn_id, reader=reader)
                return await asyncio.shield(turn.task)
            except ApiError as error:
                if error.code is not ErrorCode.UNAVAILABLE or seconds is None:
                    raise
            await asyncio.sleep(seconds)
        raise ApiError(ErrorCode.UNAVAILABLE)


def welcome(lang: Language) -> Message:
    """What the bot says first, with questions to begin with."""
    return _sentence(text(lang, "dialogue.greet"), lang, starters(lang))


def help_message(lang: Language) -> Message:
    """What the bot says to somebody who called it without a question."""
    return _sentence(text(lang, "dialogue.help"), lang, _questions(lang, "help_suggestion_"))


def starters(lang: Language) -> list[Suggestion]:
    """Questions to begin with."""
    return _questions(lang, "greet_suggestion_")


def _questions(lang: Language, prefix: str) -> list[Suggestion]:
    entries = section(lang, "dialogue")
    return [Suggestion(title=entries[key], payload=entries[key]) for key in sorted(entries) if key.startswith(prefix)]


def _sentence(words: str, lang: Language, suggestions: list[Suggestion] | None = None) -> Message:
    return Message(kind=Kind.TEXT, text=words, lang=lang, suggestions=suggestions or [], confidence=1.0)


def _language(question: Question) -> Language:
    from knowledge.linguistics.language import detect  # loads letter statistics, which only a failure needs

    return detect(question.text, question.lang)
