"""Who is signed in: encrypted cookies, and which of them were signed out before their time."""

import asyncio
import json
import math
import os
import secrets
import sqlite3
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from aiohttp import web
from cryptography.fernet import Fernet, InvalidToken

from bot.gateway.clients import client_scheme
from bot.gateway.state import StateFile
from knowledge.errors import StadtlotseError

SCHEMA = """
CREATE TABLE IF NOT EXISTS ended_session (id TEXT PRIMARY KEY, until REAL NOT NULL) WITHOUT ROWID;
"""
_COOKIE = "stadtlotse_session"
_SESSION = "session"
_ID, _UNTIL, _PURPOSE = "id", "until", "for"


class Sessions:
    """Sessions of signed-in staff. A cookie holds a random id and when it ends, and nothing of who it is."""

    def __init__(self, cipher: Fernet, state: StateFile) -> None:
        self._cipher = cipher
        self._state = state
        self._ended: set[str] = set()

    @classmethod
    async def open(cls, key: Path, state: StateFile) -> "Sessions":
        """Read the key, made where there is none; raises `StadtlotseError` where it is damaged.

        Who deletes its file signs everybody out.
        """
        cipher = await asyncio.to_thread(_cipher, key)
        sessions = cls(cipher, state)
        sessions._ended = await state.call(_still_ended, state.connection)
        return sessions

    def sealed(self, purpose: str, values: Mapping[str, str], seconds: float) -> str:
        """Values as a text that nobody can read or change, good for one purpose and so many seconds."""
        content = {**values, _PURPOSE: purpose, _UNTIL: time.time() + seconds}
        return self._cipher.encrypt(json.dumps(content).encode()).decode()

    def unsealed(self, purpose: str, text: str | None) -> Mapping[str, str] | None:
        """The values that were sealed for a purpose, while they are good; None of anything else."""
        try:
            content = json.loads(self._cipher.decrypt((text or "").encode()))
        except (InvalidToken, ValueError):
            return None
        return content if content[_PURPOSE] == purpose and content[_UNTIL] > time.time() else None

    def begin(self, request: web.Request, response: web.Response, seconds: float) -> None:
        """Sign the browser in that gets a response."""
        values = {_ID: secrets.token_urlsafe(16)}
        set_cookie(request, response, _COOKIE, self.sealed(_SESSION, values, seconds), seconds)

    async def end(self, request: web.Request, response: web.Response) -> None:
        """Sign the browser out that sent a request; a copy of its cookie is good for nothing any more."""
        session = self.unsealed(_SESSION, request.cookies.get(_COOKIE))
        if session is not None:
            self._ended.add(session[_ID])
            await self._state.call(_end, self._state.connection, session[_ID], session[_UNTIL])
        set_cookie(request, response, _COOKIE, "", 0)

    def is_signed_in(self, request: web.Request) -> bool:
        """Whether a request comes from a browser that is signed in."""
        return self.seconds_left(request) > 0

    def seconds_left(self, request: web.Request) -> int:
        """For how long the browser is signed in that sent a request; 0 where it is not."""
        session = self.unsealed(_SESSION, request.cookies.get(_COOKIE))
        is_good = session is not None and session[_ID] not in self._ended
        return math.ceil(float(session[_UNTIL]) - time.time()) if session is not None and is_good else 0


SESSIONS = web.AppKey[Sessions | None]("sessions")


def set_cookie(request: web.Request, response: web.Response, name: str, value: str, seconds: float) -> None:
    """Set a cookie that no script reads and no other site sends along; over TLS alone where the browser came by it."""
    is_secure = client_scheme(request) == "https"
    response.set_cookie(name, value, max_age=int(seconds), path="/", httponly=True, secure=is_secure, samesite="Lax")


def _cipher(key: Path) -> Fernet:
    key.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError), open(key, "xb", opener=_private) as file:  # Path.open takes no opener
        file.write(Fernet.generate_key())
    try:
        return Fernet(key.read_bytes().strip())
    except ValueError as error:
        raise StadtlotseError(f"{key} is damaged; delete it, and everybody signs in anew.") from error


def _still_ended(connection: sqlite3.Connection) -> set[str]:
    with connection:
        connection.execute("DELETE FROM ended_session WHERE until < ?", (time.time(),))
    return {row["id"] for row in connection.execute("SELECT id FROM ended_session")}


def _end(connection: sqlite3.Connection, session: str, until: float) -> None:
    with connection:
        connection.execute("INSERT INTO ended_session VALUES (?, ?) ON CONFLICT DO NOTHING", (session, until))


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
