"""Building the knowledge of a release: read, cut into passages, embed, index."""

import hashlib
import re
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.document import Document, Passage
from knowledge.embedding import Embedder, EmbeddingCache, embed_with_cache
from knowledge.errors import StadtlotseError
from knowledge.factsheet import SHEETS, FactSheet, load_fact_sheets
from knowledge.lexical import LexicalIndex
from knowledge.library import write_sheets
from knowledge.messages import LANGUAGES
from knowledge.names import Names
from knowledge.passages import file_passages, sheet_document, sheet_passages
from knowledge.reading import ReadFile, Unreadable, read_file
from knowledge.release import (
    KNOWLEDGE_PARTS,
    LEXICAL,
    PASSAGES,
    VECTORS,
    KnowledgeManifest,
    SetAside,
)
from knowledge.release import SHEETS as SHEETS_FILE
from knowledge.settings import PROJECT, Settings
from knowledge.sources import fingerprint, readable_files
from knowledge.store import write_passages
from knowledge.suggestions import short_name
from knowledge.text import folded
from knowledge.texts import section
from knowledge.vectors import VectorIndex

Progress = Callable[[str, int, int], None]


@dataclass
class Collection:
    """Everything that goes into an index, in its order."""

    sheets: list[FactSheet]
    documents: list[Document] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)


def build_knowledge(settings: Settings, target: Path, folders: Sequence[Path], progress: Progress) -> KnowledgeManifest:
    """Build the knowledge parts of a release from the fact sheets and the documents of `folders`.

    They are written into the folder `target`; those that it already holds are replaced. `progress` is told (step, done,
    all) with the steps 'read', 'model', 'embed' and 'write'. Raises `StadtlotseError` where a folder is missing or a
    fact sheet is not valid; a document that cannot be read is set aside with its reason.
    """
    stamp = fingerprint(settings, folders)
    collection = collect(folders, lambda done, of: progress("read", done, of))
    embedder = Embedder.load(settings, lambda done, of: progress("model", done, of))
    write_knowledge(settings, target, collection, embedder, progress)
    return KnowledgeManifest(
        fingerprint=stamp,
        folders=[str(folder) for folder in folders],
        embedding_model=embedder.model_id,
        dimensions=embedder.dimensions,
        fact_sheets=len(collection.sheets),
        facts=sum(len(sheet.facts) for sheet in collection.sheets),
        documents=sum(document.kind == "document" for document in collection.documents),
        passages=len(collection.passages),
        set_aside=collection.set_aside,
    )


def write_knowledge(
    settings: Settings, target: Path, collection: Collection, embedder: Embedder, progress: Progress
) -> None:
    """Embed and index a collection and write all parts into the folder `target`, in place of those it holds.

    `progress` is told (step, done, all) with the steps 'embed' and 'write'.
    """
    texts = [embedding_text(passage, collection) for passage in collection.passages]
    cache = EmbeddingCache(settings.var / "cache" / "embeddings.db")
    embeddings = embed_with_cache(embedder, cache, texts, lambda done, of: progress("embed", done, of))
    progress("write", 0, 1)
    for part in KNOWLEDGE_PARTS:
        _remove(target / part)
    write_sheets(target / SHEETS_FILE, collection.sheets)
    write_passages(target / PASSAGES, collection.documents, collection.passages)
    VectorIndex.build(embeddings).save(target / VECTORS)
    LexicalIndex.build(texts, [passage.lang for passage in collection.passages]).save(target / LEXICAL)
    progress("write", 1, 1)


def collect(folders: Sequence[Path], progress: Callable[[int, int], None]) -> Collection:
    """Read all fact sheets, and the documents of the folders, into documents and passages."""
    collection = Collection(load_fact_sheets())
    for sheet in collection.sheets:
        _add_sheet(collection, sheet)
    names = Names(collection.sheets)
    files = [(folder, path) for folder in folders for path in _files(folder)]
    ids = {document.id for document in collection.documents}
    for done, (folder, path) in enumerate(files):
        progress(done, len(files))
        name = str(path.relative_to(folder))
        try:
            read = read_file(path)
        except Unreadable as unreadable:
            collection.set_aside.append(SetAside(path=name, reason=unreadable.reason))
            continue
        document = _document(name, path, read, ids)
        passages = file_passages(document, read, names)
        collection.documents.append(document)
        collection.passages.extend(passages)
    progress(len(files), len(files))
    return collection


def _files(folder: Path) -> Iterable[Path]:
    if not folder.is_dir():
        raise StadtlotseError(f"{folder} is not a folder; name the folder that holds your documents.")
    return readable_files(folder)


def _add_sheet(collection: Collection, sheet: FactSheet) -> None:
    path = SHEETS / f"{sheet.key}.yml"
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    for lang in LANGUAGES:
        document = sheet_document(sheet, lang, str(path.relative_to(PROJECT)), sha256)
        collection.documents.append(document)
        collection.passages.extend(sheet_passages(sheet, document, dict(section(lang, "answer"))))


def _document(name: str, path: Path, read: ReadFile, ids: set[str]) -> Document:
    """The document of a read file, under an address that no other one has."""
    base = re.sub(r"[^a-z0-9]+", "-", folded(str(Path(name).with_suffix("")))).strip("-") or "document"
    document_id, number = base, 1
    while document_id in ids:
        number += 1
        document_id = f"{base}-{number}"
    ids.add(document_id)
    return Document(
        id=document_id,
        title=read.title,
        lang=read.lang,
        as_of=read.as_of,
        kind="document",
        path=name,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        origins=list(read.origins),
        has_pages=read.has_pages,
    )


def embedding_text(passage: Passage, collection: Collection) -> str:
    """What of a passage is embedded and indexed: the names it stands under, its headings, its words."""
    if passage.fact is not None:
        sheet = next(sheet for sheet in collection.sheets if sheet.key == passage.programmes[0])
        names = [getattr(sheet.name, passage.lang), short_name(sheet, passage.lang)]
    else:
        names = [next(document.title for document in collection.documents if document.id == passage.document_id)]
    return ". ".join(dict.fromkeys((*names, *passage.headings))) + f": {passage.text}"


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
