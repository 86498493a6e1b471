"""Names for people and places that cannot be traced back without this installation's key."""

import base64
import hmac
import os
import secrets
from pathlib import Path

_KEY_BYTES = 32
_NAME_LENGTH = 32


class Pseudonyms:
    """Keyed hashes of a platform's ids; another key gives other names, so that nothing links to what was before."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def open(cls, path: Path) -> "Pseudonyms":
        """Read the key, making one where there is none; who deletes the file begins all conversations anew."""
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open(path, "xb", opener=_private) as file:  # Path.open takes no opener
                file.write(secrets.token_hex(_KEY_BYTES).encode())
        except FileExistsError:
            pass
        return cls(path.read_bytes())

    def name(self, channel: str, *parts: str) -> str:
        """The name of what these ids name together on a channel: `<channel>.<32 characters>`."""
        # Lengths before the parts: ("a", "bc") and ("ab", "c") must not meet.
        joined = "".join(f"{len(part)}:{part}" for part in (channel, *parts)).encode()
        digest = hmac.digest(self._key, joined, "sha256")
        return f"{channel}.{base64.urlsafe_b64encode(digest).decode()[:_NAME_LENGTH]}"


def is_pseudonym(conversation_id: str) -> bool:
    """Whether a conversation's id is of a platform rather than of the web page."""
    return "." in conversation_id


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def channel_of(conversation_id: str) -> str:
    """The channel of a conversation, by its id: 'web', or the platform's name."""
    return conversation_id.partition(".")[0] if is_pseudonym(conversation_id) else "web"
