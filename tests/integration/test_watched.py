"""A folder that is watched is read as it is at each retraining; where it is gone, what is live answers on."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from bot import audit
from bot.cli.build import bring_up_to_date
from knowledge.releases.release import PASSAGES, Release, open_release
from knowledge.releases.store import PassageStore
from knowledge.settings import Settings
from tests.installations import copy_release
from tests.processes import stadtlotse


@pytest.fixture
def settings(release: Release, model_folder: Path, tmp_path: Path) -> Settings:
    """An installation with releases of its own."""
    var = tmp_path / "var"
    copy_release(var, release, model_folder)
    return Settings(var=var, embedding_model="", actions_port=1)


def build(settings: Settings) -> None:
    """What a retraining reads, without its questions."""
    done = stadtlotse(settings, "index")
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
    assert "There is no folder" in stadtlotse(settings, "documents", "watch", str(tmp_path / "fehlt")).stderr
    for said in ("is watched; ", "is watched already"):
        assert said in stadtlotse(settings, "documents", "watch", str(folder)).stdout
    build(settings)
    assert held(settings) == {*before, "linden.md"}
    assert f"Watched beside the library: {folder}" in stadtlotse(settings, "documents", "list").stdout

    live = open_release(settings).id
    folder.rename(tmp_path / "weg")
    refused = stadtlotse(settings, "retrain")
    assert (refused.returncode, str(folder) in refused.stderr) == (1, True)
    said = io.StringIO()
    assert not bring_up_to_date(settings, Console(file=said, width=500))
    assert f"Release {live} answers as before" in said.getvalue()
    assert open_release(settings).id == live

    (tmp_path / "weg").rename(folder)
    assert stadtlotse(settings, "documents", "watch", str(folder), "--stop").returncode == 0
    assert "is not watched" in stadtlotse(settings, "documents", "watch", str(folder), "--stop").stderr
    build(settings)
    assert held(settings) == before
    entries, _ = audit.entries(settings)
    details = [entry.details for entry in entries if entry.action == "documents watch"]
    assert details == [{"folder": str(folder), "stopped": False}, {"folder": str(folder), "stopped": True}]
