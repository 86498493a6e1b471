"""The `stadtlotse` command. Every subcommand imports what it needs itself, so that `--help` comes at once."""

import sys
from importlib.metadata import version
from typing import Annotated

import typer

from bot.cli.by_hand import app as by_hand
from bot.cli.care import app as care
from bot.cli.documents import app as documents_app
from bot.cli.evaluate import app as evaluate_app
from bot.cli.everyday import app as everyday
from bot.cli.looking import app as looking
from bot.cli.overview import Overview
from bot.cli.privacy import app as privacy_app
from bot.cli.programmes import app as programmes_app
from bot.cli.questions import app as questions_app
from bot.cli.questions import nlu_app
from bot.cli.releases import app as releases_app
from bot.cli.slack import app as slack_app
from bot.cli.teams import app as teams_app
from knowledge.errors import StadtlotseError

# Boxes and colours are for terminals; a file or a pipe gets plain text.
app = typer.Typer(
    name="stadtlotse",
    cls=Overview,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich" if sys.stdout.isatty() else None,
    epilog="Begin with: stadtlotse documents add FOLDER && stadtlotse retrain. Each COMMAND --help has an example.",
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


for commands in (everyday, looking, care, by_hand):
    app.add_typer(commands)
app.add_typer(documents_app, name="documents")
app.add_typer(evaluate_app, name="evaluate")
app.add_typer(privacy_app, name="privacy")
app.add_typer(questions_app, name="questions")
app.add_typer(nlu_app, name="nlu")
app.add_typer(programmes_app, name="programmes")
app.add_typer(releases_app, name="releases")
app.add_typer(slack_app, name="slack")
app.add_typer(teams_app, name="teams")


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
