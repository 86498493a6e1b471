"""Files that are the same, of which one alone is taken: the one that the index would prefer."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from knowledge.files.integrity import digest
from knowledge.indexing.preference import Compared, advantage, by_preference
from knowledge.indexing.prepared import Prepared, Source
from knowledge.indexing.stock import Notes, programmes_folder
from knowledge.recognition.names import Names
from knowledge.settings import Settings
from knowledge.sheet_files import load_valid_fact_sheets

_Read = tuple[Source, list[Prepared]]


class Twins:
    """Files that are to be taken in, by what is the same in them."""

    def __init__(self, settings: Settings, files: Mapping[str, tuple[Path, Notes]]) -> None:
        """`files` are, by the names they will have, where they lie and what the operator says of them."""
        self._settings = settings
        self._files = files
        self._hashes = {name: identity(path) for name, (path, _) in files.items()}
        self._reasons: dict[str, str] = {}

    def preferred_first(self, read: Iterable[_Read]) -> Iterator[_Read]:
        """What was read, of files that are the same the preferred one before the others."""
        counts = Counter(self._hashes.values())
        waiting: dict[str, list[_Read]] = defaultdict(list)
        for source, results in read:
            hashed = self._hashes[source.name]
            waiting[hashed].append((source, results))
            if len(waiting[hashed]) == counts[hashed]:
                yield from self._ordered(waiting.pop(hashed))

    def reason(self, name: str) -> str:
        """Why another file is preferred to this one, ', whose Stand is newer'; empty where none was compared with."""
        return self._reasons.get(name, "")

    def _ordered(self, twins: list[_Read]) -> list[_Read]:
        if len(twins) == 1 or any(results[0].document is None for _, results in twins):
            return twins
        names = Names(load_valid_fact_sheets(programmes_folder(self._settings)))
        found = [self._compared(source.name, results[0], names) for source, results in twins]
        first, *others = by_preference(found)
        for number in others:
            self._reasons[twins[number][0].name] = f", {advantage(found[first], found[number])}"
        return [twins[number] for number in (first, *others)]

    def _compared(self, name: str, result: Prepared, names: Names) -> Compared:
        path, notes = self._files[name]
        document, _ = result.under(name)
        noted = notes.applied(document).model_copy(update={"path": name})
        return Compared.of(noted, result.text_print, names, path.stat().st_mtime)


def identity(path: Path) -> str:
    """The SHA-256 of a file; of what cannot be read its path, which is like no other."""
    try:
        return digest(path)
    except OSError:
        return str(path)
