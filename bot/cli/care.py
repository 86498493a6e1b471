"""Commands that look after an installation. Each imports what it needs itself, so that `--help` comes at once."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import AsJson

app = typer.Typer()


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
def purge(as_json: AsJson = False) -> None:
    """Delete now what is older than it may be kept; the running bot does the same once a day.

    How long what is kept: STADTLOTSE_RETENTION_DAYS for conversations, and STADTLOTSE_QUESTION_, _FEEDBACK_,
    _PLATFORM_, _LOG_ and _EXPORT_RETENTION_DAYS for the rest. Backups made by us are reached where they were made.

    Example: stadtlotse purge --json
    """
    from bot.cli.people import purge

    purge(as_json=as_json)
