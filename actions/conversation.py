"""What a conversation remembers between turns: read from Rasa's slots, written back as events."""

from typing import TYPE_CHECKING, Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from knowledge.messages import LANGUAGES, Language, Message, Reply

if TYPE_CHECKING:
    from knowledge.answers import Answer

OFFER = "offer"
LANGUAGE = "language"
_OWN_SLOTS = {OFFER, "session_started_metadata"}


def text_of(tracker: Tracker) -> str:
    """What the person wrote."""
    return tracker.latest_message.get("text") or ""


def intent_of(tracker: Tracker) -> str | None:
    """What Rasa took it for."""
    name = (tracker.latest_message.get("intent") or {}).get("name")
    return name if isinstance(name, str) else None


def remembered(tracker: Tracker) -> dict[str, Any]:
    """The fields of the answerer's context; the page's language stands in until the person wrote something."""
    context = {name: value for name, value in tracker.slots.items() if name not in _OWN_SLOTS}
    context[LANGUAGE] = context.get(LANGUAGE) or page_language(tracker)
    return context


def language_before(tracker: Tracker) -> Language:
    """The language of the conversation so far: of the last message, else of the page, else German."""
    before = tracker.get_slot(LANGUAGE)
    return before if before in LANGUAGES else page_language(tracker) or "de"


def page_language(tracker: Tracker) -> Language | None:
    """The language of the page the person looks at, where the gateway passed it on."""
    language = (tracker.latest_message.get("metadata") or {}).get("lang")
    return language if language in LANGUAGES else None


def filter_of(tracker: Tracker) -> dict[str, Any] | None:
    """The fields of the filter that came with the last message, where one did."""
    limits = (tracker.latest_message.get("metadata") or {}).get("filter")
    return limits if isinstance(limits, dict) else None


def send(dispatcher: CollectingDispatcher, message: Message, seconds: dict[str, float] | None = None) -> None:
    """Hand a message to Rasa in the one format that travels to the gateway."""
    reply = Reply(message=message, seconds=seconds or {})
    dispatcher.utter_message(json_message=reply.model_dump(mode="json"))


def send_answer(dispatcher: CollectingDispatcher, answer: "Answer") -> list[dict[str, Any]]:
    """Send an answer; returns the events that keep what it leaves to remember."""
    send(dispatcher, answer.message, answer.seconds)
    context = answer.context.model_dump(mode="json")
    return [*(SlotSet(name, value) for name, value in context.items()), offer(answer.message)]


def offer(message: Message) -> dict[str, Any]:
    """The event that keeps which questions a message offers."""
    event: dict[str, Any] = SlotSet(OFFER, [suggestion.payload for suggestion in message.suggestions])
    return event
