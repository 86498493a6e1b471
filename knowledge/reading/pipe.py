"""Messages between the process that asks for files to be read and the one that reads them."""

import json
import struct
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal

from pydantic import TypeAdapter

from knowledge.reading.blocks import ReadFile

_LENGTH = struct.Struct(">I")


@dataclass(frozen=True)
class ReadResult:
    """What became of one file: its text, or the reason why it has none.

    `needs_ocr` says that text recognition, which is missing, would bring its text; where `file` is there nevertheless,
    it would bring more, of the pages in `pictures`.
    """

    name: str
    sha256: str
    file: ReadFile | None = None
    reason: str | None = None
    needs_ocr: bool = False
    pictures: tuple[int, ...] = ()


@dataclass(frozen=True)
class Message:
    """What the reading process tells: that it is ready, begins a file, knows its hash, needs time, is through."""

    # Files in an archive are numbered in their order, the archive itself before them.

    kind: Literal["ready", "begin", "hashed", "allow", "result", "end"]
    number: int = 0
    name: str = ""
    sha256: str = ""
    seconds: float = 0.0
    result: ReadResult | None = None


_MESSAGE = TypeAdapter(Message)


def packed(content: bytes) -> bytes:
    """A message's bytes as they travel: their length before them."""
    return _LENGTH.pack(len(content)) + content


def send(stream: BinaryIO, message: Message) -> None:
    """Write one message of the reading process."""
    stream.write(packed(_MESSAGE.dump_json(message)))
    stream.flush()


def unpacked(buffer: bytearray) -> Message | None:
    """Take the first whole message off a buffer; raises `ValueError` for what is none."""
    if len(buffer) < _LENGTH.size:
        return None
    end = _LENGTH.size + _LENGTH.unpack_from(buffer)[0]
    if len(buffer) < end:
        return None
    message = _MESSAGE.validate_json(bytes(buffer[_LENGTH.size : end]))
    del buffer[:end]
    return message


def request(values: dict[str, Any]) -> bytes:
    """An order to the reading process; names may hold bytes that are not UTF-8."""
    return packed(json.dumps(values).encode("ascii"))


def receive(stream: BinaryIO) -> dict[str, Any] | None:
    """The next order, or nothing when the other side is gone."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    content = stream.read(_LENGTH.unpack(head)[0])
    values: dict[str, Any] = json.loads(content)
    return values
