"""The static files of the website, and the texts its scripts show."""

import json
from collections.abc import Mapping
from pathlib import Path

from aiohttp import web

from bot.gateway.errors import ApiError, ErrorCode
from bot.gateway.security import policy_with_style
from knowledge.messages import LANGUAGES, Language
from knowledge.texts import section

WEB = Path(__file__).parent.parent / "web"

# Named here rather than guessed: a machine's own type tables differ, and browsers are told not to sniff.
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
}
REVALIDATED = "no-cache"

INDEX_POLICY = web.AppKey("index_policy", str)
STATIC_FILES = web.AppKey("static_files", Mapping[str, Path])


def static_files() -> Mapping[str, Path]:
    """The files that may be asked for, by their address below `/static/`: no other path is ever opened."""
    return {path.relative_to(WEB).as_posix(): path for path in WEB.rglob("*") if path.suffix in _TYPES}


def index_policy() -> str:
    """The policy of the chat page, which holds the style of its first moment: that must wait for nothing."""
    page = (WEB / "index.html").read_text(encoding="utf-8")
    return policy_with_style(page.partition("<style>")[2].partition("</style>")[0])


async def get_index(request: web.Request) -> web.StreamResponse:
    """`GET /`: the chat page."""
    page = _file(WEB / "index.html", "text/html; charset=utf-8")
    page.headers["Content-Security-Policy"] = request.app[INDEX_POLICY]
    return page


async def get_static(request: web.Request) -> web.StreamResponse:
    """`GET /static/{path}`: a file of the website, kept by browsers but asked for again."""
    path = request.app[STATIC_FILES].get(request.match_info["path"])
    if path is None:
        raise ApiError(ErrorCode.NOT_FOUND)
    return _file(path, _TYPES[path.suffix])


def chat_texts(lang: Language) -> dict[str, str]:
    """All that the chat says by itself, in one language."""
    feedback = {f"feedback_{key}": words for key, words in section(lang, "feedback").items()}
    return {**section(lang, "page"), **feedback}


async def get_texts(request: web.Request) -> web.Response:
    """`GET /api/texts/{lang}`: what the page says, in one language."""
    for lang in LANGUAGES:
        if lang == request.match_info["lang"]:
            texts = json.dumps(chat_texts(lang), ensure_ascii=False)
            response = web.Response(text=texts, content_type="application/json")
            response.enable_compression()
            return response
    raise ApiError(ErrorCode.NOT_FOUND)


def _file(path: Path, content_type: str) -> web.FileResponse:
    """The file with its ETag, by which a browser learns that what it keeps is still right."""
    if not path.is_file():
        raise ApiError(ErrorCode.NOT_FOUND)
    return web.FileResponse(path, headers={"Content-Type": content_type, "Cache-Control": REVALIDATED})
