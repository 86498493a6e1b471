"""The XML parts inside the zip archives that office programs write."""

import posixpath
import zipfile
from collections.abc import Iterator
from io import BytesIO
from xml.etree import ElementTree

Element = ElementTree.Element

# Of one part, unpacked: a longer one is no text that people wrote.
_MAX_PART = 64 * 1024 * 1024


class Malformed(ValueError):
    """An archive or one of its parts is not what its name says."""


class Package:
    """An opened archive; raises `Malformed` where it, or a part that is asked for, cannot be read."""

    def __init__(self, data: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(BytesIO(data))
        except zipfile.BadZipFile as error:
            raise Malformed(str(error)) from error

    def part(self, name: str) -> Element | None:
        """The root element of a part, or None where the archive has no such part."""
        try:
            info = self._archive.getinfo(name)
        except KeyError:
            return None
        if info.file_size > _MAX_PART:
            raise Malformed(f"{name} is too large")
        try:
            return ElementTree.fromstring(self._archive.read(info))  # noqa: S314  # expat bounds what entities expand to
        except (ElementTree.ParseError, zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
            raise Malformed(f"{name}: {error}") from error

    def required(self, name: str) -> Element:
        """The root element of a part without which there is no document."""
        root = self.part(name)
        if root is None:
            raise Malformed(f"{name} is missing")
        return root

    def targets(self, name: str) -> dict[str, tuple[str, str]]:
        """The relationships of a part of an Office Open XML package: id → (last word of its type, name of the part)."""
        folder, file = posixpath.split(name)
        root = self.part(posixpath.join(folder, "_rels", f"{file}.rels"))
        found: dict[str, tuple[str, str]] = {}
        for link in root if root is not None else ():
            target = link.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[link.get("Id", "")] = (link.get("Type", "").rpartition("/")[2], path)
        return found


def local(element: Element) -> str:
    """An element's name without its namespace; formats come in several versions of theirs."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: Element | None, name: str) -> str | None:
    """The attribute of this name in any namespace."""
    if element is None:
        return None
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None)


def child(element: Element | None, *names: str) -> Element | None:
    """The first element down a path of names, each a child of the one before."""
    for name in names:
        element = next((one for one in (element if element is not None else ()) if local(one) == name), None)
    return element


def children(element: Element | None, name: str) -> Iterator[Element]:
    """The children of this name."""
    return (one for one in (element if element is not None else ()) if local(one) == name)
