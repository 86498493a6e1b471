"""Documents outside of an installation: what of them a backup holds, and where they lie on another machine."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from bot.backup import archive
from knowledge.indexing.watched import relocate_watched, watched
from knowledge.releases.release import MANIFEST, Release, current_release
from knowledge.settings import PROJECT, Settings

_OUTSIDE = "outside"
"""Folder for documents that lay elsewhere on the machine that made the backup."""


def folders(settings: Settings) -> dict[str, Path]:
    """Folders outside of `var` and the program that are watched or in the current release, by their name in a backup.

    Raises `StadtlotseError` where the release or the list of watched folders is damaged.
    """
    release = current_release(settings)
    built = release.manifest.knowledge if release else None
    here = (settings.var.resolve(), PROJECT)
    read = dict.fromkeys([*(Path(folder) for folder in (built.folders if built else [])), *watched(settings)])
    outside = [one for one in read if one.is_dir() and not any(one.resolve().is_relative_to(each) for each in here)]
    return {f"{_OUTSIDE}/{number}": folder for number, folder in enumerate(outside, 1)}


def documents(name: str, folder: Path) -> Iterator[tuple[str, Path]]:
    """The files of a folder of documents that can be read, under their paths in a backup."""
    from knowledge.indexing.sources import readable_files  # loads numpy, which the gateway does without

    for path in readable_files(folder):
        inside = path.relative_to(folder).as_posix()
        is_readable = path.is_file() and not path.is_symlink() and os.access(path, os.R_OK)
        if is_readable and inside.isprintable():  # a name that is no Unicode cannot be listed
            yield f"{name}/{inside}", path


def relocate(settings: Settings, unpacked: Path, origin: archive.Origin) -> None:
    """Have what was unpacked find its documents where they come to lie on this machine.

    That is where they were, where there is such a folder, or else below `var`. Raises `StadtlotseError` where the list
    of watched folders in the backup is damaged.
    """
    from knowledge.indexing.sources import STARTER_LIBRARY

    names = {path: name for name, path in origin.folders.items()}
    for name in [name for path, name in names.items() if Path(path).is_dir()]:
        shutil.rmtree(unpacked / name, ignore_errors=True)  # they are where they were

    def place(folder: str) -> str:
        return str(STARTER_LIBRARY) if folder == origin.starter_library else _place(settings, folder, origin, names)

    relocate_watched(settings.under(unpacked), lambda folder: Path(place(str(folder))))
    for path in sorted((unpacked / "releases").glob(f"*/{MANIFEST}")):
        manifest = Release(path.parent).manifest
        if manifest.knowledge is None:
            continue
        moved = [place(one) for one in manifest.knowledge.folders]
        if moved != manifest.knowledge.folders:
            manifest.knowledge.folders = moved
            path.unlink()  # its content may be another file's too
            path.write_text(manifest.model_dump_json(indent=2), encoding="utf-8")


def _place(settings: Settings, folder: str, origin: archive.Origin, names: dict[str, str]) -> str:
    if origin.var and Path(folder).is_relative_to(origin.var):
        return str(settings.var.resolve() / Path(folder).relative_to(origin.var))
    if folder in names and not Path(folder).is_dir():
        return str(settings.var.resolve() / names[folder])
    return folder
