"""Answers from a part of the starter library: where a filter or the question says where to look."""

import json
from typing import Any

import pytest

from knowledge.answering.answers import Answerer, Context
from knowledge.encoding.embedding import Embedder
from knowledge.filters import Filter
from knowledge.messages import Kind, Message
from knowledge.releases.release import Release
from knowledge.settings import Settings
from tests.processes import post, stadtlotse

QUESTION = "Wie hoch ist die Förderquote?"


@pytest.fixture(scope="module")
def answerer(release: Release, embedder: Embedder) -> Answerer:
    return Answerer.open(Settings(), release=release, embedder=embedder)


def ask(answerer: Answerer, question: str, **limits: list[str]) -> Message:
    return answerer.answer(question, Context(), filter=answerer.library.filter_of(**limits)).message


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"laender": ["Hessen"]}, "Starke Heimat Hessen"),
        ({"programmes": ["Modellprojekte Smart Cities"]}, "65 Prozent"),
        ({"kinds": ["Steckbrief"], "programmes": ["mpsc"]}, "65 Prozent"),
    ],
)
def test_the_filter_tells_what_the_question_leaves_open(
    answerer: Answerer, limits: dict[str, list[str]], said: str
) -> None:
    message = ask(answerer, QUESTION, **limits)
    assert message.kind is Kind.ANSWER
    assert said in message.text


def test_every_source_is_of_the_sort_that_was_chosen(answerer: Answerer) -> None:
    limits = answerer.library.filter_of(documents=["modellprojekte-smart-cities"])
    found = answerer.find("Wie hoch ist die Förderquote bei MPSC?", 10, filter=limits)
    assert {hit.passage.document_id for hit in found.hits} == {"modellprojekte-smart-cities"}


@pytest.mark.parametrize("limits", [Filter(since=1990, until=1991), Filter(programmes=frozenset(["mpsc"]), until=1999)])
def test_where_nothing_is_left_the_bot_does_not_know(answerer: Answerer, limits: Filter) -> None:
    message = answerer.answer("Wie hoch ist die Förderquote bei MPSC?", Context(), filter=limits).message
    assert message.kind is Kind.ABSTENTION
    assert not message.citations


def test_a_question_that_wants_a_sort_of_text_that_is_not_there_gets_no_other(answerer: Answerer) -> None:
    assert ask(answerer, "Wie hoch ist die Förderquote bei MPSC?").kind is Kind.ANSWER
    assert ask(answerer, "Nur in den Richtlinien: Wie hoch ist die Förderquote bei MPSC?").kind is Kind.ABSTENTION
    assert ask(answerer, "Wie hoch ist laut Richtlinie die Förderquote bei MPSC?").kind is Kind.ANSWER


def test_the_command_takes_filters(installation: Settings) -> None:
    done = stadtlotse(
        installation, "ask", QUESTION, "--land", "Bund", "--land", "Hessen", "--programme", "mpsc", "--json"
    )
    assert done.returncode == 0, done.stderr
    assert "65 Prozent" in json.loads(done.stdout)["text"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--kind", "Roman"], "'Roman' is no kind of document"),
        (["--land", "Atlantis"], "'Atlantis' is no Land"),
        (["--year", "23"], "'23' is no year"),
        (["--programme", "XYZ"], "No programme is called 'XYZ'"),
        (["--document", "fehlt.pdf"], "No document is called 'fehlt.pdf'"),
    ],
)
def test_a_value_that_is_not_known_is_one_sentence(installation: Settings, arguments: list[str], told: str) -> None:
    done = stadtlotse(installation, "ask", QUESTION, *arguments)
    assert done.returncode == 1
    assert not done.stdout
    assert told in done.stderr and len(done.stderr.splitlines()) == 1


def test_a_filter_of_the_api_reaches_the_answer(bot_url: str) -> None:
    def say(text: str, limits: dict[str, Any]) -> dict[str, Any]:
        _, begun = post(f"{bot_url}/api/conversations", {"lang": "de"})
        address = f"{bot_url}/api/conversations/{begun['id']}/messages"
        code, answer = post(address, {"text": text, "filter": limits})
        assert code == 200
        return answer["messages"][0]  # type: ignore[no-any-return]

    assert "Starke Heimat Hessen" in say("Wie hoch ist die Förderquote?", {"laender": ["HE"]})["text"]
    assert say("Wie hoch ist die Förderquote bei MPSC?", {"until": 1999})["kind"] == "abstention"
