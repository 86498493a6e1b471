"""Headers that every response carries."""

import base64
import hashlib

from aiohttp import web

from bot.gateway.clients import client_scheme

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


_HSTS = "max-age=31536000"


def policy_with_style(style: str) -> str:
    """The content security policy of a page that holds this one style sheet within itself."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return _POLICY.replace("style-src 'self'", f"style-src 'self' 'sha256-{digest}'")


async def add_security_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Add the headers before a response goes out; what does not say how long to keep it is not kept."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if client_scheme(request) == "https":
        response.headers["Strict-Transport-Security"] = _HSTS
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.popall("Server", None)
