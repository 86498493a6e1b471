"""What an index is built from, and whether any of it changed; imports nothing heavy."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from knowledge.embedding import model_id
from knowledge.factsheet import SHEETS
from knowledge.settings import Settings

STARTER_LIBRARY = Path(__file__).parent / "documents"
_OWN_FOLDER = Path(__file__).parent
_CODE = sorted((*_OWN_FOLDER.rglob("*.py"), _OWN_FOLDER / "words.yml"))


def readable_files(folder: Path) -> Iterator[Path]:
    """Every file below a folder in a stable order, hidden ones and links left out."""
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)
        if path.is_file() and not path.is_symlink() and not hidden:
            yield path


def fingerprint(settings: Settings, folders: Sequence[Path]) -> str:
    """Hash of all that the index depends on: the files by name, size and time of change, the model, and our code."""
    parts: list[object] = [model_id(settings), *(hashlib.sha256(path.read_bytes()).hexdigest() for path in _CODE)]
    for folder in (SHEETS, *folders):
        parts.append(str(folder))
        for path in readable_files(folder) if folder.is_dir() else ():
            stat = path.stat()
            parts.append((str(path.relative_to(folder)), stat.st_size, stat.st_mtime_ns))
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
