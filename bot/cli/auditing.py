"""`stadtlotse audit`: what admins did, and whether the log is as it was written."""

import json
import sys

from rich.console import Console
from rich.text import Text

from bot import audit
from bot.cli.tables import plain_table
from knowledge.settings import settings


def show(*, as_json: bool, last: int | None, seal: str | None) -> None:
    """Print the log and what is wrong with it; exit code 1 where something is."""
    entries, damaged = audit.entries(settings())
    if seal is not None and seal not in {entry.hash for entry in entries}:
        damaged.append(audit.Damage(len(entries), "the seal that was noted is not among the lines"))
    shown = entries[-last:] if last else entries
    if as_json:
        said = {
            "entries": [entry.model_dump(mode="json") for entry in shown],
            "damaged": [{"line": one.line, "reason": one.sentence} for one in damaged],
            "seal": audit.seal(entries),
        }
        print(json.dumps(said, indent=2, ensure_ascii=False))
    else:
        _print(shown, damaged, audit.seal(entries), len(entries))
    if damaged:
        sys.exit(1)


def _print(shown: list[audit.Entry], damaged: list[audit.Damage], seal: str, count: int) -> None:
    console = Console(highlight=False)
    if shown:
        table = plain_table(console, "Line", "When", "Who", "What", "Details")
        for entry in shown:
            details = ", ".join(f"{name}: {_value(value)}" for name, value in entry.details.items())
            when = entry.at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
            table.add_row(str(entry.number), when, entry.who, entry.action, details)
        console.print(table)
    for one in damaged:
        console.print(Text(f"Line {one.line}: {one.sentence}.", style="bold red"), soft_wrap=True)
    if not damaged and count:
        console.print(Text(f"All {count} lines are as they were written.", style="green"), soft_wrap=True)
        console.print(f"Seal: {seal}", soft_wrap=True)
    elif not count and not damaged:
        console.print("Nothing is in the audit log yet.")


def _value(value: audit.Value) -> str:
    return " ".join(value) if isinstance(value, list) else str(value)
