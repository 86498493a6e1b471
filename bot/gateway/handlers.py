"""The API's handlers: conversations and their messages."""

import asyncio

from aiohttp import web
from pydantic import BaseModel

from bot.gateway.clients import client_address, client_scheme
from bot.gateway.conversations import Conversation, Conversations, StoredTurn
from bot.gateway.erasure import Erasure
from bot.gateway.errors import ApiError, ErrorCode
from bot.gateway.feedback import FeedbackStore
from bot.gateway.health import READINESS
from bot.gateway.languages import CONVERSATION_LANGUAGE, chosen_language, language_of
from bot.gateway.limits import Buckets, Limits
from bot.gateway.pseudonyms import is_pseudonym
from bot.gateway.requests import clean_text, read_body
from bot.gateway.schemas import (
    ConversationCreated,
    Messages,
    NewConversation,
    NewFeedback,
    NewMessage,
    Transcript,
    Turn,
    TurnState,
)
from bot.gateway.staff import reader_of
from bot.gateway.streams import stream_turn, wants_events
from bot.gateway.transcript import transcript
from bot.gateway.turns import Turns
from knowledge.feedback import Opinion
from knowledge.texts import text

LIMITS = web.AppKey("limits", Limits)
CONVERSATION_BUCKETS = web.AppKey("conversation_buckets", Buckets)
MESSAGE_BUCKETS = web.AppKey("message_buckets", Buckets)
PACE_BUCKETS = web.AppKey("pace_buckets", Buckets)
CONVERSATIONS = web.AppKey("conversations", Conversations)
FEEDBACK = web.AppKey("feedback", FeedbackStore)
TURNS = web.AppKey("turns", Turns)
ERASURE = web.AppKey("erasure", Erasure)
PUBLIC_URL = web.AppKey("public_url", str)


async def post_conversation(request: web.Request) -> web.Response:
    """`POST /api/conversations`: begin a conversation."""
    request.app[CONVERSATION_BUCKETS].take(client_address(request))
    body = await read_body(request, NewConversation, request.app[LIMITS].body_seconds, optional=True)
    conversation = await request.app[CONVERSATIONS].create(body.lang or language_of(request))
    location = {"Location": f"/api/conversations/{conversation.id}/messages"}
    return _json(
        ConversationCreated(id=conversation.id, lang=conversation.lang),
        status=201,
        headers=location,
    )


async def post_message(request: web.Request) -> web.StreamResponse:
    """`POST /api/conversations/{id}/messages`: say something and get what the bot says, as JSON or as events."""
    request.app[MESSAGE_BUCKETS].take(client_address(request))
    conversation = await _conversation(request)
    request.app[PACE_BUCKETS].take(conversation.id)
    limits = request.app[LIMITS]
    body = await read_body(request, NewMessage, limits.body_seconds)
    turn = request.app[TURNS].start(conversation, clean_text(body.text), body.id, body.filter, reader_of(request))
    if wants_events(request):
        return await stream_turn(request, turn, limits.heartbeat_seconds)
    return _json(Messages(messages=await asyncio.shield(turn.task)))


async def get_messages(request: web.Request) -> web.Response:
    """`GET /api/conversations/{id}/messages`: everything that was said."""
    conversation = await _conversation(request)
    turns = request.app[TURNS]
    stored = await request.app[CONVERSATIONS].turns(conversation.id)
    opinions = await request.app[FEEDBACK].of_turns(conversation.id, [turn.id for turn in stored])
    stored = [turn.shown_to(reader_of(request), conversation.lang) for turn in stored]
    shown = [_shown(turn, turns.is_running(conversation.id, turn.id), opinions.get(turn.id)) for turn in stored]
    readiness = await request.app[READINESS].readiness()
    return _json(Transcript(lang=conversation.lang, turns=shown, ready=readiness.ready))


async def delete_conversation(request: web.Request) -> web.Response:
    """`DELETE /api/conversations/{id}`: delete everything that was said, and what belongs to it."""
    request.app[MESSAGE_BUCKETS].take(client_address(request))
    conversation = await _conversation(request)
    await request.app[ERASURE].erase(conversation.id)
    return web.Response(status=204)


async def get_transcript(request: web.Request) -> web.Response:
    """`GET /api/conversations/{id}/transcript`: everything that was said, as a text file to save."""
    request.app[MESSAGE_BUCKETS].take(client_address(request))
    conversation = await _conversation(request)
    lang = chosen_language(request)
    turns = await request.app[CONVERSATIONS].turns(conversation.id)
    turns = [turn.shown_to(reader_of(request), lang) for turn in turns]
    base = f"{client_scheme(request)}://{request.host}"
    name = text(lang, "handover.file_name")
    return web.Response(
        text=transcript(turns, request.app[PUBLIC_URL] or base, lang),
        content_type="text/plain",
        charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def post_feedback(request: web.Request) -> web.Response:
    """`POST /api/conversations/{id}/feedback`: say whether an answer helped; the last word on an answer counts."""
    request.app[MESSAGE_BUCKETS].take(client_address(request))
    conversation = await _conversation(request)
    body = await read_body(request, NewFeedback, request.app[LIMITS].body_seconds)
    turn = await request.app[CONVERSATIONS].turn(conversation.id, body.message)
    if turn is None or turn.messages is None:
        raise ApiError(ErrorCode.UNKNOWN_MESSAGE)
    opinion = Opinion(verdict=body.verdict, reasons=frozenset(body.reasons), words=body.words.strip())
    await request.app[FEEDBACK].keep(conversation.id, turn.id, opinion)
    return web.Response(status=204)


async def _conversation(request: web.Request) -> Conversation:
    name = request.match_info["conversation"]
    # Ids of Teams' and Slack's conversations are names, not secrets: nobody reads those here.
    conversation = None if is_pseudonym(name) else await request.app[CONVERSATIONS].find(name)
    if conversation is None:
        raise ApiError(ErrorCode.UNKNOWN_CONVERSATION)
    request[CONVERSATION_LANGUAGE] = conversation.lang
    return conversation


def _shown(turn: StoredTurn, is_running: bool, opinion: Opinion | None) -> Turn:
    state: TurnState = "answered" if turn.messages is not None else "running" if is_running else "unanswered"
    return Turn(
        id=turn.id,
        text=turn.text,
        filter=turn.filter,
        messages=turn.messages or [],
        at=turn.at,
        state=state,
        opinion=opinion,
    )


def _json(body: BaseModel, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(
        text=body.model_dump_json(),
        status=status,
        headers=headers,
        content_type="application/json",
    )
