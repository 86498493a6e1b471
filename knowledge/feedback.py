"""What people think of an answer, in the one vocabulary of page, platforms, dialogue and gateway."""

from enum import Enum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Verdict = Literal["up", "down"]

WORDS_LENGTH = 1_000


class Reason(str, Enum):
    """Why an answer did not help."""

    WRONG = "wrong"
    OUTDATED = "outdated"
    NOT_ASKED = "not_asked"
    SOURCE_MISSING = "source_missing"


class Opinion(BaseModel):
    """Whether an answer helped, and why not; says nothing of whose opinion it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    verdict: Verdict
    reasons: frozenset[Reason] = Field(frozenset(), description="Why it did not help")
    words: str = Field("", max_length=WORDS_LENGTH, description="The same in the person's own words")
