"""`stadtlotse questions` and `nlu`: what is made of questions that were asked in vain."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Questions that were asked in vain, and what is made of them.", no_args_is_help=True)
nlu_app = typer.Typer(help="Examples from which the dialogue learns what people mean.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Since = Annotated[str | None, typer.Option(metavar="DAY", help="First day: 2026-11-01, or an age: 7d, 4w, 6m.")]
Until = Annotated[str | None, typer.Option(metavar="DAY", help="Last day, in the same form.")]


@app.command("list")
def list_groups(since: Since = None, until: Until = None, as_json: AsJson = False) -> None:
    """List the questions without an answer, grouped by meaning, with the id of each group.

    Example: stadtlotse questions list --since 4w
    """
    from bot.cli.unanswered import list_groups

    list_groups(since, until, as_json=as_json)


@app.command()
def add(
    group: Annotated[str, typer.Argument(metavar="ID", help="Id of a group from 'questions list' or the report.")],
    answer: Annotated[
        list[str] | None, typer.Option(metavar="WORDS", help="What the answer must say; may be given several times.")
    ] = None,
    unanswerable: Annotated[
        bool, typer.Option("--unanswerable", help="The right answer is that the bot does not know.")
    ] = False,
    question: Annotated[str | None, typer.Option(metavar="WORDS", help="The question in better words.")] = None,
    file: Annotated[Path | None, typer.Option(metavar="FILE", help="Document in which the answer stands.")] = None,
    page: Annotated[int | None, typer.Option(min=1, help="Its page.")] = None,
    heading: Annotated[str | None, typer.Option(help="Its heading.")] = None,
    since: Since = None,
    until: Until = None,
    as_json: AsJson = False,
) -> None:
    """Make a question of your evaluation set out of a group; retraining then watches over its answer.

    In a terminal it asks for what is missing.

    Example: stadtlotse questions add 3fa91c --answer "65 Prozent" --file richtlinie.pdf --page 4
    """
    from bot.cli.unanswered import Wanted, add

    wanted = Wanted(question, answer or [], unanswerable, str(file) if file else None, page, heading)
    add(group, wanted, since, until, as_json=as_json)


@app.command()
def fact(
    group: Annotated[str, typer.Argument(metavar="ID", help="Id of a group from 'questions list' or the report.")],
    programme: Annotated[str, typer.Option(metavar="KEY", help="Key of the fact sheet, such as mpsc.")],
    de: Annotated[str, typer.Option(metavar="SENTENCE", help="The fact in German, a whole sentence to be quoted.")],
    en: Annotated[str, typer.Option(metavar="SENTENCE", help="The same in English.")],
    source: Annotated[list[str], typer.Option(metavar="URL", help="Where it stands; may be given several times.")],
    as_of: Annotated[str, typer.Option(help="Date of the source: 2026-05-01, 2026-05 or 2026.")],
    attribute: Annotated[
        str | None, typer.Option(help="What it tells, such as 'deadline'; without it, what the question asks for.")
    ] = None,
    since: Since = None,
    until: Until = None,
) -> None:
    """Print a new fact that answers a group, checked, to paste below 'facts:' of the programme's sheet.

    Example: stadtlotse questions fact 3fa91c --programme kts --de "Die KTS sitzt in Bonn." --en "The KTS is in Bonn."
    --source https://www.smart-city-dialog.de/ --as-of 2026
    """
    from bot.cli.unanswered import NewFact, fact

    fact(group, NewFact(programme, de, en, source, as_of, attribute), since, until)


@nlu_app.command()
def suggest(
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(min=1, help="So many proposals at most.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Propose examples from questions that were not understood: accept, edit or reject each one.

    Without a terminal they are listed. What is accepted is learnt at the next training, never before.

    Example: stadtlotse nlu suggest --since 4w
    """
    from bot.cli.suggesting import suggest

    suggest(since, until, limit=limit, as_json=as_json)
