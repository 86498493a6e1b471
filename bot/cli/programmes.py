"""`stadtlotse programmes`: fact sheets of your own. Imports what is heavy where it is needed."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="Write fact sheets of your own; 'stadtlotse retrain' then takes them live.", no_args_is_help=True
)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


@app.command()
def new(
    key: Annotated[str, typer.Argument(metavar="KEY", help="Short name in small letters, such as 'solar-musterau'.")],
    name: Annotated[str, typer.Option(help="The programme's name in German.")] = "",
    name_en: Annotated[str, typer.Option(help="Its name in English; without it, the German one.")] = "",
) -> None:
    """Begin a fact sheet: a file with all that can be said, to be filled in with any editor.

    A KEY of a shipped sheet begins with a copy of that sheet, in whose place it then stands.

    Example: stadtlotse programmes new solar-musterau --name "Solarförderung Musterau"
    """
    from bot.cli.sheets import new

    new(key, name, name_en)


@app.command()
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE…]", help="Fact sheets; without any, all of your own.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check fact sheets and name every mistake with file, line and field. Ends with 1 where there is one.

    Example: stadtlotse programmes check
    """
    from bot.cli.sheets import check

    check(files or [], as_json)


@app.command()
def remove(
    keys: Annotated[
        list[str], typer.Argument(metavar="KEY…", help="Fact sheets of your own, as 'programmes list' names them.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would become of it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Delete fact sheets of your own. The live release keeps them until the next retraining.

    A shipped sheet stays: put one of your own in its place with 'programmes new'.

    Example: stadtlotse programmes remove solar-musterau
    """
    from bot.cli.sheets import remove

    remove(keys, dry_run=dry_run, as_json=as_json)


@app.command("list")
def list_programmes(as_json: AsJson = False) -> None:
    """List all fact sheets, shipped ones and your own, and whether they are live.

    Example: stadtlotse programmes list
    """
    from bot.cli.sheets import list_programmes

    list_programmes(as_json)
