"""The conversation tests in Rasa's own format, run by Rasa against the trained model.

Entities stand in them as Rasa demands. Actions are predicted and not run: what they say is tested elsewhere.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.processes.training import rasa_environment
from knowledge.settings import PROJECT

STORIES = PROJECT / "tests" / "stories"
TOLD = sorted([*(PROJECT / "bot" / "data").rglob("*.yml"), *STORIES.glob("*.yml")])
LINES = 60


def named(path: Path) -> list[str]:
    """The names of the stories in a file, in their order."""
    return [story["story"] for story in YAML(typ="safe").load(path.read_text(encoding="utf-8"))["stories"]]


NAMES = [name for path in sorted(STORIES.glob("test_*.yml")) for name in named(path)]


@pytest.fixture(scope="module")
def failed(rasa_model: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The stories that went another way, each with Rasa's remarks on where."""
    out = tmp_path_factory.mktemp("stories")
    command = [
        *(sys.executable, "-m", "rasa", "test", "core", "--e2e", "--no-plot"),
        *("--model", str(rasa_model), "--stories", str(STORIES), "--out", str(out)),
    ]
    variables = os.environ | rasa_environment() | {"PYTHONPATH": str(PROJECT)}
    done = subprocess.run(command, env=variables, cwd=out, capture_output=True, text=True, timeout=300)
    found = out / "failed_test_stories.yml"
    assert found.exists(), done.stdout[-2000:] + done.stderr[-2000:]
    told: dict[str, str] = {}
    for part in found.read_text(encoding="utf-8").split("\n- story: ")[1:]:
        # Rasa adds the file to the name: 'A greeting is returned (/…/test_small_talk.yml)'.
        name = part.partition("\n")[0].rsplit(" (", 1)[0].strip("'\"")
        told[name] = part
    return told


def test_there_are_enough_stories_and_each_has_a_name_of_its_own() -> None:
    assert len(NAMES) >= 60
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize(
    "path", sorted((PROJECT / "bot" / "data").rglob("*.yml")) + sorted(STORIES.glob("*.yml")), ids=str
)
def test_no_story_or_rule_is_long(path: Path) -> None:
    blocks = path.read_text(encoding="utf-8").replace("\n- rule: ", "\n- story: ").split("\n- story: ")[1:]
    assert [block.partition("\n")[0] for block in blocks if block.count("\n") > LINES] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_conversation_goes_as_told(failed: dict[str, str], name: str) -> None:
    assert name not in failed, f"\n- story: {failed[name]}"
