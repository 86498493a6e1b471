"""What `stadtlotse questions` does."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

import typer
from pydantic import ValidationError
from ruamel.yaml import YAML

from bot import audit
from bot.additions.own_sets import add_question, own_questions
from bot.cli.report import groups_of_span, groups_table, report_console, shelf
from bot.reporting.groups import UnansweredGroup, group_of
from bot.reporting.wording import Wording
from knowledge.errors import StadtlotseError
from knowledge.evaluation.questions import KnownQuestion
from knowledge.factsheet import Attribute, Fact
from knowledge.linguistics.masking import MASK
from knowledge.linguistics.text import folded
from knowledge.messages import LANGUAGES
from knowledge.recognition.attributes import attribute_words
from knowledge.settings import settings
from knowledge.texts import text

_ID = "own-{number:04}"


@dataclass(frozen=True)
class Wanted:
    """What the operator says of a new question."""

    question: str | None
    answer: Sequence[str]
    is_unanswerable: bool
    file: str | None
    page: int | None
    heading: str | None


def list_groups(since: str | None, until: str | None, *, as_json: bool) -> None:
    """Print the groups of unanswered questions."""
    _, groups = groups_of_span(since, until)
    if as_json:
        print(json.dumps([group.model_dump(mode="json") for group in groups], indent=2, ensure_ascii=False))
    elif not groups:
        print("No question of this time was left without an answer.")
    else:
        console = report_console()
        console.print(groups_table(console, groups, Wording("en")))


def add(group_id: str, wanted: Wanted, since: str | None, until: str | None, *, as_json: bool) -> None:
    """Add a question to the operator's evaluation set."""
    _, groups = groups_of_span(since, until)
    group = group_of(groups, group_id)
    if not wanted.answer and not wanted.is_unanswerable and _may_ask():
        wanted = _asked_for(group, wanted)
    words = wanted.question or group.example
    _check(words, wanted)
    chosen = settings()
    known = own_questions(chosen)
    if any(folded(one.question) == folded(words) for one in known):
        raise StadtlotseError(f"{chosen.own_questions} holds this question already; change it there.")
    question = KnownQuestion(
        id=_free_id([one.id for one in known]),
        lang=group.lang,
        kind="unanswerable" if wanted.is_unanswerable else "single",
        question=words,
        answer_keywords=list(wanted.answer),
        file=wanted.file,
        page=wanted.page,
        heading=wanted.heading,
    )
    path = add_question(chosen, question, group.references)
    audit.record(chosen, "questions add", id=question.id, kind=question.kind, group=group.id)
    if as_json:
        print(question.model_dump_json(indent=2))
    else:
        print(f"Added as {question.id} to {path}.")


@dataclass(frozen=True)
class NewFact:
    """What the operator says of a new fact."""

    programme: str
    de: str
    en: str
    sources: Sequence[str]
    as_of: str
    attribute: str | None


def fact(group_id: str, wanted: NewFact, since: str | None, until: str | None) -> None:
    """Print a fact for a fact sheet, with an id that is free there."""
    _, groups = groups_of_span(since, until)
    group = group_of(groups, group_id)
    with shelf() as shelved:
        sheet = shelved.sheets.get(wanted.programme)
    if sheet is None:
        raise StadtlotseError(f"There is no fact sheet {wanted.programme!r}; name one by its key, such as mpsc.")
    attribute = _attribute(wanted.attribute, group.example)
    entry = {
        "id": _free_fact_id([one.id for one in sheet.facts]),
        "label": {lang: text(lang, f"catalogue.{_label(attribute)}") for lang in LANGUAGES},
        "attribute": attribute.value,
        "status": "verified",
        "as_of": wanted.as_of,
        "value": {"de": wanted.de, "en": wanted.en},
        "sources": list(wanted.sources),
    }
    try:
        Fact.model_validate(entry)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise StadtlotseError(f"This is no fact ({place}: {first['msg']}); correct it.") from error
    print(f"# {group.example}")
    YAML().dump([entry], sys.stdout)


def _attribute(name: str | None, question: str) -> Attribute:
    if name is None:
        asked = attribute_words(question)
        return asked[0].attribute if asked else Attribute.OTHER
    try:
        return Attribute(name)
    except ValueError as error:
        names = ", ".join(attribute.value for attribute in Attribute)
        raise StadtlotseError(f"There is no attribute {name!r}; there are {names}.") from error


def _label(attribute: Attribute) -> str:
    return f"attribute_{attribute.value.replace(' ', '_')}"


def _free_fact_id(taken: Sequence[str]) -> str:
    """The next number of a sheet's ids, such as 'KTS-12'."""
    prefix = taken[0].rpartition("-")[0] if taken else "NEW"
    numbers = {int(one.rpartition("-")[2]) for one in taken}
    free = next(number for number in range(1, 100) if number not in numbers)
    return f"{prefix}-{free:02}"


def _check(words: str, wanted: Wanted) -> None:
    if MASK in words:
        raise StadtlotseError(
            f"Something was masked in {words!r}; give the question in words that name nobody with --question."
        )
    if not wanted.answer and not wanted.is_unanswerable:
        raise StadtlotseError(
            "Say what the answer must hold with --answer, or with --unanswerable that there is none to give."
        )
    if wanted.answer and wanted.is_unanswerable:
        raise StadtlotseError("Give either --answer or --unanswerable.")
    if (wanted.page or wanted.heading) and not wanted.file:
        raise StadtlotseError("A page or heading needs --file with the document in which it is.")


def _asked_for(group: UnansweredGroup, wanted: Wanted) -> Wanted:
    """What is missing, from the person at the terminal; an empty answer means that there is none to give."""
    print(f"{group.count} times asked: {group.example}")
    question = wanted.question or typer.prompt("Question", default=group.example)
    answer = typer.prompt("Words that the answer must hold (empty: there is no answer to give)", default="")
    if not answer:
        return replace(wanted, question=question, is_unanswerable=True)
    file = wanted.file or typer.prompt("Document in which it stands (empty: any)", default="") or None
    return replace(wanted, question=question, answer=[answer], file=file)


def _may_ask() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _free_id(taken: Sequence[str]) -> str:
    number = len(taken) + 1
    while _ID.format(number=number) in taken:
        number += 1
    return _ID.format(number=number)
