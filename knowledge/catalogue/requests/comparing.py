"""Questions that compare programmes, and remarks that compare further."""

import re
from dataclasses import replace

from knowledge.catalogue.expressions import patterns
from knowledge.catalogue.requests.nouns import NOUN, left_words
from knowledge.catalogue.requests.request import MAX_COMPARED, Request, Wanted
from knowledge.factsheet import Attribute
from knowledge.linguistics.terms import STOPWORDS
from knowledge.linguistics.text import folded, words
from knowledge.recognition.attributes import OF_A_PROGRAMME, Asked, asked_attributes
from knowledge.recognition.names import Mention

_COMPARISON = patterns("comparison")
# Who asks which pays more compares rates and sums.
_PAYING = (Attribute.FUNDING_RATE, Attribute.FUNDING_AMOUNT)
_PAYS = re.compile(r"\b(?:foerder\w*|zahl\w*|gibt|geben|bekomm\w*|lohnt|funds?|pays?|gives?)\b")
_TWO = re.compile(r"\b(?:beiden?|zwei|both|the two|two of them)\b")
# What is asked for with words of grammar alone.
_BY_SMALL_WORDS = (Attribute.DATE, Attribute.DEADLINE, Attribute.DURATION, Attribute.PLACE, Attribute.STATUS)
_ADDED = re.compile(r"\b(?:dazu|hinzu|auch|add|include|too|as well)\b")
_ADDING = frozenset(("nimm", "nehmen", "fuege", "fueg", "add", "include", "too", "well"))
_EITHER = re.compile(r"\b(?:oder|or|als|than)\b")


def compares(plain: str) -> bool:
    """Whether a folded text asks to compare."""
    return bool(_COMPARISON["strong"].search(plain))


def compared_further(request: Request, plain: str, mentions: list[Mention]) -> Request | None:
    """A comparison limited to what a remark asks ('und die Fristen?'), or with one more ('nimm noch MPSC dazu')."""
    every = asked_attributes(plain)
    asked = tuple(one for one in every if not one.words <= STOPWORDS)
    if not asked:  # 'und seit wann?'
        asked = tuple(one for one in every if one.attribute in _BY_SMALL_WORDS)
    if asked and not mentions:
        left = [word for word in left_words(plain, mentions) if not any(word in one.words for one in asked)]
        return None if left else replace(request, asked=asked)
    added = [mention.key for mention in mentions if mention.key not in request.programmes]
    if len(added) != 1 or not _ADDED.search(plain) or set(left_words(plain, mentions)) - _ADDING:
        return None
    kept = request.programmes[: MAX_COMPARED - 1]
    return replace(request, programmes=(*kept, *added))


def comparison(plain: str, mentions: list[Mention], subject: str | None, shown: list[str]) -> Request | None:
    """The comparison a folded text asks for, of programmes it names, the `subject` or those `shown`; None for none."""
    keys = list(dict.fromkeys(mention.key for mention in mentions))
    weak = bool(_COMPARISON["weak"].search(plain))
    names_more = any(pattern.search(plain) for pattern in NOUN.values())
    of_those_shown = not keys and len(shown) > 1 and not names_more
    paying = weak and of_those_shown and not asked_attributes(plain) and bool(_PAYS.search(plain))
    if of_those_shown and weak and (paying or asked_attributes(plain)):
        keys = shown  # 'wo ist die Förderquote höher?' after a list or comparison
    elif of_those_shown and subject is None and len(shown) <= MAX_COMPARED and asks_attribute_alone(plain):
        return Request(Wanted.COMPARISON, programmes=tuple(shown), asked=asked_attributes(plain))
    is_between_two = weak and len(keys) > 1 and (keys == shown or bool(_EITHER.search(plain)))
    if not (is_between_two or _COMPARISON["strong"].search(plain)):
        return None
    if len(keys) < 2 and shown and _COMPARISON["both"].search(plain):
        keys = list(dict.fromkeys([*keys, *shown]))[: 2 if _TWO.search(plain) else None]
    elif (
        len(keys) == 1
        and subject
        and subject not in keys
        and (_COMPARISON["it"].search(plain) or _COMPARISON["to"].search(plain))
    ):
        keys = [subject, *keys]
    if len(keys) < 2:
        return None
    named = {word for mention in mentions for word in mention.words}
    unnamed = " ".join(word for word in words(plain) if word not in named)
    asked = tuple(one for one in asked_attributes(unnamed) if not one.words <= STOPWORDS)
    if paying:
        asked = tuple(Asked(one, frozenset()) for one in _PAYING)
    return Request(Wanted.COMPARISON, programmes=tuple(keys[:MAX_COMPARED]), asked=asked)


def asks_attribute_alone(text: str) -> bool:
    """Whether a remark asks for something that belongs to a programme, and says nothing else ('und die Fristen?')."""
    plain = " ".join(folded(text).split())
    asked = asked_attributes(plain)
    told = {word for one in asked for word in one.words}
    return any(one.attribute in OF_A_PROGRAMME for one in asked) and not set(left_words(plain, [])) - told
