"""Bringing the current release up to date: only what is stale is built again."""

from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

from bot.training import dialogue_fingerprint, train_dialogue
from knowledge.release import (
    DIALOGUE_MODEL,
    DialogueManifest,
    Manifest,
    current_release,
    draft,
    remove_abandoned_drafts,
)
from knowledge.settings import Settings
from knowledge.sources import STARTER_LIBRARY, fingerprint

Progress = Callable[[str, int, int], None]


def folders_in_use(settings: Settings) -> list[Path]:
    """The folders whose documents the current release holds; the starter library where there is none yet."""
    release = current_release(settings)
    if release is None or release.manifest.knowledge is None:
        return [STARTER_LIBRARY]
    return [Path(folder) for folder in release.manifest.knowledge.folders]


def stale_knowledge(settings: Settings, folders: Sequence[Path]) -> bool:
    """Whether fact sheets, documents, model or code changed since the knowledge was built."""
    release = current_release(settings)
    built = release.manifest.knowledge if release else None
    return built is None or built.fingerprint != fingerprint(settings, folders)


def stale_dialogue(settings: Settings) -> bool:
    """Whether the training data or configuration changed since the dialogue was trained."""
    release = current_release(settings)
    trained = release.manifest.dialogue if release else None
    return trained is None or trained.fingerprint != dialogue_fingerprint()


def build(
    settings: Settings,
    *,
    folders: Sequence[Path] | None,
    dialogue: bool,
    progress: Progress,
    training: Callable[[], None] = lambda: None,
) -> Manifest:
    """Build a new release and make it current: its knowledge from `folders` where given, its dialogue where asked for.

    What is not built anew is taken over. `training` is called when the training begins. An error leaves the current
    release as it was.
    """
    from knowledge.build import build_knowledge  # loads the reader and the model's libraries

    remove_abandoned_drafts(settings)
    with draft(settings, version("stadtlotse")) as (folder, manifest):
        if folders is not None:
            manifest.knowledge = build_knowledge(settings, folder, [path.resolve() for path in folders], progress)
        if dialogue:
            training()
            stamp = dialogue_fingerprint()
            (folder / DIALOGUE_MODEL).unlink(missing_ok=True)
            train_dialogue(folder / DIALOGUE_MODEL)
            manifest.dialogue = DialogueManifest(fingerprint=stamp)
    return manifest
