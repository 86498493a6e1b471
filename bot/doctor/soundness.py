"""Whether the folder of run-time files is sound: room, permissions, state file, releases, clock, audit log."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path

from bot import audit
from bot.additions.own_sets import own_questions
from bot.backup import backup
from bot.doctor.finding import Finding
from bot.gateway.retention import has_table
from knowledge.errors import StadtlotseError
from knowledge.releases.release import Release
from knowledge.settings import Settings

_GIGABYTE = 1024**3
_BUILD_BYTES, _LEAST_BYTES = 2 * _GIGABYTE, _GIGABYTE // 4
_RUN_MEMORY, _TRAIN_MEMORY = 1.2, 2.5
"""Gigabytes of memory that the bot needs, and what a training takes beside it."""
_CLOCK = timedelta(minutes=5)
_NAMED = 3
_WRITTEN = ("releases", "library", "cache", "logs")
_PRIVATE = ("state.db", "pseudonyms.key", "sessions.key", "audit.jsonl", "copies.jsonl")


def findings(settings: Settings) -> Iterator[Finding]:
    """All of it, one after another."""
    yield from _folder(settings)
    yield from _memory()
    if not settings.var.is_dir():
        return
    yield from _permissions(settings)
    yield from _state(settings)
    yield from _releases(settings)
    yield from _clock(settings)
    yield from _own_sets(settings)
    yield from _audit(settings)
    if backup.was_interrupted(settings):
        yield Finding(
            "restore", "wrong", "A restore was cut off; end the bot and run 'stadtlotse purge', which puts all back."
        )


def _folder(settings: Settings) -> Iterator[Finding]:
    var = settings.var
    try:
        var.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(var).free
    except OSError as error:
        yield Finding("folder", "wrong", f"{var} cannot be made ({error.strerror}); set STADTLOTSE_VAR.")
        return
    written = [one for one in (var, *(var / name for name in _WRITTEN)) if one.is_dir()]
    for folder in written:
        if reason := _unwritable(folder):
            yield Finding(
                "folder",
                "wrong",
                f"{folder} cannot be written ({reason}); make room, mount it writable or change its owner.",
            )
            return
    if free < _LEAST_BYTES:
        yield Finding(
            "disk", "wrong", f"{var} has {free / 1024**2:.0f} MB left; make room before conversations get lost."
        )
    elif free < _BUILD_BYTES:
        yield Finding(
            "disk", "note", f"{var} has {free / _GIGABYTE:.1f} GB left; make room, since a build needs up to 2 GB."
        )
    else:
        yield Finding("folder", "ok", f"{var} can be written and has {free / _GIGABYTE:.0f} GB left.")


def _unwritable(folder: Path) -> str | None:
    """Why nothing can be written into a folder."""
    probe = folder / f".doctor-{os.getpid()}"
    try:
        probe.write_bytes(b"\0" * 4096)
    except OSError as error:
        return error.strerror
    finally:
        if os.access(folder, os.W_OK):
            probe.unlink(missing_ok=True)
    return None


def _memory() -> Iterator[Finding]:
    available = _available_memory()
    if available is None:
        return
    if available < _RUN_MEMORY:
        yield Finding(
            "memory",
            "note",
            f"{available:.1f} GB of memory are free; the bot needs {_RUN_MEMORY} GB where it does not run yet: "
            "end other programs or add memory.",
        )
    elif available < _TRAIN_MEMORY:
        yield Finding(
            "memory",
            "note",
            f"{available:.1f} GB of memory are free; end other programs before a training.",
        )
    else:
        yield Finding("memory", "ok", f"{available:.1f} GB of memory are free.")


def _available_memory() -> float | None:
    """Gigabytes that programs may still take: of the machine, or of the container."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        free = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration, ValueError):
        return None
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii").strip()
        used = int(Path("/sys/fs/cgroup/memory.current").read_text(encoding="ascii"))
        free = min(free, int(limit) - used) if limit.isdigit() else free
    except (OSError, ValueError):
        pass
    return free / _GIGABYTE


def _permissions(settings: Settings) -> Iterator[Finding]:
    wrong = False
    for name in _PRIVATE:
        path = settings.var / name
        if path.exists() and path.stat().st_mode & 0o077:
            wrong = True
            yield Finding("permissions", "wrong", f"Others than its owner may read {path}; run 'chmod 600 {path}'.")
    others = [path for path in settings.var.iterdir() if path.lstat().st_uid != os.getuid()]
    if others and os.getuid():
        wrong = True
        yield Finding(
            "permissions", "note", f"{others[0]} belongs to another account; run the commands as the one that serves."
        )
    if not wrong:
        yield Finding("permissions", "ok", "What people wrote can be read by its owner alone.")


def _state(settings: Settings) -> Iterator[Finding]:
    if not settings.state.exists():
        yield Finding("state", "ok", "Nobody has asked anything yet.")
        return
    try:
        with closing(sqlite3.connect(f"{settings.state.resolve().as_uri()}?mode=ro", uri=True, timeout=5)) as state:
            (said,) = state.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        said = str(error)
    if said == "ok":
        yield Finding("state", "ok", f"{settings.state} is whole.")
    else:
        yield Finding(
            "state", "wrong", f"{settings.state} is damaged ({said}); restore a backup, or move it away to begin anew."
        )


def _releases(settings: Settings) -> Iterator[Finding]:
    if settings.current_release.is_symlink() and not settings.current_release.exists():
        yield Finding(
            "releases",
            "wrong",
            f"{settings.current_release} leads nowhere; run 'stadtlotse rollback RELEASE' or 'retrain'.",
        )
    found = [path for path in sorted(settings.releases.glob("*")) if path.is_dir()]
    damaged = []
    for path in [path for path in found if not path.name.startswith(".")]:
        if reason := _damage(path):
            damaged.append(path)
            is_live = settings.current_release.resolve() == path.resolve()
            remedy = "run 'stadtlotse retrain' or 'stadtlotse rollback'" if is_live else f"delete {path}"
            yield Finding("releases", "wrong", f"The release {path.name} is damaged ({reason}); {remedy}.")
    if drafts := [path for path in found if path.name.startswith(".")]:
        yield Finding(
            "releases",
            "ok",
            f"{len(drafts)} builds are under way or were cut off; the next one removes those.",
        )
    if found and not damaged:
        yield Finding("releases", "ok", f"{len(found) - len(drafts)} releases are whole.")


def _damage(path: Path) -> str | None:
    """What of a release is missing or not as it was built."""
    try:
        found = Release(path).damage()
    except StadtlotseError:
        return "its manifest cannot be read"
    return ", ".join(found[:_NAMED]) + (" …" if len(found) > _NAMED else "") if found else None


def _clock(settings: Settings) -> Iterator[Finding]:
    present = datetime.now(timezone.utc)
    known = [(moment, what) for moment, what in _moments(settings) if moment > present + _CLOCK]
    if known:
        moment, what = max(known)
        yield Finding(
            "clock",
            "wrong",
            f"The clock was set back: it says {present:%Y-%m-%d %H:%M} UTC, but {what} is of {moment:%Y-%m-%d %H:%M}; "
            "set the clock, since retention depends on it.",
        )
    else:
        yield Finding("clock", "ok", f"The clock says {present:%Y-%m-%d %H:%M} UTC, after all that was written.")


def _moments(settings: Settings) -> Iterator[tuple[datetime, str]]:
    """When things were written, as far as they say so."""
    for path in settings.releases.glob("[!.]*"):
        try:
            yield Release(path).manifest.built_at.astimezone(timezone.utc), f"the release {path.name}"
        except StadtlotseError:
            continue
    entries, _ = audit.entries(settings)
    yield from ((entry.at, "the audit log's last line") for entry in entries[-1:])
    if not settings.state.exists():
        return
    try:
        with closing(sqlite3.connect(f"{settings.state.resolve().as_uri()}?mode=ro", uri=True, timeout=5)) as state:
            for table, column in (("turn", "asked_at"), ("question", "asked_at")):
                if has_table(state, table):
                    (last,) = state.execute(f"SELECT max({column}) FROM {table}").fetchone()
                    if last:
                        yield datetime.fromisoformat(last), "a conversation"
    except (sqlite3.Error, ValueError):
        return  # told as damage


def _own_sets(settings: Settings) -> Iterator[Finding]:
    try:
        count = len(own_questions(settings))
    except StadtlotseError as error:
        yield Finding("own questions", "wrong", str(error))
        return
    if count:
        yield Finding("own questions", "ok", f"{settings.own_questions} holds {count} questions.")


def _audit(settings: Settings) -> Iterator[Finding]:
    entries, damaged = audit.entries(settings)
    if damaged:
        first = damaged[0]
        yield Finding(
            "audit log",
            "wrong",
            f"Line {first.line} of {settings.audit_log}: {first.sentence}; find out who did that, 'stadtlotse audit' "
            "shows all.",
        )
    else:
        yield Finding("audit log", "ok", f"All {len(entries)} lines are as they were written.")
