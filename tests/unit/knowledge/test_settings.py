"""Where the operator's own questions lie, in the installation and in a copy of its folder."""

from pathlib import Path

import pytest

from knowledge.settings import Settings


@pytest.mark.parametrize(
    ("named", "own", "in_copy"),
    [
        ("", "var/evaluation/questions.jsonl", "copy/evaluation/questions.jsonl"),
        ("var/fragen/a.jsonl", "var/fragen/a.jsonl", "copy/fragen/a.jsonl"),
        ("fragen.jsonl", "fragen.jsonl", "copy/evaluation/questions.jsonl"),  # a copy never reaches out of its folder
    ],
)
def test_own_questions(tmp_path: Path, named: str, own: str, in_copy: str) -> None:
    settings = Settings(var=tmp_path / "var", questions=str(tmp_path / named) if named else "")
    assert settings.own_questions == tmp_path / own
    copy = settings.under(tmp_path / "copy")
    assert copy.own_questions == tmp_path / in_copy
    assert (copy.state, settings.state) == (tmp_path / "copy" / "state.db", tmp_path / "var" / "state.db")
