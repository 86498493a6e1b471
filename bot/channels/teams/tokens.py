"""Tokens of incoming requests, checked as Microsoft asks for
(https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication)."""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import jwt

from knowledge.errors import StadtlotseError

logger = logging.getLogger(__name__)

_ALGORITHM = "RS256"
_LEEWAY_SECONDS = 60
_KEPT_SECONDS = 24 * 3600.0
# Unknown keys come with every forged token; asking for the set again must not be in a forger's hands.
_REFRESH_SECONDS = 60.0
_FETCH_SECONDS = 5
_SET_BYTES = 1024 * 1024


class TokenError(Exception):
    """A token that is not accepted; the message says why and holds nothing of it."""


@dataclass(frozen=True)
class SigningKey:
    """A published key, and the channels that it may speak for, where it says so."""

    key: jwt.PyJWK
    endorsements: tuple[str, ...]


class KeySet:
    """The published keys; read when first needed, once a day, and when a token names a key that is not known."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None
        self._keys: dict[str, SigningKey] = {}
        self._loaded: float | None = None
        self._tried: float | None = None
        self._lock = asyncio.Lock()

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()

    async def find(self, name: str) -> SigningKey | None:
        """The key of that name, if it is published."""
        is_old = self._loaded is None or self._clock() - self._loaded > _KEPT_SECONDS
        if name not in self._keys or is_old:
            await self._refresh(name, is_old)
        return self._keys.get(name)

    async def load(self) -> None:
        """Read the set; raises `StadtlotseError`."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_FETCH_SECONDS), trust_env=True)
        try:
            async with self._session.get(self._url) as response:
                response.raise_for_status()
                raw = await response.content.read(_SET_BYTES)
            keys = json.loads(raw)["keys"]
            self._keys = {item["kid"]: _signing_key(item) for item in keys if item.get("kty") == "RSA"}
        except (aiohttp.ClientError, OSError, asyncio.TimeoutError, ValueError, KeyError, TypeError) as error:
            raise StadtlotseError(
                f"Teams: the keys at {self._url} cannot be read ({type(error).__name__}); check the network."
            ) from error
        self._loaded = self._clock()

    async def _refresh(self, name: str, is_old: bool) -> None:
        async with self._lock:
            if name in self._keys and not is_old:
                return  # somebody else asked meanwhile
            if self._tried is not None and self._clock() - self._tried < _REFRESH_SECONDS:
                return
            self._tried = self._clock()
            try:
                await self.load()
            except StadtlotseError as error:
                logger.error("%s", error)


class TokenCheck:
    """Accepts a token that the issuer made for this app and nobody else."""

    def __init__(self, keys: KeySet, *, app_id: str, issuer: str) -> None:
        self._keys = keys
        self._app_id = app_id
        self._issuer = issuer

    async def claims(self, header: str | None) -> "Claims":
        """What the token of an Authorization header says; raises `TokenError`."""
        kind, _, token = (header or "").partition(" ")
        if kind.lower() != "bearer" or not token.strip():
            raise TokenError("there is no bearer token")
        try:
            name = jwt.get_unverified_header(token).get("kid")
        except jwt.InvalidTokenError as error:
            raise TokenError("it is no token") from error
        key = await self._keys.find(name) if isinstance(name, str) else None
        if key is None:
            raise TokenError("its key is not published")
        try:
            values = jwt.decode(
                token,
                key.key,
                algorithms=[_ALGORITHM],
                audience=self._app_id,
                issuer=self._issuer,
                leeway=_LEEWAY_SECONDS,
                options={"require": ["exp", "iss", "aud"]},
            )
        except jwt.InvalidTokenError as error:
            raise TokenError(type(error).__name__) from error
        return Claims(values, key.endorsements)


@dataclass(frozen=True)
class Claims:
    """What an accepted token says."""

    values: Mapping[str, Any]
    endorsements: tuple[str, ...] = ()

    @property
    def service_url(self) -> str | None:
        """The address that answers may go to."""
        value = self.values.get("serviceurl", self.values.get("serviceUrl"))
        return value if isinstance(value, str) else None


def _signing_key(item: Mapping[str, Any]) -> SigningKey:
    return SigningKey(jwt.PyJWK(dict(item), _ALGORITHM), tuple(item.get("endorsements") or ()))
