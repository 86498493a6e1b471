"""What `stadtlotse documents` changes in the library."""

import json
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.text import Text

from bot import audit
from bot.additions import stocking
from bot.additions.fetching import check_allowed, fetched, is_address
from bot.additions.stocking import Incoming, Stocked
from bot.cli.progress import BuildProgress
from bot.cli.tables import counted, wide_console
from knowledge.errors import StadtlotseError
from knowledge.files.disk import writing_to
from knowledge.indexing.stock import Notes
from knowledge.indexing.watched import unwatch, watch
from knowledge.linguistics.dates import parse_date
from knowledge.settings import Settings, settings
from knowledge.validation import reason

_VERBS = {
    "added": "added",
    "replaced": "replaced an older one",
    "noted": "is there already; what you say of it was taken over",
    "same": "there already",
    "double": "not taken",
    "unread": "not taken",
}
_WOULD = {
    "added": "would be added",
    "replaced": "would replace an older one",
    "noted": "is there; only what you say of it would change",
}
_TAKEN = ("added", "replaced", "noted")
_RECORDED = 50
"""Documents that a line of the audit log names."""


def add(
    sources: Sequence[str], *, into: str, said: Mapping[str, Any], pages: int, dry_run: bool, as_json: bool
) -> None:
    """Take documents in and print what became of each; exits with 1 where one could not be read."""
    chosen = settings()
    notes = _notes(said)
    for address in filter(is_address, sources):
        check_allowed(chosen, address)
    with tempfile.TemporaryDirectory(prefix="stadtlotse-fetched-") as folder, writing_to(chosen.library):
        files = _incoming(chosen, sources, into, notes, pages, Path(folder))
        if notes.title and len(files) != 1:
            raise StadtlotseError(f"--title is for one document, but these are {len(files)}; add them one by one.")
        found: list[Stocked] = []
        try:
            with BuildProgress(Console(stderr=True)) as progress:
                found.extend(
                    stocking.add(chosen, files, dry_run=dry_run, progress=lambda done, of: progress("read", done, of))
                )
        finally:  # what was taken before it was interrupted is in the library
            if not dry_run:
                _record_added(chosen, found)
    if as_json:
        print(json.dumps([one.model_dump() for one in found], indent=2, ensure_ascii=False))
    else:
        _print_added(wide_console(), found, dry_run=dry_run)
    if any(one.status == "unread" for one in found):
        raise typer.Exit(1)


def remove(names: Sequence[str], *, dry_run: bool, as_json: bool) -> None:
    """Take documents out and print which."""
    chosen = settings()
    with writing_to(chosen.library):
        gone = stocking.remove(chosen, names, dry_run=dry_run)
    if gone and not dry_run:
        audit.record(chosen, "documents remove", count=len(gone), documents=gone[:_RECORDED])
    if as_json:
        print(json.dumps(gone, ensure_ascii=False))
        return
    console = wide_console()
    for name in gone:
        _say(console, f"{name}: {'would be removed' if dry_run else 'removed'}")
    if not dry_run:
        _say(console, "The live release holds them until 'stadtlotse retrain'.")


def watch_folder(folder: Path, *, stop: bool) -> None:
    """Watch a folder, or watch it no more, and say so."""
    chosen, console = settings(), wide_console()
    path = folder.expanduser()
    with writing_to(chosen.library):
        if stop:
            unwatch(chosen, path)
        elif not watch(chosen, path):
            _say(console, f"{path} is watched already.")
            return
    audit.record(chosen, "documents watch", folder=str(path.resolve()), stopped=stop)
    state = "not watched any more" if stop else "watched"
    _say(console, f"{path} is {state}; 'stadtlotse retrain' takes over what that changes.")


def _record_added(chosen: Settings, found: Sequence[Stocked]) -> None:
    taken = [one.name for one in found if one.status in _TAKEN]
    if taken:
        audit.record(chosen, "documents add", count=len(taken), documents=taken[:_RECORDED])


def _notes(said: Mapping[str, Any]) -> Notes:
    stand = said.get("stand")
    if stand and parse_date(stand) is None:
        raise StadtlotseError(f"--stand: '{stand}' names no date; write it like 2024-05-01, 'Mai 2024' or 2024.")
    try:
        return Notes.model_validate(said)
    except ValidationError as error:
        first = error.errors()[0]
        raise StadtlotseError(f"--{str(first['loc'][0]).replace('_', '-')}: {reason(first)}.") from error


def _incoming(
    chosen: Settings, sources: Sequence[str], into: str, notes: Notes, pages: int, folder: Path
) -> list[Incoming]:
    files = stocking.incoming_files([Path(one).expanduser() for one in sources if not is_address(one)], into, notes)
    for number, address in enumerate(filter(is_address, sources)):
        own = folder / str(number)
        files += fetched(chosen, address, pages=pages, into=into, notes=notes, folder=own)
    return files


def _print_added(console: Console, found: Sequence[Stocked], *, dry_run: bool) -> None:
    for one in found:
        about = f", {one.reason}" if one.reason else ""
        if one.status in _TAKEN:
            pages = f"{counted(one.pages, 'page')}, " if one.pages else ""
            about = f": {one.title} ({one.stand or 'no date'}; {pages}{counted(one.passages, 'passage')})"
        verb = _WOULD.get(one.status, _VERBS[one.status]) if dry_run else _VERBS[one.status]
        _say(console, f"{one.name} {verb}{about}", "red" if one.status == "unread" else "")
        for warning in one.warnings if one.status in _TAKEN else ():
            _say(console, f"   {warning}", "yellow")
    counts = Counter(one.status for one in found)
    _say(console, ", ".join(f"{count} {_COUNTED[status]}" for status, count in counts.items()) or "There is no file.")
    if dry_run:
        _say(console, "Nothing was changed: this was a dry run.")
    elif any(one.status in _TAKEN for one in found):
        _say(console, "Take them live with: stadtlotse retrain")


_COUNTED = {
    "added": "added",
    "replaced": "replaced",
    "noted": "with other details",
    "same": "there already",
    "double": "there under another name",
    "unread": "not read",
}


def _say(console: Console, line: str, style: str = "") -> None:
    console.print(Text(line, style=style), soft_wrap=True)
