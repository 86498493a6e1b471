"""What an admin sees of the questions that were asked, over a real release and the shipped model."""

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from html.parser import HTMLParser
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.additions.own_sets import decided, own_questions
from bot.evaluation.sets import question_sets
from bot.gateway import feedback, questions
from bot.gateway.questions import CITATIONS, Cited
from bot.gateway.state import connect
from bot.processes.training import _command
from knowledge.evaluation.questions import read_questions
from knowledge.factsheet import Fact
from knowledge.releases.release import PASSAGES
from knowledge.releases.store import PassageStore
from knowledge.settings import Settings
from knowledge.sheet_files import SHEETS
from tests.processes import stadtlotse

PARKING = (
    "Wie bekomme ich einen Parkausweis?",
    "Parkausweis beantragen",
    "wo beantragt man den anwohnerparkausweis",
    "Hier ist Sabine Krüger, wie komme ich an einen Bewohnerparkausweis?",
)
COMMITTEE = ("Wann tagt der Digitalausschuss?", "nächste Sitzung Digitalausschuss")


class Log:
    """Writes a question log as the gateway does."""

    def __init__(self, var: Path) -> None:
        self.connection = connect(var / "state.db", (questions.SCHEMA, feedback.SCHEMA))
        self.count = 0

    def ask(
        self,
        text,
        outcome="abstention",
        *,
        days=0,
        channel="web",
        lang="de",
        citations=(),
        opinion=None,
        release="2026-01-01",
    ):
        self.count += 1
        reference = f"question.{self.count:032}"
        at = (datetime.now(timezone.utc) - timedelta(days=days)).isoformat(timespec="minutes")
        row = (reference, text, outcome, 0.9, release, channel, lang, at, 0.1 * self.count)
        with self.connection:
            self.connection.execute("INSERT INTO question VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
            if citations:
                dumped = CITATIONS.dump_json(list(citations)).decode()
                stages = json.dumps({"gateway": 0.01, "dialogue": 0.02, "retrieval": 0.03})
                self.connection.execute("INSERT INTO answer VALUES (?, ?, ?)", (reference, dumped, stages))
            if opinion:
                moment = datetime.now(timezone.utc).isoformat()
                self.connection.execute("INSERT INTO opinion VALUES (?, ?, ?, ?, ?)", (reference, *opinion, moment))


def cited(store: PassageStore, document_id: str, **changes: object) -> Cited:
    document = store.document(document_id)
    passage = store.passages(document_id)[0]
    values = {
        "document": document_id,
        "passage": passage.id,
        "title": document.title,
        "page": passage.page,
        "heading": passage.heading,
        "as_of": document.as_of,
        "quote": passage.text[:80],
    }
    return Cited.model_validate(values | changes)


@pytest.fixture(scope="module")
def var(installation):
    """An installation in which people asked."""
    var, log = installation.var, Log(installation.var)
    store = PassageStore(installation.current_release.resolve() / PASSAGES)
    kts, mpsc = cited(store, "kts"), cited(store, "mpsc")
    for day, text in enumerate((*PARKING, *COMMITTEE)):
        log.ask(text, days=day)
    log.ask("Bis wann läuft die KTS?", "answer", citations=[kts], opinion=("up", "", ""))
    down = ("down", "outdated wrong", "Fragen Sie Herrn Schmidt, 0231 5012345")
    log.ask("Wie hoch ist die Quote bei MPSC?", "answer", citations=[mpsc], opinion=down, channel="slack")
    gone = cited(store, "mpsc", quote="Das stand hier einmal.", as_of="2019")
    log.ask("What is MPSC?", "answer", citations=[gone, kts], opinion=("down", "", ""), channel="teams", lang="en")
    log.ask("Und wie viel?", "error")
    log.ask("Welche meinen Sie?", "choice", days=3)
    log.ask("Vor langer Zeit gefragt", days=45)
    log.connection.close()
    store.close()
    return var


def run(var: Path, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """The command over a folder, with no bot running."""
    return stadtlotse(Settings(var=var, port=1), *arguments, **variables)


@pytest.fixture(scope="module")
def found(var):
    """The report as JSON."""
    done = run(var, "report", "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_questions_are_counted_by_what_came_of_them(found):
    assert found["asked"] == 11
    assert found["outcomes"] == {"answer": 3, "choice": 1, "abstention": 6, "error": 1}
    assert (found["liked"], found["disliked"]) == (1, 2)
    assert {one["name"]: one["asked"] for one in found["by_channel"]} == {"web": 9, "slack": 1, "teams": 1}
    assert {one["name"]: one["asked"] for one in found["by_language"]} == {"de": 10, "en": 1}
    programmes = {one["name"]: (one["asked"], one["disliked"]) for one in found["by_programme"]}
    assert programmes == {"mpsc": (2, 2), "kts": (1, 0), "": (8, 0)}
    assert sum(sum(period["outcomes"].values()) for period in found["periods"]) == 11
    assert len(found["periods"]) == 30


def test_unanswered_questions_are_grouped_by_meaning(found):
    groups = [(group["count"], {group["example"], *group["others"]}) for group in found["unanswered"]]
    masked = PARKING[3].replace("Sabine Krüger", "…")
    assert groups == [(4, {*PARKING[:3], masked}), (2, set(COMMITTEE))]


def test_dislikes_lead_to_the_passage_its_document_and_its_date(found):
    first, second = sorted(found["disliked_answers"], key=lambda one: one["question"])
    assert first["question"] == "What is MPSC?"
    assert [source["still_there"] for source in first["sources"]] == [False, True]
    assert (first["sources"][0]["as_of"], first["sources"][0]["document"]) == ("2019", "mpsc")
    assert first["sources"][0]["as_of_now"] != "2019"
    (source,) = second["sources"]
    assert source["path"].endswith("mpsc.yml")
    assert source["as_of"]
    assert source["still_there"]
    assert (second["reasons"], second["words"]) == (["outdated", "wrong"], "Fragen Sie Herrn …, …")


def test_documents_are_told_by_how_often_they_are_cited(found):
    most = [(Path(use["path"]).stem, use["cited"], use["disliked"]) for use in found["most_cited"]]
    assert sorted(most) == [("kts", 2, 1), ("mpsc", 2, 2)]
    never = {use["path"] for use in found["never_cited"]}
    assert len(never) == 53
    assert not any(path.endswith(("kts.yml", "mpsc.yml")) for path in never)
    assert found["outdated"]
    assert all(use["as_of"] for use in found["outdated"])


def test_times_are_told_by_stage(found):
    stages = {one["stage"]: one for one in found["latency"]}
    assert stages["retrieval"] == {"stage": "retrieval", "n": 3, "median": 0.03, "p95": 0.03, "longest": 0.03}
    assert stages["total"]["n"] == 10


def test_a_span_is_what_was_asked_for(var):
    assert json.loads(run(var, "report", "--json", "--since", "2m").stdout)["asked"] == 12
    assert json.loads(run(var, "report", "--json", "--since", "1d").stdout)["asked"] == 6
    for arguments in (["--since", "gestern"], ["--since", "1d", "--until", "2w"]):
        done = run(var, "report", *arguments)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)


def test_the_terminal_view_is_plain_where_there_is_no_terminal(var):
    said = run(var, "report").stdout
    assert "\x1b" not in said
    for words in ("Parkausweis", "Digitalausschuss", "Herrn …, …", "steht so noch im aktuellen Stand", "Median"):
        assert words in said
    assert "Schmidt" not in said
    assert "without an answer" in run(var, "report", "--lang", "en").stdout


class Page(HTMLParser):
    """Collects what a page is made of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))


def test_the_page_needs_nothing_else_and_is_told_in_words(var, tmp_path):
    path = tmp_path / "report.html"
    assert run(var, "report", "--html", str(path)).returncode == 0
    page = path.read_text(encoding="utf-8")
    parts = Page(page)
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in parts.elements}
    assert not any(name in ("src", "href") or name.startswith("on") for _, one in parts.elements for name in one)
    assert "http" not in re.sub(r'http-equiv="[^"]*"', "", page)
    pictures = [one for tag, one in parts.elements if tag == "svg" and one.get("role") == "img"]
    assert len(pictures) == 6
    for picture in pictures:
        for name in picture["aria-labelledby"].split():
            assert re.search(rf'id="{name}">[^<]+<', page)
    assert "Krüger" not in page
    assert "Schmidt" not in page
    assert all(words in page for words in ("Parkausweis beantragen", "Das stand hier einmal.", "Stand 2019"))


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_words_and_pictures_stand_out(var, tmp_path):
    path = tmp_path / "report.html"
    run(var, "report", "--html", str(path))
    page = path.read_text(encoding="utf-8")
    colours = dict(re.findall(r"--(ink|soft|blue|pale): (#[0-9a-f]{6})", page))
    for words in ("ink", "soft", "blue"):
        assert _contrast(colours[words], "#ffffff") >= 4.5
        assert _contrast(colours[words], colours["pale"]) >= 4.5
    fills = set(re.findall(r'fill="(#[0-9a-f]{6})"', page))
    assert len(fills) == 4
    assert all(_contrast(fill, "#ffffff") >= 3 for fill in fills)


def test_words_of_people_cannot_break_the_page(installation, install, tmp_path):
    own = install()
    log = Log(own.var)
    log.ask('<script>alert("x")</script> & <b>fett</b>', opinion=("down", "", "<img src=x onerror=y>"))
    log.connection.close()
    path = tmp_path / "report.html"
    assert run(own.var, "report", "--html", str(path)).returncode == 0
    assert not {"script", "b", "img"} & {tag for tag, _ in Page(path.read_text(encoding="utf-8")).elements}


def test_a_report_of_nothing_says_so(install):
    own = install()
    done = run(own.var, "report")
    assert done.returncode == 0
    assert "wurde nichts gefragt" in done.stdout
    assert not own.state.exists()


def test_a_group_becomes_a_question_of_the_evaluation(var, found):
    parking, committee = found["unanswered"]
    without = run(var, "questions", "add", parking["id"])
    assert without.returncode == 1
    assert "--answer" in without.stderr
    masked = run(var, "questions", "add", parking["id"], "--question", "Hier ist …", "--unanswerable")
    assert "name nobody" in masked.stderr
    wanted = ["--question", "Wo gibt es Parkausweise?", "--answer", "Bürgeramt", "--file", "parken.pdf", "--page", "3"]
    assert run(var, "questions", "add", parking["id"], *wanted).returncode == 0
    assert run(var, "questions", "add", committee["id"], "--unanswerable").returncode == 0
    again = run(var, "questions", "add", committee["id"], "--unanswerable")
    assert "already" in again.stderr
    assert "No group" in run(var, "questions", "add", "ffffff", "--unanswerable").stderr
    first, second = read_questions(var / "evaluation" / "questions.jsonl")
    assert (first.id, first.question, first.answer_keywords) == ("own-0001", "Wo gibt es Parkausweise?", ["Bürgeramt"])
    assert (first.file, first.page, first.kind) == ("parken.pdf", 3, "single")
    assert (second.kind, second.question) == ("unanswerable", committee["example"])


def test_a_question_is_added_where_the_operator_keeps_theirs(installation, found, tmp_path, monkeypatch):
    own = tmp_path / "fragen.jsonl"
    own.write_text('{"id": "eigene", "lang": "de", "kind": "unanswerable", "question": "Wo ist das Amt?"}\n')
    settings = installation.model_copy(update={"questions": str(own)})
    committee = found["unanswered"][1]["id"]
    said = run(installation.var, "questions", "add", committee, "--unanswerable", STADTLOTSE_QUESTIONS=str(own))
    assert said.returncode == 0, said.stderr
    assert [one.id for one in read_questions(own)] == ["eigene", "own-0002"]
    assert set(question_sets(settings)) == {"shipped", "fragen.jsonl"}
    assert question_sets(settings)["fragen.jsonl"] == own_questions(settings)


def test_an_answer_that_did_not_help_is_traced_to_the_release_that_was_forced(installation, install, tmp_path):
    own = install()
    own.releases.unlink()
    base = installation.current_release.resolve()
    for number, forced in (("1", None), ("2", {"reason": "weil ich es will", "broken": ["Q1", "Q2"]}), ("3", None)):
        folder = own.releases / number
        shutil.copytree(base, folder, copy_function=os.link)
        manifest = json.loads((base / "manifest.json").read_text())
        manifest |= {"id": number, "forced": forced, "base": str(int(number) - 1)}
        (folder / "manifest.json").unlink()
        (folder / "manifest.json").write_text(json.dumps(manifest))
    own.current_release.unlink()
    own.current_release.symlink_to("releases/3")
    log = Log(own.var)
    for number in ("1", "2", "3"):
        log.ask(f"Frage zu {number}?", "answer", opinion=("down", "", ""), release=number)
    log.connection.close()
    page = tmp_path / "report.html"
    done = run(own.var, "report", "--json", "--html", str(page))
    assert done.returncode == 0, done.stderr
    forced = {one["release"]: one["forced"] for one in json.loads(done.stdout)["disliked_answers"]}
    assert forced["1"] is None
    assert forced["2"] == forced["3"] == {"reason": "weil ich es will", "broken": ["Q1", "Q2"]}
    words = "Grund: weil ich es will. Schlechter beantwortet: Q1, Q2."
    assert page.read_text(encoding="utf-8").count(words) == 2
    assert run(own.var, "report").stdout.count(words) == 2


def test_a_group_becomes_a_fact_to_paste(var, found):
    group = found["unanswered"][0]["id"]
    said = ["--de", "Die KTS sitzt in Bonn.", "--en", "The KTS is in Bonn.", "--as-of", "2026"]
    wanted = [group, "--programme", "kts", *said, "--attribute", "place"]
    done = run(var, "questions", "fact", *wanted, "--source", "https://stadt.example/kts")
    assert done.returncode == 0, done.stderr
    (entry,) = YAML(typ="safe").load(done.stdout)
    new = Fact.model_validate(entry)
    assert (new.attribute.value, new.value.de) == ("place", "Die KTS sitzt in Bonn.")
    sheet = YAML(typ="safe").load((SHEETS / "kts.yml").read_text(encoding="utf-8"))
    assert new.id not in {one["id"] for one in sheet["facts"]}
    refused = run(var, "questions", "fact", *wanted, "--source", "somewhere")
    assert (refused.returncode, "sources.0" in refused.stderr) == (1, True)


def test_proposals_are_listed_without_a_terminal_and_nothing_is_changed(var):
    proposed = json.loads(run(var, "nlu", "suggest", "--json").stdout)
    texts = {one["text"]: one["intent"] for one in proposed}
    assert texts["Wann tagt der Digitalausschuss?"] == "ask_question"
    assert not any("…" in text or "Sabine" in text for text in texts)
    assert "Wann tagt der Digitalausschuss?" in run(var, "nlu", "suggest").stdout
    assert not (var / "nlu").exists()


def test_proposals_are_accepted_edited_and_rejected_one_by_one(var, installation, monkeypatch):
    proposed = json.loads(run(var, "nlu", "suggest", "--json").stdout)
    main, terminal = pty.openpty()
    variables = os.environ | {"STADTLOTSE_VAR": str(var), "NO_COLOR": "1", "TERM": "dumb"}
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "nlu", "suggest"],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env=variables,
    )
    os.close(terminal)
    os.write(main, b"a\nr\ne\nWas kostet das?\ny\nq\n")
    said = b""
    while process.poll() is None:
        try:
            said += os.read(main, 65536)
        except OSError:
            break
    assert process.wait(60) == 0
    os.close(main)
    assert b"2 accepted, 1 rejected" in said
    accepted, rejected, edited = decided(installation)
    assert (accepted.text, accepted.intent) == (proposed[0]["text"], proposed[0]["intent"])
    assert (rejected.text, rejected.intent) == (proposed[1]["text"], None)
    assert (edited.text, edited.intent) == ("Was kostet das?", proposed[2]["intent"])
    written = installation.accepted_utterances.read_text(encoding="utf-8")
    assert f"- {proposed[0]['text']}" in written
    assert "- Was kostet das?" in written
    assert proposed[1]["text"] not in written
    left = {one["text"] for one in json.loads(run(var, "nlu", "suggest", "--json").stdout)}
    assert not {proposed[0]["text"], proposed[1]["text"]} & left
    monkeypatch.setattr("bot.processes.training.settings", lambda: installation)
    assert str(installation.accepted_utterances) in _command(Path("project"), Path("folder"))
