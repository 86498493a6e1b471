"""The question set over the starter library, asked and judged: `python -m tests.questions` prints the counts."""

import json
import re
import statistics
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge import answers
from knowledge.answers import Answer, Answerer, Context
from knowledge.messages import Kind, Message
from knowledge.settings import settings

QUESTIONS = Path(answers.__file__).parent / "evaluation" / "questions.jsonl"


def talk(answerer: Answerer, *questions: str) -> Answer:
    """The answer to the last of the questions that a person asks one after the other."""
    context = Context()
    for question in questions:
        answer = answerer.answer(question, context)
        context = answer.context
    return answer


def ask(answerer: Answerer, *questions: str) -> Message:
    return talk(answerer, *questions).message


@dataclass(frozen=True)
class Asked:
    """A question of the evaluation and what the bot said to it."""

    entry: dict[str, Any]
    message: Message

    @property
    def is_right(self) -> bool:
        """Whether it says all that it should, or for what nobody can know, that it does not."""
        if self.entry["kind"] == "unanswerable":
            return self.message.kind is Kind.ABSTENTION
        alternatives = self.entry["answer_alternatives"]
        return self.message.kind is Kind.ANSWER and all(
            any(holds(self.message.text, wording) for wording in (keyword, *alternatives.get(keyword, ())))
            for keyword in self.entry["answer_keywords"]
        )


def holds(text: str, wording: str) -> bool:
    """Whether a text holds a wording, case ignored and numbers whole: '50' stands in neither '150' nor '2,50'."""
    before = r"(?<![\d])(?<!\d[.,])" if wording[:1].isdigit() else ""
    after = r"(?![.,]?\d)" if wording[-1:].isdigit() else ""
    pattern = before + re.escape(wording.casefold()) + after
    return re.search(pattern, " ".join(text.casefold().split())) is not None


def evaluate(answerer: Answerer) -> list[Asked]:
    """Every question of the set but small talk, which the dialogue answers, with what the bot said to it."""
    entries = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    return [
        Asked(entry, ask(answerer, *entry["dialog"], entry["question"]))
        for entry in entries
        if entry["kind"] != "smalltalk"
    ]


def main() -> None:
    """Print right and all by kind and language, what went wrong, and the time for a question."""
    answerer = Answerer.open(settings())
    begun = time.perf_counter()
    asked = evaluate(answerer)
    seconds = time.perf_counter() - begun
    kinds = Counter((one.entry["kind"], one.entry["lang"]) for one in asked)
    right = Counter((one.entry["kind"], one.entry["lang"]) for one in asked if one.is_right)
    for one in asked:
        if not one.is_right:
            print(f"{one.entry['id']} {one.entry['question']!r}: {one.message.kind.value} {one.message.text[:120]!r}")
    for kind, lang in sorted(kinds):
        print(f"{kind:13} {lang}: {right[kind, lang]} of {kinds[kind, lang]}")
    turns = sum(1 + len(one.entry["dialog"]) for one in asked)
    sure = statistics.mean(one.message.confidence for one in asked if one.is_right and one.message.kind is Kind.ANSWER)
    print(f"{1000 * seconds / turns:.0f} ms a turn; mean confidence of right answers {sure:.2f}")


if __name__ == "__main__":
    main()
