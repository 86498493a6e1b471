"""Every sentence people see: one file per language and section, under `knowledge/texts/`."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from knowledge.errors import StadtlotseError
from knowledge.messages import Language

TEXTS = Path(__file__).parent / "texts"
# The section with short plain variants of other sections' texts, by their whole keys.
_PLAIN = "plain"
_is_plain: ContextVar[bool] = ContextVar("plain", default=False)


@contextmanager
def wording(*, plain: bool) -> Iterator[None]:
    """Within it, texts come in their plain variants where they have one."""
    token = _is_plain.set(plain)
    try:
        yield
    finally:
        _is_plain.reset(token)


def is_plain() -> bool:
    """Whether texts come in their plain variants."""
    return _is_plain.get()


def text(lang: Language, key: str, **values: object) -> str:
    """The text under a key such as 'gateway.unavailable', with its `{placeholders}` filled from `values`.

    Raises `StadtlotseError` where the key is unknown or a placeholder gets no value.
    """
    name, _, entry = key.partition(".")
    entries = section(lang, name)
    if entry not in entries:
        raise StadtlotseError(f"{_file(lang, name)} has no text '{entry}'; add it in every language.")
    said = section(lang, _PLAIN).get(key, entries[entry]) if _is_plain.get() else entries[entry]
    try:
        return said.format(**values)
    except (KeyError, IndexError, ValueError) as error:
        raise StadtlotseError(f"{_file(lang, name)}: '{entry}' can't be filled: placeholder {error}.") from error


@lru_cache
def section(lang: Language, name: str) -> Mapping[str, str]:
    """All texts of one section in one language, by their keys; read once.

    Raises `StadtlotseError` where the file is missing or is no flat mapping from names to texts.
    """
    path = _file(lang, name)
    try:
        raw = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise StadtlotseError(f"{path} is missing; every section of texts needs a file in every language.") from error
    except (UnicodeDecodeError, YAMLError) as error:
        raise StadtlotseError(f"{path} is not valid YAML: {' '.join(str(error).split())}") from error
    if not isinstance(raw, dict):
        raise StadtlotseError(f"{path} must map names to texts.")
    for key, value in raw.items():
        if not (isinstance(key, str) and isinstance(value, str)):
            raise StadtlotseError(f"{path}: '{key}' must be a name with a text; put quotes around the text.")
    return MappingProxyType(raw)


def sections(lang: Language) -> list[str]:
    """Names of the sections that a language has."""
    return sorted(path.stem for path in (TEXTS / lang).glob("*.yml"))


def _file(lang: Language, name: str) -> Path:
    return TEXTS / lang / f"{name}.yml"
