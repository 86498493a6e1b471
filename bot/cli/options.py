"""Options that several commands take."""

from typing import Annotated

import typer

from knowledge.messages import LANGUAGES, Language

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def chosen_language(lang: str | None) -> Language | None:
    """The language that a `--lang` names; raises `typer.BadParameter`."""
    chosen = next((language for language in LANGUAGES if language == lang), None)
    if lang is not None and chosen is None:
        raise typer.BadParameter("choose de or en.", param_hint="--lang")
    return chosen
