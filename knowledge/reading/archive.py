"""The files in a ZIP archive, which never touch the disk."""

import contextlib
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import BinaryIO

from knowledge.reading.kinds import ARCHIVE_ERRORS, DAMAGED, PROTECTED
from knowledge.reading.limits import MEGABYTE, Limits
from knowledge.reading.opening import Unreadable

_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
_UNIX = 3
_HEAD_BYTES = 16384


class Exhausted(Unreadable):
    """An archive that holds more than all its files together may."""


@dataclass
class Budget:
    """What the files of an archive, and of the archives in it, have taken so far."""

    members: int = 0
    unpacked: int = 0

    def spend(self, size: int, limits: Limits) -> None:
        """Count one more file; raises `Exhausted` where that is too much."""
        self.members += 1
        self.unpacked += size
        if self.members > limits.members:
            raise Exhausted(f"it holds more than {limits.members} files; the rest was left out")
        if self.unpacked > limits.unpacked_bytes:
            raise Exhausted(f"it unpacks to more than {limits.unpacked_bytes // MEGABYTE} MB; the rest was left out")


@dataclass(frozen=True)
class Member:
    """One file of an archive, under the name that the archive gives it."""

    name: str
    archive: zipfile.ZipFile
    info: zipfile.ZipInfo

    def read(self, limits: Limits) -> bytes:
        """Its bytes; raises `Unreadable` for what is locked, broken, too large or pretends to be elsewhere."""
        if reason := self._objection(limits):
            raise Unreadable(reason)
        try:
            with self.archive.open(self.info) as stream:
                return stream.read(limits.file_bytes)
        except NotImplementedError as error:
            raise Unreadable("it is packed in a way that is not known here") from error
        except ARCHIVE_ERRORS as error:
            raise Unreadable(DAMAGED) from error

    def _objection(self, limits: Limits) -> str | None:
        if _leads_out(self.name):
            return "its name leads out of the archive"
        if self.info.create_system == _UNIX and stat.S_ISLNK(self.info.external_attr >> 16):
            return "it is a link, and links are not followed"
        if self.info.flag_bits & _ENCRYPTED:
            return PROTECTED
        if self.info.file_size > limits.file_bytes:
            return f"it is larger than {limits.file_bytes // MEGABYTE} MB"
        return _bomb(self.info, limits)


def members(stream: BinaryIO, budget: Budget, limits: Limits) -> Iterator[Member]:
    """The files of an archive in its order, hidden ones left out; raises `Unreadable` for no proper archive."""
    try:
        with zipfile.ZipFile(stream) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            _refuse_overlaps(infos)
            for info in infos:
                name = _name(info)
                if not _is_hidden(name):
                    budget.spend(info.file_size, limits)
                    yield Member(name, archive, info)
    except ARCHIVE_ERRORS as error:
        raise Unreadable("the archive is damaged") from error


def refuse_attack(data: bytes, limits: Limits) -> None:
    """Raise `Unreadable` for an office file, a ZIP archive itself, that holds what no office program writes."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            infos = archive.infolist()
            _refuse_overlaps(infos)
            if reason := next((reason for info in infos if (reason := _bomb(info, limits))), None):
                raise Unreadable(reason)
            if sum(info.file_size for info in infos) > limits.office_bytes:
                raise Unreadable(f"it unpacks to more than {limits.office_bytes // MEGABYTE} MB")
            for info in infos:
                if info.filename.endswith((".xml", ".rels")) and b"<!ENTITY" in _head(archive, info):
                    raise Unreadable("it defines XML entities, as attacks on readers do")
    except ARCHIVE_ERRORS as error:
        raise Unreadable(DAMAGED) from error


def _head(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with archive.open(info) as part:
        return part.read(_HEAD_BYTES)


def _bomb(info: zipfile.ZipInfo, limits: Limits) -> str | None:
    if info.file_size > MEGABYTE and info.file_size > limits.ratio * max(1, info.compress_size):
        return f"it unpacks to more than {limits.ratio} times its size, as zip bombs do"
    return None


def _name(info: zipfile.ZipInfo) -> str:
    """The name as its packer meant it: some write UTF-8 without saying so, some use Windows' separator."""
    name = info.orig_filename
    if not info.flag_bits & _UTF8_NAME:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def _leads_out(name: str) -> bool:
    path = PurePosixPath(name)
    drive = len(name) > 1 and name[1] == ":" and name[0].isalpha()
    return path.is_absolute() or ".." in path.parts or drive or "\x00" in name


def _is_hidden(name: str) -> bool:
    return any(part.startswith(("~$", "__MACOSX")) or _is_dotted(part) for part in PurePosixPath(name).parts)


def _is_dotted(part: str) -> bool:
    return part.startswith(".") and part not in {".", ".."}


def _refuse_overlaps(infos: list[zipfile.ZipInfo]) -> None:
    """Files that share packed bytes are a bomb's way to unpack without end (Fifield, A better zip bomb, 2019)."""
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise Unreadable("files overlap in it, as in zip bombs")
        end = info.header_offset + info.compress_size
