"""Questions for a list of programmes or for their number."""

import re
from dataclasses import replace

from knowledge.catalogue.criteria import FUNDING, Read, read_criteria
from knowledge.catalogue.expressions import expressions, patterns
from knowledge.catalogue.requests.nouns import EVENT, KINDS, NOUN, is_bare, left_words, names_one
from knowledge.catalogue.requests.request import Request, Wanted
from knowledge.factsheet import Attribute
from knowledge.linguistics.text import folded, words
from knowledge.recognition.attributes import OF_A_PROGRAMME, asked_attributes
from knowledge.recognition.names import Mention

_ANY = rf"(?:{'|'.join([*expressions('nouns').values(), *expressions('events').values()])})(?![\w-])"
# 'Wie viel Geld' asks for a sum.
COUNTING = re.compile(
    rf"\b(?:wie ?viele?|anzahl(?: de[rs]| von)?|how many|number of)\s+(?!geld\b|money\b)(?:\w+\s+){{0,2}}?{_ANY}"
)
# Between 'welche' and the noun these say that something else is asked: 'welche Städte sind beim EU-Programm dabei'.
_ELSEWHERE = (
    r"(?:sind|ist|war|waren|hat|haben|hatte|hatten|wird|wurden?|machen|nehmen|bei|beim|im|in|am|an|vom|zum|zur"
    r"|are|is|was|were|has|have|had|do|does|did|take|at|from|under)"
)
# 'welche laufenden Programme', 'was für Förderungen', 'eine Übersicht der Programme'.
_WHICH = re.compile(
    rf"\b(?:welche[rnms]?|was (?:fuer )?(?:eine?|an)?|which|what|alle|all|(?:eine )?(?:liste|uebersicht|list|overview)"
    rf"(?: (?:der|von|ueber|aller|die|of))*)\s+(?:(?!{_ELSEWHERE}\b)[\w-]+\s+){{0,3}}?{_ANY}"
)
_ASKS_TO_LIST = re.compile(
    r"\b(?:zeig\w*|nenn\w*|(?:auf)?list\w*|gib|such\w*|find\w*|show|name|give|search)\b"
    rf"(?:\s+[\w-]+){{0,4}}?\s+{_ANY}"
)
_THERE_ARE = re.compile(
    r"\b(?:gibt(?:s| es)|gab(?:s| es)|existier\w*|kenn(?:st|en)|hast|(?:are|is|were) there|do you (?:have|know))\b"
    rf".*?(?<![\w-]){_ANY}"
)
# 'Was gibt es in Sachsen an Förderung?'
_HAS = re.compile(
    r"^(?:was|welche\w*|what|which)\b.*\b(?:gibt(?:s| es)|hat|bietet|is there|are there)\b.*\b(?:an|for)\s+" + _ANY
)
# 'Wer fördert Breitband?', 'who funds cycling?': a list, where nothing but a topic or Land is named.
_WHO_FUNDS = re.compile(r"^(?:wer|was|who|what) (?:foerdert|bezuschusst|funds|subsidi[sz]es)\b")
# 'Programme für Radwege', 'funding for bike lanes'.
_NOUN_FOR = re.compile(rf"^{_ANY}\s+(?:fuer|zu[mr]?|ueber|for|on|about)\s")
# 'Was gibts in NRW so?', 'what is there in Bavaria?', 'gibt es das auch in Thüringen?'
_WHAT_IS_THERE = re.compile(
    r"^(?:und |ok |and )?(?:(?:was|what) (?:gibt(?:s| es)|gaebe es|bietet|is there|do you have)"
    r"|(?:gibt(?:s| es) (?:(?:da|denn|noch|sonst|auch) )*(?:was|etwas|irgendwas)(?: (?:anderes|weiteres|sonst|noch))?"
    r"|is there (?:anything|something))(?= )"
    r"|gibt(?:s| es)(?= .*\b(?:was|etwas|irgendwas)\W*$)"
    r"|gibt(?:s| es) (?:das|dies|so ?was|so etwas|(?:et)?was aehnliches) auch)\b"
)
# What a sum is paid for limits no choice, no more than the words that ask for it: '…? Wie viel pro Projekt?'
_PER = re.compile(r"\b(?:pro|je|per) \w+")
HAPPENED = patterns("one programme")["happened"]


def listing(text: str, plain: str, mentions: list[Mention]) -> Request | None:
    """The list or number of programmes that a text, also given folded, asks for; None where it asks for none."""
    if _WHO_FUNDS.search(plain) and not mentions:
        read = read_criteria(_WHO_FUNDS.sub(" ", plain))
        return Request(Wanted.LIST, replace(read.criteria, kinds=FUNDING)) if says_all(read) else None
    if _WHAT_IS_THERE.search(plain) and not mentions:
        read = read_criteria(_WHAT_IS_THERE.sub(" ", plain))
        if says_all(read):
            return Request(Wanted.LIST, replace(read.criteria, kinds=FUNDING))
    name = next((name for name, pattern in NOUN.items() if pattern.search(plain)), None)
    rest = {part for word in words(read_criteria(text).rest) for part in (word, *word.split("-"))}
    # What is a topic too limits the choice: 'programmes for LoRaWAN'.
    named = [mention for mention in mentions if any(word in rest for word in mention.words)]
    if name is None or HAPPENED.search(plain) or names_one(NOUN[name], plain, named):
        return None
    counting = bool(COUNTING.search(plain))
    if not (counting or is_listing(plain) or is_bare(text, NOUN[name], [])):
        return None
    if _asks_other(plain):
        return None
    # 'Standards' is a topic too, but not where it is what is listed.
    read = read_criteria(text if name in ("funding", "programme") else NOUN[name].sub(" ", folded(text)))
    told = {word for one in asked_attributes(plain) if one.attribute in OF_A_PROGRAMME for word in one.words}
    left = [
        word
        for word in left_words(_PER.sub(" ", read.rest), [])
        if word not in told and not any(pattern.fullmatch(word) for pattern in NOUN.values())
    ]
    if any(word[0].isdigit() for word in left):
        return None
    criteria = replace(read.criteria, kinds=KINDS[name], others=tuple(left))
    return Request(Wanted.COUNT if counting else Wanted.LIST, criteria)


def says_all(read: Read) -> bool:
    """Whether a text names criteria and nothing else."""
    return bool(read.criteria.limits) and not left_words(read.rest, [])


def is_listing(plain: str) -> bool:
    """Whether a folded text asks what there is."""
    return any(pattern.search(plain) for pattern in (_WHICH, _ASKS_TO_LIST, _THERE_ARE, _HAS, _NOUN_FOR))


def _asks_other(plain: str) -> bool:
    """Whether an attribute is asked of what the noun names: 'welche Frist haben die Programme'."""
    first = re.search(r"\b(?:welche[rnms]?|which|what|wie|how)\s+(?P<head>[\w-]+)", plain)
    if first is None or any(pattern.fullmatch(first["head"]) for pattern in (*NOUN.values(), *EVENT.values())):
        return False
    return any(
        one.attribute not in (Attribute.STATUS, Attribute.ELIGIBILITY) for one in asked_attributes(first["head"])
    )
