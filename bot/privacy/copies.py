"""Copies of what is kept of people that left the state file: exports and backups, and where they were written."""

import hashlib
import os
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from knowledge.settings import Settings


class Copy(BaseModel):
    """An export or a backup; `people` are hashes of the conversations that an export tells of."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["export", "backup"]
    path: Path
    made_at: datetime
    people: list[str] = []


def note(settings: Settings, kind: Literal["export", "backup"], path: Path, conversations: Sequence[str] = ()) -> None:
    """Remember that a copy was made, so that forgetting reaches it."""
    people = [digest(conversation) for conversation in conversations]
    made = Copy(kind=kind, path=path.resolve(), made_at=datetime.now(timezone.utc), people=people)
    keep(settings, [*(copy for copy in copies(settings) if copy.path != made.path), made])


def copies(settings: Settings) -> list[Copy]:
    """All copies that were made and not forgotten, in the order they were made."""
    path = _list(settings)
    found: list[Copy] = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        try:
            found.append(Copy.model_validate_json(line))
        except ValidationError:
            continue
    return found


def keep(settings: Settings, kept: Sequence[Copy]) -> None:
    """Remember these copies alone."""
    write_private(_list(settings), "".join(f"{copy.model_dump_json()}\n" for copy in kept).encode())


def forget_copy(settings: Settings, path: Path) -> None:
    """Remember no more that a copy was made."""
    keep(settings, [copy for copy in copies(settings) if copy.path != path.resolve()])


def forgotten(var: Path) -> set[str]:
    """Hashes of the conversations that were forgotten on request: a backup must not bring them back."""
    path = var / "forgotten.txt"
    return set(path.read_text(encoding="ascii", errors="replace").split()) if path.exists() else set()


def note_forgotten(var: Path, hashes: set[str]) -> None:
    """Remember that conversations were forgotten."""
    write_private(var / "forgotten.txt", "".join(f"{one}\n" for one in sorted(forgotten(var) | hashes)).encode())


def digest(conversation: str) -> str:
    """The hash under which a conversation is remembered; ids are random, so that it cannot be traced back."""
    return hashlib.sha256(conversation.encode()).hexdigest()


def write_private(path: Path, content: bytes) -> None:
    """Write a file in one step, readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        with open(draft, "wb", opener=_private) as file:  # Path.open takes no opener
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _list(settings: Settings) -> Path:
    return settings.var / "copies.jsonl"
