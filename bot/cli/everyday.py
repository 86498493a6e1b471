"""The commands of every day. Each imports what it needs itself, so that `--help` comes at once."""

from typing import Annotated

import typer

from bot.cli.options import AsJson

app = typer.Typer()


@app.command()
def serve() -> None:
    """Build what is stale, start the bot and keep it running. Ctrl-C ends it.

    Example: STADTLOTSE_PORT=9000 stadtlotse serve
    """
    from bot.cli.serve import serve

    serve()


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show what is built and which parts of the bot run.

    Example: stadtlotse status --json
    """
    from bot.cli.status import status

    status(as_json)


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
