"""Questions whose answers are known: one JSON object a line."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from knowledge.errors import StadtlotseError
from knowledge.evaluation.files import records
from knowledge.messages import Language

OWN_QUESTIONS = Path(__file__).parent / "questions.jsonl"

QuestionKind = Literal["single", "followup", "unanswerable", "smalltalk"]


class _Record(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Place(_Record):
    """Where an answer stands: anywhere in the file, unless page or heading is named."""

    file: str = Field(description="Name of the file, or the end of its path")
    page: int | None = None
    heading: str | None = None


class KnownQuestion(_Record):
    """A question, what was asked before it, and what its answer must say."""

    id: str
    lang: Language
    kind: QuestionKind
    question: str
    dialog: list[str] = Field(default_factory=list, description="What the person said before, in order")
    answer_keywords: list[str] = Field(default_factory=list, description="Each must stand in the answer …")
    answer_alternatives: dict[str, list[str]] = Field(
        default_factory=dict, description="… or one of these in its place"
    )
    must_not_contain: list[str] = Field(default_factory=list)
    file: str | None = None
    page: int | None = None
    heading: str | None = None
    also_in: list[Place] = Field(default_factory=list, description="Places that say the same")

    @property
    def places(self) -> list[Place]:
        """All places where the answer stands; none where the set does not tell."""
        own = [Place(file=self.file, page=self.page, heading=self.heading)] if self.file else []
        return own + self.also_in


def read_questions(path: Path) -> list[KnownQuestion]:
    """The questions of a file in their order.

    Raises `StadtlotseError` where the file is missing, empty or a line is broken.
    """
    questions = [question for _, question in records(path, KnownQuestion)]
    if not questions:
        raise StadtlotseError(f"{path} holds no question; give a file with one JSON object a line.")
    return questions
