"""What `stadtlotse doctor` looks at in the folder of run-time files, and the contacts and the mail server."""

import hashlib
import json
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta, timezone

import pytest

from bot import audit
from bot.doctor import admission, soundness
from knowledge.releases.release import KnowledgeManifest, draft
from knowledge.settings import Settings
from tests.unit.doctor.test_doctor import run

CONTACTS = """
contacts:
  - key: digital
    office: Stabsstelle Digitalisierung
    email: digital@stadt.example
    {of}
"""


def found(tmp_path, check, **variables):
    """The findings of one check."""
    _, out, err = run("doctor", "--json", STADTLOTSE_VAR=str(tmp_path), **variables)
    assert err == ""
    return [finding for finding in json.loads(out) if finding["check"] == check]


@pytest.mark.parametrize(
    ("of", "state", "words"),
    [
        ("", "ok", "1 offices"),
        ("programmes: [mpsc]", "note", "no office for everything else"),
        ("programmes: [mpcs]", "wrong", "mpcs"),
        ("telefon: 1", "wrong", "telefon"),
    ],
)
def test_the_contacts_are_checked(tmp_path, of, state, words):
    path = tmp_path / "contacts.yml"
    path.write_text(CONTACTS.format(of=of), encoding="utf-8")
    (finding,) = found(tmp_path / "var", "contacts", STADTLOTSE_CONTACTS=str(path))
    assert finding["state"] == state
    assert words in finding["sentence"]


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({}, [("ok", "no document is for staff alone")]),
        ({"SIGN_IN": "required"}, [("wrong", "nobody can sign in")]),
        ({"STAFF_HEADER": "X-Remote-User"}, [("wrong", "STADTLOTSE_TRUSTED_PROXIES")]),
        ({"STAFF_HEADER": "X-Remote-User", "TRUSTED_PROXIES": "10.0.0.1"}, [("ok", "X-Remote-User")]),
        ({"STAFF_CHANNELS": "teams"}, [("ok", "teams")]),
        ({"STAFF_CHANNELS": "taems"}, [("wrong", "'taems'")]),
        ({"OIDC_CLIENT_ID": "lotse"}, [("wrong", "STADTLOTSE_OIDC_ISSUER is missing")]),
        ({"OIDC_ISSUER": "https://login.stadt.example"}, [("wrong", "STADTLOTSE_OIDC_CLIENT_ID is missing")]),
        (
            {"OIDC_ISSUER": "https://login.stadt.example", "OIDC_CLIENT_ID": "lotse"},
            [("note", "STADTLOTSE_PUBLIC_URL"), ("note", "STADTLOTSE_OIDC_STAFF"), ("ok", "login.stadt.example")],
        ),
    ],
)
def test_how_staff_signs_in_is_checked(tmp_path, monkeypatch, variables, told):
    for name, value in variables.items():
        monkeypatch.setenv(f"STADTLOTSE_{name}", value)
    findings = list(admission.findings(Settings(var=tmp_path)))
    assert [finding.state for finding in findings] == [state for state, _ in told]
    assert all(words in finding.sentence for finding, (_, words) in zip(findings, told, strict=True))


def test_internal_documents_that_nobody_can_read_are_told(tmp_path):
    settings = Settings(var=tmp_path)
    with draft(settings, "1") as (_, manifest):
        manifest.knowledge = KnowledgeManifest(
            fingerprint="1",
            folders=[],
            embedding_model="none",
            dimensions=1,
            fact_sheets=0,
            facts=0,
            documents=3,
            internal=2,
            passages=3,
        )
    (finding,) = admission.findings(settings)
    assert (finding.state, "2 documents are for staff alone" in finding.sentence) == ("note", True)
    assert [one.state for one in admission.findings(Settings(var=tmp_path, staff_channels="slack"))] == ["ok"]


def test_the_command_knows_the_variables_of_the_sign_in(tmp_path):
    variables = {"STADTLOTSE_OIDC_ISSUER": "https://login.stadt.example", "STADTLOTSE_OIDC_STAFF": "groups=lotse"}
    (finding,) = found(tmp_path, "sign-in", **variables)
    assert (finding["state"], "CLIENT_ID is missing" in finding["sentence"]) == ("wrong", True)
    assert found(tmp_path, "variables", **variables) == []


def test_missing_contacts_are_told(tmp_path):
    (finding,) = found(tmp_path, "contacts", STADTLOTSE_CONTACTS=str(tmp_path / "none.yml"))
    assert finding["state"] == "wrong"
    (finding,) = found(tmp_path, "contacts")
    assert (finding["state"], "STADTLOTSE_CONTACTS" in finding["sentence"]) == ("note", True)


@pytest.mark.parametrize(
    ("variables", "state", "words"),
    [
        ({}, "ok", "Off"),
        ({"HOST": "mail.stadt.example", "FROM": "lotse@stadt.example"}, "ok", "mail.stadt.example"),
        ({"FROM": "lotse@stadt.example"}, "wrong", "STADTLOTSE_SMTP_HOST is missing"),
        ({"HOST": "mail.stadt.example"}, "wrong", "STADTLOTSE_SMTP_FROM must be"),
        ({"HOST": "mail.stadt.example", "FROM": "l@s.example", "USER": "lotse"}, "wrong", "_PASSWORD, or neither"),
        ({"HOST": "mail.stadt.example", "FROM": "l@s.example", "TLS": "none"}, "wrong", "this machine alone"),
        ({"HOST": "mail.stadt.example", "TLS": "ssl"}, "wrong", "STADTLOTSE_SMTP_TLS cannot be read"),
    ],
)
def test_the_mail_server_is_checked(tmp_path, variables, state, words):
    named = {f"STADTLOTSE_SMTP_{name}": value for name, value in variables.items()}
    findings = found(tmp_path, "mail", **named)
    assert {finding["state"] for finding in findings} == {state}
    assert any(words in finding["sentence"] for finding in findings)


@pytest.fixture
def settings(tmp_path):
    """An installation with a state file, a release and a line in the audit log."""
    settings = Settings(var=tmp_path)
    with closing(sqlite3.connect(settings.state)) as state:
        state.execute("CREATE TABLE turn (asked_at TEXT, text TEXT)")
        state.executemany("INSERT INTO turn VALUES ('2026-01-01T00:00:00+00:00', ?)", [("x" * 900,)] * 100)
        state.commit()
    settings.state.chmod(0o600)
    release = settings.releases / "2026-01-01"
    release.mkdir(parents=True)
    (release / "rasa.tar.gz").write_bytes(b"model")
    files = {"rasa.tar.gz": hashlib.sha256(b"model").hexdigest()}
    manifest = {"id": release.name, "built_at": "2026-01-01T00:00:00Z", "version": "1", "files": files}
    (release / "manifest.json").write_text(json.dumps(manifest))
    settings.current_release.symlink_to("releases/2026-01-01")
    audit.record(settings, "backup", files=1)
    return settings


def wrong(settings):
    """What is not fine, by check."""
    return {one.check: one.sentence for one in soundness.findings(settings) if one.state != "ok"}


def test_a_sound_installation_is_fine(settings):
    assert wrong(settings) == {}


def _overwrite_middle(settings):
    content = bytearray(settings.state.read_bytes())
    content[4096 * 2 : 4096 * 4] = b"\xff" * 8192
    settings.state.write_bytes(bytes(content))


def _from_the_future(settings):
    with closing(sqlite3.connect(settings.state)) as state:
        later = datetime.now(timezone.utc) + timedelta(days=400)
        state.execute("UPDATE turn SET asked_at = ?", (later.isoformat(),))
        state.commit()


HARM = {
    "state damaged": (_overwrite_middle, "state", "restore a backup"),
    "state no database": (lambda one: one.state.write_bytes(b"x" * 9000), "state", "is damaged"),
    "readable by others": (lambda one: one.state.chmod(0o644), "permissions", "chmod 600"),
    "manifest broken": (
        lambda one: (one.releases / "2026-01-01" / "manifest.json").write_text("{"),
        "releases",
        "manifest cannot be read",
    ),
    "release changed": (
        lambda one: (one.releases / "2026-01-01" / "rasa.tar.gz").write_bytes(b"another"),
        "releases",
        "rasa.tar.gz is not as it was built",
    ),
    "release incomplete": (
        lambda one: (one.releases / "2026-01-01" / "rasa.tar.gz").unlink(),
        "releases",
        "rasa.tar.gz is missing",
    ),
    "link broken": (
        lambda one: (one.releases / "2026-01-01").rename(one.releases / "2025-01-01"),
        "releases",
        "leads nowhere",
    ),
    "clock set back": (_from_the_future, "clock", "set the clock"),
    "log changed": (
        lambda one: one.audit_log.write_text(one.audit_log.read_text().replace("backup", "nothing")),
        "audit log",
        "Line 1",
    ),
    "restore cut off": (lambda one: (one.var / ".before-restore").mkdir(), "restore", "stadtlotse purge"),
}


@pytest.mark.parametrize("harm", HARM)
def test_what_is_unsound_is_named_with_a_remedy(settings, harm):
    do, check, words = HARM[harm]
    do(settings)
    said = wrong(settings)
    assert set(said) == {check}
    assert words in said[check]


def test_a_broken_line_of_the_own_questions_is_named(settings):
    settings.own_questions.parent.mkdir()
    settings.own_questions.write_text('{"id": "a", "lang": "de", "kind": "single", "question": "x"}\n{"id":\n')
    assert "line 2" in wrong(settings)["own questions"]


def test_little_room_is_told(settings, monkeypatch):
    monkeypatch.setattr(soundness.shutil, "disk_usage", lambda _path: type("U", (), {"free": 50 * 1024**2})())
    assert "50 MB left" in wrong(settings)["disk"]


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    said = wrong(Settings(var=tmp_path / "file" / "var"))
    assert "STADTLOTSE_VAR" in said["folder"]


def test_a_full_disk_is_told(settings, monkeypatch):
    def full(_path, _content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(soundness.Path, "write_bytes", full)
    assert "make room" in wrong(settings)["folder"]


def test_a_misspelt_variable_is_named(tmp_path):
    (finding,) = found(tmp_path, "variables", STADTLOTSE_RETENSION_DAYS="3")
    assert "did you mean STADTLOTSE_RETENTION_DAYS" in finding["sentence"]


@pytest.mark.parametrize("command", ["doctor", "status", "report"])
def test_a_variable_that_cannot_be_read_is_one_sentence(tmp_path, command):
    code, out, err = run(command, STADTLOTSE_VAR=str(tmp_path), STADTLOTSE_PORT="secret")
    assert (code, out) == (1, "")
    assert "STADTLOTSE_PORT cannot be read" in err
    assert err.count("\n") == 1
    assert "secret" not in err


def test_the_doctor_goes_on_where_a_part_is_broken(tmp_path):
    code, out, err = run("doctor", "--json", STADTLOTSE_VAR=str(tmp_path), STADTLOTSE_EMBEDDING_MODEL="/nowhere")
    assert (code, err) == (1, "")
    checks = {finding["check"]: finding["state"] for finding in json.loads(out)}
    assert (checks["index"], checks["teams"]) == ("wrong", "ok")
