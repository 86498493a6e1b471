"""Reading any file in a process of its own: archives, mails, scans, wrong names, hostile files, limits, breakdowns."""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import kreuzberg
import pytest
from PIL import Image

from knowledge.indexing.sources import readable_files
from knowledge.reading import Paragraph, Reader, ReadResult, Table, read_files
from knowledge.reading.limits import MEGABYTE, Limits
from knowledge.reading.ocr import language_data
from tests.unit.knowledge import hostile_files, office_files
from tests.unit.knowledge.hostile_files import zipped

SENTENCE = "Die Gemeinde erhält eine Förderung für die Digitalisierung der Verwaltung."
ENCODED = SENTENCE.encode()
needs_tesseract = pytest.mark.skipif(language_data() is None, reason="needs Tesseract with German data")


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as one:
        yield one


def written(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def results(reader: Reader, path: Path) -> list[ReadResult]:
    return list(reader.read(path.name, path))


def texts(reader: Reader, path: Path) -> dict[str, str]:
    """Every result by its name: the text, or the reason why there is none."""
    return {result.name: result.reason or text(result) for result in results(reader, path)}


def text(result: ReadResult) -> str:
    assert result.file is not None
    return "\n".join(block.text for block in result.file.blocks if isinstance(block, Paragraph))


def only(reader: Reader, path: Path) -> ReadResult:
    [result] = results(reader, path)
    return result


def reason(reader: Reader, path: Path) -> str:
    result = only(reader, path)
    assert result.file is None
    assert result.reason is not None
    return result.reason


def test_what_is_read_comes_through_whole(reader: Reader, tmp_path: Path) -> None:
    path = office_files.docx(tmp_path / "a.docx", ["# Titel", SENTENCE, [["Land", "Frist"], ["Hessen", "April"]]])
    result = only(reader, path)
    assert (result.name, result.sha256) == ("a.docx", sha256(path.read_bytes()).hexdigest())
    assert (result.reason, result.needs_ocr) == (None, False)
    assert result.file is not None
    assert [type(block).__name__ for block in result.file.blocks] == ["Heading", "Paragraph", "Table"]
    assert result.file.blocks[2] == Table((("Land", "Frist"), ("Hessen", "April")))


def test_many_files_are_read_one_after_the_other(tmp_path: Path) -> None:
    files = [(f"{number}.txt", written(tmp_path / f"{number}.txt", f"{SENTENCE} {number}")) for number in range(20)]
    read = list(read_files(files))
    assert [result.name for result in read] == [name for name, _ in files]
    assert [text(result).split()[-1] for result in read] == [str(number) for number in range(20)]


@pytest.mark.parametrize("name", ["a.docx", "a.pdf", "a.zip", "a.txt", "a.html", "a", "a.xyz", "A.DOC"])
@pytest.mark.parametrize("made", ["docx", "pdf", "odt", "pptx"])
def test_a_wrong_name_does_not_matter(reader: Reader, tmp_path: Path, name: str, made: str) -> None:
    source = tmp_path / f"source.{made}"
    if made == "docx":
        office_files.docx(source, [SENTENCE])
    elif made == "odt":
        office_files.odt(source, [SENTENCE])
    elif made == "pptx":
        office_files.pptx(source, [("Titel", SENTENCE)])
    else:
        office_files.pdf(source, [[(11, SENTENCE)]])
    assert SENTENCE in text(only(reader, source.rename(tmp_path / name)))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("seite.docx", f"<html><body><nav>Start</nav><p>{SENTENCE}</p></body></html>"),
        ("seite.txt", f"<!DOCTYPE html>\n<html><body><p>{SENTENCE}</p></body></html>"),
        ("text.pdf", SENTENCE),
        ("LIESMICH", SENTENCE),
        ("a.rtf", r"{\rtf1\ansi\ansicpg1252 " + SENTENCE.replace("ä", r"\'e4").replace("ö", r"\'f6") + r"\par}"),
        ("a.txt", SENTENCE.replace("ü", "ü").encode("utf-16-le")),
        ("a.txt", SENTENCE.encode("utf-16-be")),
    ],
)
def test_content_decides(reader: Reader, tmp_path: Path, name: str, content: bytes | str) -> None:
    assert text(only(reader, written(tmp_path / name, content))) == SENTENCE


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_rows_of_text(reader: Reader, tmp_path: Path, separator: str) -> None:
    rows = [("Land", "Frist"), ("Hessen", "15. April"), ("Bayern", "30. Juni")]
    path = written(tmp_path / "a.csv", "\r\n".join(separator.join(row) for row in rows).encode("cp1252"))
    read = only(reader, path).file
    assert read is not None
    assert read.blocks == (Table(tuple(rows)),)


def test_files_in_archives_are_documents_of_their_own(reader: Reader, tmp_path: Path) -> None:
    pdf = office_files.pdf(tmp_path / "a.pdf", [[(11, SENTENCE)]]).read_bytes()
    members: list[tuple[str | zipfile.ZipInfo, str | bytes]] = [
        ("Förderung/Übersicht.pdf", pdf),
        ("ordner\\notiz.txt", "Aus Windows."),
        ("leer.txt", ""),
        ("innen.zip", zipped([("tief.txt", "Ganz unten.")])),
        ("__MACOSX/._a.txt", "x"),
        (".versteckt/a.txt", "x"),
    ]
    path = written(tmp_path / "archiv.zip", zipped(members))
    assert texts(reader, path) == {
        "archiv.zip/Förderung/Übersicht.pdf": SENTENCE,
        "archiv.zip/ordner/notiz.txt": "Aus Windows.",
        "archiv.zip/leer.txt": "the file is empty",
        "archiv.zip/innen.zip/tief.txt": "Ganz unten.",
    }
    assert results(reader, path)[0].sha256 == sha256(pdf).hexdigest()


def test_names_that_old_packers_wrote(reader: Reader, tmp_path: Path) -> None:
    archive = zipped([("Forderung.txt", SENTENCE), ("Prufung.txt", SENTENCE)])
    archive = archive.replace(b"Forderung", b"F\x94rderung").replace(b"Prufung", "Prüfung".encode()[:4] + b"ung")
    assert "a.zip/Förderung.txt" in texts(reader, written(tmp_path / "a.zip", archive))


def mail(body: str = SENTENCE) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@stadt.example", "b@stadt.example", "Frist verlängert"
    message["Date"] = "Mon, 02 Mar 2026 10:00:00 +0100"
    message.set_content(body)
    return message


def test_a_mail_and_what_is_attached_to_it(reader: Reader, tmp_path: Path) -> None:
    message = mail()
    message.add_attachment(b"Erste Anlage.", maintype="text", subtype="plain", filename="../anlage.txt")
    message.add_attachment(b"Zweite Anlage.", maintype="text", subtype="plain", filename="anlage.txt")
    message.add_attachment(zipped([("c.txt", "Gepackt.")]), maintype="application", subtype="zip", filename="d.zip")
    message.add_attachment(mail("Weitergeleitet."))
    path = written(tmp_path / "post.eml", message.as_bytes())
    assert texts(reader, path) == {
        "post.eml": SENTENCE,
        "post.eml/anlage.txt": "Erste Anlage.",
        "post.eml/anlage-2.txt": "Zweite Anlage.",
        "post.eml/d.zip/c.txt": "Gepackt.",
        "post.eml/5.eml": "Weitergeleitet.",
    }
    first = results(reader, path)[0].file
    assert first is not None
    assert first.title == "Frist verlängert"


def test_a_mail_written_as_a_web_page(reader: Reader, tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "a@stadt.example", "Frist"
    page = f"<html><body><p>{SENTENCE}</p><img src='cid:logo'></body></html>"
    message.set_content(page, subtype="html", charset="iso-8859-1")
    message.add_related(b"GIF89a", maintype="image", subtype="gif", cid="<logo>", filename="logo.gif")
    message.add_related(b"GIF89a", maintype="image", subtype="gif", cid="<plan>", filename="plan.gif")
    assert texts(reader, written(tmp_path / "post.eml", message.as_bytes())) == {
        "post.eml": SENTENCE,
        "post.eml/plan.gif": "the picture is damaged",
    }


def test_a_mail_that_only_carries_something(reader: Reader, tmp_path: Path) -> None:
    message = mail("\n")
    message.add_attachment(ENCODED, maintype="text", subtype="plain", filename="anlage.txt")
    assert texts(reader, written(tmp_path / "post.eml", message.as_bytes())) == {"post.eml/anlage.txt": SENTENCE}


def scan(folder: Path, file_format: str, *pages: str) -> bytes:
    """Printed pages, each given as lines, as a scanner sees them."""
    printed = office_files.pdf(folder / "druck.pdf", [[(14, line) for line in page.split("\n")] for page in pages])
    rendered = [kreuzberg.render_pdf_page(printed, number, dpi=200) for number in range(len(pages))]
    pictures = [Image.open(BytesIO(page)).convert("L") for page in rendered]
    content = BytesIO()
    more = {"save_all": True, "append_images": pictures[1:]} if len(pictures) > 1 else {}
    pictures[0].save(content, file_format, resolution=200, **more)
    return content.getvalue()


PRINT = "Die Gemeinde Köln erhält für die\nÜberprüfung der Straßen größere\nFördermittel aus dem Haushalt."


@needs_tesseract
@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "TIFF"])
def test_pictures_are_read_with_umlauts(reader: Reader, tmp_path: Path, file_format: str) -> None:
    path = written(tmp_path / f"scan.{file_format.lower()}", scan(tmp_path, file_format, PRINT))
    assert text(only(reader, path)).split() == PRINT.split()


@needs_tesseract
@pytest.mark.parametrize("file_format", ["PDF", "TIFF"])
def test_scanned_pages_keep_their_numbers(reader: Reader, tmp_path: Path, file_format: str) -> None:
    second = "Anträge müssen bis zum 15. April\nbei der Bezirksregierung vorliegen."
    read = only(reader, written(tmp_path / "scan", scan(tmp_path, file_format, PRINT, second))).file
    assert read is not None
    for number, page in enumerate((PRINT, second), start=1):
        found = [block.text for block in read.blocks if not isinstance(block, Table) and block.page == number]
        assert " ".join(found).split() == page.split()


def half_scanned(folder: Path) -> Path:
    """A PDF with a printed and a scanned page."""
    picture = scan(folder, "JPEG", PRINT)
    width, height = Image.open(BytesIO(picture)).size
    text, drawing = f"BT /F1 11 Tf 50 780 Td ({SENTENCE}) Tj ET".encode("cp1252"), b"q 595 0 0 842 0 0 cm /I Do Q"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << %s >> >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>",
        page % (5, b"/Font << /F1 7 0 R >>"),
        page % (6, b"/XObject << /I 8 0 R >>"),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8"
        b" /Filter /DCTDecode /Length %d >>\nstream\n%s\nendstream" % (width, height, len(picture), picture),
    ]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % item for item in enumerate(objects, start=1))
    return written(folder / "halb.pdf", b"%PDF-1.4\n" + body + b"trailer\n<< /Root 1 0 R /Size 9 >>\n%%EOF\n")


@needs_tesseract
def test_only_pages_that_are_pictures_are_recognised(reader: Reader, tmp_path: Path) -> None:
    result = only(reader, half_scanned(tmp_path))
    assert result.file is not None
    words = {1: SENTENCE, 2: PRINT}
    for number in words:
        found = [block.text for block in result.file.blocks if not isinstance(block, Table) and block.page == number]
        assert " ".join(found).split() == words[number].split()
    assert (result.needs_ocr, result.pictures) == (False, ())


def test_without_tesseract_pages_that_are_pictures_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    with Reader() as reader:
        result = only(reader, half_scanned(tmp_path))
    assert text(result) == SENTENCE
    assert (result.needs_ocr, result.pictures) == (True, (2,))


@needs_tesseract
def test_a_photograph_gives_no_text(reader: Reader, tmp_path: Path) -> None:
    noise = BytesIO()
    Image.effect_noise((300, 300), 90).save(noise, "PNG")
    assert reason(reader, written(tmp_path / "foto.png", noise.getvalue())) == "no text was recognised in the picture"


def test_without_tesseract_scans_are_told_from_empty_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    with Reader() as reader:
        for file_format in ("PDF", "PNG"):
            result = only(reader, written(tmp_path / f"scan.{file_format.lower()}", scan(tmp_path, file_format, PRINT)))
            assert result.needs_ocr
            assert "tesseract-ocr-deu" in (result.reason or "")
        assert not only(reader, written(tmp_path / "leer.txt", " ")).needs_ocr


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("halb.zip", zipped([("a.txt", random.Random(1).randbytes(9000))])[:5000], "damaged"),
        ("leer.zip", zipped([]), "the archive is empty"),
        ("nur-ordner.zip", zipped([("ordner/", "")]), "the archive is empty"),
        ("bombe.zip", hostile_files.overlapping(ENCODED * 50, 30), "files overlap in it"),
        ("tief.zip", hostile_files.nested(ENCODED, 8), "it lies in 3 archives"),
        ("tief.eml", hostile_files.deep_mail(3000), "nested too deeply"),
        ("a.rar", b"Rar!\x1a\x07\x00" + bytes(50), "it is a RAR archive; only ZIP is unpacked"),
        ("a.exe", b"MZ" + random.Random(1).randbytes(5000), "it is a program"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random.Random(1).randbytes(5000), "damaged"),
        (
            "zu.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le"),
            "it is protected by a password",
        ),
        ("a.png", b"\x89PNG\r\n\x1a\n" + random.Random(1).randbytes(5000), "the picture is damaged"),
        ("a.json", "[" * 100_000, "the format .json is not read"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 10 else "",
)
def test_what_cannot_be_read_says_why(
    reader: Reader, tmp_path: Path, name: str, content: bytes | str, words: str
) -> None:
    assert words in reason(reader, written(tmp_path / name, content))


@pytest.mark.parametrize("depth", [50, 200_000])
def test_deep_nesting_stops_nothing(reader: Reader, tmp_path: Path, depth: int) -> None:
    result = only(reader, written(tmp_path / "tief.html", f"<html>{'<div>' * depth}{SENTENCE}"))
    assert (result.reason or text(result)) in {SENTENCE, "it is nested too deeply to be read"}
    assert depth > 50 or text(result) == SENTENCE


def test_names_in_archives_cannot_lead_anywhere(reader: Reader, tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.txt")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    bad = ["../../boese.txt", "/tmp/boese.txt", "C:/boese.txt", "D:\\boese.txt", "a/../../boese.txt"]
    path = written(tmp_path / "a.zip", zipped([*((name, SENTENCE) for name in bad), (link, "/etc/hostname")]))
    found = texts(reader, path)
    assert found.pop("a.zip/link.txt") == "it is a link, and links are not followed"
    assert len(found) == len(bad)
    assert set(found.values()) == {"its name leads out of the archive"}
    assert [item.name for item in tmp_path.rglob("*")] == ["a.zip"]


def test_a_bomb_among_good_files(reader: Reader, tmp_path: Path) -> None:
    path = written(tmp_path / "a.zip", zipped([("bombe.txt", bytes(20 * MEGABYTE)), ("gut.txt", SENTENCE)]))
    assert texts(reader, path) == {
        "a.zip/bombe.txt": "it unpacks to more than 250 times its size, as zip bombs do",
        "a.zip/gut.txt": SENTENCE,
    }


def test_locked_files_in_an_archive(reader: Reader, tmp_path: Path) -> None:
    archive = bytearray(zipped([("zu.txt", SENTENCE)]))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        archive[archive.index(mark) + offset] |= 1
    assert texts(reader, written(tmp_path / "a.zip", bytes(archive))) == {
        "a.zip/zu.txt": "it is protected by a password"
    }


@pytest.mark.parametrize(
    ("make", "part"),
    [(office_files.docx, "word/document.xml"), (office_files.odt, "content.xml")],
)
def test_entities_open_no_files_and_do_not_multiply(reader: Reader, tmp_path: Path, make, part: str) -> None:  # type: ignore[no-untyped-def]
    path = make(tmp_path / "a", [SENTENCE])
    hostile_files.altered(path, part, lambda xml: hostile_files.with_entities(xml, "Digitalisierung"))
    assert reason(reader, path) == "it defines XML entities, as attacks on readers do"


def test_an_office_file_that_is_a_bomb(reader: Reader, tmp_path: Path) -> None:
    path = office_files.docx(tmp_path / "a.docx", [SENTENCE])
    hostile_files.altered(path, "word/document.xml", lambda xml: xml.replace("Gemeinde", "0" * 20_000_000))
    assert "as zip bombs do" in reason(reader, path)


def test_what_is_no_ordinary_file(reader: Reader, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "rohr.txt")
    (tmp_path / "ring").symlink_to(tmp_path)
    written(tmp_path / "ziel.txt", SENTENCE)
    (tmp_path / "verweis.txt").symlink_to(tmp_path / "ziel.txt")
    (tmp_path / "ins-leere.txt").symlink_to("nirgends")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "dose.txt"))
    found = {path.name: only(reader, path).reason for path in readable_files(tmp_path)}
    assert found == {
        "dose.txt": "it is a socket and not a file",
        "ins-leere.txt": "it is a link, and links are not followed",
        "ring": "it is a link, and links are not followed",
        "rohr.txt": "it is a pipe and not a file",
        "verweis.txt": "it is a link, and links are not followed",
        "ziel.txt": None,
    }
    assert "cannot be opened" in reason(reader, tmp_path / "weg.txt")
    assert reason(reader, Path("/dev/zero")) == "it is a device and not a file"


def test_folders_are_walked_to_the_bottom_without_what_is_hidden(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/b/c.md", ".versteckt.txt", ".git/config.txt", "a/~$sperre.docx"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert [str(path.relative_to(tmp_path)) for path in readable_files(tmp_path)] == ["a/b/c.md", "a/z.txt", "b.txt"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"b\xfcrger.txt", "bürger.txt"),
        (b"neu\nzeile.txt", "neu\ufffdzeile.txt"),
        ("Straße “Süd” $(x).txt".encode(), "Straße “Süd” $(x).txt"),
        (b"n" * 250 + b".txt", "n" * 250 + ".txt"),
    ],
)
def test_odd_names(reader: Reader, tmp_path: Path, name: bytes, shown: str) -> None:
    result = only(reader, written(tmp_path / os.fsdecode(name), SENTENCE))
    assert (result.name, text(result)) == (shown, SENTENCE)


def test_limits_of_size(tmp_path: Path) -> None:
    limits = Limits(
        file_bytes=MEGABYTE, archive_bytes=3 * MEGABYTE, unpacked_bytes=MEGABYTE, members=3, characters=5000
    )
    noise = random.Random(1).randbytes(700 * 1024)
    with Reader(limits) as reader:
        (tmp_path / "riesig.txt").write_text("x " * MEGABYTE)
        assert reason(reader, tmp_path / "riesig.txt") == "it is larger than 1 MB"
        os.truncate(tmp_path / "riesig.txt", 10**12)
        assert reason(reader, tmp_path / "riesig.txt") == "it is larger than 3 MB"
        assert "its text is longer" in reason(reader, written(tmp_path / "lang.txt", SENTENCE * 100))
        many = written(tmp_path / "viele.zip", zipped([(f"{number}.txt", SENTENCE) for number in range(9)]))
        *read, last = results(reader, many)
        assert [text(result) for result in read] == [SENTENCE] * 3
        assert (last.name, last.reason) == ("viele.zip", "it holds more than 3 files; the rest was left out")
        big = written(tmp_path / "voll.zip", zipped([("a.bin", noise), ("b.bin", noise)]))
        assert results(reader, big)[-1].reason == "it unpacks to more than 1 MB; the rest was left out"


def slow_file(path: Path) -> Path:
    """A file that takes seconds to read."""
    return written(path, "\n\n".join(f"{SENTENCE} {number}" for number in range(60_000)))


def test_a_file_that_takes_too_long_costs_no_other(tmp_path: Path) -> None:
    with Reader(Limits(seconds=2.0)) as reader:
        slow = slow_file(tmp_path / "langsam.txt")
        started = time.monotonic()
        assert reason(reader, slow) == "reading it takes longer than 2 seconds"
        assert time.monotonic() - started < 30
        assert text(only(reader, written(tmp_path / "a.txt", SENTENCE))) == SENTENCE


def test_a_file_that_takes_too_much_memory_costs_no_other(tmp_path: Path) -> None:
    with Reader(Limits(memory=300 * MEGABYTE)) as reader:
        assert reason(reader, slow_file(tmp_path / "gross.txt")) == "reading it takes more than 300 MB of memory"
        assert text(only(reader, written(tmp_path / "a.txt", SENTENCE))) == SENTENCE


def reading_process(parent: int) -> int:
    """The process that was last started to read for another one."""
    children = Path(f"/proc/{parent}/task").glob("*/children")
    found = [int(pid) for child in children for pid in child.read_text().split()]
    return max(pid for pid in found if b"knowledge.reading" in Path(f"/proc/{pid}/cmdline").read_bytes())


def test_files_in_an_archive_go_on_after_a_breakdown(tmp_path: Path) -> None:
    content = slow_file(tmp_path / "langsam").read_bytes()
    path = written(
        tmp_path / "a.zip", zipped([("1.txt", "Eins."), ("2.txt", content), ("3.txt", "Drei."), ("4.txt", "Vier.")])
    )
    with Reader() as reader:
        found = []
        for result in reader.read("a.zip", path):
            found.append((result.name, result.reason))
            if result.name == "a.zip/1.txt":
                time.sleep(0.5)  # by then it is in the middle of the next
                os.kill(reading_process(os.getpid()), signal.SIGSEGV)
    assert found == [
        ("a.zip/1.txt", None),
        ("a.zip/2.txt", "the program that reads files broke down on it"),
        ("a.zip/3.txt", None),
        ("a.zip/4.txt", None),
    ]


def test_reading_left_half_way_does_not_confuse_the_next(tmp_path: Path) -> None:
    path = written(tmp_path / "a.zip", zipped([("1.txt", "Eins."), ("2.txt", "Zwei.")]))
    with Reader() as reader:
        half = reader.read("a.zip", path)
        next(half)
        half.close()
        assert text(only(reader, written(tmp_path / "b.txt", SENTENCE))) == SENTENCE


def test_whoever_takes_the_results_may_take_their_time(tmp_path: Path) -> None:
    long = "\n\n".join([SENTENCE] * 2000)  # more than a pipe holds
    path = written(tmp_path / "a.zip", zipped([(f"{number}.txt", long) for number in range(4)]))
    with Reader(Limits(seconds=2.0)) as reader:
        results_in_time = reader.read("a.zip", path)
        first = next(results_in_time)
        time.sleep(2.5)
        assert [result.reason for result in (first, *results_in_time)] == [None] * 4


def test_a_file_that_grows_while_it_is_read(tmp_path: Path) -> None:
    path = slow_file(tmp_path / "wachsend.txt")
    with Reader() as reader:
        only(reader, written(tmp_path / "a.txt", SENTENCE))
        found: list[ReadResult] = []
        reading = threading.Thread(target=lambda: found.extend(reader.read("wachsend.txt", path)))
        reading.start()
        while reading.is_alive():
            with path.open("a") as file:
                file.write("x")
            time.sleep(0.05)
    assert [result.reason for result in found] == ["it changed while it was read"]


def test_the_reading_process_ends_with_its_parent(tmp_path: Path) -> None:
    path = slow_file(tmp_path / "langsam.txt")
    program = "import pathlib, sys, knowledge.reading as r; list(r.read_files([('a', pathlib.Path(sys.argv[1]))]))"
    parent = subprocess.Popen([sys.executable, "-c", program, path])
    pid = 0
    while not pid:
        time.sleep(0.1)
        try:
            pid = reading_process(parent.pid)
        except ValueError:
            continue
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}/stat").exists() and Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z":
        assert time.monotonic() < deadline, "the reading process outlived its parent"
        time.sleep(0.05)


def test_the_reading_process_stays_light() -> None:
    program = "import sys, knowledge.reading.worker; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.split()
    assert "kreuzberg" in loaded
    assert not {"torch", "tensorflow", "faiss", "openvino", "rasa"} & set(loaded)
