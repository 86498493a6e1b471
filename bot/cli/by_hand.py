"""Building by hand. Each command imports what it needs itself, so that `--help` comes at once."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()


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
