"""What tests share: the shipped embedding model, unpacked once and kept between runs."""

from pathlib import Path

import pytest

from knowledge.default_model import ensure_default_model
from knowledge.embedding import Embedder
from knowledge.settings import Settings

CACHE = Path(__file__).parent / ".cache"


@pytest.fixture(scope="session")
def model_folder() -> Path:
    """The unpacked default model. Copy or link it before changing anything."""
    return ensure_default_model(CACHE / "models")


@pytest.fixture(scope="session")
def embedder(model_folder: Path) -> Embedder:
    """The default model, loaded."""
    return Embedder.load(Settings(var=model_folder.parent.parent, embedding_model=""))
