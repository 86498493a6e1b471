"""The entities of the release that answers, recognised anew as soon as another one becomes current."""

from functools import lru_cache

from knowledge.recognition.entities import Entities, Entity
from knowledge.releases.kept_sheets import read_sheets
from knowledge.settings import settings
from knowledge.sheet_files import load_fact_sheets

_MESSAGES = 256


def entities(text: str) -> tuple[Entity, ...]:
    """What a message names, by the fact sheets of the current release; by the project's own where none is built.

    A new fact sheet is known from the moment its release is current: nothing of it is learned in training.
    """
    return _entities(_current_release(), text)


def _current_release() -> str:
    try:
        return str(settings().current_release.readlink())
    except OSError:
        return ""


@lru_cache(maxsize=_MESSAGES)
def _entities(release: str, text: str) -> tuple[Entity, ...]:
    return tuple(_recogniser(release).find(text))


@lru_cache(maxsize=1)
def _recogniser(release: str) -> Entities:
    """Of the release that a link names; the link tells releases apart, the sheets are read through it."""
    try:
        return Entities(read_sheets(settings().current_release))
    except (OSError, ValueError):
        return Entities(load_fact_sheets())
