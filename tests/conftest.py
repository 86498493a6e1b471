"""What tests share: the shipped embedding model and a release of the starter library, kept between runs."""

from pathlib import Path

import pytest

from knowledge.build import build_knowledge
from knowledge.default_model import ensure_default_model
from knowledge.embedding import Embedder
from knowledge.release import current_release, draft, remove_abandoned_drafts
from knowledge.settings import Settings
from knowledge.sources import STARTER_LIBRARY, fingerprint

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
def release_var(model_folder: Path) -> Settings:
    """An installation with a release of the starter library, without dialogue; built again where something changed."""
    settings = Settings(var=CACHE / "starter-library", embedding_model="")
    settings.var.mkdir(exist_ok=True)
    (CACHE / "cache").mkdir(exist_ok=True)
    for shared in (model_folder.parent, CACHE / "cache"):
        if not (settings.var / shared.name).exists():
            (settings.var / shared.name).symlink_to(shared)
    release = current_release(settings)
    built = release.manifest.knowledge if release else None
    if built is None or built.fingerprint != fingerprint(settings, [STARTER_LIBRARY]):
        remove_abandoned_drafts(settings)
        with draft(settings, "tests") as (folder, manifest):
            manifest.knowledge = build_knowledge(settings, folder, [STARTER_LIBRARY], lambda *_: None)
    return settings
