"""A mail, taken apart into its text and what is attached to it."""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage, Message
from email.policy import default
from pathlib import PurePosixPath

from knowledge.reading.kinds import DAMAGED, decoded
from knowledge.reading.opening import TOO_DEEP, Unreadable

_PLAIN, _HTML, _FORWARDED = "text/plain", "text/html", "message/rfc822"
# Pictures that a mail's text shows, by their Content-ID (RFC 2392).
_SHOWN = re.compile(r"""cid:([^"'<>\s)]+)""")
_KEPT = ("From", "To", "Cc", "Subject", "Date")


@dataclass(frozen=True)
class Mail:
    """A mail taken apart."""

    text: bytes
    """The mail with its own text alone."""
    attachments: list[tuple[str, bytes]]
    """Names and bytes; forwarded mails are among them, pictures set into the text are not."""


def parted(data: bytes) -> Mail:
    """Take a mail apart; raises `Unreadable` where it is nested beyond all sense or broken."""
    try:
        message = email.message_from_bytes(data, policy=default)
        parts = list(_leaves(message))
        return Mail(_alone(message, parts), list(_attachments(parts)))
    except RecursionError as error:
        raise Unreadable(TOO_DEEP) from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        # The parser of Python's library takes anything, but not all of it apart.
        raise Unreadable(DAMAGED) from error


def _alone(message: Message, parts: list[EmailMessage]) -> bytes:
    """A mail of the same sender and subject with the text of the first plain part that has any, or else of HTML."""
    alone = EmailMessage()
    for name in _KEPT:
        if message[name] is not None:
            alone[name] = " ".join(str(message[name]).split())
    for kind in (_PLAIN, _HTML):
        for part in parts:
            if part.get_content_type() == kind and not _is_named(part) and (text := _words(part).strip()):
                alone.set_content(text, subtype=kind.rpartition("/")[2])
                return alone.as_bytes()
    return alone.as_bytes()


def _words(part: EmailMessage) -> str:
    content = _content(part)
    try:
        return content.decode(part.get_content_charset() or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return decoded(content)


def _attachments(parts: list[EmailMessage]) -> Iterator[tuple[str, bytes]]:
    shown = {cid for part in parts if part.get_content_type() == _HTML for cid in _SHOWN.findall(_words(part))}
    taken: set[str] = set()
    for number, part in enumerate(parts, start=1):
        if _is_named(part) and str(part["Content-ID"] or "").strip(" <>") not in shown:
            yield _unused(_name(part, number), taken), _content(part)


def _leaves(message: Message) -> Iterator[EmailMessage]:
    if message.is_multipart() and message.get_content_type() != _FORWARDED:
        for part in message.get_payload():
            if isinstance(part, Message):
                yield from _leaves(part)
    elif isinstance(message, EmailMessage):
        yield message


def _is_named(part: EmailMessage) -> bool:
    """Whether a part is meant to be kept as a file, and is not the mail's own text."""
    is_file = part.get_content_disposition() == "attachment" or part.get_filename() is not None
    return is_file or part.get_content_type() == _FORWARDED


def _name(part: EmailMessage, number: int) -> str:
    """The last piece of the name that the mail gives, which may pretend to be a path."""
    named = PurePosixPath((part.get_filename() or "").replace("\\", "/")).name
    if part.get_content_type() == _FORWARDED:
        return named or f"{number}.eml"
    return named or str(number)


def _unused(name: str, taken: set[str]) -> str:
    path, number = PurePosixPath(name), 1
    while name in taken:
        number += 1
        name = f"{path.stem}-{number}{path.suffix}"
    taken.add(name)
    return name


def _content(part: EmailMessage) -> bytes:
    if part.get_content_type() == _FORWARDED:
        forwarded = part.get_payload(0) if part.is_multipart() else part.get_payload()
        return forwarded.as_bytes() if isinstance(forwarded, Message) else str(forwarded).encode()
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
