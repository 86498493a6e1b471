"""What tests share: the shipped model, a whole release of the starter library, and the bot that runs on it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.processes.parts import address
from bot.retraining import building
from knowledge.encoding.default_model import ensure_default_model
from knowledge.encoding.embedding import Embedder
from knowledge.indexing.sources import STARTER_LIBRARY
from knowledge.releases.release import DIALOGUE_MODEL, Release, open_release
from knowledge.settings import Settings
from tests.processes import free_ports, serving

# Kept between runs: what is still true is not unpacked, embedded or trained again.
CACHE = Path(__file__).parent / ".cache"


@pytest.fixture(scope="session")
def model_folder() -> Path:
    """The unpacked default model. Copy or link it before changing anything."""
    return ensure_default_model(CACHE / "models")


@pytest.fixture(scope="session")
def embedder(model_folder: Path) -> Embedder:
    """The default model, loaded."""
    return Embedder.load(Settings(var=model_folder.parent.parent, embedding_model=""))


@pytest.fixture(scope="session")
def release(model_folder: Path) -> Release:
    """The starter library indexed and the dialogue trained."""
    settings = Settings(var=model_folder.parent.parent, embedding_model="")
    folders = [STARTER_LIBRARY]
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


@pytest.fixture(scope="session")
def install(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Settings]:
    """Makes an installation of its own with that release, on free ports and without any conversation."""

    def new() -> Settings:
        var = tmp_path_factory.mktemp("var")
        for shared in ("models", "releases"):
            (var / shared).symlink_to(CACHE / shared)
        (var / "current").symlink_to(Path("releases", release.id))
        port, rasa_port, actions_port = free_ports(3)
        return Settings(var=var, embedding_model="", port=port, rasa_port=rasa_port, actions_port=actions_port)

    return new


@pytest.fixture(scope="module")
def installation(install: Callable[[], Settings]) -> Settings:
    """An installation for the tests of one file."""
    return install()


@pytest.fixture(scope="session")
def site_port() -> int:
    """Port of another site, whose pages may show the chat of `bot_url`."""
    return free_ports(1)[0]


@pytest.fixture(scope="session")
def bot_url(install: Callable[[], Settings], site_port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a whole running bot, for tests that leave it running."""
    settings = install().model_copy(
        update={"widget_origins": f"http://127.0.0.1:{site_port}", "privacy_url": "https://www.example.org/privacy"}
    )
    with serving(settings, tmp_path_factory.mktemp("bot") / "output"):
        yield address(settings)
