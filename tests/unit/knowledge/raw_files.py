"""Office files and PDFs of which a test writes the inside itself."""

import zipfile
from collections.abc import Sequence
from pathlib import Path

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SLIDES = "http://schemas.openxmlformats.org/presentationml/2006/main"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"


def docx(path: Path, body: str, *, styles: str = "", footnotes: str = "", header: str = "") -> Path:
    """A Word document of raw WordprocessingML."""
    space = f'xmlns:w="{_WORD}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    return _package(
        path,
        "word/document.xml",
        "wordprocessingml.document.main",
        {
            "word/document.xml": f"<w:document {space}><w:body>{body}</w:body></w:document>",
            "word/styles.xml": f"<w:styles {space}>{styles}</w:styles>",
            "word/footnotes.xml": f"<w:footnotes {space}>{footnotes}</w:footnotes>",
            "word/header1.xml": f"<w:hdr {space}>{header}</w:hdr>",
        },
        {
            "word/document.xml": {
                "rId1": ("styles", "styles.xml"),
                "rId2": ("footnotes", "footnotes.xml"),
                "rId3": ("header", "header1.xml"),
            }
        },
    )


def p(text: str, properties: str = "", run: str = "") -> str:
    """A paragraph of Word with one run."""
    return (
        f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    )


def xlsx(path: Path, sheets: dict[str, str], *, styles: str = "", strings: Sequence[str] = ()) -> Path:
    """A workbook; the values are the inside of each sheet's `worksheet` element."""
    names = list(sheets)
    entries = "".join(
        f'<sheet name="{name}" sheetId="{place}" r:id="rId{place}"/>' for place, name in enumerate(names, start=1)
    )
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}"><sheets>{entries}</sheets></workbook>',
        "xl/styles.xml": f'<styleSheet xmlns="{_SHEET}">{styles}</styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{_SHEET}">{"".join(f"<si><t>{text}</t></si>" for text in strings)}</sst>',
    }
    links = {"rIdA": ("styles", "styles.xml"), "rIdB": ("sharedStrings", "sharedStrings.xml")}
    for place, name in enumerate(names, start=1):
        parts[f"xl/worksheets/sheet{place}.xml"] = f'<worksheet xmlns="{_SHEET}">{sheets[name]}</worksheet>'
        links[f"rId{place}"] = ("worksheet", f"worksheets/sheet{place}.xml")
    return _package(path, "xl/workbook.xml", "spreadsheetml.sheet.main", parts, {"xl/workbook.xml": links})


def rows(cells: Sequence[Sequence[object]]) -> str:
    """The data of a sheet: text inline, figures as they are, None left out."""
    return "".join(["<sheetData>", *(_row(number, row) for number, row in enumerate(cells, start=1)), "</sheetData>"])


def _row(number: int, row: Sequence[object]) -> str:
    found = []
    for column, value in enumerate(row):
        place = f"{chr(ord('A') + column)}{number}"
        if isinstance(value, str):
            found.append(f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>')
        elif isinstance(value, tuple):
            found.append(f'<c r="{place}" s="{value[1]}"><v>{value[0]}</v></c>')
        elif value is not None:
            found.append(f'<c r="{place}"><v>{value}</v></c>')
    return f'<row r="{number}">{"".join(found)}</row>' if found else ""


def pptx(path: Path, slides: Sequence[str], notes: dict[int, str] | None = None) -> Path:
    """A presentation; each slide is the inside of its `spTree`, `notes` those of the notes by slide number."""
    spaces = f'xmlns:p="{_SLIDES}" xmlns:a="{_DRAWING}" xmlns:r="{_OFFICE}"'
    head = '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'
    ids = "".join(f'<p:sldId id="{255 + place}" r:id="rId{place}"/>' for place in range(1, len(slides) + 1))
    parts = {"ppt/presentation.xml": f"<p:presentation {spaces}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>"}
    links: dict[str, dict[str, tuple[str, str]]] = {"ppt/presentation.xml": {}}
    for place, shapes in enumerate(slides, start=1):
        name = f"ppt/slides/slide{place}.xml"
        parts[name] = f"<p:sld {spaces}><p:cSld><p:spTree>{head}{shapes}</p:spTree></p:cSld></p:sld>"
        links["ppt/presentation.xml"][f"rId{place}"] = ("slide", f"slides/slide{place}.xml")
    for place, shapes in (notes or {}).items():
        name = f"ppt/notesSlides/notesSlide{place}.xml"
        parts[name] = f"<p:notes {spaces}><p:cSld><p:spTree>{head}{shapes}</p:spTree></p:cSld></p:notes>"
        links[f"ppt/slides/slide{place}.xml"] = {"rId1": ("notesSlide", f"../notesSlides/notesSlide{place}.xml")}
    return _package(path, "ppt/presentation.xml", "presentationml.presentation.main", parts, links)


def shape(kind: str, *paragraphs: str) -> str:
    """A shape of a slide that plays a part: 'title', 'body', …; drawn freely where there is none."""
    mark = f'<p:ph type="{kind}"/>' if kind else ""
    text = "".join(f"<a:p><a:r><a:t>{words}</a:t></a:r></a:p>" for words in paragraphs)
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="2" name="x"/><p:cNvSpPr/><p:nvPr>{mark}</p:nvPr></p:nvSpPr><p:spPr/>'
        f"<p:txBody><a:bodyPr/>{text}</p:txBody></p:sp>"
    )


def slide_table(cells: Sequence[Sequence[str]]) -> str:
    """A table of a slide."""
    lines = "".join(
        "<a:tr>"
        + "".join(f"<a:tc><a:txBody><a:p><a:r><a:t>{cell}</a:t></a:r></a:p></a:txBody></a:tc>" for cell in row)
        + "</a:tr>"
        for row in cells
    )
    return (
        '<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="3" name="t"/><p:cNvGraphicFramePr/><p:nvPr/>'
        f"</p:nvGraphicFramePr><a:graphic><a:graphicData><a:tbl>{lines}</a:tbl></a:graphicData></a:graphic>"
        "</p:graphicFrame>"
    )


def odt(path: Path, body: str, *, styles: str = "") -> Path:
    """A LibreOffice text of raw OpenDocument."""
    names = ("office", "text", "table", "style")
    spaces = " ".join(f'xmlns:{name}="{_ODF}:{name}:1.0"' for name in names)
    spaces += f' xmlns:fo="{_ODF}:xsl-fo-compatible:1.0" xmlns:draw="{_ODF}:drawing:1.0"'
    kind = "application/vnd.oasis.opendocument.text"
    content = (
        f"<office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    manifest = (
        f'<m:manifest xmlns:m="{_ODF}:manifest:1.0"><m:file-entry m:full-path="/" m:media-type="{kind}"/>'
        '<m:file-entry m:full-path="content.xml" m:media-type="text/xml"/></m:manifest>'
    )
    return _zipped(path, {"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content})


def pdf(path: Path, pages: Sequence[str]) -> Path:
    """A PDF of raw page contents; fonts are /F1 (Helvetica) and /F2 (the same in bold)."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{' '.join(f'{5 + 2 * place} 0 R' for place in range(len(pages)))}]"
        f" /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
    ]
    for place, content in enumerate(pages):
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]"
            f" /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents {6 + 2 * place} 0 R >>"
        )
        objects.append(f"<< /Length {len(content.encode('cp1252'))} >>\nstream\n{content}\nendstream")
    data = bytearray(b"%PDF-1.4\n")
    places = []
    for number, written in enumerate(objects, start=1):
        places.append(len(data))
        data += f"{number} 0 obj\n{written}\nendobj\n".encode("cp1252")
    start = len(data)
    data += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    data += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    path.write_bytes(data)
    return path


def at(x: float, y: float, text: str, *, size: int = 10, bold: bool = False) -> str:
    """Text that begins at a place, in points from the lower left corner."""
    escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"BT /F{2 if bold else 1} {size} Tf {x} {y} Td ({escaped}) Tj ET\n"


def lines_at(x: float, y: float, lines: Sequence[str], *, size: int = 10) -> str:
    """Lines of running text below each other."""
    return "".join(at(x, y - 1.2 * size * place, line, size=size) for place, line in enumerate(lines))


def rule(x1: float, y1: float, x2: float, y2: float) -> str:
    """A drawn line."""
    return f"0.5 w {x1} {y1} m {x2} {y2} l S\n"


def _package(
    path: Path, main: str, kind: str, parts: dict[str, str], links: dict[str, dict[str, tuple[str, str]]]
) -> Path:
    types = (
        f'<Types xmlns="{_TYPES}"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Override'
        f' PartName="/{main}" ContentType="application/vnd.openxmlformats-officedocument.{kind}+xml"/></Types>'
    )
    files = {"[Content_Types].xml": types, "_rels/.rels": _linked({"rId1": ("officeDocument", main)}), **parts}
    for name, targets in links.items():
        folder, _, file = name.rpartition("/")
        files[f"{folder}/_rels/{file}.rels"] = _linked(targets)
    return _zipped(path, files)


def _linked(targets: dict[str, tuple[str, str]]) -> str:
    entries = "".join(
        f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{_LINKS}">{entries}</Relationships>'


def _zipped(path: Path, files: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            head = '<?xml version="1.0" encoding="UTF-8"?>' if content.startswith("<") else ""
            archive.writestr(name, head + content)
    return path
