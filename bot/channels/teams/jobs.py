"""Teams' activities as what there is to do; only what the work needs is kept of them."""

import html
import re
from typing import Annotated, Any, Literal

from microsoft_agents.activity import Activity
from pydantic import BaseModel, Field, TypeAdapter

from knowledge.feedback import WORDS_LENGTH, Opinion, Reason, Verdict
from knowledge.messages import Language

_AT = re.compile(r"<at[^>]*>.*?</at>", re.DOTALL)
_BLANKS = re.compile(r"[ \t\u00a0]+")

# What the cards' buttons ask for, under "do" in their data.
ASK, VOTE, REASON = "ask", "vote", "reason"

Reference = dict[str, Any]


class Ask(BaseModel):
    """Somebody asked; with `was_clicked` the question is shown, because they only clicked it."""

    kind: Literal["ask"] = "ask"
    reference: Reference
    person: str
    text: str
    lang: Language
    was_clicked: bool = False


class Edit(BaseModel):
    """Somebody changed a question."""

    kind: Literal["edit"] = "edit"
    reference: Reference
    person: str
    text: str
    lang: Language


class Deletion(BaseModel):
    """Somebody deleted a question."""

    kind: Literal["deletion"] = "deletion"
    reference: Reference


class Redraw(BaseModel):
    """A card of an older client is to be drawn anew, because a button of it was pressed; `chosen` is what it asked."""

    kind: Literal["redraw"] = "redraw"
    reference: Reference
    answer: str
    card: str
    chosen: str | None = None


class Welcome(BaseModel):
    """The app was installed."""

    kind: Literal["welcome"] = "welcome"
    reference: Reference
    lang: Language


Job = Annotated[Ask | Edit | Deletion | Redraw | Welcome, Field(discriminator="kind")]
JOB: TypeAdapter[Job] = TypeAdapter(Job)


class Press(BaseModel):
    """What the data of a pressed button say; they come from the client, so that nothing in them is believed."""

    do: Literal["ask", "vote", "reason"]
    answer: str = Field("", max_length=100, description="The reference of the answer")
    question: str = Field("", max_length=2_000)
    verdict: Verdict = "down"
    reasons: str = Field("", max_length=200, description="The chosen reasons, separated by commas")
    words: str = ""

    @property
    def chosen(self) -> str | None:
        """The question that was asked by it."""
        return self.question if self.do == ASK else None

    @property
    def opinion(self) -> Opinion:
        """What was thought of the answer, as it is stored."""
        chosen = self.reasons.split(",")
        reasons = frozenset(reason for reason in Reason if reason.value in chosen)
        return Opinion(verdict=self.verdict, reasons=reasons, words=self.words.strip()[:WORDS_LENGTH])


def pressed(value: Any) -> Press | None:
    """The button that was pressed, from the data it sent; None where they are none of ours."""
    try:
        return Press.model_validate(value)
    except ValueError:
        return None


def words_of(activity: Activity) -> str:
    """What a person wrote, without mentions: neither the bot's name nor a colleague's belongs to a question."""
    text = activity.text or ""
    for mention in activity.get_mentions():
        if mention.text:
            text = text.replace(mention.text, " ")
    return _BLANKS.sub(" ", html.unescape(_AT.sub(" ", text))).strip()


def person_of(activity: Activity) -> str:
    """The id of who wrote: the one that is the same in every conversation, where there is one."""
    account = activity.from_property
    return str(getattr(account, "aad_object_id", None) or account.id or "") if account else ""


def lang_of(activity: Activity) -> Language:
    """The language of the person's Teams; German where it is neither of ours."""
    return "en" if (activity.locale or "").lower().startswith("en") else "de"


def reference_of(activity: Activity) -> Reference:
    """What is needed to answer, as JSON: where, to which message."""
    reference = activity.get_conversation_reference()
    return reference.model_dump(mode="json", by_alias=True, exclude_none=True)


def event_of(activity: Activity) -> str | None:
    """What Teams reports about a message beside its type, such as 'editMessage'."""
    data = activity.channel_data if isinstance(activity.channel_data, dict) else {}
    value = data.get("eventType")
    return value if isinstance(value, str) else None


def was_installed(activity: Activity) -> bool:
    """Whether an activity says that the app was added to a conversation."""
    if activity.type == "installationUpdate":
        return (activity.action or "").startswith("add")
    added = activity.members_added or []
    own = activity.recipient.id if activity.recipient else None
    return activity.type == "conversationUpdate" and any(member.id == own for member in added)


def was_removed(activity: Activity) -> bool:
    """Whether an activity says that the app was removed from a conversation."""
    return activity.type == "installationUpdate" and (activity.action or "").startswith("remove")
