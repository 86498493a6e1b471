"""Tokens of the app itself: one for all conversations, renewed before it ends."""

import asyncio
import time

from azure.core.credentials import AccessToken
from microsoft_agents.authentication.msal import MsalAuth
from microsoft_agents.hosting.core import AgentAuthConfiguration

_RENEWED_BEFORE_SECONDS = 300.0


class AppCredentials(MsalAuth):
    """Microsoft's credentials, out of the event loop's way: making them asks the login page and blocks meanwhile."""

    def __init__(self, configuration: AgentAuthConfiguration) -> None:
        super().__init__(configuration)
        self._lock = asyncio.Lock()
        self._tokens: dict[tuple[str, ...], AccessToken] = {}

    async def get_access_token(self, resource_url: str, scopes: list[str], force_refresh: bool = False) -> str:
        """A token for these scopes; raises `ValueError` or `OSError` where none is given."""
        key = tuple(scopes)
        async with self._lock:
            token = self._tokens.get(key)
            if force_refresh or token is None or token.expires_on - time.time() < _RENEWED_BEFORE_SECONDS:
                token = self._tokens[key] = await asyncio.to_thread(self._request, scopes)
            return token.token

    def _request(self, scopes: list[str]) -> AccessToken:
        return asyncio.run(self.get_token_credential().get_token(*scopes))
