"""`stadtlotse teams`: what Teams needs to know about the app."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Microsoft Teams: the app package.", no_args_is_help=True)


@app.callback()
def main() -> None:
    """Microsoft Teams: the app package."""


@app.command()
def package(
    out: Annotated[Path, typer.Option(help="Where to write the package.")] = Path("stadtlotse-teams.zip"),
    developer: Annotated[str, typer.Option(help="Who offers the app, at most 32 characters.")] = "Stadtlotse",
    website: Annotated[str, typer.Option(help="Address of who offers it; else STADTLOTSE_PUBLIC_URL.")] = "",
    privacy: Annotated[str, typer.Option(help="Address of the privacy notice; else the website.")] = "",
    terms: Annotated[str, typer.Option(help="Address of the terms of use; else the website.")] = "",
) -> None:
    """Write the app package to upload in the Teams admin centre.

    Example: stadtlotse teams package --developer "Stadt Musterhausen" --privacy https://stadt.example/datenschutz
    """
    from bot.channels.teams.package import manifest, write_package
    from bot.channels.teams.settings import TeamsSettings
    from bot.variables import read_settings
    from knowledge.errors import StadtlotseError
    from knowledge.settings import settings

    app_id = read_settings(TeamsSettings).app_id
    if not app_id:
        raise StadtlotseError("Set STADTLOTSE_TEAMS_APP_ID first: the package names the bot by it.")
    home = website or settings().public_url
    write_package(out, manifest(app_id, home, developer, privacy or home, terms or home))
    print(f"{out} is written; upload it in the Teams admin centre under 'Manage apps'.")
