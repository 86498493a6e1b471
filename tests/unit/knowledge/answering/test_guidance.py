"""The guided search: what is said in it and what is asked next."""

import pytest

from knowledge.answering.guidance import (
    OPEN,
    STEPS,
    Answers,
    Heard,
    Move,
    Step,
    after,
    hear,
    note,
    profile,
    question,
    said_move,
)
from knowledge.catalogue.topics import TOPICS
from knowledge.factsheet import Municipality, Purpose
from knowledge.messages import LANGUAGES, Language


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("step", STEPS)
def test_every_button_is_understood_as_what_it_says(lang: Language, step: Step) -> None:
    shown = [suggestion.payload for suggestion in question(step, {}, list(TOPICS), lang).suggestions]
    moves = [Move.SKIP, Move.STOP] if step is STEPS[0] else [Move.SKIP, Move.BACK, Move.STOP]
    options, controls = shown[: -len(moves)], shown[-len(moves) :]
    assert [hear(control, step, {}).move for control in controls] == moves
    heard = [hear(option, step, {}) for option in options]
    assert all(one.move is Move.ANSWER and set(one.answers) == {step} for one in heard)
    assert len({one.answers[step] for one in heard}) == len(options)


@pytest.mark.parametrize(
    ("said", "asked", "answers"),
    [
        ("Hessen", Step.LAND, {Step.LAND: "HE"}),
        ("Hessen?", Step.LAND, {Step.LAND: "HE"}),
        ("bei uns in sachsen", Step.LAND, {Step.LAND: "SN"}),
        ("wir sind Solingen", Step.LAND, {Step.LAND: "NW"}),
        ("Bavaria", Step.LAND, {Step.LAND: "BY"}),
        ("23.000 Einwohner", Step.MUNICIPALITY, {Step.MUNICIPALITY: "medium town"}),
        ("ca. 8 tausend", Step.MUNICIPALITY, {Step.MUNICIPALITY: "small town"}),
        ("120000", Step.MUNICIPALITY, {Step.MUNICIPALITY: "large city"}),
        ("Gemeinde", Step.MUNICIPALITY, {Step.MUNICIPALITY: "small town"}),
        ("gemeinsam mit nachbargemeinden", Step.MUNICIPALITY, {Step.MUNICIPALITY: "alliance"}),
        ("radverkehr", Step.TOPIC, {Step.TOPIC: "mobility"}),
        ("ein Konzept für Mobilität", Step.PURPOSE, {Step.PURPOSE: "strategy"}),
        ("sensoren kaufen", Step.PURPOSE, {Step.PURPOSE: "infrastructure"}),
        (
            "wir sind ein Landkreis in Hessen und wollen Radwege bauen",
            Step.LAND,
            {Step.LAND: "HE", Step.MUNICIPALITY: "county", Step.TOPIC: "mobility"},
        ),
    ],
)
def test_answers_are_read(said: str, asked: Step, answers: dict[Step, str]) -> None:
    assert hear(said, asked, {}) == Heard(Move.ANSWER, answers)


@pytest.mark.parametrize("said", ["doch lieber Bayern", "nein, Bayern", "actually Bavaria", "Bayern"])
def test_an_earlier_answer_is_changed_at_any_step(said: str) -> None:
    known = {Step.LAND: "HE", Step.MUNICIPALITY: "county"}
    heard = hear(said, Step.TOPIC, known)
    answers, following = after(heard, Step.TOPIC, known)
    assert answers[Step.LAND] == "BY" and following is Step.TOPIC
    assert "Bayern" in note(heard, Step.TOPIC, known, "de")


def test_what_was_answered_is_not_changed_in_passing() -> None:
    heard = hear("Strategie für Mobilität", Step.PURPOSE, {Step.TOPIC: "energy"})
    assert heard.answers == {Step.PURPOSE: "strategy"}


@pytest.mark.parametrize(
    ("said", "move"),
    [
        ("überspringen", Move.SKIP),
        ("egal", Move.SKIP),
        ("weiß nicht", Move.SKIP),
        ("don't know", Move.SKIP),
        ("zurück", Move.BACK),
        ("go back please", Move.BACK),
        ("abbrechen", Move.STOP),
        ("stop", Move.STOP),
        ("nein, vergiss es", Move.STOP),
        ("Was ist MPSC?", Move.ASK),
        ("moment, wie hoch ist die Quote bei MPSC", Move.ASK),
        ("was heißt interkommunal", Move.ASK),
        ("hundepark", Move.UNCLEAR),
    ],
)
def test_moves_are_told_from_answers(said: str, move: Move) -> None:
    assert hear(said, Step.TOPIC, {Step.LAND: "HE"}).move is move


def test_a_named_programme_is_a_question_even_where_it_holds_a_land() -> None:
    assert hear("Starke Heimat Hessen Förderquote", Step.LAND, {}, names_programme=True).move is Move.ASK


@pytest.mark.parametrize(
    ("heard", "asked", "known", "expected"),
    [
        (Heard(Move.SKIP), Step.LAND, {}, ({Step.LAND: OPEN}, Step.MUNICIPALITY)),
        (
            Heard(Move.BACK),
            Step.TOPIC,
            {Step.LAND: "HE", Step.MUNICIPALITY: OPEN},
            ({Step.LAND: "HE"}, Step.MUNICIPALITY),
        ),
        (Heard(Move.BACK), Step.LAND, {}, ({}, Step.LAND)),
        (Heard(Move.CHANGE, step=Step.LAND), Step.TOPIC, {Step.LAND: "HE"}, ({}, Step.LAND)),
        (Heard(Move.UNCLEAR), Step.TOPIC, {Step.LAND: "HE"}, ({Step.LAND: "HE"}, Step.TOPIC)),
        (Heard(Move.ASK), Step.TOPIC, {Step.LAND: "HE"}, ({Step.LAND: "HE"}, Step.TOPIC)),
        (
            Heard(Move.ANSWER, {Step.PURPOSE: "advice"}),
            Step.PURPOSE,
            {Step.LAND: OPEN, Step.MUNICIPALITY: OPEN, Step.TOPIC: OPEN},
            ({Step.LAND: OPEN, Step.MUNICIPALITY: OPEN, Step.TOPIC: OPEN, Step.PURPOSE: "advice"}, None),
        ),
    ],
)
def test_the_next_step_follows(
    heard: Heard, asked: Step, known: Answers, expected: tuple[dict[Step, str], Step | None]
) -> None:
    assert after(heard, asked, known) == expected


def test_what_was_skipped_is_left_open_at_the_end() -> None:
    found = profile({Step.LAND: OPEN, Step.MUNICIPALITY: "county", Step.TOPIC: "water", Step.PURPOSE: "advice"})
    assert (found.land, found.municipality, found.topic, found.purpose) == (
        None,
        Municipality.COUNTY,
        "water",
        Purpose.ADVICE,
    )


def test_a_topic_typed_where_the_purpose_is_asked_for_changes_the_topic() -> None:
    known = {Step.LAND: "BY", Step.MUNICIPALITY: "county", Step.TOPIC: OPEN}
    heard = hear("digitaler zwilling", Step.PURPOSE, known)
    assert (heard.move, set(heard.answers)) == (Move.ANSWER, {Step.TOPIC})
    assert set(hear("Beratung", Step.PURPOSE, known).answers) == {Step.PURPOSE}


@pytest.mark.parametrize(
    ("message", "move"), [("zurück", Move.BACK), ("bitte abbrechen", Move.STOP), ("next", Move.SKIP)]
)
def test_a_message_may_be_a_move_and_nothing_else(message: str, move: Move) -> None:
    assert said_move(message) is move


@pytest.mark.parametrize("message", ["zurück zur Förderquote", "wann kommt das Geld zurück?", "Hessen"])
def test_a_word_in_passing_is_no_move(message: str) -> None:
    assert said_move(message) is None
