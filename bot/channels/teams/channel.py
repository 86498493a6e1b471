"""The Teams app in operation: activities are checked, stored and acknowledged; the answers go out in the background."""

import asyncio
import contextlib
import hashlib
import json
import logging
from collections.abc import Mapping
from typing import Any

from aiohttp import web
from microsoft_agents.activity import Activity, ConversationReference
from pydantic import ValidationError

from bot.channels.common.deliveries import Delivery
from bot.channels.common.dispatch import Outlet, Shown
from bot.channels.common.inbox import Event, InboxFullError
from bot.channels.common.platform import Channel, House
from bot.channels.common.requests import limited
from bot.channels.common.turns import Answer, Question, welcome
from bot.channels.teams import cards, jobs
from bot.channels.teams.cards import Post
from bot.channels.teams.connector import Connector, RefusedError
from bot.channels.teams.gate import Gate
from bot.channels.teams.jobs import Press
from bot.channels.teams.settings import TeamsSettings
from knowledge.messages import Language, Message
from knowledge.texts import text

logger = logging.getLogger(__name__)

NAME = "teams"
_BODY_BYTES = 256 * 1024
_BODY_SECONDS = 10
_MESSAGE = "application/vnd.microsoft.activity.message"
_ERROR = "application/vnd.microsoft.error"


class TeamsChannel(Channel):
    """Stores what Teams delivers and does what it asks for."""

    def __init__(self, settings: TeamsSettings, house: House) -> None:
        self._house = house
        self._gate = Gate(settings)
        self._connector = Connector(settings)
        self._outlet = TeamsOutlet(self._connector, house.base)
        self._dispatch = house.dispatch(self._outlet)

    async def start(self) -> None:
        """Nothing: Teams calls."""

    async def close(self) -> None:
        """Let go of connections."""
        await self._gate.close()

    async def receive(self, request: web.Request) -> web.Response:
        """Take an activity: 401 or 403 where it is not Teams' for this app, 202 once it is stored, else the answer."""
        claims = await self._gate.admit(request)
        activity = await _read(request)
        self._gate.verify(activity, claims)
        try:
            if activity.type == "invoke":
                return await self._invoke(activity)
            await self._take(activity)
        except InboxFullError as error:
            raise web.HTTPServiceUnavailable from error
        return web.Response(status=202)

    async def work(self, event: Event) -> None:
        """Do what a stored event asks for."""
        job = jobs.JOB.validate_python(event.body)
        place = ConversationReference.model_validate(job.reference)
        with contextlib.suppress(RefusedError):  # the status is in the log; Teams would refuse it again
            match job:
                case jobs.Ask():
                    async with self._connector.typing(place):
                        await self._dispatch.answer(_question(job, event), event, place, was_clicked=job.was_clicked)
                case jobs.Edit():
                    await self._dispatch.answer_anew(_question(job, event), event, place)
                case jobs.Deletion():
                    await self._dispatch.take_back(event, place)
                case jobs.Redraw():
                    await self._redraw(job, place)
                case jobs.Welcome():
                    name = self._house.pseudonyms.name(NAME, place.conversation.id)
                    await self._dispatch.deliver(Answer(name, event.id, [welcome(job.lang)]), event, place)

    async def _take(self, activity: Activity) -> None:
        """Store what an activity asks for; most kinds ask for nothing."""
        event = jobs.event_of(activity)
        if activity.type == "message":
            await self._take_message(activity)
        elif activity.type == "messageUpdate" and event == "editMessage":
            words = jobs.words_of(activity)
            edit = jobs.Edit(
                reference=jobs.reference_of(activity),
                person=jobs.person_of(activity),
                text=words,
                lang=jobs.lang_of(activity),
            )
            await self._put(activity, edit, f"edit:{words}")
        elif activity.type == "messageDelete" and event == "softDeleteMessage":
            await self._house.inbox.withdraw(NAME, await self._question_name(activity))
            await self._put(activity, jobs.Deletion(reference=jobs.reference_of(activity)), "deletion")
        elif jobs.was_installed(activity):
            hello = jobs.Welcome(reference=jobs.reference_of(activity), lang=jobs.lang_of(activity))
            await self._house.inbox.put(
                Event(NAME, self._welcome_id(activity), self._lane(activity), hello.model_dump(mode="json"))
            )
        elif jobs.was_removed(activity):
            await self._house.inbox.forget(NAME, self._welcome_id(activity))
            await self._house.deliveries.forget_event(NAME, self._welcome_id(activity))

    async def _take_message(self, activity: Activity) -> None:
        press = jobs.pressed(activity.value)
        if press is None:
            await self._ask(activity, jobs.words_of(activity), was_clicked=False)
            return
        await self._do(activity, press)
        if activity.reply_to_id:
            reference = jobs.reference_of(activity)
            job = jobs.Redraw(reference=reference, answer=press.answer, card=activity.reply_to_id, chosen=press.chosen)
            await self._put(activity, job, "redraw", urgent=True)

    async def _do(self, activity: Activity, press: Press) -> None:
        """Do what a button asks for."""
        if press.do == jobs.ASK:
            await self._ask(activity, press.question, was_clicked=True)
        else:
            await self._keep(press)

    async def _ask(self, activity: Activity, words: str, *, was_clicked: bool) -> None:
        job = jobs.Ask(
            reference=jobs.reference_of(activity),
            person=jobs.person_of(activity),
            text=words,
            lang=jobs.lang_of(activity),
            was_clicked=was_clicked,
        )
        await self._put(activity, job, "ask")

    async def _put(self, activity: Activity, job: jobs.Job, mark: str, *, urgent: bool = False) -> None:
        conversation = activity.conversation.id
        known = f"{conversation}\n{activity.id}\n{mark}"
        await self._house.inbox.put(
            Event(
                channel=NAME,
                id=hashlib.sha256(known.encode()).hexdigest()[:32],
                lane=self._lane(activity),
                body=job.model_dump(mode="json"),
                question=await self._question_name(activity),
                urgent=urgent,
            )
        )

    async def _invoke(self, activity: Activity) -> web.Response:
        """Answer a pressed button with the card as it looks now."""
        if activity.name != "adaptiveCard/action":
            return web.Response(status=501)
        value: Mapping[str, Any] = activity.value if isinstance(activity.value, dict) else {}
        action = value.get("action") or {}
        press = jobs.pressed(action.get("data"))
        if press is None:
            refusal = {"code": "BadRequest", "message": text(jobs.lang_of(activity), "gateway.bad_request")}
            return _invoked(400, _ERROR, refusal)
        await self._do(activity, press)
        post = await self._post_now(press.answer, press.chosen)
        if post is not None and post.card is not None:
            return _invoked(200, cards.CARD, post.card)
        return _invoked(200, _MESSAGE, _said(press, jobs.lang_of(activity)))

    async def _keep(self, press: Press) -> None:
        delivery = await self._dispatch.delivery(press.answer)
        if delivery is not None:
            await self._dispatch.keep(delivery, press.opinion)

    async def _post_now(self, answer: str, chosen: str | None) -> Post | None:
        """An answer's post as it looks after what was pressed on it."""
        delivery = await self._dispatch.delivery(answer)
        message = await self._dispatch.message_of(delivery) if delivery else None
        if delivery is None or message is None:
            return None
        shown = Shown(opinion=await self._dispatch.opinion_of(delivery), chosen=chosen)
        rendered = self._outlet.render(message, answer, shown)
        return rendered[min(delivery.post, len(rendered) - 1)]

    async def _redraw(self, job: jobs.Redraw, place: ConversationReference) -> None:
        post = await self._post_now(job.answer, job.chosen)
        if post is not None:
            await self._connector.update(place, job.card, post.activity())

    def _lane(self, activity: Activity) -> str:
        return self._house.desk.conversation_of(NAME, activity.conversation.id, jobs.person_of(activity))

    async def _question_name(self, activity: Activity) -> str:
        return await self._house.message_name(NAME, "message", activity.conversation.id, activity.id or "")

    def _welcome_id(self, activity: Activity) -> str:
        return self._house.pseudonyms.name(NAME, "welcome", activity.conversation.id.partition(";")[0])


class TeamsOutlet(Outlet[ConversationReference, Post]):
    """Shows messages in Teams."""

    def __init__(self, connector: Connector, base: str) -> None:
        self._connector = connector
        self._base = base

    def render(self, message: Message, reference: str, shown: Shown) -> list[Post]:
        """A message as text and cards."""
        return cards.posts(message, self._base, reference, shown)

    async def send(self, place: ConversationReference, post: Post, delivery: Delivery) -> str:
        """Send a message."""
        return await self._connector.send(place, post.activity())

    async def find(self, place: ConversationReference, delivery: Delivery) -> str | None:
        """Nobody can tell: Teams lets a bot read no conversation without rights that this one does not ask for."""
        return ""

    async def update(self, place: ConversationReference, name: str, post: Post) -> None:
        """Change a message."""
        await self._connector.update(place, name, post.activity())

    async def delete(self, place: ConversationReference, name: str) -> None:
        """Delete a message."""
        await self._connector.delete(place, name)


async def _read(request: web.Request) -> Activity:
    """The activity in a request's body; raises what answers with 400, 408 or 413."""
    try:
        raw = await asyncio.wait_for(limited(request, _BODY_BYTES).read(), _BODY_SECONDS)
        body = json.loads(raw)
        activity: Activity = Activity.model_validate(body)
    except asyncio.TimeoutError as error:
        raise web.HTTPRequestTimeout from error
    except (ValueError, ValidationError, RecursionError, TypeError) as error:
        raise web.HTTPBadRequest from error
    if not (activity.type and activity.conversation and activity.conversation.id and activity.service_url):
        raise web.HTTPBadRequest
    return activity


def _question(job: jobs.Ask | jobs.Edit, event: Event) -> Question:
    place = str(job.reference["conversation"]["id"])
    return Question(NAME, event.id, job.person, place, job.text, job.lang)


def _invoked(status: int, kind: str, value: Any) -> web.Response:
    return web.json_response({"statusCode": status, "type": kind, "value": value})


def _said(press: Press, lang: Language) -> str:
    """What is said where the card itself cannot be drawn anew."""
    if press.do == jobs.ASK:
        return text(lang, "channels.chosen", question=press.question)
    return text(lang, f"feedback.thanks_{press.verdict}")
