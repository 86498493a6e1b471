"""Slack's events as what there is to do; only what the work needs is kept of them."""

import html
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, TypeAdapter

from knowledge.feedback import WORDS_LENGTH, Opinion, Verdict
from knowledge.feedback import Reason as FeedbackReason

_MENTION = re.compile(r"<@[A-Z0-9]+(?:\|[^>]*)?>")
_SPECIAL = re.compile(r"<(?:[#!]|(?:https?|mailto|tel):)[^>|]*\|([^>]*)>")
_BARE_LINK = re.compile(r"<((?:https?|mailto|tel):[^>|]*)>")
_OTHER = re.compile(r"<[#!][^>]*>")
_BLANKS = re.compile(r"[ \t]{2,}")
# The block that shows a question which somebody only clicked.
ASKED = "lotse_asked"
# How the block with the choices of a step is named, before the reference of the answer.
CHOICES = "lotse_choices:"
# The fields of the modal that asks why an answer did not help.
REASONS_INPUT, WORDS_INPUT = "reasons", "words"
_OWN_SUBTYPES = (None, "file_share", "thread_broadcast")


class Place(BaseModel):
    """Where something is said; `response_url` is Slack's address for what only one person sees."""

    channel: str
    thread: str | None = None
    response_url: str | None = None


class Ask(BaseModel):
    """Somebody asked; `ts` names their message. With `echo` the question is shown, because they only clicked it."""

    kind: Literal["ask"] = "ask"
    place: Place
    user: str
    text: str
    ts: str | None = None
    echo: bool = False
    is_assistant: bool = False


class Edit(BaseModel):
    """Somebody changed a question."""

    kind: Literal["edit"] = "edit"
    place: Place
    user: str
    text: str
    ts: str


class Deletion(BaseModel):
    """Somebody deleted a question."""

    kind: Literal["deletion"] = "deletion"
    channel: str
    user: str
    thread: str | None
    ts: str


class Click(BaseModel):
    """Somebody clicked in an answer; `message` is where it stands, none where only they see it."""

    reference: str
    channel: str
    message: str | None
    response_url: str | None
    asked: str | None = None


class Vote(Click):
    """Somebody pressed a thumb."""

    kind: Literal["vote"] = "vote"
    verdict: Verdict
    trigger: str


class Choice(Click):
    """Somebody answered a step, so that its choices go."""

    kind: Literal["choice"] = "choice"
    chosen: str


class Reason(BaseModel):
    """Somebody said why an answer did not help."""

    kind: Literal["reason"] = "reason"
    reference: str
    opinion: Opinion


class Greeting(BaseModel):
    """Somebody opened the assistant pane."""

    kind: Literal["greeting"] = "greeting"
    channel: str
    thread: str


class Home(BaseModel):
    """Somebody opened the home tab."""

    kind: Literal["home"] = "home"
    user: str


Job = Annotated[Ask | Edit | Deletion | Vote | Choice | Reason | Greeting | Home, Field(discriminator="kind")]
JOB: TypeAdapter[Job] = TypeAdapter(Job)


def plain(text: str) -> str:
    """Slack's markup as plain words: without mentions of people, links as their words."""
    text = _SPECIAL.sub(r"\1", _MENTION.sub(" ", text))
    text = _OTHER.sub(" ", _BARE_LINK.sub(r"\1", text))
    return _BLANKS.sub(" ", html.unescape(text)).strip()


def of_mention(event: Mapping[str, Any]) -> Job | None:
    """What an `app_mention` asks for: an answer in the thread."""
    channel, user, ts = event.get("channel"), event.get("user"), event.get("ts")
    if not (channel and user and ts) or event.get("bot_id") or channel.startswith("D"):
        return None
    place = Place(channel=channel, thread=event.get("thread_ts") or ts)
    return Ask(place=place, user=user, text=plain(event.get("text", "")), ts=ts)


def of_message(event: Mapping[str, Any]) -> Job | None:
    """What a `message` event asks for; in channels only changes of questions matter, new ones come as mentions."""
    subtype, channel = event.get("subtype"), event.get("channel")
    if not channel:
        return None
    if subtype == "message_changed":
        return _of_change(event, channel)
    if subtype == "message_deleted":
        return _of_deletion(event.get("previous_message") or {}, channel)
    is_direct = event.get("channel_type") == "im" or channel.startswith("D")
    if subtype not in _OWN_SUBTYPES or not is_direct or event.get("bot_id") or not event.get("user"):
        return None
    thread = event.get("thread_ts")
    return Ask(
        place=Place(channel=channel, thread=thread),
        user=event["user"],
        text=plain(event.get("text", "")),
        ts=event["ts"],
        is_assistant=thread is not None,
    )


def of_thread_started(event: Mapping[str, Any]) -> Job | None:
    """What `assistant_thread_started` asks for: a greeting with questions to begin with."""
    thread = event.get("assistant_thread") or {}
    channel, ts = thread.get("channel_id"), thread.get("thread_ts")
    return Greeting(channel=channel, thread=ts) if channel and ts else None


def of_home_opened(event: Mapping[str, Any]) -> Job | None:
    """What `app_home_opened` asks for, on the home tab."""
    return Home(user=event["user"]) if event.get("tab") == "home" and event.get("user") else None


def of_command(command: Mapping[str, Any]) -> Job:
    """What `/lotse` asks for: an answer that only the person sees."""
    place = Place(channel=command["channel_id"], response_url=command.get("response_url"))
    return Ask(place=place, user=command["user_id"], text=plain(command.get("text") or ""))


def of_suggestion(body: Mapping[str, Any], action: Mapping[str, Any]) -> Job:
    """What a click on an offered question asks for: an answer where the question was offered."""
    user = body["user"]["id"]
    container = body.get("container") or {}
    message = body.get("message") or {}
    channel = container.get("channel_id") or (body.get("channel") or {}).get("id")
    if channel is None:  # the home tab: the answer goes to the person's direct messages
        return Ask(place=Place(channel=user), user=user, text=action["value"], echo=True)
    response_url = body.get("response_url") if container.get("is_ephemeral") else None
    thread = container.get("thread_ts") or message.get("thread_ts")
    place = Place(channel=channel, thread=thread, response_url=response_url)
    is_assistant = thread is not None and channel.startswith("D")
    return Ask(place=place, user=user, text=action["value"], echo=True, is_assistant=is_assistant)


def of_choice(body: Mapping[str, Any], action: Mapping[str, Any]) -> Job | None:
    """What a click on a choice of a step asks for beside its answer: the step as it was answered."""
    name = action.get("block_id") or ""
    if not name.startswith(CHOICES):
        return None
    return Choice(reference=name.removeprefix(CHOICES), chosen=action["value"], **_place_of(body))


def of_vote(body: Mapping[str, Any], action: Mapping[str, Any], verdict: Verdict) -> Job:
    """What a click on a thumb asks for."""
    return Vote(verdict=verdict, reference=action["value"], trigger=body["trigger_id"], **_place_of(body))


def of_reason(view: Mapping[str, Any]) -> Job:
    """What the modal brings that asks why an answer did not help."""
    inputs = {name: field for block in view["state"]["values"].values() for name, field in block.items()}
    chosen = {option["value"] for option in (inputs.get(REASONS_INPUT) or {}).get("selected_options") or []}
    words = ((inputs.get(WORDS_INPUT) or {}).get("value") or "").strip()[:WORDS_LENGTH]
    reasons = frozenset(reason for reason in FeedbackReason if reason.value in chosen)
    return Reason(reference=view["private_metadata"], opinion=Opinion(verdict="down", reasons=reasons, words=words))


def _place_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """Where a click was made, and below which question."""
    container = body.get("container") or {}
    return {
        "channel": container.get("channel_id") or "",
        "message": None if container.get("is_ephemeral") else container.get("message_ts"),
        "response_url": body.get("response_url"),
        "asked": _asked((body.get("message") or {}).get("blocks") or []),
    }


def _asked(shown: list[Mapping[str, Any]]) -> str | None:
    """The question that stands above an answer, where one does."""
    for block in shown:
        if block.get("block_id") == ASKED:
            return str(block["elements"][0]["text"])
    return None


def _of_change(event: Mapping[str, Any], channel: str) -> Job | None:
    message, before = event.get("message") or {}, event.get("previous_message") or {}
    if message.get("subtype") == "tombstone":  # the first message of a thread, deleted while it has replies
        return _of_deletion({**before, "ts": message.get("ts")}, channel)
    user, ts = message.get("user"), message.get("ts")
    if not (user and ts) or message.get("bot_id") or plain(message.get("text", "")) == plain(before.get("text", "")):
        return None  # Slack reports previews and reactions as changes too
    place = Place(channel=channel, thread=_thread(message, channel))
    return Edit(place=place, user=user, text=plain(message.get("text", "")), ts=ts)


def _of_deletion(message: Mapping[str, Any], channel: str) -> Job | None:
    user, ts = message.get("user"), message.get("ts")
    if not (user and ts) or message.get("bot_id"):
        return None
    return Deletion(channel=channel, user=user, thread=_thread(message, channel), ts=ts)


def _thread(message: Mapping[str, Any], channel: str) -> str | None:
    """The thread of a question: in a channel, the one that its answer began."""
    thread = message.get("thread_ts")
    return thread if channel.startswith("D") else thread or message.get("ts")
