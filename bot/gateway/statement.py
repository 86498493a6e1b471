"""The accessibility statement: what was tested and how, what is known not to work, whom to tell."""

from aiohttp import web

from bot.gateway.languages import chosen_language
from bot.gateway.rendering import render, way_back
from knowledge.texts import section


async def get_statement(request: web.Request) -> web.Response:
    """`GET /accessibility`: the statement in the reader's language."""
    lang = chosen_language(request)
    texts = section(lang, "accessibility")
    page = render("accessibility.html", lang, way_back(request), texts=texts)
    response = web.Response(text=page, content_type="text/html")
    response.enable_compression()
    return response
