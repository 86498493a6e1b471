"""Files that somebody made to do harm, or that came to harm themselves."""

import re
import struct
import zipfile
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path

_ENTITIES = (
    '<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/hostname"><!ENTITY a0 "haha">'
    + "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 10))
    + "]>"
)


def zipped(members: Iterable[tuple[str | zipfile.ZipInfo, str | bytes]]) -> bytes:
    """An archive of (name, content) pairs."""
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members:
            file.writestr(name, content)
    return archive.getvalue()


def nested(content: bytes, depth: int) -> bytes:
    """An archive in an archive, `depth` of them, with a text at the bottom."""
    archive = zipped([("text.txt", content)])
    for level in range(1, depth):
        archive = zipped([(f"{level}.zip", archive)])
    return archive


def overlapping(content: bytes, times: int) -> bytes:
    """An archive whose files are all the same packed bytes."""
    archive = zipped([("text.txt", content)])
    start, end = archive.index(b"PK\x01\x02"), archive.index(b"PK\x05\x06")
    entries = archive[start:end] * times
    return (
        archive[:start] + entries + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, times, times, len(entries), start, 0)
    )


def altered(path: Path, part: str, change: Callable[[str], str]) -> Path:
    """An office file with one of its parts changed."""
    with zipfile.ZipFile(path) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    path.write_bytes(
        zipped([(name, change(content.decode()) if name == part else content) for name, content in members])
    )
    return path


def with_entities(xml: str, words: str) -> str:
    """XML in which certain words become a file of the machine and ten thousand million laughs."""
    return _ENTITIES + re.sub(r"^\s*<\?xml.*?\?>", "", xml).replace(words, "&file;&a9;")


def deep_mail(depth: int) -> bytes:
    """A mail whose parts lie in each other."""
    parts = "".join(f"Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n" for level in range(depth))
    return f"From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n{parts}\r\nEnde".encode()
