"""What integration tests share: a release that is built and trained for real, and the bot that runs on it."""

from pathlib import Path

import pytest

from bot import building
from knowledge.release import DIALOGUE_MODEL, Release, open_release
from knowledge.settings import Settings
from tests.integration.processes import free_ports

CACHE = Path(__file__).parent.parent / ".cache"


@pytest.fixture(scope="session")
def release(model_folder: Path) -> Release:
    """The starter library indexed and the dialogue trained; built again only where something changed."""
    settings = Settings(var=CACHE, embedding_model="")
    folders = [building.STARTER_LIBRARY]
    is_stale, needs_training = building.stale_knowledge(settings, folders), building.stale_dialogue(settings)
    if is_stale or needs_training:
        building.build(
            settings, folders=folders if is_stale else None, dialogue=needs_training, progress=lambda *_: None
        )
    return open_release(settings)


@pytest.fixture(scope="session")
def rasa_model(release: Release) -> Path:
    """The trained dialogue model."""
    return release.path / DIALOGUE_MODEL


@pytest.fixture(scope="module")
def installation(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An installation of its own with that release, on free ports and without any conversation."""
    var = tmp_path_factory.mktemp("var")
    (var / "models").symlink_to(CACHE / "models")
    (var / "releases").symlink_to(CACHE / "releases")
    (var / "current").symlink_to(Path("releases", release.id))
    port, rasa_port, actions_port = free_ports(3)
    return Settings(var=var, embedding_model="", port=port, rasa_port=rasa_port, actions_port=actions_port)
