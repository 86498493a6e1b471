"""What `stadtlotse documents` shows of the library."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import typer
from rich.console import Console
from rich.text import Text

from bot.additions import stocking
from bot.additions.stocking import Stocked
from bot.additions.twins import identity
from bot.cli.progress import BuildProgress
from bot.cli.tables import counted, indented, is_narrow, plain_table, shortened, wide_console
from bot.retraining.building import folders_in_use
from knowledge.document import Document, Passage
from knowledge.errors import StadtlotseError
from knowledge.indexing.stock import documents_folder
from knowledge.indexing.watched import watched
from knowledge.releases.release import PASSAGES, current_release
from knowledge.releases.store import PassageStore
from knowledge.settings import Settings, settings

_LONGEST = 400
# Columns of a terminal in which names of files and titles fit beside each other, and letters of a title shown there.
_SIDE_BY_SIDE, _TITLE = 150, 60


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
        _print_documents(console, found, states)
    else:
        _say(console, "The library is empty; put documents in with: stadtlotse documents add FOLDER")
    known = watched(chosen)
    for folder in folders_in_use(chosen):
        if folder != documents_folder(chosen).resolve():
            _say(console, f"{'Watched' if folder in known else 'Read'} beside the library: {folder}")


def _print_documents(console: Console, found: Sequence[Stocked], states: Mapping[str, str]) -> None:
    """The documents with their names whole, as they are typed in other commands. What all lack has no column."""
    with_until = any(one.valid_until for one in found)
    if is_narrow(console):
        for one in found:
            until = [f"valid until {one.valid_until}"] if one.valid_until else []
            _say(console, one.name, "bold")
            title = shortened(one.title or "–", console.width // 2)
            indented(console, " · ".join([title, one.stand or "no date", one.group, *until, states[one.name]]))
        return
    beside = not console.is_terminal or console.width >= _SIDE_BY_SIDE
    headings = ["Document", *(["Title"] if beside else []), "Stand", "Group", *(["Valid until"] if with_until else [])]
    table = plain_table(console, *headings, "Passages", "State")
    for one in found:
        title = shortened(one.title or "–", _TITLE) if console.is_terminal else one.title or "–"
        cells = [one.name, title] if beside else [f"{one.name}\n{' ' * 3}{title}"]
        cells += [one.stand or "–", one.group, *([one.valid_until or "–"] if with_until else [])]
        table.add_row(*cells, str(one.passages), states[one.name])
    console.print(table)


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
    return "live" if identity(documents_folder(chosen) / name) == live[name] else "changed"


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
