"""What a check of the installation found."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "note", "wrong"]


@dataclass(frozen=True)
class Finding:
    """One thing that is fine, worth knowing, or wrong, in a sentence that holds the remedy."""

    check: str
    state: State
    sentence: str
