"""Web pages and files for the library, from the hosts that the operator allows and from no other."""

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from http.client import HTTPMessage
from pathlib import Path
from typing import IO
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from bot.additions.stocking import Incoming
from knowledge.errors import StadtlotseError
from knowledge.indexing.stock import Notes
from knowledge.settings import Settings

_SECONDS = 30
_BYTES = 100 * 1024 * 1024
_ENDINGS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "text/markdown": ".md",
}


def is_address(source: str) -> bool:
    """Whether a source is a web address and no path."""
    return source.startswith(("http://", "https://"))


def check_allowed(settings: Settings, address: str) -> None:
    """Raise `StadtlotseError` where the operator does not allow the host of an address."""
    host = urlsplit(address).hostname or ""
    allowed = {one.strip().casefold() for one in settings.document_hosts.split(",") if one.strip()}
    if host.casefold() not in allowed:
        raise StadtlotseError(
            f"{host or address} is not among the hosts that may be fetched from;"
            f" set STADTLOTSE_DOCUMENT_HOSTS={host or 'HOST'} to allow it, or save the file and add that."
        )


def fetched(settings: Settings, address: str, *, pages: int, into: str, notes: Notes, folder: Path) -> list[Incoming]:
    """What lies at an address, and up to `pages` in all of what it links to below it, stored in `folder`.

    Raises `StadtlotseError` where the host is not allowed or the address cannot be fetched; of linked pages those that
    cannot are left out.
    """
    waiting, seen = [address], {urldefrag(address).url}
    found: list[Incoming] = []
    while waiting and len(found) < pages:
        wanted = waiting.pop(0)
        try:
            content, kind, final = _get(settings, wanted)
        except StadtlotseError:
            if wanted == address:
                raise
            continue
        name = _file_name(final, kind)
        path = folder / str(len(found)) / Path(name).name
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
        below = "/".join(part for part in (into, urlsplit(final).hostname or "", name) if part)
        found.append(Incoming(name=below, path=path, notes=notes.model_copy(update={"origin": final})))
        if _ENDINGS.get(kind) == ".html" and len(found) < pages:
            for link in _links(content, final):
                if link not in seen and _is_below(link, address):
                    seen.add(link)
                    waiting.append(link)
    return found


class _AllowedRedirects(urllib.request.HTTPRedirectHandler):
    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        check_allowed(self._settings, newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _get(settings: Settings, address: str) -> tuple[bytes, str, str]:
    """Content, media type and final address."""
    check_allowed(settings, address)
    opener = urllib.request.build_opener(_AllowedRedirects(settings))
    request = urllib.request.Request(address, headers={"User-Agent": "Stadtlotse"})  # noqa: S310  # checked above
    with _told(address), opener.open(request, timeout=_SECONDS) as response:
        content = response.read(_BYTES + 1)
        if len(content) > _BYTES:
            raise StadtlotseError(f"{address} is larger than {_BYTES // 1024**2} MB; save and divide it.")
        return content, response.headers.get_content_type(), response.url


@contextmanager
def _told(address: str) -> Iterator[None]:
    try:
        yield
    except urllib.error.HTTPError as error:
        with error:
            raise StadtlotseError(f"{address} answers with status {error.code}; check the address.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise StadtlotseError(f"{address} cannot be fetched ({reason}); check address and network.") from error


def _file_name(address: str, kind: str) -> str:
    """A path for the file from its address, with the ending of its kind."""
    path = unquote(urlsplit(address).path).strip("/") or "index"
    query = urlsplit(address).query
    parts = [
        re.sub(r"[^\w.\- ]+", "_", part).lstrip(".") or "_"
        for part in f"{path}{f'_{query}' if query else ''}".split("/")
    ]
    name = "/".join(parts)
    ending = _ENDINGS.get(kind)
    return name if ending is None or name.casefold().endswith(ending) else f"{name}{ending}"


def _is_below(link: str, address: str) -> bool:
    one, other = urlsplit(link), urlsplit(address)
    return (one.scheme, one.netloc) == (other.scheme, other.netloc) and one.path.startswith(
        other.path.rpartition("/")[0] + "/"
    )


def _links(content: bytes, base: str) -> list[str]:
    parser = _Links()
    parser.feed(content.decode("utf-8", "replace"))
    return [urldefrag(urljoin(base, link)).url for link in parser.found]


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]
