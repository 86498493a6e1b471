"""Questions that documents come near to: the same topic, but not what is asked; and those that they answer."""

from pathlib import Path

import pytest

from knowledge.answering.answers import Answerer, Context
from knowledge.encoding.embedding import Embedder
from knowledge.messages import Kind, Message
from knowledge.releases.release import Release
from tests.installations import answerer_beside
from tests.unit.knowledge.office_files import docx

REPORT = [
    "# Sachstand Hochwasserschutz Musterau",
    "## Beteiligte",
    "Projektleitung: Dr. Eva Beispiel, Amt für Gewässer. Die Pegelmesser baute die Tischlerei Muster.",
    "## Stand",
    "Antragsberechtigt sind Anlieger, deren Grundstück mindestens 25 Meter vom Mühlbach entfernt liegt.",
    "Die Pegelmesser haben im März 40 Minuten vor der Feuerwehr gewarnt.",
    "Am 3. Mai 2024 kamen 46 Gäste in das Pegelhaus am Mühlbach.",
    "## Lizenz",
    "Der Pegelstandard Musterau steht unter Creative Commons Namensnennung 4.0.",
]
SURVEY = [
    "# Level meters on the Larkbrook",
    "## Warnings",
    "On the Larkbrook 2,150 households subscribe to warnings by text message. A laser cutter made the housings.",
]


@pytest.fixture(scope="module")
def answerer(
    tmp_path_factory: pytest.TempPathFactory, model_folder: Path, release: Release, embedder: Embedder
) -> Answerer:
    def write(documents: Path) -> None:
        docx(documents / "hochwasser.docx", REPORT)
        docx(documents / "larkbrook.docx", SURVEY)

    return answerer_beside(write, tmp_path_factory.mktemp("beside"), release, model_folder, embedder)


def ask(answerer: Answerer, question: str) -> Message:
    return answerer.answer(question, Context()).message


@pytest.mark.parametrize(
    "question",
    [
        "Wie viele Anlieger am Mühlbach sind antragsberechtigt?",  # metres are counted
        "Wer leitet das Amt für Gewässer in Musterau?",  # who leads the project is told
        "Welche Partei fordert die Pegelmesser am Mühlbach?",
        "Wie viele Gäste hat das Pegelhaus am Mühlbach im Jahr?",  # those of one day are told
        "Wann erscheint der Pegelstandard Musterau 4.0?",  # the licence has that number
        "Wer ist Bürgermeisterin von Musterau?",
    ],
)
def test_what_is_near_but_does_not_answer_is_declined(answerer: Answerer, question: str) -> None:
    assert ask(answerer, question).kind is Kind.ABSTENTION


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Wer hat die Projektleitung beim Hochwasserschutz in Musterau?", "Eva Beispiel"),
        ("Welche Firma hat die Pegelmesser gebaut?", "Tischlerei Muster"),
        ("Wie viele Gäste kamen am 3. Mai ins Pegelhaus?", "46"),
    ],
)
def test_what_answers_is_told(answerer: Answerer, question: str, told: str) -> None:
    said = ask(answerer, question)
    assert said.kind is Kind.ANSWER and told in said.text
