"""What documents give to be quoted: headings, lists with lead-in, rows with header, notes in their place."""

from pathlib import Path

import pytest

from knowledge.indexing.passages import MAX_WORDS, file_passages
from knowledge.indexing.rows import named_cells
from knowledge.reading import Heading, Paragraph, Table, read_file
from knowledge.recognition.names import Names
from tests.unit.knowledge import raw_files as raw
from tests.unit.knowledge.raw_files import p
from tests.unit.knowledge.samples import document

TEXT = "Die Stadt fördert Vorhaben der Digitalisierung in allen Ortsteilen nach dieser Richtlinie."
LIST = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr>'
BOLD = "<w:b/>"
STYLES = (
    '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Eigen"><w:name w:val="Überschrift Einleitung"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Kind"><w:name w:val="Kapitel"/><w:basedOn w:val="H1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="V1"><w:name w:val="toc 1"/></w:style>'
)


def styled(text: str, style: str) -> str:
    return p(text, f'<w:pStyle w:val="{style}"/>')


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def outline(path: Path) -> list[tuple[int, str]]:
    return [(block.level, block.text) for block in read_file(path).blocks if isinstance(block, Heading)]


def headings(path: Path) -> list[str]:
    return [text for _, text in outline(path)]


def texts(path: Path) -> list[str]:
    return [block.text for block in read_file(path).blocks if isinstance(block, Paragraph)]


def tables(path: Path) -> list[tuple[tuple[str, ...], ...]]:
    return [block.rows for block in read_file(path).blocks if isinstance(block, Table)]


def passages(path: Path) -> list[tuple[tuple[str, ...], str]]:
    return [(one.headings, one.text) for one in file_passages(document(), read_file(path), Names([]))]


def test_headings_of_word_by_style_and_by_look(tmp_path: Path) -> None:
    body = [
        styled("Richtlinie", "T"),
        styled("Metadaten des Dokumentes", "Eigen"),
        p(TEXT),
        styled("Förderung &amp; Mittel", "Kind"),
        p(TEXT),
        p("Wer gefördert wird", run=BOLD),
        p(TEXT),
        p("3.2 Ausnahmen für kleine Gemeinden"),
        p(TEXT),
        p("Ganz am Ende", run=BOLD),
    ]
    path = raw.docx(tmp_path / "a.docx", "".join(body), styles=STYLES)
    assert [text for _, text in outline(path)] == [
        "Richtlinie",
        "Metadaten des Dokumentes",
        "Förderung & Mittel",
        "3.2 Ausnahmen für kleine Gemeinden",
    ]
    levels = [level for level, _ in outline(path)]
    assert levels[0] < levels[1] == levels[2] < levels[3]
    assert f"Wer gefördert wird\n{TEXT}" in texts(path)


def test_bold_lines_are_headings_where_no_style_marks_any(tmp_path: Path) -> None:
    body = [p("Fristen", run=BOLD), p(TEXT), p("Das gilt immer.", run=BOLD), p("Kosten", run=BOLD), p(TEXT)]
    path = raw.docx(tmp_path / "a.docx", "".join([*body, p("Ganz am Ende", run=BOLD)]))
    assert headings(path) == ["Fristen", "Kosten"]
    assert texts(path) == [TEXT, "Das gilt immer.", TEXT, "Ganz am Ende"]


def test_headings_of_word_without_any_style_by_size(tmp_path: Path) -> None:
    body = [
        p("Merkblatt", run='<w:sz w:val="40"/>'),
        p("Fristen", run='<w:b/><w:sz w:val="28"/>'),
        p(TEXT, run='<w:sz w:val="22"/>'),
        p("Kosten", run='<w:b/><w:sz w:val="28"/>'),
        p(TEXT, run='<w:sz w:val="22"/>'),
    ]
    assert outline(raw.docx(tmp_path / "a.docx", "".join(body))) == [(1, "Merkblatt"), (2, "Fristen"), (2, "Kosten")]


def test_lists_of_word_keep_their_lead_in_and_contents_are_dropped(tmp_path: Path) -> None:
    body = [
        styled("Fristen ........ 5", "V1"),
        p(TEXT),
        p("Voraussetzungen sind:"),
        p("ein Beschluss,", LIST),
        p("ein Konzept.", LIST),
        p(TEXT),
    ]
    path = raw.docx(tmp_path / "a.docx", "".join(body), styles=STYLES)
    assert texts(path) == [TEXT, "Voraussetzungen sind:", "– ein Beschluss,\n– ein Konzept.", TEXT]


def test_footnotes_tabs_boxes_and_deleted_words_of_word(tmp_path: Path) -> None:
    note = '<w:r><w:footnoteReference w:id="4"/></w:r>'
    box = f"<w:txbxContent>{p('Kasten am Rand.')}</w:txbxContent>"
    body = [
        f"<w:p><w:r><w:t>experimental</w:t></w:r><w:r><w:tab/></w:r><w:r><w:t>versuchsweise</w:t></w:r>{note}"
        "<w:del><w:r><w:delText>alt</w:delText><w:t>alt</w:t></w:r></w:del>"
        f"<w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>",
        p(TEXT),
    ]
    notes = f'<w:footnote w:type="separator" w:id="0">{p("")}</w:footnote>'
    notes += f'<w:footnote w:id="4">{p("Seit 2021.")}</w:footnote>'
    path = raw.docx(tmp_path / "a.docx", "".join(body), footnotes=notes)
    assert texts(path) == ["experimental versuchsweise", "Seit 2021.", "Kasten am Rand.", TEXT]


def test_merged_cells_of_word_stand_in_every_row(tmp_path: Path) -> None:
    begin, goes_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = [
        cell("Land") + cell("Frist", '<w:gridSpan w:val="2"/>'),
        cell("") + cell("2024") + cell("2025"),
        cell("Hessen", begin) + cell("15. April") + cell("1. Mai"),
        cell("", goes_on) + cell("30. Juni") + cell("1. Juli"),
    ]
    table = "<w:tbl><w:tblPr/>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"
    assert tables(raw.docx(tmp_path / "a.docx", table + p(TEXT))) == [
        (
            ("Land", "Frist 2024", "Frist 2025"),
            ("Hessen", "15. April", "1. Mai"),
            ("Hessen", "30. Juni", "1. Juli"),
        )
    ]


def test_a_table_of_names_and_values_becomes_lines(tmp_path: Path) -> None:
    rows = [cell("Frist:") + cell("15. April"), cell("Quote:") + cell("90 Prozent")]
    table = "<w:tbl><w:tblPr/>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"
    assert texts(raw.docx(tmp_path / "a.docx", table)) == ["Frist: 15. April\nQuote: 90 Prozent"]


def page(inside: str) -> str:
    return f"<!doctype html><html><head><title>T</title></head><body>{inside}</body></html>"


def test_a_web_page_without_a_main_element(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.html",
        page(
            '<a class="skip-link" href="#i">Zum Inhalt springen</a>'
            "<div class='cookie-banner'><p>Wir nutzen Cookies.</p></div>"
            "<div id='breadcrumb'><a href='/'>Start</a> / Hilfe</div>"
            "<ul><li><a>Amt</a></li><li><a>Rat</a></li><li><a>Rathaus</a></li><li><a>Presse</a></li></ul>"
            f"<div class='page with-sidebar'><h1>Hilfe</h1><p>{TEXT}<br>{TEXT}</p><p>{TEXT}</p></div>"
            '<div role="contentinfo">Impressum</div>'
        ),
    )
    assert headings(path) == ["Hilfe"]
    assert texts(path) == [f"{TEXT}\n{TEXT}", TEXT]


def test_line_breaks_and_cells_of_web_pages_do_not_glue_words(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.html",
        page(
            "<main><p>Rathaus<br>Marktplatz 1</p><table><tr><th>Amt<br>Stelle</th><th>Telefon</th></tr>"
            "<tr><td><p>Bau</p><p>Hof</p></td><td>0731<br/>161</td></tr></table></main>"
        ),
    )
    assert texts(path) == ["Rathaus\nMarktplatz 1"]
    assert tables(path) == [(("Amt Stelle", "Telefon"), ("Bau Hof", "0731 161"))]


def test_spans_row_headers_and_captions_of_web_tables(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.html",
        page(
            "<main><table><caption>Tabelle 1: Fristen</caption><thead><tr><th rowspan=2>Land<th colspan=2>Frist</tr>"
            "<tr><th>Antrag<th>Bericht</tr></thead><tbody><tr><th rowspan=2>Hessen<td>April<td>Mai"
            "<tr><td>Juni<td>Juli</table><table><tr><th>Quote</th><td>90 Prozent</td></tr>"
            "<tr><th>Dauer</th><td>vier Jahre</td></tr></table></main>"
        ),
    )
    assert tables(path) == [
        (("Land", "Frist Antrag", "Frist Bericht"), ("Hessen", "April", "Mai"), ("Hessen", "Juni", "Juli"))
    ]
    assert texts(path) == ["Tabelle 1: Fristen", "Quote: 90 Prozent\nDauer: vier Jahre"]


def test_definitions_nested_lists_and_folded_answers_of_web_pages(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.html",
        page(
            "<main><h2>Hilfe</h2><dl><dt>ADMS<dd>ein Vokabular<dt>OZG<dd>ein Gesetz</dl><p>Nötig sind:</p>"
            "<ul><li>ein Antrag mit<ul><li>Plan<li>Karte</ul><li>ein Beschluss</ul>"
            f"<details><summary>Wer zahlt?</summary><p>{TEXT}</p></details><p>Danach.</p></main>"
        ),
    )
    assert texts(path) == [
        "ADMS: ein Vokabular\nOZG: ein Gesetz",
        "Nötig sind:",
        "– ein Antrag mit\n– Plan\n– Karte\n– ein Beschluss",
        TEXT,
        "Danach.",
    ]
    assert [(above, text.splitlines()[-1]) for above, text in passages(path)] == [
        (("Hilfe",), "– ein Beschluss"),
        (("Hilfe", "Wer zahlt?"), TEXT),
        (("Hilfe",), "Danach."),
    ]


def test_note_marks_are_dropped_and_powers_kept(tmp_path: Path) -> None:
    note = '<a class="footnote-reference" href="#n1">12</a><sup><a href="#n2">[3]</a></sup>'
    path = written(
        tmp_path / "a.html",
        page(f"<main><h1>Bad<a class='headerlink'>¶</a></h1><p>Es hat{note} 90 m<sup>2</sup>.</p></main>"),
    )
    assert headings(path) == ["Bad"]
    assert texts(path) == ["Es hat 90 m²."]


def test_markdown_with_html_and_footnotes(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.md",
        f"# Plan\n\n## Ziele\n\nWir messen[^1] die Luft.\n\n## Mittel\n\n| Amt | Aufgabe |\n|---|---|\n"
        f"| Bau | planen<br>bauen |\n\n<p>{TEXT}</p>\n\n1. erst\n2. dann\n   - innen\n\n[^1]: Mit zwölf Messstellen.\n",
    )
    assert passages(path)[0] == (("Plan", "Ziele"), "Wir messen die Luft.\nMit zwölf Messstellen.")
    assert tables(path) == [(("Amt", "Aufgabe"), ("Bau", "planen bauen"))]
    assert texts(path)[2:] == [TEXT, "– erst\n– dann\n– innen"]


def test_headings_lists_and_broken_lines_of_plain_text(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.txt",
        "Merkblatt\n=========\n\n"
        "Die Stadt fördert Vorhaben der Digitalisierung in\nallen Ortsteilen nach dieser Richtlinie.\n\n"
        "Unterlagen\n\nNötig sind:\n- ein Antrag, der\n  vollständig ist\n- ein Plan\n\n2.1 Fristen\n\nBis April.\n\n"
        "Amt\tTelefon\nBau\t161\nHof\t162\n",
    )
    assert headings(path) == ["Merkblatt", "Unterlagen", "2.1 Fristen"]
    assert texts(path) == [TEXT, "Nötig sind:", "– ein Antrag, der vollständig ist\n– ein Plan", "Bis April."]
    assert tables(path) == [(("Amt", "Telefon"), ("Bau", "161"), ("Hof", "162"))]


def test_sheets_of_a_workbook(tmp_path: Path) -> None:
    styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="9"/></cellXfs>'
    data = raw.rows(
        [
            ["Übersicht der Förderung"],
            [],
            [None, "Land", "Frist", None, None],
            [None, None, "Antrag", None, "Quote"],
            [None, "Hessen", (45397, 1), None, (0.9, 2)],
            [None, "Bayern", (45473, 1), None, (0.65, 2)],
            [],
            [None, "Amt", "Stellen"],
            [None, "Bau", 2.5],
        ]
    )
    merged = '<mergeCells><mergeCell ref="C3:E3"/></mergeCells>'
    path = raw.xlsx(tmp_path / "a.xlsx", {"Fristen &amp; Quoten": data + merged, "Leer": "<sheetData/>"}, styles=styles)
    assert headings(path) == ["Fristen & Quoten"]
    assert texts(path) == ["Übersicht der Förderung"]
    assert list(tables(path)[0]) == [
        ("Land", "Frist Antrag", "Frist", "Frist Quote"),
        ("Hessen", "15.04.2024", "", "90 %"),
        ("Bayern", "30.06.2024", "", "65 %"),
    ]
    assert tables(path)[1] == (("Amt", "Stellen"), ("Bau", "2,5"))


def test_slides_are_pages_with_tables_and_notes(tmp_path: Path) -> None:
    first = raw.shape("title", "Fristen") + raw.shape("body", "bis April", "danach Mai") + raw.shape("sldNum", "1")
    second = raw.shape("title", "Kosten") + raw.slide_table([["Jahr", "Euro"], ["2024", "5"]]) + raw.shape("", "Frei.")
    notes = {2: raw.shape("body", "Netto gerechnet.")}
    read = read_file(raw.pptx(tmp_path / "a.pptx", [first, second], notes))
    assert list(read.blocks) == [
        Heading(1, "Fristen", 1),
        Paragraph("– bis April\n– danach Mai", 1),
        Heading(1, "Kosten", 2),
        Table((("Jahr", "Euro"), ("2024", "5")), 2),
        Paragraph("Frei.", 2),
        Paragraph("Netto gerechnet.", 2),
    ]


def test_lists_notes_spans_and_bold_headings_of_libreoffice(tmp_path: Path) -> None:
    styles = '<style:style style:name="P1"><style:text-properties fo:font-weight="bold"/></style:style>'
    note = (
        "<text:note><text:note-citation>1</text:note-citation>"
        "<text:note-body><text:p>Fußnote.</text:p></text:note-body></text:note>"
    )
    inner = "<text:list><text:list-item><text:p>innen</text:p></text:list-item></text:list>"
    wide = '<table:table-cell table:number-columns-spanned="2"><text:p>Jahr</text:p></table:table-cell>'
    cells = [f"<table:table-cell><text:p>{text}</text:p></table:table-cell>" for text in ("Wert", "2024", "a", "b")]
    body = (
        "<text:table-of-content><text:p>Fristen 3</text:p></text:table-of-content>"
        f'<text:p text:style-name="P1">Fristen</text:p><text:p>Es gilt{note} dies:</text:p>'
        f"<text:list><text:list-item><text:p>eins</text:p>{inner}</text:list-item></text:list>"
        "<table:table><table:table-header-rows>"
        f"<table:table-row>{wide}<table:covered-table-cell/>{cells[0]}</table:table-row></table:table-header-rows>"
        f"<table:table-row>{''.join(cells[1:])}</table:table-row></table:table>"
    )
    path = raw.odt(tmp_path / "a.odt", body, styles=styles)
    assert headings(path) == ["Fristen"]
    assert texts(path) == ["Es gilt dies:", "Fußnote.", "– eins\n– innen"]
    assert tables(path) == [(("Jahr", "Jahr", "Wert"), ("2024", "a", "b"))]


def test_every_part_of_a_long_list_begins_with_its_lead_in(tmp_path: Path) -> None:
    items = "".join(f"<li>Punkt {number}: {TEXT}</li>" for number in range(40))
    path = written(tmp_path / "a.html", page(f"<main><h1>Liste</h1><p>Gefördert werden:</p><ul>{items}</ul></main>"))
    found = [text for _, text in passages(path)]
    assert len(found) > 2
    assert all(text.startswith("Gefördert werden:\n– Punkt") and len(text.split()) <= MAX_WORDS for text in found)
    assert sum(text.count("– Punkt") for text in found) == 40


@pytest.mark.parametrize(
    ("pair", "expected"),
    [
        (["Begriffe", "Artikel 1"], ("Begriffe", "Artikel 1")),
        (["§ 3", "Höhe"], ("§ 3", "Höhe")),
        (["A B", "C D"], ("C D",)),
    ],
)
def test_a_heading_that_only_counts_does_not_hide_the_one_that_names(
    tmp_path: Path, pair: list[str], expected: tuple[str, ...]
) -> None:
    path = written(tmp_path / "a.html", page(f"<main><h2>{pair[0]}</h2><h2>{pair[1]}</h2><p>{TEXT}</p></main>"))
    assert [above for above, _ in passages(path)] == [expected]


def test_a_caption_stays_with_its_table(tmp_path: Path) -> None:
    rows = "".join(f"<tr><td>Stadt {number}<td>{TEXT}" for number in range(14))
    table = f"<table><caption>Tabelle 2: Städte</caption><tr><th>Stadt<th>Vorhaben{rows}</table>"
    path = written(tmp_path / "a.html", page(f"<main><p>{' '.join([TEXT] * 8)}</p>{table}</main>"))
    [captioned] = [text for _, text in passages(path) if "Tabelle 2" in text]
    assert captioned.startswith("Tabelle 2: Städte\nStadt | Vorhaben\nStadt 0 | ")


def test_the_cells_of_a_row_know_their_columns(tmp_path: Path) -> None:
    table = "<table><tr><th>Land<th>Frist<th>Quote<tr><td>Hessen<td>April<td><tr><td>Bayern<td>Juni<td>65 %</table>"
    [(_, text)] = passages(written(tmp_path / "a.html", page(f"<main><p>{TEXT}</p>{table}</main>")))
    assert named_cells(text, text.index("Hessen")) == [("Land", "Hessen"), ("Frist", "April")]
    assert named_cells(text, text.index("Bayern")) == [("Land", "Bayern"), ("Frist", "Juni"), ("Quote", "65 %")]
    assert named_cells(text, text.index("Land")) == named_cells(text, 0) == []


def test_sections_of_a_text_begin_where_their_number_stands(tmp_path: Path) -> None:
    text = (
        "Satzung über Roller\nvom 3. Mai 2024\n\n§ 1 Gegenstand\nWer Roller aufstellt, braucht eine Erlaubnis nach\n"
        "§ 4 der Ordnung.\n"
        "§ 2 Gebühren\n(1) Sie beträgt 50 Euro.\n(2) Räder sind frei.\n\n3. Schluss\nDiese Satzung gilt ab Juni.\n"
        "\nMitzubringen sind:\n1. Ausweis\n2. Vollmacht\n"
    )
    found = passages(written(tmp_path / "a.txt", text))
    assert [above[-1:] for above, _ in found] == [
        ("Satzung über Roller",),
        ("§ 1 Gegenstand",),
        ("§ 2 Gebühren",),
        ("3. Schluss",),
    ]
    assert found[1][1] == "Wer Roller aufstellt, braucht eine Erlaubnis nach § 4 der Ordnung."
    assert found[3][1].endswith("Mitzubringen sind:\n1. Ausweis\n2. Vollmacht")
