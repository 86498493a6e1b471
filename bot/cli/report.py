"""`stadtlotse report`: what people asked and what came of it, in the terminal, as a page or for programs."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from bot.cli.tables import plain_table
from bot.reporting.groups import UnansweredGroup, unanswered_groups
from bot.reporting.log import Asked, asked
from bot.reporting.page import html_report
from bot.reporting.report import OUTCOMES, DocumentUse, Split, UsageReport, usage_report
from bot.reporting.shelf import Shelf
from bot.reporting.span import span
from bot.reporting.wording import Wording
from knowledge.errors import StadtlotseError
from knowledge.messages import Language
from knowledge.settings import settings

if TYPE_CHECKING:
    from knowledge.encoding.embedding import Vectors

_SHOWN = 10
_WIDTH = 120
_COLUMNS = 44
_STYLES = {"answer": "cyan", "choice": "blue", "abstention": "yellow", "error": "red"}


def report(
    since: str | None, until: str | None, *, html: Path | None, as_json: bool, lang: Language, outdated_months: int
) -> None:
    """Print a report or write it as a page."""
    chosen = span(since, until)
    if html is not None and not html.parent.is_dir():
        raise StadtlotseError(f"There is no folder {html.parent}; make it or name another file with --html.")
    with shelf() as shelved:
        questions = asked(settings(), chosen)
        groups = unanswered_groups(questions, shelved, embed)
        found = usage_report(questions, chosen, shelved, groups, lang, outdated_months)
    if html is not None:
        try:
            html.write_text(html_report(found, lang, date.today()), encoding="utf-8")
        except OSError as error:
            raise StadtlotseError(f"{html} cannot be written ({error.strerror}); name another file.") from error
    if as_json:
        print(found.model_dump_json(indent=2))
    elif html is not None:
        print(f"Written to {html}.")
    else:
        _Printer(report_console(), found, Wording(lang)).print()


def groups_of_span(since: str | None, until: str | None) -> tuple[list[Asked], list[UnansweredGroup]]:
    """The questions of a span, and those without an answer by what they mean."""
    with shelf() as shelved:
        questions = asked(settings(), span(since, until))
        return questions, unanswered_groups(questions, shelved, embed)


@contextmanager
def shelf() -> Iterator[Shelf]:
    """The current release's documents."""
    found = Shelf(settings())
    try:
        yield found
    finally:
        found.close()


def embed(texts: Sequence[str]) -> "Vectors":
    """Embeddings of questions by the configured model."""
    from knowledge.encoding.embedding import Embedder  # loads the model's libraries

    with Console(stderr=True).status(f"Comparing {len(texts)} questions"):  # shown in a terminal alone
        return Embedder.load(settings()).embed_alike(texts)


def report_console() -> Console:
    """A console that is wide enough for tables of sentences where no terminal says how wide it is."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else _WIDTH)


class _Printer:
    """Prints a report."""

    def __init__(self, console: Console, found: UsageReport, said: Wording) -> None:
        self._console = console
        self._report = found
        self._said = said

    def print(self) -> None:
        """Print all of it."""
        found, said = self._report, self._said
        span_words = said.text("span", since=said.day(found.since), until=said.day(found.until))
        self._line(f"{said.text('title')}, {span_words}", "bold")
        if not found.asked:
            self._line(said.text("nothing"))
        else:
            self._figures()
            self._over_time()
            for name, splits in (
                ("by_channel", found.by_channel),
                ("by_language", found.by_language),
                ("by_programme", found.by_programme),
            ):
                self._splits(name, splits)
            self._unanswered()
            self._disliked()
        self._documents("most_cited", found.most_cited)
        self._documents("never_cited", found.never_cited)
        self._documents("outdated", found.outdated, said.text("outdated_intro", months=found.outdated_months))
        self._documents("undated", found.undated)
        self._latency()

    def _figures(self) -> None:
        found, said = self._report, self._said
        outcomes = [f"{found.outcomes[name]} {said.text(name)}" for name in OUTCOMES]
        thumbs = [f"{found.liked} {said.text('liked')}", f"{found.disliked} {said.text('disliked')}"]
        self._line(f"{found.asked} {said.text('asked')}: {', '.join([*outcomes, *thumbs])}")

    def _over_time(self) -> None:
        found, said = self._report, self._said
        self._heading(f"{said.text('over_time')}, {said.text('by_week' if found.is_weekly else 'by_day')}")
        most = max(period.total for period in found.periods)
        for period in found.periods:
            if not period.total:
                continue
            line = Text(f"{said.day(period.day)} {period.total:>5} ")
            for name in OUTCOMES:
                length = round(_COLUMNS * period.outcomes[name] / most)
                line.append(("█" if self._console.is_terminal else "#") * length, style=_STYLES[name])
            self._console.print(line, soft_wrap=True)
        legend = Text("  ").join(Text(said.text(name), style=_STYLES[name]) for name in OUTCOMES)
        if self._console.is_terminal:
            self._console.print(legend)

    def _splits(self, name: str, splits: list[Split]) -> None:
        said = self._said
        self._heading(said.text(name))
        columns = ("asked", "answer", "abstention", "error", "disliked")
        table = plain_table(self._console, said.text("name"), *(said.text(column) for column in columns))
        for one in splits[:_SHOWN]:
            counts = (one.asked, one.answered, one.unanswered, one.failed, one.disliked)
            table.add_row(said.label(one), *map(str, counts))
        self._console.print(table)
        self._more(len(splits))

    def _unanswered(self) -> None:
        found, said = self._report, self._said
        self._heading(said.text("unanswered"))
        if not found.unanswered:
            self._line(said.text("none"))
            return
        self._line(said.text("unanswered_intro"))
        self._console.print(groups_table(self._console, found.unanswered[:_SHOWN], said))
        self._more(len(found.unanswered))

    def _disliked(self) -> None:
        found, said = self._report, self._said
        self._heading(said.text("disliked_answers"))
        if not found.disliked_answers:
            self._line(said.text("none"))
        for one in found.disliked_answers[: -_SHOWN - 1 : -1]:
            self._line(f"{said.day(one.day)}  {one.question}", "bold")
            reasons = ", ".join(map(said.reason, one.reasons)) or said.text("no_reason")
            self._line(f"  {said.text('reasons')}: {reasons}")
            if one.words:
                self._line(f"  {said.text('words')}: {one.words}")
            if one.forced:
                self._line(f"  {said.forced(one.forced)}", "yellow")
            for source in one.sources:
                state = said.text("still_there" if source.still_there else "changed")
                path = f" ({source.path})" if source.path else ""
                self._line(f"  {said.text('source')}: {said.place(source)}{path}; {state}")
                self._line(f"    „{' '.join(source.quote.split())}“", "dim")
            if not one.sources:
                self._line(f"  {said.text('no_sources')}")
        self._more(len(found.disliked_answers))

    def _documents(self, name: str, uses: list[DocumentUse], intro: str = "") -> None:
        said = self._said
        self._heading(f"{said.text('documents')}: {said.text(name)} ({len(uses)})")
        if intro:
            self._line(intro)
        if not uses:
            return
        columns = ("document", "date", "cited", "disliked")
        table = plain_table(self._console, *(said.text(column) for column in columns))
        for use in uses[:_SHOWN]:
            dated = use.as_of or said.text("no_as_of")
            title = use.title if use.path else f"{use.title} ({said.text('gone')})"
            table.add_row(title, dated, str(use.cited), str(use.disliked))
        self._console.print(table)
        self._more(len(uses))

    def _latency(self) -> None:
        said = self._said
        if not self._report.latency:
            return
        self._heading(said.text("latency"))
        columns = ("stage", "asked", "median", "p95", "longest")
        table = plain_table(self._console, *(said.text(column) for column in columns))
        for one in self._report.latency:
            times = (one.median, one.p95, one.longest)
            table.add_row(said.text(one.stage), str(one.n), *map(said.seconds, times))
        self._console.print(table)

    def _heading(self, words: str) -> None:
        self._console.print()
        self._line(words, "bold")

    def _line(self, words: str, style: str = "") -> None:
        self._console.print(Text(words, style=style), soft_wrap=True)

    def _more(self, count: int) -> None:
        if count > _SHOWN:
            self._line(self._said.text("more", count=count - _SHOWN))


def groups_table(console: Console, groups: Sequence[UnansweredGroup], said: Wording) -> object:
    """Groups of unanswered questions with their ids."""
    columns = ("group", "count", "example", "other_wordings", "last")
    table = plain_table(console, *(said.text(column) for column in columns))
    for group in groups:
        others = "\n".join(group.others[:3])
        table.add_row(group.id, str(group.count), group.example, others, said.day(group.last))
    return table
