"""How well intents and entities of held-out utterances are told."""

import asyncio
import logging
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, Field

from bot.processes.training import rasa_environment
from knowledge.errors import StadtlotseError

OWN_UTTERANCES = Path(__file__).parent / "utterances.yml"
# What Rasa is not sure of is taken for a question (bot/data/rules/questions.yml).
_UNSURE, _QUESTION = "nlu_fallback", "ask_question"


class Scores(BaseModel):
    """How well one intent or kind of entity is told; shares are 0…1."""

    n: int = Field(description="How many there are")
    precision: float
    recall: float
    f1: float


class Confusion(BaseModel):
    """An utterance that was taken for something else."""

    text: str
    intent: str
    taken_for: str


class MissedEntities(BaseModel):
    """An utterance in which other things were found than it names."""

    text: str
    missed: list[str]
    wrong: list[str]


class NluReport(BaseModel):
    """The figures of a set of utterances."""

    n: int
    intent_f1: float = Field(description="Mean of the intents' F1, each counting the same")
    entity_f1: float = Field(description="F1 over all entities: kind, words and value must be right")
    intents: dict[str, Scores]
    entities: dict[str, Scores]
    confusions: list[Confusion]
    missed_entities: list[MissedEntities]
    picture: str | None = Field(None, description="File with the picture of the confusions")


@dataclass(frozen=True)
class Named:
    """An entity of an utterance, comparable."""

    kind: str
    value: str
    start: int
    end: int

    def __str__(self) -> str:
        """Its kind and value, for people."""
        return f"{self.kind} {self.value}"


@dataclass(frozen=True)
class Utterance:
    """What somebody wrote, what it is, and what it was taken for."""

    text: str
    intent: str
    entities: frozenset[Named]
    taken_for: str
    found: frozenset[Named]


def read(model: Path, path: Path, progress: Callable[[int, int], None]) -> list[Utterance]:
    """Have a trained model read the utterances of a file in Rasa's format.

    Raises `StadtlotseError` where the file is none or holds no utterance with its intent.
    """
    os.environ.update(rasa_environment())
    from rasa.core.agent import Agent  # takes seconds
    from rasa.shared.exceptions import RasaException
    from rasa.shared.nlu.training_data.loading import load_data
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.ERROR)

    try:
        examples = [one for one in load_data(str(path)).training_examples if one.get("text") and one.get("intent")]
    except (RasaException, ValueError, OSError) as error:
        raise StadtlotseError(f"{path} cannot be read as Rasa's training data: {error}") from error
    if not examples:
        raise StadtlotseError(f"{path} holds no utterance with an intent; write it like bot/data/nlu.")
    agent = Agent.load(str(model))

    async def parse() -> list[Utterance]:
        said: list[Utterance] = []
        for done, example in enumerate(examples):
            progress(done, len(examples))
            text = str(example.get("text"))
            parsed = await agent.parse_message(text)
            taken_for = str(parsed["intent"]["name"])
            own = _named(example.get("entities") or [])
            said.append(Utterance(text, str(example.get("intent")), own, taken_for, _named(parsed["entities"])))
        return said

    return asyncio.run(parse())


def _named(entities: Iterable[dict[str, object]]) -> frozenset[Named]:
    return frozenset(
        Named(str(one["entity"]), str(one["value"]), int(str(one["start"])), int(str(one["end"]))) for one in entities
    )


def decided(utterance: Utterance) -> str:
    """The intent that an utterance is treated as."""
    return _QUESTION if utterance.taken_for == _UNSURE else utterance.taken_for


def report(utterances: Sequence[Utterance]) -> NluReport:
    """Sum up utterances that were read, at least one."""
    intents = sorted({one.intent for one in utterances})
    of_intents = {
        intent: _scores(
            sum(one.intent == intent == decided(one) for one in utterances),
            sum(decided(one) == intent for one in utterances),
            sum(one.intent == intent for one in utterances),
        )
        for intent in intents
    }
    right = Counter(named.kind for one in utterances for named in one.entities & one.found)
    found = Counter(named.kind for one in utterances for named in one.found)
    there = Counter(named.kind for one in utterances for named in one.entities)
    return NluReport(
        n=len(utterances),
        intent_f1=round(sum(one.f1 for one in of_intents.values()) / len(of_intents), 4),
        entity_f1=_scores(right.total(), found.total(), there.total()).f1,
        intents=of_intents,
        entities={kind: _scores(right[kind], found[kind], there[kind]) for kind in sorted(there | found)},
        confusions=[
            Confusion(text=one.text, intent=one.intent, taken_for=decided(one))
            for one in utterances
            if decided(one) != one.intent
        ],
        missed_entities=[
            MissedEntities(
                text=one.text,
                missed=sorted(map(str, one.entities - one.found)),
                wrong=sorted(map(str, one.found - one.entities)),
            )
            for one in utterances
            if one.entities != one.found
        ],
    )


def _scores(right: int, found: int, there: int) -> Scores:
    precision = right / found if found else 0.0
    recall = right / there if there else 0.0
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return Scores(n=there, precision=round(precision, 4), recall=round(recall, 4), f1=round(f1, 4))
