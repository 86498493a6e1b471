"""The `stadtlotse` command. Every subcommand imports what it needs itself, so that `--help` comes at once."""

import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.documents import app as documents_app
from bot.cli.evaluate import app as evaluate_app
from bot.cli.privacy import app as privacy_app
from bot.cli.programmes import app as programmes_app
from bot.cli.questions import app as questions_app
from bot.cli.questions import nlu_app
from bot.cli.releases import app as releases_app
from bot.cli.slack import app as slack_app
from bot.cli.teams import app as teams_app
from knowledge.errors import StadtlotseError
from knowledge.messages import LANGUAGES, Language

# Boxes and colours are for terminals; a file or a pipe gets plain text.
app = typer.Typer(
    name="stadtlotse",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich" if sys.stdout.isatty() else None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"stadtlotse {version('stadtlotse')}")
        raise typer.Exit


@app.callback()
def stadtlotse(
    show_version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Answers municipal staff's questions about smart-city programmes, with a source for every sentence."""


app.add_typer(documents_app, name="documents")
app.add_typer(evaluate_app, name="evaluate")
app.add_typer(privacy_app, name="privacy")
app.add_typer(questions_app, name="questions")
app.add_typer(nlu_app, name="nlu")
app.add_typer(programmes_app, name="programmes")
app.add_typer(releases_app, name="releases")
app.add_typer(slack_app, name="slack")
app.add_typer(teams_app, name="teams")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


@app.command()
def serve() -> None:
    """Build what is stale, start the bot and keep it running. Ctrl-C ends it.

    Example: STADTLOTSE_PORT=9000 stadtlotse serve
    """
    from bot.cli.serve import serve

    serve()


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
def index(
    documents: Annotated[
        list[Path] | None,
        typer.Option(help="Folder to index instead of the starter library; may be given several times."),
    ] = None,
) -> None:
    """Build the index from the fact sheets and documents, and show what became of them.

    Without --documents the folders of the current index are read again.

    Example: stadtlotse index --documents ~/smart-city --documents ~/strategie
    """
    from bot.cli.build import index

    index(documents)


@app.command()
def train() -> None:
    """Train the dialogue anew from config.yml, domain.yml and bot/data.

    Example: stadtlotse train
    """
    from bot.cli.build import train

    train()


@app.command()
def retrain(
    force: Annotated[
        str | None,
        typer.Option(metavar="REASON", help="Go live even where questions break; the reason is kept with the release."),
    ] = None,
    tolerate: Annotated[int, typer.Option(min=0, help="So many questions may be answered wrong that were right.")] = 0,
    everything: Annotated[bool, typer.Option("--all", help="Build the index even where nothing changed.")] = False,
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Wait for another build that is at work, or end with 4.")
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Build what changed beside the running bot, ask it known questions, and take it live if none breaks.

    The questions are the shipped ones and your own (STADTLOTSE_QUESTIONS, or var/evaluation/questions.jsonl).
    Ends with 0 when it is live or nothing changed, 1 after an error, 3 when refused, 4 when another one is at work.

    Example: stadtlotse retrain --force "Startbibliothek entfernt"
    """
    from bot.cli.retrain import run
    from bot.retraining.retraining import Wishes

    run(Wishes(force, tolerate, everything), wait=wait, as_json=as_json)


@app.command()
def rollback(
    release: Annotated[
        str | None, typer.Argument(metavar="[RELEASE]", help="Where to go back to; without it, the one before.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make an earlier release the live one; nothing is built and nothing deleted.

    Example: stadtlotse rollback 2026-11-26
    """
    from bot.cli.rollback import rollback

    rollback(release, as_json)


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show what is built and which parts of the bot run.

    Example: stadtlotse status --json
    """
    from bot.cli.status import status

    status(as_json)


@app.command()
def doctor(
    live: Annotated[
        bool, typer.Option("--live", help="Also ask Microsoft and Slack whether they know the app.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check the configuration and say what is missing, one sentence each.

    Example: stadtlotse doctor --live
    """
    from bot.cli.doctor import doctor

    doctor(live=live, as_json=as_json)


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


@app.command()
def purge(as_json: AsJson = False) -> None:
    """Delete now what is older than it may be kept; the running bot does the same once a day.

    How long what is kept: STADTLOTSE_RETENTION_DAYS for conversations, and STADTLOTSE_QUESTION_, _FEEDBACK_,
    _PLATFORM_, _LOG_ and _EXPORT_RETENTION_DAYS for the rest. Backups made by us are reached where they were made.

    Example: stadtlotse purge --json
    """
    from bot.cli.people import purge

    purge(as_json=as_json)


@app.command()
def audit(
    last: Annotated[int | None, typer.Option(min=1, help="Show only so many lines, the newest.")] = None,
    seal: Annotated[
        str | None, typer.Option(help="A seal that was noted before: tells whether the log still holds it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what admins did, and check that nobody changed the log. Exit code 1 where somebody did.

    Example: stadtlotse audit --last 20
    """
    from bot.cli.auditing import show

    show(as_json=as_json, last=last, seal=seal)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="File to write, such as stadtlotse.tar.gz.")],
    as_json: AsJson = False,
) -> None:
    """Write all that cannot be made again to one file; the bot may run meanwhile.

    Conversations, feedback, releases, own questions, the audit log and the keys are in it: keep it as safe as them.

    Example: stadtlotse backup /mnt/backups/stadtlotse.tar.gz
    """
    from bot.cli.backup import backup

    backup(file.expanduser(), as_json=as_json)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="File that 'stadtlotse backup' wrote.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether to replace what is there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Put a backup in the place of what is there, on this or another machine; the bot must not run.

    The backup is checked whole before anything changes; where it is damaged, everything stays as it was.
    Restore only what you trust: a release holds models that are run.

    Example: stadtlotse restore /mnt/backups/stadtlotse.tar.gz --yes
    """
    from bot.cli.backup import restore

    restore(file.expanduser(), yes=yes, as_json=as_json)


def main() -> None:
    """Run the command; an error that the person can mend is one sentence and exit code 1."""
    try:
        app()
    except StadtlotseError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(1)  # the reader of our output has seen enough


def chosen_language(lang: str | None) -> Language | None:
    """The language that a `--lang` names; raises `typer.BadParameter`."""
    chosen = next((language for language in LANGUAGES if language == lang), None)
    if lang is not None and chosen is None:
        raise typer.BadParameter("choose de or en.", param_hint="--lang")
    return chosen
