"""What a file is, told by its content; its name decides only where the content leaves it open."""

import lzma
import re
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import BinaryIO

from knowledge.reading.opening import Unreadable, size_of

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSB = "application/vnd.ms-excel.sheet.binary.macroEnabled.12"
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
DOC = "application/msword"
PPT = "application/vnd.ms-powerpoint"
XLS = "application/vnd.ms-excel"
RTF = "application/rtf"
HTML = "text/html"
MARKDOWN = "text/markdown"
TEXT = "text/plain"
CSV = "text/csv"
EML = "message/rfc822"
MSG = "application/vnd.ms-outlook"
EPUB = "application/epub+zip"
ZIP = "application/zip"

TEXT_KINDS = frozenset({HTML, MARKDOWN, TEXT, CSV})
PACKED_KINDS = frozenset({DOCX, PPTX, XLSX, XLSB, ODT, ODS, EPUB})
PICTURE_KINDS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"II*\x00": "image/tiff",
    b"MM\x00*": "image/tiff",
    b"GIF8": "image/gif",
    b"BM": "image/bmp",
}
_ENDINGS = {
    ".pdf": PDF,
    ".docx": DOCX,
    ".docm": DOCX,
    ".dotx": DOCX,
    ".pptx": PPTX,
    ".pptm": PPTX,
    ".ppsx": PPTX,
    ".xlsx": XLSX,
    ".xlsm": XLSX,
    ".xlsb": XLSB,
    ".odt": ODT,
    ".ods": ODS,
    ".doc": DOC,
    ".dot": DOC,
    ".ppt": PPT,
    ".xls": XLS,
    ".rtf": RTF,
    ".html": HTML,
    ".htm": HTML,
    ".xhtml": HTML,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".txt": TEXT,
    ".text": TEXT,
    ".csv": CSV,
    ".tsv": CSV,
    ".eml": EML,
    ".mht": EML,
    ".mhtml": EML,
    ".msg": MSG,
    ".epub": EPUB,
    ".zip": ZIP,
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".gif": "image/gif",
    ".bmp": "image/bmp",
}
# What is known by its first bytes and not read.
_STRANGERS = {
    b"Rar!\x1a\x07": "a RAR archive; only ZIP is unpacked",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive; only ZIP is unpacked",
    b"\x1f\x8b": "a GZIP archive; only ZIP is unpacked",
    b"BZh": "a BZIP2 archive; only ZIP is unpacked",
    b"\xfd7zXZ\x00": "an XZ archive; only ZIP is unpacked",
    b"\x7fELF": "a program",
    b"MZ": "a program",
    b"SQLite format 3\x00": "a database",
    b"%!PS": "a PostScript file, which is not read",
    b"ID3": "a sound recording",
    b"OggS": "a sound recording",
    b"\x1aE\xdf\xa3": "a film",
}
_OFFICE_PARTS = {"word/": DOCX, "ppt/": PPTX, "xl/": XLSX}
_OPEN_DOCUMENTS = {ODT: ODT, ODT + "-template": ODT, ODS: ODS, ODS + "-template": ODS, EPUB: EPUB}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The stream that each kind of OLE file must have, in the order in which one of them may stand in another.
_OLE_STREAMS = {
    MSG: "__properties_version1.0",
    PPT: "PowerPoint Document",
    DOC: "WordDocument",
    XLS: "Workbook",
}
_HEAD_BYTES = 65536
_OLE_BYTES = 128 * 1024**2
_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_HEADER_NAME = re.compile(r"^([A-Za-z-]+):[ \t]", re.MULTILINE)
_MAIL_HEADERS = {"from", "to", "subject", "date", "received", "return-path", "content-type"}
_MAIL_MARKS = {"mime-version", "message-id", "received"}
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
# What Python's reader of archives raises for those that are no good, each packer its own.
ARCHIVE_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    EOFError,
)
DAMAGED = "it is damaged or not what its name says"
PROTECTED = "it is protected by a password"


def kind_of(stream: BinaryIO, name: str) -> str:
    """The MIME type of a file; raises `Unreadable` where it is none that is read."""
    ending = PurePosixPath(name).suffix.lower()
    stream.seek(0)
    head = stream.read(_HEAD_BYTES)
    stream.seek(0)
    if not head:
        raise Unreadable("the file is empty")
    if b"%PDF-" in head[:1024]:
        return PDF
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(stream, ending)
    if head.startswith(_OLE):
        return _ole_kind(stream, ending)
    if head.startswith(b"{\\rtf"):
        return RTF
    for start, kind in PICTURE_KINDS.items():
        if head.startswith(start) and not (start == b"BM" and _is_text(head)):
            return kind
    for start, description in _STRANGERS.items():
        if head.startswith(start) and not _is_text(head):
            raise Unreadable(f"it is {description}")
    if _is_text(head):
        return _text_kind(decoded(head, is_whole=False), ending)
    if ending in _ENDINGS:
        raise Unreadable(DAMAGED if _ENDINGS[ending] not in TEXT_KINDS else "it is not text although its name says so")
    raise Unreadable(_not_read(ending))


def _not_read(ending: str) -> str:
    return f"the format {ending} is not read" if ending else "it has no ending and no format that is read"


def _zip_kind(stream: BinaryIO, ending: str) -> str:
    try:
        with zipfile.ZipFile(stream) as archive:
            names = archive.namelist()
            declared = _small_part(archive, "mimetype").decode("ascii", "replace").strip()
            manifest = _small_part(archive, "META-INF/manifest.xml")
    except ARCHIVE_ERRORS as error:
        raise Unreadable(DAMAGED) from error
    finally:
        stream.seek(0)
    if declared in _OPEN_DOCUMENTS:
        if b"encryption-data" in manifest:
            raise Unreadable(PROTECTED)
        return _OPEN_DOCUMENTS[declared]
    if declared.startswith("application/vnd.oasis.opendocument"):
        raise Unreadable(f"it is an OpenDocument {declared.rsplit('.', 1)[-1]}, which is not read")
    if "[Content_Types].xml" in names:
        if "xl/workbook.bin" in names:
            return XLSB
        for part, kind in _OFFICE_PARTS.items():
            if any(name.startswith(part) for name in names):
                return kind
    return ZIP


def _small_part(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        info = archive.getinfo(name)
    except KeyError:
        return b""
    return archive.read(info) if info.file_size < 1024**2 else b""


def _ole_kind(stream: BinaryIO, ending: str) -> str:
    data = stream.read(_OLE_BYTES)
    stream.seek(0)
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Unreadable(PROTECTED)
    present = [kind for kind, name in _OLE_STREAMS.items() if name.encode("utf-16-le") in data]
    named = _ENDINGS.get(ending)
    if named in present:
        return named
    if present:
        return present[0]
    raise Unreadable(DAMAGED if ending in _ENDINGS else _not_read(ending))


def _is_text(head: bytes) -> bool:
    if _wide_encoding(head):
        return True
    text = head.decode("latin-1")
    return b"\x00" not in head and len(_CONTROL.findall(text)) <= len(text) / 200


def _wide_encoding(data: bytes) -> str | None:
    """UTF-16 with its mark, or without, as every second byte of western text is zero."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    sample = data[:4096]
    if len(sample) >= 8:
        for encoding, start in (("utf-16-le", 1), ("utf-16-be", 0)):
            zeros, others = sample[start::2].count(0), sample[1 - start :: 2].count(0)
            if zeros >= 0.7 * len(sample) / 2 and others == 0:
                return encoding
    return None


def decoded(data: bytes, is_whole: bool = True) -> str:
    """Text in UTF-8, UTF-16 or, where it is neither, in Windows-1252, of which Latin-1 text is a part."""
    if encoding := _wide_encoding(data):
        return data.decode(encoding, errors="replace").removeprefix("\ufeff")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The head of a file may end in the middle of a character.
        if not is_whole and error.start > len(data) - 4:
            return data[: error.start].decode("utf-8-sig")
        return data.decode("cp1252", errors="replace")


def _text_kind(text: str, ending: str) -> str:
    named = _ENDINGS.get(ending)
    if named == EML or (named != MARKDOWN and _is_mail(text)):
        return EML
    if named == HTML or _HTML_START.match(text):
        return HTML
    if named in TEXT_KINDS:
        return named
    if text.lstrip().startswith("<?xml"):
        raise Unreadable("it is an XML file, which is not read")
    if ending and named is None:
        raise Unreadable(_not_read(ending))
    return TEXT


def _is_mail(text: str) -> bool:
    head = re.split(r"\r?\n\r?\n", text, maxsplit=1)[0]
    names = {name.lower() for name in _HEADER_NAME.findall(head)}
    starts = re.match(r"[A-Za-z-]+:[ \t]", text)
    return bool(starts) and len(names & _MAIL_HEADERS) >= 3 and bool(names & _MAIL_MARKS)


def checked_size(stream: BinaryIO, limit: int) -> int:
    """The size of a file in bytes; raises `Unreadable` where it is beyond the limit or nothing at all."""
    size = size_of(stream)
    if size == 0:
        raise Unreadable("the file is empty")
    if size > limit:
        raise Unreadable(f"it is larger than {limit // 1024**2} MB")
    return size
