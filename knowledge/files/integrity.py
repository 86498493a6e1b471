"""Hashes of files, whether those of a folder are as they were noted, and what has to be on the disk for that."""

import hashlib
import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

_BLOCK = 1 << 20


def hashes(folder: Path, known: Mapping[int, str], leaving_out: Collection[str] = ()) -> dict[str, str]:
    """The SHA-256 of each file below a folder, by its path in it; what is hidden is left out.

    `known` gives the hashes of files that lie elsewhere too, by inode; the others are brought to the disk as they are
    read. Raises `OSError`.
    """
    found: dict[str, str] = {}
    for path in _files(folder):
        name = str(path.relative_to(folder))
        if name not in leaving_out:
            found[name] = known.get(path.stat().st_ino) or _synced(path)
    return found


def differences(folder: Path, noted: Mapping[str, str]) -> list[str]:
    """How the files of a folder differ from the noted hashes, a clause for each file; reads them all."""
    found: list[str] = []
    for name, expected in noted.items():
        try:
            if digest(folder / name) != expected:
                found.append(f"{name} is not as it was built")
        except FileNotFoundError:
            found.append(f"{name} is missing")
        except OSError as error:
            found.append(f"{name} cannot be read ({error.strerror})")
    return found


def sync(path: Path) -> None:
    """Bring a file, or a folder's entries, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _synced(path: Path) -> str:
    sync(path)
    return digest(path)


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts):
            yield path


def digest(path: Path) -> str:
    """The SHA-256 of a file in hexadecimal digits; raises `OSError`."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            found.update(block)
    return found.hexdigest()
