"""The file behind a source: handed out as it was read, its pages drawn with the quote marked."""

import hashlib
import io
import shutil

import pytest
from PIL import Image

from bot.gateway.limits import Limits, Rate
from bot.gateway.page_picture import picture
from knowledge.document import Document, Passage
from knowledge.indexing.sources import STARTER_LIBRARY
from knowledge.releases.release import MANIFEST, PASSAGES, KnowledgeManifest, Manifest, draft
from knowledge.releases.store import write_passages
from knowledge.settings import Settings

PDF = STARTER_LIBRARY / "modellprojekte-smart-cities.pdf"
TEXT = "Mit einer Strategiephase begannen 61 Modellprojekte Smart Cities, 12 starteten direkt in die Umsetzung."
QUOTE = "61 Modellprojekte Smart Cities, 12 starteten direkt in die Umsetzung"
MARK_QUERY = f"?quote={TEXT.index(QUOTE)}-{TEXT.index(QUOTE) + len(QUOTE)}"
NAME = 'Förder <b>"Bericht" & Co.pdf'
TRAP = "<script>alert(1)</script>"


@pytest.fixture
def folder(tmp_path):
    """A folder of documents: a PDF with a name full of traps, and a page that would run a script."""
    made = tmp_path / "documents"
    made.mkdir()
    shutil.copy(PDF, made / NAME)
    (made / "seite.html").write_text(TRAP, encoding="utf-8")
    (tmp_path / "geheim.txt").write_text("geheim", encoding="utf-8")
    (made / "link.txt").symlink_to(tmp_path / "geheim.txt")
    return made


def _document(folder, name, **values):
    path = folder / name
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return Document(title=f"Titel {TRAP}", lang="de", kind="document", path=name, sha256=sha256, **values)


def _passage(document_id, number, text, page=None):
    return Passage(document_id=document_id, id=number, text=text, page=page, start=0, end=len(text), lang="de")


@pytest.fixture
def release(tmp_path, folder):
    """A release of that folder."""
    documents = [
        _document(folder, NAME, id="bericht", has_pages=True, publisher=f"Amt {TRAP}", version="1.1"),
        _document(folder, "seite.html", id="seite"),
        _document(folder, "link.txt", id="link"),
        _document(folder, "../geheim.txt", id="geheim"),
        _document(folder, NAME, id="intern", has_pages=True, group="internal"),
    ]
    passages = [
        _passage("bericht", 1, TEXT, page=1),
        _passage("bericht", 2, "Steht nicht auf der Seite.", page=99),
        _passage("seite", 1, "Text der Seite"),
        _passage("link", 1, "geheim"),
        _passage("geheim", 1, "geheim"),
        _passage("intern", 1, TEXT, page=1),
        _passage("intern", 2, "Ein weiterer Absatz.", page=1),
    ]
    settings = Settings(var=tmp_path)
    with draft(settings, "1") as (made, manifest):
        write_passages(made / PASSAGES, documents, passages)
        manifest.knowledge = KnowledgeManifest(
            fingerprint="1",
            folders=[str(folder)],
            embedding_model="none",
            dimensions=1,
            fact_sheets=0,
            facts=0,
            documents=5,
            passages=7,
        )
    assert Manifest.model_validate_json((settings.current_release / MANIFEST).read_bytes()).knowledge


async def test_the_original_is_handed_out_as_it_is(gateway, release):
    response = await gateway.get("/sources/bericht/original")
    assert response.status == 200
    assert response.content_type == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("inline; filename*=UTF-8''F%C3%B6rder%20%3Cb%3E%22")
    assert await response.read() == PDF.read_bytes()


async def test_a_page_is_never_run_as_ours(gateway, release):
    response = await gateway.get("/sources/seite/original")
    assert response.content_type == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("document", ["link", "geheim", "none", "%2e%2e/geheim", "bericht%00"])
async def test_nothing_beyond_the_folder_is_handed_out(gateway, release, document):
    response = await gateway.get(f"/sources/{document}/original")
    assert response.status == 404
    assert b"geheim" not in await response.read()


async def test_a_file_that_changed_since_it_was_read_is_not_shown_as_the_source(gateway, release, folder):
    with (folder / NAME).open("ab") as file:
        file.write(b"\n%changed")
    assert (await gateway.get("/sources/bericht/original")).status == 404
    assert "Originaldatei" not in await (await gateway.get("/sources/bericht/1?lang=de")).text()


async def test_the_page_is_drawn_with_the_quote_marked_and_kept(gateway, release, tmp_path):
    address = f"/sources/bericht/1/page.webp{MARK_QUERY}"
    response = await gateway.get(address)
    assert response.status == 200
    assert response.headers["Content-Type"] == "image/webp"
    shown = Image.open(io.BytesIO(await response.read()))
    assert yellow(shown) > 3_000
    kept = list((tmp_path / "pictures").iterdir())
    assert len(kept) == 1
    written = kept[0].stat().st_mtime_ns
    assert (await gateway.get(address)).status == 200
    assert kept[0].stat().st_mtime_ns == written


def yellow(image):
    """How many pixels are of the marker's colour."""
    return sum(
        count
        for count, (red, green, blue) in image.convert("RGB").getcolors(1 << 24)
        if red > 230 and blue < 170 < green
    )


def test_only_the_quoted_words_are_marked():
    assert yellow(picture(str(PDF), 1, "")) == 0
    assert yellow(picture(str(PDF), 1, "steht nicht hier")) == 0
    few, many = picture(str(PDF), 1, "12 starteten direkt"), picture(str(PDF), 1, QUOTE)
    assert 0 < yellow(few) < yellow(many)


@pytest.mark.parametrize("address", ["bericht/2", "bericht/7", "seite/1", "none/1", "link/1"])
async def test_what_has_no_picture_is_not_found(gateway, release, address):
    assert (await gateway.get(f"/sources/{address}/page.webp")).status == 404


async def test_a_broken_pdf_is_no_picture(gateway, release, folder, tmp_path):
    broken = folder / "kaputt.pdf"
    broken.write_bytes(b"%PDF-1.7\n" + b"\0" * 1_000)
    with draft(Settings(var=tmp_path), "2") as (made, _manifest):
        (made / PASSAGES).unlink()
        write_passages(made / PASSAGES, [_document(folder, "kaputt.pdf", id="kaputt")], [_passage("kaputt", 1, "x", 1)])
    assert (await gateway.get("/sources/kaputt/1/page.webp")).status == 404
    assert (await gateway.get("/sources/kaputt/1")).status == 200


async def test_pictures_and_files_are_limited_by_address(start, release):
    gateway = await start(limits=Limits(sources=Rate(burst=1, per_second=0.1)))
    assert (await gateway.get("/sources/bericht/original")).status == 200
    assert (await gateway.get(f"/sources/bericht/1/page.webp{MARK_QUERY}")).status == 429


async def test_the_source_page_leads_to_file_picture_and_other_places(gateway, release):
    page = await (await gateway.get(f"/sources/bericht/1{MARK_QUERY}&lang=de&also=2,1,77")).text()
    assert "../../sources/bericht/original#page=1" in page
    assert f"../../sources/bericht/1/page.webp{MARK_QUERY}" in page
    assert '<a href="#p2">' in page
    assert "Steht nicht auf der Seite." in page
    assert "1.1" in page


async def test_titles_publishers_and_file_names_never_become_markup(gateway, release):
    page = await (await gateway.get("/sources/bericht/1?lang=de")).text()
    assert TRAP not in page
    assert "<b>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "Förder &lt;b&gt;&#34;Bericht&#34; &amp; Co.pdf" in page


@pytest.mark.parametrize(
    "also",
    ["", "a", "1,,2", "1" * 30, ",".join(["1"] * 200), "<b>"],
    ids=["empty", "letter", "gap", "long", "many", "markup"],
)
async def test_forged_places_are_ignored(gateway, release, also):
    response = await gateway.get("/sources/bericht/1", params={"also": also})
    assert response.status == 200
    assert "<b>" not in await response.text()


async def test_of_a_long_document_the_part_around_the_quote_is_shown(gateway, tmp_path, folder):
    texts = [f"Absatz Nummer {number}." for number in range(1, 1_001)]
    with draft(Settings(var=tmp_path), "1") as (made, _manifest):
        document = _document(folder, "seite.html", id="lang")
        write_passages(made / PASSAGES, [document], [_passage("lang", n, t) for n, t in enumerate(texts, 1)])
    page = await (await gateway.get("/sources/lang/500?lang=de&also=3,501")).text()
    assert all(text in page for text in texts[450:550])
    assert texts[100] not in page and texts[900] not in page
    assert '<a href="#p501">' in page
    assert "sources/lang/3?lang=de#quote" in page
    assert "sources/lang/399?lang=de#quote" in page
    assert "sources/lang/600?lang=de#quote" in page
