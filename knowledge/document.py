"""Documents and passages as the whole pipeline sees them."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from knowledge.messages import Language

Group = Literal["public", "internal"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True)


class Document(_Record):
    """A text people can be sent to: a read file or a fact sheet in one language."""

    id: str = Field(description="Stable part of its address, such as 'abkuerzungen' or 'mpsc-en'")
    title: str
    lang: Language
    as_of: str | None = Field(None, description="Date of the document ('Stand'), as it gives it")
    kind: str = Field(description="'fact sheet' or 'document'")
    path: str = Field(description="File it was read from, relative to its folder")
    sha256: str = Field(description="Hash of the file's bytes")
    origins: list[str] = Field(default_factory=list, description="Web addresses the text draws on")
    has_pages: bool = False
    publisher: str | None = Field(None, description="Who published it or, where nothing says so, who wrote it")
    date: str | None = Field(
        None, description="`as_of` in ISO form as far as it goes: '2023-11-05', '2023-11' or '2023'"
    )
    year: int | None = Field(None, description="Year of the document")
    version: str | None = Field(None, description="Its version as it numbers it, such as '1.1'")
    names: list[str] = Field(default_factory=list, description="Headings of its first page, as it may be called by")
    genre: str | None = Field(None, description="Value of `knowledge.reading.metadata.Genre`, such as 'guideline'")
    laender: list[str] = Field(default_factory=list, description="Codes of the Länder it is about, 'Bund' or 'EU'")
    programmes: list[str] = Field(default_factory=list, description="Keys of the fact sheets it is about")
    group: Group = Field("public", description="Who may read it: everybody, or the administration's own staff")
    valid_until: str | None = Field(None, description="ISO date of the last day on which it holds, where somebody says")
    also_in: list[str] = Field(default_factory=list, description="Files left out because they hold the same text")


class Passage(_Record):
    """A stretch of a document that is searched and quoted as one; never across a heading or page."""

    document_id: str
    id: int = Field(ge=1, description="Place in the document, from 1")
    text: str
    headings: tuple[str, ...] = Field(default=(), description="Headings above it, outermost first")
    page: int | None = None
    start: int = Field(ge=0, description="First character in the document's text")
    end: int = Field(ge=0, description="One past its last character")
    lang: Language
    as_of: str | None = None
    origins: list[str] = Field(default_factory=list)
    fact: str | None = Field(None, description="Id of the fact it states, where it comes from a fact sheet")
    attribute: str | None = Field(None, description="What the fact tells of its programme, such as 'funding rate'")
    programmes: list[str] = Field(default_factory=list, description="Keys of the fact sheets it speaks of")

    @property
    def heading(self) -> str | None:
        """The innermost heading."""
        return self.headings[-1] if self.headings else None
