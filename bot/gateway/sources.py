"""The source page: a document with the quoted words marked where they stand."""

import asyncio
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from bot.gateway.clients import client_address
from bot.gateway.errors import ApiError, ErrorCode
from bot.gateway.languages import chosen_language
from bot.gateway.limits import Buckets
from bot.gateway.originals import PDF, Original, Originals
from bot.gateway.pages import REVALIDATED
from bot.gateway.rendering import render, way_back
from bot.gateway.sign_in import sign_in_address
from bot.gateway.staff import reader_of
from knowledge.document import Document, Group, Passage
from knowledge.errors import StadtlotseError
from knowledge.messages import Language
from knowledge.releases.release import PASSAGES
from knowledge.releases.store import PassageStore
from knowledge.settings import Settings
from knowledge.texts import section

_NUMBER = re.compile(r"[0-9]{1,9}")
_QUOTE = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")
_ALSO = re.compile(r"[0-9]{1,9}(?:,[0-9]{1,9}){0,99}")
# Of a longer document, so many passages around the quoted one are shown at once.
_SHOWN = 200
_EXCERPT = 120
# No proxy on the way may keep what another reader may not see.
_KEPT_BY_READERS = f"private, {REVALIDATED}"
_SOURCE = "source.html"
_NOT_FOUND = "not_found.html"


@dataclass(frozen=True)
class Heading:
    """A heading that begins above a passage; level 1 is the outermost below the title."""

    level: int
    text: str


@dataclass(frozen=True)
class ShownPassage:
    """A passage cut where the mark begins and ends."""

    id: int
    before: str
    mark: str
    after: str
    is_target: bool
    lang: Language
    as_of: str | None
    origins: list[str]

    @property
    def anchor(self) -> str:
        """The element id by which an address points to it."""
        return f"p{self.id}"


@dataclass(frozen=True)
class Section:
    """Passages under the same headings and on the same page."""

    headings: list[Heading]
    page: int | None
    passages: list[ShownPassage] = field(default_factory=list)


@dataclass(frozen=True)
class SourceRequest:
    """Which passage of which document to show, to whom."""

    document: str
    passage: int
    quote: tuple[int, int] | None
    lang: Language
    base: str
    reader: Group
    also: frozenset[int] = frozenset()
    """Other passages of the document that were cited in the same conversation."""


@dataclass(frozen=True)
class Place:
    """A passage that the page leads to."""

    id: int
    page: int | None
    excerpt: str
    lang: Language
    is_shown: bool


class SourceLibrary:
    """The documents of the current release, and of the next one as soon as it is current."""

    def __init__(self, settings: Settings) -> None:
        self._current = settings.current_release
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sources")
        self._path: Path | None = None
        self._store: PassageStore | None = None
        self._originals = Originals(settings)

    async def close(self) -> None:
        """Let go of the release."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close_store)
        self._thread.shutdown()

    async def render(self, request: SourceRequest) -> str | None:
        """The page of a document with the quote in a passage marked, or None where either is not there."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._render, request)

    async def original(self, document_id: str, reader: Group) -> Original | None:
        """The file that a document was read from, where it is still there and the reader may see it."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._original, document_id, reader)

    async def picture(self, request: SourceRequest) -> Path | None:
        """The picture of the page on which a passage stands, the quote marked; None where there is none."""
        loop = asyncio.get_running_loop()
        passage = await loop.run_in_executor(self._thread, self._passage, request)
        original = await self.original(request.document, request.reader)
        if passage is None or passage.page is None or original is None:
            return None
        shown = _shown(passage, request.quote, is_target=True)
        return await self._originals.picture(original, passage.page, shown.mark)

    def render_not_found(self, request: SourceRequest, sign_in: str | None) -> str:
        """The page that says that the source is not there; `sign_in` is where to go if it is for staff alone."""
        return self._filled(_NOT_FOUND, request, sign_in=sign_in)

    def _render(self, request: SourceRequest) -> str | None:
        store = self._open()
        document = _readable(store, request.document, request.reader)
        if store is None or document is None:
            return None
        passages = store.passages(document.id)
        at = next((index for index, passage in enumerate(passages) if passage.id == request.passage), None)
        if at is None:
            return None
        first = max(0, min(at - _SHOWN // 2, len(passages) - _SHOWN))
        shown = passages[first : first + _SHOWN]
        original = self._originals.find(document)
        return self._filled(
            _SOURCE,
            request,
            document=document,
            sections=sections_of(shown, request.passage, request.quote),
            lift=_lift(shown, document.title),
            target_page=passages[at].page,
            original=original.path.name if original else None,
            has_pictures=original is not None and original.content_type == PDF,
            quote=f"{request.quote[0]}-{request.quote[1]}" if request.quote else "",
            cited=[_place(one, shown) for one in passages if one.id in request.also and one.id != request.passage],
            earlier=passages[first - 1].id if first else None,
            later=passages[first + _SHOWN].id if first + _SHOWN < len(passages) else None,
        )

    def _original(self, document_id: str, reader: Group) -> Original | None:
        document = _readable(self._open(), document_id, reader)
        return self._originals.find(document) if document else None

    def _passage(self, request: SourceRequest) -> Passage | None:
        store = self._open()
        document = _readable(store, request.document, request.reader)
        return store.passage(document.id, request.passage) if store and document else None

    def _filled(self, template: str, request: SourceRequest, **values: object) -> str:
        texts = section(request.lang, "source")
        return render(template, request.lang, request.base, texts=texts, **values)

    def _open(self) -> PassageStore | None:
        path = self._current.resolve() / PASSAGES
        if path != self._path or self._store is None:
            self._close_store()
            try:
                self._store, self._path = PassageStore(path), path
            except StadtlotseError:
                return None
        return self._store

    def _close_store(self) -> None:
        if self._store is not None:
            self._store.close()
        self._store = None


SOURCES = web.AppKey("sources", SourceLibrary)
SOURCE_BUCKETS = web.AppKey("source_buckets", Buckets)


async def get_source(request: web.Request) -> web.Response:
    """`GET /sources/{document}/{passage}?quote=a-b`: the document, with characters a to b of the passage marked."""
    request.app[SOURCE_BUCKETS].take(client_address(request))
    sources = request.app[SOURCES]
    asked = _asked(request)
    page = await sources.render(asked)
    if page is None:
        sign_in = sign_in_address(request) if asked.reader == "public" else None
        return web.Response(text=sources.render_not_found(asked, sign_in), status=404, content_type="text/html")
    response = web.Response(text=page, content_type="text/html")
    response.enable_compression()
    return response


async def get_original(request: web.Request) -> web.StreamResponse:
    """`GET /sources/{document}/original`: the file that a document was read from."""
    request.app[SOURCE_BUCKETS].take(client_address(request))
    original = await request.app[SOURCES].original(request.match_info["document"], reader_of(request))
    if original is None:
        raise ApiError(ErrorCode.NOT_FOUND)
    headers = {"Content-Type": original.content_type, "Content-Disposition": original.disposition}
    return web.FileResponse(original.path, headers={**headers, "Cache-Control": _KEPT_BY_READERS})


async def get_page_picture(request: web.Request) -> web.StreamResponse:
    """`GET /sources/{document}/{passage}/page.webp?quote=a-b`: the PDF's page with the quote marked."""
    request.app[SOURCE_BUCKETS].take(client_address(request))
    picture = await request.app[SOURCES].picture(_asked(request))
    if picture is None:
        raise ApiError(ErrorCode.NOT_FOUND)
    return web.FileResponse(picture, headers={"Content-Type": "image/webp", "Cache-Control": _KEPT_BY_READERS})


def _readable(store: PassageStore | None, document_id: str, reader: Group) -> Document | None:
    """A document of a release, where it is there and the reader may see it."""
    document = store.document(document_id) if store else None
    return document if document is not None and reader in ("internal", document.group) else None


def sections_of(passages: Sequence[Passage], target: int, quote: tuple[int, int] | None) -> list[Section]:
    """The passages in sections, the target's quote marked, or all of it where the quote does not lie within it."""
    sections: list[Section] = []
    headings: tuple[str, ...] = ()
    page: int | None = None
    for passage in passages:
        if not sections or passage.headings != headings or passage.page != page:
            begun = _begun(headings, passage.headings)
            sections.append(Section(begun, passage.page if passage.page != page else None))
            headings, page = passage.headings, passage.page
        sections[-1].passages.append(_shown(passage, quote, is_target=passage.id == target))
    return sections


def _begun(before: tuple[str, ...], now: tuple[str, ...]) -> list[Heading]:
    same = 0
    while same < min(len(before), len(now)) and before[same] == now[same]:
        same += 1
    return [Heading(level, text) for level, text in enumerate(now[same:], start=same + 1)]


def _shown(passage: Passage, quote: tuple[int, int] | None, *, is_target: bool) -> ShownPassage:
    start, end = quote if quote and quote[0] < quote[1] <= len(passage.text) else (0, len(passage.text))
    if not is_target:
        start = end = len(passage.text)
    return ShownPassage(
        id=passage.id,
        before=passage.text[:start],
        mark=passage.text[start:end],
        after=passage.text[end:],
        is_target=is_target,
        lang=passage.lang,
        as_of=passage.as_of,
        origins=passage.origins,
    )


def _lift(passages: Sequence[Passage], title: str) -> int:
    """How many levels of headings say no more than the title, so that the page leaves them out."""
    outermost = {passage.headings[0] for passage in passages if passage.headings}
    return 1 if outermost == {title} else 0


def _place(passage: Passage, shown: Sequence[Passage]) -> Place:
    words = " ".join(passage.text.split())
    excerpt = words if len(words) <= _EXCERPT else f"{words[:_EXCERPT].rsplit(' ', 1)[0]} …"
    is_shown = shown[0].id <= passage.id <= shown[-1].id
    return Place(passage.id, passage.page, excerpt, passage.lang, is_shown)


def _asked(request: web.Request) -> SourceRequest:
    passage = _NUMBER.fullmatch(request.match_info["passage"])
    quote = _QUOTE.fullmatch(request.query.get("quote", ""))
    also = _ALSO.fullmatch(request.query.get("also", ""))
    return SourceRequest(
        document=request.match_info["document"],
        passage=int(passage[0]) if passage else 0,
        quote=(int(quote[1]), int(quote[2])) if quote else None,
        lang=chosen_language(request),
        reader=reader_of(request),
        base=way_back(request),
        also=frozenset(map(int, also[0].split(","))) if also else frozenset(),
    )
