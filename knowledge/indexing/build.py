"""Building the knowledge of a release: read, cut into passages, embed, index, each while the others go on."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from knowledge.encoding.embedding import Embedder
from knowledge.encoding.embedding_cache import EmbeddingCache, embed_into, embed_with_cache
from knowledge.encoding.known_questions import QuestionEmbedder
from knowledge.encoding.mean_questions import MeanQuestions
from knowledge.errors import StadtlotseError
from knowledge.indexing.background import Ahead
from knowledge.indexing.collection import Addresses, Collection, embedding_text, window_texts
from knowledge.indexing.duplicates import deduplicated
from knowledge.indexing.lexical import LexicalIndex
from knowledge.indexing.prepared import Prepared, PreparedCache, Source, prepare
from knowledge.indexing.sources import code_fingerprint, fingerprint, readable_files
from knowledge.indexing.stock import Notes, all_notes, documents_folder, expired, is_library, programmes_folder
from knowledge.indexing.textprint import TextPrint
from knowledge.indexing.vectors import VectorIndex
from knowledge.indexing.windows import WindowIndex
from knowledge.recognition.names import Names
from knowledge.releases.kept_sheets import write_sheets
from knowledge.releases.release import (
    KNOWLEDGE_PARTS,
    LEXICAL,
    PASSAGES,
    QUESTIONS,
    VECTORS,
    WINDOWS,
    KnowledgeManifest,
    SetAside,
)
from knowledge.releases.store import write_passages
from knowledge.settings import Settings
from knowledge.sheet_files import load_all_fact_sheets

__all__ = ["Collection", "build_knowledge", "collect", "write_knowledge"]

Progress = Callable[[str, int, int], None]

# Passages that are embedded at once while files are still being read: half a minute's work.
_WINDOW = 1024


def build_knowledge(
    settings: Settings,
    target: Path,
    folders: Sequence[Path],
    progress: Progress,
    load: Callable[[Settings, Callable[[int, int], None]], Embedder] = Embedder.load,
) -> KnowledgeManifest:
    """Build the knowledge parts of a release from the fact sheets and the documents of `folders`.

    They are written into the folder `target`; those that it already holds are replaced. `progress` is told (step, done,
    all) with the steps 'read', 'model', 'embed' and 'write', of which the first three run side by side, in two threads.
    `load` gives the embedding model.
    Raises `StadtlotseError` where a folder is missing or a fact sheet is not valid; a document that cannot be read is
    set aside with its reason. What was read and embedded stays in the caches, whatever happens later.
    """
    stamp = fingerprint(settings, folders)
    gathering = _Gathering(settings, folders, progress)
    rising = _rising(progress)
    with Ahead(gathering.results) as incoming:
        progress("model", 0, 1)
        embedder = load(settings, lambda done, of: progress("model", done, 2 * of))  # unpacked, it is made ready
        progress("model", 1, 1)
        _embed_meanwhile(settings, gathering, incoming, embedder, rising)
    collection = gathering.finished()
    vector_index = write_knowledge(settings, target, collection, embedder, rising)
    return KnowledgeManifest(
        fingerprint=stamp,
        folders=[str(folder) for folder in folders],
        embedding_model=embedder.model_id,
        dimensions=embedder.dimensions,
        fact_sheets=len(collection.sheets),
        facts=sum(len(sheet.facts) for sheet in collection.sheets),
        documents=sum(document.kind == "document" for document in collection.documents),
        internal=sum(document.group == "internal" for document in collection.documents),
        passages=len(collection.passages),
        vector_index=vector_index,
        set_aside=collection.set_aside,
    )


def write_knowledge(
    settings: Settings, target: Path, collection: Collection, embedder: Embedder, progress: Progress
) -> str:
    """Embed and index a collection and write all parts into the folder `target`, in place of those it holds.

    What needs no embeddings is written while they are computed. `progress` is told (step, done, all) with the steps
    'embed' and 'write'. Returns the kind of the vector index.
    """
    texts = collection.embedding_texts()
    windows = collection.window_texts()
    of_windows = [text for one in windows for text in one]
    total = len(texts) + len(of_windows)
    cache = EmbeddingCache(settings.var / "cache" / "embeddings.db")
    for part in KNOWLEDGE_PARTS:
        _remove(target / part)
    with ThreadPoolExecutor(1, thread_name_prefix="write") as others:
        writing = others.submit(_write_texts, target, collection, texts)
        vectors = VectorIndex.room(target / VECTORS, len(texts), embedder.dimensions)
        embed_into(vectors, embedder, cache, texts, lambda done, _: progress("embed", done, total))
        room = WindowIndex.room(target / WINDOWS, [len(one) for one in windows], embedder.dimensions)
        embed_into(room, embedder, cache, of_windows, lambda done, _: progress("embed", len(texts) + done, total))
        progress("write", 0, 1)
        index = VectorIndex.build(vectors)
        index.save(target / VECTORS)
        questions = QuestionEmbedder(embedder, cache)  # they are the same in every release
        MeanQuestions.of(questions).save(target / QUESTIONS)
        questions.keep()
        writing.result()
    progress("write", 1, 1)
    return index.kind


def collect(settings: Settings, folders: Sequence[Path], progress: Progress) -> Collection:
    """The fact sheets and the documents of the folders as a collection, nothing embedded."""
    gathering = _Gathering(settings, folders, progress)
    for source, results in gathering.results():
        gathering.add(source, results)
    return gathering.finished()


class _Gathering:
    """A collection that grows file by file."""

    def __init__(self, settings: Settings, folders: Sequence[Path], progress: Progress) -> None:
        own_sheets = programmes_folder(settings)
        self._collection = Collection.of_sheets(load_all_fact_sheets(own_sheets))
        self._names = Names(self._collection.sheets)
        self._library = documents_folder(settings).resolve()
        self._notes = all_notes(settings)
        self._sources = [source for folder in folders for source in self._of_folder(settings, folder)]
        self._cache = PreparedCache(settings.var / "cache" / "files.db", code_fingerprint(own_sheets))
        self._progress = progress
        self._addresses = Addresses(self._collection.documents)
        self._prints: dict[str, TextPrint] = {}
        self._modified: dict[str, float] = {}
        self._of_sheets = len(self.texts())
        self._added = 0

    def _of_folder(self, settings: Settings, folder: Path) -> Iterator[Source]:
        """The files of a folder; those of the operator's library that do not hold any more are set aside."""
        gone = set(expired(settings)) if is_library(settings, folder) else set()
        for source in _sources(folder):
            if source.name in gone:
                until = self._notes[source.name].valid_until
                self._collection.set_aside.append(SetAside(path=source.name, reason=f"it was valid until {until}"))
            else:
                yield source

    def results(self) -> Iterator[tuple[Source, list[Prepared]]]:
        """All files, read one after the other; may run in a thread of its own."""
        self._progress("read", 0, len(self._sources))
        for done, result in enumerate(prepare(self._sources, self._names, self._cache), start=1):
            yield result
            self._progress("read", done, len(self._sources))
        self._cache.forget_others()

    def expected(self, texts: int) -> int:
        """How many texts there will be to embed, at least one more than the `texts` of what it holds so far."""
        if not self._added:
            return texts + 1
        of_sheets = self._of_sheets
        return max(texts + 1, of_sheets + (texts - of_sheets) * len(self._sources) // self._added)

    def texts(self) -> list[str]:
        """The texts to be embedded of what it holds so far."""
        windows = self._collection.window_texts()
        return [*self._collection.embedding_texts(), *(text for one in windows for text in one)]

    def add(self, source: Source, results: Sequence[Prepared]) -> list[str]:
        """Take in what a file gave; the texts of its passages that are to be embedded."""
        texts: list[str] = []
        self._added += 1
        for result in results:
            if result.document is None:
                aside = SetAside(path=result.name, reason=result.reason or "nothing in it could be read")
                self._collection.set_aside.append(aside)
                continue
            document, passages = result.under(self._addresses.address(result.name))
            if notes := self._notes_of(source):
                document = notes.applied(document)
            self._collection.documents.append(document)
            self._collection.passages.extend(passages)
            self._prints[document.id] = result.text_print
            self._modified[document.id] = _modified(source.path)
            for passage in passages:
                texts += [embedding_text(passage, [document.title]), *window_texts(passage, [document.title])]
        return texts

    def _notes_of(self, source: Source) -> Notes | None:
        """What the operator says of a file in the library."""
        notes = self._notes.get(source.name)
        return notes if notes and source.path == self._library / source.name else None

    def finished(self) -> Collection:
        """The collection without documents that are there twice."""
        unique = deduplicated(self._collection.documents, self._prints, self._names, self._modified)
        return self._collection.without(unique.dropped, unique.kept)


def _embed_meanwhile(
    settings: Settings,
    gathering: _Gathering,
    incoming: Ahead[tuple[Source, list[Prepared]]],
    embedder: Embedder,
    progress: Progress,
) -> None:
    """Take in files as they come and embed their passages into the cache, until all files are read.

    Which documents are there twice is known only in the end, so that some embeddings are made for nothing; waiting
    for the last file would cost more.
    """
    cache = EmbeddingCache(settings.var / "cache" / "embeddings.db")
    waiting = gathering.texts()
    done = 0
    while (items := incoming.ready(wait=not waiting)) is not None:
        for source, results in items:
            waiting.extend(gathering.add(source, results))
        window, waiting = waiting[:_WINDOW], waiting[_WINDOW:]
        expected = gathering.expected(done + len(window) + len(waiting))

        def report(ready: int, _: int, before: int = done, expected: int = expected) -> None:
            progress("embed", before + ready, expected)

        embed_with_cache(embedder, cache, window, report)
        done += len(window)


def _write_texts(target: Path, collection: Collection, texts: list[str]) -> None:
    write_sheets(target, collection.sheets)
    write_passages(target / PASSAGES, collection.documents, collection.passages)
    LexicalIndex.build(
        target / LEXICAL, [(text, passage.lang) for text, passage in zip(texts, collection.passages, strict=True)]
    )


def _sources(folder: Path) -> Iterator[Source]:
    if not folder.is_dir():
        raise StadtlotseError(f"{folder} is not a folder; name the folder that holds your documents.")
    for path in readable_files(folder):
        yield Source(str(path.relative_to(folder)), path)


def _modified(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except OSError:
        return 0.0


def _rising(progress: Progress) -> Progress:
    """A progress whose embedded passages never become fewer, although what was embedded ahead is counted again."""
    most = 0

    def report(step: str, done: int, of: int) -> None:
        nonlocal most
        if step == "embed":
            done = most = min(max(most, done), of)
        progress(step, done, of)

    return report


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
