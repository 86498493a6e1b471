"""Mistakes of an admin: one sentence with what to do, never a traceback, and nothing harmed."""

from pathlib import Path

import pytest

from knowledge.settings import Settings
from tests.processes import stadtlotse


def test_a_folder_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = stadtlotse(Settings(var=tmp_path / "file" / "var"), "retrain")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "Nothing can be written in" in done.stderr
    assert "STADTLOTSE_VAR" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["rollback"], "Nothing is built in"),
        (["ask", " "], "There is no question; ask one"),
        (
            ["programmes", "remove", "kts"],
            "The fact sheet kts is shipped and cannot be removed; 'stadtlotse programmes",
        ),
        (["programmes", "remove", "solar"], "There is no fact sheet solar of your own; 'stadtlotse programmes list'"),
        (["evaluate", "nlu"], "Nothing is built in"),
        (["restore", "/nowhere/backup.tar.gz"], "There is no file /nowhere/backup.tar.gz"),
        (["documents", "add", "README.md", "--stand", "morgen"], "--stand: 'morgen' names no date"),
        (
            ["programmes", "check", "/nowhere/sheet.yml"],
            "sheet.yml: the file: it cannot be read (No such file",
        ),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(tmp_path: Path, arguments: list[str], sentence: str) -> None:
    done = stadtlotse(Settings(var=tmp_path), *arguments)
    assert done.returncode == 1
    assert sentence in done.stderr + done.stdout


def test_a_reason_that_is_missing_is_told_before_anything_else(tmp_path: Path) -> None:
    done = stadtlotse(Settings(var=tmp_path / "var"), "retrain", "--force", " ")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "--force needs a reason, which is kept with the release: --force 'why'.\n"
    assert not (tmp_path / "var").exists()


def test_a_variable_that_is_wrong_is_told_in_plain_words(tmp_path: Path) -> None:
    done = stadtlotse(Settings(var=tmp_path), "status", STADTLOTSE_PORT="abc")
    assert done.stderr == "STADTLOTSE_PORT cannot be read (a whole number is needed); correct it.\n"


def test_the_version_is_told(tmp_path: Path) -> None:
    assert stadtlotse(Settings(var=tmp_path), "--version").stdout.startswith("stadtlotse ")
