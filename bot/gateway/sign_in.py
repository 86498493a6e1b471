"""Signing in and out, and what is closed to whoever did not."""

import hmac
import logging
import re
import secrets
from urllib.parse import quote

from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import BaseModel

from bot.gateway.clients import client_address, client_scheme
from bot.gateway.errors import ApiError, ErrorCode
from bot.gateway.languages import chosen_language
from bot.gateway.limits import Buckets
from bot.gateway.openid import Attempt, NotStaffError, Provider, ProviderUnavailableError, SignInError
from bot.gateway.origins import is_from_other_site
from bot.gateway.rendering import render, way_back
from bot.gateway.schemas import Session, SignedOut
from bot.gateway.sessions import SESSIONS, Sessions, set_cookie
from bot.gateway.staff import reader_of
from knowledge.errors import StadtlotseError
from knowledge.settings import Settings
from knowledge.texts import section

logger = logging.getLogger(__name__)

PROVIDER = web.AppKey[Provider | None]("provider")
BASE_URL = web.AppKey("base_url", str)
SIGN_IN_BUCKETS = web.AppKey("sign_in_buckets", Buckets)
PLATFORM_PATHS = web.AppKey("platform_paths", frozenset[str])
SIGN_IN_REQUIRED = web.AppKey("sign_in_required", bool)

_COOKIE = "stadtlotse_sign_in"
_PURPOSE = "sign-in"
_SECONDS = 600.0
# A path below the gateway's own root, so that nobody is led elsewhere.
_BACK = re.compile(r"(?!/)[A-Za-z0-9._~/%?&=,+-]{0,2000}")
# The chat's own paths, and those of them that hold nothing of it.
_CLOSED = ("/api/", "/sources/")
_OPEN = ("/api/texts/", "/api/session", "/api/sign-out", "/api/openapi.json")
_PAGES = re.compile(r"/|/sources/.+/[0-9]+")


def sign_in_required(settings: Settings, *, can_sign_in: bool) -> bool:
    """Whether the operator wants everybody to sign in; raises `StadtlotseError` where nobody could."""
    if settings.sign_in == "required" and not can_sign_in and not settings.staff_header:
        raise StadtlotseError(
            "STADTLOTSE_SIGN_IN is 'required', but nobody can sign in; set STADTLOTSE_OIDC_ISSUER or "
            "STADTLOTSE_STAFF_HEADER."
        )
    return settings.sign_in == "required"


async def get_sign_in(request: web.Request) -> web.Response:
    """`GET /sign-in?back=path`: to the identity provider, and from there back to a page of ours."""
    request.app[SIGN_IN_BUCKETS].take(client_address(request))
    provider = _provider(request)
    attempt = Attempt(*(secrets.token_urlsafe(32) for _ in range(3)))
    try:
        address = await provider.address(attempt, _redirect_uri(request))
    except ProviderUnavailableError as error:
        return _failed(request, error)
    back = request.query.get("back", "")
    values = {**vars(attempt), "back": back if _BACK.fullmatch(back) else ""}
    response = _redirect(address)
    set_cookie(request, response, _COOKIE, _sessions(request).sealed(_PURPOSE, values, _SECONDS), _SECONDS)
    return response


async def get_callback(request: web.Request) -> web.Response:
    """`GET /sign-in/callback`: who comes back from the identity provider is signed in, if it vouches for staff."""
    request.app[SIGN_IN_BUCKETS].take(client_address(request))
    provider, sessions = _provider(request), _sessions(request)
    begun = sessions.unsealed(_PURPOSE, request.cookies.get(_COOKIE))
    try:
        if begun is None or not hmac.compare_digest(begun["state"].encode(), request.query.get("state", "").encode()):
            raise SignInError("it was not begun in this browser, or too long ago")
        if "error" in request.query or not request.query.get("code"):
            raise SignInError("the identity provider did not let somebody in")
        attempt = Attempt(begun["state"], begun["nonce"], begun["verifier"])
        await provider.check(request.query["code"], attempt, _redirect_uri(request))
    except SignInError as error:
        response = _failed(request, error)
    else:
        response = _redirect(f"../{begun['back']}")
        sessions.begin(request, response, provider.session_seconds)
    set_cookie(request, response, _COOKIE, "", 0)
    return response


async def post_sign_out(request: web.Request) -> web.Response:
    """`POST /api/sign-out`: sign out here; `url` is where to go to sign out at the identity provider too."""
    provider = request.app[PROVIDER]
    url = await provider.end_address(f"{_base(request)}/") if provider else None
    response = _json(SignedOut(url=url))
    if sessions := request.app[SESSIONS]:
        await sessions.end(request, response)
    return response


async def get_session(request: web.Request) -> web.Response:
    """`GET /api/session`: whether whoever asks is signed in as staff, and whether one can sign in on the page."""
    sessions = request.app[SESSIONS]
    seconds = sessions.seconds_left(request) if sessions and not is_from_other_site(request) else 0
    return _json(
        Session(
            signed_in=reader_of(request) == "internal",
            can_sign_in=request.app[PROVIDER] is not None,
            seconds=seconds or None,
        )
    )


def sign_in_address(request: web.Request) -> str | None:
    """Where one signs in to come back to the page of a request, relative to it; None where nobody can."""
    if request.app[PROVIDER] is None:
        return None
    back = quote(request.rel_url.raw_path_qs.lstrip("/"), safe="")
    return f"{'../' * (request.rel_url.raw_path.count('/') - 1)}sign-in?back={back}"


@web.middleware
async def staff_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Where the operator wants everybody to sign in: lead pages there, and refuse everything else."""
    if not request.app[SIGN_IN_REQUIRED] or _is_open(request) or reader_of(request) == "internal":
        return await handler(request)
    address = sign_in_address(request)
    if address is not None and request.method == "GET" and _PAGES.fullmatch(request.path):
        return _redirect(address)
    raise ApiError(ErrorCode.SIGN_IN_NEEDED)


def _is_open(request: web.Request) -> bool:
    """Whether a path holds nothing of the chat, or is a platform's, which has its own way to know who sends."""
    path = request.path
    is_of_chat = path == "/" or (path.startswith(_CLOSED) and not path.startswith(_OPEN))
    return not is_of_chat or path in request.app[PLATFORM_PATHS]


def _provider(request: web.Request) -> Provider:
    provider = request.app[PROVIDER]
    if provider is None:
        raise ApiError(ErrorCode.NOT_FOUND)
    return provider


def _sessions(request: web.Request) -> Sessions:
    sessions = request.app[SESSIONS]
    if sessions is None:
        raise ApiError(ErrorCode.NOT_FOUND)
    return sessions


def _json(body: BaseModel) -> web.Response:
    return web.Response(text=body.model_dump_json(), content_type="application/json")


def _base(request: web.Request) -> str:
    """Where people reach the gateway, without a slash at its end."""
    return (request.app[BASE_URL] or f"{client_scheme(request)}://{request.host}").rstrip("/")


def _redirect_uri(request: web.Request) -> str:
    return f"{_base(request)}/sign-in/callback"


def _redirect(address: str) -> web.Response:
    return web.Response(status=302, headers={"Location": address})


def _failed(request: web.Request, error: SignInError) -> web.Response:
    """The page that says that nobody is signed in, and why."""
    logger.warning("A sign-in failed: %s", error)
    kinds = ((NotStaffError, "not_staff", 403), (ProviderUnavailableError, "unavailable", 503))
    reason, status = next(((key, code) for kind, key, code in kinds if isinstance(error, kind)), ("failed", 400))
    texts, lang = section(chosen_language(request), "sign_in"), chosen_language(request)
    page = render("sign_in_failed.html", lang, way_back(request), texts=texts, reason=texts[reason])
    return web.Response(text=page, status=status, content_type="text/html")
