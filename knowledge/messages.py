"""The one format in which answers travel: from the actions through Rasa and the gateway to every channel."""

from enum import Enum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from knowledge.feedback import Opinion

Language = Literal["de", "en"]
LANGUAGES: tuple[Language, ...] = ("de", "en")


class Kind(str, Enum):
    """What a message is."""

    ANSWER = "answer"
    ABSTENTION = "abstention"
    TEXT = "text"
    CHOICE = "choice"


class Citation(BaseModel):
    """Where quoted words stand."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(description="Title of the document or fact sheet")
    url: str = Field(description="Path of the source page, relative to the gateway, that shows the quote highlighted")
    page: int | None = Field(None, ge=1, description="Page of the original, where it has pages")
    heading: str | None = Field(None, description="Innermost heading above the quote")
    as_of: str | None = Field(None, description="The date of the statement ('Stand'), as the source gives it")
    quote: str = Field(description="The quoted words, exactly as they stand in the source")
    lang: Language = Field("de", description="Language of the quote")
    origins: list[str] = Field(default_factory=list, description="Web addresses the statement was taken from")


class Suggestion(BaseModel):
    """What the reader can say next with one click, or do on the page."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(description="What the button says")
    payload: str = Field(description="The text that is sent when it is pressed")
    does: Literal["ask", "save"] = Field(
        "ask", description="'save' hands out the conversation as a file instead; only the web page shows it"
    )


class Message(BaseModel):
    """One message from the bot to a person."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    text: str = Field(description="What the bot says, plain text; quoted sentences stand in it word for word")
    lang: Language
    citations: list[Citation] = Field(default_factory=list)
    suggestions: list[Suggestion] = Field(default_factory=list)
    confidence: float = Field(ge=0, le=1, description="Calibrated probability that the message answers the question")

    @property
    def may_be_judged(self) -> bool:
        """Whether it speaks to a question, so that somebody can find it helpful or not."""
        return self.kind not in (Kind.TEXT, Kind.CHOICE)


class Handover(BaseModel):
    """That the person agreed to send the conversation so far to an office."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    contact: str = Field(description="Key of the office among the operator's contacts")
    reply_to: str = Field("", description="The e-mail address under which the person wants to be answered")


class Reply(BaseModel):
    """What an action sends through Rasa to the gateway: a message, what it took, and what the gateway has to do."""

    model_config = ConfigDict(extra="forbid")

    message: Message
    seconds: dict[str, float] = Field(default_factory=dict, description="Seconds by stage, such as 'retrieval'")
    release: str = Field("", description="The release that the message was answered from")
    is_private: bool = Field(
        False, description="Whether what was said may tell who said it, so that it is not logged as a question"
    )
    opinion: Opinion | None = Field(None, description="What the person thinks of the last answer, to be stored")
    handover: Handover | None = Field(None, description="Where the conversation is to be sent")
