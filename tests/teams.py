"""Microsoft's side of Teams on loopback: signed activities, the published keys, the token service, the connector."""

import asyncio
import datetime
import ipaddress
import json
import ssl
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import jwt
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.serialization import pkcs12

APP = "11111111-2222-3333-4444-555555555555"
TENANT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
ISSUER = "https://api.botframework.com"
MESSAGES = "/api/messages"


@dataclass(frozen=True)
class Key:
    """A key pair with its name."""

    name: str
    private: RSAPrivateKey

    @property
    def published(self) -> dict[str, Any]:
        """The public half as a key set lists it."""
        item = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.private.public_key()))
        return {**item, "kid": self.name, "use": "sig", "endorsements": ["msteams"]}


def new_key(name: str) -> Key:
    """A key pair made here."""
    return Key(name, generate_private_key(65537, 2048))


class TeamsServer:
    """The key set, the connector and, by TLS, the token service; remembers what was sent."""

    def __init__(self, folder: Path) -> None:
        self.keys: list[dict[str, Any]] = []
        self.key_requests = 0
        self.token_requests = 0
        self.token_forms: list[dict[str, Any]] = []
        self.token_seconds = 3600
        self.authorizations: list[str | None] = []
        self.sent: list[dict[str, Any]] = []
        self.updated: list[tuple[str, dict[str, Any]]] = []
        self.deleted: list[str] = []
        self.refuse: Callable[[dict[str, Any]], web.Response | None] = lambda _activity: None
        self._numbers = count(1)
        app = web.Application()
        app.router.add_get("/keys", self._keys)
        app.router.add_post("/amer/v3/conversations/{conversation}/activities", self._send)
        app.router.add_post("/amer/v3/conversations/{conversation}/activities/{activity}", self._send)
        app.router.add_put("/amer/v3/conversations/{conversation}/activities/{activity}", self._update)
        app.router.add_delete("/amer/v3/conversations/{conversation}/activities/{activity}", self._delete)
        self.server = TestServer(app)
        login = web.Application(middlewares=[_closing])
        login.router.add_get("/adfs/.well-known/openid-configuration", self._discovery)
        login.router.add_post("/adfs/token", self._token)
        self.login = TestServer(login, scheme="https")
        self.certificate = folder / "login.pem"
        self._context = _tls(self.certificate)

    async def start(self) -> None:
        """Begin to listen."""
        await self.server.start_server()
        await self.login.start_server(ssl=self._context)

    async def close(self) -> None:
        """Stop to listen."""
        await self.server.close()
        await self.login.close()

    @property
    def service_url(self) -> str:
        """The address of the connector."""
        return str(self.server.make_url("/amer/"))

    @property
    def variables(self) -> dict[str, str]:
        """The variables of an app that is registered here."""
        return {
            "STADTLOTSE_TEAMS_APP_ID": APP,
            "STADTLOTSE_TEAMS_TENANT_ID": TENANT,
            "STADTLOTSE_TEAMS_CLIENT_SECRET": "a secret",
            "STADTLOTSE_TEAMS_HOSTS": f"127.0.0.1:{self.server.port}",
            "STADTLOTSE_TEAMS_KEYS_URL": str(self.server.make_url("/keys")),
            "STADTLOTSE_TEAMS_AUTHORITY": f"https://127.0.0.1:{self.login.port}/adfs",
            "REQUESTS_CA_BUNDLE": str(self.certificate),
        }

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The messages that were sent; that the bot types is none."""
        return [activity for activity in self.sent if activity["type"] == "message"]

    async def wait_for(self, number: int = 1, seconds: float = 10) -> list[dict[str, Any]]:
        """Wait until so many messages were sent."""
        await eventually(lambda: len(self.messages) >= number, seconds)
        return self.messages

    async def _keys(self, _request: web.Request) -> web.Response:
        self.key_requests += 1
        return web.json_response({"keys": self.keys})

    async def _send(self, request: web.Request) -> web.Response:
        activity = await request.json()
        refusal = self.refuse(activity)
        if refusal is not None:
            return refusal
        self.authorizations.append(request.headers.get("Authorization"))
        activity["conversation_in_path"] = request.match_info["conversation"]
        activity["sent_id"] = f"s{next(self._numbers)}"
        self.sent.append(activity)
        return web.json_response({"id": activity["sent_id"]}, status=201)

    async def _update(self, request: web.Request) -> web.Response:
        self.updated.append((request.match_info["activity"], await request.json()))
        return web.json_response({"id": request.match_info["activity"]})

    async def _delete(self, request: web.Request) -> web.Response:
        self.deleted.append(request.match_info["activity"])
        return web.Response(status=200)

    async def _discovery(self, request: web.Request) -> web.Response:
        base = f"https://127.0.0.1:{self.login.port}/adfs"
        names = {"authorization_endpoint": f"{base}/authorize", "token_endpoint": f"{base}/token", "issuer": base}
        return web.json_response(names)

    async def _token(self, request: web.Request) -> web.Response:
        self.token_requests += 1
        self.token_forms.append(dict(await request.post()))
        return web.json_response(
            {
                "access_token": f"t{self.token_requests}",
                "token_type": "Bearer",
                "expires_in": self.token_seconds,
            }
        )


@web.middleware
async def _closing(request: web.Request, handler: Any) -> Any:
    """Keep no connection open: the library that asks for tokens does not close its own."""
    response = await handler(request)
    response.force_close()
    return response


async def eventually(condition: Callable[[], object], seconds: float = 10) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.01)


class TeamsClient:
    """Sends a gateway what Teams would send it."""

    def __init__(self, session: ClientSession, url: str, server: TeamsServer, key: Key) -> None:
        self._session = session
        self._url = url.rstrip("/") + MESSAGES
        self._server = server
        self._key = key
        self._numbers = count(1)

    def activity(self, **fields: Any) -> dict[str, Any]:
        """A message in a personal chat, with these fields instead."""
        return {
            "type": "message",
            "id": f"a{next(self._numbers)}",
            "timestamp": "2026-11-23T10:00:00Z",
            "channelId": "msteams",
            "serviceUrl": self._server.service_url,
            "from": {"id": "29:person", "aadObjectId": "0f0f", "name": "Person"},
            "conversation": {"id": "a:chat", "conversationType": "personal", "tenantId": TENANT},
            "recipient": {"id": f"28:{APP}", "name": "Stadtlotse"},
            "channelData": {"tenant": {"id": TENANT}},
            "locale": "de-DE",
            "textFormat": "plain",
            **fields,
        }

    async def send(self, activity: dict[str, Any], **how: Any) -> int:
        """Deliver an activity; the status."""
        return (await self.post(json.dumps(activity).encode(), **how))[0]

    async def ask(self, text: str, **fields: Any) -> int:
        """Deliver a question."""
        return await self.send(self.activity(text=text, **fields))

    async def press(self, button: dict[str, Any], **fields: Any) -> dict[str, Any]:
        """Press an `Action.Execute`; what answers it."""
        action = {"type": "Action.Execute", "verb": button["verb"], "data": button["data"]}
        activity = self.activity(type="invoke", name="adaptiveCard/action", value={"action": action}, **fields)
        status, body = await self.post(json.dumps(activity).encode())
        assert status == 200
        return dict(body)

    async def post(self, body: Any, *, header: str | None = "", **claims: Any) -> tuple[int, Any]:
        """Deliver a body under a token with these claims; the status and what answers."""
        authorization = f"Bearer {self.token(**claims)}" if header == "" else header
        headers = {"Content-Type": "application/json"} | ({"Authorization": authorization} if authorization else {})
        async with self._session.post(self._url, data=body, headers=headers) as response:
            raw = await response.read()
            return response.status, json.loads(raw) if raw else None

    def token(self, *, key: Key | None = None, algorithm: str = "RS256", age: float = 0, **claims: Any) -> str:
        """A token as the Bot Connector makes it, with these claims instead; None leaves one out."""
        now = time.time() - age
        values = {
            "iss": ISSUER,
            "aud": APP,
            "nbf": now - 5,
            "exp": now + 3600,
            "serviceurl": self._server.service_url,
            **claims,
        }
        values = {name: value for name, value in values.items() if value is not None}
        signing = key or self._key
        secret: Any = signing.private if algorithm.startswith("RS") else None if algorithm == "none" else "x" * 64
        return jwt.encode(values, secret, algorithm=algorithm, headers={"kid": signing.name})


def buttons(activity: dict[str, Any]) -> list[dict[str, Any]]:
    """The buttons of a message's card, or of a card."""
    card = activity["attachments"][0]["content"] if "attachments" in activity else activity
    found: list[dict[str, Any]] = []

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if str(value.get("type")).startswith("Action."):
                found.append(value)
            for name, item in value.items():
                if name != "fallback":
                    walk(item)
        elif isinstance(value, list):
            for item in value:
                walk(item)

    walk(card["body"])
    return found


def button(activity: dict[str, Any], **data: str) -> dict[str, Any]:
    """The button whose data hold these."""
    return next(found for found in buttons(activity) if data.items() <= (found.get("data") or {}).items())


def write_certificate(path: Path) -> RSAPublicKey:
    """Write a certificate with its key as a PFX file without a password; gives its public key."""
    key = generate_private_key(65537, 2048)
    content = pkcs12.serialize_key_and_certificates(b"app", key, _certificate(key), None, serialization.NoEncryption())
    path.write_bytes(content)
    return key.public_key()


def _certificate(key: RSAPrivateKey) -> x509.Certificate:
    """A certificate of this machine that the key signs itself."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.timezone.utc)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )


def _tls(path: Path) -> ssl.SSLContext:
    """A server's TLS with a certificate made here, which is also written to `path`."""
    key = generate_private_key(65537, 2048)
    public = _certificate(key).public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(public)
    both = path.with_suffix(".key")
    both.write_bytes(private + public)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context


@asynccontextmanager
async def running_server(folder: Path, key: Key) -> AsyncIterator[TeamsServer]:
    """Microsoft's side, which signs with that key."""
    server = TeamsServer(folder)
    server.keys = [key.published]
    await server.start()
    try:
        yield server
    finally:
        await server.close()
