"""What goes out to Teams, with Microsoft's library: tokens are cached and renewed there, errors are told here."""

import asyncio
import contextlib
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

import aiohttp
from microsoft_agents.activity import Activity, ConversationReference, ResourceResponse
from microsoft_agents.hosting.aiohttp import CloudAdapter
from microsoft_agents.hosting.core import (
    AgentAuthConfiguration,
    ClaimsIdentity,
    TurnContext,
)
from microsoft_agents.hosting.core.authorization import ConnectionManager
from microsoft_agents.hosting.core.authorization.auth_types import AuthTypes

from bot.channels.common.deliveries import UncertainError
from bot.channels.common.inbox import TryLaterError
from bot.channels.teams.credentials import AppCredentials
from bot.channels.teams.hosts import ClientFactory, HostRefusedError, ServiceHosts
from bot.channels.teams.settings import TeamsSettings
from knowledge.errors import StadtlotseError

logger = logging.getLogger(__name__)
Result = TypeVar("Result")

_SCOPE = "https://api.botframework.com"
_CONNECTION = "SERVICE_CONNECTION"
_CALL_SECONDS = 30
# https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit names these as worth another attempt.
_TRANSIENT = (412, 429, 500, 502, 503, 504)
_TYPING_SECONDS = 3.0

# These log ids of people and conversations, and whole replies of the token service.
for _name in ("microsoft_agents", "msal", "azure"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


class RefusedError(Exception):
    """Teams refuses a message for good; the message says with which status."""


class Connector:
    """Sends, changes and deletes messages in conversations of Teams."""

    def __init__(self, settings: TeamsSettings) -> None:
        self._is_anonymous = not settings.is_registered
        self._app_id = settings.app_id
        self._connections = ConnectionManager(AppCredentials, {_CONNECTION: _configuration(settings)})
        factory = ClientFactory(self._connections, ServiceHosts(settings))
        self._adapter = CloudAdapter(channel_service_client_factory=factory)
        self._adapter.on_turn_error = _raise

    async def request_token(self) -> None:
        """Ask for a token as for an answer; raises `StadtlotseError`."""
        try:
            await self._connections.get_default_connection().get_access_token(_SCOPE, [f"{_SCOPE}/.default"])
        except (ValueError, OSError) as error:
            raise StadtlotseError(
                f"Teams: Microsoft gives no token for the app ({_reason(error)}); "
                "check STADTLOTSE_TEAMS_APP_ID, STADTLOTSE_TEAMS_TENANT_ID and the secret or certificate."
            ) from error

    async def send(self, reference: ConversationReference, activity: Activity) -> str:
        """Send an activity into a conversation; gives its id. Raises `TryLaterError` or `UncertainError`."""

        async def act(context: TurnContext) -> str:
            response: ResourceResponse | None = await context.send_activity(activity)
            return (response.id if response else None) or ""

        return await self._within(reference, act)

    async def update(self, reference: ConversationReference, activity_id: str, activity: Activity) -> None:
        """Change an activity in place."""
        activity.id = activity_id

        async def act(context: TurnContext) -> None:
            await context.update_activity(activity)

        await self._within(reference, act)

    async def delete(self, reference: ConversationReference, activity_id: str) -> None:
        """Delete an activity; one that is gone already is well."""

        async def act(context: TurnContext) -> None:
            await context.delete_activity(activity_id)

        with contextlib.suppress(RefusedError):
            await self._within(reference, act)

    @contextlib.asynccontextmanager
    async def typing(self, reference: ConversationReference) -> AsyncIterator[None]:
        """Show that the bot types, as long as the block lasts; nothing depends on it."""
        task = asyncio.create_task(self._type(reference))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _type(self, reference: ConversationReference) -> None:
        while True:
            with contextlib.suppress(RefusedError, TryLaterError, UncertainError):
                await self.send(reference, Activity(type="typing"))
            await asyncio.sleep(_TYPING_SECONDS)

    async def _within(
        self, reference: ConversationReference, act: Callable[[TurnContext], Awaitable[Result]]
    ) -> Result:
        """Do something in a conversation, and tell errors apart by what can be done about them."""
        results: list[Result] = []

        async def callback(context: TurnContext) -> None:
            results.append(await act(context))

        continuation = reference.get_continuation_activity()
        if reference.activity_id:
            continuation.id = reference.activity_id
        claims = ClaimsIdentity() if self._is_anonymous else self._adapter.create_claims_identity(self._app_id)
        try:
            await asyncio.wait_for(
                self._adapter.continue_conversation_with_claims(claims, continuation, callback, _SCOPE), _CALL_SECONDS
            )
        except aiohttp.ClientResponseError as error:
            if error.status in _TRANSIENT:
                raise TryLaterError(f"Teams answered with status {error.status}", _retry_after(error)) from error
            logger.error("Teams refused a message with status %d", error.status)
            raise RefusedError(str(error.status)) from error
        except HostRefusedError as error:
            raise RefusedError("the host is not allowed") from error
        except aiohttp.ClientConnectorError as error:
            raise TryLaterError(f"Teams cannot be reached ({type(error).__name__})") from error
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            raise UncertainError from error
        except (ValueError, OSError) as error:  # from the token service
            raise TryLaterError(f"Microsoft gives no token for the app ({_reason(error)})") from error
        return results[0]


def _configuration(settings: TeamsSettings) -> AgentAuthConfiguration:
    if settings.certificate_file:
        kind = AuthTypes.certificate
    elif settings.managed_identity:
        kind = AuthTypes.user_managed_identity
    else:
        kind = AuthTypes.client_secret
    secret = settings.client_secret.get_secret_value() if settings.client_secret else None
    return AgentAuthConfiguration(
        kind,
        settings.app_id or None,
        settings.tenant_id or None,
        secret,
        cert_pfx_file=str(settings.certificate_file) if settings.certificate_file else None,
        send_x5c=bool(settings.certificate_file),
        authority=settings.authority or None,
        connection_name=_CONNECTION,
        scopes=[f"{_SCOPE}/.default"],
        anonymous_allowed=False,
        issuers=[settings.issuer],
        validate_issuer=True,
    )


async def _raise(_context: TurnContext, error: Exception) -> None:
    """Nothing of an error reaches the conversation: the channel says one kind sentence instead."""
    raise error


def _reason(error: Exception) -> str:
    """The code of the token service's refusal; its whole reply is not for the log."""
    code = re.search(r"'error': '([a-z_]+)'", str(error))
    return code.group(1) if code else type(error).__name__


def _retry_after(error: aiohttp.ClientResponseError) -> float | None:
    value = error.headers.get("Retry-After", "") if error.headers else ""
    return float(value) if value.isdigit() else None
