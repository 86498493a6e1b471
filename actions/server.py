"""The action server: Rasa's protocol over HTTP, for Rasa alone."""

import hmac
import logging
import traceback
from asyncio import AbstractEventLoop

from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionNotFoundException
from sanic import Sanic, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from actions.answer import AnswerQuestion
from actions.answering import Answering
from actions.confirm import Confirm
from actions.feedback import TakeOpinion, TakeReason
from actions.following import Pick, Retell
from actions.funding_form import STEPS, AskStep, LeaveSearch, Recommend, ValidateFundingForm
from actions.handover import AskConsent, NameContact, SaveConversation, SendConversation
from actions.settled import Settled
from actions.small_talk import SmallTalk
from knowledge.answering.contacts import Contacts

logger = logging.getLogger(__name__)

# With many turns at once, Rasa sends its request long after it opened the connection; Sanic would give up after 5 s.
_IDLE_SECONDS = 120


def create_app(answering: Answering, contacts: Contacts, token: str) -> Sanic:
    """The server with all actions: `POST /webhook` runs one, `GET /health` says whether questions are answered yet."""
    app = Sanic("actions", configure_logging=False)
    app.config.KEEP_ALIVE_TIMEOUT = _IDLE_SECONDS
    executor = ActionExecutor()
    actions = [
        *(AnswerQuestion(answering), Retell(answering), Pick(answering), SmallTalk(answering), Confirm(answering)),
        *(TakeOpinion(answering), TakeReason(answering)),
        *(NameContact(answering, contacts), AskConsent(contacts), SendConversation(), SaveConversation()),
        *(*(AskStep(answering, step) for step in STEPS), Recommend(answering), LeaveSearch()),
    ]
    for action in (*(Settled(action) for action in actions), ValidateFundingForm(answering)):
        executor.register_action(action)

    async def health(request: Request) -> HTTPResponse:
        if answering.is_ready:
            return response.json({"status": "ok", "release": answering.release_id})
        return response.json({"status": "failed" if answering.has_failed else "loading"}, status=503)

    async def webhook(request: Request) -> HTTPResponse:
        given = request.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(errors="surrogateescape"), f"Bearer {token}".encode()):
            return response.json({"error": "A valid bearer token is needed."}, status=401)
        return response.json(await executor.run(request.json))

    async def start(app: Sanic, loop: AbstractEventLoop) -> None:
        answering.start()

    app.add_route(health, "/health", methods=["GET"])
    app.add_route(webhook, "/webhook", methods=["POST"])
    app.register_listener(start, "before_server_start")
    app.error_handler.add(Exception, _fail)
    return app


def _fail(request: Request, error: Exception) -> HTTPResponse:
    """An error without the person's words: neither the reply nor the log repeats what was sent."""
    if isinstance(error, SanicException):
        return response.json({"error": str(error)}, status=error.status_code)
    if isinstance(error, ActionNotFoundException):
        return response.json({"error": "There is no such action."}, status=404)
    frames = "".join(traceback.format_tb(error.__traceback__))
    logger.error("An action failed with %s:\n%s", type(error).__name__, frames)
    return response.json({"error": "The action failed."}, status=500)
