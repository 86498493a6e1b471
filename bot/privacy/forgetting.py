"""Forgetting a person, and what is too old: in the state file, logs, exports, the operator's sets and backups."""

import shutil
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from bot.additions import own_sets
from bot.backup.backup import put_back_interrupted, rewrite, who_uses
from bot.gateway.retention import delete_old, delete_old_files, overwrite_deleted
from bot.gateway.state import connect
from bot.privacy.copies import Copy, copies, digest, keep, note_forgotten
from bot.privacy.people import SHORTEST, People
from bot.privacy.traces import Trace, hide, traces
from knowledge.errors import StadtlotseError
from knowledge.settings import Settings

_WRITE_SECONDS = 2.0
# Where words may stand that were taken from a question: logs, what a release was examined with, and how the dialogue
# reads the questions of an examination.
_SAYING = ("logs/*.log*", "releases/*/evaluation.json", "cache/intents/*.json")


@dataclass
class Forgotten:
    """What was deleted, and where it could not be."""

    deleted: dict[str, int] = field(default_factory=dict)
    """Records of the state file, by table."""
    conversations: int = 0
    files: list[Path] = field(default_factory=list)
    """Files that were deleted or out of which words were taken."""
    unreachable: list[Path] = field(default_factory=list)
    """Exports and backups that are no longer where they were made, or cannot be changed."""
    left: list[Trace] = field(default_factory=list)
    """Files in which words of the person still stand."""


@dataclass
class _Found:
    """What one state file held of a person."""

    conversations: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    deleted: dict[str, int] = field(default_factory=dict)
    files: list[Path] = field(default_factory=list)


def forget(settings: Settings, person: str) -> Forgotten:
    """Delete all that is kept of a person here and in the backups and exports that are where they were made.

    `person` as `People.conversations` takes it. Raises `StadtlotseError` where nothing is kept under that name, or
    something keeps a file busy; the command can be given again then.
    """
    _wait_for_answers(settings, person)
    own = _forget_in(settings, person, [])
    result = Forgotten(deleted=dict(own.deleted))
    made = copies(settings)
    all_found = [own]
    for copy in made:
        if copy.kind == "backup" and copy.path.exists():
            try:
                found = _forget_in_backup(settings, copy.path, person, own.conversations)
            except StadtlotseError:  # damaged, or on a disk that cannot be written
                result.unreachable.append(copy.path)
                continue
            if found.conversations:
                all_found.append(found)
                result.files.append(copy.path)
    conversations = list(dict.fromkeys(one for found in all_found for one in found.conversations))
    if not conversations:
        raise StadtlotseError(
            "Nothing is kept under that name; name a person by a conversation's id, or by the platform's: "
            "slack:U… or teams:…."
        )
    result.conversations = len(conversations)
    hashes = {digest(conversation) for conversation in conversations}
    note_forgotten(settings.var, hashes)
    keep(settings, [copy for copy in made if not _delete_export(copy, hashes, result)])
    words = list(dict.fromkeys(one for found in all_found for one in found.words))
    result.files += own.files
    result.unreachable += [copy.path for copy in made if copy.kind == "backup" and not copy.path.exists()]
    result.left = list(traces(settings, words))
    return result


def purge(settings: Settings) -> Forgotten:
    """Delete what is too old, here and in the backups that are where they were made, and overwrite it.

    Raises `StadtlotseError` where something keeps a file busy; the command can be given again then.
    """
    result = Forgotten()
    if not who_uses(settings):
        put_back_interrupted(settings)
    if settings.state.exists():
        try:
            with closing(connect(settings.state)) as connection:
                result.deleted = delete_old(connection, settings)
                overwrite_deleted(connection)
        except sqlite3.OperationalError as error:
            raise StadtlotseError(f"{settings.state} is busy ({error}); run the command again in a moment.") from error
    result.files += delete_old_files(settings) + purge_backups(settings)
    made = copies(settings)
    keep(settings, [copy for copy in made if copy.kind == "backup" or copy.path.exists()])
    return result


def purge_backups(settings: Settings) -> list[Path]:
    """Delete what is too old from the backups that are where they were made; the ones that changed.

    Raises `StadtlotseError` where one is damaged or cannot be written, after all others were cleaned.
    """
    changed: list[Path] = []
    failed: list[StadtlotseError] = []
    for copy in copies(settings):
        if copy.kind == "backup" and copy.path.exists():
            try:
                changed += [copy.path] if _purge_backup(settings, copy.path) else []
            except StadtlotseError as error:
                failed.append(error)
    if failed:
        raise failed[0]
    return changed


def _forget_in(settings: Settings, person: str, known: Sequence[str]) -> _Found:
    """Forget a person in one folder of run-time files: the conversations under that name, and `known` ones."""
    if not settings.state.exists():
        return _Found()
    with People(settings) as people:
        conversations = list(dict.fromkeys([*people.conversations(person), *people.existing(known)]))
        if not conversations:
            return _Found()
        words, questions = people.words(conversations), people.questions(conversations)
        words += [one for one in own_sets.words_from(settings, questions) if len(one) >= SHORTEST and one not in words]
        deleted = people.delete(conversations) | own_sets.forget(settings, questions)
    _forget_embeddings(settings, words)
    if own_sets.UTTERANCES in deleted:  # trainings keep what they made of examples there
        shutil.rmtree(settings.var / "cache" / "rasa", ignore_errors=True)
    files = [path for pattern in _SAYING for path in sorted(settings.var.glob(pattern)) if hide(path, words)]
    return _Found(conversations, words, deleted, files)


def _forget_embeddings(settings: Settings, words: Sequence[str]) -> None:
    """Delete what a model made of these words: a vector tells something of what it was made of."""
    path = settings.var / "cache" / "embeddings.db"
    if path.exists():
        from knowledge.encoding.embedding_cache import EmbeddingCache  # loads numpy, which the gateway does without

        EmbeddingCache(path).forget(words)


def _wait_for_answers(settings: Settings, person: str) -> None:
    """Wait until what the person asked last is answered or given up, so that nothing is written after forgetting."""
    if not settings.state.exists():
        return
    with People(settings) as people:
        conversations = people.conversations(person)
        deadline = time.monotonic() + settings.turn_timeout + _WRITE_SECONDS
        while people.is_waiting(conversations, settings.turn_timeout) and time.monotonic() < deadline:
            time.sleep(0.2)


def _forget_in_backup(settings: Settings, path: Path, person: str, known: Sequence[str]) -> _Found:
    found = _Found()

    def change(folder: Path) -> bool:
        nonlocal found
        found = _forget_in(settings.under(folder), person, known)
        return bool(found.conversations)

    rewrite(path, change)
    return found


def _purge_backup(settings: Settings, path: Path) -> bool:
    def change(folder: Path) -> bool:
        state = folder / settings.state.name
        if not state.exists():
            return False
        with closing(connect(state)) as connection:
            deleted = delete_old(connection, settings)
            if deleted:
                overwrite_deleted(connection)
        return bool(deleted)

    return rewrite(path, change)


def _delete_export(copy: Copy, hashes: set[str], result: Forgotten) -> bool:
    """Whether a copy is an export of one of these conversations; its file is deleted where it is still there."""
    if copy.kind != "export" or not hashes & set(copy.people):
        return False
    if copy.path.exists():
        copy.path.unlink()
        result.files.append(copy.path)
    else:
        result.unreachable.append(copy.path)
    return True
