"""Search terms: German and English words as stems, compounds together with their parts."""

import re
from collections.abc import Collection, Iterable
from functools import lru_cache

import Stemmer

from knowledge.linguistics.text import folded, words
from knowledge.linguistics.words import word_list, word_pairs
from knowledge.messages import Language

_STEMMERS = {"de": Stemmer.Stemmer("german"), "en": Stemmer.Stemmer("english")}
# Words of grammar and of asking; they tell nothing about what is asked.
STOPWORDS = frozenset(map(folded, word_list("stopwords")))
_STEMS = word_pairs("stems")
_LINKS = ("", "s", "n", "en", "es", "e", "er")
_KEPT_TEXTS = 2048
_MIN_COMPOUND = 8
_MIN_PART = 4
_MIN_VERB = 4
_FINITE = re.compile(r"([a-z]{4,}?)e?t")
_PREFIXES = frozenset(map(folded, word_list("verb_prefixes")))
_CLAUSE_END = re.compile(r"\b([^\W\d_]+)\s*(?:[?!.,;:]|$|(?=\bund\b))")
_SEPARABLE = re.compile(rf"(?P<prefix>{'|'.join(sorted(_PREFIXES, key=len, reverse=True))})(?P<verb>[a-z]{{4,}})")
_PARTICIPLE = re.compile(r"(?P<prefix>[a-z]*?)ge(?P<verb>[a-z]{4,}?)(?P<ending>t?)")
# 'Evaluiert', 'evaluieren' and 'Evaluation'.
_LOAN = re.compile(r"(?P<root>[a-z]{4,}?)(?:iert?|ation)")

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
    plain = folded(word)
    stemmed = _STEMS.get(plain) or str(_STEMMERS[lang].stemWord(plain))
    return _NUMBERS.get(stemmed, stemmed)


def participles(stemmed: str) -> tuple[str, ...]:
    """The stem of the verb's noun for that of a German participle, and the other way round, as far as form tells.

    'gefordert' → 'forder' (Förderung), 'grundung' (Gründung) → 'gegrund', 'betreibt' → 'betreib', 'anmeld' (anmelden) →
    'anzumeld' and 'angemeldet', 'evaluiert' → 'evaluation'. Not all are words.
    """
    if match := _LOAN.fullmatch(stemmed):
        root = match["root"]
        return tuple(form for form in (f"{root}iert", f"{root}ier", f"{root}ation") if form != stemmed)
    match = _PARTICIPLE.fullmatch(stemmed)
    if match and match["prefix"] in _PREFIXES | {""}:
        verb = match["prefix"] + match["verb"]
        if match["ending"]:
            return (verb, f"{verb}ung", f"{verb}t")
        # 'gebaut' has so short a root that its ending is taken for a part of it.
        short = (verb, verb[:-1]) if len(verb) == _MIN_VERB and verb.endswith("t") else ()
        return (f"{verb}ung", *short)
    if match := _FINITE.fullmatch(stemmed):
        return (match[1], f"{match[1]}ung", f"ge{stemmed}")
    verb = stemmed.removesuffix("ung")
    if len(verb) < _MIN_VERB:
        return ()
    if match := _SEPARABLE.fullmatch(verb):
        prefix, own = match["prefix"], match["verb"]
        return (f"{prefix}ge{own}t", f"{prefix}ge{own}", f"{prefix}zu{own}", verb, f"{verb}ung")
    return (f"ge{verb}t", f"ge{verb}") if verb != stemmed else (f"ge{verb}t",)


def separable_verbs(text: str) -> dict[str, tuple[str, ...]]:
    """By the words of a German question, the stems they have with the prefix that ends their clause.

    'Wer tauscht Daten aus?' gives 'austausch' for 'tauscht'. As form does not tell which word is the verb, each word
    before the prefix is tried; not all of them are words.
    """
    found: dict[str, tuple[str, ...]] = {}
    begin = 0
    for match in _CLAUSE_END.finditer(text):
        prefix = folded(match[1])
        if prefix in _PREFIXES:
            for word in words(text[begin : match.start()]):
                if folded(word) not in STOPWORDS and word.isalpha():
                    found[word] = tuple(dict.fromkeys(stem(prefix + form, "de") for form in _roots(folded(word))))
        begin = match.end()
    return found


def _roots(verb: str) -> tuple[str, ...]:
    bare = re.sub(r"(?:st|et|t|en|e)$", "", verb)
    return (verb, bare, f"{bare}ung") if len(bare) >= _MIN_VERB - 1 else (verb,)


class Terms:
    """Turns text into search terms, with compounds split into words that the indexed text knows."""

    def __init__(self, vocabulary: Collection[str] = frozenset()) -> None:
        """`vocabulary`, which is asked for single words only, may lie on disk."""
        self.vocabulary = vocabulary
        self._terms_of = lru_cache(maxsize=262144)(self._word_terms)
        self.stems = lru_cache(maxsize=_KEPT_TEXTS)(self._stems)
        """The terms of a text in a language, each once; those of the last texts are kept, as one question asks for
        the same sentences several times."""

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

    def _stems(self, text: str, lang: Language) -> frozenset[str]:
        return frozenset(self.passage_terms(text, lang))

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
            # Of two that are as long, the one that it ends with says what it is: 'Büchereiausweis' is an 'Ausweis'.
            longer = score > best[0] or (known_tail and score == best[0])
            if longer and score >= _MIN_PART + 1:
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
