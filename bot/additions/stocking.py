"""Documents into the operator's library and out of it, each read before it is taken."""

import shlex
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path, PurePosixPath
from typing import Literal

from pydantic import BaseModel, Field

from bot.additions.comparing import contradicting
from bot.additions.markings import marking
from bot.additions.twins import Twins, identity
from knowledge.document import Document, Passage
from knowledge.errors import StadtlotseError
from knowledge.indexing.duplicates import deduplicated
from knowledge.indexing.prepared import Prepared, PreparedCache, Source, prepare
from knowledge.indexing.sources import code_fingerprint, readable_files
from knowledge.indexing.stock import (
    Notes,
    documents_folder,
    notes_file,
    programmes_folder,
    read_notes,
    write_notes,
)
from knowledge.recognition.names import Names
from knowledge.settings import Settings
from knowledge.sheet_files import load_valid_fact_sheets

# A document older than this is worth a look.
_OLD_YEARS = 3
_SOON = timedelta(days=30)
# A page with fewer words is a picture that was not read, or a title page.
_WORDS_A_PAGE = 15
_PART = ".part"


class Incoming(BaseModel):
    """A file that is to be taken in: where it lies, and its path below the library's folder."""

    name: str
    path: Path
    notes: Notes = Field(default_factory=Notes)


class Stocked(BaseModel):
    """A document as it was read, and what became of it or is to be said of it."""

    name: str
    status: Literal["added", "replaced", "noted", "same", "double", "unread", "removed", "held"]
    reason: str | None = None
    title: str | None = None
    stand: str | None = None
    publisher: str | None = None
    group: str = "public"
    valid_until: str | None = None
    pages: int | None = None
    passages: int = 0
    warnings: list[str] = Field(default_factory=list)


def incoming_files(paths: Iterable[Path], into: str, notes: Notes) -> list[Incoming]:
    """The files below paths: a file under its name, a folder with all in it under the folder's name.

    Raises `StadtlotseError` where there is nothing at a path, or `into` leads out of the library.
    """
    below = PurePosixPath(into)
    if below.is_absolute() or ".." in below.parts:
        raise StadtlotseError(f"{into} leads out of the library; give --into a folder such as 'verkehr/2024'.")
    found: list[Incoming] = []
    for path in paths:
        if path.is_dir():
            start = below / path.resolve().name
            found += [
                Incoming(name=str(start / file.relative_to(path)), path=file, notes=notes)
                for file in readable_files(path)
            ]
        elif path.exists():
            found.append(Incoming(name=str(below / path.name), path=path, notes=notes))
        else:
            raise StadtlotseError(f"There is nothing at {path}; name a file or a folder.")
    return found


def add(
    settings: Settings, files: Sequence[Incoming], *, dry_run: bool, progress: Callable[[int, int], None]
) -> Iterator[Stocked]:
    """Read files and copy those that can be read into the library; with `dry_run` only say what would become of each.

    A file that is there already, under any name, is not taken twice; one of the same name is replaced. Of files that
    are the same the one is taken that the index would prefer: the newest by its Stand, then by format, then by name.
    """
    folder = documents_folder(settings)
    for left in folder.rglob(f".*{_PART}") if folder.is_dir() and not dry_run else ():
        left.unlink(missing_ok=True)
    known = {identity(path): str(path.relative_to(folder)) for path in _held_files(settings)}
    sources = {one.name: one for one in files}
    twins = Twins(settings, {one.name: (one.path, one.notes) for one in files})
    for done, (source, results) in enumerate(twins.preferred_first(_read(settings, sources.values())), start=1):
        one, target = sources[source.name], folder / source.name
        found = _stocked(one, results)
        hashed = identity(source.path)
        if found.status != "unread":
            elsewhere = known.get(hashed)
            if elsewhere == one.name and one.notes in (read_notes(settings, one.name), Notes()):
                found.status = "same"
            elif elsewhere is not None and elsewhere != one.name:
                found.status, found.reason = "double", f"it is the same file as {elsewhere}{twins.reason(one.name)}"
            elif elsewhere is not None:
                found.status = "noted"
            else:
                found.status = "replaced" if target.exists() else "added"
        if found.status in ("added", "replaced", "noted"):
            known[hashed] = one.name
            if not dry_run:
                if found.status != "noted":
                    _copy(source.path, target)
                if not one.notes.is_empty or found.status == "added":
                    write_notes(settings, one.name, one.notes)
        progress(done, len(sources))
        yield found


def held(settings: Settings, progress: Callable[[int, int], None] = lambda *_: None) -> list[Stocked]:
    """All documents of the library as they are read, with what is worth a look: age, what is not read, doubles,
    contradictions."""
    files = [Incoming(name=name, path=path, notes=read_notes(settings, name)) for name, path in _named(settings)]
    sources = {one.name: one for one in files}
    found: list[Stocked] = []
    everything: list[tuple[str, Prepared]] = []
    for done, (source, results) in enumerate(_read(settings, files), start=1):
        found.append(_stocked(sources[source.name], results, status="held"))
        everything += [(source.name, result) for result in results if result.document is not None]
        progress(done, len(files))
    doubles = dict(_doubles(settings, everything))
    for name, reason in (*doubles.items(), *contradicting(settings, everything, doubles)):
        next(one for one in found if one.name == name).warnings.append(reason)
    return found


def read_one(settings: Settings, name: str) -> tuple[Stocked, list[tuple[Document, list[Passage]]]]:
    """A document of the library by its path or file name, and how it was read: documents with their passages."""
    found = find(settings, name)
    return _shown(
        settings, Incoming(name=found, path=documents_folder(settings) / found, notes=read_notes(settings, found))
    )


def read_file(settings: Settings, path: Path) -> tuple[Stocked, list[tuple[Document, list[Passage]]]]:
    """How a file would be read that is not in the library."""
    return _shown(settings, Incoming(name=path.name, path=path))


def _shown(settings: Settings, one: Incoming) -> tuple[Stocked, list[tuple[Document, list[Passage]]]]:
    [(_, results)] = _read(settings, [one])
    read = [result.under(one.name) for result in results if result.document is not None]
    stocked = _stocked(one, results, status="held")
    return stocked, [(one.notes.applied(document), passages) for document, passages in read]


def find(settings: Settings, name: str) -> str:
    """The path below the library's folder of a document; `name` may be the end of it.

    Raises `StadtlotseError` where there is none or more than one.
    """
    names = [one for one, _ in _named(settings)]
    found = [one for one in names if one == name] or [one for one in names if f"/{one}".endswith(f"/{name}")]
    if not found:
        raise StadtlotseError(f"The library holds no document {name}; 'stadtlotse documents list' names all.")
    if len(found) > 1:
        raise StadtlotseError(f"{name} may be {' or '.join(found[:3])}; give more of the path.")
    return found[0]


def remove(settings: Settings, names: Sequence[str], *, dry_run: bool) -> list[str]:
    """Take documents, or all below a folder, out of the library; their paths. Raises as `find` does."""
    everything = [one for one, _ in _named(settings)]
    chosen: dict[str, None] = {}
    for name in names:
        inside = [one for one in everything if one.startswith(f"{name.rstrip('/')}/")]
        chosen |= dict.fromkeys(inside or [find(settings, name)])
    for name in () if dry_run else chosen:
        for path, root in (
            (documents_folder(settings) / name, documents_folder(settings)),
            (notes_file(settings, name), settings.library),
        ):
            path.unlink(missing_ok=True)
            _remove_empty(path.parent, root)
    return list(chosen)


def _read(settings: Settings, files: Iterable[Incoming]) -> Iterator[tuple[Source, list[Prepared]]]:
    own = programmes_folder(settings)
    cache = PreparedCache(settings.var / "cache" / "files.db", code_fingerprint(own))
    names = Names(load_valid_fact_sheets(own))
    return prepare([Source(one.name, one.path) for one in files], names, cache)


def _stocked(one: Incoming, results: Sequence[Prepared], status: Literal["added", "held"] = "added") -> Stocked:
    name, notes = one.name, one.notes
    read = [result for result in results if result.document is not None]
    aside = [f"{result.name}: {result.reason}" for result in results if result.document is None]
    first = read[0].document if read else None
    if first is None:
        reason = results[0].reason if results else None
        unread = Stocked(name=name, status="held" if status == "held" else "unread", reason=reason or "nothing in it")
        unread.warnings = [f"it is not read: {unread.reason}"] if status == "held" else []
        return unread
    document = notes.applied(first)
    pages = max((passage.page or 0 for result in read for passage in result.passages), default=0)
    found = Stocked(
        name=name,
        status=status,
        title=document.title,
        stand=document.as_of,
        publisher=document.publisher,
        group=document.group,
        valid_until=document.valid_until,
        pages=pages or None,
        passages=sum(len(result.passages) for result in read),
    )
    found.warnings = [*_age(document, notes), *(f"not read: {one}" for one in aside)]
    if document.group == "public":
        found.warnings += _for_whom(one, read)
    words = sum(len(passage.text.split()) for result in read for passage in result.passages)
    if pages and words < _WORDS_A_PAGE * pages:
        found.warnings.append(
            f"hardly any text: {words} words on {'1 page' if pages == 1 else f'{pages} pages'}; is it pictures of text?"
        )
    return found


def _for_whom(one: Incoming, read: Sequence[Prepared]) -> Iterator[str]:
    """A hint that everybody is to read what seems not to be for everybody."""
    told = next((said for result in read if (said := marking(result.name, result.passages, result.running))), None)
    if told:
        below = PurePosixPath(one.name).parent
        into = "" if one.notes.origin or below == PurePosixPath() else f" --into {shlex.quote(str(below))}"
        source = one.notes.origin or str(one.path)
        command = f"stadtlotse documents add {shlex.quote(source)}{into} --group internal"
        yield f"everybody may read it, but {told}; for staff alone: {command}"


def _age(document: Document, notes: Notes) -> Iterator[str]:
    today = date.today()
    if notes.valid_until is not None:
        if notes.valid_until < today:
            yield f"it was valid until {notes.valid_until} and is set aside"
        elif notes.valid_until - today <= _SOON:
            yield f"it is valid until {notes.valid_until} only"
    elif document.year is None:
        yield "it shows no date; give one with --stand"
    elif today.year - document.year >= _OLD_YEARS:
        yield f"it is of {document.as_of or document.year}; is there a newer one?"


def _doubles(settings: Settings, read: Sequence[tuple[str, Prepared]]) -> Iterator[tuple[str, str]]:
    """Documents that another one of the library stands for, with the reason."""
    documents, prints, modified, files = [], {}, {}, {}
    for number, (name, one) in enumerate(read):
        document, _ = one.under(str(number))
        documents.append(document)
        prints[document.id], files[document.id] = one.text_print, name
        modified[document.id] = (documents_folder(settings) / name).stat().st_mtime
    names = Names(load_valid_fact_sheets(programmes_folder(settings)))
    for dropped, reason in deduplicated(documents, prints, names, modified).dropped.items():
        yield files[dropped], reason


def _named(settings: Settings) -> Iterator[tuple[str, Path]]:
    folder = documents_folder(settings)
    for path in _held_files(settings):
        yield str(path.relative_to(folder)), path


def _held_files(settings: Settings) -> Iterator[Path]:
    folder = documents_folder(settings)
    return readable_files(folder) if folder.is_dir() else iter(())


def _copy(source: Path, target: Path) -> None:
    """Copy whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}{_PART}")
    try:
        shutil.copyfile(source, part)
        shutil.copystat(source, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _remove_empty(folder: Path, root: Path) -> None:
    while folder != root and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
