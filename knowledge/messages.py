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


class Cell(BaseModel):
    """A few words with their sources; without a source they are the bot's own."""

    model_config = ConfigDict(extra="forbid")

    text: str
    citations: list[int] = Field(default_factory=list, description="Numbers of the message's citations, from 1")


class Item(BaseModel):
    """One entry of a list."""

    model_config = ConfigDict(extra="forbid")

    title: str
    details: list[Cell] = Field(default_factory=list)
    is_past: bool = Field(False, description="Whether it has ended or its last known deadline has passed")


class Row(BaseModel):
    """One row of a table."""

    model_config = ConfigDict(extra="forbid")

    head: str = Field(description="What the row is about")
    cells: list[Cell] = Field(description="One for each column of the header")


class Table(BaseModel):
    """Things side by side: a column each, and a row for what is told of them."""

    model_config = ConfigDict(extra="forbid")

    caption: str
    header: list[str] = Field(description="Heads of the columns, without the one above the rows' heads")
    rows: list[Row]


class Progress(BaseModel):
    """Where a guided search stands."""

    model_config = ConfigDict(extra="forbid")

    step: int = Field(ge=1)
    of: int = Field(ge=1)
    label: str = Field(description="What the step asks for, in a word or two")


class Message(BaseModel):
    """One message from the bot to a person.

    `text` says everything. What it says after `lead` stands in `items` or `table` too, so that who shows these shows
    `lead` before them in place of `text`.
    """

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    text: str = Field(description="What the bot says, plain text; quoted sentences stand in it word for word")
    lang: Language
    lead: str | None = Field(None, description="How `text` begins, where the rest of it repeats `items` or `table`")
    items: list[Item] = Field(default_factory=list, description="A list, in its order")
    table: Table | None = None
    progress: Progress | None = Field(None, description="Where a guided search stands that this message goes on with")
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


def with_items(lead: str, items: list[Item], numbered: bool = True) -> str:
    """The text of a message that opens with `lead` and lists items, one a line."""
    lines = [_item_line(item, f"{number}. " if numbered else "– ") for number, item in enumerate(items, 1)]
    return "\n".join([lead, *lines])


def with_table(lead: str, table: Table) -> str:
    """The text of a message that opens with `lead` and holds a table: each row's head, then a line a column."""
    lines = [lead]
    for row in table.rows:
        lines.append(f"{row.head}:")
        lines += [f"– {name}: {cell.text}" for name, cell in zip(table.header, row.cells, strict=True)]
    return "\n".join(lines)


def _item_line(item: Item, mark: str) -> str:
    return mark + " – ".join([item.title, *(detail.text for detail in item.details)])


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
