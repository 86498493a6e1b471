"""Building again and building halfway: what was read or embedded once is neither read nor embedded again."""

import hashlib
import os
import shutil
from pathlib import Path

import pytest

from knowledge.indexing.build import build_knowledge
from knowledge.indexing.prepared import Prepared, PreparedCache
from knowledge.indexing.sources import code_fingerprint
from knowledge.releases.release import PASSAGES, Release, draft, open_release
from knowledge.releases.store import PassageStore
from knowledge.settings import Settings


def write(folder: Path, name: str, words: str) -> None:
    (folder / name).write_text(f"# {words}\n\nDas Amt {words} liegt in der {words}gasse und öffnet um acht.\n")


@pytest.fixture
def settings(tmp_path: Path, model_folder: Path, release: Release) -> Settings:
    """An installation that knows the fact sheets' embeddings already."""
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "models").symlink_to(model_folder.parent)
    shutil.copytree(model_folder.parent.parent / "cache", tmp_path / "var" / "cache")
    return Settings(var=tmp_path / "var", embedding_model="")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    for word in ("Linden", "Buchen", "Eichen"):
        write(folder, f"{word}.md", word)
    return folder


def built(settings: Settings, folder: Path) -> "list[tuple[str, int, int]]":
    """What the progress was told, of a build that becomes current."""
    told: list[tuple[str, int, int]] = []
    with draft(settings, "1") as (target, manifest):
        manifest.knowledge = build_knowledge(settings, target, [folder], lambda *step: told.append(step))
    return told


def texts(settings: Settings) -> "dict[str, str]":
    """The text of each document, by its path."""
    store = PassageStore(open_release(settings).path / PASSAGES)
    documents = [document for document in store.documents() if document.kind == "document"]
    found = {one.path: "\n".join(passage.text for passage in store.passages(one.id)) for one in documents}
    store.close()
    return found


def test_only_what_is_new_is_read(settings: Settings, folder: Path) -> None:
    built(settings, folder)
    cache = PreparedCache(settings.var / "cache" / "files.db", code_fingerprint())
    for name in ("Linden.md", "Buchen.md", "Eichen.md"):
        sha256 = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        (known,) = cache.get(name, sha256) or []
        passages = [passage.model_copy(update={"text": "was niemand liest"}) for passage in known.passages]
        cache.put(name, sha256, [known.model_copy(update={"passages": passages})])
    write(folder, "Eichen.md", "Ulmen")
    os.utime(folder / "Linden.md", (0, 0))
    (folder / "Buchen.md").rename(folder / "Weiden.md")

    built(settings, folder)
    found = texts(settings)
    assert set(found) == {"Linden.md", "Eichen.md", "Weiden.md"}
    assert found["Linden.md"] == "was niemand liest"
    assert "Ulmengasse" in found["Eichen.md"]
    assert "Buchengasse" in found["Weiden.md"]  # its name tells its title, so that it is read again


def test_what_other_code_read_is_read_again(settings: Settings, folder: Path, tmp_path: Path) -> None:
    cache = PreparedCache(tmp_path / "files.db", "old")
    cache.put("Linden.md", "1", [Prepared(name="Linden.md")])
    new = PreparedCache(tmp_path / "files.db", "new")
    assert new.get("Linden.md", "1") is None
    new.forget_others()
    assert cache.get("Linden.md", "1") is None


def test_a_file_that_could_not_be_read_is_tried_again(settings: Settings, folder: Path) -> None:
    (folder / "kaputt.docx").write_bytes(b"PK\x03\x04 broken")
    for _ in range(2):
        built(settings, folder)
        knowledge = open_release(settings).manifest.knowledge
        assert knowledge is not None
        assert [aside.path for aside in knowledge.set_aside] == ["kaputt.docx"]


def test_the_same_text_twice_is_kept_once_and_reported(settings: Settings, folder: Path) -> None:
    (folder / "copy").mkdir()
    (folder / "copy" / "Linden.md").write_bytes((folder / "Linden.md").read_bytes())
    built(settings, folder)
    knowledge = open_release(settings).manifest.knowledge
    assert knowledge is not None
    assert knowledge.documents == len(texts(settings)) == 3
    assert [aside.reason for aside in knowledge.set_aside if "same file" in aside.reason]


@pytest.mark.parametrize("step", ["read", "embed", "write"])
def test_an_interrupted_build_leaves_the_release_and_keeps_what_it_did(
    settings: Settings, folder: Path, step: str
) -> None:
    built(settings, folder)
    release = open_release(settings).id
    write(folder, "Tannen.md", "Tannen")

    def interrupt(told: str, done: int, of: int) -> None:
        if told == step and done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), draft(settings, "2") as (target, _):
        build_knowledge(settings, target, [folder], interrupt)
    assert open_release(settings).id == release
    assert len(texts(settings)) == 3
    assert [path.name for path in settings.releases.iterdir()] == [release]

    built(settings, folder)
    assert len(texts(settings)) == 4
