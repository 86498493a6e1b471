"""Reading what a caller sent, strictly."""

import asyncio
import json
import unicodedata
from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address
from typing import NoReturn, TypeVar

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from pydantic import BaseModel, ValidationError

from bot.gateway.errors import ApiError, ErrorCode
from bot.gateway.limits import TEXT_LENGTH

Body = TypeVar("Body", bound=BaseModel)

_UTF8 = ("utf-8", "utf8")
_SHOWN_FIELD_LENGTH = 40


async def read_body(request: web.Request, model: type[Body], seconds: float, *, optional: bool = False) -> Body:
    """The request's JSON body as `model`; raises the `ApiError` that names what is wrong with it.

    With `optional`, a request without any body counts as an empty object.
    """
    if optional and not request.can_read_body:
        return _validated(model, {})
    is_utf8 = (request.charset or "utf-8").lower() in _UTF8
    if request.headers.get("Content-Type") is None or request.content_type != "application/json" or not is_utf8:
        raise ApiError(ErrorCode.WRONG_CONTENT_TYPE)
    return _validated(model, _parsed(await _read(request, seconds)))


def clean_text(text: str) -> str:
    """`text` without control characters and surrounding space; raises where nothing readable is left."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(char for char in lines if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs")).strip()
    if all(unicodedata.category(char)[0] in "ZC" for char in kept):
        raise ApiError(ErrorCode.TEXT_EMPTY)
    return kept


def is_from_this_machine(request: web.Request) -> bool:
    """Whether a request comes from this machine itself, and through no proxy."""
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers or request.remote is None:
        return False
    parsed = ip_address(request.remote)
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return (mapped or parsed).is_loopback


async def _read(request: web.Request, seconds: float) -> bytes:
    try:
        return await asyncio.wait_for(request.read(), seconds)
    except asyncio.TimeoutError as error:
        raise ApiError(ErrorCode.BODY_INCOMPLETE) from error
    except (web.RequestPayloadError, HttpProcessingError) as error:
        raise ApiError(ErrorCode.BAD_REQUEST) from error


def _parsed(raw: bytes) -> object:
    try:
        return json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_without_doubles,
            parse_constant=_no_constant,
        )
    except (ValueError, RecursionError) as error:
        raise ApiError(ErrorCode.BROKEN_JSON) from error


def _without_doubles(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    result: dict[str, object] = {}
    for key, value in pairs:
        key.encode()  # half a surrogate pair is no character and cannot name a field
        if key in result:
            raise ValueError("a key stands twice")
        result[key] = value
    return result


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _validated(model: type[Body], value: object) -> Body:
    if not isinstance(value, dict):
        raise ApiError(ErrorCode.INVALID_BODY)
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise _api_error(error) from error


def _api_error(error: ValidationError) -> ApiError:
    first = error.errors(include_url=False, include_input=False)[0]
    path = ".".join(part for part in first["loc"] if isinstance(part, str))
    field = path[:_SHOWN_FIELD_LENGTH].encode("utf-8", "replace").decode("utf-8")
    match first["type"]:
        case "extra_forbidden":
            return ApiError(ErrorCode.UNKNOWN_FIELD, field=field)
        case "missing":
            return ApiError(ErrorCode.MISSING_FIELD, field=field)
        case "string_too_short":
            return ApiError(ErrorCode.TEXT_EMPTY)
        case "string_too_long":
            return ApiError(ErrorCode.TEXT_TOO_LONG, limit=TEXT_LENGTH)
        case _:
            return ApiError(ErrorCode.INVALID_FIELD, field=field)
