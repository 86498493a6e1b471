"""Releases: everything the bot answers from, built beside the running one and made current by one rename."""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path

from pydantic import BaseModel, Field

from knowledge.errors import StadtlotseError
from knowledge.files.integrity import differences, hashes, sync
from knowledge.settings import Settings

MANIFEST = "manifest.json"
SHEETS = "programmes.json"
PASSAGES = "passages.db"
COLUMNS = "columns"
VECTORS = "vectors"
LEXICAL = "lexical"
WINDOWS = "windows"
QUESTIONS = "questions.npy"
DIALOGUE_MODEL = "rasa.tar.gz"
EVALUATION = "evaluation.json"
PINNED = "pinned"
KNOWLEDGE_PARTS = (SHEETS, PASSAGES, COLUMNS, VECTORS, WINDOWS, LEXICAL, QUESTIONS)
REMOVED = ".removed-"
_DRAFT = ".draft-"
_LINK = ".current-"
_LINK_SECONDS = 60
_ID = "%Y-%m-%dT%H-%M-%S-%fZ"
# What is said of one release alone: no part that the next one begins with, and nothing its hashes are taken of.
_OWN = (MANIFEST, EVALUATION, PINNED)


class SetAside(BaseModel):
    """A file that could not be read, and why."""

    path: str
    reason: str


class KnowledgeManifest(BaseModel):
    """What the knowledge of a release was built from."""

    fingerprint: str = Field(description="Hash of everything the index depends on")
    folders: list[str] = Field(description="Folders whose documents were read")
    embedding_model: str
    dimensions: int
    fact_sheets: int
    facts: int
    documents: int
    internal: int = Field(0, description="How many of the documents are for the administration's own staff")
    passages: int
    vector_index: str = Field("flat", description="How the nearest passages are searched: 'flat' or 'IVF-PQ'")
    set_aside: list[SetAside] = Field(default_factory=list)


class DialogueManifest(BaseModel):
    """What the dialogue model of a release was trained from."""

    fingerprint: str


class Forced(BaseModel):
    """Why a release went live although questions that were answered right before are not any more."""

    reason: str
    broken: list[str] = Field(description="Ids of the questions")


class Manifest(BaseModel):
    """The table of contents of a release."""

    id: str
    built_at: datetime
    version: str
    knowledge: KnowledgeManifest | None = None
    dialogue: DialogueManifest | None = None
    base: str | None = Field(None, description="Id of the release that was live when this one was built")
    forced: Forced | None = None
    seconds: dict[str, float] = Field(default_factory=dict, description="How long the steps of its build took")
    files: dict[str, str] = Field(default_factory=dict, description="SHA-256 of each file of its parts")


class Release:
    """One built release on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        try:
            self.manifest = Manifest.model_validate_json((self.path / MANIFEST).read_bytes())
        except (OSError, ValueError) as error:
            raise StadtlotseError(
                f"The release {path} is damaged; run 'stadtlotse retrain' to build a new one."
            ) from error

    @property
    def id(self) -> str:
        """Its name, which is the time it was begun."""
        return self.manifest.id

    @property
    def is_pinned(self) -> bool:
        """Whether it is to be kept for good."""
        return (self.path / PINNED).exists()

    def damage(self) -> list[str]:
        """What is wrong with its files, a clause each; empty where all are as they were built. Reads them all.

        Of a release from before hashes were kept only missing parts are noticed.
        """
        if not self.manifest.files:
            parts = (*(KNOWLEDGE_PARTS if self.manifest.knowledge else ()), *self._dialogue_parts())
            return [f"{name} is missing" for name in parts if not (self.path / name).exists()]
        return differences(self.path, self.manifest.files)

    def _dialogue_parts(self) -> tuple[str, ...]:
        return (DIALOGUE_MODEL,) if self.manifest.dialogue else ()


class Candidate:
    """A release in the making, in a folder of its own beside the others."""

    def __init__(self, settings: Settings, path: Path, manifest: Manifest, known: dict[int, str]) -> None:
        self.path = path
        self.manifest = manifest
        self._settings = settings
        self._known = known

    def seal(self) -> Release:
        """Note the hashes of its parts; the release as it would go live. May be called again after a change."""
        self.manifest.files = hashes(self.path, self._known, leaving_out=_OWN)
        write_durably(self.path / MANIFEST, self.manifest.model_dump_json(indent=2))
        return Release(self.path)

    def activate(self) -> None:
        """Make it the current release.

        Raises `StadtlotseError` where another release went live since it was begun, which it would undo.
        """
        self.seal()
        now = current_release(self._settings, damaged_is_none=True)
        if (now.id if now else None) != self.manifest.base:
            raise StadtlotseError(
                f"While this release was built, {now.id if now else 'nothing'} went live, which it would undo;"
                " run the command again to build upon that."
            )
        release = self._settings.releases / self.manifest.id
        self.path.rename(release)
        sync(self._settings.releases)
        activate(self._settings, release)


def current_release(settings: Settings, *, damaged_is_none: bool = False) -> Release | None:
    """The release that answers, or None where nothing was built yet or, if wished, where its manifest is damaged."""
    try:
        return Release(settings.current_release) if settings.current_release.exists() else None
    except StadtlotseError:
        if damaged_is_none:
            return None
        raise


def open_release(settings: Settings) -> Release:
    """The release that answers; `StadtlotseError` where nothing was built yet."""
    release = current_release(settings)
    if release is None:
        raise StadtlotseError(f"Nothing is built in {settings.var} yet; run 'stadtlotse retrain' or 'make run' first.")
    return release


@contextmanager
def candidate(settings: Settings, version: str) -> Iterator[Candidate]:
    """A release to be built, which starts with the parts of the current one, and is deleted unless it was activated.

    Parts are replaced, never written into: unchanged ones are hard links to the current release's files.
    """
    settings.releases.mkdir(parents=True, exist_ok=True)
    release_id = _next_id(settings.releases)
    folder = settings.releases / f"{_DRAFT}{release_id}"
    folder.mkdir()
    with _held(folder):
        try:
            manifest = Manifest(id=release_id, built_at=datetime.now(timezone.utc), version=version)
            known: dict[int, str] = {}
            base = current_release(settings, damaged_is_none=True)
            if base is not None:
                manifest.base = base.id
                manifest.knowledge, manifest.dialogue = base.manifest.knowledge, base.manifest.dialogue
                ignored = shutil.ignore_patterns(*_OWN)
                shutil.copytree(base.path, folder, copy_function=os.link, dirs_exist_ok=True, ignore=ignored)
                for name, digest in base.manifest.files.items():
                    with suppress(OSError):
                        known[(folder / name).stat().st_ino] = digest
            yield Candidate(settings, folder, manifest, known)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def draft(settings: Settings, version: str) -> Iterator[tuple[Path, Manifest]]:
    """A folder to build the next release in, which starts with the parts of the current one.

    Leaving the block makes the draft current; an error inside leaves the current release as it was.
    """
    with candidate(settings, version) as one:
        yield one.path, one.manifest
        one.activate()


def remove_abandoned_drafts(settings: Settings) -> None:
    """Delete what builds left behind that are no longer running."""
    for folder in settings.releases.glob(f"{_DRAFT}*"):
        with suppress(OSError), _held(folder, wait=False):
            shutil.rmtree(folder, ignore_errors=True)
    for folder in settings.releases.glob(f"{REMOVED}*"):
        shutil.rmtree(folder, ignore_errors=True)
    for link in settings.var.glob(f"{_LINK}*"):
        with suppress(OSError):
            if time.time() - link.lstat().st_mtime > _LINK_SECONDS:  # a younger one may be about to be put in place
                link.unlink()


def activate(settings: Settings, release: Path) -> None:
    """Make the release in a folder the current one, in one step."""
    link = settings.var / f"{_LINK}{release.name}"
    link.unlink(missing_ok=True)
    link.symlink_to(os.path.relpath(release, settings.var))
    link.replace(settings.current_release)
    sync(settings.var)


def write_durably(path: Path, text: str) -> None:
    """Write a file so that it is on the disk, whole, or as it was before."""
    part = path.with_name(f".{path.name}.part")
    with part.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


@contextmanager
def _held(folder: Path, *, wait: bool = True) -> Iterator[None]:
    """Holds a lock on a folder that the system lets go of however the process ends; `OSError` where another has it."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
    finally:
        os.close(descriptor)


def _next_id(releases: Path) -> str:
    """An id that sorts behind all others, even where the clock was set back."""
    moment = datetime.now(timezone.utc)
    for path in releases.iterdir():
        with suppress(ValueError):
            moment = max(moment, _begun(path.name) + timedelta(microseconds=1))
    return moment.strftime(_ID)


def _begun(release_id: str) -> datetime:
    return datetime.strptime(release_id, _ID).replace(tzinfo=timezone.utc)
