"""Recognising programmes by any of their names, in spite of typos and spellings."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.factsheet import FactSheet
from knowledge.linguistics.slips import is_another_compound
from knowledge.linguistics.terms import STOPWORDS
from knowledge.linguistics.text import folded, words_with_places
from knowledge.linguistics.words import word_list
from knowledge.messages import Language
from knowledge.recognition.laender import place_words

# One slip in five to eight letters, two in longer words; shorter ones must be spelled right.
_SLIPS = ((5, 1), (9, 2))
_DIGIT = re.compile(r"\d")
_KEPT_TEXTS = 64
# Behind a name at the end: 'URBACT V', 'DigitalPakt 3'.
_EDITION = re.compile(r" (\d{1,2}|[ivx]{1,4})$", re.IGNORECASE)
_INNER = re.compile(r"[.'’&+-]")
_BETWEEN_PARTS = re.compile(r" – |[()„“”\"]")
_JOINS_SEVERAL = re.compile(r"[:,] | (?:und|and) ")
_PART = re.compile(r"[^.'’&+-]+")
_PLACES = frozenset(place_words())
GENERIC = frozenset(map(folded, word_list("generic_name_words")))


@dataclass(frozen=True)
class Mention:
    """A programme named in a text, and the words that name it."""

    key: str
    words: tuple[str, ...]
    exact: bool
    primary: bool
    """Whether this is the programme's own name, not one of a part of it or of something near."""
    name: tuple[str, ...] = ()
    """The name that the words stand for, which a slip may have changed."""
    span: tuple[int, int] | None = None
    """First character of those words in the text and one past their last, where they stand together."""


class Names:
    """All names of all fact sheets, as folded words."""

    def __init__(self, sheets: Sequence[FactSheet]) -> None:
        by_name: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for sheet in sheets:
            for name in sheet.names:
                by_name[_folded_words(name)].add(sheet.key)
        self._by_name = dict(by_name)
        self._languages: dict[tuple[str, str], Language] = {}
        """In which language a sheet has a name that it has not in the other."""
        for sheet in sheets:
            german, english = ("".join(_folded_words(name)) for name in (sheet.name.de, sheet.name.en))
            if german != english:
                self._languages |= {(sheet.key, german): "de", (sheet.key, english): "en"}
        self._primary = {(sheet.key, "".join(_folded_words(name))) for sheet in sheets for name in sheet.own_names}
        self._own: dict[str, list[frozenset[str]]] = defaultdict(list)
        """The words of each part of a sheet's own names that names one thing."""
        for sheet in sheets:
            name_parts = [part for name in sheet.own_names for part in _BETWEEN_PARTS.split(name)]
            one_thing = [part for part in name_parts if part.strip() and not _JOINS_SEVERAL.search(part)]
            self._own[sheet.key] = [frozenset(_folded_words(part)) for part in one_thing]
        self._names = [name for name in self._by_name if len(name) > 1]
        """Names of several words."""
        self._places: dict[str, list[int]] = defaultdict(list)
        """Where in `_names` those are that begin with a word."""
        for place, (word, *_) in enumerate(self._names):
            self._places[word].append(place)
        self._spellings: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for spelled in self._by_name:
            self._spellings["".join(spelled)].append(spelled)
        self._joined = {"".join(name): name for name in self._by_name}
        self._longest = max(map(len, self._by_name), default=0)
        # A figure tells one name from another ("Landkreise 4.0" from every Landkreis), so it is never a slip.
        self._fuzzy = [one for one in self._joined if len(one) >= _SLIPS[0][0] and not _DIGIT.search(one)]
        self._about_as_long = lru_cache(maxsize=None)(self._of_length)
        self._last_mentions = lru_cache(maxsize=_KEPT_TEXTS)(self._mentions)

    def language_of(self, mention: Mention) -> Language | None:
        """The language in which a programme is called as a mention calls it; None where it is so in both."""
        return self._languages.get((mention.key, "".join(mention.name)))

    def mentions(self, text: str) -> list[Mention]:
        """Programmes a text names, in its order; the longest name wins where several fit.

        The words of a longer name may stand apart ('smart city workshop vku köln' for 'VKU-Workshop Köln'). Those of
        the last texts are kept, as a turn asks for them in several places.
        """
        return list(self._last_mentions(text))

    def _mentions(self, text: str) -> list[Mention]:
        tokens, places = _tokens(text)
        in_a_row = self._in_a_row(tokens, places)
        scattered = [self._placed(one, tokens, places, in_a_row) for one in self._scattered(tokens)]
        kept = [one for one in in_a_row if not any(set(one.words) < set(other.words) for other in scattered)]
        return kept + [one for one in scattered if not any(set(one.words) <= set(other.words) for other in kept)]

    def _scattered(self, tokens: tuple[str, ...]) -> list[Mention]:
        """Names of at least two telling words that all stand somewhere in the text; the longest ones only."""
        there = frozenset(tokens)
        begun = sorted(place for word in there for place in self._places.get(word, ()))
        fits = [name for name in map(self._names.__getitem__, begun) if there.issuperset(name)]
        fits = [name for name in fits if len(set(name) - GENERIC - STOPWORDS) >= 1]
        longest = [name for name in fits if not any(set(name) < set(other) for other in fits)]
        return [self._mention(key, name, name, True) for name in longest for key in sorted(self._by_name[name])]

    def _placed(
        self, mention: Mention, tokens: tuple[str, ...], places: Sequence[tuple[int, int]], in_a_row: Sequence[Mention]
    ) -> Mention:
        """A mention with its span where only words of grammar stand between its words ('EFRE in NRW').

        Elsewhere with the span of a shorter name of the same programme, if there is one.
        """
        at = [tokens.index(word) for word in mention.words]
        first, last = min(at), max(at)
        if all(tokens[place] in STOPWORDS or tokens[place] in mention.words for place in range(first, last + 1)):
            return replace(mention, span=(places[first][0], places[last][1]))
        return replace(mention, span=next((one.span for one in in_a_row if one.key == mention.key), None))

    def _mention(
        self,
        key: str,
        name: tuple[str, ...],
        words: tuple[str, ...],
        exact: bool,
        span: tuple[int, int] | None = None,
    ) -> Mention:
        return Mention(key, words, exact, (key, "".join(name)) in self._primary, name, span)

    def _in_a_row(self, tokens: tuple[str, ...], places: Sequence[tuple[int, int]]) -> list[Mention]:
        found: list[Mention] = []
        start = 0
        while start < len(tokens):
            match = self._match_at(tokens, start)
            if match is None:
                start += 1
                continue
            length, name, exact = match
            said = tokens[start : start + length]
            span = (places[start][0], places[start + length - 1][1])
            found.extend(self._mention(key, name, said, exact, span) for key in sorted(self._by_name[name]))
            start += length
        return found

    def exact(self, text: str) -> list[str]:
        """Keys of the programmes a text names without a slip, each once, sorted."""
        tokens = _folded_words(text)
        found: set[str] = set()
        for start in range(len(tokens)):
            for length in range(1, min(self._longest, len(tokens) - start) + 1):
                found |= self._by_name.get(tokens[start : start + length], set())
        return sorted(found)

    def edition(self, text: str) -> str | None:
        """The number or Roman numeral that a text puts behind the name of a programme and that is no part of it."""
        plain = text.rstrip(" ?!.")
        for mention in self.mentions(plain):
            match = _EDITION.match(plain, mention.span[1]) if mention.span else None
            if match is not None:
                return folded(match[1])
        return None

    def is_own(self, mention: Mention) -> bool:
        """Whether a mention is the programme's own name or part of it, as 'Interreg B' is of 'Interreg B 2021–2027'.

        What joins several things has no name of its own whose part would mean them all.
        """
        # 'Stadt.Land.Digtial' stands for all ways of writing that name.
        said = [set(mention.words), *map(set, self._spellings.get("".join(mention.name), ()))]
        return mention.primary or any(words <= name for words in said for name in self._own[mention.key])

    def is_part(self, word: str, mentions: Sequence[Mention]) -> bool:
        """Whether a folded word belongs to the own name of a programme that is mentioned."""
        return any(word in name for mention in mentions for name in self._own[mention.key])

    def _match_at(self, tokens: tuple[str, ...], start: int) -> tuple[int, tuple[str, ...], bool] | None:
        spans = range(min(self._longest + 2, len(tokens) - start), 0, -1)
        for length in spans:
            joined = "".join(tokens[start : start + length])
            if joined in self._joined:
                return length, self._joined[joined], True
        for length in spans:
            name = self._misspelt(tokens[start : start + length])
            if name is not None:
                return length, name, False
        return None

    def _misspelt(self, span: tuple[str, ...]) -> tuple[str, ...] | None:
        joined = "".join(span)
        slips = max((allowed for length, allowed in _SLIPS if len(joined) >= length), default=0)
        if not slips or _DIGIT.search(joined) or span[0] in STOPWORDS:
            return None
        if all(word in GENERIC for word in span):
            return None
        near = self._about_as_long(len(joined), slips)
        best = process.extractOne(joined, near, scorer=OSA.distance, score_cutoff=slips)
        if best is None or best[0][:1] != joined[:1] or is_another_compound(joined, best[0]):
            return None
        name = self._joined[best[0]]
        # One town is no slip of another: 'Regionenworkshop in Kiel' is not the one in Köln.
        return None if any(word in _PLACES and word not in name for word in span) else name

    def _of_length(self, length: int, slips: int) -> list[str]:
        """The names, as one word each, that so many slips can turn into a word of this length."""
        return [name for name in self._fuzzy if abs(len(name) - length) <= slips]


def is_named(word: str, name_words: frozenset[str]) -> bool:
    """Whether all parts of a folded word belong to a programme's name, as those of 'stadt.land.digital' do."""
    return all(part in name_words for part in _INNER.split(word) if part)


def _folded_words(text: str) -> tuple[str, ...]:
    """Words without case, umlauts and inner punctuation: 'Stadt.Land.Digital' → stadt, land, digital."""
    return _tokens(text)[0]


def _tokens(text: str) -> tuple[tuple[str, ...], list[tuple[int, int]]]:
    """Such words, and where each stands in the text."""
    tokens: list[str] = []
    places: list[tuple[int, int]] = []
    for word, start in words_with_places(text):
        for part in _PART.finditer(word):
            tokens.append(folded(part.group()))
            places.append((start + part.start(), start + part.end()))
    return tuple(tokens), places
