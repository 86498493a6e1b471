"""PDFs whose print tells what is what: tables, columns, headings, notes, and the page of each."""

from pathlib import Path

import pytest

from knowledge.indexing.passages import file_passages
from knowledge.reading import Heading, Paragraph, Table, read_file
from knowledge.recognition.names import Names
from tests.unit.knowledge.raw_files import at, lines_at, pdf, rule
from tests.unit.knowledge.samples import document

PROSE = [
    "Die Stadt fördert Vorhaben der Digitalisierung in allen Ortsteilen nach dieser Richtlinie und",
    "berichtet darüber einmal im Jahr dem Rat. Anträge stellt, wer seinen Sitz im Gebiet der Stadt",
    "hat. Die Mittel sind begrenzt, und ein Anspruch auf sie besteht nicht, auch wenn alles stimmt.",
]
TEXT = " ".join(PROSE)


def found(path: Path) -> list[tuple[str, object, int | None]]:
    shown: list[tuple[str, object, int | None]] = []
    for block in read_file(path).blocks:
        shown.append((type(block).__name__, block.rows if isinstance(block, Table) else block.text, block.page))
    return shown


def grid(top: float, columns: list[float], rows: list[list[str]], height: float = 20) -> str:
    """A table with all its lines drawn; a cell's lines are apart by '/'."""
    bottom = top - height * len(rows)
    drawn = "".join(
        rule(columns[0], top - height * row, columns[-1], top - height * row) for row in range(len(rows) + 1)
    )
    drawn += "".join(rule(column, bottom, column, top) for column in columns)
    for number, row in enumerate(rows):
        for column, text in zip(columns, row, strict=False):
            for line, part in enumerate(text.split("/")):
                drawn += at(column + 4, top - height * number - 9 - 9 * line, part, size=8, bold=number == 0)
    return drawn


def test_a_ruled_table_has_rows_with_their_header(tmp_path: Path) -> None:
    content = lines_at(60, 780, PROSE)
    content += grid(
        700,
        [60, 160, 300, 420],
        [["Land", "Frist", "Quote"], ["Baden-/Württemberg", "15. April", ""], ["Hessen", "", "90 %"]],
    )
    content += lines_at(60, 600, PROSE)
    assert found(pdf(tmp_path / "a.pdf", [content])) == [
        ("Paragraph", TEXT, 1),
        ("Table", (("Land", "Frist", "Quote"), ("Baden-Württemberg", "15. April", ""), ("Hessen", "", "90 %")), 1),
        ("Paragraph", TEXT, 1),
    ]


def test_a_table_that_runs_over_a_page_keeps_its_header_and_its_broken_row(tmp_path: Path) -> None:
    columns = [60.0, 160.0, 300.0, 420.0]
    first = lines_at(60, 780, PROSE) + grid(120, columns, [["Nr.", "Name", "Zweck"], ["1", "Lotse", "hilft der"]])
    second = grid(780, columns, [["", "", "Verwaltung"], ["2", "Bote", "bringt Post"]]) + lines_at(60, 600, PROSE)
    rows = [block for block in found(pdf(tmp_path / "a.pdf", [first, second])) if block[0] == "Table"]
    assert rows == [
        ("Table", (("Nr.", "Name", "Zweck"), ("1", "Lotse", "hilft der Verwaltung")), 1),
        ("Table", (("Nr.", "Name", "Zweck"), ("2", "Bote", "bringt Post")), 2),
    ]


def test_a_table_without_lines_is_told_by_its_gaps(tmp_path: Path) -> None:
    rows = [
        ("Begriff", "Erklärung"),
        ("OZG", "Onlinezugangsgesetz"),
        ("Register", "amtliche Liste, die eine"),
        ("", "Behörde führt"),
    ]
    content = lines_at(60, 780, PROSE)
    for number, (term, meaning) in enumerate([*rows, ("XÖV", "Standard")]):
        content += at(60, 700 - 14 * number, term) if term else ""
        content += at(200, 700 - 14 * number, meaning)
    content += lines_at(60, 600, PROSE)
    assert found(pdf(tmp_path / "a.pdf", [content]))[1] == (
        "Table",
        (
            ("Begriff", "Erklärung"),
            ("OZG", "Onlinezugangsgesetz"),
            ("Register", "amtliche Liste, die eine Behörde führt"),
            ("XÖV", "Standard"),
        ),
        1,
    )


def test_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    left = [f"Links steht die Zeile {number} des Textes," for number in range(1, 9)]
    right = [f"Rechts steht die Zeile {number} davon, und" for number in range(1, 9)]
    content = at(60, 800, "Zwei Spalten", size=18) + lines_at(60, 760, left) + lines_at(310, 760, right)
    kinds = found(pdf(tmp_path / "a.pdf", [content]))
    assert kinds[0] == ("Heading", "Zwei Spalten", 1)
    told = " ".join(str(text) for _, text, _ in kinds[1:])
    assert told == " ".join(left + right)


def test_headings_by_print_and_number(tmp_path: Path) -> None:
    content = at(60, 800, "Richtlinie", size=20) + at(60, 770, "1 Zweck", size=14, bold=True) + lines_at(60, 745, PROSE)
    content += at(60, 690, "1.1 Wer gefördert wird", size=14, bold=True) + lines_at(60, 665, PROSE)
    content += at(60, 610, "Ausnahmen", bold=True) + lines_at(60, 590, PROSE)
    read = read_file(pdf(tmp_path / "a.pdf", [content]))
    outline = [(block.level, block.text) for block in read.blocks if isinstance(block, Heading)]
    assert outline == [(1, "Richtlinie"), (2, "1 Zweck"), (3, "1.1 Wer gefördert wird"), (4, "Ausnahmen")]


def test_list_items_and_footnotes(tmp_path: Path) -> None:
    content = (
        lines_at(60, 780, PROSE)
        + at(60, 720, "Nötig ist ein Antrag")
        + at(158, 724, "7", size=6)
        + at(165, 720, "mit:")
    )
    content += at(70, 706, "•") + at(84, 706, "einem Plan, der alle Kosten nennt und sie mit Angeboten belegt, so-")
    content += at(84, 694, "wie einer Karte") + at(70, 680, "•") + at(84, 680, "einem Beschluss des Rates")
    content += at(60, 83, "7", size=6) + at(66, 80, "Das Muster steht im Anhang der Richtlinie.", size=8)
    assert found(pdf(tmp_path / "a.pdf", [content]))[1:] == [
        ("Paragraph", "Nötig ist ein Antrag mit:", 1),
        ("Paragraph", "– einem Plan, der alle Kosten nennt und sie mit Angeboten belegt, sowie einer Karte", 1),
        ("Paragraph", "– einem Beschluss des Rates", 1),
        ("Paragraph", "Das Muster steht im Anhang der Richtlinie.", 1),
    ]


def test_contents_and_running_heads_are_left_out_and_pages_are_exact(tmp_path: Path) -> None:
    pages = [
        at(60, 700 - 20 * place, f"{title} {place + 2}") for place, title in enumerate(["Zweck", "Fristen", "Mittel"])
    ]
    bodies = [at(60, 720, "Inhaltsverzeichnis", size=14) + "".join(pages)]
    for title in ("Zweck", "Fristen", "Mittel"):
        bodies.append(at(60, 720, title, size=14) + lines_at(60, 690, [f"{title}: {PROSE[0]}", *PROSE[1:]]))
    contents = [
        at(60, 810, "Richtlinie der Stadt", size=8) + body + at(280, 30, f"Seite {number} von 4", size=8)
        for number, body in enumerate(bodies, start=1)
    ]
    read = read_file(pdf(tmp_path / "a.pdf", contents))
    passages = file_passages(document(), read, Names([]))
    assert [(one.page, one.headings, one.text) for one in passages] == [
        (page, (title,), f"{title}: {TEXT}") for page, title in ((2, "Zweck"), (3, "Fristen"), (4, "Mittel"))
    ]


@pytest.mark.parametrize("following", ["Mittel. Sie werden ausgezahlt.", "bewilligten Mittel, mehr nicht."])
def test_a_paragraph_that_runs_over_a_page_with_notes_stays_whole(tmp_path: Path, following: str) -> None:
    first = lines_at(60, 780, [*PROSE, "Der Bescheid nennt die Höhe der"]) + at(60, 80, "1 Nur einmal.", size=8)
    second = lines_at(60, 780, [following]) + lines_at(60, 700, PROSE)
    blocks = read_file(pdf(tmp_path / "a.pdf", [first, second])).blocks
    assert [(block.text, block.page) for block in blocks if isinstance(block, Paragraph)] == [
        (f"{TEXT} Der Bescheid nennt die Höhe der {following}", 1),
        ("Nur einmal.", 1),
        (TEXT, 2),
    ]
