"""Answers from a document's table: rows under the names of their columns, all that hold what was asked for."""

from pathlib import Path

import pytest

from knowledge.answering.answers import Answerer, Context
from knowledge.encoding.embedding import Embedder
from knowledge.messages import Cell, Kind, Message
from knowledge.releases.release import Release
from tests.installations import answerer_beside
from tests.unit.knowledge.office_files import docx

ROWS = [
    ["Nr.", "Maßnahme", "Budget (Euro)", "Verantwortlich", "Status"],
    ["1", "Mooswände am Busbahnhof", "24000", "Gartenamt", "in Umsetzung"],
    ["2", "Sprechende Parkbänke", "51500", "Seniorenbüro", "abgeschlossen"],
    ["3", "Drohnenkarte der Baumkronen", "17800", "Gartenamt", "in Planung"],
    ["4", "Taubenzähler am Rathaus", "9600", "Ordnungsamt", "abgeschlossen"],
]


@pytest.fixture(scope="module")
def answerer(
    tmp_path_factory: pytest.TempPathFactory, model_folder: Path, release: Release, embedder: Embedder
) -> Answerer:
    def write(documents: Path) -> None:
        content = ["# Maßnahmen der Stadt Musterau", ROWS]
        docx(documents / "massnahmen_musterau.docx", content, title="Maßnahmenliste Musterau")

    return answerer_beside(write, tmp_path_factory.mktemp("beside"), release, model_folder, embedder)


def ask(answerer: Answerer, question: str) -> Message:
    return answerer.answer(question, Context()).message


def test_a_row_is_told_under_the_names_of_its_columns(answerer: Answerer) -> None:
    said = ask(answerer, "wer ist für die sprechenden parkbänke verantwortlich")
    assert said.kind is Kind.ANSWER and said.table is not None
    assert said.table.header == ["Budget (Euro)", "Verantwortlich", "Status"]
    [row] = said.table.rows
    assert row.head == "Sprechende Parkbänke"
    assert Cell(text="Seniorenbüro", citations=[1]) in row.cells
    assert "– Verantwortlich: Seniorenbüro" in said.text
    assert [one.quote for one in said.citations] == ["2 | Sprechende Parkbänke | 51500 | Seniorenbüro | abgeschlossen"]


def test_all_rows_that_hold_what_was_asked_for_are_told(answerer: Answerer) -> None:
    said = ask(answerer, "Welche Maßnahmen in Musterau sind abgeschlossen?")
    assert said.table is not None
    assert [row.head for row in said.table.rows] == ["Sprechende Parkbänke", "Taubenzähler am Rathaus"]
    assert [number for row in said.table.rows for number in row.cells[0].citations] == [1, 2]
    assert [one.quote[0] for one in said.citations] == ["2", "4"]


def test_the_unit_of_a_column_makes_its_figures_sums(answerer: Answerer) -> None:
    said = ask(answerer, "Was kostet die Drohnenkarte der Baumkronen?")
    assert said.table is not None and "– Budget (Euro): 17800" in said.text


def test_the_number_of_a_row_counts_nothing(answerer: Answerer) -> None:
    assert ask(answerer, "Wie viele Tauben hat der Taubenzähler am Rathaus gezählt?").kind is Kind.ABSTENTION
