"""`stadtlotse index` and `train`, and the rebuild of what is stale before the bot starts."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bot import audit
from bot.cli.progress import BuildProgress
from bot.cli.tables import plain_table
from bot.retraining import building, holds
from knowledge.encoding.model_name import model_id
from knowledge.errors import StadtlotseError
from knowledge.releases.release import KnowledgeManifest, Release, current_release
from knowledge.settings import Settings, settings


def index(documents: Sequence[Path] | None) -> None:
    """Build the knowledge from `documents`, or from the folders in use, and print what became of it."""
    chosen = settings()
    folders = [folder.expanduser() for folder in documents] if documents else building.folders_in_use(chosen)
    for folder in folders:
        if not folder.is_dir():
            raise StadtlotseError(f"There is no folder {folder}; give --documents the folder with your documents.")
    if not documents and (reason := holds.held(chosen, folders)):
        raise StadtlotseError(f"{reason} To take it live all the same: stadtlotse retrain --force 'why'")
    console, before = Console(), _whole_release(chosen)
    with BuildProgress(console) as progress:
        manifest = building.build(
            chosen, folders=folders, dialogue=False, progress=progress, waiting=lambda said: _say(console, said)
        )
    if manifest.knowledge is not None:
        _summarize(console, manifest.knowledge)
    audit.record(chosen, "index", release=manifest.id, before=before.id if before else None)
    console.print(f"Release {manifest.id} is current.", highlight=False)
    if before:
        _say(console, "It was asked no questions; 'stadtlotse retrain' does that before it takes anything live.")


def train() -> None:
    """Train the dialogue whether or not anything changed."""
    chosen, console = settings(), Console()
    before = _whole_release(chosen)
    with BuildProgress(console) as progress:
        manifest = building.build(
            chosen,
            folders=None,
            dialogue=True,
            progress=progress,
            training=progress.training,
            waiting=lambda said: _say(console, said),
        )
    audit.record(chosen, "train", release=manifest.id, before=before.id if before else None)
    console.print(f"Release {manifest.id} is current.", highlight=False)


def bring_up_to_date(chosen: Settings, console: Console) -> bool:
    """Build the parts of the release whose sources changed; whether any were built. Says nothing where none did.

    Where that fails, such as for a folder that is not mounted, the release that is there answers on; without one
    `StadtlotseError` is raised.
    """
    folders = building.folders_in_use(chosen)
    is_stale = building.stale_knowledge(chosen, folders)
    needs_training = building.stale_dialogue(chosen)
    if not is_stale and not needs_training:
        return False
    if (reason := holds.held(chosen, folders)) and (live := _whole_release(chosen)):
        _say(console, f"{reason} Release {live.id} answers as before; 'stadtlotse retrain' takes up what changed.")
        return False
    try:
        with BuildProgress(console) as progress:
            manifest = building.build(
                chosen,
                folders=folders if is_stale else None,
                dialogue=needs_training,
                progress=progress,
                training=progress.training,
                waiting=lambda said: _say(console, said),
            )
    except StadtlotseError as error:
        if (live := _whole_release(chosen)) is None or not _fits_model(chosen, live):
            raise
        _say(console, f"{error} Release {live.id} answers as before; 'stadtlotse retrain' takes up what changed.")
        return False
    if is_stale and manifest.knowledge is not None:
        _summarize(console, manifest.knowledge)
    return True


def _whole_release(chosen: Settings) -> Release | None:
    """The current release, where it can answer with what is installed."""
    release = current_release(chosen, damaged_is_none=True)
    is_whole = release is not None and release.manifest.knowledge and release.manifest.dialogue
    return release if is_whole else None


def _fits_model(chosen: Settings, release: Release) -> bool:
    try:
        return release.manifest.knowledge is not None and release.manifest.knowledge.embedding_model == model_id(chosen)
    except StadtlotseError:  # it cannot be found
        return False


def _say(console: Console, sentence: str) -> None:
    console.print(Text(sentence), soft_wrap=True)


def _summarize(console: Console, knowledge: KnowledgeManifest) -> None:
    counts = plain_table(console, "What", "Count")
    counts.add_row("Fact sheets", str(knowledge.fact_sheets))
    counts.add_row("Facts", str(knowledge.facts))
    counts.add_row("Documents", str(knowledge.documents))
    counts.add_row("Passages", str(knowledge.passages))
    counts.add_row("Set aside", str(len(knowledge.set_aside)))
    console.print(counts)
    if knowledge.set_aside:
        reasons = plain_table(console, "Set aside", "Reason")
        for file in knowledge.set_aside:
            reasons.add_row(file.path, file.reason)
        console.print(reasons)
