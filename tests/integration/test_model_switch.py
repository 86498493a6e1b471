"""Another embedding model: a release that another one made is not answered from, and the index is built anew."""

import shutil
from pathlib import Path

import pytest

from bot.retraining import building
from knowledge.answering.answers import Answerer, Context
from knowledge.errors import StadtlotseError
from knowledge.messages import Kind
from knowledge.releases.release import Release
from knowledge.settings import Settings


def test_another_model_makes_the_index_stale_and_builds_its_own(
    release: Release, model_folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "hausmodell"
    shutil.copytree(model_folder, other)
    var = tmp_path / "var"
    (var / "releases").mkdir(parents=True)
    shutil.copytree(release.path, var / "releases" / release.id)
    (var / "current").symlink_to(Path("releases", release.id))
    settings = Settings(var=var, embedding_model=str(other))
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "bad.md").write_text("# Freibad\n\nDas Freibad Musterhausen öffnet am 3. Juni um sieben Uhr.\n")

    assert building.stale_knowledge(settings, [folder])
    with pytest.raises(StadtlotseError, match=r"hausmodell@\w+\+int8 is set; run 'stadtlotse retrain'"):
        Answerer.open(settings)

    manifest = building.build(settings, folders=[folder], dialogue=False, progress=lambda *_: None)
    assert manifest.knowledge is not None
    assert manifest.knowledge.embedding_model.startswith("hausmodell@")
    assert not building.stale_knowledge(settings, [folder.resolve()])
    message = Answerer.open(settings).answer("Wann öffnet das Freibad Musterhausen?", Context()).message
    assert message.kind is Kind.ANSWER
    assert "3. Juni" in message.text
