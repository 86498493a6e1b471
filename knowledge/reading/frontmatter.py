"""The YAML block at the head of a Markdown file."""

import re
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from knowledge.messages import LANGUAGES, Language

_BLOCK = re.compile(r"\A---\s*\n(.*?)\n---\s*\n", re.DOTALL)

_DATE = ("date", "stand", "datum", "updated", "last_modified", "lastmod")
_PUBLISHER = ("publisher", "herausgeber", "organisation", "organization", "author", "autor", "verfasser")


@dataclass(frozen=True)
class FrontMatter:
    """What a text file says of itself before it begins."""

    title: str | None = None
    date: str | None = None
    lang: Language | None = None
    sources: tuple[str, ...] = ()
    publisher: str | None = None


def split_front_matter(text: str) -> tuple[FrontMatter, str]:
    """The front matter of a text and the text without it; what is not valid YAML counts as text."""
    match = _BLOCK.match(text)
    if match is None:
        return FrontMatter(), text
    try:
        values = YAML(typ="safe").load(match.group(1))
    except YAMLError:
        return FrontMatter(), text
    if not isinstance(values, dict):
        return FrontMatter(), text
    return _from_values(values), text[match.end() :]


def _from_values(values: dict[str, Any]) -> FrontMatter:
    sources = values.get("sources") or ()
    publisher = next((values[key] for key in _PUBLISHER if isinstance(values.get(key), str)), None)
    lang = next((known for known in LANGUAGES if known == values.get("lang")), None)
    return FrontMatter(
        title=str(values["title"]) if values.get("title") else None,
        date=next((str(values[key]) for key in _DATE if values.get(key)), None),
        lang=lang,
        sources=tuple(str(source) for source in sources) if isinstance(sources, list) else (str(sources),),
        publisher=publisher,
    )
