"""Who of those who send requests is staff, and so may read what is for staff alone."""

from aiohttp import web

from bot.gateway.clients import comes_from_trusted_proxy
from bot.gateway.origins import is_from_other_site
from bot.gateway.sessions import SESSIONS
from knowledge.document import Group

STAFF_HEADER = web.AppKey("staff_header", str)


def reader_of(request: web.Request) -> Group:
    """The group whose documents may be shown in answer to a request: 'internal' where signed-in staff sends it.

    Another site that shows the chat is never handed what is for staff alone: whatever runs on its pages could read it.
    """
    is_staff = not is_from_other_site(request) and (_is_named_by_proxy(request) or _is_signed_in(request))
    return "internal" if is_staff else "public"


def _is_signed_in(request: web.Request) -> bool:
    """Whether somebody signed in on our page, where that is possible."""
    sessions = request.app[SESSIONS]
    return sessions is not None and sessions.is_signed_in(request)


def _is_named_by_proxy(request: web.Request) -> bool:
    """Whether a reverse proxy that the operator trusts says that somebody signed in there."""
    header = request.app[STAFF_HEADER]
    return bool(header) and comes_from_trusted_proxy(request) and bool(request.headers.get(header, "").strip())
