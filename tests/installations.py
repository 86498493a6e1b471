"""Installations with releases of their own, for tests that build new ones."""

import shutil
from collections.abc import Callable
from pathlib import Path

from bot.retraining import building
from knowledge.answering.answers import Answerer
from knowledge.encoding.embedding import Embedder
from knowledge.indexing.sources import STARTER_LIBRARY
from knowledge.releases.release import Release
from knowledge.settings import Settings


def copy_release(var: Path, release: Release, model_folder: Path) -> None:
    """Make `var` an installation on which a copy of that release is live; the model is only linked."""
    (var / "releases").mkdir(parents=True)
    (var / "models").symlink_to(model_folder.parent)
    shutil.copytree(model_folder.parent.parent / "cache", var / "cache")
    shutil.copytree(release.path, var / "releases" / release.id)
    (var / "current").symlink_to(Path("releases", release.id))


def answerer_beside(
    write: Callable[[Path], object], root: Path, release: Release, model_folder: Path, embedder: Embedder
) -> Answerer:
    """An answerer over the starter library and the documents that `write` puts into a folder below `root`."""
    var, documents = root / "var", root / "documents"
    copy_release(var, release, model_folder)
    documents.mkdir()
    write(documents)
    settings = Settings(var=var, embedding_model="")
    building.build(settings, folders=[STARTER_LIBRARY, documents], dialogue=False, progress=lambda *_: None)
    return Answerer.open(settings, embedder=embedder)
