"""Which reader knows the structure of which format."""

from collections.abc import Callable

from knowledge.reading.blocks import Block
from knowledge.reading.markdown import markdown_blocks
from knowledge.reading.opendocument import opendocument_blocks
from knowledge.reading.package import Malformed
from knowledge.reading.plaintext import text_blocks
from knowledge.reading.sheets import sheet_blocks
from knowledge.reading.slides import slide_blocks
from knowledge.reading.webpage import page_blocks
from knowledge.reading.word import word_blocks

_OFFICE = "application/vnd.openxmlformats-officedocument."
_OF_ARCHIVE: dict[str, Callable[[bytes], list[Block]]] = {
    f"{_OFFICE}wordprocessingml.document": word_blocks,
    f"{_OFFICE}presentationml.presentation": slide_blocks,
    f"{_OFFICE}spreadsheetml.sheet": sheet_blocks,
    "application/vnd.oasis.opendocument.text": opendocument_blocks,
}
_OF_TEXT: dict[str, Callable[[str], list[Block]]] = {
    "text/html": page_blocks,
    "text/markdown": markdown_blocks,
    "text/plain": text_blocks,
}


def known_blocks(data: bytes, mime_type: str) -> list[Block] | None:
    """Blocks of a file in a format whose structure is read here; None for other formats and damaged files.

    Text, that is HTML, Markdown and plain text, is given as UTF-8.
    """
    if read_text := _OF_TEXT.get(mime_type):
        return read_text(data.decode("utf-8", errors="replace"))
    read_archive = _OF_ARCHIVE.get(mime_type)
    if read_archive is None:
        return None
    try:
        return read_archive(data)
    except (Malformed, ValueError, IndexError, OverflowError):
        # Whoever wrote the file did not keep to the format; another reader may be content with it.
        return None
