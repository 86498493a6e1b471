"""Rows of tables in passages: cells with their columns' names and units."""

import pytest

from knowledge.indexing.rows import labelled, labelled_rows, named_cells

TABLE = "Vorspann.\nNr. | Ort | Kosten (Euro)\n1 | Musterau | 4.700\n2 | Altendorf | offen"


def test_cells_stand_after_the_names_of_their_columns() -> None:
    assert labelled(TABLE, TABLE.index("1 |")) == "1 | Ort: Musterau | Kosten (Euro): 4.700 Euro"
    assert labelled(TABLE, TABLE.index("2 |")) == "2 | Ort: Altendorf | Kosten (Euro): offen"


@pytest.mark.parametrize("header", ["Kosten in Euro", "Kosten (Euro)", "Kosten (in Euro)"])
def test_the_head_of_a_column_tells_the_unit_of_its_figures(header: str) -> None:
    table = f"Ort | {header}\nMusterau | 4.700"
    assert labelled(table, table.index("Musterau")) == f"Ort: Musterau | {header}: 4.700 Euro"


def test_of_several_lines_the_rows_are_labelled() -> None:
    start = TABLE.index("Nr.")
    end = TABLE.index("\n2 |")
    assert labelled_rows(TABLE, start, end) == (
        "Nr. | Ort | Kosten (Euro)\n1 | Ort: Musterau | Kosten (Euro): 4.700 Euro"
    )


@pytest.mark.parametrize("first", ["Rathaus | 089 1234", "Amt | info@musterau.example", "Amt | 12,5 %"])
def test_what_stands_first_and_names_no_columns_is_no_header(first: str) -> None:
    table = f"{first}\nBauhof | 089 5678"
    assert named_cells(table, table.index("Bauhof")) == []
    assert labelled(table, table.index("Bauhof")) == "Bauhof | 089 5678"


def test_years_may_head_columns() -> None:
    table = "Ort | 2024 | 2025\nMusterau | 12 | 15"
    assert named_cells(table, table.index("Musterau")) == [("Ort", "Musterau"), ("2024", "12"), ("2025", "15")]


def test_the_middle_of_a_row_is_no_row() -> None:
    assert named_cells(TABLE, TABLE.index("Altendorf")) == []
