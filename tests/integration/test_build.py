"""Building the knowledge of a release from folders of documents, with the real model."""

import shutil
from pathlib import Path

import pytest

from knowledge.answering.answers import Answerer, Context
from knowledge.encoding.embedding import Embedder
from knowledge.errors import StadtlotseError
from knowledge.indexing.build import build_knowledge
from knowledge.indexing.sources import fingerprint
from knowledge.messages import Kind
from knowledge.releases.release import PASSAGES, KnowledgeManifest, Release, draft, open_release
from knowledge.releases.store import PassageStore
from knowledge.settings import Settings

RADWEGE = """---
title: Radwegekonzept der Gemeinde Musterau
date: 2024-05-01
---
# Radwegekonzept

## Kosten

Der Bau des Radwegs zwischen Musterau und Altendorf kostet 4,7 Millionen Euro.
Die Bauarbeiten beginnen im Herbst 2025 und dauern vierzehn Monate.

## Beteiligung

An der Befragung zum Radwegekonzept beteiligten sich 1.384 Haushalte.
"""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, model_folder: Path, release: Release) -> Settings:
    """An installation that knows the starter library's embeddings already."""
    var = tmp_path_factory.mktemp("var")
    (var / "models").symlink_to(model_folder.parent)
    shutil.copytree(model_folder.parent.parent / "cache", var / "cache")
    return Settings(var=var, embedding_model="")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Foreign documents, some of them broken."""
    folder = tmp_path_factory.mktemp("documents")
    (folder / "verkehr").mkdir()
    (folder / "verkehr" / "radwege.md").write_text(RADWEGE, encoding="utf-8")
    (folder / "radwege.md").write_text("# Anderes\n\nEin zweites Papier gleichen Namens.\n", encoding="utf-8")
    (folder / "verkehr-radwege.txt").write_text("Ein drittes Papier mit derselben Adresse.", encoding="utf-8")
    (folder / "kaputt.docx").write_bytes(b"PK\x03\x04 broken")
    (folder / "leer.txt").touch()
    (folder / "zahlen.xyz").write_bytes(b"1;2")
    return folder


def built(settings: Settings, *folders: Path) -> KnowledgeManifest:
    with draft(settings, "1.0") as (target, manifest):
        manifest.knowledge = build_knowledge(settings, target, folders, lambda *_: None)
    return manifest.knowledge


@pytest.fixture(scope="module")
def manifest(settings: Settings, folder: Path) -> KnowledgeManifest:
    return built(settings, folder)


def test_broken_files_are_named_with_their_reason(manifest: KnowledgeManifest) -> None:
    assert {aside.path: aside.reason for aside in manifest.set_aside} == {
        "kaputt.docx": "it is damaged or not what its name says",
        "leer.txt": "the file is empty",
        "zahlen.xyz": "the format .xyz is not read",
    }


def test_the_manifest_counts_what_was_built(manifest: KnowledgeManifest, settings: Settings, folder: Path) -> None:
    store = PassageStore(open_release(settings).path / PASSAGES)
    documents, passages = store.documents(), store.all_passages()
    store.close()
    assert open_release(settings).manifest.knowledge == manifest
    assert manifest.folders == [str(folder)]
    assert (manifest.fact_sheets, manifest.documents) == (38, 3)
    assert len(documents) == manifest.documents + 2 * manifest.fact_sheets
    assert len(passages) == manifest.passages
    assert sum(one.fact is not None for one in passages) == 2 * (manifest.facts + manifest.fact_sheets)
    assert (manifest.embedding_model, manifest.dimensions) == ("multilingual-e5-small+int8", 384)


def test_documents_of_one_name_get_addresses_of_their_own(manifest: KnowledgeManifest, settings: Settings) -> None:
    store = PassageStore(open_release(settings).path / PASSAGES)
    found = {one.path: one.id for one in store.documents() if one.kind == "document"}
    store.close()
    assert set(found) == {"radwege.md", "verkehr-radwege.txt", "verkehr/radwege.md"}
    assert len(set(found.values())) == 3


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Was kostet der Bau des Radwegs zwischen Musterau und Altendorf?", "4,7 Millionen Euro"),
        ("Wie viele Haushalte beteiligten sich an der Befragung zum Radwegekonzept?", "1.384"),
        ("Wie hoch ist die Förderquote bei MPSC?", "Prozent"),
    ],
)
def test_the_rest_is_answered_from(
    manifest: KnowledgeManifest, settings: Settings, embedder: Embedder, question: str, words: str
) -> None:
    message = Answerer.open(settings, embedder=embedder).answer(question, Context()).message
    assert message.kind is Kind.ANSWER
    assert words in message.text
    if "MPSC" not in question:
        assert message.citations[0].title == "Radwegekonzept der Gemeinde Musterau"
        assert message.citations[0].as_of == "2024-05-01"
        assert message.citations[0].heading in {"Kosten", "Beteiligung"}


def test_the_progress_of_every_step_ends_with_all(settings: Settings, folder: Path, tmp_path: Path) -> None:
    seen: dict[str, tuple[int, int]] = {}

    def progress(step: str, done: int, of: int) -> None:
        seen[step] = (done, of)

    build_knowledge(settings, tmp_path, [folder], progress)
    assert {"read", "embed", "write"} <= set(seen)
    assert all(done == of for done, of in seen.values())


def test_a_second_fingerprint_is_the_same(settings: Settings, folder: Path, manifest: KnowledgeManifest) -> None:
    assert fingerprint(settings, [folder]) == fingerprint(settings, [folder]) == manifest.fingerprint


def test_the_fingerprint_changes_with_files_and_model(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("eins")
    before = fingerprint(settings, [tmp_path])
    other_model = settings.model_copy(update={"embedding_model": "intfloat/multilingual-e5-base"})
    assert fingerprint(other_model, [tmp_path]) != before
    assert fingerprint(settings, []) != before
    (tmp_path / "a.txt").write_text("eins und zwei")
    changed = fingerprint(settings, [tmp_path])
    assert changed != before
    (tmp_path / "b.txt").write_text("drei")
    assert fingerprint(settings, [tmp_path]) not in {before, changed}


def test_a_missing_folder_is_reported_and_leaves_the_release(settings: Settings, manifest: KnowledgeManifest) -> None:
    before = open_release(settings).id
    with pytest.raises(StadtlotseError, match="is not a folder; name the folder that holds your documents"):
        built(settings, Path("/nowhere/documents"))
    assert open_release(settings).id == before


def test_a_folder_without_documents_leaves_the_fact_sheets(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "empty").mkdir()
    manifest = build_knowledge(settings, tmp_path / "target", [tmp_path / "empty"], lambda *_: None)
    assert (manifest.documents, manifest.fact_sheets) == (0, 38)


def test_an_answerer_without_a_release_says_what_to_do(tmp_path: Path, embedder: Embedder) -> None:
    with pytest.raises(StadtlotseError, match=r"Nothing is built in .* yet; run"):
        Answerer.open(Settings(var=tmp_path), embedder=embedder)


@pytest.mark.parametrize("part", ["vectors/embeddings.npy", "passages.db", "programmes.json", "lexical/shapes.npy"])
def test_a_damaged_release_is_reported(release: Release, tmp_path: Path, embedder: Embedder, part: str) -> None:
    shutil.copytree(release.path, tmp_path / "releases" / release.id)
    (tmp_path / "current").symlink_to(Path("releases", release.id))
    damaged = tmp_path / "current" / part
    damaged.unlink()
    damaged.write_bytes(b"damaged")
    with pytest.raises(StadtlotseError, match=r"cannot be opened; run 'stadtlotse retrain'"):
        Answerer.open(Settings(var=tmp_path), embedder=embedder)
