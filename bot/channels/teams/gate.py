"""Who may come in: every request is checked before any work is done for it."""

import logging
from urllib.parse import urlsplit

from aiohttp import web
from microsoft_agents.activity import Activity

from bot.channels.teams.hosts import ServiceHosts
from bot.channels.teams.settings import TeamsSettings
from bot.channels.teams.tokens import Claims, KeySet, TokenCheck, TokenError
from bot.gateway.requests import is_from_this_machine

logger = logging.getLogger(__name__)

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Gate:
    """Checks the token of a request, and then what it brings against the token."""

    def __init__(self, settings: TeamsSettings) -> None:
        self._settings = settings
        self._keys = KeySet(settings.keys_url)
        self._check = TokenCheck(self._keys, app_id=settings.app_id, issuer=settings.issuer)
        self._hosts = ServiceHosts(settings)

    async def close(self) -> None:
        """Let go of connections."""
        await self._keys.close()

    async def admit(self, request: web.Request) -> Claims | None:
        """What the request's token says; None for one of this machine in local development. Raises `HTTPUnauthorized`.

        The body has not been read by then.
        """
        header = request.headers.get("Authorization")
        if header is None and self._settings.local and is_from_this_machine(request):
            return None
        if not self._settings.is_registered:
            raise web.HTTPUnauthorized
        try:
            return await self._check.claims(header)
        except TokenError as error:
            logger.warning("Teams: a request was refused: %s", error)
            raise web.HTTPUnauthorized from error

    def verify(self, activity: Activity, claims: Claims | None) -> None:
        """See that an activity is what its token is for; raises `HTTPForbidden`."""
        reason = self._objection(activity, claims)
        if reason is not None:
            logger.warning("Teams: an activity was refused: %s", reason)
            raise web.HTTPForbidden

    def _objection(self, activity: Activity, claims: Claims | None) -> str | None:
        url = activity.service_url or ""
        if claims is None:
            return None if urlsplit(url).hostname in _LOOPBACK else "in local development, answers stay on this machine"
        if claims.service_url is None or _same(claims.service_url) != _same(url):
            return "its service URL is not the token's"
        if not self._hosts.allows(url):
            return "its service URL is of a host that is not allowed"
        if claims.endorsements and str(activity.channel_id) not in claims.endorsements:
            return "the token's key does not speak for its channel"
        tenant = _tenant(activity)
        if tenant is not None and tenant.lower() != self._settings.tenant_id.lower():
            return "it comes from another tenant"
        return None


def _same(url: str) -> tuple[str, str, str]:
    parts = urlsplit(url)
    return parts.scheme.lower(), parts.netloc.lower(), parts.path.rstrip("/")


def _tenant(activity: Activity) -> str | None:
    data = activity.channel_data if isinstance(activity.channel_data, dict) else {}
    tenant = data.get("tenant")
    named = tenant.get("id") if isinstance(tenant, dict) else None
    value = named or (activity.conversation.tenant_id if activity.conversation else None)
    return value if isinstance(value, str) else None
