"""What a conversation remembers from one turn for the next; Rasa keeps it whole, in the slot `context`."""

import re

from pydantic import BaseModel, Field

from knowledge.factsheet import Attribute
from knowledge.messages import Citation, Language, Message

# Programmes talked about before the last one, and pieces told of it, that may be come back to.
_BEFORE = 4
_TOLD = 40
_ADDRESS = re.compile(r"^/sources/([^/?]+)/(\d+)\?quote=(\d+)-(\d+)$")


class Told(BaseModel):
    """Words that were quoted, by where they stand."""

    document: str
    passage: int
    start: int
    end: int
    further: bool = False
    """Whether it was named as a further source alone, its words not said."""

    @classmethod
    def by(cls, citation: Citation, said: str) -> "Told | None":
        """The place that a citation's address names, where it is one of ours; `said` is what the message says."""
        match = _ADDRESS.match(citation.url)
        if match is None:
            return None
        document, passage, start, end = match.groups()
        further = citation.quote not in said
        return cls(document=document, passage=int(passage), start=int(start), end=int(end), further=further)


class OpenQuestion(BaseModel):
    """A question that waits for the bot to be told which programme it is about."""

    question: str
    options: list[str]
    """Keys of the programmes the bot named, in the order of its buttons."""


class Context(BaseModel):
    """The memory of a conversation. A field more is all that a new thing to remember takes."""

    language: Language | None = None
    """Of the last message."""
    wished_language: Language | None = None
    """Answers are given in this one whatever is asked in, where somebody wished so in the other language."""
    plain: bool = False
    """Whether the bot's own sentences are the short plain ones."""
    programme: str | None = None
    """Key of the programme last talked about."""
    before: list[str] = Field(default_factory=list)
    """Keys of the programmes talked about before it, the latest first."""
    shown: list[str] = Field(default_factory=list)
    """Keys of the programmes last shown together, as a list, comparison or choice, in that order."""
    titles: list[str] = Field(default_factory=list)
    """What the entries of the last list were called, where they are events and several stand in one sheet."""
    listed: list[str] = Field(default_factory=list)
    """The question that the last list answered and the remarks that limited it further; none after another answer."""
    focus: str = ""
    """The name of the thing of a programme that is talked about: 'regionenworkshop osnabrueck', 'twinby'."""
    question: str | None = None
    """The last question that was understood, by itself or with `programme` in mind."""
    missed: str | None = None
    """The last question where it had no answer, for a correction to take up."""
    asked: list[Attribute] = Field(default_factory=list)
    """What that question asked of its programme."""
    told: list[Told] = Field(default_factory=list)
    """What the last answer quoted, in its order."""
    told_before: list[Told] = Field(default_factory=list)
    """What else was quoted since the last change of subject."""
    open: OpenQuestion | None = None
    """What the bot asked back and was not told yet."""
    offered: list[str] = Field(default_factory=list)
    """The questions the last message offered, in the order of its buttons."""
    contact: str | None = None
    """Key of the office to which the person was asked to agree that the conversation is sent."""
    reply_to: str = ""
    """The e-mail address that the person gave for the office's reply."""

    def about(self, programme: str | None) -> "Context":
        """This memory after the talk came to a programme; None keeps the one there was."""
        if programme is None or programme == self.programme:
            return self
        before = [self.programme, *self.before] if self.programme else self.before
        kept = [key for key in dict.fromkeys(before) if key != programme][:_BEFORE]
        return self.model_copy(update={"programme": programme, "before": kept, "told_before": []})

    def after(self, message: Message) -> "Context":
        """This memory after a message was sent: what it quoted and what it offers."""
        offered = [one.payload for one in message.suggestions if one.does == "ask"]
        told = [place for citation in message.citations if (place := Told.by(citation, message.text)) is not None]
        if not told:
            return self.model_copy(update={"offered": offered})
        before = [one for one in [*self.told, *self.told_before] if one not in told][:_TOLD]
        return self.model_copy(update={"offered": offered, "told": told, "told_before": before})
