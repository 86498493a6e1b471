"""Dates as documents write them."""

import pytest

from knowledge.linguistics.dates import date_in_name, labelled_date, parse_date, placed_date


@pytest.mark.parametrize(
    ("text", "shown", "iso"),
    [
        ("Stand: November 2023", "November 2023", "2023-11"),
        ("Stand 11/2023", "11/2023", "2023-11"),
        ("Stand: 11.2023", "11.2023", "2023-11"),
        ("Stand 12/23", "12/23", "2023-12"),
        ("(Stand vom 5. Mai 2023)", "5. Mai 2023", "2023-05-05"),
        ("STAND: 05.05.2023", "05.05.2023", "2023-05-05"),
        ("Stand: 01.02.23", "01.02.23", "2023-02-01"),
        ("Stand:\n12. April 2023", "12. April 2023", "2023-04-12"),
        ("Stand der Informationen: 1.2.2024", "1.2.2024", "2024-02-01"),
        ("zuletzt aktualisiert am 3. Jänner 2022", "3. Jänner 2022", "2022-01-03"),
        ("Dokumentdatum | 08.10.2020", "08.10.2020", "2020-10-08"),
        ("Redaktionsstand: Sept. 2023", "Sept. 2023", "2023-09"),
        ("Sachstand 3. Quartal 2022", "3. Quartal 2022", "2022"),
        ("Version 1.1 vom 5.5.2022", "5.5.2022", "2022-05-05"),
        ("Fassung vom 12. Dezember 2019", "12. Dezember 2019", "2019-12-12"),
        ("Stand 2023", "2023", "2023"),
        ("Last updated: May 5, 2023", "May 5, 2023", "2023-05-05"),
        ("As of 5 March 2023", "5 March 2023", "2023-03-05"),
        ("Published: 2023-03-05", "2023-03-05", "2023-03-05"),
    ],
)
def test_a_date_that_a_document_gives_as_its_own(text: str, shown: str, iso: str) -> None:
    found = labelled_date(f"Vorher steht 7. Juli 2001. {text}, danach 2004.")
    assert found is not None
    assert (found.shown, found.iso, found.year) == (shown, iso, int(iso[:4]))


@pytest.mark.parametrize(
    "text",
    [
        "Der Stand der Technik von 2019 gilt.",
        "Der Zuschuss steigt ab 2023.",
        "Stand: Dezember 2048",
        "Stand: 31.02.2022",
        "Bestand: 2021",
        "Der Stand am Markt kostet 2000 Euro.",
        "Abstand 12/23",
    ],
)
def test_what_is_no_date_of_a_document(text: str) -> None:
    assert labelled_date(text) is None


def test_the_date_of_a_letter() -> None:
    found = placed_date("An alle\nBerlin, den 5. Mai 2023\nSehr geehrte")
    assert found is not None
    assert found.iso == "2023-05-05"
    assert placed_date("In Berlin, 2020 wurde es anders.") is None


@pytest.mark.parametrize(
    ("name", "iso"),
    [
        ("2023-11-05_protokoll", "2023-11-05"),
        ("20231105 Protokoll", "2023-11-05"),
        ("bericht_202311", "2023-11"),
        ("05.11.2023 Protokoll", "2023-11-05"),
        ("Leitfaden 2023", "2023"),
        ("Strategie 2048", None),
        ("DIN SPEC 91357", None),
        ("1234567890", None),
    ],
)
def test_a_date_in_a_name(name: str, iso: str | None) -> None:
    found = date_in_name(name)
    assert (found.iso if found else None) == iso


def test_a_value_that_is_a_date() -> None:
    dated = parse_date("23. November 2022")
    assert dated is not None
    assert dated.iso == "2022-11-23"
    assert parse_date("demnächst") is None
