"""`stadtlotse evaluate`: measuring what is found and what is said. Imports what is heavy where it is needed."""

from pathlib import Path
from typing import Annotated

import typer

from knowledge.messages import LANGUAGES, Language

app = typer.Typer(help="Measure what the bot finds and says, with sets whose answers are known.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print the figures as one JSON object on the last line.")]
Lang = Annotated[str, typer.Option("--lang", help="de or en: the language of the report.")]


@app.command()
def retrieval(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Set in BEIR layout: corpus.jsonl, queries.jsonl, qrels/test.tsv.")
    ],
    as_json: AsJson = False,
    run: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the rankings there as a TREC run.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Ask only so many of the queries.")] = None,
    lang: Lang = "en",
) -> None:
    """Index a judged set beside the bot's own knowledge and measure search, confidence and quotes.

    Example: stadtlotse evaluate retrieval ~/sets/omos-de --run omos.run
    """
    from bot.cli.evaluation import retrieval

    retrieval(folder.expanduser(), as_json=as_json, run=run, limit=limit, lang=_language(lang))


@app.command()
def conversations(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="Questions, one JSON object a line; without it, the project's own set."),
    ] = None,
    documents: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder to read in place of the documents of the current index."),
    ] = None,
    url: Annotated[str | None, typer.Option(help="Address of a running bot to ask instead of a private one.")] = None,
    as_json: AsJson = False,
    lang: Lang = "en",
) -> None:
    """Ask a file's questions, each in a conversation of its own, and judge the answers.

    A private bot is started for it on free ports; one that runs is not disturbed.

    Example: stadtlotse evaluate conversations questions.jsonl --documents ~/smart-city
    """
    from bot.cli.evaluation import conversations

    conversations(file, documents=documents, url=url, as_json=as_json, lang=_language(lang))


@app.command()
def nlu(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="Utterances in Rasa's format; without it, the project's own set."),
    ] = None,
    as_json: AsJson = False,
    picture: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where to draw what is taken for what, SVG or PNG; else below var/."),
    ] = None,
    lang: Lang = "en",
) -> None:
    """Have the trained dialogue read utterances that it was not trained on, and count what it tells right.

    Example: stadtlotse evaluate nlu --picture confusion.svg
    """
    from bot.cli.evaluation import nlu

    nlu(file, as_json=as_json, picture=picture, lang=_language(lang))


def _language(lang: str) -> Language:
    if lang not in LANGUAGES:
        raise typer.BadParameter("choose de or en.", param_hint="--lang")
    return "de" if lang == "de" else "en"
