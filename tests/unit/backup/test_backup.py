"""Backups: whole or not at all, for this machine and another one."""

import gzip
import io
import json
import os
import random
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from bot.backup import backup
from bot.backup.backup import make, put_back_interrupted, restore
from bot.retraining import building
from bot.retraining.holds import held, hold
from knowledge.errors import StadtlotseError
from knowledge.indexing import sources
from knowledge.indexing.stock import documents_folder
from knowledge.indexing.watched import unwatch, watch, watched
from knowledge.releases.release import Release
from knowledge.settings import Settings

OPERATORS = (
    "library/documents/flyer.md",
    "library/metadata/flyer.md.yml",
    "library/programmes/solar.yml",
    "nlu/accepted.yml",
    "nlu/decisions.jsonl",
    "held.json",
    "audit.jsonl",
    "audit.head",
)
"""What the operator put in or decided, and what is noted of that."""


def _fill(var: Path, words: str) -> None:
    """An installation with a conversation, two releases that share files, and what the operator made."""
    var.mkdir(exist_ok=True)
    with closing(sqlite3.connect(var / "state.db")) as state:
        state.execute("PRAGMA journal_mode = WAL")
        state.execute("CREATE TABLE conversation (id TEXT, created_at TEXT)")
        state.execute("CREATE TABLE turn (conversation TEXT, asked_at TEXT, text TEXT)")
        state.execute("INSERT INTO turn VALUES ('c', '2999-01-01', ?)", (words,))
        state.commit()
    for number in (1, 2):
        release = var / "releases" / f"2026-01-0{number}"
        release.mkdir(parents=True)
        manifest = {"id": release.name, "built_at": "2026-01-01T00:00:00Z", "version": "1"}
        (release / "manifest.json").write_text(json.dumps(manifest))
        (release / "big").write_bytes(random.Random(7).randbytes(300_000))
    (var / "current").symlink_to("releases/2026-01-02")
    (var / "evaluation").mkdir()
    (var / "evaluation" / "questions.jsonl").write_text(f"{words}\n")
    for name in OPERATORS:
        (var / name).parent.mkdir(parents=True, exist_ok=True)
        (var / name).write_text(f"{words} {name}")
    (var / "pseudonyms.key").write_text("k" * 64)
    (var / "pseudonyms.key").chmod(0o600)
    (var / "cache").mkdir()
    (var / "cache" / "big").write_text("cached")


def _words(var: Path) -> str:
    with closing(sqlite3.connect(var / "state.db")) as state:
        return str(state.execute("SELECT text FROM turn").fetchone()[0])


def _content(var: Path) -> dict[str, bytes]:
    """All files but those that every opening of the state file changes."""
    return {
        str(path.relative_to(var)): path.read_bytes()
        for path in sorted(var.rglob("*"))
        if path.is_file() and not path.name.startswith("state.db")
    }


@pytest.fixture
def made(tmp_path):
    """A backup of an installation that says 'old'."""
    _fill(tmp_path / "var", "old")
    make(Settings(var=tmp_path / "var", port=1), tmp_path / "b.tar.gz")
    return tmp_path / "b.tar.gz"


def test_a_backup_comes_back_on_another_machine(made, tmp_path):
    there = Settings(var=tmp_path / "there", port=1)
    done = restore(there, made)
    assert done.release == "2026-01-02"
    assert _words(there.var) == "old"
    assert (there.var / "current").resolve().name == "2026-01-02"
    assert (there.var / "releases" / "2026-01-01" / "big").stat().st_size == 300_000
    assert (there.var / "pseudonyms.key").stat().st_mode & 0o777 == 0o600
    assert (there.var / "state.db").stat().st_mode & 0o777 == 0o600
    assert not (there.var / "cache").exists()
    assert [name for name in OPERATORS if (there.var / name).read_text() != f"old {name}"] == []
    assert made.stat().st_size < 450_000  # what two releases share is in it once
    assert made.stat().st_mode & 0o777 == 0o600


def test_releases_find_their_documents_on_another_machine(tmp_path, monkeypatch):
    old, documents = tmp_path / "var", tmp_path / "smart-city"
    _fill(old, "old")
    (documents / "verkehr").mkdir(parents=True)
    (documents / "verkehr" / "Radwege Süd.md").write_text("# Radwege")
    (documents / "link.md").symlink_to(documents / "verkehr" / "Radwege Süd.md")
    (old / "library" / "documents").mkdir(parents=True, exist_ok=True)
    (old / "library" / "documents" / "own.md").write_text("# Own")
    folders = [str(documents), str(old / "library" / "documents"), str(sources.STARTER_LIBRARY)]
    knowledge = {
        **{"fingerprint": "f", "folders": folders, "embedding_model": "m", "dimensions": 1},
        **{"fact_sheets": 0, "facts": 0, "documents": 2, "passages": 2},
    }
    for path in (old / "releases").glob("*/manifest.json"):
        path.write_text(json.dumps(json.loads(path.read_text()) | {"knowledge": knowledge}))
    made = make(Settings(var=old, port=1), tmp_path / "b.tar.gz")
    assert made.folders == [str(documents)]
    same = Settings(var=tmp_path / "same", port=1)
    restore(same, made.path)
    assert Release(same.current_release).manifest.knowledge.folders[0] == str(documents)
    assert not list(same.var.glob("outside/*"))

    documents.rename(tmp_path / "elsewhere")
    monkeypatch.setattr(sources, "STARTER_LIBRARY", Path("/opt/lotse/knowledge/documents"))
    there = Settings(var=tmp_path / "there", port=1)
    restore(there, made.path)
    for release in sorted(there.releases.iterdir()):
        outside, own, starter = Release(release).manifest.knowledge.folders
        assert (Path(outside) / "verkehr" / "Radwege Süd.md").read_text() == "# Radwege"
        assert Path(outside).is_relative_to(there.var)
        assert (Path(own) / "own.md").read_text() == "# Own"
        assert Path(own).is_relative_to(there.var)
        assert starter == "/opt/lotse/knowledge/documents"
    again = make(there, tmp_path / "c.tar.gz")
    assert again.folders == []
    third = Settings(var=tmp_path / "third", port=1)
    restore(third, again.path)
    assert Path(Release(third.current_release).manifest.knowledge.folders[0]).is_relative_to(third.var)


def test_watched_folders_are_found_on_another_machine(tmp_path):
    here, there = Settings(var=tmp_path / "here"), Settings(var=tmp_path / "there")
    _fill(here.var, "here")
    for name in ("ablage", "bleibt"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "linden.md").write_text(f"# Linden, {name}")
        watch(here, tmp_path / name)
    made = make(here, tmp_path / "b.tar.gz")
    assert made.folders == [str(tmp_path / "ablage"), str(tmp_path / "bleibt")]
    (tmp_path / "ablage").rename(tmp_path / "auf einer anderen Maschine")

    restore(there, made.path)
    moved, kept = watched(there)
    assert (moved / "linden.md").read_text() == "# Linden, ablage"
    assert moved.is_relative_to(there.var)
    assert kept == tmp_path / "bleibt"
    assert building.folders_in_use(there)[-2:] == [moved, kept]
    unwatch(there, moved)
    assert watched(there) == [kept]


def test_what_was_refused_does_not_go_live_by_a_move(tmp_path):
    here, there = Settings(var=tmp_path / "here"), Settings(var=tmp_path / "there")
    _fill(here.var, "here")
    hold(here, building.folders_in_use(here), "It was refused.")
    backup_file = tmp_path / "b.tar.gz"
    make(here, backup_file)
    restore(there, backup_file)
    for path in documents_folder(there).iterdir():
        os.utime(path, (1, 1))
    assert held(there, building.folders_in_use(there)) is None, "the operator changed something since"

    restore(there, backup_file)
    assert held(there, building.folders_in_use(there)) == "It was refused."
    assert held(here, building.folders_in_use(here)) == "It was refused."


def test_a_backup_replaces_what_is_there_and_nothing_else(made, tmp_path):
    there = Settings(var=tmp_path / "there", port=1)
    _fill(there.var, "new")
    (there.var / "outside").mkdir()
    restore(there, made)
    assert _words(there.var) == "old"
    assert (there.var / "evaluation" / "questions.jsonl").read_text() == "old\n"
    assert not (there.var / "outside").exists()
    assert (there.var / "cache" / "big").read_text() == "cached"
    assert [path.name for path in there.var.iterdir() if path.name.startswith(".")] == []


def _with_member(path: Path, name: str, **changes: object) -> None:
    """Add a member at the beginning of what is behind the mark."""
    with tarfile.open(path) as old:
        members = [(one, old.extractfile(one).read()) for one in old]
    added = tarfile.TarInfo(name)
    for key, value in changes.items():
        setattr(added, key, value)
    with tarfile.open(path, "w:gz") as new:
        new.addfile(members[0][0], io.BytesIO(members[0][1]))
        new.addfile(added, io.BytesIO(b""))
        for one, content in members[1:]:
            new.addfile(one, io.BytesIO(content))


def _with_list(path: Path, change) -> None:
    """Write the list of files anew, with its hash, as somebody might who means harm."""
    import hashlib

    with tarfile.open(path) as old:
        members = [(one.name, old.extractfile(one).read()) for one in old]
    described = json.loads(dict(members)["manifest.json"])
    change(described)
    content = json.dumps(described).encode()
    replaced = dict(members) | {
        "manifest.json": content,
        "manifest.sha256": hashlib.sha256(content).hexdigest().encode(),
    }
    with tarfile.open(path, "w:gz") as new:
        for name, said in replaced.items():
            member = tarfile.TarInfo(name)
            member.size = len(said)
            new.addfile(member, io.BytesIO(said))


def _flip(path: Path) -> None:
    content = bytearray(gzip.decompress(path.read_bytes()))
    content[len(content) // 2] ^= 1
    path.write_bytes(gzip.compress(bytes(content)))


HARM = {
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:-2000]),
    "half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "one bit": _flip,
    "empty": lambda path: path.write_bytes(b""),
    "no archive": lambda path: path.write_bytes(b"GIF89a" * 1000),
    "another archive": lambda path: path.write_bytes(_foreign()),
    "a path outside": lambda path: _with_member(path, "../../evil"),
    "an absolute path": lambda path: _with_member(path, "/etc/evil"),
    "a link": lambda path: _with_member(path, "blobs/x", type=tarfile.SYMTYPE, linkname="/etc"),
    "a device": lambda path: _with_member(path, "blobs/x", type=tarfile.CHRTYPE),
    "listed outside": lambda path: _with_list(path, lambda said: said["files"][0].update(path="../evil")),
    "listed absolute": lambda path: _with_list(path, lambda said: said["files"][0].update(path="/tmp/evil")),
    "listed hidden": lambda path: _with_list(path, lambda said: said["files"][0].update(path=".before-restore/x")),
    "listed link": lambda path: _with_list(path, lambda said: said["links"][0].update(target="/etc")),
    "listed twice": lambda path: _with_list(path, lambda said: said["files"].append(said["files"][0])),
    "not listed": lambda path: _with_list(path, lambda said: said.pop("links")),
    "unknown content": lambda path: _with_list(path, lambda said: said["files"][0].update(sha256="0" * 64)),
}


def _foreign() -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("state.db"))
    return target.getvalue()


@pytest.mark.parametrize("harm", HARM)
def test_what_is_damaged_or_foreign_is_refused_whole(made, tmp_path, harm):
    there = Settings(var=tmp_path / "there", port=1)
    _fill(there.var, "new")
    before = _content(there.var)
    HARM[harm](made)
    with pytest.raises(StadtlotseError) as told:
        restore(there, made)
    assert "\n" not in str(told.value)
    assert _content(there.var) == before
    assert _words(there.var) == "new"
    assert not list(tmp_path.rglob("evil"))
    assert [path.name for path in there.var.iterdir() if path.name.startswith(".")] == []


def test_a_restore_that_fails_between_two_renames_leaves_what_was_there(made, tmp_path, monkeypatch):
    there = Settings(var=tmp_path / "there", port=1)
    _fill(there.var, "new")
    before = _content(there.var)
    rename = Path.rename

    def fail(self, target):
        if self.parent.name.startswith(".restoring-") and self.name == "releases":
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(StadtlotseError, match="as it was before"):
        restore(there, made)
    monkeypatch.undo()
    assert _content(there.var) == before
    assert _words(there.var) == "new"


@pytest.mark.parametrize("place", range(12))
def test_a_restore_that_is_killed_is_undone_by_the_next_command(made, tmp_path, place):
    there = Settings(var=tmp_path / "there", port=1)
    _fill(there.var, "new")
    before = _content(there.var)
    script = (
        "import os, sys\nfrom pathlib import Path\n"
        "from bot.backup.backup import restore\nfrom knowledge.settings import Settings\n"
        "left = [int(sys.argv[3])]\nrename = Path.rename\n"
        "def killed(self, target):\n    left[0] -= 1\n    if left[0] < 0: os.kill(os.getpid(), 9)\n"
        "    return rename(self, target)\nPath.rename = killed\n"
        "restore(Settings(var=sys.argv[1], port=1), Path(sys.argv[2]))\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(there.var), str(made), str(place)], timeout=60)
    put_back_interrupted(there)
    assert _words(there.var) == ("new" if done.returncode else "old")
    if done.returncode:
        assert _content(there.var) == before
    assert [path.name for path in there.var.iterdir() if path.name.startswith(".")] == []


def test_a_backup_that_cannot_be_written_leaves_the_one_before(made, tmp_path, monkeypatch):
    before = made.read_bytes()

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup.archive, "_add_file", fail)
    with pytest.raises(StadtlotseError, match="No space left"):
        make(Settings(var=tmp_path / "var", port=1), made)
    assert made.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.tar.gz", "var"]


def test_another_file_is_not_written_over(tmp_path):
    _fill(tmp_path / "var", "old")
    (tmp_path / "letter.txt").write_text("Dear")
    with pytest.raises(StadtlotseError, match="is no backup"):
        make(Settings(var=tmp_path / "var", port=1), tmp_path / "letter.txt")
    assert (tmp_path / "letter.txt").read_text() == "Dear"


def test_nothing_is_restored_below_a_running_bot(made, tmp_path):
    there = tmp_path / "there"
    _fill(there, "new")
    script = (
        "import sqlite3, sys\nc = sqlite3.connect(sys.argv[1])\nc.execute('SELECT 1 FROM turn')\n"
        "print('up', flush=True)\ninput()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(there / "state.db"), "bin/stadtlotse", "retrain", "--force"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as running:
        assert running.stdout.readline() == b"up\n"
        with pytest.raises(StadtlotseError, match=rf"^stadtlotse retrain \(process {running.pid}\) is at work in "):
            restore(Settings(var=there, port=1), made)
        running.communicate(b"\n")
    assert _words(there) == "new"


def test_the_command_asks_nobody_without_a_terminal(made, tmp_path):
    _fill(tmp_path / "there", "new")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("STADTLOTSE_")}
    command = [sys.executable, "-m", "bot.cli", "restore", str(made)]
    variables = clean | {"STADTLOTSE_VAR": str(tmp_path / "there"), "STADTLOTSE_PORT": "1"}
    refused = subprocess.run(command, env=variables, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert refused.returncode == 1
    assert "--yes" in refused.stderr
    done = subprocess.run([*command, "--yes", "--json"], env=variables, capture_output=True, text=True)
    assert json.loads(done.stdout)["release"] == "2026-01-02", done.stderr
    assert _words(tmp_path / "there") == "old"


def test_a_damaged_release_in_a_backup_is_refused(tmp_path):
    _fill(tmp_path / "var", "old")
    (tmp_path / "var" / "releases" / "2026-01-02" / "manifest.json").write_text("{")
    with pytest.raises(StadtlotseError, match="damaged"):
        make(Settings(var=tmp_path / "var", port=1), tmp_path / "b.tar.gz")
