"""Releases: built beside the current one, made current by one rename, whatever happens meanwhile."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from knowledge.errors import StadtlotseError
from knowledge.releases.release import MANIFEST, current_release, draft, open_release, remove_abandoned_drafts
from knowledge.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var=tmp_path / "var")


def build(settings: Settings, **parts: str) -> str:
    """A new release with these parts replaced; its id."""
    with draft(settings, "1.0") as (folder, manifest):
        for name, content in parts.items():
            (folder / name).unlink(missing_ok=True)
            (folder / name).write_text(content)
        return manifest.id


def contents(settings: Settings) -> dict[str, str]:
    folder = open_release(settings).path
    return {path.name: path.read_text() for path in folder.iterdir() if path.name != MANIFEST}


def test_before_the_first_build_there_is_no_release(settings: Settings) -> None:
    assert current_release(settings) is None
    with pytest.raises(StadtlotseError, match="Nothing is built in"):
        open_release(settings)


def test_a_finished_draft_is_current(settings: Settings) -> None:
    first = build(settings, a="eins")
    assert open_release(settings).id == first
    assert open_release(settings).manifest.version == "1.0"
    second = build(settings, a="zwei")
    assert open_release(settings).id == second != first
    assert sorted(path.name for path in settings.releases.iterdir()) == [first, second]
    assert sorted(path.name for path in settings.var.iterdir()) == ["current", "releases"]


def test_current_is_a_link_that_moves_with_its_folder(settings: Settings, tmp_path: Path) -> None:
    first = build(settings, a="eins")
    settings.var.rename(tmp_path / "moved")
    assert open_release(Settings(var=tmp_path / "moved")).id == first


def test_a_draft_is_not_current_until_it_is_finished(settings: Settings) -> None:
    first = build(settings, a="eins")
    with draft(settings, "1.0") as (folder, _):
        (folder / "a").unlink()
        (folder / "a").write_text("zwei")
        assert open_release(settings).id == first
        assert contents(settings) == {"a": "eins"}
    assert contents(settings) == {"a": "zwei"}


def test_unchanged_parts_are_shared_and_replaced_ones_leave_the_old_release_alone(settings: Settings) -> None:
    build(settings, same="gleich", other="alt")
    old = open_release(settings)
    build(settings, other="neu")
    new = open_release(settings)
    assert (old.path / "same").samefile(new.path / "same")
    assert ((old.path / "other").read_text(), (new.path / "other").read_text()) == ("alt", "neu")
    assert current_release(settings).manifest.id == new.id  # type: ignore[union-attr]
    assert old.manifest.id == old.path.name


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_error_leaves_the_current_release_and_no_draft(settings: Settings, error: type[BaseException]) -> None:
    first = build(settings, a="eins")
    with pytest.raises(error), draft(settings, "1.0") as (folder, _):
        (folder / "a").unlink()
        (folder / "a").write_text("halb")
        raise error
    assert open_release(settings).id == first
    assert contents(settings) == {"a": "eins"}
    assert [path.name for path in settings.releases.iterdir()] == [first]


KILLED = """
import sys, time
from pathlib import Path
from knowledge.releases.release import draft
from knowledge.settings import Settings

with draft(Settings(var=Path(sys.argv[1])), "1.0") as (folder, _):
    (folder / "a").unlink()
    (folder / "a").write_text("halb")
    print("drafting", flush=True)
    time.sleep(60)
"""


def test_a_killed_build_leaves_the_current_release_and_the_next_clears_up(settings: Settings) -> None:
    first = build(settings, a="eins")
    child = subprocess.Popen([sys.executable, "-c", KILLED, str(settings.var)], stdout=subprocess.PIPE)
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"drafting\n"
        remove_abandoned_drafts(settings)
        assert len(list(settings.releases.iterdir())) == 2, "a draft in the making was removed"
        os.kill(child.pid, signal.SIGKILL)
    assert open_release(settings).id == first
    assert contents(settings) == {"a": "eins"}

    remove_abandoned_drafts(settings)
    assert [path.name for path in settings.releases.iterdir()] == [first]
    second = build(settings, a="zwei")
    assert open_release(settings).id == second


def test_a_damaged_release_is_reported(settings: Settings) -> None:
    build(settings, a="eins")
    (open_release(settings).path / MANIFEST).write_text("{")
    with pytest.raises(StadtlotseError, match=r"is damaged; run 'stadtlotse retrain'"):
        open_release(settings)
