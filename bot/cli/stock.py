"""What `stadtlotse documents` does."""

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
from bot.cli.tables import counted, plain_table, wide_console
from bot.retraining.building import folders_in_use
from knowledge.document import Document, Passage
from knowledge.errors import StadtlotseError
from knowledge.files.disk import writing_to
from knowledge.indexing.stock import Notes, documents_folder
from knowledge.indexing.watched import unwatch, watch, watched
from knowledge.linguistics.dates import parse_date
from knowledge.releases.release import PASSAGES, current_release
from knowledge.releases.store import PassageStore
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
_LONGEST = 400
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


def list_documents(as_json: bool) -> None:
    """Print the library."""
    chosen = settings()
    found = _held(chosen)
    live = _live_documents(chosen)
    states = {one.name: _state(chosen, one.name, live) for one in found}
    if as_json:
        print(
            json.dumps([one.model_dump() | {"state": states[one.name]} for one in found], indent=2, ensure_ascii=False)
        )
        return
    console = wide_console()
    if found:
        table = plain_table(console, "Document", "Title", "Stand", "Group", "Valid until", "Passages", "State")
        for one in found:
            cells = (one.title or "–", one.stand or "–", one.group, one.valid_until or "–", str(one.passages))
            table.add_row(one.name, *cells, states[one.name])
        console.print(table)
    else:
        _say(console, "The library is empty; put documents in with: stadtlotse documents add FOLDER")
    known = watched(chosen)
    for folder in folders_in_use(chosen):
        if folder != documents_folder(chosen).resolve():
            _say(console, f"{'Watched' if folder in known else 'Read'} beside the library: {folder}")


def show(name: str, limit: int, file: Path, *, as_json: bool) -> None:
    """Print how a document was read; a file that is not in the library is read without being taken."""
    chosen = settings()
    try:
        one, read = stocking.read_one(chosen, name)
    except StadtlotseError:
        if not file.is_file():
            raise
        one, read = stocking.read_file(chosen, file)
    if as_json:
        documents = [
            document.model_dump(mode="json", exclude={"id"})
            | {"passages": [passage.model_dump(mode="json", exclude={"document_id"}) for passage in passages]}
            for document, passages in read
        ]
        print(json.dumps(one.model_dump() | {"documents": documents}, indent=2, ensure_ascii=False))
        return
    console = wide_console()
    if one.reason:
        _say(console, f"{one.name} is not read: {one.reason}")
    for document, passages in read:
        _print_document(console, document, passages, limit)
    for warning in one.warnings if read else ():
        _say(console, f"Note: {warning}", "yellow")
    if one.reason:
        raise typer.Exit(1)


def check(as_json: bool) -> None:
    """Print what is worth a look; exits with 1 where a document is not read."""
    found = _held(settings())
    if as_json:
        print(json.dumps([one.model_dump() for one in found if one.warnings], indent=2, ensure_ascii=False))
    else:
        console = wide_console()
        for one in found:
            for warning in one.warnings:
                _say(console, f"{one.name}: {warning}", "yellow" if one.passages else "red")
        noted = sum(bool(one.warnings) for one in found)
        _say(console, f"{counted(len(found), 'document')}, {noted} of them worth a look.")
    if any(not one.passages for one in found):
        raise typer.Exit(1)


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


def _held(chosen: Settings) -> list[Stocked]:
    errors = Console(stderr=True)
    if not errors.is_terminal:  # nobody waits for it
        return stocking.held(chosen)
    with BuildProgress(errors) as progress:
        return stocking.held(chosen, lambda done, of: progress("read", done, of))


def _live_documents(chosen: Settings) -> dict[str, str]:
    """Hash by path of the documents that are live."""
    release = current_release(chosen, damaged_is_none=True)
    if release is None or release.manifest.knowledge is None:
        return {}
    store = PassageStore(release.path / PASSAGES)
    try:
        return {one.path: one.sha256 for one in store.documents() if one.kind == "document"}
    finally:
        store.close()


def _state(chosen: Settings, name: str, live: Mapping[str, str]) -> str:
    if name not in live:
        inside = any(path.startswith(f"{name}/") for path in live)
        return "live" if inside else "not live"
    return "live" if stocking.identity(documents_folder(chosen) / name) == live[name] else "changed"


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


def _print_document(console: Console, document: Document, passages: Sequence[Passage], limit: int) -> None:
    table = plain_table(console, "What", "Value")
    table.add_row("File", document.path)
    table.add_row("Title", document.title)
    table.add_row("Stand", document.as_of or "–")
    table.add_row("Publisher", document.publisher or "–")
    table.add_row("Language", document.lang)
    table.add_row("Kind", document.genre or "–")
    table.add_row("Group", document.group)
    table.add_row("Valid until", document.valid_until or "–")
    table.add_row("Programmes", ", ".join(document.programmes) or "–")
    table.add_row("Passages", str(len(passages)))
    console.print(table)
    shown = passages[:limit] if limit else passages
    for passage in shown:
        place = [f"page {passage.page}"] if passage.page else []
        place += [" > ".join(passage.headings)] if passage.headings else []
        _say(console, f"{passage.id}  {', '.join(place)}", "bold")
        text = passage.text if not limit or len(passage.text) <= _LONGEST else f"{passage.text[:_LONGEST]} …"
        _say(console, text)
    if len(passages) > len(shown):
        _say(console, f"… and {len(passages) - len(shown)} more passages; --passages 0 shows all.")


def _say(console: Console, line: str, style: str = "") -> None:
    console.print(Text(line, style=style), soft_wrap=True)
