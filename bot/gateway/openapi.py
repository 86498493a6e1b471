"""The API described in OpenAPI 3.1, its schemas taken from the models that check requests and shape responses."""

import json
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from aiohttp import web
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from bot.gateway.errors import ErrorBody
from bot.gateway.schemas import (
    ConversationCreated,
    Health,
    Messages,
    NewConversation,
    NewFeedback,
    NewMessage,
    Readiness,
    Session,
    SignedOut,
    Transcript,
)
from knowledge.messages import LANGUAGES

OPENAPI = web.AppKey("openapi", str)

_REQUESTS: Sequence[type[BaseModel]] = (NewConversation, NewMessage, NewFeedback)
_RESPONSES: Sequence[type[BaseModel]] = (
    ConversationCreated,
    Messages,
    Transcript,
    Readiness,
    Session,
    SignedOut,
    Health,
    ErrorBody,
)
_EVENTS = (
    "`typing`, then a `message` for each message of the bot (its JSON) as it comes, then `done`; or `error` with the "
    "body of an error. Before a message with citations, `text` tells its kind, text and language. Comments keep the "
    "connection alive meanwhile."
)
_ERRORS = {
    400: "The body is not what it must be",
    401: "Only signed-in staff may ask, and nobody is signed in",
    403: "Sent by a page of another host",
    404: "There is no such conversation",
    408: "The body did not arrive in time",
    409: "A different message was sent under this id",
    413: "The body is too large",
    415: "The body is not declared as JSON in UTF-8",
    429: "Too many requests, or too many messages waiting in this conversation; Retry-After names the seconds",
    503: "The bot cannot answer now, or not in time; the message is stored and may be sent again under its id",
}
_CONVERSATION = {
    "name": "conversation",
    "in": "path",
    "required": True,
    "schema": {"type": "string"},
    "description": "The conversation's id",
}


async def get_openapi(request: web.Request) -> web.Response:
    """`GET /api/openapi.json`: the API's description."""
    return web.Response(text=request.app[OPENAPI], content_type="application/json")


def openapi_document() -> str:
    """The OpenAPI document as JSON."""
    modes: list[tuple[type[BaseModel], JsonSchemaMode]] = [(model, "validation") for model in _REQUESTS]
    modes += [(model, "serialization") for model in _RESPONSES]
    _, definitions = models_json_schema(modes, ref_template="#/components/schemas/{model}")
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": "Stadtlotse",
            "version": _version(),
            "description": "Answers questions about smart-city programmes, with a source for every sentence.",
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "servers": [{"url": "/"}],
        "paths": _paths(),
        "components": {"schemas": definitions["$defs"]},
    }
    return json.dumps(document, ensure_ascii=False)


def _paths() -> Mapping[str, Any]:
    return {
        "/api/conversations": {
            "post": {
                "operationId": "beginConversation",
                "summary": "Begin a conversation",
                "requestBody": _body(NewConversation, required=False),
                "responses": {
                    "201": _response("The conversation has begun", ConversationCreated),
                    **_errors(400, 401, 403, 408, 413, 415, 429),
                },
            }
        },
        "/api/conversations/{conversation}": {
            "parameters": [_CONVERSATION],
            "delete": {
                "operationId": "deleteConversation",
                "summary": "Delete everything that was said, and what belongs to it",
                "responses": {"204": {"description": "Nothing of it is left"}, **_errors(401, 403, 404, 429)},
            },
        },
        "/api/conversations/{conversation}/messages": {
            "parameters": [_CONVERSATION],
            "post": {
                "operationId": "sendMessage",
                "summary": "Say something and get what the bot says",
                "requestBody": _body(NewMessage, required=True),
                "responses": {"200": _answer(), **_errors(*_ERRORS)},
            },
            "get": {
                "operationId": "readConversation",
                "summary": "Read everything that was said",
                "responses": {
                    "200": _response("The transcript", Transcript),
                    **_errors(401, 404),
                },
            },
        },
        "/api/conversations/{conversation}/feedback": {
            "parameters": [_CONVERSATION],
            "post": {
                "operationId": "giveFeedback",
                "summary": "Say whether an answer helped",
                "requestBody": _body(NewFeedback, required=True),
                "responses": {
                    "204": {"description": "It is stored, in place of what was said about this answer before"},
                    **_errors(400, 401, 403, 404, 408, 413, 415, 429),
                },
            },
        },
        "/api/conversations/{conversation}/transcript": {
            "parameters": [_CONVERSATION],
            "get": {
                "operationId": "saveConversation",
                "summary": "Everything that was said, as a text file to save",
                "parameters": [
                    {
                        "name": "lang",
                        "in": "query",
                        "schema": {"type": "string", "enum": list(LANGUAGES)},
                        "description": "Language of the words around what was said",
                    }
                ],
                "responses": {
                    "200": {
                        "description": "The file",
                        "content": {"text/plain": {"schema": {"type": "string"}}},
                    },
                    **_errors(401, 404, 429),
                },
            },
        },
        "/api/texts/{lang}": {
            "parameters": [
                {
                    "name": "lang",
                    "in": "path",
                    "required": True,
                    "schema": {"type": "string", "enum": list(LANGUAGES)},
                }
            ],
            "get": {
                "operationId": "readTexts",
                "summary": "The chat page's texts in one language",
                "responses": {
                    "200": _described("Texts by their keys", _texts()),
                    "404": _error("No such language"),
                },
            },
        },
        "/api/session": _probe(
            "getSession",
            "Whether whoever asks is signed in as staff",
            {"200": _response("Who is asking", Session), **_errors(403)},
        ),
        "/api/sign-out": {
            "post": {
                "operationId": "signOut",
                "summary": "Sign out",
                "responses": {"200": _response("Nobody is signed in any more", SignedOut), **_errors(403)},
            }
        },
        "/healthz": _probe(
            "getHealth",
            "Whether the gateway runs",
            {"200": _response("It does", Health)},
        ),
        "/readyz": _probe(
            "getReadiness",
            "Whether questions can be answered now",
            {
                "200": _response("They can", Readiness),
                "503": _response("They can not yet", Readiness),
            },
        ),
    }


def _probe(operation: str, summary: str, responses: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"get": {"operationId": operation, "summary": summary, "responses": responses}}


def _body(model: type[BaseModel], *, required: bool) -> Mapping[str, Any]:
    return {
        "required": required,
        "content": {"application/json": {"schema": _reference(model)}},
    }


def _answer() -> Mapping[str, Any]:
    answer = _response("What the bot says", Messages)
    events = {"schema": {"type": "string", "description": _EVENTS}}
    return {**answer, "content": {**answer["content"], "text/event-stream": events}}


def _response(description: str, model: type[BaseModel]) -> Mapping[str, Any]:
    return _described(description, _reference(model))


def _errors(*statuses: int) -> Mapping[str, Any]:
    return {str(status): _error(_ERRORS[status]) for status in statuses}


def _error(description: str) -> Mapping[str, Any]:
    return _response(description, ErrorBody)


def _described(description: str, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "description": description,
        "content": {"application/json": {"schema": schema}},
    }


def _reference(model: type[BaseModel]) -> Mapping[str, Any]:
    return {"$ref": f"#/components/schemas/{model.__name__}"}


def _texts() -> Mapping[str, Any]:
    return {"type": "object", "additionalProperties": {"type": "string"}}


def _version() -> str:
    try:
        return version("stadtlotse")
    except PackageNotFoundError:
        return "0"
