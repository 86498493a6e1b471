"""The source page: a document with the quoted words marked where they stand."""

import asyncio
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import jinja2
from aiohttp import web

from bot.gateway.languages import chosen_language
from bot.gateway.pages import WEB
from knowledge.document import Passage
from knowledge.errors import StadtlotseError
from knowledge.messages import Language
from knowledge.release import PASSAGES
from knowledge.settings import Settings
from knowledge.store import PassageStore
from knowledge.texts import section

_NUMBER = re.compile(r"[0-9]{1,9}")
_QUOTE = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")
_HERE = Path(__file__).parent
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


class SourceLibrary:
    """The documents of the current release, and of the next one as soon as it is current."""

    def __init__(self, settings: Settings) -> None:
        self._current = settings.current_release
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sources")
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader([WEB, _HERE]),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
        )
        self._path: Path | None = None
        self._store: PassageStore | None = None

    async def close(self) -> None:
        """Let go of the release."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close_store)
        self._thread.shutdown()

    async def render(self, request: SourceRequest) -> str | None:
        """The page of a document with the quote in a passage marked, or None where either is not there."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._render, request)

    def render_not_found(self, request: SourceRequest) -> str:
        """The page that says that the source is not there."""
        return self._filled(_NOT_FOUND, request)

    def _render(self, request: SourceRequest) -> str | None:
        store = self._open()
        document = store.document(request.document) if store else None
        if store is None or document is None:
            return None
        sections = sections_of(store.passages(document.id), request.passage, request.quote)
        if not any(passage.is_target for part in sections for passage in part.passages):
            return None
        return self._filled(_SOURCE, request, document=document, sections=sections)

    def _filled(self, template: str, request: SourceRequest, **values: object) -> str:
        texts = section(request.lang, "source")
        return self._templates.get_template(template).render(
            lang=request.lang, base=request.base, texts=texts, **values
        )

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


async def get_source(request: web.Request) -> web.Response:
    """`GET /sources/{document}/{passage}?quote=a-b`: the document, with characters a to b of the passage marked."""
    sources = request.app[SOURCES]
    asked = _asked(request)
    page = await sources.render(asked)
    if page is None:
        return web.Response(text=sources.render_not_found(asked), status=404, content_type="text/html")
    return web.Response(text=page, content_type="text/html")


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


def _asked(request: web.Request) -> SourceRequest:
    passage = _NUMBER.fullmatch(request.match_info["passage"])
    quote = _QUOTE.fullmatch(request.query.get("quote", ""))
    return SourceRequest(
        document=request.match_info["document"],
        passage=int(passage[0]) if passage else 0,
        quote=(int(quote[1]), int(quote[2])) if quote else None,
        lang=chosen_language(request),
        base="/".join([".."] * (request.rel_url.raw_path.count("/") - 1)),
    )
