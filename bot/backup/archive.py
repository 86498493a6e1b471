"""The file format of a backup: files once by their content, and a list of what lies where, all checked by SHA-256.

A member's name never decides where anything is written: content is stored under its hash, and the list at the end names
paths, which are checked one by one.
"""

import hashlib
import io
import os
import re
import shutil
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import IO, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from knowledge.errors import StadtlotseError

_MARK, _LIST, _SEAL = "stadtlotse-backup.json", "manifest.json", "manifest.sha256"
_BLOB = re.compile(r"blobs/(?P<sha256>[0-9a-f]{64})")
_CHUNK = 1 << 20
_LIST_BYTES = 64 << 20
_SHARED = "releases"
"""Folder whose files never change, so that the same content may lie there once for several names."""


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Mark(_Record):
    """What tells a backup from any other archive."""

    format: Literal["stadtlotse-backup"] = "stadtlotse-backup"
    version: Literal[1] = 1
    made_at: datetime
    made_by: str


class FileEntry(_Record):
    """A file of a backup."""

    path: str
    sha256: str
    size: int
    mode: int


class LinkEntry(_Record):
    """A symbolic link inside the folder."""

    path: str
    target: str


class Origin(_Record):
    """Where things lay on the machine that made a backup, so that releases find their documents elsewhere."""

    var: str = ""
    starter_library: str = ""
    folders: dict[str, str] = {}
    """Folders of documents outside of `var`, by the path under which their files are in the backup."""


class Contents(_Record):
    """What lies where in a backup."""

    files: list[FileEntry]
    links: list[LinkEntry]
    origin: Origin


class NoBackupError(StadtlotseError):
    """The file is no whole backup of this program."""


def pack(target: Path, files: Iterable[tuple[str, Path]], links: Iterable[LinkEntry], origin: Origin) -> Contents:
    """Write a backup of these files, each under the path it is to have, in one step; readable by its owner alone.

    Raises `OSError`; what was at `target` stays then.
    """
    draft = target.with_name(f".{target.name}-{os.getpid()}")
    entries: list[FileEntry] = []
    known: set[str] = set()
    try:
        with open(draft, "wb", opener=_private) as raw:  # Path.open takes no opener
            with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=6, format=tarfile.PAX_FORMAT) as archive:
                mark = Mark(made_at=datetime.now(timezone.utc), made_by=f"Stadtlotse {version('stadtlotse')}")
                _add(archive, _MARK, mark.model_dump_json().encode())
                for path, source in files:
                    entries.append(_add_file(archive, path, source, known))
                contents = Contents(files=entries, links=list(links), origin=origin)
                described = contents.model_dump_json(indent=1).encode()
                _add(archive, _LIST, described)
                _add(archive, _SEAL, hashlib.sha256(described).hexdigest().encode())
            raw.flush()
            os.fsync(raw.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return contents


def unpack(source: Path, folder: Path) -> tuple[Mark, Contents]:
    """Read a backup into an empty folder, after all of it was found whole.

    Raises `NoBackupError` with one sentence where it is damaged, incomplete or something else, and `OSError` where the
    folder cannot be written.
    """
    blobs = folder / ".blobs"
    blobs.mkdir()
    try:
        mark, contents = _read(source, blobs)
        _lay_out(contents, blobs, folder)
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise NoBackupError(f"{source} is damaged or was cut off; use another backup.") from error
    finally:
        shutil.rmtree(blobs, ignore_errors=True)
    return mark, contents


def is_backup(path: Path) -> bool:
    """Whether a file begins as a backup does."""
    try:
        with tarfile.open(path, mode="r|gz") as archive:
            _mark(archive, archive.next(), path)
    except (NoBackupError, tarfile.TarError, EOFError, zlib.error, OSError):
        return False
    return True


def _read(source: Path, blobs: Path) -> tuple[Mark, Contents]:
    try:
        archive = tarfile.open(source, mode="r|gz")  # noqa: SIM115  # closed below
    except tarfile.TarError as error:
        raise NoBackupError(
            f"{source} is no backup of Stadtlotse; name a file that 'stadtlotse backup' made."
        ) from error
    except OSError as error:
        raise NoBackupError(f"{source} cannot be read ({error.strerror or error}); name an existing backup.") from error
    with archive:
        members = iter(archive)
        mark = _mark(archive, next(members, None), source)
        described = seal = None
        for member in members:
            content = archive.extractfile(member) if member.isreg() else None
            if content is None or seal is not None:
                raise _foreign(source, member.name)
            if described is None and (name := _BLOB.fullmatch(member.name)):
                _store(content, blobs / name["sha256"], source)
            elif member.name == _LIST and described is None and member.size <= _LIST_BYTES:
                described = content.read()
            elif member.name == _SEAL and described is not None and member.size == 64:
                seal = content.read().decode("ascii", "replace")
            else:
                raise _foreign(source, member.name)
    if described is None or seal is None:
        raise NoBackupError(f"{source} was cut off; use another backup.")
    if hashlib.sha256(described).hexdigest() != seal:
        raise NoBackupError(f"{source} is damaged (its list of files); use another backup.")
    try:
        return mark, Contents.model_validate_json(described)
    except ValidationError as error:
        raise _foreign(source, _LIST) from error


def _mark(archive: tarfile.TarFile, first: tarfile.TarInfo | None, source: Path) -> Mark:
    content = archive.extractfile(first) if first and first.isreg() and first.name == _MARK else None
    try:
        return Mark.model_validate_json(content.read(_CHUNK) if content else b"")
    except ValidationError as error:
        raise NoBackupError(
            f"{source} is no backup of Stadtlotse, or of another version of it; "
            "name a file that 'stadtlotse backup' made."
        ) from error


def _store(content: IO[bytes], target: Path, source: Path) -> None:
    digest = hashlib.sha256()
    with target.open("wb") as file:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
            file.write(chunk)
    if digest.hexdigest() != target.name:
        raise NoBackupError(f"{source} is damaged (content {target.name[:12]}); use another backup.")


def _lay_out(contents: Contents, blobs: Path, folder: Path) -> None:
    for entry in contents.files:
        target, blob = folder / _safe(entry.path), blobs / entry.sha256
        if not re.fullmatch("[0-9a-f]{64}", entry.sha256) or not blob.is_file() or blob.stat().st_size != entry.size:
            raise NoBackupError(f"The backup lacks the content of {entry.path}; use another one.")
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            raise NoBackupError(f"The backup names {entry.path} twice; use another one.")
        if entry.path.startswith(f"{_SHARED}/"):
            os.link(blob, target)
        else:
            shutil.copyfile(blob, target)
        target.chmod(0o600 | entry.mode & 0o755)
    for link in contents.links:
        place, aim = _safe(link.path), _safe(link.target)
        if len(place.parts) != 1 or not (folder / aim).is_dir():
            raise NoBackupError(f"The backup links {link.path} to something outside of it; use another one.")
        (folder / place).symlink_to(aim)


def _safe(path: str) -> PurePosixPath:
    """A path that stays inside its folder."""
    found = PurePosixPath(path)
    if not found.parts or found.is_absolute() or ".." in found.parts or "\0" in path or found.parts[0].startswith("."):
        raise NoBackupError("The backup names a path outside of its folder; it was not made by Stadtlotse.")
    return found


def _foreign(source: Path, name: str) -> NoBackupError:
    return NoBackupError(f"{source} holds {name[:80]!r}, which no backup of Stadtlotse does; use another one.")


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    archive.addfile(_member(name, len(content)), io.BytesIO(content))


def _add_file(archive: tarfile.TarFile, path: str, source: Path, known: set[str]) -> FileEntry:
    """Add a file's content unless it is there; hashing before and reading again must meet the same content."""
    sha256, size = _hashed(source)
    if sha256 not in known:
        with source.open("rb") as file:
            archive.addfile(_member(f"blobs/{sha256}", size), file)
        if _hashed(source) != (sha256, size):
            raise StadtlotseError(f"{source} changed while it was read; run the command again.")
        known.add(sha256)
    return FileEntry(path=path, sha256=sha256, size=size, mode=source.stat().st_mode & 0o777)


def _hashed(path: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for chunk in _chunks(path):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, int(datetime.now(timezone.utc).timestamp())
    return member


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
