"""The audit log: what admins did, one line each, chained by hashes so that a changed, moved or missing line shows.

It holds actions, counts and names of releases; of people it holds at most a hash. Whoever may write to `var/` could
write the whole chain anew: the seal, which is the last line's hash, shows that too where it was noted elsewhere.
"""

import contextlib
import fcntl
import getpass
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict, ValidationError

from knowledge.errors import StadtlotseError
from knowledge.settings import Settings

_BEGINNING = "0" * 64

Value = str | int | float | bool | None | list[str]


class Entry(BaseModel):
    """One action."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: int
    at: datetime
    who: str
    action: str
    details: dict[str, Value]
    previous: str
    hash: str

    def sealed(self) -> str:
        """The hash that an entry of this content has."""
        content = json.dumps(self.model_dump(mode="json", exclude={"hash"}), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()


@dataclass(frozen=True)
class Damage:
    """A line that is not as it was written, and what tells so."""

    line: int
    sentence: str


def record(settings: Settings, action: str, **details: Value) -> Entry:
    """Add an action such as 'privacy forget' to the log; nothing in `details` may name a person.

    Raises `StadtlotseError` where it cannot be written, and leaves the log as it was.
    """
    path = settings.audit_log
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path) as log:
            last = _last(log)
            entry = Entry(
                number=last.number + 1 if last else 1,
                at=datetime.now(timezone.utc),
                who=_who(),
                action=action,
                details=details,
                previous=last.hash if last else _BEGINNING,
                hash="",
            )
            entry = entry.model_copy(update={"hash": entry.sealed()})
            _append(log, entry.model_dump_json().encode() + b"\n")
            _write_head(settings, entry)
    except OSError as error:
        raise StadtlotseError(
            f"The audit log {path} cannot be written ({error.strerror}); make room or change its owner."
        ) from error
    return entry


def entries(settings: Settings) -> tuple[list[Entry], list[Damage]]:
    """All entries that can be read, and what is wrong with which line."""
    found: list[Entry] = []
    damaged: list[Damage] = []
    lines = settings.audit_log.read_bytes().splitlines() if settings.audit_log.exists() else []
    previous, number = _BEGINNING, 1
    for place, line in enumerate(lines, 1):
        try:
            entry = Entry.model_validate_json(line)
        except ValidationError:
            damaged.append(Damage(place, "it is no entry of this log"))
            continue
        if entry.hash != entry.sealed():
            damaged.append(Damage(place, "it was changed after it was written"))
        elif entry.number != number or entry.previous != previous:
            damaged.append(Damage(place, "a line before it was removed, added or moved"))
        found.append(entry)
        previous, number = entry.hash, entry.number + 1
    damaged += _missing_end(settings, found, len(lines))
    return found, damaged


def seal(found: list[Entry]) -> str:
    """The hash that stands for the whole log."""
    return found[-1].hash if found else _BEGINNING


def _missing_end(settings: Settings, found: list[Entry], lines: int) -> Iterator[Damage]:
    head = _head(settings)
    if not head.exists():
        if found:
            yield Damage(lines, f"{head.name}, which names the last line, is missing")
        return
    number, _, last = head.read_text(encoding="ascii", errors="replace").strip().partition(" ")
    if last not in {entry.hash for entry in found}:
        yield Damage(lines + 1, f"the log once went on to line {number}, which is missing or was changed")
    elif last not in {entry.hash for entry in found[-2:]}:  # the head of the very last one may not have been written
        yield Damage(lines, f"it was added by something else than this program, which ended with line {number}")


def _head(settings: Settings) -> Path:
    return settings.audit_log.with_suffix(".head")


def _write_head(settings: Settings, entry: Entry) -> None:
    head = _head(settings)
    draft = head.with_name(f".{head.name}-{os.getpid()}")
    with open(draft, "wb", opener=_private) as file:  # Path.open takes no opener
        file.write(f"{entry.number} {entry.hash}\n".encode())
    draft.replace(head)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[BinaryIO]:
    """The log for reading and appending, while no other process writes to it."""
    with open(path, "a+b", opener=_private) as log:
        fcntl.flock(log, fcntl.LOCK_EX)
        yield log


def _last(log: BinaryIO) -> Entry | None:
    log.seek(0)
    for line in reversed(log.read().splitlines()):
        with contextlib.suppress(ValidationError):  # told by whoever checks the log
            return Entry.model_validate_json(line)
    return None


def _append(log: BinaryIO, line: bytes) -> None:
    end = log.seek(0, os.SEEK_END)
    if end:
        log.seek(end - 1)
        if log.read(1) != b"\n":
            line = b"\n" + line
    try:
        log.write(line)
        log.flush()
        os.fsync(log.fileno())
    except OSError:
        with contextlib.suppress(OSError):
            os.ftruncate(log.fileno(), end)
        raise


def _who() -> str:
    """The account that acts, and the one behind sudo."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container may know no name for its number
        name = f"uid {os.getuid()}"
    behind = os.environ.get("SUDO_USER")
    return f"{behind} as {name}" if behind and behind != name else name
