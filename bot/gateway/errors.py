"""What a request that cannot be served is answered with."""

import logging
import traceback
from collections.abc import Mapping
from enum import Enum

from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import BaseModel, Field

from bot.gateway.languages import language_of
from bot.gateway.rendering import render, way_back
from knowledge.messages import Language
from knowledge.texts import section, text

logger = logging.getLogger(__name__)


class ErrorCode(str, Enum):
    """What went wrong, for programs."""

    BAD_REQUEST = "bad_request"
    BODY_INCOMPLETE = "body_incomplete"
    BODY_TOO_LARGE = "body_too_large"
    BROKEN_JSON = "broken_json"
    FORBIDDEN = "forbidden"
    FOREIGN_ORIGIN = "foreign_origin"
    INTERNAL = "internal"
    INVALID_BODY = "invalid_body"
    INVALID_FIELD = "invalid_field"
    MESSAGE_ID_REUSED = "message_id_reused"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    MISSING_FIELD = "missing_field"
    NOT_FOUND = "not_found"
    SHUTTING_DOWN = "shutting_down"
    SIGN_IN_NEEDED = "sign_in_needed"
    TEXT_EMPTY = "text_empty"
    TEXT_TOO_LONG = "text_too_long"
    TIMEOUT = "timeout"
    TOO_MANY_REQUESTS = "too_many_requests"
    TOO_MANY_WAITING = "too_many_waiting"
    UNAVAILABLE = "unavailable"
    UNKNOWN_CONVERSATION = "unknown_conversation"
    UNKNOWN_MESSAGE = "unknown_message"
    UNKNOWN_FIELD = "unknown_field"
    WRONG_CONTENT_TYPE = "wrong_content_type"


_STATUS: Mapping[ErrorCode, int] = {
    ErrorCode.BODY_INCOMPLETE: 408,
    ErrorCode.BODY_TOO_LARGE: 413,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.FOREIGN_ORIGIN: 403,
    ErrorCode.INTERNAL: 500,
    ErrorCode.MESSAGE_ID_REUSED: 409,
    ErrorCode.METHOD_NOT_ALLOWED: 405,
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.SHUTTING_DOWN: 503,
    ErrorCode.SIGN_IN_NEEDED: 401,
    ErrorCode.TIMEOUT: 503,
    ErrorCode.TOO_MANY_REQUESTS: 429,
    ErrorCode.TOO_MANY_WAITING: 429,
    ErrorCode.UNAVAILABLE: 503,
    ErrorCode.UNKNOWN_CONVERSATION: 404,
    ErrorCode.UNKNOWN_MESSAGE: 404,
    ErrorCode.WRONG_CONTENT_TYPE: 415,
}


class ErrorDetail(BaseModel):
    """What went wrong."""

    code: ErrorCode
    message: str = Field(description="One sentence for people, in their language")


class ErrorBody(BaseModel):
    """The body of every response that reports an error."""

    error: ErrorDetail


class ApiError(Exception):
    """A request that is refused or cannot be served.

    `values` fill the placeholders of the sentence under the code in the texts' section 'gateway'.
    """

    def __init__(self, code: ErrorCode, *, retry_after: int | None = None, **values: object) -> None:
        super().__init__(code.value)
        self.code = code
        self.headers = {"Retry-After": str(retry_after)} if retry_after is not None else {}
        self.values = values

    @property
    def status(self) -> int:
        """The HTTP status that goes with it."""
        return _STATUS.get(self.code, 400)

    def sentence(self, lang: Language) -> str:
        """What people are told, in `lang`."""
        return text(lang, f"gateway.{self.code.value}", **self.values)

    def body(self, lang: Language) -> str:
        """The error as JSON, its sentence in `lang`."""
        return ErrorBody(error=ErrorDetail(code=self.code, message=self.sentence(lang))).model_dump_json()


@web.middleware
async def told_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever a handler raises into an error in JSON, or in words where it is shown as a page.

    Nothing of an unexpected one is shown but that it happened.
    """
    try:
        return await handler(request)
    except ApiError as error:
        return _response(request, error, error.status, error.headers)
    except web.HTTPException as error:
        return _of_aiohttp(request, error)
    except ConnectionError:
        raise  # the reader has gone, nobody is left to tell
    except Exception as error:
        log_unexpected(error)
        failure = ApiError(ErrorCode.INTERNAL)
        return _response(request, failure, failure.status, {})


def log_unexpected(error: BaseException) -> None:
    """Log where an error happened without its message, which may hold what a person wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    where = " > ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames[-6:])
    logger.error("Unexpected %s at %s", type(error).__name__, where)


def _of_aiohttp(request: web.Request, error: web.HTTPException) -> web.StreamResponse:
    if error.status < 400:
        raise error
    if isinstance(error, web.HTTPRequestEntityTooLarge):
        known = ApiError(ErrorCode.BODY_TOO_LARGE, limit=request.client_max_size // 1024)
    elif isinstance(error, web.HTTPMethodNotAllowed):
        known = ApiError(ErrorCode.METHOD_NOT_ALLOWED)
    elif isinstance(error, web.HTTPNotFound):
        known = ApiError(ErrorCode.NOT_FOUND)
    else:
        known = ApiError(ErrorCode.BAD_REQUEST)
    allow = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
    return _response(request, known, error.status, allow)


def _response(request: web.Request, error: ApiError, status: int, headers: Mapping[str, str]) -> web.Response:
    lang = language_of(request)
    if _is_shown_as_page(request):
        texts = section(lang, "gateway")
        page = render("refused.html", lang, way_back(request), texts=texts, reason=error.sentence(lang))
        return web.Response(text=page, status=status, headers=headers, content_type="text/html")
    return web.Response(text=error.body(lang), status=status, headers=headers, content_type="application/json")


def _is_shown_as_page(request: web.Request) -> bool:
    """Whether somebody followed a link to here, and so sees what comes."""
    return request.method == "GET" and "text/html" in request.headers.get("Accept", "")
