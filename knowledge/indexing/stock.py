"""The operator's own library below `var`: documents, what the operator says of each, fact sheets."""

import contextlib
import io
from collections.abc import Iterator
from datetime import date, datetime, timezone
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from knowledge.document import Document, Group
from knowledge.errors import StadtlotseError
from knowledge.files.yaml_lines import syntax_problem, validation_problems
from knowledge.linguistics.dates import parse_date
from knowledge.releases.release import write_durably
from knowledge.settings import Settings

_yaml = YAML(typ="safe")


class Notes(BaseModel):
    """What the operator says of a document; what stands here goes before what the file says of itself."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    title: str | None = None
    stand: str | None = Field(None, description="Date of the document as it is shown, such as 2024-05-01 or Mai 2024")
    publisher: str | None = None
    group: Group = "public"
    valid_until: date | None = Field(None, description="Last day on which it holds; after it, it is set aside")
    origin: str | None = Field(None, description="Web address it was fetched from")

    @property
    def is_empty(self) -> bool:
        """Whether they say nothing."""
        return self == Notes()

    def applied(self, document: Document) -> Document:
        """The document with what stands here in place of its own."""
        changes: dict[str, object] = {"group": self.group}
        if self.title:
            changes["title"] = self.title
        if self.publisher:
            changes["publisher"] = self.publisher
        if self.origin:
            changes["origins"] = list(dict.fromkeys([self.origin, *document.origins]))
        if self.valid_until:
            changes["valid_until"] = self.valid_until.isoformat()
        if self.stand:
            written = parse_date(self.stand)
            changes |= {
                "as_of": self.stand,
                "date": written.iso if written else None,
                "year": written.year if written else None,
            }
        return document.model_copy(update=changes)


def documents_folder(settings: Settings) -> Path:
    """Where the operator's documents lie."""
    return settings.library / "documents"


def metadata_folder(settings: Settings) -> Path:
    """Where a YAML file for each document says what the operator says of it."""
    return settings.library / "metadata"


def programmes_folder(settings: Settings) -> Path:
    """Where the operator's fact sheets lie."""
    return settings.library / "programmes"


def is_library(settings: Settings, folder: Path) -> bool:
    """Whether a folder is the one of the operator's documents."""
    return folder.resolve() == documents_folder(settings).resolve()


def notes_file(settings: Settings, name: str) -> Path:
    """The file with the notes of the document `name`, its path below the library's folder."""
    return metadata_folder(settings) / f"{name}.yml"


def read_notes(settings: Settings, name: str) -> Notes:
    """What the operator says of a document; raises `StadtlotseError` that names file, field and line."""
    path = notes_file(settings, name)
    try:
        status = path.stat()
    except OSError:
        return Notes()
    return _read(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=100_000)
def _read(path: Path, changed: int, size: int) -> Notes:
    """Read once as long as the file stays the same."""
    try:
        return Notes.model_validate(_yaml.load(path.read_text(encoding="utf-8")) or {})
    except YAMLError as error:
        raise StadtlotseError(f"{path}: {syntax_problem(error)}") from error
    except ValidationError as error:
        raise StadtlotseError(f"{path}: {validation_problems(path, error, 'the notes')[0]}.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise StadtlotseError(f"{path} cannot be read ({error}); mend or delete it.") from error


def write_notes(settings: Settings, name: str, notes: Notes) -> None:
    """Keep what the operator says of a document; a file for it is there only where that is something."""
    path = notes_file(settings, name)
    if notes.is_empty:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    said = io.StringIO()
    YAML().dump(notes.model_dump(mode="json", exclude_defaults=True), said)
    write_durably(path, said.getvalue())


def all_notes(settings: Settings) -> dict[str, Notes]:
    """What the operator says of documents, by their paths below the library's folder."""
    return {name: read_notes(settings, name) for name in _noted(settings)}


def expired(settings: Settings, today: date | None = None) -> list[str]:
    """Paths of the documents that do not hold any more; notes that cannot be read tell nothing here."""
    now = today or datetime.now(timezone.utc).astimezone().date()
    found: list[str] = []
    for name in _noted(settings):
        with contextlib.suppress(StadtlotseError):
            until = read_notes(settings, name).valid_until
            if until is not None and until < now:
                found.append(name)
    return found


def _noted(settings: Settings) -> Iterator[str]:
    folder = metadata_folder(settings)
    for path in sorted(folder.rglob("*.yml")) if folder.is_dir() else ():
        yield str(path.relative_to(folder))[: -len(".yml")]
