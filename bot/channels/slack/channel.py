"""The Slack app in operation: Bolt takes the events, the inbox keeps them, the answers go out in the background."""

import contextlib
import hashlib
import logging
import re
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError

from bot.channels.common.deliveries import Delivery
from bot.channels.common.dispatch import Outlet, Shown
from bot.channels.common.inbox import Event, InboxFullError
from bot.channels.common.platform import Channel, House
from bot.channels.common.requests import limited
from bot.channels.common.turns import Answer, Question, starters, welcome
from bot.channels.slack import blocks, jobs
from bot.channels.slack.api import SlackApi, quiet
from bot.channels.slack.blocks import Post
from bot.channels.slack.settings import SlackSettings
from bot.channels.slack.socket import Socket
from bot.gateway.errors import log_unexpected
from knowledge.feedback import Opinion, Verdict
from knowledge.messages import Language, Message
from knowledge.texts import text

logger = logging.getLogger(__name__)

NAME = "slack"
COMMAND = "/lotse"
_BODY_BYTES = 512 * 1024  # a click brings the whole message along on which it was made
_MAX_AGE_SECONDS = 300
_RESPONSE_HOST = "hooks.slack.com"
_LANGUAGE: Language = "de"


class SlackChannel(Channel):
    """Stores what Slack delivers and does what it asks for."""

    def __init__(self, settings: SlackSettings, house: House) -> None:
        self._settings = settings
        self._house = house
        self._api = SlackApi(settings)
        self._outlet = SlackOutlet(self._api, settings, house.base)
        self._dispatch = house.dispatch(self._outlet)
        self._app = self._bolt()
        self._socket = Socket(settings, self._app, self._api) if settings.app_token else None

    async def start(self) -> None:
        """Open the socket, where Socket Mode is configured."""
        if self._socket is not None:
            self._socket.start()

    async def close(self) -> None:
        """Let go of the socket and the connections."""
        if self._socket is not None:
            await self._socket.close()
        await self._api.close()

    async def work(self, event: Event) -> None:
        """Do what a stored event asks for."""
        job = jobs.JOB.validate_python(event.body)
        with contextlib.suppress(SlackApiError):  # the reason is in the log; Slack would refuse it again
            await self._do(job, event)

    async def _do(self, job: jobs.Job, event: Event) -> None:
        match job:
            case jobs.Ask():
                await self._answer(job, event)
            case jobs.Edit():
                await self._dispatch.answer_anew(_question(job, event), event, job.place)
            case jobs.Deletion():
                await self._dispatch.take_back(event, jobs.Place(channel=job.channel))
            case jobs.Vote():
                await self._vote(job)
            case jobs.Choice():
                await self._redraw(job, Shown(asked=job.asked, chosen=job.chosen))
            case jobs.Reason():
                await self._keep_reason(job)
            case jobs.Greeting():
                await self._greet(job, event)
            case jobs.Home():
                await self._api.publish_home(job.user, blocks.home())

    async def receive(self, request: web.Request) -> web.Response:
        """Take an event, a click or a command; what is not signed, or was signed long ago, is refused with 401."""
        if not (request.headers.get("X-Slack-Signature") and _is_recent(request.headers)):
            return web.json_response({"error": "invalid request"}, status=401)
        bolt_request = await to_bolt_request(limited(request, _BODY_BYTES))
        return await to_aiohttp_response(await self._app.async_dispatch(bolt_request))

    def _bolt(self) -> AsyncApp:
        secret = self._settings.signing_secret
        token = self._api.client.token

        async def authorize(team_id: str | None, enterprise_id: str | None) -> AuthorizeResult:
            # Bolt asks on every request, so that the answer must not need a call to Slack.
            return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=token)

        app = AsyncApp(
            logger=quiet,
            signing_secret=secret.get_secret_value() if secret else "",
            client=self._api.client,
            authorize=authorize,
            process_before_response=True,  # an event is stored before it is acknowledged
            ssl_check_enabled=False,  # it lets requests without a signature pass
        )
        app.error(_on_error)
        for name, read in (
            ("app_mention", jobs.of_mention),
            ("message", jobs.of_message),
            ("assistant_thread_started", jobs.of_thread_started),
            ("app_home_opened", jobs.of_home_opened),
            ("assistant_thread_context_changed", lambda _event: None),
        ):
            app.event(name)(self._listener(read))
        app.command(COMMAND)(self._on_command)
        app.action(re.compile(f"^{blocks.ASK}_"))(self._on_suggestion)
        app.action(re.compile(f"^({blocks.UP}|{blocks.DOWN})$"))(self._on_vote)
        app.view(blocks.REASON)(self._on_reason)
        return app

    def _listener(self, read: Any) -> Any:
        async def on_event(body: dict[str, Any], event: dict[str, Any]) -> None:
            job = read(event)
            if job is not None:
                await self._put(body["event_id"], job)

        return on_event

    async def _on_command(self, ack: AsyncAck, command: dict[str, Any]) -> None:
        await self._put(command["trigger_id"], jobs.of_command(command))
        await ack()

    async def _on_suggestion(self, ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        click = _click(body, action)
        await self._put(click, jobs.of_suggestion(body, action))
        if choice := jobs.of_choice(body, action):
            await self._put(f"{click}:choice", choice)
        await ack()

    async def _on_vote(self, ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        verdict: Verdict = "up" if action["action_id"] == blocks.UP else "down"
        await self._put(_click(body, action), jobs.of_vote(body, action, verdict))
        await ack()

    async def _on_reason(self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        await self._put(f"{view['id']}:{view.get('hash', '')}", jobs.of_reason(view))
        await ack()

    async def _put(self, event_id: str, job: jobs.Job) -> None:
        """Store what there is to do; a question that was taken back is not answered even where it waits already."""
        question = ""
        if isinstance(job, jobs.Ask | jobs.Edit | jobs.Deletion) and job.ts:
            channel = job.channel if isinstance(job, jobs.Deletion) else job.place.channel
            question = await self._house.message_name(NAME, "message", channel, job.ts)
        if isinstance(job, jobs.Deletion):
            await self._house.inbox.withdraw(NAME, question)
        known = Event(
            channel=NAME,
            id=hashlib.sha256(event_id.encode()).hexdigest()[:32],
            lane=self._lane(job),
            body=job.model_dump(mode="json"),
            question=question,
            urgent=isinstance(job, jobs.Click | jobs.Reason),
        )
        await self._house.inbox.put(known)

    def _lane(self, job: jobs.Job) -> str:
        match job:
            case jobs.Ask() | jobs.Edit():
                return self._conversation(job.place.channel, job.place.thread, job.user)
            case jobs.Deletion():
                return self._conversation(job.channel, job.thread, job.user)
            case jobs.Greeting():
                return self._house.pseudonyms.name(NAME, job.channel, job.thread)
            case jobs.Home():
                return self._house.pseudonyms.name(NAME, job.user)
        return ""

    def _conversation(self, channel: str, thread: str | None, user: str) -> str:
        return self._house.desk.conversation_of(NAME, _place(channel, thread), user)

    async def _answer(self, job: jobs.Ask, event: Event) -> None:
        if job.is_assistant and job.place.thread:
            status = text(_LANGUAGE, "channels.thinking")
            await self._api.set_status(job.place.channel, job.place.thread, status)
        await self._dispatch.answer(_question(job, event), event, job.place, was_clicked=job.echo)

    async def _vote(self, job: jobs.Vote) -> None:
        delivery = await self._dispatch.delivery(job.reference)
        if delivery is None:
            return
        message = await self._dispatch.message_of(delivery)
        if job.verdict == "down":
            lang = message.lang if message else _LANGUAGE
            await self._api.open_modal(job.trigger, blocks.reason_modal(job.reference, lang))
        opinion = Opinion(verdict=job.verdict)
        await self._dispatch.keep(delivery, opinion)
        await self._redraw(job, Shown(asked=job.asked, opinion=opinion))

    async def _redraw(self, job: jobs.Click, shown: Shown) -> None:
        """Show an answer in its place as it is after a click."""
        delivery = await self._dispatch.delivery(job.reference)
        message = await self._dispatch.message_of(delivery) if delivery else None
        if message is None:
            return
        last = self._outlet.render(message, job.reference, shown)[-1]
        if job.message:
            await self._api.update(job.channel, job.message, last)
        elif job.response_url:
            await self._outlet.respond(job.response_url, last, replace=True)

    async def _keep_reason(self, job: jobs.Reason) -> None:
        delivery = await self._dispatch.delivery(job.reference)
        if delivery is not None:
            await self._dispatch.keep(delivery, job.opinion)

    async def _greet(self, job: jobs.Greeting, event: Event) -> None:
        name = self._house.pseudonyms.name(NAME, job.channel, job.thread)
        place = jobs.Place(channel=job.channel, thread=job.thread)
        await self._dispatch.deliver(Answer(name, event.id, [welcome(_LANGUAGE)]), event, place)
        prompts = [{"title": question.title, "message": question.payload} for question in starters(_LANGUAGE)]
        await self._api.set_prompts(job.channel, job.thread, text(_LANGUAGE, "channels.prompts"), prompts)


class SlackOutlet(Outlet[jobs.Place, Post]):
    """Shows messages on Slack."""

    def __init__(self, api: SlackApi, settings: SlackSettings, base: str) -> None:
        self._api = api
        self._response_hosts = (_RESPONSE_HOST, urlsplit(settings.api_url).netloc)
        self._base = base

    def render(self, message: Message, reference: str, shown: Shown) -> list[Post]:
        """A message in Block Kit."""
        return blocks.posts(message, self._base, reference, shown)

    async def send(self, place: jobs.Place, post: Post, delivery: Delivery) -> str:
        """Post a message, for one person where the place says so."""
        if place.response_url:
            return await self.respond(place.response_url, post)
        return await self._api.post(place, post, delivery)

    async def find(self, place: jobs.Place, delivery: Delivery) -> str | None:
        """Look for a post; what only one person sees cannot be looked for."""
        return "" if place.response_url else await self._api.find(place, delivery)

    async def update(self, place: jobs.Place, name: str, post: Post) -> None:
        """Change a message."""
        await self._api.update(place.channel, name, post)

    async def delete(self, place: jobs.Place, name: str) -> None:
        """Delete a message."""
        await self._api.delete(place.channel, name)

    async def respond(self, response_url: str, post: Post, *, replace: bool = False) -> str:
        """Say something that one person sees; no host but Slack's is called, whatever the event says."""
        if urlsplit(response_url).netloc not in self._response_hosts:
            logger.error("Slack: an event named an address of a host that is not Slack's; it was not called")
            return ""
        return await self._api.respond(response_url, post, replace=replace)


def _question(job: jobs.Ask | jobs.Edit, event: Event) -> Question:
    place = _place(job.place.channel, job.place.thread)
    return Question(NAME, event.id, job.user, place, job.text, _LANGUAGE)


async def _on_error(error: Exception) -> BoltResponse:
    """What could not be stored is not acknowledged, so that Slack delivers it again."""
    if not isinstance(error, InboxFullError):
        log_unexpected(error)
    return BoltResponse(status=503)


def _place(channel: str, thread: str | None) -> str:
    return f"{channel}/{thread or ''}"


def _click(body: Mapping[str, Any], action: Mapping[str, Any]) -> str:
    return f"{body['trigger_id']}:{action['action_id']}"


def _is_recent(headers: Mapping[str, str]) -> bool:
    """Whether a request says that it was sent in the last five minutes; Bolt checks it again with the signature."""
    try:
        return abs(time.time() - int(headers.get("X-Slack-Request-Timestamp", ""))) <= _MAX_AGE_SECONDS
    except ValueError:
        return False
