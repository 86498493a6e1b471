"""What the operator took over from logged questions: questions of the evaluation set, examples for the dialogue.

Each remembers under `asked` the references of the logged questions that it was taken from, so that forgetting these
finds it. References tell nothing of who asked.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from bot.privacy.copies import write_private
from knowledge.evaluation.files import lines, records
from knowledge.evaluation.questions import KnownQuestion
from knowledge.settings import Settings

UTTERANCES = "accepted utterances"


class AcceptedUtterance(BaseModel):
    """An example for the dialogue that the operator accepted, or a proposal that was rejected."""

    model_config = ConfigDict(frozen=True)

    text: str
    intent: str | None
    """None where the proposal was rejected."""
    asked: list[str] = []


def add_question(settings: Settings, question: KnownQuestion, asked: Sequence[str]) -> Path:
    """Add a question to the operator's evaluation set; gives its file."""
    path = settings.own_questions
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    line = json.dumps(question.model_dump(mode="json") | {"asked": list(asked)}, ensure_ascii=False)
    separator = "" if not before or before.endswith("\n") else "\n"
    write_private(path.resolve(), f"{before}{separator}{line}\n".encode())
    return path


def own_questions(settings: Settings) -> list[KnownQuestion]:
    """The operator's evaluation set, empty where there is none; raises `StadtlotseError` where a line is broken."""
    path = settings.own_questions
    return [question for _, question in records(path, KnownQuestion)] if path.exists() else []


def decide(settings: Settings, utterance: AcceptedUtterance) -> None:
    """Keep a decision on a proposal, and write what was accepted in Rasa's format for the next training."""
    _write_utterances(settings, [*decided(settings), utterance])


def decided(settings: Settings) -> list[AcceptedUtterance]:
    """All decisions on proposals, in the order they were made."""
    path = _decisions(settings)
    return [one for _, one in records(path, AcceptedUtterance)] if path.exists() else []


def words_from(settings: Settings, asked: Sequence[str]) -> list[str]:
    """The texts that were taken from logged questions of these references, as the operator worded them."""
    gone = set(asked)
    path = settings.own_questions
    found = [one.text for one in decided(settings) if gone & set(one.asked)]
    for _, line in lines(path) if path.exists() else ():
        if gone & set(_asked(line)):
            found.append(str(json.loads(line).get("question", "")))
    return found


def forget(settings: Settings, asked: Sequence[str]) -> dict[str, int]:
    """Delete what was taken from logged questions of these references; how much of which kind."""
    gone = set(asked)
    deleted: dict[str, int] = {}
    path = settings.own_questions
    if path.exists():
        kept = [line for _, line in lines(path) if not gone & set(_asked(line))]
        if count := sum(1 for _ in lines(path)) - len(kept):
            write_private(path.resolve(), "".join(f"{line}\n" for line in kept).encode())
            deleted["evaluation questions"] = count
    before = decided(settings)
    left = [one for one in before if not gone & set(one.asked)]
    if len(left) < len(before):
        _write_utterances(settings, left)
        deleted[UTTERANCES] = len(before) - len(left)
    return deleted


def _asked(line: str) -> list[str]:
    try:
        found: Any = json.loads(line)
    except ValueError:
        return []
    return found.get("asked", []) if isinstance(found, dict) else []


def _write_utterances(settings: Settings, utterances: Sequence[AcceptedUtterance]) -> None:
    write_private(_decisions(settings), "".join(f"{one.model_dump_json()}\n" for one in utterances).encode())
    by_intent: dict[str, list[str]] = {}
    for one in utterances:
        if one.intent is not None:
            by_intent.setdefault(one.intent, []).append(one.text)
    path = settings.accepted_utterances
    if not by_intent:
        path.unlink(missing_ok=True)
        return
    groups = [
        {"intent": intent, "examples": LiteralScalarString("".join(f"- {text}\n" for text in dict.fromkeys(texts)))}
        for intent, texts in sorted(by_intent.items())
    ]
    draft = path.with_name(f".{path.name}")
    with draft.open("w", encoding="utf-8") as file:
        YAML().dump({"version": "3.1", "nlu": groups}, file)
    draft.replace(path)


def _decisions(settings: Settings) -> Path:
    return settings.accepted_utterances.with_name("decisions.jsonl")
