"""Where answers to Teams may go: every outgoing request is held against it, redirections too."""

import logging
from urllib.parse import urlsplit

from aiohttp import ClientHandlerType, ClientRequest, ClientResponse, ClientSession, ClientTimeout
from microsoft_agents.hosting.core import (
    ClaimsIdentity,
    OutboundHostValidator,
    RestChannelServiceClientFactory,
    TurnContext,
)
from microsoft_agents.hosting.core.authorization import Connections
from microsoft_agents.hosting.core.connector import ConnectorClientBase
from microsoft_agents.hosting.core.connector.teams import TeamsConnectorClient

from bot.channels.teams.settings import TeamsSettings

logger = logging.getLogger(__name__)

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_CALL_SECONDS = 30


class HostRefusedError(Exception):
    """An answer was about to go to a host that is not allowed."""


class ServiceHosts:
    """The hosts that Microsoft documents, and what the operator adds; in local development this machine alone."""

    def __init__(self, settings: TeamsSettings) -> None:
        self._is_local = settings.local
        self._is_registered = settings.is_registered
        self._further = settings.further_hosts
        self._documented = OutboundHostValidator(enabled=True, hosts=self._further)

    def allows(self, url: str) -> bool:
        """Whether answers may go there: by HTTPS, or to an address of this machine that the operator named."""
        try:
            parts = urlsplit(url)
            named = (parts.netloc.lower(), (parts.hostname or "").lower())
        except ValueError:
            return False
        if parts.hostname in _LOOPBACK:
            return self._is_local or any(name in self._further for name in named)
        return self._is_registered and self._documented.is_allowed(url)

    async def guard(self, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        """The session's middleware that lets no request pass to another host."""
        if not self.allows(str(request.url)):
            logger.error("Teams: an answer was about to go to a host that is not allowed; it was not sent")
            raise HostRefusedError
        return await handler(request)


class ClientFactory(RestChannelServiceClientFactory):
    """Makes Microsoft's connector client with sessions that know these hosts, a proxy and an end."""

    def __init__(self, connections: Connections, hosts: ServiceHosts) -> None:
        super().__init__(connections)
        self._connections = connections
        self._hosts = hosts

    async def create_connector_client(
        self,
        context: TurnContext | None,
        claims_identity: ClaimsIdentity,
        service_url: str,
        audience: str,
        scopes: list[str] | None = None,
        use_anonymous: bool = False,
    ) -> ConnectorClientBase:
        """The client for a service URL, with a token unless it is for local development."""
        token = ""
        if not use_anonymous:
            provider = self._connections.get_token_provider(claims_identity, service_url)
            token = await provider.get_access_token(audience, scopes or claims_identity.get_token_scope())
        session = ClientSession(
            base_url=f"{service_url.rstrip('/')}/",
            timeout=ClientTimeout(total=_CALL_SECONDS),
            trust_env=True,
            middlewares=(self._hosts.guard,),
        )
        return TeamsConnectorClient(service_url, token, session=session)
