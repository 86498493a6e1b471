"""German or English, from a few words."""

from functools import lru_cache

from lingua import Language as LinguaLanguage
from lingua import LanguageDetector, LanguageDetectorBuilder

from knowledge.messages import Language
from knowledge.text import words

# Short questions are mostly told by their function words, where letter statistics mislead on names and abbreviations.
_GERMAN = frozenset(
    "der die das den dem des ein eine einen einem einer und oder aber wer wie was wann wo wohin woher warum wieso welche"
    " welcher welches welchen wieviel wieviele ist sind war waren wird werden hat haben kann können darf gibt gibts gab für"
    " von vom zu zum zur mit ohne bei beim im ins auf aus nach bis seit durch über unter nicht auch noch nur uns wir ich"
    " man es sie heißt bekommt läuft macht gilt förderung förderquote frist antrag kommunen städte dauert kostet hoch viel"
    " viele denn dort da danke hallo ja nein bitte gemeinde geld worum wofür teilnehmer platz".split()
)
_ENGLISH = frozenset(
    "the a an of and or but who how what when where why which whose is are was were will has have had can could may does do"
    " did for from to with without at by in on after until till since through about under not also only us we i you it they"
    " there this that funding rate grant deadline apply eligible municipalities cities runs run stand much many long thanks"
    " thank hello hi yes no please per project maximum minimum".split()
)
_SHARED = frozenset({"in", "was", "die", "war", "man", "no", "a", "an", "i", "per", "projekt", "platz", "will", "hat", "am"})
_SURE = 0.65


@lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    languages = (LinguaLanguage.GERMAN, LinguaLanguage.ENGLISH)
    return LanguageDetectorBuilder.from_languages(*languages).with_preloaded_language_models().build()


def detect(text: str, default: Language = "de") -> Language:
    """The language a person wrote in; `default` where the words do not tell."""
    tokens = words(text)
    german = sum(token in _GERMAN and token not in _SHARED for token in tokens)
    english = sum(token in _ENGLISH and token not in _SHARED for token in tokens)
    if german != english:
        return "de" if german > english else "en"
    if any(char in "äöüß" for char in text.casefold()):
        return "de"
    if len(tokens) < 2:
        return default
    confidence = _detector().compute_language_confidence(text, LinguaLanguage.ENGLISH)
    if confidence >= _SURE:
        return "en"
    return "de" if confidence <= 1 - _SURE else default


def detect_long(text: str) -> Language:
    """The language of a document, from its letters."""
    return "en" if _detector().detect_language_of(text[:4000]) == LinguaLanguage.ENGLISH else "de"
