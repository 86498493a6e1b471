"""Plain-text tools shared by reading, indexing and answering: cleaning, sentences, words."""

import re
import unicodedata
from functools import lru_cache

from knowledge.linguistics.words import word_list

_INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85]")
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_WORD = re.compile(r"[^\W_]+(?:[.'’&+-][^\W_]+)*")
# No sign before these is an accent that stands by itself.
_ACCENTED = re.compile(r"[^\x00-\u02ff]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")

# After these a full stop does not end a sentence.
_ABBREVIATIONS = frozenset(word_list("abbreviations"))
_BOUNDARY = re.compile(r"(?<=[.!?…])([\"'“”»)\]]*)(\s+)(?=[\"'„“»(\[]*[A-ZÄÖÜ0-9])")


def clean(text: str) -> str:
    """Text in NFC without invisible and control characters, its runs of blanks made one."""
    text = unicodedata.normalize("NFC", text).translate(_INVISIBLE).replace("\r\n", "\n").replace("\r", "\n")
    text = _SPACES.sub(" ", _CONTROL.sub("", text))
    return "\n".join(line.strip() for line in text.split("\n")).strip()


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans (start, end) of the sentences of German or English text; a line break ends one too.

    Every character but white space between sentences lies in exactly one span.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for line in text.splitlines(keepends=True):
        end = start + len(line)
        begin = start
        for match in _BOUNDARY.finditer(text, start, end):
            stop = match.end(1)
            if match.end() >= end or _continues(text, begin, stop, match.end()):
                continue
            spans.append((begin, stop))
            begin = match.end()
        stripped = text[begin:end].rstrip()
        lead = len(stripped) - len(stripped.lstrip())
        if stripped:
            spans.append((begin + lead, begin + len(stripped)))
        start = end
    return spans


def _continues(text: str, begin: int, stop: int, following: int) -> bool:
    """Whether the full stop before `stop` belongs to an abbreviation, ordinal, date or initial."""
    before = text[begin:stop].rstrip("\"'“”»)]")
    if not before.endswith("."):
        return False
    last = re.search(r"[^\s(„\"]+$", before[:-1])
    if last is None:
        return False
    word = last.group().lower()
    if word.rpartition(".")[2] in _ABBREVIATIONS or re.fullmatch(r"[^\W\d_]", word.rpartition(".")[2]):
        return True
    if word.isdigit() and len(word) <= 2:
        return True
    return False


def words(text: str) -> list[str]:
    """The words and numbers of a text, lower case, in order; hyphenated words stay one."""
    return _WORD.findall(text.casefold())


def words_with_places(text: str) -> list[tuple[str, int]]:
    """The words and numbers of a text as they are written, each with the place of its first character."""
    return [(match.group(), match.start()) for match in _WORD.finditer(text)]


def numbers(text: str) -> set[str]:
    """The numbers of a text as written, without thousands separators: '1.572' → '1572', '2,5' → '2.5'."""
    return {_plain_number(match.group()) for match in _NUMBER.finditer(text)}


def may_hold(text: str, number: str) -> bool:
    """False only where a text surely lacks a number that `numbers` would give; much quicker than that."""
    return bool(_spelling(number).search(text))


@lru_cache(maxsize=256)
def _spelling(number: str) -> "re.Pattern[str]":
    digits = [char for char in number if char.isdigit()]
    return re.compile("[.,]?".join(map(re.escape, digits)))


def _plain_number(number: str) -> str:
    if number.isdigit():
        return number
    if re.fullmatch(r"\d{1,3}(\.\d{3})+(,\d+)?", number):
        number = number.replace(".", "")
    elif re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", number):
        number = number.replace(",", "")
    return number.replace(",", ".")


@lru_cache(maxsize=65536)
def folded(word: str) -> str:
    """A word in the spelling shared by all its spellings: umlauts and ß written out, accents dropped."""
    return folded_text(word)


def folded_text(word: str) -> str:
    """A text as `folded` gives it, but not kept: for those that are long."""
    word = unicodedata.normalize("NFC", word).casefold()
    word = word.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    return word if word.isascii() else _ACCENTED.sub(_unaccented, unicodedata.normalize("NFKD", word))


def folded_with_places(text: str) -> tuple[str, list[int]]:
    """A text folded sign by sign, and for each sign of it and for its end the place in the text it comes from."""
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        plain = folded(sign)
        signs.append(plain)
        places += [place] * len(plain)
    return "".join(signs), [*places, len(text)]


def _unaccented(char: "re.Match[str]") -> str:
    return "" if unicodedata.combining(char[0]) else char[0]
