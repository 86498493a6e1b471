"""Search terms: German and English words as stems, compounds together with their parts."""

import re
from collections.abc import Collection, Iterable
from functools import lru_cache

import Stemmer

from knowledge.linguistics.text import folded, words
from knowledge.linguistics.words import word_list
from knowledge.messages import Language

_STEMMERS = {"de": Stemmer.Stemmer("german"), "en": Stemmer.Stemmer("english")}
# Words of grammar and of asking; they tell nothing about what is asked.
STOPWORDS = frozenset(map(folded, word_list("stopwords")))
_LINKS = ("", "s", "n", "en", "es", "e", "er")
_MIN_COMPOUND = 8
_MIN_PART = 4
_MIN_VERB = 4
_PARTICIPLE = re.compile(r"ge(?P<verb>[a-z]{4,}?)(?P<ending>t?)")


# Number words by their stems; '3. Staffel', 'dritte Staffel' and 'drei Staffeln' meet in one term.
_NUMBERS = {
    "erst": "1", "zwei": "2", "zweit": "2", "drei": "3", "dritt": "3", "vier": "4", "viert": "4", "funf": "5",
    "fuenf": "5", "funft": "5", "sech": "6", "sechs": "6", "sechst": "6", "sieb": "7", "sieben": "7", "siebt": "7",
    "acht": "8", "neun": "9", "neunt": "9", "zehn": "10", "zehnt": "10", "elf": "11", "zwolf": "12", "zwoelf": "12",
    "first": "1", "two": "2", "second": "2", "three": "3", "third": "3", "four": "4", "fourth": "4", "five": "5",
    "fifth": "5", "six": "6", "sixth": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10", "twelv": "12",
}  # fmt: skip


@lru_cache(maxsize=262144)
def stem(word: str, lang: Language) -> str:
    """The stem of one word, umlauts written out so that both spellings meet, number words as figures."""
    stemmed = str(_STEMMERS[lang].stemWord(folded(word)))
    return _NUMBERS.get(stemmed, stemmed)


def participles(stemmed: str) -> tuple[str, ...]:
    """The stem of the verb's noun for that of a German participle, and the other way round, as far as form tells.

    'gefordert' → 'forder' (Förderung), 'grundung' (Gründung) → 'gegrund'. Not all of them are words.
    """
    if match := _PARTICIPLE.fullmatch(stemmed):
        verb = match["verb"]
        return (verb, f"{verb}ung") if match["ending"] else (f"{verb}ung",)
    verb = stemmed.removesuffix("ung")
    if len(verb) < _MIN_VERB:
        return ()
    return (f"ge{verb}t", f"ge{verb}") if verb != stemmed else (f"ge{verb}t",)


class Terms:
    """Turns text into search terms, with compounds split into words that the indexed text knows."""

    def __init__(self, vocabulary: Collection[str] = frozenset()) -> None:
        """`vocabulary`, which is asked for single words only, may lie on disk."""
        self.vocabulary = vocabulary
        self._terms_of = lru_cache(maxsize=262144)(self._word_terms)

    @classmethod
    def of_texts(cls, texts: Iterable[str]) -> "Terms":
        """Terms whose compounds are split into the words of these texts."""
        known = (folded(word) for text in texts for word in _pieces(text))
        return cls(
            frozenset(word for word in known if len(word) >= _MIN_PART and word.isalpha() and word not in STOPWORDS)
        )

    def passage_terms(self, text: str, lang: Language) -> list[str]:
        """The terms under which a text in `lang` is found, repetitions kept, compounds followed by their parts."""
        return [term for word in _pieces(text) for term in self._terms_of(word, lang)]

    def query_words(self, text: str, lang: Language) -> list[tuple[str, list[str]]]:
        """The words a question asks for, words of grammar left out: (word, its stem and those of its parts), each once.

        A hyphenated word comes with its parts as a compound does.
        """
        wanted = dict.fromkeys(word for word in words(text) if folded(word) not in STOPWORDS)
        return [(word, list(dict.fromkeys(self.passage_terms(word, lang)))) for word in wanted]

    def _word_terms(self, word: str, lang: Language) -> list[str]:
        return [stem(word, lang), *(stem(part, lang) for part in self._parts(folded(word)))]

    def _parts(self, word: str) -> tuple[str, ...]:
        """The two known words that a compound consists of, or the one it begins or ends with."""
        if len(word) < _MIN_COMPOUND or not word.isalpha():
            return ()
        best: tuple[int, tuple[str, ...]] = (0, ())
        for cut in range(_MIN_PART, len(word) - _MIN_PART + 1):
            head, tail = word[:cut], word[cut:]
            known_tail = tail in self.vocabulary
            known_head = self._known_head(head)
            if known_head and known_tail:
                return known_head, tail
            score = len(known_head) if known_head else len(tail) if known_tail else 0
            if score > best[0] and score >= _MIN_PART + 1:
                best = (score, (known_head,) if known_head else (tail,))
        return best[1]

    def _known_head(self, head: str) -> str | None:
        """The known word that the front part of a compound is, with or without a link behind it."""
        for link in _LINKS:
            if head.endswith(link):
                known = head[: len(head) - len(link)]
                if len(known) >= _MIN_PART and known in self.vocabulary:
                    return known
        return None


def _pieces(text: str) -> list[str]:
    """The words of a text; of a hyphenated one also its parts."""
    pieces: list[str] = []
    for word in words(text):
        pieces.append(word)
        if "-" in word:
            pieces.extend(part for part in word.split("-") if part)
    return pieces
