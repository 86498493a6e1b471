"""Fingerprint and failures of the dialogue's training; that it succeeds shows in the integration tests."""

import shutil
from pathlib import Path

import pytest

from bot.processes.training import dialogue_fingerprint, train_dialogue
from knowledge.errors import StadtlotseError
from knowledge.settings import PROJECT


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of everything the dialogue is trained from."""
    for name in ("config.yml", "domain.yml"):
        shutil.copy(PROJECT / name, tmp_path / name)
    shutil.copytree(PROJECT / "bot" / "data", tmp_path / "bot" / "data")
    return tmp_path


def test_fingerprint_is_the_same_for_the_same_content(project: Path) -> None:
    assert dialogue_fingerprint(project) == dialogue_fingerprint()


@pytest.mark.parametrize(
    "name", ["config.yml", "domain.yml", "bot/data/nlu/questions.yml", "bot/data/rules/questions.yml"]
)
def test_fingerprint_tells_a_changed_file(project: Path, name: str) -> None:
    before = dialogue_fingerprint(project)
    with (project / name).open("a") as file:
        file.write("\n# changed\n")
    assert dialogue_fingerprint(project) != before


def test_fingerprint_tells_an_added_and_a_renamed_file(project: Path) -> None:
    before = dialogue_fingerprint(project)
    added = project / "bot" / "data" / "nlu" / "added.yml"
    added.write_text('version: "3.1"\n')
    with_added = dialogue_fingerprint(project)
    added.rename(added.with_name("renamed.yml"))
    assert len({before, with_added, dialogue_fingerprint(project)}) == 3


def test_failed_training_gives_rasas_reason_and_leaves_the_old_model(project: Path, tmp_path: Path) -> None:
    config = project / "config.yml"
    config.write_text(config.read_text().replace("LogisticRegressionClassifier", "NoSuchClassifier"))
    target = tmp_path / "release" / "rasa.tar.gz"
    target.parent.mkdir()
    target.write_bytes(b"the model before")
    with pytest.raises(StadtlotseError) as error:
        train_dialogue(target, project)
    assert "NoSuchClassifier" in str(error.value)
    assert "\n" not in str(error.value)
    assert target.read_bytes() == b"the model before"
    assert list(target.parent.iterdir()) == [target]
