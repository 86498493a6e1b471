"""The application: what the gateway is made of and how long each part lives."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from aiohttp import web

from bot.channels.common import deliveries, inbox
from bot.channels.common.deliveries import Deliveries
from bot.channels.common.discovery import platforms_in_use, read_staff_channels
from bot.channels.common.inbox import Inbox
from bot.channels.common.platform import Channel, House, Platform
from bot.channels.common.turns import Desk
from bot.gateway import conversations, feedback, handover, questions, sessions
from bot.gateway.clients import TRUSTED_PROXIES, read_proxies
from bot.gateway.conversations import Conversations
from bot.gateway.dialogue import DialogueClient
from bot.gateway.erasure import Erasure
from bot.gateway.errands import Errands
from bot.gateway.errors import told_errors
from bot.gateway.feedback import FeedbackStore
from bot.gateway.handlers import (
    CONVERSATION_BUCKETS,
    CONVERSATIONS,
    ERASURE,
    FEEDBACK,
    LIMITS,
    MESSAGE_BUCKETS,
    PACE_BUCKETS,
    PUBLIC_URL,
    TURNS,
)
from bot.gateway.handover import Handovers
from bot.gateway.health import READINESS, ReadinessCheck
from bot.gateway.limits import BODY_BYTES, DEFAULT_LIMITS, Buckets, Limits
from bot.gateway.mail import Mailer
from bot.gateway.metrics import METRICS, Metrics
from bot.gateway.openapi import OPENAPI, openapi_document
from bot.gateway.openid import Provider
from bot.gateway.origins import WIDGET_ORIGINS, add_origin_headers, known_sites_only, read_origins
from bot.gateway.pages import INDEX_POLICY, STATIC_FILES, index_policy, static_files
from bot.gateway.pseudonyms import Pseudonyms
from bot.gateway.questions import QuestionLog, References
from bot.gateway.retention import Retention
from bot.gateway.routes import ROUTES
from bot.gateway.security import add_security_headers
from bot.gateway.sessions import SESSIONS, Sessions
from bot.gateway.sign_in import (
    BASE_URL,
    PLATFORM_PATHS,
    PROVIDER,
    SIGN_IN_BUCKETS,
    SIGN_IN_REQUIRED,
    sign_in_required,
    staff_only,
)
from bot.gateway.sources import SOURCE_BUCKETS, SOURCES, SourceLibrary
from bot.gateway.staff import STAFF_HEADER
from bot.gateway.state import StateFile
from bot.gateway.turns import Turns
from bot.gateway.widget import WIDGET, widget
from bot.privacy.forgetting import purge_backups
from bot.processes import parts
from bot.processes.dialogue_port import dialogue_port
from knowledge.answering.contacts import Contacts
from knowledge.messages import LANGUAGES
from knowledge.settings import Settings
from knowledge.texts import section

DRAIN_SECONDS = 5.0
SETTINGS = web.AppKey("settings", Settings)
STATE = web.AppKey("state", StateFile)
PLATFORMS = web.AppKey("platforms", Sequence[Platform])
CHANNELS = web.AppKey("channels", dict[str, Channel])
INBOX = web.AppKey("inbox", Inbox)
CONTACTS = web.AppKey("contacts", Contacts)
MAILER = web.AppKey[Mailer | None]("mailer")
PSEUDONYMS = web.AppKey("pseudonyms", Pseudonyms)
STAFF_CHANNELS = web.AppKey("staff_channels", frozenset[str])
QUESTIONS = web.AppKey("questions", QuestionLog)

_SECTIONS = ("gateway", "page", "source", "sign_in", "channels", "dialogue", "feedback", "handover", "accessibility")
_SCHEMAS = (
    conversations.SCHEMA,
    questions.SCHEMA,
    feedback.SCHEMA,
    handover.SCHEMA,
    inbox.SCHEMA,
    deliveries.SCHEMA,
    sessions.SCHEMA,
)


def create_app(settings: Settings, limits: Limits = DEFAULT_LIMITS) -> web.Application:
    """The gateway's application; `STADTLOTSE_TOKEN` in the environment is what Rasa's channel demands.

    The platforms are those that the environment configures. Raises `StadtlotseError` where a text is missing, or a
    platform, the contacts or mail are not configured well.
    """
    for lang in LANGUAGES:
        for name in _SECTIONS:
            section(lang, name)
    app = web.Application(middlewares=[told_errors, known_sites_only, staff_only], client_max_size=BODY_BYTES)
    app[SETTINGS] = settings
    app[LIMITS] = limits
    app[CONVERSATION_BUCKETS] = Buckets(limits.conversations)
    app[MESSAGE_BUCKETS] = Buckets(limits.messages)
    app[PACE_BUCKETS] = Buckets(limits.pace)
    app[SOURCE_BUCKETS] = Buckets(limits.sources)
    app[METRICS] = Metrics()
    app[PUBLIC_URL] = settings.public_url
    app[OPENAPI] = openapi_document()
    app[INDEX_POLICY] = index_policy()
    app[STATIC_FILES] = static_files()
    app[WIDGET] = widget(settings)
    app[TRUSTED_PROXIES] = read_proxies(settings.trusted_proxies)
    app[SIGN_IN_BUCKETS] = Buckets(limits.sources)
    app[BASE_URL] = settings.public_url
    app[PROVIDER] = Provider.from_environment()
    app[SIGN_IN_REQUIRED] = sign_in_required(settings, can_sign_in=app[PROVIDER] is not None)
    app[STAFF_HEADER] = settings.staff_header
    app[STAFF_CHANNELS] = read_staff_channels(settings.staff_channels)
    app[WIDGET_ORIGINS] = read_origins(settings.widget_origins)
    app[PLATFORMS] = platforms_in_use()
    app[CONTACTS] = Contacts.read(settings.contacts_file)
    app[MAILER] = Mailer.from_environment()
    app[CHANNELS] = {}
    app.add_routes(ROUTES)
    app[PLATFORM_PATHS] = frozenset(platform.path for platform in app[PLATFORMS] if platform.path)
    for platform in app[PLATFORMS]:
        if platform.path:
            app.router.add_post(platform.path, _receiver(platform.name))
    app.on_response_prepare.extend((add_security_headers, add_origin_headers))
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
    provider = app[PROVIDER]
    app[SESSIONS] = await Sessions.open(app[SETTINGS].session_key, app[STATE]) if provider else None
    app[PSEUDONYMS] = await asyncio.to_thread(Pseudonyms.open, app[SETTINGS].pseudonym_key)
    references = References(app[PSEUDONYMS])
    app[QUESTIONS] = QuestionLog(app[STATE], references)
    app[FEEDBACK] = FeedbackStore(app[STATE], references, app[METRICS])
    app[INBOX] = Inbox(app[STATE])
    retention = Retention(app[STATE], app[SETTINGS], app[PSEUDONYMS], backups=purge_backups)
    retention.start()
    yield
    await retention.close()
    await app[QUESTIONS].close()
    if provider:
        await provider.close()
    await app[STATE].close()


async def _turns(app: web.Application) -> AsyncIterator[None]:
    settings = app[SETTINGS]
    token, mailer = os.environ.get("STADTLOTSE_TOKEN", ""), app[MAILER]
    dialogue = DialogueClient(lambda: dialogue_port(settings), token, sends_mail=mailer is not None)
    handovers = Handovers(app[STATE], app[CONVERSATIONS], app[METRICS], app[CONTACTS], mailer, _base(settings))
    app[READINESS] = ReadinessCheck(settings, dialogue)
    app[TURNS] = Turns(
        app[CONVERSATIONS],
        dialogue,
        app[METRICS],
        app[QUESTIONS],
        app[FEEDBACK],
        Errands(app[CONVERSATIONS], app[FEEDBACK], handovers),
        timeout=settings.turn_timeout,
        waiting=app[LIMITS].waiting_turns,
        running=app[LIMITS].running_turns,
    )
    app[ERASURE] = Erasure(app[STATE], app[TURNS])
    yield
    await app[ERASURE].close()
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
        await app[INBOX].start(work)
        for channel in app[CHANNELS].values():
            await channel.start()
    yield
    for channel in app[CHANNELS].values():
        await channel.close()


def _house(app: web.Application) -> House:
    settings = app[SETTINGS]
    return House(
        desk=Desk(app[TURNS], app[CONVERSATIONS], app[PSEUDONYMS], app[STAFF_CHANNELS]),
        inbox=app[INBOX],
        deliveries=Deliveries(app[STATE]),
        conversations=app[CONVERSATIONS],
        feedback=app[FEEDBACK],
        pseudonyms=app[PSEUDONYMS],
        base=_base(settings),
    )


def _base(settings: Settings) -> str:
    """The address under which people reach the gateway."""
    return settings.public_url or parts.address(settings)


async def _drain(app: web.Application) -> None:
    await asyncio.gather(app[INBOX].close(DRAIN_SECONDS), app[TURNS].drain(DRAIN_SECONDS))
