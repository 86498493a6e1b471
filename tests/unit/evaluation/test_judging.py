"""Whether answers are told right from wrong."""

from pathlib import Path
from typing import Any

import pytest

from knowledge.errors import StadtlotseError
from knowledge.evaluation.judging import holds, judge
from knowledge.evaluation.questions import OWN_QUESTIONS, KnownQuestion, read_questions
from knowledge.evaluation.report import Replayed, report
from knowledge.messages import Citation, Kind, Message

FILES = {"bericht": "2024/bericht.pdf", "satzung-2": "satzung.docx"}


def asked(kind: str = "single", **values: Any) -> KnownQuestion:
    return KnownQuestion.model_validate({"id": "Q", "lang": "de", "kind": kind, "question": "?", **values})


def said(text: str, kind: Kind = Kind.ANSWER, *citations: Citation) -> list[Message]:
    return [Message(kind=kind, text=text, lang="de", citations=list(citations), confidence=0.9)]


def cited(document: str, page: int | None = None, heading: str | None = None, quote: str = "Zitat") -> Citation:
    return Citation(title="T", url=f"/sources/{document}/3?quote=0-5", page=page, heading=heading, quote=quote)


@pytest.mark.parametrize(
    ("text", "wording", "expected"),
    [
        ("Es sind 50 Städte.", "50", True),
        ("Es sind 150 Städte.", "50", False),
        ("Es sind 50.000 Städte.", "50", False),
        ("Es sind 2,50 Euro.", "50", False),
        ("Zahl: 50.", "50", True),
        ("am 16.\u00a0Januar\n2019 war", "16. januar 2019", True),
        ("alle Kommunen", "Kommune", True),
        ("der Großkommune", "Kommune", False),
        ("Straße", "STRASSE", True),
        ("65 % der Kosten", "65 %", True),
        ("Version 1.1.2", "1.1", False),
    ],
)
def test_wordings_are_found_as_words_and_whole_numbers(text: str, wording: str, expected: bool) -> None:
    assert holds(text, wording) is expected


def test_every_keyword_or_one_of_its_alternatives_must_stand_in_the_text() -> None:
    question = asked(answer_keywords=["10", "Juni"], answer_alternatives={"Juni": ["06/2017"]})
    assert judge(question, said("10 im Juni"), None).is_right
    assert judge(question, said("10 seit 06/2017"), None).is_right
    assert judge(question, said("im Juni"), None).reason == "the answer lacks 10"


def test_what_stands_in_a_citation_alone_is_not_said() -> None:
    answer = said("Siehe dort.", Kind.ANSWER, cited("bericht", quote="Es sind 10."))
    assert judge(asked(answer_keywords=["10"]), answer, None).reason == "the answer lacks 10, a cited quote has it"


def test_what_must_not_be_said_makes_an_answer_wrong() -> None:
    question = asked(answer_keywords=["65"], must_not_contain=["100 Prozent"])
    assert judge(question, said("65, nicht 100 Prozent"), None).reason == "the answer says 100 Prozent"


@pytest.mark.parametrize(
    ("kind", "answer", "is_right"),
    [
        ("unanswerable", said("Das weiß ich nicht.", Kind.ABSTENTION), True),
        ("unanswerable", said("Das weiß ich nicht.", Kind.ABSTENTION, cited("bericht")), False),
        ("unanswerable", said("65 Prozent"), False),
        ("smalltalk", said("Guten Tag!", Kind.TEXT), True),
        ("smalltalk", said("Das weiß ich nicht.", Kind.ABSTENTION), False),
        ("single", said("Das weiß ich nicht.", Kind.ABSTENTION), False),
        ("single", said("Welches Programm?", Kind.CHOICE), False),
        ("followup", [], False),
    ],
)
def test_each_kind_of_question_needs_its_kind_of_message(kind: str, answer: list[Message], is_right: bool) -> None:
    assert judge(asked(kind), answer, None).is_right is is_right


@pytest.mark.parametrize(
    ("citation", "is_right"),
    [
        (cited("bericht", page=7), True),
        (cited("bericht", page=8), False),
        (cited("satzung-2", heading="3.1 Wer darf  beantragen?"), True),
        (cited("satzung-2", heading="Fristen"), False),
        (cited("unbekannt", page=7), False),
    ],
)
def test_a_citation_must_lead_to_page_or_heading(citation: Citation, is_right: bool) -> None:
    twin = {"file": "satzung.docx", "page": None, "heading": "Wer darf beantragen"}
    question = asked(file="bericht.pdf", page=7, also_in=[twin])
    assert judge(question, said("Ja", Kind.ANSWER, citation), FILES).right_page is is_right


def test_a_twin_file_without_place_is_right_anywhere() -> None:
    question = asked(file="bericht.pdf", page=7, also_in=[{"file": "satzung.docx", "page": None}])
    assert judge(question, said("Ja", Kind.ANSWER, cited("satzung-2", heading="Fristen")), FILES).right_page


def test_the_place_is_judged_only_where_it_can_be() -> None:
    question = asked(file="bericht.pdf", page=7, answer_keywords=["Ja"])
    answer = said("Ja", Kind.ANSWER, cited("bericht", page=7))
    assert judge(question, answer, None).right_page is None
    assert judge(question, said("Nein"), FILES).right_page is None
    assert judge(asked(), answer, FILES).right_page is None


def test_a_report_sums_up_by_kind_and_language() -> None:
    right = asked(file="bericht.pdf", page=7)
    questions = [
        (right, said("Ja", Kind.ANSWER, cited("bericht", page=7))),
        (right, said("Ja", Kind.ANSWER, cited("bericht", page=9))),
        (asked("single", answer_keywords=["10"], dialog=["Davor?"]), said("11")),
        (asked("unanswerable", lang="en"), said("Das weiß ich nicht.", Kind.ABSTENTION)),
    ]
    found = report([Replayed(one, answer, judge(one, answer, FILES)) for one, answer in questions], 12.34)
    assert (found.n, found.accuracy, found.right_page, found.ms_per_turn) == (4, 0.75, 0.5, 12.3)
    assert found.answerable is not None and (found.answerable.right, found.answerable.n) == (2, 3)
    assert {kind: (share.right, share.n) for kind, share in found.by_kind.items()} == {
        "single": (2, 3),
        "unanswerable": (1, 1),
    }
    assert {lang: share.accuracy for lang, share in found.by_language.items()} == {"de": 0.6667, "en": 1.0}
    [failure] = found.failures
    assert (failure.dialog, failure.question, failure.answer, failure.reason) == (
        ["Davor?"],
        "?",
        "11",
        "the answer lacks 10",
    )
    assert [wrong.citations for wrong in found.wrong_pages] == [["T, p. 9"]]


def test_our_own_questions_are_as_many_as_promised() -> None:
    questions = read_questions(OWN_QUESTIONS)
    assert len(questions) >= 150
    assert len({question.id for question in questions}) == len(questions)
    assert sum(question.kind == "unanswerable" for question in questions) >= 30
    assert sum(question.lang == "en" for question in questions) >= 30
    assert all(question.answer_keywords for question in questions if question.kind in ("single", "followup"))
    assert all(bool(question.dialog) for question in questions if question.kind == "followup")


def test_a_broken_line_of_a_question_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text('\n{"id": "1", "lang": "fr", "kind": "single", "question": "?"}\n', encoding="utf-8")
    with pytest.raises(StadtlotseError, match="line 2: lang: "):
        read_questions(path)
    path.write_text("", encoding="utf-8")
    with pytest.raises(StadtlotseError, match="holds no question"):
        read_questions(path)
