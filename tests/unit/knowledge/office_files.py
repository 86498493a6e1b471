"""Small real files of the formats that staff keep, written by hand so that tests say what stands in them."""

import zipfile
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path
from xml.sax.saxutils import escape

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_SLIDES = "http://schemas.openxmlformats.org/presentationml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"


def docx(path: Path, blocks: Sequence[str | list[list[str]]], *, title: str = "", created: str = "2024-03-01") -> Path:
    """A Word document: strings are paragraphs, '# …' and '## …' headings, lists of rows tables."""
    body = "".join(_word_table(block) if isinstance(block, list) else _word_paragraph(block) for block in blocks)
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{level}"><w:name w:val="heading {level}"/></w:style>'
        for level in (1, 2, 3)
    )
    return _zipped(
        path,
        {
            "[Content_Types].xml": _content_types(
                {
                    "/word/document.xml": "wordprocessingml.document.main",
                    "/word/styles.xml": "wordprocessingml.styles",
                }
            ),
            "_rels/.rels": _relationships({"rId1": ("officeDocument", "word/document.xml")}, core=True),
            "word/_rels/document.xml.rels": _relationships({"rId1": ("styles", "styles.xml")}),
            "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>',
            "word/styles.xml": f'<w:styles xmlns:w="{_WORD}">{styles}</w:styles>',
            "docProps/core.xml": _core(title, created),
        },
    )


def pptx(path: Path, slides: Sequence[tuple[str, str]]) -> Path:
    """A presentation of (title, text) slides."""
    numbers = range(1, len(slides) + 1)
    parts = {"/ppt/presentation.xml": "presentationml.presentation.main"}
    parts |= {f"/ppt/slides/slide{number}.xml": "presentationml.slide" for number in numbers}
    ids = "".join(f'<p:sldId id="{255 + number}" r:id="rId{number}"/>' for number in numbers)
    files = {
        "[Content_Types].xml": _content_types(parts),
        "_rels/.rels": _relationships({"rId1": ("officeDocument", "ppt/presentation.xml")}, core=True),
        "ppt/_rels/presentation.xml.rels": _relationships(
            {f"rId{number}": ("slide", f"slides/slide{number}.xml") for number in numbers}
        ),
        "ppt/presentation.xml": (
            f'<p:presentation xmlns:p="{_SLIDES}" xmlns:r="{_OFFICE}"><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>'
        ),
        "docProps/core.xml": _core("", "2024-03-01"),
    }
    for number, (title, text) in zip(numbers, slides, strict=True):
        shapes = _shape(2, '<p:ph type="title"/>', title) + _shape(3, '<p:ph type="body" idx="1"/>', text)
        files[f"ppt/slides/slide{number}.xml"] = (
            f'<p:sld xmlns:p="{_SLIDES}" xmlns:a="{_DRAWING}"><p:cSld><p:spTree>'
            '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'
            f"{shapes}</p:spTree></p:cSld></p:sld>"
        )
    return _zipped(path, files)


def odt(path: Path, blocks: Sequence[str | list[list[str]]], *, title: str = "") -> Path:
    """A LibreOffice text: strings are paragraphs, '# …' headings, lists of rows tables."""
    spaces = f'xmlns:office="{_ODF}:office:1.0" xmlns:text="{_ODF}:text:1.0" xmlns:table="{_ODF}:table:1.0"'
    spaces += f' xmlns:meta="{_ODF}:meta:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    body = "".join(_odf_table(block) if isinstance(block, list) else _odf_paragraph(block) for block in blocks)
    kind = "application/vnd.oasis.opendocument.text"
    entries = "".join(
        f'<m:file-entry m:full-path="{name}" m:media-type="{media}"/>'
        for name, media in (("/", kind), ("content.xml", "text/xml"), ("meta.xml", "text/xml"))
    )
    return _zipped(
        path,
        {
            "mimetype": kind,
            "META-INF/manifest.xml": f'<m:manifest xmlns:m="{_ODF}:manifest:1.0">{entries}</m:manifest>',
            "content.xml": (
                f"<office:document-content {spaces}><office:body><office:text>{body}</office:text></office:body>"
                "</office:document-content>"
            ),
            "meta.xml": (
                f"<office:document-meta {spaces}><office:meta><dc:title>{escape(title)}</dc:title></office:meta>"
                "</office:document-meta>"
            ),
        },
    )


def pdf(path: Path, pages: Sequence[Sequence[tuple[int, str]]], *, encrypted: bool = False) -> Path:
    """A PDF whose pages hold (font size, line) pairs from top to bottom; a page without lines is blank."""
    objects: list[bytes] = []
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects.append(b"<< /Type /Catalog /Pages 2 0 R >>")
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode())
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    for number, lines in enumerate(pages):
        content = _pdf_lines(lines)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>"
            + f" /Contents {5 + 2 * number} 0 R >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    if encrypted:
        objects.append(
            b"<< /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O <%s> /U <%s> >>" % (b"5a" * 32, b"a5" * 32)
        )
    data = bytearray(b"%PDF-1.4\n")
    places: list[int] = []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    extra = b" /Encrypt %d 0 R /ID [<%s> <%s>]" % (len(objects), b"01" * 16, b"01" * 16) if encrypted else b""
    data += b"trailer\n<< /Size %d /Root 1 0 R%s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, extra, start)
    path.write_bytes(data)
    return path


def eml(path: Path, *, subject: str, text: str) -> Path:
    """A plain e-mail."""
    message = EmailMessage()
    message["From"], message["To"] = "amt@stadt.example", "rathaus@stadt.example"
    message["Subject"] = subject
    message["Date"] = "Mon, 04 Mar 2024 09:00:00 +0100"
    message.set_content(text)
    path.write_bytes(message.as_bytes())
    return path


def _zipped(path: Path, files: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            head = '<?xml version="1.0" encoding="UTF-8"?>' if content.startswith("<") else ""
            archive.writestr(name, head + content)
    return path


def _content_types(parts: dict[str, str]) -> str:
    overrides = "".join(
        f'<Override PartName="{name}" ContentType="application/vnd.openxmlformats-officedocument.{kind}+xml"/>'
        for name, kind in parts.items()
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/docProps/core.xml"'
        ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        f"{overrides}</Types>"
    )


def _relationships(targets: dict[str, tuple[str, str]], *, core: bool = False) -> str:
    links = "".join(
        f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    if core:
        kind = f"{_PACKAGE}/relationships/metadata/core-properties"
        links += f'<Relationship Id="rIdCore" Type="{kind}" Target="docProps/core.xml"/>'
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _core(title: str, created: str) -> str:
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title)}</dc:title>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{created}T08:00:00Z</dcterms:created></cp:coreProperties>'
    )


def _heading(block: str) -> tuple[int, str]:
    marks, _, text = block.partition(" ")
    return (len(marks), text) if marks and set(marks) == {"#"} else (0, block)


def _word_paragraph(block: str) -> str:
    level, text = _heading(block)
    style = f'<w:pPr><w:pStyle w:val="Heading{level}"/></w:pPr>' if level else ""
    return f'<w:p>{style}<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def _word_table(rows: list[list[str]]) -> str:
    lines = "".join(
        "<w:tr>" + "".join(f"<w:tc>{_word_paragraph(cell)}</w:tc>" for cell in row) + "</w:tr>" for row in rows
    )
    return f"<w:tbl><w:tblPr/>{lines}</w:tbl>"


def _shape(number: int, kind: str, text: str) -> str:
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="Feld {number}"/><p:cNvSpPr/><p:nvPr>{kind}</p:nvPr></p:nvSpPr>'
        f"<p:spPr/><p:txBody><a:bodyPr/><a:p><a:r><a:t>{escape(text)}</a:t></a:r></a:p></p:txBody></p:sp>"
    )


def _odf_paragraph(block: str) -> str:
    level, text = _heading(block)
    if level:
        return f'<text:h text:outline-level="{level}">{escape(text)}</text:h>'
    return f"<text:p>{escape(text)}</text:p>"


def _odf_table(rows: list[list[str]]) -> str:
    lines = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{escape(cell)}</text:p></table:table-cell>" for cell in row)
        + "</table:table-row>"
        for row in rows
    )
    return f"<table:table>{lines}</table:table>"


def _pdf_lines(lines: Sequence[tuple[int, str]]) -> bytes:
    content, height = b"", 790
    for size, line in lines:
        text = line.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        content += b"BT /F1 %d Tf 60 %d Td (%s) Tj ET\n" % (size, height, text)
        height -= 2 * size
    return content
