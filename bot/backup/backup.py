"""Backups of an installation: everything made at run time that cannot be made again, and bringing it back."""

import asyncio
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.backup import archive, outside
from bot.gateway.retention import delete_old, has_table
from bot.gateway.state import connect
from bot.privacy.copies import copies, digest, forgotten, note, note_forgotten
from bot.privacy.people import People
from bot.processes import parts
from bot.retraining import building, holds
from knowledge.errors import StadtlotseError
from knowledge.releases.release import Release
from knowledge.settings import Settings

# Made again from packages or documents, of no use elsewhere, or handed out of the installation already.
_LEFT_OUT = frozenset({"models", "cache", "logs", "exports", "copies.jsonl", "build.lock", "rasa.port"})
_STATE = "state.db"
_SIDE_FILES = (f"{_STATE}-wal", f"{_STATE}-shm", f"{_STATE}-journal")
_BEFORE = ".before-restore"
_NAMES = ".names"
"""File that lists what a restore puts in place, written once all that was there is out of the way."""


@dataclass(frozen=True)
class Made:
    """What a backup holds."""

    path: Path
    files: int
    size: int
    releases: int
    folders: list[str]
    """Folders of documents outside of the installation, which are part of it too."""


@dataclass(frozen=True)
class Restored:
    """What was brought back."""

    made_at: str
    made_by: str
    files: int
    release: str | None
    forgotten_again: int
    """Conversations in the backup that had been forgotten since."""
    too_old: int
    """Records in the backup that were too old to be kept."""


def make(settings: Settings, target: Path) -> Made:
    """Write a backup while the bot runs or not; raises `StadtlotseError` and leaves what was there."""
    target = target.resolve()
    if target.exists() and not archive.is_backup(target):
        raise StadtlotseError(f"{target} is there and is no backup; name another file.")
    if not target.parent.is_dir():
        raise StadtlotseError(f"There is no folder {target.parent}; make it or name another one.")
    if not settings.var.is_dir():
        raise StadtlotseError(f"There is nothing in {settings.var} to back up; set STADTLOTSE_VAR.")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
            files = dict(_files(settings, target))
            if settings.state.exists():
                files[_STATE] = _snapshot(settings.state, Path(folder))
            from knowledge.indexing.sources import STARTER_LIBRARY  # loads numpy, which the gateway does without

            folders = outside.folders(settings)
            files |= {path: source for name, one in folders.items() for path, source in outside.documents(name, one)}
            origin = archive.Origin(
                var=str(settings.var.resolve()),
                starter_library=str(STARTER_LIBRARY),
                folders={name: str(one) for name, one in folders.items()},
            )
            contents = archive.pack(target, sorted(files.items()), _links(settings), origin)
    except (OSError, sqlite3.Error) as error:
        raise StadtlotseError(f"The backup {target} cannot be written ({_reason(error)}).") from error
    note(settings, "backup", target)
    return Made(
        path=target,
        files=len(contents.files),
        size=target.stat().st_size,
        releases=len({entry.path.split("/")[1] for entry in contents.files if entry.path.startswith("releases/")}),
        folders=list(contents.origin.folders.values()),
    )


def restore(settings: Settings, source: Path) -> Restored:
    """Bring a backup back in place of what is there; what cannot be brought back whole is refused.

    Raises `StadtlotseError`, and leaves everything as it was then. The bot must not run.
    """
    if running := who_uses(settings):
        raise StadtlotseError(f"{running} is at work in {settings.var}; end it or wait for it, then restore.")
    try:
        settings.var.mkdir(parents=True, exist_ok=True)
        put_back_interrupted(settings)
        with tempfile.TemporaryDirectory(dir=settings.var, prefix=".restoring-") as name:
            folder = Path(name)
            mark, contents = archive.unpack(source, folder)
            release = _check(folder)
            outside.relocate(settings, folder, contents.origin)
            known = forgotten(settings.var) | forgotten(folder)
            again, too_old = _bring_up_to_date(settings, folder, known)
            _swap(settings, folder)
        holds.renew(settings, building.folders_in_use(settings))
    except (OSError, sqlite3.Error) as error:
        raise StadtlotseError(
            f"{source} cannot be restored ({_reason(error)}); everything is as it was before."
        ) from error
    return Restored(
        made_at=mark.made_at.isoformat(timespec="seconds"),
        made_by=mark.made_by,
        files=len(contents.files),
        release=release,
        forgotten_again=again,
        too_old=too_old,
    )


def rewrite(source: Path, change: Callable[[Path], bool]) -> bool:
    """Have a backup's content changed in a folder, and write it back where `change` says that it did; whether it was.

    Raises `StadtlotseError` where the backup is damaged or cannot be written, and leaves it as it was.
    """
    try:
        with tempfile.TemporaryDirectory(dir=source.parent, prefix=".backup-") as name:
            folder = Path(name)
            _, contents = archive.unpack(source, folder)
            if not change(folder):
                return False
            there = [(entry.path, folder / entry.path) for entry in contents.files if (folder / entry.path).exists()]
            archive.pack(source, there, contents.links, contents.origin)
            return True
    except OSError as error:
        raise StadtlotseError(f"The backup {source} cannot be changed ({_reason(error)}).") from error


def who_uses(settings: Settings) -> str:
    """Who uses the state file, builds, or listens where the bot does, such as 'stadtlotse retrain (process 12)'; empty
    where nobody does."""
    state = settings.state.resolve()
    names = {str(state), f"{state}-wal", str(state.with_name("build.lock"))}
    for process in Path("/proc").glob("[0-9]*"):
        if process.name == str(os.getpid()):
            continue
        try:
            if any(str(file.readlink()) in names for file in (process / "fd").iterdir()):
                return f"{parts.program(process)} (process {process.name})"
        except OSError:  # ended meanwhile, or somebody else's
            continue
    if asyncio.run(parts.is_ready(settings)):
        return f"The bot at {parts.address(settings)}"
    return "" if _is_free(settings.state) else f"Another process, which has {settings.state} open,"


def _is_free(state: Path) -> bool:
    """Whether no other process has the state file open, one in another container included."""
    if not state.exists():
        return True
    try:
        with closing(sqlite3.connect(state, timeout=0)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")  # refused while anybody else is connected
    except sqlite3.OperationalError:
        return False
    except sqlite3.DatabaseError:  # damaged: nobody can use it
        return True
    return True


def put_back_interrupted(settings: Settings) -> bool:
    """Undo a restore that was cut off between two renames, and delete what it left; whether there was one."""
    for left in [*settings.var.glob(".restoring-*"), *settings.var.glob(f"{_BEFORE}-*-done")]:
        _remove(left)
    before = settings.var / _BEFORE
    if not before.is_dir():
        return False
    names = before / _NAMES
    for name in names.read_text(encoding="utf-8").splitlines() if names.exists() else []:
        _remove(settings.var / name)
    names.unlink(missing_ok=True)
    for entry in list(before.iterdir()):
        _remove(settings.var / entry.name)
        entry.rename(settings.var / entry.name)
    before.rmdir()
    return True


def was_interrupted(settings: Settings) -> bool:
    """Whether a restore was cut off and is still to be undone."""
    return (settings.var / _BEFORE).is_dir()


def _files(settings: Settings, target: Path) -> Iterator[tuple[str, Path]]:
    made = {copy.path for copy in copies(settings)} | {target}
    for top in sorted(settings.var.iterdir()):
        if not _is_kept(top) or _is_link(top):
            continue
        for path in [top] if top.is_file() else _below(top):
            inside = path.relative_to(settings.var)
            is_draft = any(part.startswith(".") for part in inside.parts)
            if path.is_file() and not path.is_symlink() and not is_draft and path.resolve() not in made:
                yield inside.as_posix(), path


def _links(settings: Settings) -> list[archive.LinkEntry]:
    return [
        archive.LinkEntry(path=top.name, target=str(top.readlink()))
        for top in sorted(settings.var.iterdir())
        if _is_kept(top) and _is_link(top) and top.exists()
    ]


def _is_link(top: Path) -> bool:
    """Whether an entry links to another one; a folder may lie on another disk all the same."""
    return top.is_symlink() and not top.readlink().is_absolute() and ".." not in top.readlink().parts


def _below(top: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(top):
        folders.sort()
        yield from (Path(folder, name) for name in sorted(files))


def _is_kept(top: Path) -> bool:
    return top.name not in _LEFT_OUT and top.name not in _SIDE_FILES and not top.name.startswith(".")


def _snapshot(state: Path, folder: Path) -> Path:
    """The state file as it is now, whole and without what was deleted."""
    target = folder / _STATE
    with closing(connect(state)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))
    target.chmod(0o600)
    return target


def _check(folder: Path) -> str | None:
    """The current release of what was unpacked; raises `StadtlotseError` where that or the state file is damaged."""
    state = folder / _STATE
    if state.exists():
        with closing(sqlite3.connect(f"{state.as_uri()}?mode=ro", uri=True)) as connection:
            (found,) = connection.execute("PRAGMA integrity_check").fetchone()
        if found != "ok":
            raise StadtlotseError("The state file in the backup is damaged; use another backup.")
    current = folder / "current"
    return Release(current).id if current.exists() else None


def _bring_up_to_date(settings: Settings, folder: Path, known: set[str]) -> tuple[int, int]:
    """Forget again whom was forgotten since the backup was made, and delete what is too old by now."""
    if known:
        note_forgotten(folder, known)
    if not (folder / _STATE).exists():
        return 0, 0
    own = settings.under(folder)
    with closing(connect(own.state)) as connection:
        too_old = sum(delete_old(connection, own).values())
        rows = (
            connection.execute("SELECT id FROM conversation").fetchall()
            if has_table(connection, "conversation")
            else []
        )
    again = [row["id"] for row in rows if digest(row["id"]) in known]
    if again or too_old:
        with People(own) as people:
            people.delete(again)
    for side_file in _SIDE_FILES:
        (folder / side_file).unlink(missing_ok=True)
    return len(again), too_old


def _swap(settings: Settings, folder: Path) -> None:
    """Put what was unpacked in the place of what is there, or leave that."""
    before = settings.var / _BEFORE
    new = list(folder.iterdir())
    before.mkdir()
    try:
        for top in [one for one in settings.var.iterdir() if _is_kept(one) or one.name in _SIDE_FILES]:
            top.rename(before / top.name)
        (before / _NAMES).write_text("".join(f"{top.name}\n" for top in new), encoding="utf-8")
        for top in new:
            top.rename(settings.var / top.name)
    except BaseException:
        put_back_interrupted(settings)
        raise
    done = before.with_name(f"{_BEFORE}-{os.getpid()}-done")
    before.rename(done)  # from here on it is restored
    shutil.rmtree(done)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
