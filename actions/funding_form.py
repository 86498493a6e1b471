"""The guided search as Rasa's form `funding_form`: what is said in it, the questions it asks, and where it ends."""

from typing import TYPE_CHECKING, Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import Answering
from actions.conversation import filter_of, intent_of, language_before, remember, remembered, send, send_answer, text_of
from knowledge.messages import Kind, Message

if TYPE_CHECKING:
    from knowledge.answers import Answer, Answerer
    from knowledge.catalogue.shown import Shown
    from knowledge.guidance import Heard, Step

FORM = "funding_form"
STEPS = ("land", "municipality", "topic", "purpose")
"""Values of `knowledge.guidance.Step`, which loads only after the port is open."""
_PREFIX = "funding_"
_LEFT = "funding_left"
_NOTE = "funding_note"
_REQUESTED = "requested_slot"
_TOPICS = 9
# What the dialogue takes for a question, where the search does not recognise an answer in it.
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
        from knowledge import guidance  # after the port is open

        language = language_before(tracker)
        asked = _asked(tracker)
        known = _known(tracker) if asked else {}  # what an earlier search left counts no more
        heard = await self._heard(tracker, asked)
        events: list[dict[str, Any]] = []
        if heard.move in (guidance.Move.ASK, guidance.Move.UNCLEAR):
            answer = await self._answer(tracker, heard)
            if answer is not None and not answer.guides:
                events = send_answer(dispatcher, answer)
                heard = guidance.Heard(guidance.Move.ASK)
            elif answer is not None:
                asked, known = None, {}
                heard = guidance.hear(text_of(tracker), None, {})
        answers, following = guidance.after(heard, asked, known)
        left = heard.move is guidance.Move.STOP
        return [
            *events,
            *(SlotSet(_PREFIX + step.value, answers.get(step)) for step in guidance.STEPS),
            SlotSet(_NOTE, guidance.note(heard, asked, known, language)),
            SlotSet(_LEFT, left),
            SlotSet(_REQUESTED, _PREFIX + following.value if following and not left else None),
        ]

    async def _heard(self, tracker: Tracker, asked: "Step | None") -> "Heard":
        from knowledge.guidance import hear

        said, known = text_of(tracker), _known(tracker)
        return await self._answering.work(
            lambda answerer: hear(said, asked, known, names_programme=answerer.catalogue.names_programme(said))
        )

    async def _answer(self, tracker: Tracker, heard: "Heard") -> "Answer | None":
        """The answer to a question in between; None where a message that is no answer is no question either."""
        from knowledge.guidance import Move

        intent = intent_of(tracker)
        if heard.move is Move.UNCLEAR and intent in _NO_QUESTION:
            return None
        answer = await self._answering.answer(text_of(tracker), remembered(tracker), intent, filter_of(tracker))
        return None if heard.move is Move.UNCLEAR and answer.message.kind is not Kind.ANSWER else answer


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
        from knowledge.guidance import Step, question

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
        from knowledge.answers import after_shown

        language = language_before(tracker)
        shown = await self._answering.work(lambda answerer: self._recommended(answerer, tracker))
        send(dispatcher, shown.message)
        return remember(after_shown(remembered(tracker), shown, language, ""), shown.message)

    def _recommended(self, answerer: "Answerer", tracker: Tracker) -> "Shown":
        from knowledge.guidance import profile

        return answerer.catalogue.recommended(profile(_known(tracker)), language_before(tracker))


class LeaveSearch(Action):  # type: ignore[misc]  # rasa_sdk carries no types
    """Says that the search has ended where somebody leaves it."""

    def name(self) -> str:
        """Its name in domain.yml."""
        return "action_leave_search"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Send a sentence that says so, and offer to search again."""
        from knowledge.guidance import farewell

        message = farewell(language_before(tracker))
        send(dispatcher, message)
        return remember(remembered(tracker), message)


def _asked(tracker: Tracker) -> "Step | None":
    """The step that the form asked for; None where it only begins."""
    from knowledge.guidance import Step

    is_active = (tracker.active_loop or {}).get("name") == FORM
    requested = tracker.get_slot(_REQUESTED) if is_active else None
    return Step(requested.removeprefix(_PREFIX)) if requested else None


def _known(tracker: Tracker) -> "dict[Step, str]":
    """What was answered so far."""
    from knowledge.guidance import STEPS

    slots = {step: tracker.get_slot(_PREFIX + step.value) for step in STEPS}
    return {step: value for step, value in slots.items() if value}
