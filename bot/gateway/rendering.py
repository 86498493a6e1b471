"""Filling in the pages besides the chat; their templates lie in `templates/`."""

from pathlib import Path

import jinja2
from aiohttp import web

from knowledge.messages import Language

_TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    auto_reload=False,
)
# Read at the start, so that an update of the files does not change a gateway that runs.
for _name in _TEMPLATES.list_templates():
    _TEMPLATES.get_template(_name)


def render(template: str, lang: Language, base: str, **values: object) -> str:
    """A page as HTML; `base` leads from its address to the chat's, without a slash at its end."""
    return _TEMPLATES.get_template(template).render(lang=lang, base=base, **values)


def way_back(request: web.Request) -> str:
    """The `base` of a page at the address of a request: how to the chat's, wherever a proxy put that."""
    return "/".join([".."] * (request.rel_url.raw_path.count("/") - 1)) or "."
