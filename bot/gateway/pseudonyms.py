"""Names for people and places that cannot be traced back without this installation's keys, which change in time."""

import base64
import hmac
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

_KEY_BYTES = 32
_NAME_LENGTH = 32


@dataclass(frozen=True)
class _Key:
    """A secret, and since when names are made with it."""

    secret: bytes
    since: datetime

    @classmethod
    def new(cls) -> "_Key":
        return cls(secrets.token_hex(_KEY_BYTES).encode(), datetime.now(timezone.utc))

    @property
    def line(self) -> bytes:
        return self.secret + b" " + self.since.isoformat(timespec="seconds").encode() + b"\n"


class Pseudonyms:
    """Keyed hashes of a platform's ids; another key gives other names, so that nothing links to what was before.

    New names are made with the newest key. Former ones are kept as long as anything may be stored under their names,
    so that it can still be found, told and forgotten.
    """

    def __init__(self, keys: Sequence[_Key], path: Path) -> None:
        self._keys = list(keys)
        self._path = path

    @classmethod
    def open(cls, path: Path) -> "Pseudonyms":
        """Read the keys, making one where there is none; who deletes the file begins all conversations anew."""
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open(path, "xb", opener=_private) as file:  # Path.open takes no opener
                file.write(_Key.new().line)
        except FileExistsError:
            pass
        made = datetime.fromtimestamp(path.stat().st_mtime, timezone.utc)
        return cls([_key(line, made) for line in path.read_bytes().splitlines() if line.strip()], path)

    def name(self, channel: str, *parts: str) -> str:
        """The name of what these ids name together on a channel: `<channel>.<32 characters>`."""
        return _name(self._keys[0].secret, channel, *parts)

    def names(self, channel: str, *parts: str) -> list[str]:
        """That name, and after it those it had under former keys."""
        return [_name(key.secret, channel, *parts) for key in self._keys]

    def person(self, channel: str, person: str) -> str:
        """The name of a person on a channel, wherever that person writes."""
        return self.name(channel, "person", person)

    def people(self, channel: str, person: str) -> list[str]:
        """All names of a person on a channel, the present one first."""
        return self.names(channel, "person", person)

    def rotate(self, days: int, kept_days: int) -> bool:
        """Begin a new key where the newest is `days` old, and destroy those not used for `kept_days`; whether any was.

        Raises `OSError` where the file cannot be written; the keys stay as they were then.
        """
        present = datetime.now(timezone.utc)
        keys = self._keys
        if present - keys[0].since >= timedelta(days=days):
            keys = [_Key.new(), *keys]
        # A key was last used when the one after it began.
        ended = [present, *(key.since for key in keys[:-1])]
        keys = [key for key, end in zip(keys, ended, strict=True) if present - end <= timedelta(days=kept_days)]
        if keys == self._keys:
            return False
        draft = self._path.with_name(f".{self._path.name}-{os.getpid()}")
        with open(draft, "wb", opener=_private) as file:
            file.write(b"".join(key.line for key in keys))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)
        self._keys = keys
        return True


def is_pseudonym(conversation_id: str) -> bool:
    """Whether a conversation's id is of a platform rather than of the web page."""
    return "." in conversation_id


def channel_of(conversation_id: str) -> str:
    """The channel of a conversation, by its id: 'web', or the platform's name."""
    return conversation_id.partition(".")[0] if is_pseudonym(conversation_id) else "web"


def _key(line: bytes, made: datetime) -> _Key:
    secret, _, since = line.strip().partition(b" ")
    return _Key(secret, datetime.fromisoformat(since.decode()) if since else made)


def _name(secret: bytes, channel: str, *parts: str) -> str:
    # Lengths before the parts: ("a", "bc") and ("ab", "c") must not meet.
    joined = "".join(f"{len(part)}:{part}" for part in (channel, *parts)).encode()
    digest = hmac.digest(secret, joined, "sha256")
    return f"{channel}.{base64.urlsafe_b64encode(digest).decode()[:_NAME_LENGTH]}"


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
