"""What a conversation remembers between turns: read from Rasa's slot, written back as an event."""

import asyncio
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from knowledge.answering.context import Context
from knowledge.document import Group
from knowledge.messages import LANGUAGES, Language, Message, Reply

if TYPE_CHECKING:
    from knowledge.answering.answers import Answer

CONTEXT = "context"
AWAITS = "awaits"
# What the bot can wait for, as the slot `awaits` says it.
REASON, WAY, CONSENT = "reason", "way", "consent"


def text_of(tracker: Tracker) -> str:
    """What the person wrote."""
    return tracker.latest_message.get("text") or ""


def intent_of(tracker: Tracker) -> str | None:
    """What Rasa took it for."""
    name = (tracker.latest_message.get("intent") or {}).get("name")
    return name if isinstance(name, str) else None


def remembered(tracker: Tracker) -> Context:
    """What the last turn left; the page's language stands in until the person wrote something.

    What an older version left and this one cannot read is forgotten.
    """
    try:
        context = Context.model_validate(tracker.get_slot(CONTEXT) or {})
    except ValidationError:
        context = Context()
    return context.model_copy(update={"language": context.language or page_language(tracker)})


def language_before(tracker: Tracker) -> Language:
    """The language of the conversation so far: of the last message, else of the page, else German."""
    return remembered(tracker).language or "de"


def page_language(tracker: Tracker) -> Language | None:
    """The language of the page the person looks at, where the gateway passed it on."""
    language = (tracker.latest_message.get("metadata") or {}).get("lang")
    return language if language in LANGUAGES else None


def filter_of(tracker: Tracker) -> dict[str, Any] | None:
    """The fields of the filter that came with the last message, where one did."""
    limits = (tracker.latest_message.get("metadata") or {}).get("filter")
    return limits if isinstance(limits, dict) else None


def reader_of(tracker: Tracker) -> Group:
    """What documents the person may read: everybody's, unless the gateway names signed-in staff."""
    reader = (tracker.latest_message.get("metadata") or {}).get("reader")
    return "internal" if reader == "internal" else "public"


async def language_of(tracker: Tracker) -> Language:
    """The language to speak: the one that was wished for, else the words', else the conversation's."""
    context = remembered(tracker)
    if context.wished_language is not None:
        return context.wished_language
    return await asyncio.to_thread(_detect, text_of(tracker), context.language or "de")


def was_done(tracker: Tracker, action: str, *, before: frozenset[str]) -> bool:
    """Whether an action ran since the last of those in `before`."""
    for event in reversed(tracker.events):
        if event.get("event") == "action" and event.get("name") in {action, *before}:
            return bool(event["name"] == action)
    return False


def send(dispatcher: CollectingDispatcher, message: Message, **more: Any) -> None:
    """Hand a message to Rasa in the one format that travels to the gateway, with `more` fields of the reply."""
    reply = Reply(message=message, **more)
    dispatcher.utter_message(json_message=reply.model_dump(mode="json"))


def send_answer(dispatcher: CollectingDispatcher, answer: "Answer") -> list[dict[str, Any]]:
    """Send an answer; returns the events that keep what it leaves to remember."""
    send(dispatcher, answer.message, seconds=answer.seconds, release=answer.release)
    return remember(answer.context, answer.message)


def keep_language(tracker: Tracker, language: Language) -> dict[str, Any]:
    """The event that keeps the language of the last message, and nothing else of it."""
    context = remembered(tracker).model_copy(update={"language": language})
    event: dict[str, Any] = SlotSet(CONTEXT, context.model_dump(mode="json", exclude_defaults=True))
    return event


def remember(context: Context, message: Message) -> list[dict[str, Any]]:
    """The events that keep a memory, and of a message what it quotes and offers."""
    return [SlotSet(CONTEXT, context.after(message).model_dump(mode="json", exclude_defaults=True))]


def _detect(words: str, default: Language) -> Language:
    from knowledge.linguistics.language import detect  # loads letter statistics, after the port is open

    return detect(words, default)
