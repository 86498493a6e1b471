"""What stands where on the pages of a PDF: words with their place and print, ruled lines, the outline."""

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import pypdfium2 as pdfium

# Characters by which PDFium marks a hyphen that only divides a word at a line's end.
_DIVIDING = {0x02, 0xFFFE}
_BLANKS = {0x09, 0x0A, 0x0D, 0x20, 0xA0, 0x00}
_BOLD_NAME = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)
_BOLD_WEIGHT = 600
# Of ruled lines in points: what is thicker is an area.
_THICKEST = 3.0
_SHORTEST = 5.0
_MAX_RULES = 2000


@dataclass(frozen=True)
class Word:
    """A word in points from the page's lower left corner; `base` is the line on which its letters stand."""

    text: str
    left: float
    right: float
    base: float
    top: float
    size: float
    bold: bool
    upright: bool = True


@dataclass(frozen=True)
class Rule:
    """A ruled line, or one edge of a box; level or upright, by which of its sides is longer."""

    left: float
    bottom: float
    right: float
    top: float
    drawn: bool = True
    """Whether it is a line of its own or a frame's, not only the edge of a coloured area."""

    @property
    def is_level(self) -> bool:
        """Whether it runs from left to right."""
        return self.right - self.left > self.top - self.bottom


@dataclass(frozen=True)
class PrintedPage:
    """One page, numbered from 1."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Print:
    """A document's pages and its outline: (title, level from 1, page from 1)."""

    pages: tuple[PrintedPage, ...]
    outline: tuple[tuple[str, int, int], ...]


def printed(data: bytes) -> Print | None:
    """The pages of a PDF; None where PDFium cannot open it."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError:
        return None
    try:
        pages = tuple(_page(document, index) for index in range(len(document)))
        return Print(pages, tuple(_outline(document)))
    finally:
        document.close()


def _outline(document: Any) -> Iterator[tuple[str, int, int]]:
    for entry in document.get_toc(max_depth=8):
        target = entry.get_dest()
        index = target.get_index() if target is not None else None
        if index is not None and (title := " ".join((entry.get_title() or "").split())):
            yield title, entry.level + 1, index + 1


def _page(document: Any, index: int) -> PrintedPage:
    page = document[index]
    try:
        width, height = page.get_size()
        words = tuple(_words(pdfium.raw, page))
        return PrintedPage(index + 1, width, height, words, tuple(_rules(pdfium.raw, page))[:_MAX_RULES])
    finally:
        page.close()


class _Letter(NamedTuple):
    """A character; a plain tuple, as a page has thousands."""

    code: int
    left: float
    right: float
    base: float
    top: float
    size: float
    bold: bool
    upright: bool


def _words(raw: Any, page: Any) -> Iterator[Word]:
    letters: list[_Letter] = []
    for letter in _letters(raw, page):
        if letter is None or (letters and not _goes_on(letters, letter)):
            yield from _word(letters)
            letters = []
        if letter is not None:
            letters.append(letter)
    yield from _word(letters)


def _letters(raw: Any, page: Any) -> Iterator[_Letter | None]:
    """The page's characters in the order in which they are stored; None between words."""
    textpage = page.get_textpage()
    # The bare pointers: what wraps them would be asked for them at each of five calls a character.
    text = textpage.raw
    left, right, bottom, top, x, y = (ctypes.c_double() for _ in range(6))
    box = [ctypes.byref(one) for one in (left, right, bottom, top)]
    origin = [ctypes.byref(one) for one in (x, y)]
    flags = ctypes.c_int()
    name = ctypes.create_string_buffer(128)
    bold_of: dict[tuple[bytes, int], bool] = {}
    begins, bold, upright = True, False, True
    try:
        for place in range(textpage.count_chars()):
            code = raw.FPDFText_GetUnicode(text, place)
            if code in _BLANKS:
                begins = True
                yield None
                continue
            raw.FPDFText_GetCharBox(text, place, *box)
            raw.FPDFText_GetCharOrigin(text, place, *origin)
            if begins:
                name.value = b""
                raw.FPDFText_GetFontInfo(text, place, name, 128, flags)
                key = (name.value, raw.FPDFText_GetFontWeight(text, place))
                if key not in bold_of:
                    bold_of[key] = key[1] >= _BOLD_WEIGHT or bool(_BOLD_NAME.search(key[0].decode("latin-1")))
                bold = bold_of[key]
                angle = raw.FPDFText_GetCharAngle(text, place)
                upright, begins = angle < 0.2 or angle > 6.08, False
            size = raw.FPDFText_GetFontSize(text, place)
            height = top.value - bottom.value
            if not 3 <= size <= 200:
                size = max(height * 1.3, 3.0)
            yield _Letter(code, left.value, right.value, y.value, top.value, size, bold, upright)
    finally:
        textpage.close()


def _goes_on(letters: list[_Letter], letter: _Letter) -> bool:
    last = letters[-1]
    if last.upright != letter.upright:
        return False
    if not letter.upright:
        return abs(letter.left - last.left) < 2 * last.size and abs(letter.base - last.base) < 2 * last.size
    raised = abs(letter.base - last.base)
    if raised > 0.15 * last.size and raised > 0.15 * letter.size:
        return False
    return -0.6 * last.size < letter.left - last.right < 0.6 * last.size


def _word(letters: list[_Letter]) -> Iterator[Word]:
    if not letters:
        return
    text = "".join("-" if letter.code in _DIVIDING else chr(letter.code) for letter in letters)
    _, lefts, rights, bases, tops, sizes, bolds, uprights = zip(*letters, strict=True)
    yield Word(
        text=text,
        left=min(lefts),
        right=max(rights),
        base=min(bases),
        top=max(tops),
        size=round(max(sizes), 1),
        bold=sum(bolds) * 2 > len(letters),
        upright=uprights[0],
    )


def _rules(raw: Any, page: Any) -> Iterator[Rule]:
    for thing in page.get_objects(filter=(raw.FPDF_PAGEOBJ_PATH,), max_depth=4):
        left, bottom, right, top = thing.get_bounds()
        if right - left <= _THICKEST or top - bottom <= _THICKEST:
            if max(right - left, top - bottom) >= _SHORTEST:
                yield Rule(left, bottom, right, top)
            continue
        yield from _segments(raw, thing)


def _segments(raw: Any, path: Any) -> Iterator[Rule]:
    """The level and upright segments of a path, as of a whole grid or the frame of a box."""
    count = raw.FPDFPath_CountSegments(path)
    if count > 400:
        return
    matrix = path.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    filled, stroked = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, filled, stroked)
    drawn = bool(stroked.value)
    start = point = (0.0, 0.0)
    for place in range(count):
        segment = raw.FPDFPath_GetPathSegment(path, place)
        kind = raw.FPDFPathSegment_GetType(segment)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        following = matrix.on_point(x.value, y.value)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = following
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield from _rule(point, following, drawn)
        if raw.FPDFPathSegment_GetClose(segment):
            yield from _rule(following, start, drawn)
        point = following


def _rule(one: tuple[float, float], other: tuple[float, float], drawn: bool) -> Iterator[Rule]:
    across, up = abs(one[0] - other[0]), abs(one[1] - other[1])
    if min(across, up) < 1.0 and max(across, up) >= _SHORTEST:
        (left, right), (bottom, top) = sorted((one[0], other[0])), sorted((one[1], other[1]))
        yield Rule(left, bottom, right, top, drawn)
