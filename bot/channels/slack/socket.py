"""Socket Mode: the events come over a connection that this side opens, so that no public address is needed."""

import asyncio
import contextlib
import logging

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bot.channels.slack.api import SlackApi, quiet
from bot.channels.slack.settings import SlackSettings

logger = logging.getLogger(__name__)

_FIRST_SECONDS = 1.0
_LONGEST_SECONDS = 60.0


class Socket:
    """Opens the connection and opens it again until it is closed here."""

    def __init__(self, settings: SlackSettings, app: AsyncApp, api: SlackApi) -> None:
        self._token = settings.app_token.get_secret_value() if settings.app_token else ""
        self._app = app
        self._api = api
        self._handler: AsyncSocketModeHandler | None = None
        self._opening: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to open the connection, without waiting for it."""
        self._opening = asyncio.create_task(self._open())

    async def close(self) -> None:
        """Close the connection."""
        if self._opening is not None:
            self._opening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._opening
        if self._handler is not None:
            await self._handler.close_async()  # type: ignore[no-untyped-call]

    async def _open(self) -> None:
        self._handler = AsyncSocketModeHandler(self._app, self._token, logger=quiet, web_client=self._api.client)
        seconds = _FIRST_SECONDS
        while True:
            try:
                # Once it is open, the library keeps it open.
                await self._handler.connect_async()  # type: ignore[no-untyped-call]
                logger.info("Slack: Socket Mode is connected")
                return
            except (SlackApiError, aiohttp.ClientError, OSError, asyncio.TimeoutError) as error:
                reason = error.response.get("error") if isinstance(error, SlackApiError) else type(error).__name__
                logger.error("Slack: Socket Mode cannot be opened (%s); it is tried again", reason)
            await asyncio.sleep(seconds)
            seconds = min(2 * seconds, _LONGEST_SECONDS)
