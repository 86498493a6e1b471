"""A folder that is watched is read as it is at each retraining; where it is gone, what is live answers on."""

import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from bot import audit
from bot.cli.build import bring_up_to_date
from knowledge.releases.release import PASSAGES, Release, open_release
from knowledge.releases.store import PassageStore
from knowledge.settings import PROJECT, Settings
from tests.processes import environment


@pytest.fixture
def settings(release: Release, model_folder: Path, tmp_path: Path) -> Settings:
    """An installation with releases of its own."""
    var = tmp_path / "var"
    (var / "releases").mkdir(parents=True)
    (var / "models").symlink_to(model_folder.parent)
    shutil.copytree(model_folder.parent.parent / "cache", var / "cache")
    shutil.copytree(release.path, var / "releases" / release.id)
    (var / "current").symlink_to(Path("releases", release.id))
    return Settings(var=var, embedding_model="", actions_port=1)


def run(settings: Settings, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        env=os.environ | environment(settings),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )


def build(settings: Settings) -> None:
    """What a retraining reads, without its questions."""
    done = run(settings, "index")
    assert done.returncode == 0, done.stderr


def held(settings: Settings) -> set[str]:
    store = PassageStore(open_release(settings).path / PASSAGES)
    try:
        return {one.path for one in store.documents() if one.kind == "document"}
    finally:
        store.close()


def test_a_watched_folder_is_read_as_it_is(settings: Settings, tmp_path: Path) -> None:
    folder, before = tmp_path / "ablage", held(settings)
    folder.mkdir()
    (folder / "linden.md").write_text("# Linden\n\nDer Marktplatz von Musterau hat zwölf Linden.\n", encoding="utf-8")
    assert "There is no folder" in run(settings, "documents", "watch", str(tmp_path / "fehlt")).stderr
    for said in ("is watched; ", "is watched already"):
        assert said in run(settings, "documents", "watch", str(folder)).stdout
    build(settings)
    assert held(settings) == {*before, "linden.md"}
    assert f"Watched beside the library: {folder}" in run(settings, "documents", "list").stdout

    live = open_release(settings).id
    folder.rename(tmp_path / "weg")
    refused = run(settings, "retrain")
    assert (refused.returncode, str(folder) in refused.stderr) == (1, True)
    said = io.StringIO()
    assert not bring_up_to_date(settings, Console(file=said, width=500))
    assert f"Release {live} answers as before" in said.getvalue()
    assert open_release(settings).id == live

    (tmp_path / "weg").rename(folder)
    assert run(settings, "documents", "watch", str(folder), "--stop").returncode == 0
    assert "is not watched" in run(settings, "documents", "watch", str(folder), "--stop").stderr
    build(settings)
    assert held(settings) == before
    entries, _ = audit.entries(settings)
    details = [entry.details for entry in entries if entry.action == "documents watch"]
    assert details == [{"folder": str(folder), "stopped": False}, {"folder": str(folder), "stopped": True}]
