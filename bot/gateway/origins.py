"""Which sites may use the chat: the gateway's own pages, and those that the operator lists."""

from collections.abc import Set
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.gateway.errors import ApiError, ErrorCode
from knowledge.errors import StadtlotseError

WIDGET_ORIGINS = web.AppKey("widget_origins", Set[str])

_ADMITTED = web.RequestKey("admitted_origin", str)
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": "Content-Type, Accept",
    "Access-Control-Max-Age": "7200",
}


def read_origins(listed: str) -> frozenset[str]:
    """The origins in a list with commas or spaces, as browsers write them; `StadtlotseError` names what is none."""
    return frozenset(_origin(item) for item in listed.replace(",", " ").split())


@web.middleware
async def known_sites_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what the page of an unknown site makes a browser send; callers that are no browser name no origin."""
    origin = request.headers.get("Origin")
    if origin is None or _host(origin) == request.host.lower():
        return await handler(request)
    if origin not in request.app[WIDGET_ORIGINS]:
        raise ApiError(ErrorCode.FOREIGN_ORIGIN)
    request[_ADMITTED] = origin
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        return web.Response(status=204, headers=_PREFLIGHT)
    return await handler(request)


def is_from_other_site(request: web.Request) -> bool:
    """Whether the page of another site, one that the operator lists, made a browser send the request."""
    return _ADMITTED in request


async def add_origin_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Let a listed site's page read the response; no cookie and no credential of a browser is ever needed for it."""
    if request.app[WIDGET_ORIGINS]:
        response.headers["Vary"] = ", ".join(filter(None, (response.headers.get("Vary"), "Origin")))
    origin = request.get(_ADMITTED)
    if origin is not None:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = "Retry-After"


def _origin(item: str) -> str:
    parts = urlsplit(item)
    if parts.scheme not in ("https", "http") or not parts.hostname or item != f"{parts.scheme}://{parts.netloc}":
        raise StadtlotseError(
            f"STADTLOTSE_WIDGET_ORIGINS holds '{item}', which is no origin; write https://, the host and no path."
        )
    return item.lower()


def _host(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return None
