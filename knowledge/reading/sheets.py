"""Blocks of a spreadsheet (XLSX, ECMA-376 part 1): a sheet is a section, each stretch of filled rows a table."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from knowledge.linguistics.text import clean
from knowledge.reading.blocks import Block, Heading, Paragraph
from knowledge.reading.package import Element, Package, attribute, child, children, local
from knowledge.reading.tables import table_blocks

_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
# Numbers of the date formats that every program knows without their being written down (18.8.30).
_DATES = {*range(14, 18), 22, *range(27, 37), *range(45, 48), *range(50, 59)}
_TIMES = {18, 19, 20, 21, 45, 46, 47}
_PERCENT = {9, 10}
_EPOCH = datetime(1899, 12, 30)
_MAX_ROWS, _MAX_COLUMNS = 20_000, 200


def sheet_blocks(data: bytes) -> list[Block]:
    """Blocks of the sheets that are not hidden; raises `Malformed`.

    Values stand as they are shown: dates as day.month.year, shares with a percent sign. Merged cells stand in every
    place they cover. Of a sheet, 20,000 rows and 200 columns are read.
    """
    package = Package(data)
    main = next((path for kind, path in package.targets("").values() if kind == "officeDocument"), "xl/workbook.xml")
    workbook = package.required(main)
    links = package.targets(main)
    linked = dict(links.values())
    shared = [_rich(entry) for entry in children(package.part(linked.get("sharedStrings", "")), "si")]
    formats = _formats(package.part(linked.get("styles", "")))
    blocks: list[Block] = []
    for sheet in children(child(workbook, "sheets"), "sheet"):
        key = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), "")
        if (attribute(sheet, "state") or "visible") != "visible" or key not in links:
            continue
        if links[key][0] != "worksheet":
            continue
        found = list(_sheet(package.required(links[key][1]), shared, formats))
        if found:
            blocks.extend([Heading(1, clean(attribute(sheet, "name") or ""), None), *found])
    return blocks


def _rich(entry: Element) -> str:
    """The text of a string, its parts of different print together, without phonetic hints."""
    pieces = [one for one in entry if local(one) == "t"]
    pieces += [text for run in children(entry, "r") for text in children(run, "t")]
    return clean("".join(one.text or "" for one in pieces))


def _formats(styles: Element | None) -> list[str]:
    """What each cell style shows a number as: 'date', 'time', 'percent' or 'number'."""
    codes = {
        attribute(one, "numFmtId"): attribute(one, "formatCode") or ""
        for one in children(child(styles, "numFmts"), "numFmt")
    }
    return [_kind(attribute(one, "numFmtId") or "0", codes) for one in children(child(styles, "cellXfs"), "xf")]


def _kind(number: str, codes: dict[str | None, str]) -> str:
    code = _LITERAL.sub("", codes.get(number, "")).lower()
    identity = int(number) if number.isdigit() else 0
    if identity in _TIMES or (code and re.search(r"[hs]", code) and not re.search(r"[dy]", code)):
        return "time"
    if identity in _DATES or re.search(r"[dy]", code) or ("mmm" in code):
        return "date"
    return "percent" if identity in _PERCENT or "%" in code else "number"


def _sheet(root: Element, shared: list[str], formats: list[str]) -> Iterator[Block]:
    rows: dict[int, dict[int, str]] = {}
    for place, row in enumerate(children(child(root, "sheetData"), "row"), start=1):
        if attribute(row, "hidden") in ("1", "true"):
            continue
        number = int(attribute(row, "r") or place)
        for order, cell in enumerate(children(row, "c"), start=1):
            column = _column(attribute(cell, "r")) or order
            if number <= _MAX_ROWS and column <= _MAX_COLUMNS and (text := _value(cell, shared, formats)):
                rows.setdefault(number, {})[column] = text
    _fill_merged(root, rows)
    yield from _regions(rows)


def _column(reference: str | None) -> int | None:
    match = _REFERENCE.fullmatch(reference or "")
    if match is None:
        return None
    column = 0
    for letter in match.group(1):
        column = column * 26 + ord(letter) - ord("A") + 1
    return column


def _value(cell: Element, shared: list[str], formats: list[str]) -> str:
    kind = attribute(cell, "t")
    if kind == "inlineStr":
        inline = child(cell, "is")
        return _rich(inline) if inline is not None else ""
    value = child(cell, "v")
    text = (value.text or "") if value is not None else ""
    if kind == "s":
        return shared[int(text)] if text.isdigit() and int(text) < len(shared) else ""
    if kind in ("str", "e", "d") or not text:
        return "" if kind == "e" else clean(text)
    if kind == "b":
        return "ja" if text == "1" else "nein"
    style = attribute(cell, "s") or "0"
    shown = formats[int(style)] if style.isdigit() and int(style) < len(formats) else "number"
    try:
        return _number(float(text), shown)
    except (ValueError, OverflowError):
        return clean(text)


def _number(value: float, shown: str) -> str:
    if shown in ("date", "time"):
        moment = _EPOCH + timedelta(seconds=round(value * 86400))
        if shown == "time":
            return f"{moment:%H:%M}"
        return f"{moment:%d.%m.%Y}" if value == int(value) else f"{moment:%d.%m.%Y %H:%M}"
    suffix = ""
    if shown == "percent":
        value, suffix = value * 100, " %"
    written = f"{value:.10g}" if abs(value) < 1e10 else f"{value:.0f}"
    return written.replace(".", ",") + suffix


def _fill_merged(root: Element, rows: dict[int, dict[int, str]]) -> None:
    for merged in children(child(root, "mergeCells"), "mergeCell"):
        corners = [_REFERENCE.fullmatch(part) for part in (attribute(merged, "ref") or "").split(":")]
        if len(corners) != 2 or None in corners:
            continue
        (left, top), (right, bottom) = (
            (_column(corner.group()) or 1, int(corner.group(2))) for corner in corners if corner is not None
        )
        text = rows.get(top, {}).get(left)
        if text is None or (bottom - top) * (right - left) > 10_000:
            continue
        for number in range(top, bottom + 1):
            for column in range(left, right + 1):
                rows.setdefault(number, {})[column] = text


def _regions(rows: dict[int, dict[int, str]]) -> Iterator[Block]:
    """Tables between empty rows; a line of one cell above them is a title, one below them a remark."""
    region: list[dict[int, str]] = []
    previous = None
    for number in sorted(rows):
        alone = len(set(rows[number].values())) == 1 and (not region or len(rows[number]) > 1)
        if previous is not None and number > previous + 1:
            yield from _table(region)
            region = []
        if alone and not region:
            yield Paragraph(next(iter(rows[number].values())))
        else:
            region.append(rows[number])
        previous = number
    yield from _table(region)


def _table(region: list[dict[int, str]]) -> list[Block]:
    if not region:
        return []
    first = min(min(row) for row in region)
    last = max(max(row) for row in region)
    return table_blocks([[row.get(column, "") for column in range(first, last + 1)] for row in region])
