"""What a question wants of the catalogue, if anything."""

import re
from collections.abc import Collection
from dataclasses import replace

from knowledge.catalogue.criteria import PROGRAMMES, Criteria, read_criteria, read_time
from knowledge.catalogue.expressions import patterns
from knowledge.catalogue.requests.comparing import comparison
from knowledge.catalogue.requests.events import events
from knowledge.catalogue.requests.listing import listing
from knowledge.catalogue.requests.nouns import EVENT, EVENT_KINDS, KINDS, NOUN, left_words
from knowledge.catalogue.requests.request import Request, Wanted
from knowledge.linguistics.text import folded
from knowledge.recognition.laender import named_laender
from knowledge.recognition.names import Mention, Names

_GUIDANCE = patterns("guidance")
# 'Welcher Standard?' asks for one.
_WHICH_ONE = re.compile(r"^(?:und |and |ok )?(?:welche[rsmn] |which )(?:standard|programm|programme|norm)\W*$")
# 'Gibt es das Programm noch?'
_IS_IT_THERE = re.compile(
    r"\b(?:gibt(?:s| es)|gab es|is|existiert) (?:das|die|den|dieses?|this|that|the)"
    r" (?:programm|programme|foerderung|initiative|standard|plattform|projekt|funding)\b"
)
# 'Gibt es auch was aus Münster drauf?'
_IN_IT = re.compile(r"\b(?:drauf|dran|drin|dabei|davon|darunter|on it|in it)\b")
# 'Gibt es dazu einen Standard?'
_ONE_TO_IT = re.compile(
    r"^(?:und |and )?(?:ist|sind|war|is|are|was) (?:das|die|es|it|that|this|they) (?:eine?|an?)\b|"
    r"\b(?:dazu|dafuer|davon|da|for it|for that) (?:\w+ )?(?:einen?|ne|nen|a) \w+\W*$"
)
# 'Bekommen wir da auch Beratung?' asks of what is talked about.
_THERE = re.compile(r"\b(?:da|dort|dabei|davon|dafuer|dazu)\b|\b(?:die|den|das|es|it|that|this) (?:auch|too|also)\b")
# 'Ohne Förderung' looks for none.
_WITHOUT = re.compile(r"\b(?:ohne|nicht|keine|without) (?:foerder\w*|gefoerdert\w*|geld|funding|grants?)\b")
_THAT_TOO = re.compile(r"^(?:und |ok |and )?gibt(?:s| es) (?:das|dies) auch\b")
_AND = re.compile(r"^(?:und|ok|and)\b")
_WHAT_FITS = re.compile(
    r"(?:^|[,.;:!?–-] ?)(?:und |and )?(?:was|what) (?:wuerde |koennte |would )?"
    r"(?:pass\w*|kommt|kaeme|fits?|suits?|is suitable)\b"
)
_LAND_ALONE = re.compile(
    r"^(?:(?:und|and|ok|oder|or) )*(?:(?:in|fuer|for) )?[\w-]+(?: (?:anhalt|vorpommern|westfalen|saxony))?\W*$"
)


def read_request(text: str, names: Names, subject: str | None = None, shown: Collection[str] = ()) -> Request | None:
    """What a German or English question wants of the catalogue; None where it asks about one programme or none.

    `subject` is the programme talked about before, `shown` are those that were listed last: both may be compared.
    """
    plain = " ".join(folded(text).split())
    mentions = names.mentions(text)
    compared = comparison(plain, mentions, subject, list(shown))
    if compared is not None:
        return compared
    if _wants_guidance(plain, mentions) and not (subject and refers_back(text)):
        return Request(Wanted.GUIDANCE, read_criteria(text).criteria)
    request = events(text, plain, mentions) or listing(text, plain, mentions)
    return None if request is not None and subject is not None and _asks_of_it(plain, request) else request


def of_land(text: str) -> Request | None:
    """The programmes of a Land that a remark names and nothing else; None where it says more or names none."""
    read = read_criteria(text)
    if read.criteria.limits != ("laender",) or not (_LAND_ALONE.match(folded(text)) and named_laender(text)):
        return None
    return Request(Wanted.LIST, replace(read.criteria, kinds=PROGRAMMES))


def names_topic(text: str) -> bool:
    """Whether a remark goes on to another topic and says nothing else ('und Breitband?')."""
    read = read_criteria(text)
    return (
        _AND.match(folded(text)) is not None and read.criteria.limits == ("topics",) and not left_words(read.rest, [])
    )


def refers_back(text: str) -> bool:
    """Whether a question asks of what was talked about: 'bekommen wir da auch Beratung?'."""
    return bool(_THERE.search(folded(text)))


def _asks_of_it(plain: str, request: Request) -> bool:
    """Whether what could be a list asks something of the programme talked about: 'welcher Standard?', 'gibt es das auch
    für kleine Gemeinden?'.
    """
    limits = set(request.criteria.limits)
    asks_for_one = bool(_WHICH_ONE.search(plain)) and not limits
    asks_for_one |= bool(_IN_IT.search(plain)) and limits <= {"laender"}
    asks_for_one |= bool(_ONE_TO_IT.search(plain)) and not limits
    asks_for_one |= bool(_IS_IT_THERE.search(plain)) and limits <= {"going"}
    return asks_for_one or (bool(_THAT_TOO.search(plain)) and limits == {"municipality"})


def likely_request(text: str, wanted: Wanted) -> Request | None:
    """A request of a sort that something else than its words suggests; None where nothing in it can be listed."""
    plain = " ".join(folded(text).split())
    criteria = read_criteria(text).criteria
    if wanted is Wanted.EVENTS:
        name = next((name for name, pattern in EVENT.items() if pattern.search(plain)), None)
        since, until, _ = read_time(plain)
        chosen = Criteria(laender=criteria.laender, topics=criteria.topics, since=since, until=until)
        return Request(wanted, replace(chosen, event_kind=EVENT_KINDS[name])) if name else None
    name = next((name for name, pattern in NOUN.items() if pattern.search(plain)), None)
    if wanted is Wanted.GUIDANCE and not name and (criteria.laender or criteria.municipality):
        return Request(wanted, criteria)  # 'wir sind eine kleine Stadt in Hessen'
    return Request(wanted, replace(criteria, kinds=KINDS[name])) if name else None


def _wants_guidance(plain: str, mentions: list[Mention]) -> bool:
    """Whether somebody asks what there is for them without saying what it is to be."""
    if any(mention.exact and mention.primary for mention in mentions) or _WITHOUT.search(plain):
        return False
    if _GUIDANCE["needs"].search(plain):
        return True
    if _GUIDANCE["one"].search(plain):
        return False
    read = read_criteria(plain).criteria
    for_somebody = bool(_GUIDANCE["our"].search(plain) or read.municipality)
    if _WHAT_FITS.search(plain):
        return for_somebody
    has_noun = bool(NOUN["funding"].search(plain) or NOUN["programme"].search(plain))
    return has_noun and for_somebody and bool(_GUIDANCE["fits"].search(plain)) and read.going is None
