"""What the current release holds, as far as a report needs it: documents, passages, programmes and their names."""

from functools import cached_property, lru_cache

from bot.gateway.questions import Cited
from bot.reporting.log import Asked
from knowledge.document import Document, Passage
from knowledge.linguistics.masking import masked
from knowledge.linguistics.text import folded
from knowledge.messages import Language
from knowledge.recognition.names import Names
from knowledge.releases.kept_sheets import read_sheets
from knowledge.releases.release import PASSAGES, Forced, Manifest, current_release
from knowledge.releases.releases import all_releases
from knowledge.releases.store import PassageStore
from knowledge.settings import Settings


class Shelf:
    """The current release's documents; empty where nothing is built."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        release = current_release(settings)
        is_built = release is not None and release.manifest.knowledge is not None
        self.release = release.id if release and is_built else None
        self._store = PassageStore(release.path / PASSAGES) if release and is_built else None
        self.sheets = {sheet.key: sheet for sheet in read_sheets(release.path)} if release and is_built else {}
        self._names = Names(list(self.sheets.values()))
        self._named = lru_cache(maxsize=None)(self._mentioned)

    def close(self) -> None:
        """Let go of the release's files."""
        if self._store is not None:
            self._store.close()

    @cached_property
    def documents(self) -> dict[str, Document]:
        """The documents by their ids; a fact sheet is one in each language."""
        return {document.id: document for document in self._store.documents()} if self._store else {}

    @cached_property
    def _manifests(self) -> dict[str, Manifest]:
        return {release.id: release.manifest for release in all_releases(self._settings)}

    def forced(self, release_id: str) -> Forced | None:
        """Why a release went live although it broke answers, or the one that it was built upon; None where none did."""
        seen: set[str] = set()
        manifest = self._manifests.get(release_id)
        while manifest is not None and manifest.id not in seen:
            if manifest.forced is not None:
                return manifest.forced
            seen.add(manifest.id)
            manifest = self._manifests.get(manifest.base or "")
        return None

    def passage(self, cited: Cited) -> Passage | None:
        """The passage that stands now where one was cited, if one does."""
        return self._store.passage(cited.document, cited.passage) if self._store else None

    def programmes(self, question: Asked) -> list[str]:
        """The programmes that a question names, or the only one that its answer is about."""
        return list(self._named(question.text)) or self._of_sources(question)

    def programme_name(self, key: str, lang: Language) -> str:
        """How a programme is called."""
        sheet = self.sheets.get(key)
        return str(getattr(sheet.name, lang)) if sheet else key

    def masked(self, text: str) -> str:
        """A text without contact data and names of people; words of programmes' names are no names of people."""
        return masked(text, self._no_names)

    @cached_property
    def _no_names(self) -> frozenset[str]:
        names = (name for sheet in self.sheets.values() for name in sheet.names)
        return frozenset(folded(word) for name in names for word in name.split())

    def _mentioned(self, text: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(mention.key for mention in self._names.mentions(text)))

    def _of_sources(self, question: Asked) -> list[str]:
        found: set[str] = set()
        for cited in question.citations:
            passage = self.passage(cited)
            found.update(passage.programmes if passage else ())
        return sorted(found) if len(found) == 1 else []
