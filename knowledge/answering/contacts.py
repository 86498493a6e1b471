"""The offices that the operator names for those who want to talk to somebody: one YAML file, checked as a whole."""

import re
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from knowledge.errors import StadtlotseError
from knowledge.factsheet import Bilingual
from knowledge.linguistics.text import folded
from knowledge.messages import Language

MAIL_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_LENGTH = 254  # of an address, by RFC 5321


def _in_both_languages(value: object) -> object:
    return {"de": value, "en": value} if isinstance(value, str) else value


def _mail_address(value: str) -> str:
    if not is_mail_address(value):
        raise ValueError("it is no e-mail address")
    return value


Words = Annotated[Bilingual, BeforeValidator(_in_both_languages)]


class Contact(BaseModel):
    """An office, how it is reached, and what it is asked about."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, str_min_length=1, frozen=True)

    key: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    office: Words
    email: Annotated[str, Field(max_length=_LENGTH), BeforeValidator(_mail_address)] | None = None
    telephone: str | None = None
    hours: Words | None = None
    programmes: tuple[str, ...] = Field((), description="Keys of fact sheets")
    topics: tuple[str, ...] = Field((), description="Words of questions, also as a part of longer words")

    @model_validator(mode="after")
    def _can_be_reached(self) -> "Contact":
        if not (self.email or self.telephone):
            raise ValueError("give an email or a telephone")
        return self

    @property
    def is_general(self) -> bool:
        """Whether it is for all that no other office is for."""
        return not (self.programmes or self.topics)

    def office_in(self, lang: Language) -> str:
        """The office's name in a language."""
        return str(getattr(self.office, lang))

    def is_about(self, words: str) -> bool:
        """Whether words of a question are among its topics."""
        said = folded(words)
        return any(re.search(rf"\b{re.escape(folded(topic))}", said) for topic in self.topics)


class Contacts(BaseModel):
    """All offices of an installation; none where the operator named none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    contacts: tuple[Contact, ...] = ()

    @model_validator(mode="after")
    def _are_told_apart(self) -> "Contacts":
        keys = [contact.key for contact in self.contacts]
        if doubled := sorted({key for key in keys if keys.count(key) > 1}):
            raise ValueError(f"keys stand twice: {', '.join(doubled)}")
        if len(general := [contact.key for contact in self.contacts if contact.is_general]) > 1:
            raise ValueError(f"only one contact may have neither programmes nor topics, not {', '.join(general)}")
        return self

    @classmethod
    def read(cls, path: Path | None) -> "Contacts":
        """The contacts in a file; none without one.

        Raises `StadtlotseError` that names the file, the field and what is wrong with it.
        """
        if path is None:
            return cls()
        try:
            raw = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
            return cls.model_validate(raw)
        except OSError as error:
            raise StadtlotseError(f"{path} cannot be read ({error.strerror}); correct STADTLOTSE_CONTACTS.") from error
        except (UnicodeDecodeError, YAMLError) as error:
            raise StadtlotseError(f"{path} is not valid YAML: {' '.join(str(error).split())}") from error
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in first["loc"]) or "the file"
            raise StadtlotseError(f"{path}: {where}: {first['msg'].removeprefix('Value error, ')}.") from error

    def of_key(self, key: str) -> Contact | None:
        """The contact of that key."""
        return next((contact for contact in self.contacts if contact.key == key), None)

    def of(self, programme: str | None, words: str) -> Contact | None:
        """The office for a programme, else for the words of a question, else for everything."""
        for fits in (
            lambda contact: programme in contact.programmes,
            lambda contact: contact.is_about(words),
            lambda contact: contact.is_general,
        ):
            if found := next(filter(fits, self.contacts), None):
                return found
        return None

    def unknown_programmes(self, known: set[str]) -> list[str]:
        """Keys of programmes in the file that no fact sheet has."""
        return sorted({key for contact in self.contacts for key in contact.programmes} - known)


def is_mail_address(value: str) -> bool:
    """Whether it looks like an address to which mail can be sent."""
    return len(value) <= _LENGTH and MAIL_ADDRESS.fullmatch(value) is not None
