"""Documents for staff alone: for everybody else it is as if they were not there, by whatever way one asks."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.additions import stocking
from bot.additions.stocking import incoming_files
from bot.evaluation.rehearsal import rehearse
from bot.processes.parts import address
from bot.retraining import building
from knowledge.answering.answers import Answerer, Context
from knowledge.encoding.embedding import Embedder
from knowledge.evaluation.questions import KnownQuestion
from knowledge.evaluation.report import Replayed
from knowledge.indexing.stock import Notes, documents_folder
from knowledge.messages import Kind, Message
from knowledge.releases.release import Release
from knowledge.settings import Settings
from tests.installations import copy_release
from tests.processes import free_ports, post, serving, stadtlotse

PUBLIC = """# Radwegekonzept

Der Bau des Radwegs zwischen Musterau und Altendorf kostet 4,7 Millionen Euro.
"""
INTERNAL = """# Dienstanweisung Zoobrücke

Die Vorlage zur Zoobrücke wird dem Kämmerer bis zum 14. Februar vorgelegt.

Bis dahin schweigt das Haus gegenüber der Presse.

## Verhandlungen

Die Obergrenze für den Ankauf der Grundstücke an der Zoobrücke liegt bei 830.000 Euro.

## Beteiligte

Verhandelt wird mit der Flughafengesellschaft Musterau allein.
"""
QUESTION = "Wie hoch ist die Obergrenze für den Ankauf der Grundstücke an der Zoobrücke?"
SECRET = "830.000"
HEADER = {"X-Remote-User": "e4711"}


@pytest.fixture(scope="module")
def settings(
    tmp_path_factory: pytest.TempPathFactory, model_folder: Path, release: Release, embedder: Embedder
) -> Settings:
    """An installation of its own with a public and an internal document."""
    var = tmp_path_factory.mktemp("var")
    copy_release(var, release, model_folder)
    port, rasa_port, actions_port = free_ports(3)
    made = Settings(var=var, embedding_model="", port=port, rasa_port=rasa_port, actions_port=actions_port)
    made = made.model_copy(update={"staff_header": "X-Remote-User", "trusted_proxies": "127.0.0.1"})
    documents = tmp_path_factory.mktemp("documents")
    (documents / "radwege.md").write_text(PUBLIC, encoding="utf-8")
    (documents / "zoobruecke.md").write_text(INTERNAL, encoding="utf-8")
    for name, group in (("radwege.md", "public"), ("zoobruecke.md", "internal")):
        files = incoming_files([documents / name], "", Notes.model_validate({"group": group}))
        [added] = stocking.add(made, files, dry_run=False, progress=lambda *_: None)
        assert added.status == "added"
    building.build(made, folders=[documents_folder(made)], dialogue=False, progress=lambda *_: None)
    return made


@pytest.fixture(scope="module")
def answerer(settings: Settings, embedder: Embedder) -> Answerer:
    return Answerer.open(settings, embedder=embedder)


def tells(message: Message) -> bool:
    """Whether anything of the internal document stands in a message."""
    said = message.model_dump_json()
    return any(
        words in said
        for words in (SECRET, "sources/zoobruecke", "Kämmerer", "Flughafengesellschaft", "Dienstanweisung")
    )


def test_staff_is_answered_from_internal_documents_and_everybody_else_is_not(answerer: Answerer) -> None:
    staff = answerer.for_readers("internal").answer(QUESTION, Context()).message
    assert staff.kind is Kind.ANSWER and SECRET in staff.text
    for group in (answerer, answerer.for_readers("public")):
        message = group.answer(QUESTION, Context()).message
        assert message.kind is Kind.ABSTENTION and not tells(message)


def test_public_documents_answer_both(answerer: Answerer) -> None:
    for group in ("public", "internal"):
        message = answerer.for_readers(group).answer("Was kostet der Radweg nach Altendorf?", Context()).message
        assert "4,7 Millionen" in message.text


@pytest.mark.parametrize(
    "question",
    [
        "Was steht in der Dienstanweisung Zoobrücke?",
        "Von wann ist die Dienstanweisung Zoobrücke?",
        "Mit wem wird laut Dienstanweisung Zoobrücke verhandelt?",
        "Zoobrücke",
        "Who is negotiating about the Zoobrücke with the Flughafengesellschaft?",
        "Welche Programme gibt es in Hessen und was gilt für die Zoobrücke?",
    ],
)
def test_no_question_brings_anything_of_them_to_light(answerer: Answerer, question: str) -> None:
    assert not tells(answerer.answer(question, Context()).message)


def test_they_are_not_found_by_name_or_by_a_filter(answerer: Answerer, settings: Settings) -> None:
    own = answerer.for_readers("internal")
    limits = own.library.filter_of(documents=["zoobruecke.md"])
    assert {hit.passage.document_id for hit in own.find(QUESTION, 10, filter=limits).hits} == {"zoobruecke"}
    assert answerer.find(QUESTION, 10, filter=limits).hits == []
    assert not tells(answerer.answer(QUESTION, Context(), filter=limits).message)
    assert all(hit.passage.document_id != "zoobruecke" for hit in answerer.find(QUESTION, 50).hits)
    with pytest.raises(Exception, match="No document is called"):
        answerer.library.filter_of(documents=["zoobruecke.md"])


@pytest.mark.parametrize(
    ("intent", "remark"),
    [
        ("ask_more", "mehr dazu"),
        ("ask_source", "wo steht das?"),
        ("switch_language", "in English please"),
        ("plain_language", "einfach bitte"),
    ],
)
def test_what_staff_was_told_is_not_told_again_once_nobody_is_signed_in(
    answerer: Answerer, intent: str, remark: str
) -> None:
    staff = answerer.for_readers("internal")
    context = staff.answer(QUESTION, Context()).context
    assert tells(staff.retold(intent, remark, context).message)
    assert not tells(answerer.retold(intent, remark, context).message)
    assert not tells(answerer.answer("und mit wem wird verhandelt?", context, intent="follow_up").message)
    assert not tells(answerer.picked("das erste", context).message)


def test_many_internal_passages_leave_the_others_their_places(answerer: Answerer) -> None:
    """What may not be read takes nobody's place among the candidates."""
    query = answerer.find("Wie hoch ist die Förderquote bei MPSC?", 10)
    own = answerer.for_readers("internal").find("Wie hoch ist die Förderquote bei MPSC?", 10)
    places = [(hit.passage.document_id, hit.passage.id) for hit in query.hits]
    assert places and places == [
        (hit.passage.document_id, hit.passage.id) for hit in own.hits if hit.passage.document_id != "zoobruecke"
    ]


def test_the_gate_asks_as_staff_what_stands_in_internal_documents_alone(answerer: Answerer) -> None:
    def asked(**places: object) -> Replayed:
        keywords = {"id": "own", "lang": "de", "kind": "single", "question": QUESTION, "answer_keywords": [SECRET]}
        [replayed], _ = rehearse(answerer, {}, [KnownQuestion.model_validate(keywords | places)], lambda *_: None)
        return replayed

    assert asked(file="zoobruecke.md").verdict.is_right
    for places in ({}, {"file": "radwege.md"}, {"file": "zoobruecke.md", "also_in": [{"file": "radwege.md"}]}):
        replayed = asked(**places)
        assert replayed.verdict.reason == "it was declined"
        assert not any(tells(message) for message in replayed.said)


def test_the_command_answers_from_them_where_it_is_told_to(settings: Settings) -> None:
    for options, is_told in (([], False), (["--staff"], True)):
        done = stadtlotse(settings, "ask", QUESTION, "--json", *options)
        assert done.returncode == 0, done.stderr
        assert (SECRET in json.loads(done.stdout)["text"]) == is_told


@pytest.fixture(scope="module")
def url(settings: Settings, answerer: Answerer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(settings, tmp_path_factory.mktemp("bot") / "output"):
        yield address(settings)


def said(url: str, path: str, text: str, **headers: str) -> Any:
    status, body = post(f"{url}{path}", {"text": text}, **headers)
    assert status == 200, body
    return body["messages"]


def test_the_whole_bot_tells_staff_alone(url: str) -> None:
    _, begun = post(f"{url}/api/conversations", {})
    path = f"/api/conversations/{begun['id']}/messages"
    assert SECRET not in str(said(url, path, QUESTION))
    [answer] = said(url, path, QUESTION, **HEADER)
    assert answer["kind"] == "answer" and SECRET in answer["text"]
    for remark in ("mehr dazu", "wo steht das?", "auf Englisch bitte", "ja", QUESTION):
        assert not any(tells(Message.model_validate(one)) for one in said(url, path, remark)), remark
    [again] = said(url, path, QUESTION, **HEADER)
    assert SECRET in again["text"]
