"""`stadtlotse privacy`: what is kept of a person; imports what is heavy where it is needed."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="Show, hand out and forget what is kept of a person.\n\n"
    "PERSON is a conversation's id, or a platform and the person's id there: slack:U024BE7LH, "
    "teams:6e1f0c4e-…. 'stadtlotse privacy find' looks for a conversation by words that were said in it.",
    no_args_is_help=True,
)

Person = Annotated[str, typer.Argument(metavar="PERSON", help="Conversation id, slack:ID or teams:ID.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


@app.command()
def find(
    words: Annotated[str, typer.Argument(metavar="WORDS", help="Words that the person said, as they were written.")],
    as_json: AsJson = False,
) -> None:
    """List the conversations in which these words were said, the newest first.

    Example: stadtlotse privacy find "Radweg am Südring"
    """
    from bot.cli.people import find

    find(words, as_json=as_json)


@app.command()
def show(person: Person, as_json: AsJson = False) -> None:
    """Show all that is kept of a person.

    Example: stadtlotse privacy show slack:U024BE7LH
    """
    from bot.cli.people import show

    show(person, as_json=as_json)


@app.command()
def export(
    person: Person,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="File to write; without it, one below var/exports/.")
    ] = None,
) -> None:
    """Write all that is kept of a person to a JSON file, to hand over.

    'forget' deletes the file again where it still is; below var/exports/ it is deleted by itself in time.

    Example: stadtlotse privacy export teams:6e1f0c4e-77d2-4d0c-9d39-0a6f1c2b3d4e --out auskunft.json
    """
    from bot.cli.people import export

    export(person, out)


@app.command()
def forget(
    person: Person,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether to go on.")] = False,
    as_json: AsJson = False,
) -> None:
    """Delete all that is kept of a person: conversations, logged questions, feedback, exports, and in backups.

    Example: stadtlotse privacy forget slack:U024BE7LH --yes
    """
    from bot.cli.people import forget

    forget(person, yes=yes, as_json=as_json)
