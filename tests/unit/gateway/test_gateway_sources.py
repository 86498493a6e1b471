"""The source page: the quoted words stand on it exactly, where the quote was taken from."""

from html.parser import HTMLParser

import pytest

from bot.gateway.sources import sections_of
from knowledge.document import Document, Passage
from knowledge.releases.release import PASSAGES, draft
from knowledge.releases.store import write_passages
from knowledge.settings import Settings

TEXTS = (
    "Der Workshop fand am 20. November 2019 in Köln statt.\nRund 50 Menschen nahmen teil.",
    "Preise < 5 € & \"Anführung\" <script>alert('x')</script>\n\n| a  |  b |\n| 1  |  2 |",
    "Letzter Absatz 🏙 mit Zeichen jenseits.",
)


def _document(**values):
    defaults = {
        "id": "bericht",
        "title": "Bericht & <Titel>",
        "lang": "de",
        "kind": "document",
        "path": "b.md",
    }
    return Document(**{**defaults, "sha256": "0" * 64, "as_of": "2019-11-20", **values})


def _passages(texts=TEXTS):
    headings = (("A",), ("A", "B"), ("C",))
    passages, start = [], 0
    for number, text in enumerate(texts):
        end = start + len(text)
        passages.append(
            Passage(
                document_id="bericht",
                id=number + 1,
                text=text,
                headings=headings[number],
                page=1 + number // 2,
                start=start,
                end=end,
                lang="de",
                origins=["https://www.vku.example/bericht?a=1&b=2"] if number == 0 else [],
            )
        )
        start = end
    return passages


def _activate(tmp_path, passages, **values):
    with draft(Settings(var=tmp_path), "1") as (folder, _manifest):
        (folder / PASSAGES).unlink(missing_ok=True)
        write_passages(folder / PASSAGES, [_document(**values)], passages)


@pytest.fixture
def release(tmp_path):
    """A release with one document."""
    _activate(tmp_path, _passages())


class Page(HTMLParser):
    """What a reader sees: all text, marked text, headings, links, and the language."""

    def __init__(self, html):
        super().__init__()
        self.text, self.mark, self.title = "", None, ""
        self.headings, self.links, self.scripts, self.ids = [], [], 0, []
        self.lang = None
        self._open = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self._open.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]
        self.scripts += tag == "script"
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag == "html":
            self.lang = attributes["lang"]
        if tag == "mark":
            assert self.mark is None, "only one mark"
            self.mark = ""
        if tag in ("h1", "h2", "h3", "h4"):
            self.headings.append((tag, ""))

    def handle_endtag(self, tag):
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data):
        self.text += data
        if "mark" in self._open:
            self.mark += data
        if "title" in self._open:
            self.title += data
        if self._open and self._open[-1] in ("h1", "h2", "h3", "h4"):
            tag, text = self.headings[-1]
            self.headings[-1] = (tag, text + data)


async def _page(gateway, path, status=200, **headers):
    response = await gateway.get(path, headers=headers)
    assert response.status == status
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    return Page(await response.text())


@pytest.mark.parametrize(
    ("passage", "quote"),
    [
        (1, "Rund 50 Menschen nahmen teil."),
        (
            1,
            "Der Workshop fand am 20. November 2019 in Köln statt.\nRund 50 Menschen nahmen teil.",
        ),
        (2, "5 € & \"Anführung\" <script>alert('x')</script>\n\n| a  |  b |"),
        (3, "🏙 mit Zeichen jenseits."),
    ],
)
async def test_the_quoted_words_are_marked_exactly(gateway, release, passage, quote):
    start = TEXTS[passage - 1].index(quote)
    page = await _page(gateway, f"/sources/bericht/{passage}?quote={start}-{start + len(quote)}")
    assert page.mark == quote
    for text in TEXTS:
        assert text in page.text
    assert f"p{passage}" in page.ids


@pytest.mark.parametrize(
    "quote",
    [
        "",
        "?quote=",
        "?quote=5-3",
        "?quote=0-9999",
        "?quote=a-b",
        "?quote=-1-4",
        "?quote=3-3",
    ],
)
async def test_without_a_usable_quote_the_whole_passage_is_marked(gateway, release, quote):
    assert (await _page(gateway, f"/sources/bericht/1{quote}")).mark == TEXTS[0]


async def test_the_page_tells_what_the_source_is(gateway, release):
    page = await _page(gateway, "/sources/bericht/1")
    assert "Bericht & <Titel>" in page.title
    assert page.headings[0] == ("h1", "Bericht & <Titel>")
    assert [text for _, text in page.headings[1:]] == ["A", "B", "C"]
    assert "https://www.vku.example/bericht?a=1&b=2" in page.links
    assert "20. November 2019" in page.text
    assert "Seite 1" in page.text
    assert "Seite 2" in page.text


async def test_text_of_a_document_never_becomes_markup(gateway, release):
    assert (await _page(gateway, "/sources/bericht/2")).scripts == 1


async def test_links_of_the_page_hold_below_any_prefix(gateway, release):
    page = await _page(gateway, "/sources/bericht/1")
    own = [link for link in page.links if not link.startswith(("https:", "#"))]
    assert own
    assert all(link.startswith("../../") for link in own)


@pytest.mark.parametrize(
    ("query", "header", "lang"),
    [
        ("", "en", "en"),
        ("?lang=de", "en", "de"),
        ("?lang=en", "de", "en"),
        ("?lang=fr", "de", "de"),
    ],
)
async def test_the_page_around_the_source_speaks_the_readers_language(gateway, release, query, header, lang):
    page = await _page(gateway, f"/sources/bericht/1{query}", **{"Accept-Language": header})
    assert page.lang == lang


@pytest.mark.parametrize(
    "path",
    [
        "none/1",
        "bericht/4",
        "bericht/0",
        "bericht/x",
        "bericht/%00",
        "%ff/1",
        "bericht/" + "9" * 30,
    ],
)
async def test_a_missing_source_is_told_kindly(gateway, release, path):
    page = await _page(gateway, f"/sources/{path}", status=404, **{"Accept-Language": "en"})
    assert page.headings[0] == ("h1", "Source not found")


async def test_before_anything_is_built_there_is_no_source(gateway):
    await _page(gateway, "/sources/bericht/1", status=404)


async def test_a_new_release_is_shown_at_once(gateway, release, tmp_path):
    assert (await _page(gateway, "/sources/bericht/1")).mark == TEXTS[0]
    _activate(tmp_path, _passages(("Neuer Text.",)), title="Neuer Bericht")
    page = await _page(gateway, "/sources/bericht/1")
    assert page.mark == "Neuer Text."
    assert "Neuer Bericht" in page.title


def test_headings_and_pages_are_shown_where_they_change():
    sections = sections_of(_passages(), 2, (0, 6))
    assert [[(heading.level, heading.text) for heading in part.headings] for part in sections] == [
        [(1, "A")],
        [(2, "B")],
        [(1, "C")],
    ]
    assert [part.page for part in sections] == [1, None, 2]
    target = sections[1].passages[0]
    assert (target.anchor, target.is_target, target.before, target.mark) == (
        "p2",
        True,
        "",
        "Preise",
    )
    assert target.before + target.mark + target.after == TEXTS[1]
    assert not sections[0].passages[0].is_target
