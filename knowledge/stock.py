"""The operator's own library: folders of documents, what is known of them beside it, and fact sheets."""

from pathlib import Path

from knowledge.settings import Settings


def documents_folder(settings: Settings) -> Path:
    """Where the operator's documents lie."""
    return settings.library / "documents"


def metadata_folder(settings: Settings) -> Path:
    """Where a YAML file for each document says what is known of it."""
    return settings.library / "metadata"


def programmes_folder(settings: Settings) -> Path:
    """Where the operator's fact sheets lie."""
    return settings.library / "programmes"
