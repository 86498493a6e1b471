"""`stadtlotse releases`: what was built, and which of it answers. Imports what is heavy where it is needed."""

from typing import Annotated

import typer

app = typer.Typer(
    help="List, compare, keep and delete releases; 'stadtlotse rollback' goes back to one.", no_args_is_help=True
)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Name = Annotated[
    str,
    typer.Argument(metavar="RELEASE", help="Its name, or as much of its beginning as tells it apart; or 'current'."),
]


@app.command("list")
def list_releases(as_json: AsJson = False) -> None:
    """List all releases, the newest first: when built, what they hold, which is live, which are kept for good.

    Example: stadtlotse releases list
    """
    from bot.cli.shelf import list_releases

    list_releases(as_json)


@app.command()
def show(release: Name = "current", as_json: AsJson = False) -> None:
    """Show what a release holds, what its evaluation found, and whether its files are whole.

    Example: stadtlotse releases show 2026-11-27
    """
    from bot.cli.shelf import show

    show(release, as_json)


@app.command()
def diff(
    before: Annotated[str, typer.Argument(metavar="BEFORE", help="The earlier release.")],
    after: Annotated[
        str, typer.Argument(metavar="[AFTER]", help="The later one; without it, the live one.")
    ] = "current",
    as_json: AsJson = False,
) -> None:
    """Show which documents, fact sheets and answers differ between two releases.

    Example: stadtlotse releases diff 2026-11-26 current
    """
    from bot.cli.shelf import diff

    diff(before, after, as_json)


@app.command()
def pin(
    release: Name,
    note: Annotated[str, typer.Option(help="Why it is kept.")] = "",
    remove: Annotated[bool, typer.Option("--remove", help="Do not keep it any more.")] = False,
) -> None:
    """Keep a release for good, whatever is deleted.

    Example: stadtlotse releases pin 2026-11-27 --note "vor der Haushaltsdebatte"
    """
    from bot.cli.shelf import pin

    pin(release, note, remove=remove)


@app.command()
def prune(
    keep: Annotated[
        int | None, typer.Option(min=0, help="So many stay beside the live, the previous and the pinned ones.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say which would be deleted.")] = False,
    as_json: AsJson = False,
) -> None:
    """Delete old releases. The live one, the one before it and pinned ones stay.

    Example: stadtlotse releases prune --keep 3 --dry-run
    """
    from bot.cli.shelf import prune

    prune(keep, dry_run=dry_run, as_json=as_json)
