"""The one format in which answers travel: from the actions through Rasa and the gateway to every channel."""

from enum import Enum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

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
    """A question the reader can ask next with one click."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(description="What the button says")
    payload: str = Field(description="The text that is sent when it is pressed")


class Message(BaseModel):
    """One message from the bot to a person."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    text: str = Field(description="What the bot says, plain text; quoted sentences stand in it word for word")
    lang: Language
    citations: list[Citation] = Field(default_factory=list)
    suggestions: list[Suggestion] = Field(default_factory=list)
    confidence: float = Field(ge=0, le=1, description="Calibrated probability that the message answers the question")


class Reply(BaseModel):
    """What an action sends through Rasa to the gateway: a message and what it took."""

    model_config = ConfigDict(extra="forbid")

    message: Message
    seconds: dict[str, float] = Field(default_factory=dict, description="Seconds by stage, such as 'retrieval'")
