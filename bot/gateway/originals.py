"""The files that documents were read from: to download, and pages of a PDF as pictures with the quote marked."""

import asyncio
import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote as percent_encoded

from knowledge.document import Document
from knowledge.errors import StadtlotseError
from knowledge.files.integrity import digest
from knowledge.releases.release import open_release
from knowledge.settings import PROJECT, Settings

PDF = "application/pdf"
_TYPES = {".pdf": PDF}
_UNKNOWN = "application/octet-stream"
_SECONDS = 15.0
_LARGEST_BYTES = 4 << 20
_KEPT_PICTURES = 400
_AT_ONCE = 2


@dataclass(frozen=True)
class Original:
    """The file of a document as it was when it was read."""

    path: Path
    sha256: str

    @property
    def content_type(self) -> str:
        """What browsers are told it is; what could run as a page of ours is never shown, only saved."""
        return _TYPES.get(self.path.suffix.lower(), _UNKNOWN)

    @property
    def disposition(self) -> str:
        """Whether it is shown or saved, and under what name."""
        kind = "inline" if self.content_type == PDF else "attachment"
        return f"{kind}; filename*=UTF-8''{percent_encoded(self.path.name, safe='')}"


class Originals:
    """Finds the files and draws their pages; pictures are kept below the folder for what is made at run time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pictures = settings.var / "pictures"
        self._free = asyncio.Semaphore(_AT_ONCE)

    def find(self, document: Document) -> Original | None:
        """The file of a document; None where it is gone, changed since it was read, or part of another file."""
        if document.kind == "fact sheet":
            return None
        for folder in self._folders():
            path = folder / document.path
            if _is_below(path, folder) and _sha256(path) == document.sha256:
                return Original(path, document.sha256)
        return None

    async def picture(self, original: Original, page: int, quote: str) -> Path | None:
        """The picture of a page of a PDF with the quote marked; None where none can be drawn in time and size."""
        if original.content_type != PDF:
            return None
        name = hashlib.sha256(f"{original.sha256} {page} {quote}".encode()).hexdigest()[:40]
        kept = self._pictures / f"{name}.webp"
        if kept.is_file():
            return kept
        async with self._free:
            drawn = b"" if kept.is_file() else await _drawn(original.path, page, quote)
            if drawn:
                await asyncio.to_thread(self._keep, kept, drawn)
        return kept if kept.is_file() else None

    def _folders(self) -> Iterator[Path]:
        with suppress(StadtlotseError):
            knowledge = open_release(self._settings).manifest.knowledge
            yield from (Path(folder) for folder in (knowledge.folders if knowledge else ()))

    def _keep(self, path: Path, picture: bytes) -> None:
        """Store a picture, and let the oldest ones go where there are too many."""
        self._pictures.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_bytes(picture)
        draft.replace(path)
        kept = sorted(self._pictures.glob("*.webp"), key=lambda one: one.stat().st_mtime)
        for old in kept[:-_KEPT_PICTURES]:
            old.unlink(missing_ok=True)


async def _drawn(path: Path, page: int, quote: str) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.gateway.page_picture",
        path,
        str(page),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=PROJECT,
    )
    try:
        picture, _ = await asyncio.wait_for(process.communicate(quote.encode()), _SECONDS)
    except asyncio.TimeoutError:
        return b""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return picture if process.returncode == 0 and len(picture) <= _LARGEST_BYTES else b""


def _is_below(path: Path, folder: Path) -> bool:
    """Whether a path names a plain file of a folder, by no link and no way around."""
    return path.is_file() and not path.is_symlink() and path.resolve().is_relative_to(folder.resolve())


def _sha256(path: Path) -> str | None:
    try:
        stat = path.stat()
        return _hashed(path, stat.st_mtime_ns, stat.st_size)
    except OSError:
        return None


@lru_cache(maxsize=1024)
def _hashed(path: Path, _changed: int, _size: int) -> str:
    """The hash of a file as it was when it had this time and size."""
    return digest(path)
