"""The handbook and the record of processing keep up with the commands and the settings."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from bot.cli import app
from bot.cli.overview import COMMANDS as OVERVIEW
from bot.gateway.retention import KINDS
from knowledge.settings import PROJECT, Settings

HANDBOOK = (PROJECT / "docs" / "handbuch.md").read_text(encoding="utf-8")
RECORD = (PROJECT / "docs" / "verarbeitung.md").read_text(encoding="utf-8")


def _commands(command, name=""):
    """All commands that do something, by what is typed."""
    parts = getattr(command, "commands", None)
    if parts is None:
        return [(name.strip(), command)]
    return [found for key, one in parts.items() for found in _commands(one, f"{name} {key}")]


COMMANDS = dict(_commands(typer.main.get_command(app)))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_handbook(name):
    group, _, last = name.rpartition(" ")
    lines = [line for line in HANDBOOK.splitlines() if f"stadtlotse {group or last}" in line]
    assert any(re.search(rf"\b{re.escape(last)}\b", line) for line in lines)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_an_example_that_it_takes(name):
    said = " ".join((COMMANDS[name].help or "").split())
    assert f"stadtlotse {name}" in said.partition("Example:")[2]


def test_the_overview_has_a_whole_line_for_every_command():
    shown = [
        " ".join(line.split())
        for line in subprocess.run(
            [sys.executable, "-m", "bot.cli", "--help"],
            env=os.environ | {"COLUMNS": "80"},
            capture_output=True,
            text=True,
            timeout=60,
        ).stdout.splitlines()
    ]
    names = {name.split()[0] for name in COMMANDS}
    assert names == {name for lines in OVERVIEW.values() for name in lines}
    for panel, lines in OVERVIEW.items():
        place = shown.index(f"{panel}:")
        assert shown[place + 1 : place + 1 + len(lines)] == [f"{name} {line}" for name, line in lines.items()]


def test_commands_complete_in_the_shell():
    words = {"_STADTLOTSE_COMPLETE": "complete_bash", "COMP_WORDS": "stadtlotse privacy f", "COMP_CWORD": "2"}
    command = str(Path(sys.executable).with_name("stadtlotse"))
    done = subprocess.run([command], env=os.environ | words, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["find", "forget"]


def test_the_record_names_every_table_with_words_of_people_and_its_setting():
    assert not [kind.table for kind in KINDS if f"`{kind.table}`" not in RECORD]
    settings = {f"STADTLOTSE_{name.upper()}" for name in Settings.model_fields if name.endswith("retention_days")}
    for document in (RECORD, HANDBOOK):
        assert settings <= set(re.findall(r"STADTLOTSE_\w+", document))
