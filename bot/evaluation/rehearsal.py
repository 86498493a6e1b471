"""Asking a release known questions without a bot: the answerer in this process, intents from the trained dialogue."""

import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median

from bot.evaluation.routes import routes
from knowledge.answering.answers import Answerer, Context
from knowledge.document import Group
from knowledge.evaluation.judging import judge
from knowledge.evaluation.questions import KnownQuestion
from knowledge.evaluation.report import Replayed
from knowledge.messages import Kind, Message
from knowledge.retrieval.library import Library

_ANSWER, _RETELL, _PICK, _CONFIRM = "action_answer", "action_retell", "action_pick", "action_confirm"


def texts_of(questions: Sequence[KnownQuestion]) -> list[str]:
    """All that is said in the dialogues of questions, the questions among it."""
    return list(dict.fromkeys(words for one in questions for words in (*one.dialog, one.question)))


def rehearse(
    answerer: Answerer,
    intents: Mapping[str, str],
    questions: Sequence[KnownQuestion],
    progress: Callable[[int, int], None],
) -> tuple[list[Replayed], float]:
    """What the answerer says to each question after its dialogue, judged, and the median milliseconds of a turn.

    A question whose answer stands in internal documents alone is asked as staff, every other as everybody. `intents`
    gives what the dialogue takes each text for. What only a conversation with people leads to, such as the guided
    search, is stood in for by its first message.
    """
    replayed: list[Replayed] = []
    times: list[float] = []
    for done, question in enumerate(questions):
        progress(done, len(questions))
        context, message = Context(), None
        asked = answerer.for_readers(_reader(answerer.library, question))
        for words in (*question.dialog, question.question):
            began = time.perf_counter()
            message, context = _turn(asked, intents.get(words), words, context)
            times.append(1000 * (time.perf_counter() - began))
        said = [message] if message is not None else []
        replayed.append(Replayed(question, said, judge(question, said, None)))
    progress(len(questions), len(questions))
    return replayed, median(times) if times else 0.0


def _reader(library: Library, question: KnownQuestion) -> Group:
    is_internal = [library.readers_of(place.file) == "internal" for place in question.places]
    return "internal" if is_internal and all(is_internal) else "public"


def _turn(answerer: Answerer, intent: str | None, words: str, context: Context) -> tuple[Message, Context]:
    action = routes().get(intent or "", _ANSWER)
    if action == _ANSWER:
        answer = answerer.answer(words, context, intent=intent)
    elif action == _RETELL and intent is not None:
        answer = answerer.retold(intent, words, context)
    elif action == _PICK:
        answer = answerer.picked(words, context)
    elif action == _CONFIRM and intent == "affirm" and context.offered:
        answer = answerer.answer(context.offered[0], context, intent="ask_question")
    else:
        message = Message(kind=Kind.TEXT, text=action, lang=context.language or "de", confidence=1.0)
        return message, context.after(message)
    return answer.message, answer.context
