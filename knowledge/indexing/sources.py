"""What an index is built from, and whether any of it changed; imports nothing heavy."""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from knowledge.encoding.model_name import model_id
from knowledge.indexing.stock import expired, metadata_folder, programmes_folder
from knowledge.settings import Settings
from knowledge.sheet_files import SHEETS, sheet_files

_KNOWLEDGE = Path(__file__).parent.parent
STARTER_LIBRARY = _KNOWLEDGE / "documents"
# What an index depends on; `tests/unit/test_layers.py` sees to it that these packages import no other of ours.
INDEX_PACKAGES = ("encoding", "files", "indexing", "linguistics", "reading", "recognition", "releases")
_CODE = sorted(
    path
    for files in (_KNOWLEDGE.glob("*"), *((_KNOWLEDGE / package).rglob("*") for package in INDEX_PACKAGES))
    for path in files
    if path.suffix in (".py", ".yml", ".safetensors")
)


def readable_files(folder: Path) -> Iterator[Path]:
    """All that lies below a folder and is no folder, in a stable order; what is hidden is left out.

    Links, pipes and folders that may not be opened are among them, so that whoever reads them can say what they are.
    Links are not followed.
    """
    yield from sorted(_entries(folder))


def _entries(folder: Path) -> Iterator[Path]:
    waiting = [folder]
    while waiting:
        current = waiting.pop()
        try:
            entries = list(os.scandir(current))
        except OSError:
            yield current
            continue
        for entry in entries:
            if entry.name.startswith((".", "~$")):
                continue
            if entry.is_dir(follow_symlinks=False):
                waiting.append(Path(entry.path))
            else:
                yield Path(entry.path)


def code_fingerprint(own_sheets: Path = SHEETS) -> str:
    """Hash of all that decides how a file is read and cut: our code and word lists, the reader, the fact sheets, to
    which those in the folder `own_sheets` belong."""
    files = (*_CODE, *sheet_files(own_sheets))
    parts = [version("kreuzberg"), *(hashlib.sha256(path.read_bytes()).hexdigest() for path in files)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def fingerprint(settings: Settings, folders: Sequence[Path]) -> str:
    """Hash of all that the index depends on: the files by name, size and time of change, which documents of the
    operator's library do not hold any more, the model, and our code."""
    parts: list[object] = [model_id(settings), *(hashlib.sha256(path.read_bytes()).hexdigest() for path in _CODE)]
    own = [folder for folder in (programmes_folder(settings), metadata_folder(settings)) if folder.is_dir()]
    parts += expired(settings)
    for folder in (SHEETS, *own, *folders):
        parts.append(str(folder))
        for path in readable_files(folder) if folder.is_dir() else ():
            with contextlib.suppress(OSError):  # gone since it was listed
                stat = path.lstat()
                parts.append((str(path.relative_to(folder)), stat.st_size, stat.st_mtime_ns))
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
