"""What long lists look like: on a terminal they fit, with names that can be typed; elsewhere nothing is left out."""

import json

import pytest

from bot import audit
from knowledge.settings import Settings
from tests.processes import on_terminal, stadtlotse

NAMES = [f"foerderung/2024/Merkblatt zur Richtlinie Klimadaten in Kommunen Teil {number}.md" for number in range(5)]
TITLE = "Merkblatt zur Richtlinie über die Förderung von Klimadaten in kleinen Kommunen und Landkreisen, Teil {}"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = Settings(var=tmp_path_factory.mktemp("var"), embedding_model="", actions_port=1)
    for number, name in enumerate(NAMES):
        path = settings.library / "documents" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        said = f"In Teil {number} steht etwas zu den Kommunen der Nummer {number}."
        path.write_text(f"# {TITLE.format(number)}\n\nStand: 4. Mai 2024\n\n{said}\n", encoding="utf-8")
    audit.record(settings, "documents add", count=len(NAMES), documents=NAMES, forced=None)
    return settings


@pytest.mark.parametrize("columns", [80, 120, 200])
def test_the_library_fits(settings: Settings, columns: int) -> None:
    shown = on_terminal(settings, columns, "documents", "list")
    assert max(map(len, shown)) <= columns
    text = _joined(shown)
    assert (text.count("notlive"), text.count("public"), text.count("4.Mai2024")) == (5, 5, 5)


def test_a_name_is_on_one_line_of_a_narrow_terminal(settings: Settings) -> None:
    shown = on_terminal(settings, 80, "documents", "list")
    assert [line.strip() for line in shown if line.startswith("foerderung")] == NAMES


@pytest.mark.parametrize("columns", [80, 120])
def test_the_audit_log_fits_and_is_short(settings: Settings, columns: int) -> None:
    shown = on_terminal(settings, columns, "audit")
    assert max(map(len, shown)) <= columns
    assert "and2more" in _joined(shown)
    assert not any("forced" in line for line in shown)


def test_a_pipe_and_json_get_everything(settings: Settings) -> None:
    listed = stadtlotse(settings, "documents", "list").stdout.splitlines()
    for number, name in enumerate(NAMES):
        assert any(name in line and TITLE.format(number) in line for line in listed)
    assert [one["name"] for one in json.loads(stadtlotse(settings, "documents", "list", "--json").stdout)] == NAMES
    told = stadtlotse(settings, "audit").stdout
    assert "forced: None" in told
    assert "Teil 4.md" in told
    [entry] = json.loads(stadtlotse(settings, "audit", "--json").stdout)["entries"]
    assert entry["details"]["documents"] == NAMES


def _joined(shown: list[str]) -> str:
    """What is shown, wherever it is folded."""
    return "".join("".join(shown).replace("│", " ").split())
