"""Asking a bot questions whose answers are known."""

import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median

from bot.client import Conversation
from knowledge.errors import StadtlotseError
from knowledge.evaluation.judging import Verdict, judge
from knowledge.evaluation.questions import KnownQuestion
from knowledge.evaluation.report import Replayed
from knowledge.messages import Message


def replay(
    base: str,
    questions: Sequence[KnownQuestion],
    files: Mapping[str, str] | None,
    progress: Callable[[int, int], None],
) -> tuple[list[Replayed], float]:
    """Ask the questions at the address `base`, each after its dialogue in a conversation of its own.

    Gives them judged (see `knowledge.evaluation.judging.judge` for `files`) and the median milliseconds of a turn. No
    conversation is begun in the question's language, which the bot has to find out. A turn that fails is wrong;
    raises `StadtlotseError` where no conversation can be begun.
    """
    replayed: list[Replayed] = []
    times: list[float] = []
    for done, question in enumerate(questions):
        progress(done, len(questions))
        conversation = Conversation(base)
        said: list[Message] = []
        try:
            for words in (*question.dialog, question.question):
                began = time.perf_counter()
                said = conversation.say(words)
                times.append(1000 * (time.perf_counter() - began))
            verdict = judge(question, said, files)
        except StadtlotseError as error:
            said, verdict = [], Verdict(f"the turn failed: {error}", None)
        replayed.append(Replayed(question, said, verdict))
    progress(len(questions), len(questions))
    return replayed, median(times) if times else 0.0
