"""The application: what the gateway is made of and how long each part lives."""

import os
from collections.abc import AsyncIterator

from aiohttp import web

from bot.gateway.conversations import Conversations
from bot.gateway.dialogue import DialogueClient
from bot.gateway.errors import errors_as_json
from bot.gateway.handlers import (
    CONVERSATION_BUCKETS,
    CONVERSATIONS,
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
from bot.gateway.turns import Turns
from knowledge.messages import LANGUAGES
from knowledge.settings import Settings
from knowledge.texts import section

DRAIN_SECONDS = 5.0
SETTINGS = web.AppKey("settings", Settings)


def create_app(settings: Settings, limits: Limits = DEFAULT_LIMITS) -> web.Application:
    """The gateway's application; `STADTLOTSE_TOKEN` in the environment is what Rasa's channel demands.

    Raises `StadtlotseError` where a text is missing.
    """
    for lang in LANGUAGES:
        for name in ("gateway", "page", "source"):
            section(lang, name)
    app = web.Application(middlewares=[errors_as_json, own_pages_only], client_max_size=BODY_BYTES)
    app[SETTINGS] = settings
    app[LIMITS] = limits
    app[CONVERSATION_BUCKETS] = Buckets(limits.conversations)
    app[MESSAGE_BUCKETS] = Buckets(limits.messages)
    app[METRICS] = Metrics()
    app[OPENAPI] = openapi_document()
    app[STATIC_FILES] = static_files()
    app.add_routes(ROUTES)
    app.on_response_prepare.append(add_security_headers)
    app.on_shutdown.append(_drain)
    app.cleanup_ctx.extend((_conversations, _turns, _sources))
    return app


async def _conversations(app: web.Application) -> AsyncIterator[None]:
    app[CONVERSATIONS] = await Conversations.open(app[SETTINGS].state)
    yield
    await app[CONVERSATIONS].close()


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


async def _drain(app: web.Application) -> None:
    await app[TURNS].drain(DRAIN_SECONDS)
