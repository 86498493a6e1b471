"""`stadtlotse audit`: what admins did, and whether the log is as it was written."""

import json
import sys

from rich.console import Console
from rich.text import Text

from bot import audit
from bot.cli.tables import indented, is_narrow, plain_table, wide_console
from knowledge.settings import settings

_LISTED = 3
"""Of many documents a terminal shows so many; all are in the log."""


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
    console = wide_console()
    if shown:
        _print_entries(console, shown)
    for one in damaged:
        console.print(Text(f"Line {one.line}: {one.sentence}.", style="bold red"), soft_wrap=True)
    if not damaged and count:
        console.print(Text(f"All {count} lines are as they were written.", style="green"), soft_wrap=True)
        console.print(f"Seal: {seal}", soft_wrap=True)
    elif not count and not damaged:
        console.print("Nothing is in the audit log yet.")


def _print_entries(console: Console, shown: list[audit.Entry]) -> None:
    """The lines; a terminal is spared what is empty and long lists, and where it is narrow, a table."""
    table = plain_table(console, "Line", "When", "Who", "What", "Details")
    for entry in shown:
        details = {name: value for name, value in entry.details.items() if not console.is_terminal or _is_told(value)}
        listed = _LISTED if console.is_terminal else None
        told = "; ".join(f"{name}: {_value(value, listed)}" for name, value in details.items())
        place, when = str(entry.number), entry.at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
        if is_narrow(console):
            console.print(Text(f"{place}  {when}  {entry.who}  {entry.action}", style="bold"), soft_wrap=True)
            indented(console, told)
        else:
            table.add_row(place, when, entry.who, entry.action, told)
    if table.row_count:
        console.print(table)


def _is_told(value: audit.Value) -> bool:
    return value is not None and value not in ("", [])


def _value(value: audit.Value, listed: int | None) -> str:
    """A detail in words, of a list the first `listed`."""
    if not isinstance(value, list):
        return str(value)
    more = len(value) - listed if listed else 0
    named = ", ".join(value[:listed])
    return f"{named} and {more} more" if more > 0 else named
