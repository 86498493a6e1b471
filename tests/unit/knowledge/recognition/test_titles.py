"""Documents that questions name, and which version they are."""

import pytest

from knowledge.indexing.versions import opening_headings, version_of
from knowledge.reading.blocks import Block, Heading, Paragraph, ReadFile, Table
from knowledge.recognition.titles import Titles
from tests.unit.knowledge.samples import document

OLD = document(id="old", title="DCAT-AP.de Konventionenhandbuch", path="regeln_1.1.docx", version="1.1")
NEW = document(id="new", title="DCAT-AP.de", names=["Konventionenhandbuch 2.0"], path="regeln.pdf", version="2.0")
SPEC = document(id="spec", title="DCAT-AP.de Spezifikation", path="spec.pdf", version="1.1")
STRATEGY = document(id="strategy", title="Strategie der Stadt Ulm", path="ulm.html")
TITLES = Titles([OLD, NEW, SPEC, STRATEGY])


@pytest.mark.parametrize(
    ("question", "documents"),
    [
        ("von wann ist das konventionenhandbuch 1.1?", {"old"}),
        ("mailadresse für neue stellen (konventionenhandbuch 2.0)?", {"new"}),
        ("wer verfasste das Konventionenhandbuch Version 2.0?", {"new"}),
        ("dokumentdatum der spec 1.1?", {"spec"}),
        ("wann kommt das konventionenhandbuch 3.0?", set()),
        ("welche lizenzliste 1.0 gilt?", set()),
    ],
)
def test_a_document_is_named_by_its_version(question: str, documents: set[str]) -> None:
    named = TITLES.named(question)
    assert set(named.documents) == documents
    assert named.by_version == bool(documents)


@pytest.mark.parametrize(
    ("question", "documents"),
    [
        ("letzte änderung am konventionenhandbuch?", {"old", "new"}),
        ("wieviel prozent sind recycelt, ulm strategie?", {"strategy"}),
        ("gibt es eine strategie?", set()),
    ],
)
def test_a_document_is_called_by_a_word_of_its_own(question: str, documents: set[str]) -> None:
    assert set(TITLES.called(question).documents) == documents


@pytest.mark.parametrize(
    ("question", "is_about_itself"),
    [
        ("Von wann ist das Konventionenhandbuch 1.1?", True),
        ("Unter welcher Lizenz steht die Spec 1.1?", True),
        ("Was sagt das Konventionenhandbuch 1.1 zu Lizenzlisten?", False),
        ("Was ist das Konventionenhandbuch 1.1?", False),
        ("Wann war der Workshop?", False),
        ("Wann war das Konventionenhandbuch 1.1?", False),
        ("Von wann war das Konventionenhandbuch 1.1?", True),
    ],
)
def test_a_question_may_be_about_the_document_itself(question: str, *, is_about_itself: bool) -> None:
    assert TITLES.is_about_itself(question, TITLES.named(question)) is is_about_itself


def read(*blocks: Block, title: str = "Handbuch") -> ReadFile:
    return ReadFile(title=title, lang="de", as_of=None, blocks=blocks)


@pytest.mark.parametrize(
    ("file", "path", "version"),
    [
        (read(Heading(1, "Konventionenhandbuch 2.0"), Paragraph("Version 1.0 war kürzer.")), "a.pdf", "2.0"),
        (read(Paragraph("Lizenz: CC BY 4.0\nVersion: 1.1")), "a.docx", "1.1"),
        (read(Table((("Eigenschaft", "Wert"), ("Version", "1.1")))), "a.docx", "1.1"),
        (read(Paragraph("Text")), "regeln_v2.1.pdf", "2.1"),
        (read(Paragraph("Stand 12.03.2020, Abschnitt 1.1")), "bericht.pdf", None),
    ],
)
def test_a_version_is_read_from_title_page_or_name(file: ReadFile, path: str, version: str | None) -> None:
    assert version_of(file, path) == version


def test_headings_before_any_text_are_names() -> None:
    file = read(
        Heading(1, "DCAT-AP.de"), Heading(1, "Konventionenhandbuch 2.0"), Paragraph("Text"), Heading(2, "Später")
    )
    assert opening_headings(file) == ["DCAT-AP.de", "Konventionenhandbuch 2.0"]
