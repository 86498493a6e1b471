"""The application: what the gateway is made of and how long each part lives."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from aiohttp import web

from bot import parts
from bot.channels.common import deliveries, inbox
from bot.channels.common.deliveries import Deliveries
from bot.channels.common.discovery import platforms_in_use
from bot.channels.common.inbox import Inbox
from bot.channels.common.platform import Channel, House, Platform
from bot.channels.common.pseudonyms import Pseudonyms
from bot.channels.common.turns import Desk
from bot.gateway import conversations, feedback
from bot.gateway.conversations import Conversations
from bot.gateway.dialogue import DialogueClient
from bot.gateway.errors import errors_as_json
from bot.gateway.feedback import FeedbackStore
from bot.gateway.handlers import (
    CONVERSATION_BUCKETS,
    CONVERSATIONS,
    FEEDBACK,
    LIMITS,
    MESSAGE_BUCKETS,
    TURNS,
)
from bot.gateway.health import READINESS, ReadinessCheck
from bot.gateway.limits import BODY_BYTES, DEFAULT_LIMITS, Buckets, Limits
from bot.gateway.metrics import METRICS, Metrics
from bot.gateway.openapi import OPENAPI, openapi_document
from bot.gateway.pages import STATIC_FILES, static_files
from bot.gateway.requests import own_pages_only
from bot.gateway.routes import ROUTES
from bot.gateway.security import add_security_headers
from bot.gateway.sources import SOURCES, SourceLibrary
from bot.gateway.state import StateFile
from bot.gateway.turns import Turns
from knowledge.messages import LANGUAGES
from knowledge.settings import Settings
from knowledge.texts import section

DRAIN_SECONDS = 5.0
SETTINGS = web.AppKey("settings", Settings)
STATE = web.AppKey("state", StateFile)
PLATFORMS = web.AppKey("platforms", Sequence[Platform])
CHANNELS = web.AppKey("channels", dict[str, Channel])
INBOX = web.AppKey("inbox", Inbox)

_SCHEMAS = (conversations.SCHEMA, feedback.SCHEMA, inbox.SCHEMA, deliveries.SCHEMA)


def create_app(settings: Settings, limits: Limits = DEFAULT_LIMITS) -> web.Application:
    """The gateway's application; `STADTLOTSE_TOKEN` in the environment is what Rasa's channel demands.

    The platforms are those that the environment configures. Raises `StadtlotseError` where a text is missing or a
    platform is not configured well.
    """
    for lang in LANGUAGES:
        for name in ("gateway", "page", "source", "channels", "dialogue"):
            section(lang, name)
    app = web.Application(middlewares=[errors_as_json, own_pages_only], client_max_size=BODY_BYTES)
    app[SETTINGS] = settings
    app[LIMITS] = limits
    app[CONVERSATION_BUCKETS] = Buckets(limits.conversations)
    app[MESSAGE_BUCKETS] = Buckets(limits.messages)
    app[METRICS] = Metrics()
    app[OPENAPI] = openapi_document()
    app[STATIC_FILES] = static_files()
    app[PLATFORMS] = platforms_in_use()
    app[CHANNELS] = {}
    app.add_routes(ROUTES)
    for platform in app[PLATFORMS]:
        if platform.path:
            app.router.add_post(platform.path, _receiver(platform.name))
    app.on_response_prepare.append(add_security_headers)
    app.on_shutdown.append(_drain)
    app.cleanup_ctx.extend((_state, _turns, _sources, _channels))
    return app


def _receiver(name: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def receive(request: web.Request) -> web.StreamResponse:
        return await request.app[CHANNELS][name].receive(request)

    return receive


async def _state(app: web.Application) -> AsyncIterator[None]:
    app[STATE] = await StateFile.open(app[SETTINGS].state, *_SCHEMAS)
    app[CONVERSATIONS] = Conversations(app[STATE])
    app[FEEDBACK] = FeedbackStore(app[STATE])
    app[INBOX] = Inbox(app[STATE])
    yield
    await app[STATE].close()


async def _turns(app: web.Application) -> AsyncIterator[None]:
    settings = app[SETTINGS]
    dialogue = DialogueClient(settings.rasa_port, os.environ.get("STADTLOTSE_TOKEN", ""))
    app[READINESS] = ReadinessCheck(settings, dialogue)
    app[TURNS] = Turns(
        app[CONVERSATIONS],
        dialogue,
        app[METRICS],
        timeout=settings.turn_timeout,
        waiting=app[LIMITS].waiting_turns,
    )
    yield
    await app[READINESS].close()
    await dialogue.close()


async def _sources(app: web.Application) -> AsyncIterator[None]:
    app[SOURCES] = SourceLibrary(app[SETTINGS])
    yield
    await app[SOURCES].close()


async def _channels(app: web.Application) -> AsyncIterator[None]:
    if app[PLATFORMS]:
        house = _house(app)
        for platform in app[PLATFORMS]:
            app[CHANNELS][platform.name] = platform.open()(house)
        work = {name: channel.work for name, channel in app[CHANNELS].items()}
        await app[INBOX].start(work, house.deliveries.prune)
        for channel in app[CHANNELS].values():
            await channel.start()
    yield
    for channel in app[CHANNELS].values():
        await channel.close()


def _house(app: web.Application) -> House:
    settings = app[SETTINGS]
    pseudonyms = Pseudonyms.open(settings.pseudonym_key)
    return House(
        desk=Desk(app[TURNS], app[CONVERSATIONS], pseudonyms),
        inbox=app[INBOX],
        deliveries=Deliveries(app[STATE]),
        conversations=app[CONVERSATIONS],
        feedback=app[FEEDBACK],
        pseudonyms=pseudonyms,
        base=settings.public_url or parts.address(settings),
    )


async def _drain(app: web.Application) -> None:
    await asyncio.gather(app[INBOX].close(DRAIN_SECONDS), app[TURNS].drain(DRAIN_SECONDS))
