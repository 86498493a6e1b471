"""Asking back: which programme a question is about that names none, or one name for several."""

from collections.abc import Sequence

from knowledge.answering.attempts import Attempt
from knowledge.answering.context import Context, OpenQuestion
from knowledge.answering.following import Following
from knowledge.answering.question import Question
from knowledge.catalogue.phrases import brief_name
from knowledge.factsheet import FactSheet, SheetKind, State
from knowledge.messages import Kind, Message, Suggestion
from knowledge.recognition.attributes import OF_A_PROGRAMME, OF_AN_EVENT
from knowledge.recognition.names import GENERIC
from knowledge.retrieval.library import Library
from knowledge.texts import text

_OPTIONS = 4
_TOLD = 2


def options(asked: Question, attempt: Attempt, context: Context, library: Library) -> list[str]:
    """Keys of the programmes a question may be about, likeliest first; fewer than two where there is no need to ask.

    There is need where it asks for something that belongs to a programme, names nothing else and nothing was talked
    about before; not where a passage of a document on no such programme answers it.
    """
    if asked.programmes or asked.filter or context.programme in library.sheets:
        return []
    attributes = {one.attribute for one in asked.asked}
    telling = [word for word in asked.content if word not in GENERIC]
    # After a list more may be said of what is asked: 'bis wann muss die Skizze da sein'.
    of_a_programme = attributes & OF_A_PROGRAMME and len(telling) <= (_TOLD if len(context.shown) > 1 else 0)
    of_an_event = attributes & OF_AN_EVENT and asked.content and not telling
    if not (of_a_programme or of_an_event):
        return []
    if attempt.hits and attempt.hits[0].passage.fact is None and not attempt.hits[0].passage.programmes:
        return []
    found = [key for hit in attempt.hits for key in hit.passage.programmes]
    others = sorted(library.sheets, key=lambda key: _prominence(library.sheets[key]))
    wanted = attributes & (OF_A_PROGRAMME if of_a_programme else OF_AN_EVENT)
    candidates = [key for key in dict.fromkeys([*found, *(others if of_a_programme else [])]) if key in library.sheets]
    told = [key for key in candidates if any(fact.attribute in wanted for fact in library.sheets[key].facts)]
    if of_a_programme:
        told = [key for key in told if library.sheets[key].kind is SheetKind.FUNDING_PROGRAMME]
    just_shown = [key for key in context.shown if key in told]
    return (just_shown if len(just_shown) > 1 else told)[:_OPTIONS]


def ask_back(
    question: str, keys: Sequence[str], asked: Question, library: Library, context: Context
) -> tuple[Message, Context]:
    """One short question with a button for each programme, and the memory of what waits for the answer."""
    following = Following(library)
    suggestions = [
        Suggestion(title=brief_name(library.sheets[key], asked.lang), payload=following.continued(question, key, asked))
        for key in keys
    ]
    said = text(asked.lang, "answer.which_programme")
    message = Message(kind=Kind.CHOICE, text=said, lang=asked.lang, suggestions=suggestions, confidence=1.0)
    waiting = OpenQuestion(question=question, options=list(keys))
    changes = {"open": waiting, "shown": list(keys), "language": asked.lang}
    return message, context.model_copy(update=changes).after(message)


def _prominence(sheet: FactSheet) -> tuple[int, int, str]:
    """Running programmes first, those of all Länder before those of one."""
    return (0 if sheet.status.state is State.RUNNING else 1, len(sheet.laender), sheet.key)
