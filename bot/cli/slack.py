"""`stadtlotse slack`: what Slack needs to know about the app."""

import json
from typing import Annotated

import typer

app = typer.Typer(help="Slack: the app's manifest.", no_args_is_help=True)


@app.callback()
def main() -> None:
    """Slack: the app's manifest."""


@app.command()
def manifest(
    http: Annotated[
        bool, typer.Option("--http", help="Slack posts events to STADTLOTSE_PUBLIC_URL instead of Socket Mode.")
    ] = False,
    lang: Annotated[str, typer.Option(help="de or en: the language of the app's descriptions.")] = "de",
) -> None:
    """Print the app manifest to paste at api.slack.com/apps, 'Create New App', 'From a manifest'.

    Example: stadtlotse slack manifest --http
    """
    from bot.channels.slack.manifest import manifest
    from bot.channels.slack.platform import PATH
    from bot.cli.options import chosen_language
    from knowledge.errors import StadtlotseError
    from knowledge.settings import settings

    base = settings().public_url.rstrip("/")
    if http and not base.startswith("https://"):
        raise StadtlotseError("Slack posts to addresses with https:// only; set STADTLOTSE_PUBLIC_URL to one.")
    described = manifest(f"{base}{PATH}" if http else None, chosen_language(lang) or "de")
    print(json.dumps(described, indent=2, ensure_ascii=False))
