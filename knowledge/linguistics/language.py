"""German or English, from a few words."""

from functools import lru_cache

from lingua import Language as LinguaLanguage
from lingua import LanguageDetector, LanguageDetectorBuilder

from knowledge.linguistics.text import words
from knowledge.linguistics.words import word_list
from knowledge.messages import Language

# Short questions are mostly told by their function words, where letter statistics mislead on names and abbreviations.
_GERMAN = frozenset(word_list("german"))
_ENGLISH = frozenset(word_list("english"))
# 'EFRE NRW Smart City' is no English.
_BOTH = frozenset(word_list("both_languages"))
_SURE = 0.65


@lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    languages = (LinguaLanguage.GERMAN, LinguaLanguage.ENGLISH)
    return LanguageDetectorBuilder.from_languages(*languages).with_preloaded_language_models().build()


def detect(text: str, default: Language = "de") -> Language:
    """The language a person wrote in; `default` where the words do not tell."""
    tokens = words(text)
    german = sum(token in _GERMAN for token in tokens)
    english = sum(token in _ENGLISH for token in tokens)
    if german != english:
        return "de" if german > english else "en"
    if any(char in "äöüß" for char in text.casefold()):
        return "de"
    if sum(token not in _BOTH for token in tokens) < 2:
        return default
    confidence = _detector().compute_language_confidence(text, LinguaLanguage.ENGLISH)
    if confidence >= _SURE:
        return "en"
    return "de" if confidence <= 1 - _SURE else default


def detect_long(text: str) -> Language:
    """The language of a document, from its letters."""
    return "en" if _detector().detect_language_of(text[:4000]) == LinguaLanguage.ENGLISH else "de"
