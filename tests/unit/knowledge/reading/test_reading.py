"""Reading files: what comes out of each format, and why a file gives nothing."""

import random
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from knowledge.reading import Heading, Paragraph, Table, Unreadable, read_file
from tests.unit.knowledge import office_files

TABLE = [["Land", "Frist"], ["Hessen", "15. April"], ["Bayern", "30. Juni"]]
ROWS = tuple(map(tuple, TABLE))
SENTENCE = "Die Gemeinde erhält eine Förderung für die Digitalisierung der Verwaltung."


def text_file(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def headings(path: Path) -> list[str]:
    return [block.text for block in read_file(path).blocks if isinstance(block, Heading)]


def paragraphs(path: Path) -> list[str]:
    return [block.text for block in read_file(path).blocks if isinstance(block, Paragraph)]


def tables(path: Path) -> list[tuple[tuple[str, ...], ...]]:
    return [block.rows for block in read_file(path).blocks if isinstance(block, Table)]


def reason(path: Path) -> str:
    with pytest.raises(Unreadable) as told:
        read_file(path)
    return told.value.reason


def test_a_word_document(tmp_path: Path) -> None:
    path = office_files.docx(
        tmp_path / "leitfaden.docx",
        ["# Leitfaden", SENTENCE, "## Fristen", "Sie stehen hier:", TABLE, "## Ende", "Schluss."],
        title="Leitfaden Förderung",
        created="2024-03-01",
    )
    read = read_file(path)
    assert (read.title, read.lang, read.as_of, read.has_pages) == ("Leitfaden Förderung", "de", None, False)
    assert headings(path) == ["Leitfaden", "Fristen", "Ende"]
    assert paragraphs(path) == [SENTENCE, "Sie stehen hier:", "Schluss."]
    assert tables(path) == [ROWS]
    levels = [block.level for block in read.blocks if isinstance(block, Heading)]
    assert levels[0] < levels[1] == levels[2]


def test_a_libreoffice_text(tmp_path: Path) -> None:
    path = office_files.odt(
        tmp_path / "a.odt", ["# Leitfaden", SENTENCE, "## Fristen", TABLE, "Ende."], title="Leitfaden zu Fristen"
    )
    assert read_file(path).title == "Leitfaden zu Fristen"
    assert headings(path) == ["Leitfaden", "Fristen"]
    assert paragraphs(path) == [SENTENCE, "Ende."]
    assert tables(path) == [ROWS]


def test_a_presentation(tmp_path: Path) -> None:
    path = office_files.pptx(
        tmp_path / "a.pptx", [("Smart City in Hessen", SENTENCE), ("Fristen", "Bis zum 15. April.")]
    )
    assert read_file(path).title == "Smart City in Hessen"
    assert [block.text for block in read_file(path).blocks if isinstance(block, (Heading, Paragraph))] == [
        "Smart City in Hessen",
        SENTENCE,
        "Fristen",
        "Bis zum 15. April.",
    ]
    assert headings(path) == ["Smart City in Hessen", "Fristen"]


def body(subject: str) -> list[tuple[int, str]]:
    """Four lines of print on a subject, a word divided at the end of the first."""
    return [
        (11, f"{subject} erhält eine Förderung für die Digitalisierung der Verwaltung und Hilfe bei der Antrag-"),
        (11, f"stellung, soweit die Mittel in diesem Jahr noch reichen und {subject} dem Vorhaben zugestimmt hat."),
        (11, f"Alle Vorhaben werden begleitet, und über jedes wird durch {subject} öffentlich berichtet, so"),
        (11, f"wie es die Richtlinie für {subject} verlangt. Das gilt für alle."),
    ]


def test_a_pdf_has_pages_and_whole_words(tmp_path: Path) -> None:
    subjects = ["Die Gemeinde", "Der Landkreis", "Das Bundesland"]
    pages = [
        [(9, "Amtsblatt der Stadt"), (22, f"Angebot: {subject}"), *body(subject), (9, f"Seite {number} von 3")]
        for number, subject in enumerate(subjects, start=1)
    ]
    read = read_file(office_files.pdf(tmp_path / "bericht.pdf", pages))
    assert read.has_pages
    assert [(block.text, block.page) for block in read.blocks if isinstance(block, Heading)] == [
        ("Angebot: Die Gemeinde", 1),
        ("Angebot: Der Landkreis", 2),
        ("Angebot: Das Bundesland", 3),
    ]
    bodies = [(block.text, block.page) for block in read.blocks if isinstance(block, Paragraph)]
    assert [page for _, page in bodies] == [1, 2, 3]
    assert all("Antragstellung, soweit" in text for text, _ in bodies)
    assert all("Amtsblatt" not in text and "Seite" not in text for text, _ in bodies)


def test_a_foot_that_says_which_page_it_is_is_no_text_on_two_pages_either(tmp_path: Path) -> None:
    pages = [
        [(22, "Vorlage"), *body(subject), (11, f"Vorlage 2025/17 – Seite {number}")]
        for number, subject in enumerate(["Die Gemeinde", "Das Land"], start=1)
    ]
    blocks = read_file(office_files.pdf(tmp_path / "vorlage.pdf", pages)).blocks
    assert all("2025/17" not in block.text for block in blocks if isinstance(block, Paragraph))


def test_a_sentence_that_runs_over_a_page_break_stays_whole(tmp_path: Path) -> None:
    *opening, ending = body("die Stadt")
    first = [(22, "Bericht"), *opening]
    second = [ending, (22, "Ende"), *body("Das Land")]
    read = read_file(office_files.pdf(tmp_path / "a.pdf", [first, second]))
    [running] = [block for block in read.blocks if isinstance(block, Paragraph) and block.page == 1]
    assert running.text.endswith("berichtet, so wie es die Richtlinie für die Stadt verlangt. Das gilt für alle.")


def test_an_email(tmp_path: Path) -> None:
    path = office_files.eml(tmp_path / "post.eml", subject="Frist verlängert", text=f"Guten Tag,\n\n{SENTENCE}\n")
    assert read_file(path).title == "Frist verlängert"
    assert paragraphs(path) == ["Guten Tag,", SENTENCE]


HTML = f"""<!doctype html><html lang="de"><head><title>Smart Region – Hessen</title>
<meta name="date" content="2023-05-06"><style>p {{ color: red }}</style></head><body>
<header>Kopf der Stadt</header><nav><ul><li><a href="/">Startseite</a></li><li>Impressum</li></ul></nav>
<main><h1>Smart Region</h1><p>{SENTENCE} Mehr steht im <a href="https://a.example/x">Leitfaden</a>.</p>
<h2>Quoten</h2><ul><li>Land: 90 Prozent</li><li>Bund: 65 Prozent</li></ul>
<table><tr><th>Land</th><th>Frist</th></tr><tr><td>Hessen</td><td>15.&nbsp;April</td></tr>
<tr><td>Bayern</td><td>30. Juni</td></tr></table></main>
<footer>Datenschutz</footer><script>var geheim = 1</script></body></html>"""


def test_a_web_page_without_its_furniture(tmp_path: Path) -> None:
    path = text_file(tmp_path / "seite.html", HTML)
    read = read_file(path)
    assert (read.title, read.as_of) == ("Smart Region – Hessen", "2023-05-06")
    assert headings(path) == ["Smart Region", "Quoten"]
    assert paragraphs(path) == [f"{SENTENCE} Mehr steht im Leitfaden.", "– Land: 90 Prozent\n– Bund: 65 Prozent"]
    assert tables(path) == [ROWS]


def test_markdown_with_front_matter(tmp_path: Path) -> None:
    path = text_file(
        tmp_path / "notiz.md",
        '---\ntitle: "Eigener Titel"\ndate: 2024-05-01\nlang: en\nsources:\n  - https://a.example/\n---\n'
        f"# Überschrift\n\n**{SENTENCE}**\n\n- Punkt *eins*\n- Punkt [zwei](https://a.example/x)\n\n"
        "| Land | Frist |\n|---|---|\n| Hessen | 15. April |\n| Bayern | 30. Juni |\n",
    )
    read = read_file(path)
    assert (read.title, read.as_of, read.lang) == ("Eigener Titel", "2024-05-01", "en")
    assert read.origins == ("https://a.example/",)
    assert headings(path) == ["Überschrift"]
    assert paragraphs(path) == [SENTENCE, "– Punkt eins\n– Punkt zwei"]
    assert tables(path) == [ROWS]


def test_one_source_in_front_matter_needs_no_list(tmp_path: Path) -> None:
    path = text_file(tmp_path / "a.txt", f"---\nsources: https://a.example/\nlang: fr\n---\n{SENTENCE}")
    assert read_file(path).origins == ("https://a.example/",)
    assert read_file(path).lang == "de"


@pytest.mark.parametrize("front", ['title: "offen', "nur ein Satz"])
def test_front_matter_that_is_none_counts_as_text(tmp_path: Path, front: str) -> None:
    path = text_file(tmp_path / "a.md", f"---\n{front}\n---\n# Titel der Notiz\n\n{SENTENCE}\n")
    assert read_file(path).origins == ()
    assert "Titel der Notiz" in headings(path)
    assert SENTENCE in paragraphs(path)


@pytest.mark.parametrize(
    ("stated", "as_of"),
    [
        ("Stand: 1. Mai 2020", "1. Mai 2020"),
        ("Stand 01.05.2020", "01.05.2020"),
        ("Stand: Mai 2020", "Mai 2020"),
        ("Stand: 2020-05-01", "2020-05-01"),
        ("Der Stand der Dinge", None),
    ],
)
def test_a_document_says_its_date(tmp_path: Path, stated: str, as_of: str | None) -> None:
    assert read_file(text_file(tmp_path / "a.txt", f"{SENTENCE}\n\n{stated}\n")).as_of == as_of


def test_without_a_title_the_file_name_serves(tmp_path: Path) -> None:
    assert read_file(text_file(tmp_path / "bericht_2024-koeln.txt", SENTENCE)).title == "bericht 2024 koeln"
    assert read_file(office_files.docx(tmp_path / "leit-faden.docx", [SENTENCE])).title == "leit faden"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Städte – „ganz einfach“ – für 5 € im Jahr fördern.", "utf-8"),
        ("Städte – „ganz einfach“ – für 5 € im Jahr fördern.", "utf-8-sig"),
        ("Städte – „ganz einfach“ – für 5 € im Jahr fördern.", "cp1252"),
        ("Städte – „ganz einfach“ – für 5 € im Jahr fördern.", "utf-16"),
        ("Die Städte können Gemeinden fördern, wo es nötig ist.", "latin-1"),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "A.TXT", "a.md", "a.html"])
def test_text_of_any_usual_encoding(tmp_path: Path, text: str, encoding: str, name: str) -> None:
    assert paragraphs(text_file(tmp_path / name, text, encoding)) == [text]


def png() -> bytes:
    picture = BytesIO()
    Image.new("RGB", (40, 40)).save(picture, "PNG")
    return picture.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("leer.txt", b"", "the file is empty"),
        ("leer.pdf", b"", "the file is empty"),
        ("blank.txt", b" \n\n\t ", "it holds no text"),
        ("kaputt.docx", b"PK\x03\x04 no archive " * 30, "damaged or not what its name says"),
        ("rauschen.pdf", random.Random(7).randbytes(5000), "damaged or not what its name says"),
        ("rauschen.odt", random.Random(7).randbytes(5000), "damaged or not what its name says"),
        ("rauschen.pptx", random.Random(7).randbytes(5000), "damaged or not what its name says"),
        ("bild.txt", png(), "no text was recognised in the picture"),
        ("tabelle.xyz", b"a;b", "the format .xyz is not read"),
        ("ohne", random.Random(7).randbytes(5000), "it has no ending and no format that is read"),
    ],
)
def test_a_file_that_gives_no_text_is_refused_with_the_reason(
    tmp_path: Path, name: str, data: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(data)
    assert words in reason(tmp_path / name)


def test_half_a_document_is_refused(tmp_path: Path) -> None:
    whole = office_files.docx(tmp_path / "ganz.docx", ["# Titel", SENTENCE]).read_bytes()
    (tmp_path / "halb.docx").write_bytes(whole[: len(whole) // 2])
    assert "damaged" in reason(tmp_path / "halb.docx")


def test_scans_and_locked_files_are_called_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    assert "text recognition" in reason(office_files.pdf(tmp_path / "scan.pdf", [[], []]))
    assert "password" in reason(office_files.pdf(tmp_path / "zu.pdf", [[(11, SENTENCE)]], encrypted=True))


def test_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    assert "cannot be opened" in reason(tmp_path / "weg.txt")
