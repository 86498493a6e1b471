"""Commands that ask and look. Each imports what it needs itself, so that `--help` comes at once."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import AsJson, chosen_language

app = typer.Typer()


@app.command()
def ask(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="The question, in German or English.")],
    as_json: AsJson = False,
    lang: Annotated[str | None, typer.Option(help="de or en: the language where the question leaves it open.")] = None,
    programme: Annotated[
        list[str] | None, typer.Option(help="Only from what is about this programme; may be given several times.")
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(help="Only from this kind of document, such as Richtlinie; may be given several times."),
    ] = None,
    land: Annotated[
        list[str] | None,
        typer.Option(help="Only from what is about this Land, Bund or EU; may be given several times."),
    ] = None,
    year: Annotated[
        list[str] | None,
        typer.Option(help="Only from documents of this year or span (2021-2023); may be given several times."),
    ] = None,
    document: Annotated[
        list[str] | None,
        typer.Option(help="Only from this document or folder, by its title or file; may be given several times."),
    ] = None,
    staff: Annotated[bool, typer.Option("--staff", help="Answer from internal documents too.")] = False,
) -> None:
    """Answer one question from the knowledge base; no bot needs to run.

    Example: stadtlotse ask "Wie hoch ist die Quote?" --kind Richtlinie --land Hessen
    """
    from bot.cli.ask import Limits, ask

    limits = Limits(programme or (), kind or (), land or (), year or (), document or ())
    ask(question, as_json, chosen_language(lang), limits, "internal" if staff else "public")


@app.command()
def chat(
    url: Annotated[str | None, typer.Option(help="Address of the bot; without it, the one of this machine.")] = None,
    lang: Annotated[str | None, typer.Option(help="de or en: the language to begin in.")] = None,
) -> None:
    """Talk to a running bot in the terminal. Ctrl-D ends it.

    Example: stadtlotse chat --lang en
    """
    from bot.cli.chat import chat

    chat(url, chosen_language(lang))


@app.command()
def report(
    since: Annotated[
        str | None, typer.Option(metavar="DAY", help="First day: 2026-11-01, or an age: 7d, 4w, 6m. Default: 30 days.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DAY", help="Last day, in the same form. Default: today.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page with pictures there, which needs no other file.")
    ] = None,
    outdated: Annotated[
        int, typer.Option(min=1, metavar="MONTHS", help="Age from which on a document counts as outdated.")
    ] = 24,
    lang: Annotated[str, typer.Option(help="de or en: the language of the report.")] = "de",
    as_json: AsJson = False,
) -> None:
    """Show what people asked, what they asked in vain, what did not help and why, and which documents are used.

    Names, e-mail addresses, telephone numbers and IBANs are masked, as far as they can be told.

    Example: stadtlotse report --since 4w --html bericht.html
    """
    from bot.cli.report import report

    report(
        since,
        until,
        html=html.expanduser() if html else None,
        as_json=as_json,
        lang=chosen_language(lang) or "de",
        outdated_months=outdated,
    )
