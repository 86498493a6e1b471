"""An OpenID provider on loopback: real discovery, codes bound to PKCE and client, tokens signed with real keys."""

import base64
import hashlib
import secrets
import time
from typing import Any
from urllib.parse import unquote, urlencode

from aiohttp import web
from aiohttp.test_utils import TestServer
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "stadtlotse"
SECRET = "a secret: with signs+%"


class OpenIdProvider:
    """Lets in whoever comes; what it says of them, and with which key it signs, is up to the test."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "1"})
        self.signs_with = self.key
        self.published = [self.key]
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.metadata: dict[str, Any] = {}
        self.requests: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}
        app = web.Application()
        app.router.add_get("/realms/stadt/.well-known/openid-configuration", self._describe)
        app.router.add_get("/realms/stadt/auth", self._authorize)
        app.router.add_post("/realms/stadt/token", self._token)
        app.router.add_get("/realms/stadt/certs", self._certs)
        app.router.add_get("/realms/stadt/logout", self._end)
        self.server = TestServer(app)

    @property
    def issuer(self) -> str:
        """Its name."""
        return str(self.server.make_url("/realms/stadt"))

    async def _describe(self, request: web.Request) -> web.Response:
        self.requests.append(request.path)
        described = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/certs",
            "end_session_endpoint": f"{self.issuer}/logout",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }
        return web.json_response({**described, **self.metadata})

    async def _authorize(self, request: web.Request) -> web.Response:
        asked = dict(request.query)
        is_whole = asked["response_type"] == "code" and "openid" in asked["scope"].split() and asked["nonce"]
        if asked["client_id"] != CLIENT or asked["code_challenge_method"] != "S256" or not is_whole:
            return web.Response(status=400)
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        back = f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"
        return web.Response(status=302, headers={"Location": back})

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        kind, _, given = request.headers["Authorization"].partition(" ")
        login, _, password = base64.b64decode(given).decode().partition(":")
        asked = self._codes.pop(str(form["code"]), None)
        digest = hashlib.sha256(str(form["code_verifier"]).encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        is_right = (
            asked is not None
            and (kind, unquote(login), unquote(password)) == ("Basic", CLIENT, SECRET)
            and form["grant_type"] == "authorization_code"
            and (form["redirect_uri"], challenge) == (asked["redirect_uri"], asked["code_challenge"])
        )
        if asked is None or not is_right:
            return web.json_response({"error": "invalid_grant"}, status=400)
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": "4711", "aud": CLIENT, "iat": now, "exp": now + 60}
        claims |= {"nonce": asked["nonce"], "groups": ["stadtlotse", "amt"], **self.claims}
        header = {"alg": "RS256", "kid": self.signs_with.kid, **self.header}
        kept = {name: value for name, value in claims.items() if value is not None}
        token = jwt.encode(header, kept, self.signs_with)
        return web.json_response({"access_token": "opaque", "token_type": "Bearer", "id_token": token})

    async def _end(self, request: web.Request) -> web.Response:
        self.requests.append(request.path)
        return web.Response(status=302, headers={"Location": request.query["post_logout_redirect_uri"]})

    async def _certs(self, request: web.Request) -> web.Response:
        self.requests.append(request.path)
        return web.json_response({"keys": [key.as_dict(private=False) for key in self.published]})
