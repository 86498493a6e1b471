"""What a message names: kinds, values and places."""

import pytest

from knowledge.recognition.entities import Entities
from knowledge.sheet_files import load_fact_sheets


@pytest.fixture(scope="module")
def known() -> Entities:
    return Entities(load_fact_sheets())


def found(known: Entities, text: str) -> list[tuple[str, str, str]]:
    return [(one.kind.value, one.value, text[one.start : one.end]) for one in known.find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Förderquote für Landkreise in Bayern",
            [
                ("attribute", "funding rate", "Förderquote"),
                ("municipality_kind", "district", "Landkreise"),
                ("land", "BY", "Bayern"),
            ],
        ),
        ("which cities are in it", [("attribute", "selected", "which cities")]),
        ("wo steht das denn", []),
        ("noch mehr details", []),
        ("wo war der workshop", [("attribute", "place", "wo")]),
        (
            "wann startete MPSC",
            [("attribute", "date", "startete"), ("programme", "mpsc", "MPSC")],
        ),
        ("2,5 mio euro", [("amount", "2500000", "2,5 mio euro")]),
        (
            "gemeinde mit 4.500 einwohnern",
            [
                ("municipality_kind", "municipality", "gemeinde"),
                ("municipality_size", "4500", "4.500 einwohnern"),
            ],
        ),
    ],
)
def test_what_is_named_is_found_and_nothing_else(
    known: Entities, text: str, expected: list[tuple[str, str, str]]
) -> None:
    assert found(known, text) == expected
