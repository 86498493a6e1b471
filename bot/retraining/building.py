"""Bringing the current release up to date: only what is stale is built again."""

from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

from bot.processes.training import dialogue_fingerprint, train_dialogue
from bot.retraining import holds
from knowledge.files.build_lock import sole_builder
from knowledge.files.disk import writing_to
from knowledge.indexing.sources import STARTER_LIBRARY, fingerprint
from knowledge.indexing.stock import documents_folder
from knowledge.indexing.watched import with_watched
from knowledge.releases.release import (
    DIALOGUE_MODEL,
    DialogueManifest,
    Manifest,
    current_release,
    draft,
    remove_abandoned_drafts,
)
from knowledge.settings import Settings

Progress = Callable[[str, int, int], None]


def folders_in_use(settings: Settings) -> list[Path]:
    """The folders whose documents the current release holds, or the starter library where there is none yet; the
    operator's library as soon as something is in it; and the watched folders."""
    release = current_release(settings, damaged_is_none=True)
    built = release.manifest.knowledge if release else None
    folders = [Path(folder) for folder in built.folders] if built else [STARTER_LIBRARY]
    own = documents_folder(settings).resolve()
    folders = folders if own in folders or not own.is_dir() else [*folders, own]
    return with_watched(settings, folders)


def stale_knowledge(settings: Settings, folders: Sequence[Path]) -> bool:
    """Whether fact sheets, documents, model or code changed since the knowledge was built."""
    release = current_release(settings, damaged_is_none=True)
    built = release.manifest.knowledge if release else None
    return built is None or built.fingerprint != fingerprint(settings, folders)


def stale_dialogue(settings: Settings) -> bool:
    """Whether the training data or configuration changed since the dialogue was trained."""
    release = current_release(settings, damaged_is_none=True)
    trained = release.manifest.dialogue if release else None
    return trained is None or trained.fingerprint != dialogue_fingerprint()


def build(
    settings: Settings,
    *,
    folders: Sequence[Path] | None,
    dialogue: bool,
    progress: Progress,
    training: Callable[[], None] = lambda: None,
    waiting: Callable[[str], None] = lambda _: None,
) -> Manifest:
    """Build a new release and make it current: its knowledge from `folders` where given, its dialogue where asked for.

    What is not built anew is taken over. `training` is called when the training begins, `waiting` with a sentence where
    another build is at work, which is waited for. An error leaves the current release as it was.
    """
    from knowledge.indexing.build import build_knowledge  # loads the reader and the model's libraries

    with writing_to(settings.var), sole_builder(settings, waiting):
        remove_abandoned_drafts(settings)
        with draft(settings, version("stadtlotse")) as (folder, manifest):
            if folders is not None:
                manifest.knowledge = build_knowledge(settings, folder, [path.resolve() for path in folders], progress)
            if dialogue:
                training()
                manifest.dialogue = trained(folder)
        holds.release(settings)
    return manifest


def trained(folder: Path) -> DialogueManifest:
    """Train the dialogue into the folder of a release, in place of the model that it holds."""
    stamp = dialogue_fingerprint()
    (folder / DIALOGUE_MODEL).unlink(missing_ok=True)
    train_dialogue(folder / DIALOGUE_MODEL)
    return DialogueManifest(fingerprint=stamp)
