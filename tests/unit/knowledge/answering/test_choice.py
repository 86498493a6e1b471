"""Choosing an answer, case by case."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from knowledge import tuning
from knowledge.answering.attempts import Attempt
from knowledge.answering.choice import Answered, Signs, choose
from knowledge.answering.scope import OutOfScope
from knowledge.catalogue.requests.request import Request, Wanted
from knowledge.document import Passage
from knowledge.retrieval.query import Query
from knowledge.retrieval.search import Hit

PLAIN = Signs(
    text="Wie hoch ist die Quote?",
    refused=None,
    request=None,
    intent="ask_question",
    names_programme=False,
    is_looked_up=False,
)
LIST = Request(Wanted.LIST)


def found(confidence: float, fact: str | None = None) -> list[Attempt]:
    """What a lookup gives: one passage, of a fact sheet where it has a fact."""
    passage = Passage(document_id="d", id=1, text="Text.", start=0, end=5, lang="de", fact=fact)
    hit = Hit(passage, 1.0, 1.0, (), 1.0, 1.0, False, False, frozenset(), 0.0, 1.0)
    query = Query(text="?", lang="de", embeddings=np.zeros((1, 4), dtype=np.float32))
    return [Attempt(query, [hit], confidence)]


def never() -> Sequence[Attempt]:
    raise AssertionError("nothing is to be looked up")


def test_what_the_bot_does_not_do_is_refused_before_anything_else() -> None:
    choice = choose(replace(PLAIN, refused=OutOfScope.INSTRUCTION, request=LIST), never)
    assert (choice.answered, choice.refused) == (Answered.REFUSAL, OutOfScope.INSTRUCTION)


@pytest.mark.parametrize("wanted", [Wanted.LIST, Wanted.COUNT, Wanted.COMPARISON, Wanted.EVENTS, Wanted.EVENT_COUNT])
@pytest.mark.parametrize("intent", ["ask_question", "find_funding", "greet", None])
def test_a_request_by_its_words_is_answered_from_the_catalogue_whatever_the_intent(
    wanted: Wanted, intent: str | None
) -> None:
    choice = choose(replace(PLAIN, request=Request(wanted), intent=intent), never)
    assert (choice.answered, choice.request) == (Answered.CATALOGUE, Request(wanted))


def test_who_asks_what_fits_is_guided() -> None:
    assert choose(replace(PLAIN, request=Request(Wanted.GUIDANCE)), never).answered is Answered.GUIDANCE


@pytest.mark.parametrize(("fact", "answered"), [("MPSC-09", Answered.FACT), (None, Answered.PASSAGE)])
def test_a_sure_passage_answers_as_a_fact_or_as_a_passage(fact: str | None, answered: Answered) -> None:
    choice = choose(PLAIN, lambda: found(tuning.THRESHOLD, fact))
    assert choice.answered is answered and choice.attempts


def test_what_a_suggestion_promised_is_looked_up_though_its_words_would_make_a_list() -> None:
    choice = choose(replace(PLAIN, request=LIST, is_looked_up=True), lambda: found(1.0, "MPSC-27"))
    assert choice.answered is Answered.FACT


def test_an_unsure_passage_is_an_abstention() -> None:
    assert choose(PLAIN, lambda: found(tuning.THRESHOLD - 0.01)).answered is Answered.ABSTENTION


@pytest.mark.parametrize(
    ("intent", "answered"),
    [
        ("list_programmes", Answered.CATALOGUE),
        ("count_programmes", Answered.CATALOGUE),
        ("find_funding", Answered.GUIDANCE),
        ("ask_question", Answered.ABSTENTION),
        ("out_of_scope", Answered.ABSTENTION),
        ("insult", Answered.REFUSAL),
    ],
)
def test_where_no_passage_is_sure_the_intent_counts(intent: str, answered: Answered) -> None:
    signs = replace(PLAIN, text="irgendwas mit förderung in hessen halt", intent=intent)
    assert choose(signs, lambda: found(0.0)).answered is answered


def test_an_intent_makes_no_list_of_a_question_about_a_programme_or_about_nothing_listed() -> None:
    named = replace(PLAIN, text="förderung mpsc irgendwas", intent="list_programmes", names_programme=True)
    assert choose(named, lambda: found(0.0)).answered is Answered.ABSTENTION
    unlisted = replace(PLAIN, text="wo kann ich einen pass beantragen", intent="find_funding")
    assert choose(unlisted, lambda: found(0.0)).answered is Answered.ABSTENTION


def test_a_sure_passage_goes_before_the_intent() -> None:
    assert choose(replace(PLAIN, intent="list_programmes"), lambda: found(1.0)).answered is Answered.PASSAGE


def test_what_is_asked_of_several_that_were_shown_is_asked_back_even_where_one_would_answer() -> None:
    signs = replace(PLAIN, asks_of_shown=True)
    assert choose(signs, lambda: found(0.99, "a"), lambda attempt: ("a", "b")).answered is Answered.CLARIFICATION
    assert choose(PLAIN, lambda: found(0.99, "a"), lambda attempt: ("a", "b")).answered is Answered.FACT
