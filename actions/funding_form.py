"""The guided search as Rasa's form `funding_form`: what is said in it, the questions it asks, and where it ends."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import Answering
from actions.conversation import (
    CONTEXT,
    filter_of,
    intent_of,
    language_before,
    reader_of,
    remember,
    remembered,
    send,
    send_answer,
    text_of,
)
from actions.small_talk import short_message
from knowledge.messages import LANGUAGES, Kind, Language, Message
from knowledge.texts import text

if TYPE_CHECKING:
    from knowledge.answering.answers import Answerer
    from knowledge.answering.guidance import Step
    from knowledge.catalogue.shown import Shown

FORM = "funding_form"
STEPS = ("land", "municipality", "topic", "purpose")
"""Values of `knowledge.answering.guidance.Step`, which loads only after the port is open."""
_PREFIX = "funding_"
_LEFT = "funding_left"
_NOTE = "funding_note"
_GO_ON = {text(language, "guidance.go_on") for language in LANGUAGES}
"""What was said before the step was asked for again, after a question in between."""
_REQUESTED = "requested_slot"
_PICK = "pick_option"
_TOPICS = 9
# What the dialogue takes for a question, where the search does not recognise an answer in it.
_SMALL_TALK = {"greet", "thanks", "help", "who_are_you"}
# What ends the search, and the action that takes it.
_ENDING = {
    "talk_to_person": "action_name_contact",
    "send_conversation": "action_ask_consent",
    "save_conversation": "action_save_conversation",
    "dislike": "action_take_opinion",
    "goodbye": "action_small_talk",
}
# How to answer from now on.
_WISHES = {"switch_language", "plain_language", "usual_language"}
_NO_QUESTION = {
    "inform",
    "skip_step",
    "change_step",
    "stop_form",
    "affirm",
    "deny",
    "nlu_fallback",
    "out_of_scope",
    None,
}


class ValidateFundingForm(Action):  # type: ignore[misc]  # rasa_sdk carries no types
    """Reads every message while the form is active: an answer, a move, or a question in between, which it answers."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering

    def name(self) -> str:
        """The name by which Rasa finds the validation of the form."""
        return f"validate_{FORM}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Keep what was answered and say which step comes next; none where the search is left or complete."""
        from knowledge.answering.guidance import Move, Step, after, hear, note  # after the port is open

        said, asked = _chosen(tracker), _asked(tracker)
        known = _known(tracker) if asked else {}  # what an earlier search left counts no more
        heard = await self._answering.work(
            lambda answerer: hear(said, asked, known, names_programme=answerer.catalogue.names_programme(said))
        )
        between: list[dict[str, Any]] | None = []
        if heard.move in (Move.ASK, Move.UNCLEAR) and asked is not None and intent_of(tracker) in _ENDING:
            heard = replace(heard, move=Move.STOP)
        elif heard.move in (Move.ASK, Move.UNCLEAR):
            between = await _in_between(self._answering, dispatcher, tracker, is_question=heard.move is Move.ASK)
            if between is None:  # a new search was asked for
                asked, known = None, {}
                heard = hear(said, asked, known)
            elif between:
                # Who asks one question after the other searches no more.
                goes_on = tracker.get_slot(_NOTE) in _GO_ON
                heard = replace(heard, move=Move.STOP if goes_on else Move.ASK)
        answers, following = after(heard, asked, known)
        return [
            *(between or []),
            *(SlotSet(_PREFIX + step.value, answers.get(step)) for step in Step),
            SlotSet(_NOTE, note(heard, asked, known, _language_after(tracker, between or []))),
            SlotSet(_LEFT, heard.move is Move.STOP),
            SlotSet(_REQUESTED, _PREFIX + following.value if following and heard.move is not Move.STOP else None),
        ]


async def _in_between(
    answering: Answering, dispatcher: CollectingDispatcher, tracker: Tracker, *, is_question: bool
) -> list[dict[str, Any]] | None:
    """Answer what is said in the search and is no answer to it; returns the events that keep it.

    None where a new search is asked for, no event where it was not understood and nothing was said to it.
    """
    intent = intent_of(tracker)
    if intent in _SMALL_TALK and not is_question:
        message = short_message(language_before(tracker), str(intent)).model_copy(update={"suggestions": []})
        send(dispatcher, message)
        return remember(remembered(tracker), message)
    if intent in _NO_QUESTION and not is_question:
        return []
    said, limits, reader = text_of(tracker), filter_of(tracker), reader_of(tracker)
    if intent in _WISHES:
        return send_answer(dispatcher, await answering.retold(str(intent), said, remembered(tracker), reader))
    answer = await answering.answer(said, remembered(tracker), intent, limits, reader)
    if answer.guides:
        return None
    return send_answer(dispatcher, answer) if is_question or answer.message.kind is Kind.ANSWER else []


class AskStep(Action):  # type: ignore[misc]  # rasa_sdk carries no types
    """Asks for one step of the search, with what was noted before and buttons for the answers."""

    def __init__(self, answering: Answering, step: str) -> None:
        self._answering = answering
        self._step = step

    def name(self) -> str:
        """The name by which Rasa finds the question for the step's slot."""
        return f"action_ask_{_PREFIX}{self._step}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Send the question."""
        message = await self._answering.work(lambda answerer: self._question(answerer, tracker))
        send(dispatcher, message)
        return remember(remembered(tracker), message)

    def _question(self, answerer: "Answerer", tracker: Tracker) -> Message:
        from knowledge.answering.guidance import Step, question

        topics = answerer.catalogue.topics(_TOPICS)
        before = tracker.get_slot(_NOTE) or ""
        return question(Step(self._step), _known(tracker), topics, language_before(tracker), before)


class Recommend(Action):  # type: ignore[misc]  # rasa_sdk carries no types
    """Ends the search with the programmes that fit, the best first."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_recommend"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Send the list with its reasons and sources, and remember which programmes it shows."""
        from knowledge.answering.memory import after_shown

        language = language_before(tracker)
        shown = await self._answering.work(lambda answerer: self._recommended(answerer, tracker))
        send(dispatcher, shown.message)
        return remember(after_shown(remembered(tracker), shown, language, ""), shown.message)

    def _recommended(self, answerer: "Answerer", tracker: Tracker) -> "Shown":
        from knowledge.answering.guidance import profile

        return answerer.catalogue.recommended(profile(_known(tracker)), language_before(tracker))


class LeaveSearch(Action):  # type: ignore[misc]  # rasa_sdk carries no types
    """Says that the search has ended where somebody leaves it, or leaves the word to what ended it."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_leave_search"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Send a sentence that says so, and offer to search again; nothing where another action answers."""
        from knowledge.answering.guidance import farewell

        if (answering := _ENDING.get(intent_of(tracker) or "")) is not None:
            return [FollowupAction(answering)]

        message = farewell(language_before(tracker))
        send(dispatcher, message)
        return remember(remembered(tracker), message)


def _language_after(tracker: Tracker, events: list[dict[str, Any]]) -> Language:
    """The language of the conversation after these events, which Rasa has not taken in yet."""
    kept = [event["value"] for event in events if event.get("name") == CONTEXT and event.get("value")]
    return kept[-1].get("language") or language_before(tracker) if kept else language_before(tracker)


def _chosen(tracker: Tracker) -> str:
    """What was said, or the button that it picks ('das zweite')."""
    from knowledge.answering.places import picked

    said, offered = text_of(tracker), remembered(tracker).offered
    place = picked(said, len(offered)) if intent_of(tracker) == _PICK and _asked(tracker) else None
    return offered[place] if place is not None and place < len(offered) else said


def _asked(tracker: Tracker) -> "Step | None":
    """The step that the form asked for; None where it only begins."""
    from knowledge.answering.guidance import Step

    is_active = (tracker.active_loop or {}).get("name") == FORM
    requested = tracker.get_slot(_REQUESTED) if is_active else None
    return Step(requested.removeprefix(_PREFIX)) if requested else None


def _known(tracker: Tracker) -> "dict[Step, str]":
    """What was answered so far."""
    from knowledge.answering.guidance import STEPS

    slots = {step: tracker.get_slot(_PREFIX + step.value) for step in STEPS}
    return {step: value for step, value in slots.items() if value}
