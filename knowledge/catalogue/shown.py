"""Entries of the catalogue as items of a message, with their sources."""

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.catalogue.entries import Entry
from knowledge.catalogue.phrases import brief_name, land_name, shown_date
from knowledge.factsheet import FactSheet
from knowledge.messages import Cell, Item, Language, Message, Suggestion
from knowledge.retrieval.citing import Citations
from knowledge.texts import text

_ASKED = 2


@dataclass(frozen=True)
class Shown:
    """A message and the programmes that it puts before the reader, by key in its order."""

    message: Message
    programmes: list[str]
    only: str = ""
    """What the one event is called that it shows; nothing where it shows several or none."""
    is_nearest: bool = False
    """Whether nothing is as asked for, and what is shown merely comes near."""


def item(entry: Entry, citations: Citations, lang: Language, reasons: Sequence[Cell] = ()) -> Item:
    """A programme with kind, area, state and last known deadline, each from its fact sheet."""
    sheet = entry.sheet
    about = " · ".join(
        [kind_name(sheet, lang), area(sheet, lang), text(lang, f"catalogue.state_{sheet.status.state.value}")]
    )
    details = [Cell(text=about, citations=[citations.profile(entry.key)]), *reasons]
    if entry.deadline is not None:
        key = "deadline_passed" if entry.standing.is_past else "deadline_open"
        said = text(lang, f"catalogue.{key}", date=shown_date(entry.deadline.day, lang))
        details.append(Cell(text=said, citations=[citations.fact(entry.key, entry.deadline.fact)]))
    return Item(title=getattr(sheet.name, lang), details=details, is_past=entry.standing.is_past)


def kind_name(sheet: FactSheet, lang: Language) -> str:
    """'Förderprogramm', 'Initiative', …"""
    return text(lang, f"answer.kind_{sheet.kind.value.replace(' ', '_')}")


def area(sheet: FactSheet, lang: Language) -> str:
    """Where a programme holds: the names of its Länder, or its level."""
    if sheet.laender:
        return ", ".join(land_name(land.value, lang) for land in sheet.laender)
    return text(lang, f"catalogue.area_{sheet.level.value}")


def questions(entries: Sequence[Entry], lang: Language) -> list[Suggestion]:
    """What the first programmes are, and how they compare."""
    names = [brief_name(entry.sheet, lang) for entry in entries]
    asked = [Suggestion(title=name, payload=text(lang, "answer.what_is", name=name)) for name in names[:_ASKED]]
    if len(names) > 1:
        pair = {"first": names[0], "second": names[1]}
        question = text(lang, "catalogue.ask_comparison_question", **pair)
        asked.append(Suggestion(title=text(lang, "catalogue.ask_comparison", **pair), payload=question))
    return asked
