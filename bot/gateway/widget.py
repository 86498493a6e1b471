"""The widget: the website's modules and style sheets put together as the one module that other sites load."""

import gzip
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import rjsmin
from aiohttp import web

from bot.gateway.openid import OpenIdSettings
from bot.gateway.pages import REVALIDATED, WEB, chat_texts
from bot.variables import read_settings
from knowledge.errors import StadtlotseError
from knowledge.messages import Language
from knowledge.settings import Settings

_ENTRY = "widget.js"
# The languages whose words come with the module: most people read them, and so wait for one answer less.
_BROUGHT: tuple[Language, ...] = ("de",)
_STYLES = ("theme", "panel", "chat", "turns", "sources", "listing", "feedback", "composer", "print")
_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./(\w+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|class|const) (\w+))", re.MULTILINE)
# Minifiers of style sheets trip over container queries; zipped, the rest of the space hardly counts.
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# Sizes in rem, but not those in conditions, where no variable may stand.
_REM = re.compile(r"(@[^{]*\{)|(?<![\w.-])(-?[\d.]+)rem\b")


@dataclass(frozen=True)
class Widget:
    """The module as it is sent."""

    plain: bytes
    zipped: bytes
    tag: str


WIDGET = web.AppKey("widget", Widget)


def widget(settings: Settings) -> Widget:
    """Put the widget together for an installation.

    Raises `StadtlotseError` where a setting that it tells is wrong, `ValueError` where modules import each other.
    """
    words = {lang: chat_texts(lang) for lang in _BROUGHT}
    made = {
        "styles.js": f"export const styles = {json.dumps(_styles(), ensure_ascii=False)};\n",
        "words.js": f"export const words = {json.dumps(words, ensure_ascii=False)};\n",
        "installation.js": f"export const installation = {json.dumps(_installation(settings))};\n",
    }
    plain = rjsmin.jsmin(_joined(_ENTRY, made)).encode()
    zipped = gzip.compress(plain, 9, mtime=0)
    return Widget(plain, zipped, f'"{hashlib.sha256(plain).hexdigest()[:32]}"')


async def get_widget(request: web.Request) -> web.Response:
    """`GET /widget.js`: the module that defines `<stadtlotse-chat>`."""
    module = request.app[WIDGET]
    headers = {"Cache-Control": REVALIDATED, "ETag": module.tag, "Vary": "Accept-Encoding"}
    if module.tag in (tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")):
        return web.Response(status=304, headers=headers)
    is_zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    if is_zipped:
        headers["Content-Encoding"] = "gzip"
    body = module.zipped if is_zipped else module.plain
    return web.Response(body=body, headers=headers, content_type="text/javascript", charset="utf-8")


def _installation(settings: Settings) -> dict[str, object]:
    """What the chat tells of this installation."""
    privacy = urlsplit(settings.privacy_url)
    if settings.privacy_url and not (privacy.scheme in ("https", "http") and privacy.hostname):
        raise StadtlotseError("STADTLOTSE_PRIVACY_URL is no web address; write it with https://.")
    signs_in = read_settings(OpenIdSettings).is_on
    return {"retentionDays": settings.retention_days, "privacyUrl": settings.privacy_url, "signsIn": signs_in}


def _styles() -> str:
    """The chat's style sheets as one; sizes are those of `--rem`, which the page around cannot redefine."""
    css = "".join((WEB / f"{name}.css").read_text(encoding="utf-8") for name in _STYLES)
    short = " ".join(_COMMENT.sub("", css).split())
    return _REM.sub(lambda size: size[1] or f"calc(var(--rem)*{size[2]})", short)


def _joined(entry: str, made: Mapping[str, str]) -> str:
    """A module and all it imports as one: each in a function of its own, so that no names meet."""
    joined: dict[str, str] = {}
    _join(entry, made, joined, ())
    return "".join(joined.values())


def _join(name: str, made: Mapping[str, str], joined: dict[str, str], importing: tuple[str, ...]) -> None:
    if name in importing:
        raise ValueError(f"{' → '.join((*importing, name))}: modules import each other in a circle")
    if name in joined:
        return
    source = made.get(name) or (WEB / name).read_text(encoding="utf-8")
    for _, imported in _IMPORT.findall(source):
        _join(imported, made, joined, (*importing, name))
    body = _IMPORT.sub(lambda found: f"const {{{found[1].replace(' as ', ': ')}}} = {_name(found[2])};\n", source)
    exports = ", ".join(_EXPORT.findall(body))
    joined[name] = f"const {_name(name)} = (() => {{\n{_EXPORT.sub('', body)}\nreturn {{ {exports} }};\n}})();\n"


def _name(module: str) -> str:
    return f"${module.removesuffix('.js')}"
