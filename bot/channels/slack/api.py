"""Slack's Web API: what it refuses for now is waited for, what it refuses for good is told in one sentence."""

import asyncio
import contextlib
import logging
import time
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.common.deliveries import Delivery, UncertainError
from bot.channels.common.inbox import TryLaterError
from bot.channels.slack.blocks import Post
from bot.channels.slack.jobs import Place
from bot.channels.slack.settings import SlackSettings
from knowledge.errors import StadtlotseError

logger = logging.getLogger(__name__)

# Slack's own libraries log whole bodies and tokens' errors; what an operator needs is logged here.
quiet = logging.getLogger("bot.channels.slack.quiet")
quiet.setLevel(logging.CRITICAL)

_CALL_SECONDS = 30
_ATTEMPTS = 8
_DEFAULT_WAIT_SECONDS = 5.0
_EVENT_TYPE = "stadtlotse_answer"
_LOOK_BACK = 100
# After these an answer would not arrive later either.
_TRANSIENT = ("internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org")


class SlackApi:
    """The calls this app makes; use it inside one event loop and close it at the end."""

    def __init__(self, settings: SlackSettings) -> None:
        token = settings.bot_token.get_secret_value() if settings.bot_token else ""
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_CALL_SECONDS), trust_env=True)
        self.client = AsyncWebClient(
            token=token,
            base_url=settings.api_url,
            session=self._session,
            logger=quiet,
            retry_handlers=[],  # a repeated chat.postMessage could post twice: what may be repeated is decided here
        )
        self._not_before: dict[str, float] = {}

    async def close(self) -> None:
        """Let go of the connections."""
        await self._session.close()

    async def workspace(self) -> str:
        """The name of the workspace that the bot token belongs to; raises `StadtlotseError`."""
        try:
            answer = await self.client.auth_test()
        except SlackApiError as error:
            reason = error.response.get("error", "an error")
            raise StadtlotseError(
                f"Slack refuses the bot token ({reason}); copy it anew from the app's page 'Install App'."
            ) from error
        except (aiohttp.ClientError, OSError, asyncio.TimeoutError) as error:
            raise StadtlotseError(f"Slack cannot be reached ({type(error).__name__}); check the network.") from error
        return str(answer.get("team", "without a name"))

    async def open_socket(self, app_token: str) -> None:
        """See whether Socket Mode can be opened; raises `StadtlotseError`."""
        try:
            await self.client.apps_connections_open(app_token=app_token)
        except SlackApiError as error:
            reason = error.response.get("error", "an error")
            raise StadtlotseError(
                f"Slack refuses the app-level token ({reason}); make one with the scope connections:write."
            ) from error

    async def post(self, place: Place, post: Post, delivery: Delivery) -> str:
        """Post a message; gives its `ts`. Raises `TryLaterError` or `UncertainError`."""
        answer = await self._call(
            "chat.postMessage",
            channel=place.channel,
            **({"thread_ts": place.thread} if place.thread else {}),
            **_content(post),
            metadata={"event_type": _EVENT_TYPE, "event_payload": {"reference": delivery.reference}},
            unfurl_links=False,
            unfurl_media=False,
        )
        return str(answer.get("ts", ""))

    async def find(self, place: Place, delivery: Delivery) -> str | None:
        """The `ts` of a post that may have arrived: empty where nobody can tell, None where it is not there."""
        method, where = (
            ("conversations.replies", {"channel": place.channel, "ts": place.thread})
            if place.thread
            else ("conversations.history", {"channel": place.channel})
        )
        try:
            answer = await self._call(method, verb="GET", **where, limit=_LOOK_BACK, include_all_metadata=True)
        except SlackApiError:
            return ""
        messages = answer.get("messages")
        if not isinstance(messages, list):
            return ""
        for message in messages:
            payload = (message.get("metadata") or {}).get("event_payload") or {}
            if payload.get("reference") == delivery.reference:
                return str(message["ts"])
        return None

    async def update(self, channel: str, ts: str, post: Post) -> None:
        """Change a message in place."""
        await self._call("chat.update", channel=channel, ts=ts, **_content(post))

    async def delete(self, channel: str, ts: str) -> None:
        """Delete a message; one that is gone already is well."""
        with contextlib.suppress(SlackApiError):
            await self._call("chat.delete", channel=channel, ts=ts)

    async def set_status(self, channel: str, thread: str, status: str) -> None:
        """Show in the assistant pane that the bot is busy; nothing depends on it."""
        with contextlib.suppress(SlackApiError, TryLaterError, UncertainError):
            await self._call("assistant.threads.setStatus", channel_id=channel, thread_ts=thread, status=status)

    async def set_prompts(self, channel: str, thread: str, title: str, prompts: list[dict[str, str]]) -> None:
        """Offer questions in the assistant pane."""
        await self._call(
            "assistant.threads.setSuggestedPrompts", channel_id=channel, thread_ts=thread, title=title, prompts=prompts
        )

    async def publish_home(self, user: str, view: dict[str, Any]) -> None:
        """Show a person's home tab."""
        await self._call("views.publish", user_id=user, view=view)

    async def open_modal(self, trigger: str, view: dict[str, Any]) -> None:
        """Open a modal; a trigger older than three seconds is refused, which nobody can mend."""
        with contextlib.suppress(SlackApiError):
            await self._call("views.open", trigger_id=trigger, view=view)

    async def respond(self, response_url: str, post: Post, *, replace: bool = False) -> str:
        """Say something that only one person sees, or change it."""
        body = {**_content(post), "response_type": "ephemeral", "replace_original": replace}
        try:
            async with self._session.post(response_url, json=body, allow_redirects=False) as response:
                if response.status == 429:
                    raise TryLaterError("Slack wants fewer requests", _seconds(response.headers))
                if response.status >= 400:
                    logger.warning("Slack refused an answer to a command with status %d", response.status)
        except aiohttp.ClientConnectorError as error:
            raise TryLaterError(f"Slack cannot be reached ({type(error).__name__})") from error
        except (aiohttp.ClientError, OSError, asyncio.TimeoutError) as error:
            raise UncertainError from error
        return ""

    async def _call(self, method: str, *, verb: str = "POST", **arguments: Any) -> Any:
        """Call a method, waiting as long as Slack asks for; raises `SlackApiError` where it refuses for good.

        Methods that read take their arguments from the address (GET), those that write as JSON.
        """
        given = {"params" if verb == "GET" else "json": arguments}
        for _ in range(_ATTEMPTS):
            await asyncio.sleep(max(0.0, self._not_before.get(method, 0.0) - time.monotonic()))
            try:
                return await self.client.api_call(method, http_verb=verb, **given)
            except SlackApiError as error:
                if error.response.status_code == 429 or error.response.get("error") == "ratelimited":
                    wait = _seconds(error.response.headers)
                    self._not_before[method] = time.monotonic() + wait
                elif error.response.status_code >= 500 or error.response.get("error") in _TRANSIENT:
                    raise TryLaterError(f"Slack answered {method} with an error of its own") from error
                else:
                    logger.error("Slack refused %s: %s", method, error.response.get("error", "no reason given"))
                    raise
            except aiohttp.ClientConnectorError as error:
                raise TryLaterError(f"Slack cannot be reached ({type(error).__name__})") from error
            except (aiohttp.ClientError, OSError, asyncio.TimeoutError) as error:
                raise UncertainError from error
        raise TryLaterError(f"Slack wants fewer calls of {method}")


def _content(post: Post) -> dict[str, Any]:
    return {"text": post.text, "blocks": post.blocks}


def _seconds(headers: Any) -> float:
    """The seconds that a Retry-After asks for."""
    value = next((value for name, value in dict(headers).items() if name.lower() == "retry-after"), None)
    try:
        return max(0.0, float(str(value[0] if isinstance(value, list) else value)))
    except ValueError:
        return _DEFAULT_WAIT_SECONDS
