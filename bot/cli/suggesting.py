"""What `stadtlotse nlu suggest` does."""

import json
import sys
from dataclasses import asdict

import typer
from rich.console import Console
from rich.text import Text

from bot import audit
from bot.additions.own_sets import AcceptedUtterance, decide, decided
from bot.additions.proposals import Proposal, examples, proposals
from bot.cli.report import embed, report_console, shelf
from bot.cli.tables import plain_table
from bot.reporting.log import asked
from bot.reporting.span import span
from knowledge.settings import settings

_KEYS = "a accept, e edit, i other intent, r reject, s skip, q quit"


def suggest(since: str | None, until: str | None, *, limit: int, as_json: bool) -> None:
    """Have proposals decided one by one, or list them."""
    chosen = settings()
    with shelf() as shelved:
        found = proposals(asked(chosen, span(since, until)), shelved, decided(chosen), embed)[:limit]
    if as_json:
        print(json.dumps([asdict(one) for one in found], indent=2, ensure_ascii=False))
    elif not found:
        print("Nothing to propose: what was not understood is among the examples, or nothing was.")
    elif sys.stdin.isatty() and sys.stdout.isatty():
        _decide(found)
    else:
        _list(found)


def _list(found: list[Proposal]) -> None:
    console = report_console()
    table = plain_table(console, "Asked", "Question", "Intent", "Most like", "Likeness")
    for one in found:
        table.add_row(str(one.count), one.text, one.intent, one.nearest, f"{one.likeness:.2f}")
    console.print(table)
    console.print("Run the command in a terminal to accept, edit or reject them.")


def _decide(found: list[Proposal]) -> None:
    console = Console(highlight=False)
    accepted = rejected = 0
    for number, one in enumerate(found, 1):
        console.print()
        console.print(Text(f"{number} of {len(found)}  {one.text}", style="bold"), soft_wrap=True)
        console.print(Text(f"  asked {one.count} times; intent {one.intent}, like: {one.nearest}"), soft_wrap=True)
        try:
            decision = _decision(one)
        except _QuitError:
            break
        if decision is None:
            continue
        decide(settings(), decision)
        accepted, rejected = accepted + bool(decision.intent), rejected + (not decision.intent)
    if accepted or rejected:
        audit.record(settings(), "nlu suggest", accepted=accepted, rejected=rejected)
    console.print(f"{accepted} accepted, {rejected} rejected.", "Training takes them up." if accepted else "")


class _QuitError(Exception):
    """The person wants to decide no more."""


def _decision(one: Proposal) -> AcceptedUtterance | None:
    """What the person at the terminal decides, None for later; raises `_QuitError`."""
    text, intent = one.text, one.intent
    while True:
        key = typer.prompt(f"  {_KEYS}", default="s").strip().lower()[:1]
        if key == "q":
            raise _QuitError
        if key == "s":
            return None
        if key == "r":
            return AcceptedUtterance(text=one.text, intent=None, asked=one.references)
        if key == "e":
            text = typer.prompt("  Example", default=text).strip()
        if key == "i":
            wanted = typer.prompt("  Intent", default=intent).strip()
            if wanted not in examples():
                print(f"  There is no intent {wanted}; there are {', '.join(sorted(examples()))}.")
                continue
            intent = wanted
        if key in ("a", "e", "i"):
            if key == "a" or typer.confirm(f"  Accept as {intent}: {text}?", default=True):
                return AcceptedUtterance(text=text, intent=intent, asked=one.references)
