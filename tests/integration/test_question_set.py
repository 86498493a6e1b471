"""The project's own questions over its own library, through the gateway and the real dialogue."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.retraining.replay import replay
from knowledge.evaluation.questions import OWN_QUESTIONS, read_questions
from knowledge.evaluation.report import Replayed
from knowledge.messages import LANGUAGES, Kind
from knowledge.releases.release import PASSAGES, Release
from knowledge.releases.store import PassageStore
from tests.quotes import assert_quoted

# A little below what is measured, by kind and language: (right, of).
FLOORS = {("single", "de"): 0.88, ("followup", "de"): 0.83, ("single", "en"): 0.9, ("followup", "en"): 0.85}
FLOOR_DECLINED = 0.88
FLOOR_SMALL_TALK = 0.8


@pytest.fixture(scope="module")
def replayed(bot_url: str) -> list[Replayed]:
    return replay(bot_url, read_questions(OWN_QUESTIONS), None, lambda *_: None)[0]


@pytest.fixture(scope="module")
def store(release: Release) -> Iterator[PassageStore]:
    opened = PassageStore(Path(release.path, PASSAGES))
    yield opened
    opened.close()


def assert_right(asked: list[Replayed], floor: float) -> None:
    wrong = [f"{one.question.id} {one.question.question}: {one.verdict.reason}" for one in asked if one.verdict.reason]
    assert asked
    assert len(asked) - len(wrong) >= floor * len(asked), "\n".join(wrong)


@pytest.mark.parametrize(("kind", "lang"), FLOORS)
def test_questions_are_answered_right_often_enough(replayed: list[Replayed], kind: str, lang: str) -> None:
    asked = [one for one in replayed if (one.question.kind, one.question.lang) == (kind, lang)]
    assert_right(asked, FLOORS[kind, lang])


@pytest.mark.parametrize(("kind", "floor"), [("unanswerable", FLOOR_DECLINED), ("smalltalk", FLOOR_SMALL_TALK)])
def test_what_is_no_question_to_answer_is_taken_as_such(replayed: list[Replayed], kind: str, floor: float) -> None:
    assert_right([one for one in replayed if one.question.kind == kind], floor)


def test_every_citation_leads_to_its_quote(replayed: list[Replayed], store: PassageStore) -> None:
    citations = [citation for one in replayed for message in one.said for citation in message.citations]
    assert len(citations) > len(replayed) / 2
    for citation in citations:
        assert_quoted(citation, store)


def test_every_answer_is_cited_and_nothing_else_is(replayed: list[Replayed]) -> None:
    for message in (message for one in replayed for message in one.said):
        if message.kind is Kind.ANSWER and message.table is not None:
            told = [cell for row in message.table.rows for cell in row.cells if cell.citations]
            assert told and all(cell.text in message.citations[cell.citations[0] - 1].quote for cell in told)
        elif message.kind is Kind.ANSWER:
            assert message.citations[0].quote in message.text
        else:
            assert message.citations == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_questions_are_answered_in_their_language(replayed: list[Replayed], lang: str) -> None:
    asked = [one for one in replayed if one.question.lang == lang and one.question.kind != "smalltalk"]
    wrong = [one.question.question for one in asked if any(message.lang != lang for message in one.said)]
    assert len(wrong) <= 0.05 * len(asked), wrong
