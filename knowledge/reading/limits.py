"""How much one file may cost before it is set aside."""

from dataclasses import dataclass

MEGABYTE = 1024**2


@dataclass(frozen=True)
class Limits:
    """Limits for one file; one beyond any of them is set aside with that as the reason."""

    # A 60-page report is read in two seconds; a minute is a thousand pages on a slow machine.
    seconds: float = 120.0
    # Text recognition takes two seconds a page; each page starts this clock anew.
    ocr_seconds: float = 60.0
    # The reader itself takes 170 MB, the largest real report some 400 MB more.
    memory: int = 1536 * MEGABYTE
    # Larger files are someone's archive or an accident.
    file_bytes: int = 100 * MEGABYTE
    # Archives are only walked through, and may be larger than any file in them.
    archive_bytes: int = 2048 * MEGABYTE
    # What all files of one archive may come to when they are unpacked.
    unpacked_bytes: int = 4096 * MEGABYTE
    # What one office file may come to, most of it pictures.
    office_bytes: int = 1024 * MEGABYTE
    # Office files pack 1:20 at most, repetitive text 1:100; bombs begin at 1:1000.
    ratio: int = 250
    members: int = 10_000
    # An archive in a mail in an archive is usual, more is not.
    depth: int = 3
    # Five times the Bible in German.
    characters: int = 20_000_000


def too_much_memory(limits: Limits) -> str:
    """The reason of a file that runs into the limit of memory."""
    return f"reading it takes more than {limits.memory // MEGABYTE} MB of memory"
