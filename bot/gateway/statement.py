"""The accessibility statement: what was tested and how, what is known not to work, whom to tell."""

import jinja2
from aiohttp import web

from bot.gateway.languages import chosen_language
from bot.gateway.pages import WEB
from knowledge.texts import section

_TEMPLATES = jinja2.Environment(loader=jinja2.FileSystemLoader(WEB), autoescape=True, undefined=jinja2.StrictUndefined)


async def get_statement(request: web.Request) -> web.Response:
    """`GET /accessibility`: the statement in the reader's language."""
    lang = chosen_language(request)
    texts = section(lang, "accessibility")
    page = _TEMPLATES.get_template("accessibility.html").render(lang=lang, texts=texts)
    response = web.Response(text=page, content_type="text/html")
    response.enable_compression()
    return response
