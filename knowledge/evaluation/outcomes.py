"""What a release says to known questions, and how that differs from what another one says."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, Field, ValidationError

from knowledge.evaluation.questions import KnownQuestion
from knowledge.evaluation.report import Replayed, cited
from knowledge.messages import Kind
from knowledge.releases.release import EVALUATION, Release, write_durably


class Outcome(BaseModel):
    """What was said to a question, and whether that is right."""

    key: str = Field(description="Hash of the question and of what its answer must say")
    id: str
    set: str = Field(description="'shipped' or the name of the operator's file")
    kind: str
    lang: str
    dialog: list[str]
    question: str
    right: bool
    reason: str | None = Field(description="Why it is wrong")
    declined: bool = Field(False, description="Whether the bot said that it does not know")
    said: str
    citations: list[str]


class Change(BaseModel):
    """A question that is answered differently than before."""

    id: str
    set: str
    dialog: list[str]
    question: str
    before: str
    after: str
    reason: str | None = Field(description="Why what is said now is wrong")
    declined: bool = Field(False, description="Whether the bot says now that it does not know")
    citations_before: list[str] = Field(default_factory=list, description="What was cited")
    citations: list[str] = Field(description="What is cited now")


class Comparison(BaseModel):
    """What became better and worse against a release, question by question."""

    against: str | None = Field(description="Id of the release; None where there was none")
    better: list[Change] = Field(default_factory=list)
    worse: list[Change] = Field(default_factory=list)
    changed: list[Change] = Field(
        default_factory=list, description="As right or wrong as before, in other words or from other sources"
    )
    same: int = 0
    right_before: int = Field(0, description="How many of them were answered right before")


class Evaluation(BaseModel):
    """What the gate measured before a release went live."""

    taken_at: datetime
    questions: int
    right: int
    outcomes: list[Outcome]
    comparison: Comparison | None = None

    @property
    def accuracy(self) -> float:
        """Share of the questions that are answered right, 0…1."""
        return self.right / self.questions if self.questions else 0.0


def question_key(question: KnownQuestion) -> str:
    """A hash of all that makes up a question and its judgement."""
    return hashlib.sha256(question.model_dump_json(exclude={"id"}).encode()).hexdigest()[:24]


def outcome(set_name: str, one: Replayed) -> Outcome:
    """What is kept of a replayed question."""
    return Outcome(
        key=question_key(one.question),
        set=set_name,
        **one.question.model_dump(include={"id", "kind", "lang", "dialog", "question"}),
        right=one.verdict.is_right,
        reason=one.verdict.reason,
        declined=any(message.kind is Kind.ABSTENTION for message in one.said),
        said="\n".join(message.text for message in one.said),
        citations=cited(one.said),
    )


def compare(before: Sequence[Outcome], after: Sequence[Outcome], against: str | None) -> Comparison:
    """What became better and worse, of the questions that both were asked."""
    known = {(one.set, one.key): one for one in before}
    comparison = Comparison(against=against)
    for new in after:
        old = known.get((new.set, new.key))
        if old is None:
            continue
        comparison.right_before += old.right
        if old.right != new.right:
            (comparison.better if new.right else comparison.worse).append(_change(old, new))
        elif (old.said, old.citations) != (new.said, new.citations):
            comparison.changed.append(_change(old, new))
        else:
            comparison.same += 1
    return comparison


def _change(old: Outcome, new: Outcome) -> Change:
    shown = new.model_dump(include={"id", "set", "dialog", "question", "reason", "declined", "citations"})
    return Change(before=old.said, after=new.said, citations_before=old.citations, **shown)


def write_evaluation(folder: Path, evaluation: Evaluation) -> None:
    """Keep an evaluation in the folder of the release."""
    write_durably(folder / EVALUATION, evaluation.model_dump_json(indent=1))


def read_evaluation(release: Release) -> Evaluation | None:
    """The evaluation that a release holds; None where it has none or it cannot be read."""
    try:
        return Evaluation.model_validate_json((release.path / EVALUATION).read_bytes())
    except (OSError, ValidationError):
        return None
