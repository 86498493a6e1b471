"""Commands that change the library or what is live leave a line in the audit log; trying and looking leave none."""

from pathlib import Path

import pytest

from bot import audit
from knowledge.settings import Settings
from tests.processes import stadtlotse
from tests.unit.knowledge.releases.test_releases import build


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var=tmp_path / "var", embedding_model="", actions_port=1)


def run(settings: Settings, *arguments: str) -> None:
    done = stadtlotse(settings, *arguments)
    assert done.returncode == 0, done.stderr


def recorded(settings: Settings) -> list[tuple[str, dict[str, audit.Value]]]:
    entries, damaged = audit.entries(settings)
    assert damaged == []
    return [(entry.action, entry.details) for entry in entries]


def test_the_library(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "bad.md"
    path.write_text("# Freibad\n\nDas Freibad Musterhausen öffnet am 3. Juni um sieben Uhr.\n", encoding="utf-8")
    run(settings, "documents", "add", str(path), "--dry-run")
    assert recorded(settings) == []
    run(settings, "documents", "add", str(path))
    run(settings, "documents", "add", str(path))  # it is there already
    run(settings, "documents", "list")
    run(settings, "documents", "remove", "bad.md", "--dry-run")
    run(settings, "documents", "remove", "bad.md")
    run(settings, "programmes", "new", "solar-musterau")
    run(settings, "programmes", "remove", "solar-musterau", "--dry-run")
    run(settings, "programmes", "remove", "solar-musterau")
    assert recorded(settings) == [
        ("documents add", {"count": 1, "documents": ["bad.md"]}),
        ("documents remove", {"count": 1, "documents": ["bad.md"]}),
        ("programmes new", {"key": "solar-musterau"}),
        ("programmes remove", {"keys": ["solar-musterau"]}),
    ]


def test_releases(settings: Settings) -> None:
    first, second, third = build(settings, "eins"), build(settings, "zwei"), build(settings, "drei")
    run(settings, "rollback")
    run(settings, "rollback", second)  # it is live already
    run(settings, "releases", "pin", third, "--note", "Haushalt")
    run(settings, "releases", "pin", third, "--remove")
    run(settings, "releases", "prune", "--keep", "0", "--dry-run")
    run(settings, "releases", "prune", "--keep", "0")
    assert recorded(settings) == [
        ("rollback", {"release": second, "before": third}),
        ("releases pin", {"release": third, "removed": False, "note": "Haushalt"}),
        ("releases pin", {"release": third, "removed": True, "note": ""}),
        ("releases prune", {"deleted": [third]}),
    ]
    assert {path.name for path in settings.releases.iterdir()} == {first, second}
