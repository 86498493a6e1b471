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
    "Bis 2041 sollen zwei Drittel aller Häuser am Wasser einen Pegelmesser haben.",
    "## Vergleich",
    "Der höhere Turm des Bremer Doms misst 98 Meter und steht am Markt Bremens.",
    "## Lizenz",
    "Der Pegelstandard Musterau steht unter Creative Commons Namensnennung 4.0.",
]
SURVEY = [
    "# Level meters on the Larkbrook",
    "## Warnings",
    "On the Larkbrook 2,150 households subscribe to warnings by text message. False alarms occurred nine times.",
]
WORKSHOP = [
    "# Ordnung der Offenen Werkstatt",
    "## Träger",
    "Träger ist die Gemeinde Hinterfeld.",
    "## Entgelte",
    "Der Lasercutter kostet je Stunde 12 Euro. Die Einweisung findet binnen 15 Werktagen statt.",
]
PROJECTS = [
    ["Projekt", "Amt", "Kosten in Euro", "Stand"],
    ["Digitaler Zaun", "Forstamt", "42300", "abgeschlossen"],
    ["Funkende Nistkästen", "Gartenamt", "18900", "in Planung"],
]


@pytest.fixture(scope="module")
def answerer(
    tmp_path_factory: pytest.TempPathFactory, model_folder: Path, release: Release, embedder: Embedder
) -> Answerer:
    def write(documents: Path) -> None:
        docx(documents / "hochwasser.docx", REPORT)
        docx(documents / "larkbrook.docx", SURVEY)
        docx(documents / "werkstatt.docx", WORKSHOP)
        docx(documents / "vorhaben.docx", ["# Vorhaben im Wald", PROJECTS])

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
        "Was kostet der Lasercutter in Larkbrook?",  # that of another place is told
    ],
)
def test_what_is_near_but_does_not_answer_is_declined(answerer: Answerer, question: str) -> None:
    assert ask(answerer, question).kind is Kind.ABSTENTION


def test_what_seems_to_be_about_something_else_is_told_where_all_its_words_are(answerer: Answerer) -> None:
    said = answerer.answer("Wer hat gewarnt?", Context(), intent="out_of_scope").message
    assert said.kind is Kind.ANSWER and "Pegelmesser" in said.text


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Wer hat die Projektleitung beim Hochwasserschutz in Musterau?", "Eva Beispiel"),
        ("Welche Firma hat die Pegelmesser gebaut?", "Tischlerei Muster"),
        ("Wie viele Gäste kamen am 3. Mai ins Pegelhaus?", "46"),
        ("Wie viele Haushalte am Larkbrookufer bekommen Warnungen?", "2,150"),
        ("how much does the laser cutter cost per hour?", "12 Euro"),
        ("Wie lange wartet man in Hinterfeld auf die Einweisung?", "15 Werktagen"),
        ("Was kosten die funkenden Nistkästen?", "18900"),
        ("What share of the houses by the water will have a level meter in 2041?", "zwei Drittel"),
        ("Wie hoch ist der Turm des Bremer Doms?", "98 Meter"),
    ],
)
def test_what_answers_is_told(answerer: Answerer, question: str, told: str) -> None:
    said = ask(answerer, question)
    assert said.kind is Kind.ANSWER and told in said.text
