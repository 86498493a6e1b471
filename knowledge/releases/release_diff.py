"""How two releases differ: documents, fact sheets, the dialogue."""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, Field, ValidationError

from knowledge.document import Document
from knowledge.errors import StadtlotseError
from knowledge.factsheet import FactSheet
from knowledge.releases.kept_sheets import read_sheets
from knowledge.releases.release import PASSAGES, Release
from knowledge.releases.store import PassageStore

_Item = TypeVar("_Item")


class Differences(BaseModel):
    """Names of what is in one of two things only, or differs between them."""

    added: list[str] = Field(default_factory=list)
    changed: list[str] = Field(default_factory=list)
    removed: list[str] = Field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.added or self.changed or self.removed)


class ReleaseDiff(BaseModel):
    """What a release has in other ways than an earlier one."""

    documents: Differences = Field(description="Paths of files")
    programmes: Differences = Field(description="Keys of fact sheets")
    facts: Differences = Field(description="Ids of facts in fact sheets of both")
    set_aside: list[str] = Field(description="Files that only the later one could not read, with the reason")
    dialogue: bool = Field(description="Whether the dialogue was trained from something else")
    embedding_model: bool


def release_diff(before: Release | None, after: Release) -> ReleaseDiff:
    """How `after` differs from `before`, or from nothing. Raises `StadtlotseError` where one cannot be read."""
    old_sheets, new_sheets = _sheets(before), _sheets(after)
    old_knowledge, new_knowledge = before.manifest.knowledge if before else None, after.manifest.knowledge
    old_aside = {one.path for one in old_knowledge.set_aside} if old_knowledge else set()
    old_dialogue = before.manifest.dialogue if before else None
    both = old_sheets.keys() & new_sheets.keys()
    return ReleaseDiff(
        documents=_differences(_documents(before), _documents(after)),
        programmes=_differences(old_sheets, new_sheets),
        facts=_differences(
            *({fact.id: fact for key in both for fact in one[key].facts} for one in (old_sheets, new_sheets))
        ),
        set_aside=[
            f"{one.path}: {one.reason}"
            for one in (new_knowledge.set_aside if new_knowledge else [])
            if one.path not in old_aside
        ],
        dialogue=old_dialogue != after.manifest.dialogue,
        embedding_model=bool(
            old_knowledge and new_knowledge and old_knowledge.embedding_model != new_knowledge.embedding_model
        ),
    )


def _differences(before: Mapping[str, _Item], after: Mapping[str, _Item]) -> Differences:
    return Differences(
        added=sorted(after.keys() - before.keys()),
        changed=sorted(name for name in after.keys() & before.keys() if after[name] != before[name]),
        removed=sorted(before.keys() - after.keys()),
    )


def _documents(release: Release | None) -> dict[str, Document]:
    if release is None or release.manifest.knowledge is None:
        return {}
    store = PassageStore(release.path / PASSAGES)
    try:
        return {one.path: one for one in store.documents() if one.kind == "document"}
    except ValidationError as error:
        raise StadtlotseError(
            f"The documents of release {release.id} cannot be read; see 'stadtlotse releases'."
        ) from error
    finally:
        store.close()


def _sheets(release: Release | None) -> dict[str, FactSheet]:
    if release is None or release.manifest.knowledge is None:
        return {}
    try:
        return {sheet.key: sheet for sheet in read_sheets(release.path)}
    except (OSError, ValueError) as error:
        raise StadtlotseError(f"The fact sheets of release {release.id} cannot be read; it is damaged.") from error
