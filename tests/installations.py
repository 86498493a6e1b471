"""Installations with releases of their own, for tests that build new ones."""

import shutil
from pathlib import Path

from knowledge.releases.release import Release


def copy_release(var: Path, release: Release, model_folder: Path) -> None:
    """Make `var` an installation on which a copy of that release is live; the model is only linked."""
    (var / "releases").mkdir(parents=True)
    (var / "models").symlink_to(model_folder.parent)
    shutil.copytree(model_folder.parent.parent / "cache", var / "cache")
    shutil.copytree(release.path, var / "releases" / release.id)
    (var / "current").symlink_to(Path("releases", release.id))
