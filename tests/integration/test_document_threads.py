"""Remarks that follow an answer from a document: they stay with it, and are answered by it or not at all."""

from pathlib import Path

import pytest

from knowledge.answering.answers import Answerer, Context
from knowledge.encoding.embedding import Embedder
from knowledge.messages import Kind, Message
from knowledge.releases.release import Release
from tests.installations import answerer_beside
from tests.unit.knowledge.office_files import docx

GUIDELINE = [
    "# Richtlinie der Stadt Musterau zur Förderung von Dachgärten",
    "## 1. Zweck",
    "Die Stadt Musterau fördert Dachgärten auf Wohnhäusern, damit Regen zurückgehalten wird.",
    "## 2. Zuwendungsempfänger",
    "Antragsberechtigt sind Eigentümergemeinschaften und Genossenschaften mit Sitz in Musterau.",
    "## 3. Höhe der Zuwendung",
    "Der Zuschuss beträgt 45 vom Hundert der Ausgaben, höchstens jedoch 7.200 Euro je Dachgarten.",
    "## 4. Antrag",
    "Anträge auf Förderung eines Dachgartens sind bis zum 30. April an das Gartenamt zu richten.",
]
LIBRARY_RULES = [
    "# Satzung der Mediathek Musterau",
    "## 1. Leihfristen",
    "Die Leihfrist beträgt für Schallplatten drei Wochen.",
    "## 2. Noten",
    "Noten werden nur für die Dauer einer Probe von höchstens zwei Tagen ausgegeben.",
]
PROJECTS = [
    ["Nr.", "Maßnahme", "Amt", "Status", "Kosten (Euro)"],
    ["1", "Nistkästen mit Funk", "Gartenamt", "abgeschlossen", "13700"],
    ["2", "Lichtband am Uferweg", "Tiefbauamt", "in Umsetzung", "88400"],
    ["3", "Knoten für LoRaWAN", "Stadtwerke", "in Umsetzung", "52100"],
]


@pytest.fixture(scope="module")
def answerer(
    tmp_path_factory: pytest.TempPathFactory, model_folder: Path, release: Release, embedder: Embedder
) -> Answerer:
    def write(documents: Path) -> None:
        docx(documents / "dachgaerten.docx", GUIDELINE)
        docx(documents / "mediathek.docx", LIBRARY_RULES)
        docx(documents / "vorhaben.docx", ["# Vorhaben in Musterau", PROJECTS])

    return answerer_beside(write, tmp_path_factory.mktemp("beside"), release, model_folder, embedder)


def said(answerer: Answerer, *remarks: str) -> Message:
    """What is said to the last of several remarks of one conversation."""
    context = Context()
    for remark in remarks:
        answer = answerer.answer(remark, context)
        context = answer.context
    return answer.message


@pytest.mark.parametrize(
    ("first", "remark", "told"),
    [
        ("frist für die förderung von dachgärten in musterau", "und wie hoch ist die quote?", "45 vom Hundert"),
        ("frist für die förderung von dachgärten in musterau", "und wer darf das beantragen?", "Eigentümergemeinschaf"),
        ("leihfrist für schallplatten?", "und noten?", "zwei Tagen"),
        ("status nistkästen mit funk?", "was hat das gekostet?", "13700"),
    ],
)
def test_a_remark_stays_with_the_document(answerer: Answerer, first: str, remark: str, told: str) -> None:
    message = said(answerer, first, remark)
    assert message.kind is Kind.ANSWER and told in message.text


def test_what_the_document_does_not_tell_is_not_told_of_something_else(answerer: Answerer) -> None:
    message = said(answerer, "leihfrist für schallplatten?", "und was kostet das?")
    assert message.kind is not Kind.ANSWER


def test_other_rows_of_a_table_are_no_subject(answerer: Answerer) -> None:
    answer = answerer.answer("status nistkästen mit funk?", Context())
    assert answer.message.table is not None and answer.context.programme is None


def test_a_new_question_leaves_the_document(answerer: Answerer) -> None:
    message = said(answerer, "leihfrist für schallplatten?", "Wie hoch ist die Förderquote bei Starke Heimat Hessen?")
    assert message.kind is Kind.ANSWER and "Starke Heimat Hessen" in message.text


def test_an_article_points_at_nothing(answerer: Answerer) -> None:
    message = said(answerer, "leihfrist für schallplatten?", "wie hoch ist der zuschuss für dachgärten?")
    assert "7.200 Euro" in message.text


def test_a_remark_before_anything_was_said_is_asked_back(answerer: Answerer) -> None:
    assert said(answerer, "und bis wann läuft das?").kind is not Kind.ANSWER


@pytest.mark.parametrize(
    "question", ["wer hat die richtlinie für dachgärten unterzeichnet?", "wer hat die mediathek musterau gebaut?"]
)
def test_who_did_what_no_document_tells_of_is_not_known(answerer: Answerer, question: str) -> None:
    assert said(answerer, question).kind is not Kind.ANSWER


def test_a_fund_named_in_passing_is_not_what_is_asked_about(answerer: Answerer) -> None:
    message = said(answerer, "was kosten die knoten für lorawan in musterau?")
    assert "52100" in message.text
