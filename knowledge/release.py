"""Releases: everything the bot answers from, built beside the running one and made current by one rename."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path

from pydantic import BaseModel, Field

from knowledge.errors import StadtlotseError
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
KNOWLEDGE_PARTS = (SHEETS, PASSAGES, COLUMNS, VECTORS, WINDOWS, LEXICAL, QUESTIONS)
_DRAFT = ".draft-"


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
    passages: int
    vector_index: str = Field("flat", description="How the nearest passages are searched: 'flat' or 'IVF-PQ'")
    set_aside: list[SetAside] = Field(default_factory=list)


class DialogueManifest(BaseModel):
    """What the dialogue model of a release was trained from."""

    fingerprint: str


class Manifest(BaseModel):
    """The table of contents of a release."""

    id: str
    built_at: datetime
    version: str
    knowledge: KnowledgeManifest | None = None
    dialogue: DialogueManifest | None = None


class Release:
    """One built release on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        try:
            self.manifest = Manifest.model_validate_json((self.path / MANIFEST).read_bytes())
        except (OSError, ValueError) as error:
            raise StadtlotseError(
                f"The release {path} is damaged; run 'stadtlotse index' to build a new one."
            ) from error

    @property
    def id(self) -> str:
        """Its name, which is the time it was begun."""
        return self.manifest.id


def current_release(settings: Settings) -> Release | None:
    """The release that answers, or None where nothing was built yet."""
    return Release(settings.current_release) if settings.current_release.exists() else None


def open_release(settings: Settings) -> Release:
    """The release that answers; `StadtlotseError` where nothing was built yet."""
    release = current_release(settings)
    if release is None:
        raise StadtlotseError(f"Nothing is built in {settings.var} yet; run 'make run' or 'stadtlotse index' first.")
    return release


@contextmanager
def draft(settings: Settings, version: str) -> Iterator[tuple[Path, Manifest]]:
    """A folder to build the next release in, which starts with the parts of the current one.

    Leaving the block makes the draft current; an error inside leaves the current release as it was. Parts are replaced,
    never written into: unchanged ones are hard links to the current release's files.
    """
    settings.releases.mkdir(parents=True, exist_ok=True)
    release_id = _free_id(settings.releases)
    folder = settings.releases / f"{_DRAFT}{release_id}-{os.getpid()}"
    folder.mkdir()
    try:
        manifest = Manifest(id=release_id, built_at=datetime.now(timezone.utc), version=version)
        base = current_release(settings)
        if base is not None:
            shutil.copytree(base.path, folder, copy_function=os.link, dirs_exist_ok=True)
            (folder / MANIFEST).unlink()
            manifest.knowledge, manifest.dialogue = base.manifest.knowledge, base.manifest.dialogue
        yield folder, manifest
        _write_durably(folder / MANIFEST, manifest.model_dump_json(indent=2))
        release = settings.releases / release_id
        folder.rename(release)
        _activate(settings, release)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove_abandoned_drafts(settings: Settings) -> None:
    """Delete drafts whose build is no longer running."""
    for folder in settings.releases.glob(f"{_DRAFT}*"):
        pid = folder.name.rpartition("-")[2]
        if not Path("/proc", pid).exists():
            shutil.rmtree(folder, ignore_errors=True)


def _free_id(releases: Path) -> str:
    while True:
        release_id = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H-%M-%S-%fZ")
        if not (releases / release_id).exists():
            return release_id


def _activate(settings: Settings, release: Path) -> None:
    link = settings.var / f".current-{release.name}"
    link.symlink_to(os.path.relpath(release, settings.var))
    link.replace(settings.current_release)


def _write_durably(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
