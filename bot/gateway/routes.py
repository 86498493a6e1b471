"""Which address leads to which handler."""

from aiohttp import web

from bot.gateway.handlers import (
    delete_conversation,
    get_messages,
    get_transcript,
    post_conversation,
    post_feedback,
    post_message,
)
from bot.gateway.health import get_health, get_readiness
from bot.gateway.metrics import get_metrics
from bot.gateway.openapi import get_openapi
from bot.gateway.pages import get_index, get_static, get_texts
from bot.gateway.sign_in import get_callback, get_session, get_sign_in, post_sign_out
from bot.gateway.sources import get_original, get_page_picture, get_source
from bot.gateway.statement import get_statement
from bot.gateway.widget import get_widget

ROUTES = (
    web.get("/", get_index),
    web.get("/widget.js", get_widget),
    web.get("/accessibility", get_statement),
    web.get("/sign-in", get_sign_in),
    web.get("/sign-in/callback", get_callback),
    web.get("/api/session", get_session),
    web.post("/api/sign-out", post_sign_out),
    web.get("/static/{path:.+}", get_static),
    web.get("/sources/{document:.+}/original", get_original),
    web.get("/sources/{document:.+}/{passage}/page.webp", get_page_picture),
    web.get("/sources/{document:.+}/{passage}", get_source),
    web.post("/api/conversations", post_conversation),
    web.post("/api/conversations/{conversation}/messages", post_message),
    web.get("/api/conversations/{conversation}/messages", get_messages),
    web.delete("/api/conversations/{conversation}", delete_conversation),
    web.get("/api/conversations/{conversation}/transcript", get_transcript),
    web.post("/api/conversations/{conversation}/feedback", post_feedback),
    web.get("/api/texts/{lang}", get_texts),
    web.get("/api/openapi.json", get_openapi),
    web.get("/healthz", get_health),
    web.get("/readyz", get_readiness),
    web.get("/metrics", get_metrics),
)
