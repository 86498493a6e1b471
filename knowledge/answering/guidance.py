"""The guided search for a programme: its steps, what is said in them, and what is asked next."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from knowledge.catalogue import phrases
from knowledge.catalogue.criteria import read_criteria
from knowledge.catalogue.expressions import expressions, patterns
from knowledge.catalogue.municipalities import named_municipality
from knowledge.catalogue.recommending import Profile
from knowledge.factsheet import Municipality, Purpose
from knowledge.linguistics.text import folded, words
from knowledge.messages import Kind, Language, Message, Progress, Suggestion
from knowledge.recognition.laender import LAENDER
from knowledge.texts import text


class Step(str, Enum):
    """What the search asks for, in its order."""

    LAND = "land"
    MUNICIPALITY = "municipality"
    TOPIC = "topic"
    PURPOSE = "purpose"


STEPS = tuple(Step)
OPEN = "any"
"""The answer to a step that was skipped."""
Answers = Mapping[Step, str]
"""What is known so far: a Land's code, the value of a `Municipality`, a topic's key, the value of a `Purpose`, OPEN."""


class Move(str, Enum):
    """What somebody wants in the search."""

    ANSWER = "answer"
    SKIP = "skip"
    BACK = "back"
    CHANGE = "change"
    STOP = "stop"
    ASK = "ask"
    """Something else first."""
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Heard:
    """What a message means to the search."""

    move: Move
    answers: dict[Step, str] = field(default_factory=dict)
    step: Step | None = None
    """The step that is to be changed."""


# The whole message says it, with or without a polite word before or after.
_MOVES = {
    Move(name): re.compile(
        rf"^(?:(?:bitte|ach|och|nein|nee?|noe|ok(?:ay)?|na gut|komm|please|no|sorry),? )*"
        rf"(?:{expression})(?: (?:bitte|damit|danke|please|thanks))*[.!]*$"
    )
    for name, expression in expressions("moves").items()
}
_CHANGE = patterns("corrections")["change"]
_LABELS = {Step(name): pattern for name, pattern in patterns("steps").items()}
_PURPOSE = {Purpose(name): pattern for name, pattern in patterns("purposes").items()}
_ASKING = re.compile(
    r"^(?:(?:und|aber|moment|halt|kurze frage|erst ?mal|wait|and|but)[,:]? )*"
    rf"(?:{expressions('questions')['begin']})\b"
)
_VILLAGE = re.compile(r"\b(?:gemeinde|ort|municipality)\b")
_FEW_WORDS = 3
_ANY_TOPIC = "digitalisation"


def hear(message: str, asked: Step | None, known: Answers, *, names_programme: bool = False) -> Heard:
    """What a message in the search means: an answer to this or another step, a move, or a question in between.

    `asked` is the step that the bot asked for, None at the beginning. A message that names a programme is a question.
    """
    plain = " ".join(folded(message).split())
    found = read_answers(message, asked)
    # Where nothing is answered, a part of the message may say it too: 'ne lass mal, abbrechen'.
    said = [plain, *(re.split(r"\s*[,.;!–]\s*", plain) if not found else [])]
    for move, pattern in _MOVES.items():
        if asked is not None and any(pattern.search(one) for one in said):
            return Heard(move)
    if asked is None:
        return Heard(Move.ANSWER, found)
    if _is_question(plain, found) or names_programme:
        return Heard(Move.ASK)
    changes = bool(_CHANGE.search(plain))
    if not found:
        label = next((step for step, pattern in _LABELS.items() if pattern.search(plain)), None)
        return Heard(Move.CHANGE, step=label) if changes and label else Heard(Move.UNCLEAR)
    # Of what was answered already only a correction tells anew, or a message that answers nothing else.
    answers = {
        step: value
        for step, value in found.items()
        if step is asked or step not in known or changes or asked not in found
    }
    return Heard(Move.ANSWER, answers)


def said_move(message: str) -> Move | None:
    """The move that a message is and nothing else; None where it is none."""
    plain = " ".join(folded(message).split())
    return next((move for move, pattern in _MOVES.items() if pattern.search(plain)), None)


def read_answers(message: str, asked: Step | None) -> dict[Step, str]:
    """The answers to any of the steps that a message holds; a bare number counts where the size was asked for."""
    plain = " ".join(folded(message).split())
    criteria = read_criteria(message).criteria
    found: dict[Step, str] = {}
    if criteria.laender:
        found[Step.LAND] = criteria.laender[0]
    municipality = criteria.municipality
    if asked is Step.MUNICIPALITY and municipality is None:
        bare = named_municipality(plain, bare=True)
        municipality = bare[0] if bare else Municipality.SMALL_TOWN if _VILLAGE.search(plain) else None
    if municipality is not None:
        found[Step.MUNICIPALITY] = municipality.value
    purpose = next((one for one, pattern in _PURPOSE.items() if pattern.search(plain)), None)
    if purpose is not None and asked in (None, Step.PURPOSE):
        found[Step.PURPOSE] = purpose.value
    # What a purpose is asked for with may be a topic's word too ('Netze').
    if criteria.topics and (asked is not Step.PURPOSE or purpose is None):
        # 'Digitalisierung der Verwaltung' is on the latter; all of them are on the former.
        found[Step.TOPIC] = next((one for one in criteria.topics if one != _ANY_TOPIC), criteria.topics[0])
    return found


def after(heard: Heard, asked: Step | None, known: Answers) -> tuple[dict[Step, str], Step | None]:
    """What is known after a message, and the step to ask for next; None where nothing is left to ask."""
    answers = dict(known)
    if heard.move is Move.ANSWER:
        answers.update(heard.answers)
    elif heard.move is Move.SKIP and asked is not None:
        answers[asked] = OPEN
    elif heard.move is Move.CHANGE and heard.step is not None:
        answers.pop(heard.step, None)
        return answers, heard.step
    elif heard.move is Move.BACK and asked is not None:
        before = STEPS[max(0, STEPS.index(asked) - 1)]
        answers.pop(before, None)
        return answers, before
    elif asked is not None:
        return answers, asked
    return answers, next((step for step in STEPS if step not in answers), None)


def note(heard: Heard, asked: Step | None, known: Answers, lang: Language) -> str:
    """The bot's word on a message before it goes on: what it noted, or did not understand."""
    match heard.move:
        case Move.ANSWER if asked is None:
            said = [text(lang, "guidance.begin")]
            return " ".join([*said, *_noted(heard.answers, lang, "noted")]) if heard.answers else said[0]
        case Move.ANSWER:
            changes = any(known.get(step, value) != value for step, value in heard.answers.items())
            return " ".join(_noted(heard.answers, lang, "changed" if changes else "noted"))
        case Move.SKIP:
            return text(lang, "guidance.skipped")
        case Move.BACK if asked is STEPS[0]:
            return text(lang, "guidance.first_step")
        case Move.UNCLEAR if asked is not None:
            return text(lang, f"guidance.not_understood_{asked.value}")
        case Move.ASK:
            return text(lang, "guidance.go_on")
    return ""


def question(step: Step, known: Answers, topics: list[str], lang: Language, before: str = "") -> Message:
    """The message that asks for a step, with its answers as buttons; `topics` are those worth offering, by key."""
    options = [Suggestion(title=option, payload=option) for option in _options(step, topics, lang)]
    moves = ["skip", *(["back"] if step is not STEPS[0] else []), "stop"]
    controls = [text(lang, f"guidance.{move}") for move in moves]
    asked = text(lang, f"guidance.ask_{step.value}")
    how = [text(lang, "guidance.how")] if not known else []
    return Message(
        kind=Kind.CHOICE,
        text=" ".join(part for part in (before, asked, *how) if part),
        lang=lang,
        progress=Progress(step=STEPS.index(step) + 1, of=len(STEPS), label=text(lang, f"guidance.label_{step.value}")),
        suggestions=options + [Suggestion(title=control, payload=control) for control in controls],
        confidence=1.0,
    )


def farewell(lang: Language) -> Message:
    """That the search has ended, and how to begin anew."""
    again = Suggestion(title=text(lang, "guidance.again"), payload=text(lang, "catalogue.ask_guidance_question"))
    return Message(kind=Kind.TEXT, text=text(lang, "guidance.stopped"), lang=lang, suggestions=[again], confidence=1.0)


def profile(known: Answers) -> Profile:
    """What is known at the end, as what programmes are compared with."""
    told = {step: value for step, value in known.items() if value != OPEN}
    return Profile(
        land=told.get(Step.LAND),
        municipality=Municipality(told[Step.MUNICIPALITY]) if Step.MUNICIPALITY in told else None,
        topic=told.get(Step.TOPIC),
        purpose=Purpose(told[Step.PURPOSE]) if Step.PURPOSE in told else None,
    )


def _is_question(plain: str, found: Mapping[Step, str]) -> bool:
    """Whether something else is asked; 'Hessen?' is an answer."""
    if _ASKING.search(plain):
        return True
    return plain.endswith("?") and not (found and len(words(plain)) <= _FEW_WORDS)


def _noted(answers: Mapping[Step, str], lang: Language, key: str) -> list[str]:
    said = [answer_name(step, answers[step], lang) for step in STEPS if step in answers]
    return [text(lang, f"guidance.{key}", said=", ".join(said))] if said else []


def answer_name(step: Step, value: str, lang: Language) -> str:
    """An answer in words."""
    match step:
        case Step.LAND:
            return phrases.land_name(value, lang)
        case Step.MUNICIPALITY:
            return phrases.municipality_name(Municipality(value), lang)
        case Step.TOPIC:
            return phrases.topic_names([value], lang)
    return phrases.purpose_name(Purpose(value), lang)


def _options(step: Step, topics: list[str], lang: Language) -> list[str]:
    match step:
        case Step.LAND:
            return sorted(phrases.land_name(code, lang) for code in LAENDER)
        case Step.MUNICIPALITY:
            return [text(lang, f"guidance.municipality_{kind.value.replace(' ', '_')}") for kind in Municipality]
        case Step.TOPIC:
            return [phrases.topic_names([topic], lang) for topic in topics]
    return [phrases.purpose_name(purpose, lang) for purpose in Purpose]
