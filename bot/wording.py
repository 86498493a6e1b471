"""How a source is named, in the same words on every platform."""

from urllib.parse import urljoin, urlsplit

from knowledge.messages import Citation, Language, Progress
from knowledge.retrieval.citing import shown_date
from knowledge.texts import text


def source_label(citation: Citation, lang: Language) -> str:
    """Title, heading, page and date of a source, as far as they are known."""
    page = text(lang, "channels.page", page=citation.page) if citation.page else None
    as_of = text(lang, "channels.as_of", date=shown_date(citation.as_of, lang)) if citation.as_of else None
    return ", ".join(part for part in (citation.title, citation.heading, page, as_of) if part)


def source_link(citation: Citation, base: str) -> str:
    """The whole address of the source page that shows the quote; `base` is the gateway's."""
    return urljoin(f"{base.rstrip('/')}/", citation.url.lstrip("/"))


def origin_name(url: str) -> str:
    """The host of a web address, for people."""
    return urlsplit(url).netloc.removeprefix("www.") or url


def step_label(progress: Progress, lang: Language) -> str:
    """Where a guided search stands: 'Schritt 2 von 4: Thema'."""
    return text(lang, "channels.step", step=progress.step, of=progress.of, label=progress.label)
