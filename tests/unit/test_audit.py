"""The audit log: whoever changes, removes, adds or moves a line is found out."""

import json
import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor

import pytest

from bot import audit
from knowledge.errors import StadtlotseError
from knowledge.settings import Settings


@pytest.fixture
def settings(tmp_path):
    """An installation with five lines in its log."""
    settings = Settings(var=tmp_path)
    for number in range(5):
        audit.record(settings, "backup", files=number)
    return settings


def _lines(settings):
    return settings.audit_log.read_text().splitlines()


def _write(settings, lines):
    settings.audit_log.write_text("".join(f"{line}\n" for line in lines))


def test_what_was_recorded_is_read_again(settings):
    entries, damaged = audit.entries(settings)
    assert damaged == []
    assert [entry.details for entry in entries] == [{"files": number} for number in range(5)]
    assert settings.audit_log.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda lines: [lines[0].replace('"files":0', '"files":9'), *lines[1:]], 1),
        (lambda lines: [*lines[:2], lines[2].replace("backup", "purge"), *lines[3:]], 3),
        (lambda lines: lines[1:], 1),
        (lambda lines: [*lines[:2], *lines[3:]], 3),
        (lambda lines: lines[:-1], 5),
        (lambda lines: lines[:-3], 3),
        (lambda lines: [lines[1], lines[0], *lines[2:]], 1),
        (lambda lines: [*lines, lines[-1]], 6),
        (lambda lines: [*lines[:3], "nonsense", *lines[3:]], 4),
        (lambda lines: [], 1),
    ],
    ids=[
        "changed",
        "action",
        "first gone",
        "middle gone",
        "last gone",
        "end gone",
        "moved",
        "repeated",
        "added",
        "all",
    ],
)
def test_tampering_is_named_with_its_line(settings, change, line):
    _write(settings, change(_lines(settings)))
    _, damaged = audit.entries(settings)
    assert damaged[0].line == line


def test_a_chain_written_anew_is_found_out_by_a_seal_that_was_noted(settings, tmp_path):
    noted = audit.seal(audit.entries(settings)[0])
    settings.audit_log.unlink()
    settings.audit_log.with_suffix(".head").unlink()
    audit.record(settings, "backup", files=7)
    assert audit.entries(settings)[1] == []
    command = [sys.executable, "-m", "bot.cli", "audit", "--json", "--seal", noted]
    done = subprocess.run(
        command, env=os.environ | {"STADTLOTSE_VAR": str(tmp_path)}, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert "seal" in json.loads(done.stdout)["damaged"][0]["reason"]


def _record_some(var):
    for _ in range(20):
        audit.record(Settings(var=var), "purge", records=1)


def test_several_processes_write_one_chain(tmp_path):
    with ProcessPoolExecutor(3) as pool:
        list(pool.map(_record_some, [tmp_path] * 3))
    entries, damaged = audit.entries(Settings(var=tmp_path))
    assert (len(entries), damaged) == (60, [])


def test_a_line_cut_off_by_a_crash_is_named_and_the_chain_goes_on(settings):
    with settings.audit_log.open("a") as log:
        log.write('{"number": 6, "at"')
    audit.record(settings, "purge", records=1)
    entries, damaged = audit.entries(settings)
    assert [one.line for one in damaged] == [6]
    assert entries[-1].number == 6


def test_a_head_that_a_crash_left_behind_is_no_tampering(settings):
    head = settings.audit_log.with_suffix(".head")
    before = head.read_bytes()
    audit.record(settings, "purge", records=1)
    head.write_bytes(before)
    assert audit.entries(settings)[1] == []


def test_a_full_disk_leaves_the_log_as_it_was(settings, monkeypatch):
    before = settings.audit_log.read_bytes()

    def full(_number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StadtlotseError, match="No space left") as told:
        audit.record(settings, "purge", records=1)
    assert "\n" not in str(told.value)
    assert settings.audit_log.read_bytes() == before
    assert audit.entries(settings)[1] == []
