"""The bodies of the API's requests and responses."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from bot.gateway.limits import TEXT_LENGTH
from knowledge.feedback import WORDS_LENGTH, Opinion, Reason, Verdict
from knowledge.filters import Filter
from knowledge.messages import Language, Message
from knowledge.recognition.laender import CODES

TurnState = Literal["answered", "running", "unanswered"]
PartState = Literal["ready", "starting", "down", "missing"]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class NewConversation(_Request):
    """What a conversation begins with."""

    lang: Language | None = Field(None, description="Language to be addressed in; without it, by Accept-Language")


class NewMessage(_Request):
    """What a person says."""

    text: str = Field(min_length=1, max_length=TEXT_LENGTH)
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")] | None = Field(
        None,
        description="Makes a retry safe: the same id is asked once, and answered with the stored reply after that",
    )
    filter: Filter | None = Field(None, description="What may answer this message; without it, all that was indexed")

    @field_validator("filter")
    @classmethod
    def _of_known_laender(cls, value: Filter | None) -> Filter | None:
        if value is not None and not value.laender <= set(CODES):
            raise ValueError("not the code of a Land")
        return value or None


class NewFeedback(_Request):
    """Whether an answer helped."""

    message: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$", description="The id of the message that was answered")
    verdict: Verdict
    reasons: list[Annotated[Reason, Field(strict=False)]] = Field(
        [], max_length=len(Reason), description="Why it did not help"
    )
    words: str = Field("", max_length=WORDS_LENGTH, description="What was wrong or missing, in the person's own words")

    @model_validator(mode="after")
    def _of_what_did_not_help(self) -> "NewFeedback":
        if self.reasons and self.verdict == "up":
            raise ValueError("reasons go with 'down' alone")
        return self


class ConversationCreated(BaseModel):
    """A conversation that has begun."""

    id: str = Field(description="Names the conversation in its addresses; who knows it can read and continue it")
    lang: Language


class Messages(BaseModel):
    """What the bot says to one message."""

    messages: list[Message]


class Turn(BaseModel):
    """A person's message and what the bot said to it."""

    id: str = Field(description="Send the message again under this id where it is unanswered")
    text: str
    filter: Filter | None = Field(None, description="What was to answer it, where it was sent with a filter")
    messages: list[Message] = Field(description="Empty while there is no answer")
    at: datetime
    state: TurnState
    opinion: Opinion | None = Field(None, description="What was thought of the answer, where somebody said")


class Transcript(BaseModel):
    """All turns of a conversation, in the order they were begun."""

    lang: Language
    turns: list[Turn]
    ready: bool = Field(description="Whether the bot can answer a question now")


class Session(BaseModel):
    """Who is asking."""

    signed_in: bool = Field(description="Whether it is signed-in staff, who is told what is for staff alone")
    can_sign_in: bool = Field(description="Whether staff can sign in at `/sign-in`")
    seconds: int | None = Field(None, description="Until one has to sign in again, where that is known")


class SignedOut(BaseModel):
    """That somebody is signed out here."""

    url: str | None = Field(
        description="Where to go to sign out at the identity provider too, if there is such a place"
    )


class Parts(BaseModel):
    """How each part the gateway needs is doing."""

    dialogue: PartState
    answers: PartState
    knowledge: PartState


class Readiness(BaseModel):
    """Whether questions can be answered now."""

    ready: bool
    parts: Parts


class Health(BaseModel):
    """That the gateway runs."""

    status: Literal["ok"] = "ok"
