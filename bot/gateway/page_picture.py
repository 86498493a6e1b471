"""`python -m bot.gateway.page_picture FILE PAGE`: one page of a PDF as a picture, with the words on stdin marked.

A process of its own with little memory and time, as a PDF may be made to harm its reader. Writes WebP to stdout; ends
with 1 and one sentence where the file has no such page.
"""

import resource
import sys
import unicodedata
from collections.abc import Sequence

import pypdfium2 as pdfium
from PIL import Image, ImageChops, ImageDraw

_MEMORY_BYTES = 1 << 30
_CPU_SECONDS = 10
_WIDTH = 1240  # pixels: small print is readable, and a page is some hundred kilobytes
_LONGEST = 2400
_MARK = (255, 226, 133)
_EDGE = (160, 105, 0)
_MARGIN = 2
_QUALITY = 82

Box = tuple[float, float, float, float]


def main(arguments: Sequence[str]) -> int:
    """Write the picture of a page; gives the exit code."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    file, number = arguments
    quote = sys.stdin.buffer.read().decode("utf-8", "replace")
    try:
        picture(file, int(number), quote).save(sys.stdout.buffer, "WEBP", quality=_QUALITY)
    except (pdfium.PdfiumError, IndexError, OSError, MemoryError, ValueError) as error:
        print(f"Page {number} of {file} cannot be drawn ({type(error).__name__}).", file=sys.stderr)
        return 1
    return 0


def picture(file: str, number: int, quote: str) -> Image.Image:
    """A page of a PDF, numbered from 1, with the words of a quote marked where they stand on it.

    Raises `PdfiumError` or `IndexError` where there is no such page.
    """
    document = pdfium.PdfDocument(file)
    try:
        if not 1 <= number <= len(document):
            raise IndexError(number)
        page = document[number - 1]
        width, height = page.get_size()
        bitmap = page.render(scale=min(_WIDTH / max(width, 1), _LONGEST / max(height, 1)))
        place = bitmap.get_posconv(page)
        lines = []
        for left, bottom, right, top in boxes(page.get_textpage(), quote):
            (x1, y1), (x2, y2) = place.to_bitmap(left, top), place.to_bitmap(right, bottom)
            lines.append((min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)))
        return marked(bitmap.to_pil().convert("RGB"), lines)
    finally:
        document.close()


def boxes(text: pdfium.PdfTextPage, quote: str) -> list[Box]:
    """Where a quote stands on a page, a box a line; none where it does not stand there word for word.

    Spaces, hyphens and the like may differ: a page breaks lines and sets tables in its own way.
    """
    chars = (pdfium.raw.FPDFText_GetUnicode(text, index) for index in range(text.count_chars()))
    places = [(index, letter) for index, code in enumerate(chars) for letter in _letters(chr(code))]
    wanted = _letters(quote)
    at = "".join(letter for _, letter in places).find(wanted) if wanted else -1
    if at < 0:
        return []
    first, last = places[at][0], places[at + len(wanted) - 1][0]
    return [text.get_rect(index) for index in range(text.count_rects(first, last - first + 1))]


def marked(page: Image.Image, lines: Sequence[Box]) -> Image.Image:
    """The page with these boxes coloured like a marker does, and underlined for who does not see the colour."""
    layer = Image.new("RGB", page.size, "white")
    draw = ImageDraw.Draw(layer)
    for left, top, right, bottom in lines:
        draw.rectangle((left - _MARGIN, top - _MARGIN, right + _MARGIN, bottom + _MARGIN), fill=_MARK)
    result = ImageChops.multiply(page, layer)
    draw = ImageDraw.Draw(result)
    for left, _, right, bottom in lines:
        draw.line((left, bottom + _MARGIN, right, bottom + _MARGIN), fill=_EDGE, width=2)
    return result


def _letters(text: str) -> str:
    """The letters and digits of a text, without capitals and ligatures."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
