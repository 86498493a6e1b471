"""Recognising the text of scanned pages and pictures with Tesseract."""

import os
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import kreuzberg
from PIL import Image, ImageOps, ImageSequence

from knowledge.reading.opening import Unreadable

# 'deu' alone: with 'deu+eng' umlauts are lost, and English print is read well enough with it.
_LANGUAGE = "deu"
_FOLDERS = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tesseract-ocr/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
)
# Tesseract's documentation asks for 300 dots an inch; a plan on A0 would come to 140 million of them.
_DPI = 300
_MOST_DOTS = 30_000_000
_POINTS_PER_INCH = 72
A4 = (595.0, 842.0)
# A picture of at least so many dots a side can be a scanned page; smaller ones are logos and photographs.
_SCAN_DOTS = 900
# Too small for a sentence: symbols and thumbnails.
_LEAST_DOTS = 100 * 100
# What Tesseract itself holds of its text, in percent: print and fax have 85 and more, diagrams some 60, pictures 40.
_LEAST_CONFIDENCE = 65
_IMAGE = re.compile(rb"/Subtype\s*/Image\b")
_SIDE = re.compile(rb"/(?:Width|Height)\s+(\d{1,6})\b")
# Where a picture's size stands from its mark, in bytes.
_AROUND = 400
_WITH_ORIENTATION, _WITHOUT = 1, 3  # Tesseract's page segmentation modes
MISSING = (
    "it needs text recognition (OCR): install Tesseract's German data, on Debian and Ubuntu with "
    "'apt install tesseract-ocr-deu'"
)


def language_data() -> Path | None:
    """The folder with Tesseract's German data: the one `TESSDATA_PREFIX` names, or else a usual one."""
    named = os.environ.get("TESSDATA_PREFIX")
    folders = [Path(named), Path(named) / "tessdata"] if named else [Path(folder) for folder in _FOLDERS]
    return next((folder for folder in folders if (folder / f"{_LANGUAGE}.traineddata").is_file()), None)


def recognise_picture(data: bytes, allow: Callable[[], None]) -> list[str]:
    """The text of a picture, page by page where it is a TIFF with several; `allow` is called before each.

    Raises `Unreadable` where Tesseract's data are missing or it is no picture.
    """
    texts: list[str] = []
    for page in _pictures(data):
        folder = _needed_data()
        allow()
        texts.append(_recognised(page, folder))
    return texts


def recognise_pages(
    data: bytes, sizes: dict[int, tuple[float, float]], allow: Callable[[], None]
) -> Iterator[tuple[int, str]]:
    """The text of pages of a PDF, given as number (from 1) → width and height in points; `allow` is called before each.

    Raises `Unreadable` where Tesseract's data are missing.
    """
    folder = _needed_data()
    with _in_memory(data) as path:
        for number, size in sizes.items():
            allow()
            picture = kreuzberg.render_pdf_page(path, number - 1, dpi=_resolution(*size))
            yield number, _recognised(picture, folder)


def holds_scans(data: bytes) -> bool:
    """Whether a PDF has a picture that is large enough to be a scanned page."""
    for mark in _IMAGE.finditer(data):
        sides = [int(side) for side in _SIDE.findall(data[max(0, mark.start() - _AROUND) : mark.end() + _AROUND])]
        if len(sides) >= 2 and min(sides[:2]) >= _SCAN_DOTS:
            return True
    return False


def _needed_data() -> Path:
    folder = language_data()
    if folder is None:
        raise Unreadable(MISSING, needs_ocr=True)
    return folder


def _recognised(picture: bytes, folder: Path) -> str:
    """The text of one page, given as PNG; none where Tesseract itself does not believe in it."""
    os.environ["TESSDATA_PREFIX"] = str(folder)
    mode = _WITH_ORIENTATION if (folder / "osd.traineddata").is_file() else _WITHOUT
    config = kreuzberg.ExtractionConfig(
        use_cache=False,
        output_format="plain",
        ocr=kreuzberg.OcrConfig(
            backend="tesseract",
            language=_LANGUAGE,
            tesseract_config=kreuzberg.TesseractConfig(
                language=_LANGUAGE, psm=mode, output_format="text", use_cache=False, enable_table_detection=False
            ),
        ),
    )
    result: Any = kreuzberg.extract_bytes_sync(picture, mime_type="image/png", config=config)
    is_believed = result.metadata.get("mean_text_conf", 0) >= _LEAST_CONFIDENCE
    return str(result.content) if is_believed else ""


def _pictures(data: bytes) -> Iterator[bytes]:
    """The pages of a picture file as PNG, upright as its camera says, and no larger than is of use."""
    try:
        with warnings.catch_warnings(), Image.open(BytesIO(data)) as file:
            # Pillow warns of pictures beyond 90 million dots; those beyond twice that it does not open.
            warnings.simplefilter("ignore")
            for number, frame in enumerate(ImageSequence.Iterator(file)):
                if number and file.format != "TIFF":
                    return
                if frame.width * frame.height >= _LEAST_DOTS:
                    yield _as_png(frame)
    except Image.DecompressionBombError as error:
        raise Unreadable("the picture is too large") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise Unreadable("the picture is damaged") from error


def _as_png(frame: Image.Image) -> bytes:
    grey = ImageOps.exif_transpose(frame).convert("L")
    if grey.width * grey.height > _MOST_DOTS:
        scale = (_MOST_DOTS / (grey.width * grey.height)) ** 0.5
        grey = grey.resize((round(grey.width * scale), round(grey.height * scale)))
    png = BytesIO()
    grey.save(png, "PNG", compress_level=1)
    return png.getvalue()


def _resolution(width: float, height: float) -> int:
    """Dots an inch for a page, given its size in points."""
    square_inches = max(1.0, width * height / _POINTS_PER_INCH**2)
    return int(max(1.0, min(_DPI, (_MOST_DOTS / square_inches) ** 0.5)))


@contextmanager
def _in_memory(data: bytes) -> Iterator[str]:
    """A path for what wants one, without a file on disk."""
    descriptor = os.memfd_create("page")
    try:
        with os.fdopen(os.dup(descriptor), "wb") as file:
            file.write(data)
        yield f"/proc/self/fd/{descriptor}"
    finally:
        os.close(descriptor)
