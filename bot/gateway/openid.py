"""The operator's identity provider, by OpenID Connect: the authorization code flow with PKCE."""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import aiohttp
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.variables import read_settings
from knowledge.errors import StadtlotseError

logger = logging.getLogger(__name__)

# Signatures by a key that is published; one made with the client's secret could be forged by whoever knows it.
_ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
_DEFAULT_ALGORITHM = "RS256"
_LEEWAY_SECONDS = 60
_KEPT_SECONDS = 3600.0
# Unknown keys come with every forged token; asking for the set again must not be in a forger's hands.
_REFRESH_SECONDS = 60.0
_SECONDS = 10
_BYTES = 1024 * 1024
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class OpenIdSettings(BaseSettings):
    """How staff signs in at the identity provider; off without an issuer."""

    model_config = SettingsConfigDict(env_prefix="STADTLOTSE_OIDC_", extra="ignore", env_ignore_empty=True)

    issuer: str = Field("", description="The provider's address, as https://login.stadt.example/realms/stadt")
    client_id: str = Field("", description="Name under which the provider knows this installation")
    client_secret: SecretStr | None = Field(None, description="Its secret there; none for a public client")
    scope: str = Field("openid", description="What is asked of the provider; 'openid' is always among it")
    staff: str = Field(
        "", description="Claim that makes somebody staff, as groups=stadtlotse; empty: everybody who can sign in"
    )
    hours: float = Field(8.0, gt=0, le=24 * 31, description="Hours after which one has to sign in again")

    @property
    def is_on(self) -> bool:
        """Whether staff can sign in this way."""
        return bool(self.issuer)

    def problems(self) -> list[str]:
        """What is missing or mistaken, one sentence each."""
        found = []
        address = urlsplit(self.issuer)
        if not self.issuer and (self.client_id or self.client_secret or self.staff):
            found.append("Sign-in: STADTLOTSE_OIDC_ISSUER is missing; set it to the identity provider's address.")
        if self.issuer and not (address.hostname and address.scheme in ("https", "http")):
            found.append("Sign-in: STADTLOTSE_OIDC_ISSUER is no address; it begins with https://.")
        elif address.scheme == "http" and address.hostname not in _LOOPBACK:
            found.append("Sign-in: STADTLOTSE_OIDC_ISSUER must begin with https://; others could read the sign-in.")
        if self.issuer and not self.client_id:
            found.append("Sign-in: STADTLOTSE_OIDC_CLIENT_ID is missing; set it to the client's id at the provider.")
        if self.staff and not all(self.staff.partition("=")):
            found.append("Sign-in: STADTLOTSE_OIDC_STAFF must name a claim and its value, as groups=stadtlotse.")
        return found


class SignInError(Exception):
    """A sign-in that is not accepted; the message says why and holds nothing of it."""


class NotStaffError(SignInError):
    """Somebody signed in who is not staff."""


class ProviderUnavailableError(SignInError):
    """The provider cannot be reached or does not answer as it should."""


@dataclass(frozen=True)
class Attempt:
    """What ties an answer of the provider to the browser that began to sign in."""

    state: str
    nonce: str
    verifier: str


class Provider:
    """The identity provider; use it inside one event loop and close it at the end."""

    def __init__(self, settings: OpenIdSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None
        self._metadata: Mapping[str, Any] = {}
        self._read_at: float | None = None
        self._keys: KeySet | None = None
        self._keys_at: float | None = None

    @classmethod
    def from_environment(cls) -> "Provider | None":
        """The provider that the environment configures, if it does; raises `StadtlotseError` on a mistake."""
        settings = read_settings(OpenIdSettings)
        for problem in settings.problems():
            raise StadtlotseError(problem)
        return cls(settings) if settings.is_on else None

    @property
    def session_seconds(self) -> float:
        """For how long somebody stays signed in."""
        return self._settings.hours * 3600

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()

    async def address(self, attempt: Attempt, redirect_uri: str) -> str:
        """Where the browser is sent to sign in; raises `ProviderUnavailableError`."""
        metadata = await self._discovered()
        scope = " ".join(dict.fromkeys(["openid", *self._settings.scope.split()]))
        return _with(
            metadata["authorization_endpoint"],
            response_type="code",
            client_id=self._settings.client_id,
            redirect_uri=redirect_uri,
            scope=scope,
            state=attempt.state,
            nonce=attempt.nonce,
            code_challenge=create_s256_code_challenge(attempt.verifier),
            code_challenge_method="S256",
        )

    async def end_address(self, back: str) -> str | None:
        """Where the browser is sent to sign out at the provider too, and from there `back`; None where it cannot."""
        try:
            endpoint = (await self._discovered()).get("end_session_endpoint")
        except ProviderUnavailableError:
            return None
        if not _is_address(endpoint):
            return None
        return _with(str(endpoint), client_id=self._settings.client_id, post_logout_redirect_uri=back)

    async def check(self, code: str, attempt: Attempt, redirect_uri: str) -> None:
        """Redeem a code and check who signed in; raises `SignInError` where it is not staff or cannot be believed."""
        metadata = await self._discovered()
        token = await self._redeemed(metadata, code, attempt, redirect_uri)
        claims = await self._claims(metadata, token, attempt)
        if not self._is_staff(claims):
            raise NotStaffError("the claim that makes somebody staff is missing")

    async def probe(self) -> str:
        """Read the provider's description and keys; raises `StadtlotseError`."""
        try:
            metadata = await self._discovered()
            await self._key_set(metadata)
        except SignInError as error:
            raise StadtlotseError(f"Sign-in: {error}; check STADTLOTSE_OIDC_ISSUER and the network.") from error
        finally:
            await self.close()
        return f"{self._settings.issuer} answers."

    async def _discovered(self) -> Mapping[str, Any]:
        if self._read_at is None or self._clock() - self._read_at > _KEPT_SECONDS:
            found = await self._json("GET", f"{self._settings.issuer.rstrip('/')}/.well-known/openid-configuration")
            if found.get("issuer") != self._settings.issuer:
                raise ProviderUnavailableError("the provider's description names another issuer")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                if not _is_address(found.get(name)):
                    raise ProviderUnavailableError(f"the provider's description lacks {name}")
            self._metadata, self._read_at = found, self._clock()
        return self._metadata

    async def _redeemed(self, metadata: Mapping[str, Any], code: str, attempt: Attempt, redirect_uri: str) -> str:
        """The ID token for a code."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": attempt.verifier,
            "client_id": self._settings.client_id,
        }
        secret = self._settings.client_secret.get_secret_value() if self._settings.client_secret else ""
        methods = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        headers = {}
        if secret and "client_secret_basic" in methods:
            login, password = (quote(one, safe="") for one in (self._settings.client_id, secret))
            headers["Authorization"] = aiohttp.encode_basic_auth(login, password)
        elif secret:
            form["client_secret"] = secret
        answer = await self._json("POST", metadata["token_endpoint"], data=form, headers=headers)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise SignInError("the provider gave no ID token")
        return token

    async def _claims(self, metadata: Mapping[str, Any], token: str, attempt: Attempt) -> Mapping[str, Any]:
        """What an ID token says, once signature, issuer, audience, nonce and times are found right."""
        offered = metadata.get("id_token_signing_alg_values_supported") or [_DEFAULT_ALGORITHM]
        registry = JWSRegistry(algorithms=sorted(_ALGORITHMS.intersection(offered)), strict_check_header=False)
        options = {
            "iss": {"essential": True, "value": self._settings.issuer},
            "aud": {"essential": True, "value": self._settings.client_id},
        }
        try:
            try:
                decoded = jwt.decode(token, await self._key_set(metadata), registry=registry)
            except InvalidKeyIdError:
                decoded = jwt.decode(token, await self._key_set(metadata, is_unknown=True), registry=registry)
            params = {"nonce": attempt.nonce, "client_id": self._settings.client_id}
            claims = CodeIDToken(decoded.claims, decoded.header, options, params)
            claims.validate(leeway=_LEEWAY_SECONDS)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise SignInError(f"the ID token is not accepted ({type(error).__name__})") from error
        return dict(claims)

    async def _key_set(self, metadata: Mapping[str, Any], *, is_unknown: bool = False) -> KeySet:
        """The published keys; read again once they are old, or where a token names one that is not among them."""
        age = None if self._keys_at is None else self._clock() - self._keys_at
        if self._keys is None or age is None or age > (_REFRESH_SECONDS if is_unknown else _KEPT_SECONDS):
            found = await self._json("GET", metadata["jwks_uri"])
            try:
                usable = [key for key in found["keys"] if key.get("kty") in ("RSA", "EC", "OKP")]
                self._keys = KeySet.import_key_set({"keys": usable})
            except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
                raise ProviderUnavailableError("the provider's keys cannot be read") from error
            self._keys_at = self._clock()
        return self._keys

    async def _json(self, method: str, url: str, **more: Any) -> Mapping[str, Any]:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_SECONDS), trust_env=True)
        try:
            async with self._session.request(method, url, allow_redirects=False, **more) as response:
                body = json.loads(await response.content.read(_BYTES))
                status = response.status
        except (aiohttp.ClientError, OSError, asyncio.TimeoutError, ValueError) as error:
            raise ProviderUnavailableError(
                f"the identity provider cannot be reached ({type(error).__name__})"
            ) from error
        if not isinstance(body, dict):
            raise ProviderUnavailableError("the identity provider does not answer as it should")
        if status != 200:
            kind = ProviderUnavailableError if status >= 500 or method == "GET" else SignInError
            raise kind(f"the identity provider refused with status {status}")
        return body

    def _is_staff(self, claims: Mapping[str, Any]) -> bool:
        """Whether the claims hold what makes somebody staff; 'realm_access.roles' leads into a claim."""
        name, _, value = self._settings.staff.partition("=")
        found: Any = claims
        for part in name.split(".") if name else ():
            found = found.get(part) if isinstance(found, Mapping) else None
        return not name or value in (found if isinstance(found, list) else [found])


def _is_address(value: object) -> bool:
    address = urlsplit(value) if isinstance(value, str) else None
    if address is None or not address.hostname:
        return False
    return address.scheme == "https" or (address.scheme == "http" and address.hostname in _LOOPBACK)


def _with(address: str, **parameters: str) -> str:
    return str(add_params_to_uri(address, list(parameters.items())))
