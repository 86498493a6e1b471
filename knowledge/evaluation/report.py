"""What a replayed question set amounts to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, Field

from knowledge.evaluation.judging import Verdict
from knowledge.evaluation.questions import KnownQuestion
from knowledge.messages import Message


@dataclass(frozen=True)
class Replayed:
    """A question, what the bot said to it, and whether that is right."""

    question: KnownQuestion
    said: list[Message]
    verdict: Verdict


class Share(BaseModel):
    """How many of a kind were answered right."""

    n: int
    right: int
    accuracy: float


class Failure(BaseModel):
    """A question that went wrong."""

    id: str
    kind: str
    lang: str
    dialog: list[str]
    question: str
    answer: str
    citations: list[str] = Field(description="Title, page and heading of each")
    reason: str


class Report(BaseModel):
    """The figures of a question set; shares are 0…1."""

    n: int
    accuracy: float
    by_kind: dict[str, Share]
    by_language: dict[str, Share]
    answerable: Share | None = Field(description="All kinds that have an answer to find; None where there are none")
    right_page: float | None = Field(
        description="Share of the right answers that cite a place where the answer stands; None where none is known"
    )
    ms_per_turn: float
    failures: list[Failure]
    wrong_pages: list[Failure] = Field(description="Right answers that cite none of the places where they stand")


def report(replayed: Sequence[Replayed], ms_per_turn: float) -> Report:
    """Sum up what was replayed, at least one question; `ms_per_turn` is the median time of a turn."""
    located = [one for one in replayed if one.verdict.right_page is not None]
    answerable = [one for one in replayed if one.question.kind in ("single", "followup")]
    return Report(
        n=len(replayed),
        accuracy=_share(replayed).accuracy,
        by_kind=_by(replayed, lambda one: one.question.kind),
        by_language=_by(replayed, lambda one: one.question.lang),
        answerable=_share(answerable) if answerable else None,
        right_page=round(sum(one.verdict.right_page is True for one in located) / len(located), 4) if located else None,
        ms_per_turn=round(ms_per_turn, 1),
        failures=[_failure(one, one.verdict.reason) for one in replayed if one.verdict.reason is not None],
        wrong_pages=[_failure(one, "no citation leads to the place") for one in located if not one.verdict.right_page],
    )


def _by(replayed: Sequence[Replayed], name: Callable[[Replayed], str]) -> dict[str, Share]:
    names = sorted({name(one) for one in replayed})
    return {each: _share([one for one in replayed if name(one) == each]) for each in names}


def _share(replayed: Sequence[Replayed]) -> Share:
    right = sum(one.verdict.is_right for one in replayed)
    return Share(n=len(replayed), right=right, accuracy=round(right / len(replayed), 4))


def _failure(one: Replayed, reason: str) -> Failure:
    return Failure(
        **one.question.model_dump(include={"id", "kind", "lang", "dialog", "question"}),
        answer="\n".join(message.text for message in one.said),
        citations=cited(one.said),
        reason=reason,
    )


def cited(said: Sequence[Message]) -> list[str]:
    """Title, page and heading of each citation."""
    return [
        ", ".join(
            part
            for part in (citation.title, f"p. {citation.page}" if citation.page else "", citation.heading or "")
            if part
        )
        for message in said
        for citation in message.citations
    ]
