"""Folders that are read where they lie, as they are at each retraining, beside the operator's library."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from pydantic import BaseModel, ValidationError

from knowledge.errors import StadtlotseError
from knowledge.releases.release import write_durably
from knowledge.settings import Settings

_FILE = "watched.json"


class _Watched(BaseModel):
    folders: list[Path] = []
    former: list[Path] = []
    """Not watched any more; the live release may hold them until the next retraining."""


def watched(settings: Settings) -> list[Path]:
    """The watched folders, in the order they were named. Raises `StadtlotseError` where the list is damaged."""
    return _read(settings).folders


def watch(settings: Settings, folder: Path) -> bool:
    """Watch a folder; whether it was not watched before. Raises `StadtlotseError` where it cannot be watched."""
    resolved, known = folder.resolve(), _read(settings)
    if not resolved.is_dir():
        raise StadtlotseError(f"There is no folder {folder}; name one with documents.")
    if resolved.is_relative_to(settings.var.resolve()):
        raise StadtlotseError(f"{folder} lies in {settings.var}; watch a folder outside of it.")
    if resolved in known.folders:
        return False
    former = [one for one in known.former if one != resolved]
    _write(settings, _Watched(folders=[*known.folders, resolved], former=former))
    return True


def unwatch(settings: Settings, folder: Path) -> None:
    """Watch a folder no more. Raises `StadtlotseError` where it is not watched."""
    resolved, known = folder.resolve(), _read(settings)
    if resolved not in known.folders:
        names = ", ".join(map(str, known.folders)) or "none"
        raise StadtlotseError(f"{folder} is not watched; watched are: {names}.")
    left = [one for one in known.folders if one != resolved]
    _write(settings, _Watched(folders=left, former=[*known.former, resolved]))


def with_watched(settings: Settings, folders: Sequence[Path]) -> list[Path]:
    """Folders without those that are not watched any more, and with the watched ones."""
    known = _read(settings)
    kept = [one for one in folders if one not in known.former]
    return [*kept, *(one for one in known.folders if one not in kept)]


def relocate_watched(settings: Settings, place: Callable[[Path], Path]) -> None:
    """Name each watched folder by its place on another machine.

    Raises `StadtlotseError` where the list is damaged.
    """
    known = _read(settings)
    moved = _Watched(folders=[place(one) for one in known.folders], former=[place(one) for one in known.former])
    if moved != known:
        _write(settings, moved)


def _read(settings: Settings) -> _Watched:
    path = settings.library / _FILE
    try:
        return _Watched.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return _Watched()
    except (OSError, ValidationError) as error:
        raise StadtlotseError(f"{path} cannot be read; mend or delete it, then watch the folders anew.") from error


def _write(settings: Settings, known: _Watched) -> None:
    settings.library.mkdir(parents=True, exist_ok=True)
    write_durably(settings.library / _FILE, json.dumps(known.model_dump(mode="json"), ensure_ascii=False, indent=2))
