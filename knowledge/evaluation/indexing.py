"""A judged set's documents as the knowledge of a release of its own, and an answerer over it."""

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from knowledge.answering.answers import Answerer
from knowledge.encoding.embedding import Embedder
from knowledge.evaluation.beir import Entry
from knowledge.indexing.build import write_knowledge
from knowledge.indexing.collection import Collection
from knowledge.indexing.passages import file_document, file_passages
from knowledge.linguistics.language import detect_long
from knowledge.linguistics.text import clean
from knowledge.reading import Block, Heading, Paragraph, ReadFile
from knowledge.recognition.names import Names
from knowledge.releases.release import draft, open_release
from knowledge.retrieval.library import Library
from knowledge.settings import Settings

Progress = Callable[[str, int, int], None]


def entry_lines(entry: Entry) -> list[str]:
    """The lines in which a set counts an entry: its title, then those of its text."""
    return f"{entry.title}\n{entry.text}".split("\n")


def read_entry(entry: Entry) -> ReadFile:
    """An entry as a file that was read: its title as heading, a paragraph for each line of its text."""
    title = clean(entry.title)
    # What is nothing but a title is found by it.
    texts = [line for raw in entry_lines(entry)[1:] if (line := clean(raw))] or [title]
    blocks: list[Block] = [*([Heading(1, title)] if title else []), *(Paragraph(text) for text in texts if text)]
    return ReadFile(title=title, lang=detect_long(entry.text or title), as_of=None, blocks=tuple(blocks))


@contextmanager
def indexed(
    settings: Settings, embedder: Embedder, entries: Iterable[Entry], progress: Progress
) -> Iterator[tuple[Answerer, int]]:
    """An answerer over nothing but the entries, and the number of their passages.

    They go through the reading's, cutting's, embedding's and indexing's own code into a temporary folder, and take from
    and add to the settings' embedding cache. No fact sheet is among them, so that no programme is known by name.
    """
    collection = Collection([])
    names = Names([])
    for entry in entries:
        read = read_entry(entry)
        sha256 = hashlib.sha256("\n".join(entry_lines(entry)).encode()).hexdigest()
        document = file_document(read, names, document_id=entry.id, path=entry.id, sha256=sha256)
        collection.documents.append(document)
        collection.passages.extend(file_passages(document, read, names))
    with tempfile.TemporaryDirectory(prefix="stadtlotse-evaluation-") as folder:
        own = settings.model_copy(update={"var": Path(folder)})
        with draft(own, "evaluation") as (target, _):
            write_knowledge(settings, target, collection, embedder, progress)
        library = Library(open_release(own))
        try:
            yield Answerer(library, embedder), len(collection.passages)
        finally:
            library.close()
