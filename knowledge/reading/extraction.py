"""The library that opens office formats, as this project calls it."""

from typing import Any, Literal

import kreuzberg

_TIMEOUT_SECONDS = 120


def extract(
    data: bytes, mime_type: str, *, output_format: Literal["plain", "markdown"] = "plain", structured: bool = False
) -> Any:
    """Extract a file's text, page by page, or with its tree of headings, tables and lists where `structured`.

    Pictures, attachments and packed files are not read. Raises `kreuzberg.KreuzbergError` where the file cannot be
    opened.
    """
    config = kreuzberg.ExtractionConfig(  # type: ignore[call-arg]  # its stub lacks disable_ocr
        output_format=output_format,
        use_cache=False,
        disable_ocr=True,
        extraction_timeout_secs=_TIMEOUT_SECONDS,
        include_document_structure=structured,
        pages=None if structured else kreuzberg.PageConfig(extract_pages=True),
    )
    config.max_archive_depth = 0
    return kreuzberg.extract_bytes_sync(data, mime_type=mime_type, config=config)
