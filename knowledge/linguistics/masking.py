"""Taking out of a text what tells who wrote it or of whom: addresses, numbers, accounts, names.

Contact data have a form by which they are recognised. Names have none: taken out is what follows a salutation, an
introduction or a closing, and common given names with the surname behind them. A rare name, or a surname alone in
lower case, stays; whoever reads masked texts has to know that.
"""

import re
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

from knowledge.linguistics.text import folded

MASK = "…"

_NAMES = Path(__file__).parent / "given_names.yml"
_MAIL_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_IBAN = re.compile(r"\b[A-Z]{2}[0-9]{2}(?:[ -]?[0-9A-Z]{4}){2,7}(?:[ -]?[0-9A-Z]{1,3})?\b", re.IGNORECASE)
_IBAN_DIGITS = 10
_TELEPHONE = re.compile(
    r"(?<![\w.])(?![0-9]{1,2}\.[0-9]{1,2}\.)(?:\+|00?(?=[1-9]))[0-9](?:[ /().-]{0,3}[0-9]){5,}(?!\w)"  # but no date
    r"|(?i:(?<=\bTel )|(?<=\bTel\. )|(?<=\bTel\.: )|(?<=\bTelefon )|(?<=\bTelefon: )|(?<=\bDurchwahl )|(?<=\bDW )"
    r"|(?<=\bHandy )|(?<=\bMobil )|(?<=\bFax )|(?<=\bphone )|(?<=\bext\. ))[0-9](?:[ /().-]{0,3}[0-9]){2,}(?!\w)"
)
_PARTICLE = r"(?:von|van|de|der|den|del|di|el|al|ter|ten)"
_CAPITALISED = r"[A-ZÄÖÜ][\wäöüß'’-]*[a-zäöüß]"
_FULL_NAME = rf"(?:{_PARTICLE} )*{_CAPITALISED}(?: (?:{_PARTICLE} )*{_CAPITALISED})?"
_TITLE = r"(?:Dr\.|Prof\.|Professor(?:in)?|Dipl\.-Ing\.|med\.|h\. ?c\.)"
_ADDRESSED = re.compile(
    rf"(?P<kept>\b(?:[Hh]errn?|[Ff]rau|HERRN?|FRAU|[Hh]r\.|[Ff]r\.|[Mm]rs?\.?|[Mm]s\.?|[Mm]iss|[Kk]olleg(?:e|en|in)"
    rf"|{_TITLE}) (?:{_TITLE} )*)(?P<name>{_FULL_NAME}|(?P<small>[\wäöüß-]+))"
)
_INTRODUCED = re.compile(
    rf"(?P<kept>\b(?i:mein name ist|ich hei(?:ß|ss)e|hier ist|hier spricht|my name is|i['’]m called) )"
    rf"(?P<name>{_FULL_NAME}|(?P<small>[\wäöüß-]+(?: [\wäöüß-]+)?))"
)
_CLOSED = re.compile(
    rf"(?P<kept>\b(?i:(?:viele |beste |liebe |freundliche[nr]? |mit freundlichen )?(?:grüße|grüßen|gruß|gruss)"
    rf"|mfg|lg|vg|(?:best|kind) regards|cheers),? +)(?P<name>{_FULL_NAME})"
)
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_SURNAME = re.compile(rf" (?:{_PARTICLE} )*{_CAPITALISED}")


def masked(text: str, keep: frozenset[str] = frozenset()) -> str:
    """`text` with `MASK` in place of contact data and of names, as far as these can be told.

    `keep` holds folded words that are no names here, such as those of programmes.
    """
    text = without_contact_data(text)
    for pattern in (_ADDRESSED, _INTRODUCED, _CLOSED):
        text = pattern.sub(_hidden, text)
    return _without_given_names(text, keep)


def without_contact_data(text: str) -> str:
    """`text` with `MASK` in place of mail addresses, telephone numbers and IBANs."""
    text = _MAIL_ADDRESS.sub(MASK, text)
    return _TELEPHONE.sub(MASK, _IBAN.sub(_account, text))


def _account(match: "re.Match[str]") -> str:
    found = match.group()
    return MASK if sum(map(str.isdigit, found)) >= _IBAN_DIGITS else found


def _hidden(match: "re.Match[str]") -> str:
    small = match.groupdict().get("small")
    if small and folded(small.split()[0]) in _no_names():
        return match.group()
    return match.group("kept") + MASK


def _without_given_names(text: str, keep: frozenset[str]) -> str:
    parts: list[str] = []
    end = 0
    for word in _WORD.finditer(text):
        if word.start() < end or not _is_given_name(word.group(), keep):
            continue
        parts += [text[end : word.start()], MASK]
        end = word.end()
        surname = _SURNAME.match(text, end) if word.group()[0].isupper() else None
        if surname and folded(surname.group().split()[-1]) not in keep:
            end = surname.end()
    return "".join([*parts, text[end:]])


def _is_given_name(word: str, keep: frozenset[str]) -> bool:
    """Whether a word is a given name; of a double name ('Anna-Lena') both parts must be."""
    names = _given_names()
    pieces = [folded(piece) for piece in word.split("-")]
    if not pieces[-1] or folded(word) in keep:
        return False
    return all(piece in names for piece in pieces)


@lru_cache
def _given_names() -> frozenset[str]:
    return frozenset(folded(name) for name in _lists()["given_names"].split())


@lru_cache
def _no_names() -> frozenset[str]:
    return frozenset(folded(word) for word in _lists()["no_names"].split())


@lru_cache
def _lists() -> dict[str, str]:
    lists: dict[str, str] = YAML(typ="safe").load(_NAMES.read_text(encoding="utf-8"))
    return lists
