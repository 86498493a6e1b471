"""Everything that goes into an index, and the words by which each passage of it is found."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from knowledge.document import Document, Passage
from knowledge.factsheet import FactSheet, short_name
from knowledge.indexing.passages import sheet_document, sheet_passages
from knowledge.indexing.windows import windows_of
from knowledge.linguistics.text import folded
from knowledge.messages import LANGUAGES
from knowledge.releases.release import SetAside
from knowledge.settings import PROJECT
from knowledge.sheet_files import SHEETS
from knowledge.texts import section

_KEPT_WINDOWS = 16_384


@dataclass
class Collection:
    """Fact sheets, documents and passages in the order of the index."""

    sheets: list[FactSheet]
    documents: list[Document] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)

    @classmethod
    def of_sheets(cls, sheets: Mapping[Path, FactSheet]) -> "Collection":
        """The passages of fact sheets, by the files they were read from, in both languages."""
        collection = cls(list(sheets.values()))
        for path, sheet in sheets.items():
            name = path.relative_to(PROJECT) if path.parent == SHEETS else Path(path.parent.name, path.name)
            sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
            for lang in LANGUAGES:
                document = sheet_document(sheet, lang, str(name), sha256)
                collection.documents.append(document)
                collection.passages.extend(sheet_passages(sheet, document, dict(section(lang, "answer"))))
        return collection

    def without(self, dropped: dict[str, str], kept: list[Document]) -> "Collection":
        """The collection with only the `kept` documents; the others, by id with a reason, are set aside."""
        paths = {document.id: document.path for document in self.documents}
        return Collection(
            self.sheets,
            kept,
            [passage for passage in self.passages if passage.document_id not in dropped],
            [*self.set_aside, *(SetAside(path=paths[one], reason=reason) for one, reason in dropped.items())],
        )

    def embedding_texts(self) -> list[str]:
        """What of each passage is embedded and indexed, in their order."""
        return [embedding_text(passage, names) for passage, names in self._named()]

    def window_texts(self) -> list[list[str]]:
        """What of the windows of each passage is embedded, in their order; of many passages nothing."""
        return [window_texts(passage, names) for passage, names in self._named()]

    def _named(self) -> Iterator[tuple[Passage, list[str]]]:
        """The passages with the names they stand under."""
        titles = {document.id: document.title for document in self.documents}
        sheets = {sheet.key: sheet for sheet in self.sheets}
        for passage in self.passages:
            if passage.fact is None:
                yield passage, [titles[passage.document_id]]
            else:
                sheet = sheets[passage.programmes[0]]
                yield passage, [getattr(sheet.name, passage.lang), short_name(sheet, passage.lang)]


def embedding_text(passage: Passage, names: Sequence[str]) -> str:
    """What of a passage is embedded and indexed: the names it stands under, its headings, its words."""
    return _under(passage, names, passage.text)


def window_texts(passage: Passage, names: Sequence[str]) -> list[str]:
    """What of a passage's windows is embedded: each under the same names and headings; a fact is one window."""
    if passage.fact is not None:
        return []
    return [_under(passage, names, passage.text[start:end]) for start, end in _windows(passage.text)]


@lru_cache(maxsize=_KEPT_WINDOWS)
def _windows(text: str) -> tuple[tuple[int, int], ...]:
    """The windows of a text, which are wanted when a file is read and again when the index is written."""
    return tuple(windows_of(text))


def _under(passage: Passage, names: Sequence[str], text: str) -> str:
    above = ". ".join(name for name in dict.fromkeys((*names, *passage.headings)) if name)
    return f"{above}: {text}" if above else text


class Addresses:
    """Gives each document an id that no other one has."""

    def __init__(self, taken: Sequence[Document]) -> None:
        self._taken = {document.id for document in taken}

    def address(self, name: str) -> str:
        """The id of the file `name`: 'verkehr/Radwege Süd.pdf' becomes 'verkehr-radwege-sued'."""
        base = re.sub(r"[^a-z0-9]+", "-", folded(str(Path(name).with_suffix("")))).strip("-") or "document"
        document_id, number = base, 1
        while document_id in self._taken:
            number += 1
            document_id = f"{base}-{number}"
        self._taken.add(document_id)
        return document_id
