"""What a question wants of the catalogue: a list, a count, a comparison, events, or guidance to what fits."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum

from knowledge.catalogue.criteria import FUNDING, PROGRAMMES, Criteria, Read, read_criteria, read_time
from knowledge.catalogue.expressions import expressions, fillers, patterns
from knowledge.factsheet import Attribute, EventKind, SheetKind
from knowledge.linguistics.terms import STOPWORDS
from knowledge.linguistics.text import folded, words
from knowledge.recognition.attributes import OF_A_PROGRAMME, Asked, asked_attributes
from knowledge.recognition.laender import named_laender, named_town
from knowledge.recognition.names import Mention, Names, is_named


class Wanted(str, Enum):
    """The sorts of requests."""

    LIST = "list"
    COUNT = "count"
    COMPARISON = "comparison"
    EVENTS = "events"
    EVENT_COUNT = "event count"
    GUIDANCE = "guidance"


MAX_COMPARED = 3


@dataclass(frozen=True)
class Request:
    """A question that several fact sheets together answer."""

    wanted: Wanted
    criteria: Criteria = field(default_factory=Criteria)
    programmes: tuple[str, ...] = ()
    """Keys of the programmes to be compared."""
    asked: tuple[Asked, ...] = ()
    """The attributes that a comparison is limited to."""


_KINDS = {
    "funding": FUNDING,
    "programme": PROGRAMMES,
    "initiative": frozenset({SheetKind.INITIATIVE}),
    "standard": frozenset({SheetKind.STANDARD}),
    "platform": frozenset({SheetKind.PLATFORM}),
    "strategy": frozenset({SheetKind.STRATEGY}),
}
# What an event of a kind is called where only the last one is asked for.
_EVENT_NOUNS = {EventKind.WORKSHOP: "workshop", EventKind.CONFERENCE: "kongress", None: ""}
_EVENT_KINDS = {"workshop": EventKind.WORKSHOP, "conference": EventKind.CONFERENCE, "event": None}
_NOUN, _EVENT = patterns("nouns"), patterns("events")
_ANY = rf"(?:{'|'.join([*expressions('nouns').values(), *expressions('events').values()])})(?![\w-])"
# A word alone that names no choice: 'Förderung' may be that of one programme.
_SINGULAR = frozenset({"foerderung", "funding", "programm", "workshop", "event", "kongress", "konferenz"})
# 'Wie viel Geld' asks for a sum.
_ONE = re.compile(r"\b(?:ein|eine|das|dieses?|a|an|this|that)\s+$")
_THE = re.compile(r"\b(?:die|der|the)\s+$")
_COUNTING = re.compile(
    rf"\b(?:wie ?viele?|anzahl(?: de[rs]| von)?|how many|number of)\s+(?!geld\b|money\b)(?:\w+\s+){{0,2}}?{_ANY}"
)
# Between 'welche' and the noun these say that something else is asked: 'welche Städte sind beim EU-Programm dabei'.
_ELSEWHERE = (
    r"(?:sind|ist|war|waren|hat|haben|hatte|hatten|wird|wurden?|machen|nehmen|bei|beim|im|in|am|an|vom|zum|zur"
    r"|are|is|was|were|has|have|had|do|does|did|take|at|from|under)"
)
_ASKS = re.compile(r"\b(?:welche\w*|wer|was|wie|wo|wann|warum|wieso|which|what|who|how|where|when|why)\b")
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
# 'Gab es auch was in Köln?'
_WAS_THERE = re.compile(
    r"^(?:und |and |ok )?(?:gab(?:s| es)|was there|were there)"
    r"(?: (?:da|auch|denn|mal|schon|so|noch))* (?:was|etwas|irgendwas|welche|eine[nrs]?|any|anything|something)"
    r"(?: (?:auch|too))? (?:in|bei|im) "
)
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
# Who asks which pays more compares rates and sums.
_PAYING = (Attribute.FUNDING_RATE, Attribute.FUNDING_AMOUNT)
_PAYS = re.compile(r"\b(?:foerder\w*|zahl\w*|gibt|geben|bekomm\w*|lohnt|funds?|pays?|gives?)\b")
# What a sum is paid for limits no choice, no more than the words that ask for it: '…? Wie viel pro Projekt?'
_PER = re.compile(r"\b(?:pro|je|per) \w+")
_TWO = re.compile(r"\b(?:beiden?|zwei|both|the two|two of them)\b")
# What is asked for with words of grammar alone.
_BY_SMALL_WORDS = (Attribute.DATE, Attribute.DEADLINE, Attribute.DURATION, Attribute.PLACE, Attribute.STATUS)
_AND = re.compile(r"^(?:und|ok|and)\b")
_ADDED = re.compile(r"\b(?:dazu|hinzu|auch|add|include|too|as well)\b")
_ADDING = frozenset(("nimm", "nehmen", "fuege", "fueg", "add", "include", "too", "well"))
_GUIDANCE, _COMPARISON = patterns("guidance"), patterns("comparison")
_WHAT_FITS = re.compile(
    r"(?:^|[,.;:!?–-] ?)(?:und |and )?(?:was|what) (?:wuerde |koennte |would )?"
    r"(?:pass\w*|kommt|kaeme|fits?|suits?|is suitable)\b"
)
_EITHER = re.compile(r"\b(?:oder|or|als|than)\b")
_HAPPENED = patterns("one programme")["happened"]
# 'Wann ist der nächste MPSC-Kongress?'
_NEXT = re.compile(r"\b(?:naechste[nrsm]?|kommende[nrsm]?|next|upcoming)\b")
# 'Wann war der letzte Kongress?', and 'und der letzte?' after the next one.
_LAST = r"(?:letzte|vorige|juengste)[nrsm]?|last|previous|latest|most recent"
_LAST_EVENT = re.compile(
    rf"\b(?:{_LAST}) (?:[\w-]+ )?(?P<event>[\w-]*(?:workshop|kongress|konferenz|conference|congress))\b"
)
_LAND_ALONE = re.compile(
    r"^(?:(?:und|and|ok|oder|or) )*(?:(?:in|fuer|for) )?[\w-]+(?: (?:anhalt|vorpommern|westfalen|saxony))?\W*$"
)
_PLAIN_EVENT = re.compile(
    r"workshops?|kongress(?:e|en|es)?|konferenz(?:en)?|conferences?|congress(?:es)?|veranstaltung(?:en)?|termine|events?"
)
_LAST_ALONE = re.compile(rf"^(?:und |and )?(?:(?:der|die|das|wann war der|the|when was the) )?(?:{_LAST})(?: one)?\W*$")
_FILLERS = fillers()
_COUNT_ALONE = re.compile(
    r"^(?:und |and )?(?:wie ?viele(?!\w)|wie ?viel (?=sind|waren)|how many)(?: (?:sind|waren|are|were))?"
    r"(?: (?:das|die|es|they|that|there))?\b"
)
_LIST_ALONE = re.compile(
    r"^(?:und |and |ok )?(?:welche|which)(?: ones)?(?: (?:sind|waren|are|were))?(?: (?:das|die|es|they|those))?\b"
)
_LISTED_AS = {Wanted.COUNT: Wanted.LIST, Wanted.EVENT_COUNT: Wanted.EVENTS}
_COUNTED_AS = {
    Wanted.LIST: Wanted.COUNT,
    Wanted.COUNT: Wanted.COUNT,
    Wanted.EVENTS: Wanted.EVENT_COUNT,
    Wanted.EVENT_COUNT: Wanted.EVENT_COUNT,
}


def read_request(text: str, names: Names, subject: str | None = None, shown: Collection[str] = ()) -> Request | None:
    """What a German or English question wants of the catalogue; None where it asks about one programme or none.

    `subject` is the programme talked about before, `shown` are those that were listed last: both may be compared.
    """
    plain = " ".join(folded(text).split())
    mentions = names.mentions(text)
    compared = _comparison(plain, mentions, subject, list(shown))
    if compared is not None:
        return compared
    if _wants_guidance(plain, mentions) and not (subject and refers_back(text)):
        return Request(Wanted.GUIDANCE, read_criteria(text).criteria)
    request = _events(text, plain, mentions) or _listing(text, plain, mentions)
    return None if request is not None and subject is not None and _asks_of_it(plain, request) else request


def of_land(text: str) -> Request | None:
    """The programmes of a Land that a remark names and nothing else; None where it says more or names none."""
    read = read_criteria(text)
    if read.criteria.limits != ("laender",) or not (_LAND_ALONE.match(folded(text)) and named_laender(text)):
        return None
    return Request(Wanted.LIST, replace(read.criteria, kinds=PROGRAMMES))


def compares(plain: str) -> bool:
    """Whether a folded text asks to compare."""
    return bool(_COMPARISON["strong"].search(plain))


def names_topic(text: str) -> bool:
    """Whether a remark goes on to another topic and says nothing else ('und Breitband?')."""
    read = read_criteria(text)
    return _AND.match(folded(text)) is not None and read.criteria.limits == ("topics",) and not _left(read.rest, [])


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


def varied(said: Sequence[str], names: Names) -> Request | None:
    """The request of the first thing said, limited by the remarks after it: 'und in Bayern?', 'wie viele sind das?'.

    None where the last remark says anything else than what limits or counts, or the first is no request.
    """
    first, *remarks = said
    request = read_request(first, names)
    for remark in remarks:
        request = _limited(request, remark, names) if request is not None else None
    return request


def _limited(request: Request, remark: str, names: Names) -> Request | None:
    """A request with what a remark limits in place of what was limited so before."""
    plain = " ".join(folded(remark).split())
    if request.wanted is Wanted.COMPARISON:
        return _compared_further(request, plain, names.mentions(remark))
    if request.wanted not in _COUNTED_AS or names.mentions(remark):
        return None
    if (
        _LAST_ALONE.match(plain)
        and request.wanted is Wanted.EVENTS
        and request.criteria.since == str(date.today().year)
    ):
        noun = _EVENT_NOUNS[request.criteria.event_kind]
        return replace(request, criteria=replace(request.criteria, since=None, latest=noun))
    if _COUNT_ALONE.match(plain) and not _left(_COUNT_ALONE.sub("", plain), []):
        request = replace(request, wanted=_COUNTED_AS[request.wanted])
        if not read_criteria(remark).criteria.limits:
            return request
    if _LIST_ALONE.match(plain) and not _left(_LIST_ALONE.sub("", plain), []):
        return replace(request, wanted=_LISTED_AS.get(request.wanted, request.wanted))
    since, until, _ = read_time(plain)
    read = read_criteria(remark)
    _, _, rest = read_time(read.rest)
    limits = {name: getattr(read.criteria, name) for name in read.criteria.limits}
    limits |= {"since": since, "until": until} if since or until else {}
    if not limits or _left(rest, []):
        return None
    return replace(request, criteria=replace(request.criteria, **limits))


def _compared_further(request: Request, plain: str, mentions: list[Mention]) -> Request | None:
    """A comparison limited to what a remark asks ('und die Fristen?'), or with one more ('nimm noch MPSC dazu')."""
    every = asked_attributes(plain)
    asked = tuple(one for one in every if not one.words <= STOPWORDS)
    if not asked:  # 'und seit wann?'
        asked = tuple(one for one in every if one.attribute in _BY_SMALL_WORDS)
    if asked and not mentions:
        left = [word for word in _left(plain, mentions) if not any(word in one.words for one in asked)]
        return None if left else replace(request, asked=asked)
    added = [mention.key for mention in mentions if mention.key not in request.programmes]
    if len(added) != 1 or not _ADDED.search(plain) or set(_left(plain, mentions)) - _ADDING:
        return None
    kept = request.programmes[: MAX_COMPARED - 1]
    return replace(request, programmes=(*kept, *added))


def likely_request(text: str, wanted: Wanted) -> Request | None:
    """A request of a sort that something else than its words suggests; None where nothing in it can be listed."""
    plain = " ".join(folded(text).split())
    criteria = read_criteria(text).criteria
    if wanted is Wanted.EVENTS:
        name = next((name for name, pattern in _EVENT.items() if pattern.search(plain)), None)
        since, until, _ = read_time(plain)
        chosen = Criteria(laender=criteria.laender, topics=criteria.topics, since=since, until=until)
        return Request(wanted, replace(chosen, event_kind=_EVENT_KINDS[name])) if name else None
    name = next((name for name, pattern in _NOUN.items() if pattern.search(plain)), None)
    if wanted is Wanted.GUIDANCE and not name and (criteria.laender or criteria.municipality):
        return Request(wanted, criteria)  # 'wir sind eine kleine Stadt in Hessen'
    return Request(wanted, replace(criteria, kinds=_KINDS[name])) if name else None


def _comparison(plain: str, mentions: list[Mention], subject: str | None, shown: list[str]) -> Request | None:
    keys = list(dict.fromkeys(mention.key for mention in mentions))
    weak = bool(_COMPARISON["weak"].search(plain))
    names_more = any(pattern.search(plain) for pattern in _NOUN.values())
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
    return any(one.attribute in OF_A_PROGRAMME for one in asked) and not set(_left(plain, [])) - told


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
    has_noun = bool(_NOUN["funding"].search(plain) or _NOUN["programme"].search(plain))
    return has_noun and for_somebody and bool(_GUIDANCE["fits"].search(plain)) and read.going is None


def _events(text: str, plain: str, mentions: list[Mention]) -> Request | None:
    town = named_town(plain)
    if town and _WAS_THERE.match(plain) and set(_left(_WAS_THERE.sub("", plain), mentions)) <= {town}:
        return Request(Wanted.EVENTS, Criteria(places=_as_written(town, text)))
    name = next((name for name, pattern in _EVENT.items() if pattern.search(plain)), None)
    if name is not None and _NEXT.search(plain):
        hosts = tuple(dict.fromkeys(mention.key for mention in mentions))
        coming = Criteria(event_kind=_EVENT_KINDS[name], since=str(date.today().year), hosts=hosts)
        return Request(Wanted.EVENTS, coming)
    if name is not None and (last := _LAST_EVENT.search(plain)) and _asks_when(plain):
        hosts = tuple(dict.fromkeys(mention.key for mention in mentions))
        return Request(
            Wanted.EVENTS, Criteria(event_kind=_EVENT_KINDS[name], hosts=hosts, latest=_noun_of(last["event"]))
        )
    if name is None or _HAPPENED.search(plain) or _is_part_of_name(_EVENT[name], plain, mentions):
        return None
    counting = bool(_COUNTING.search(plain))
    bare = _is_bare(text, _EVENT[name], mentions)
    if not (counting or bare or _is_listing(plain)):
        return None
    since, until, rest = read_time(plain)
    read = read_criteria(text)
    town = town if read.criteria.laender else None
    hosts = tuple(dict.fromkeys(mention.key for mention in mentions if town not in mention.words))
    left = [
        word
        for word in _left(read.rest, mentions)
        if word in rest and not word.isdigit() and not _EVENT[name].fullmatch(word)
    ]
    # 'Regionalkonferenzen' are no other conferences.
    named = {word for mention in mentions for word in mention.words}
    left += [
        match.group().removesuffix("s").removesuffix("en")
        for match in _EVENT[name].finditer(plain)
        if match.group() not in named and not _PLAIN_EVENT.fullmatch(match.group()) and "-" not in match.group()
    ]
    criteria = Criteria(
        event_kind=_EVENT_KINDS[name],
        laender=() if town else read.criteria.laender,
        places=_as_written(town, text) if town else (),
        topics=read.criteria.topics,
        since=since,
        until=until,
        hosts=hosts,
        others=tuple(left),
    )
    return Request(Wanted.EVENT_COUNT if counting else Wanted.EVENTS, criteria)


def _asks_when(plain: str) -> bool:
    """Whether a folded text asks of an event when or where it is, or nothing."""
    return all(one.attribute in (Attribute.DATE, Attribute.PLACE) for one in asked_attributes(plain))


def _noun_of(event: str) -> str:
    """What an event is called, without what it is of: 'kongress' of 'mpsc-kongress'."""
    return event.rsplit("-", 1)[-1]


def _as_written(town: str, text: str) -> tuple[str, ...]:
    """A folded town as a text writes it, in capitals where it does not."""
    found = (word for word in re.findall(r"[\w-]+", text) if folded(word).startswith(town))
    return tuple(word[:1].upper() + word[1:] for word in found)[:1]


def _listing(text: str, plain: str, mentions: list[Mention]) -> Request | None:
    if _WHO_FUNDS.search(plain) and not mentions:
        read = read_criteria(_WHO_FUNDS.sub(" ", plain))
        return Request(Wanted.LIST, replace(read.criteria, kinds=FUNDING)) if _says_all(read) else None
    if _WHAT_IS_THERE.search(plain) and not mentions:
        read = read_criteria(_WHAT_IS_THERE.sub(" ", plain))
        if _says_all(read):
            return Request(Wanted.LIST, replace(read.criteria, kinds=FUNDING))
    name = next((name for name, pattern in _NOUN.items() if pattern.search(plain)), None)
    rest = words(read_criteria(text).rest)
    # What is a topic too limits the choice: 'programmes for LoRaWAN'.
    named = [mention for mention in mentions if any(word in rest for word in mention.words)]
    if name is None or _HAPPENED.search(plain) or _names_one(_NOUN[name], plain, named):
        return None
    counting = bool(_COUNTING.search(plain))
    if not (counting or _is_listing(plain) or _is_bare(text, _NOUN[name], [])):
        return None
    if _asks_other(plain):
        return None
    # 'Standards' is a topic too, but not where it is what is listed.
    read = read_criteria(text if name in ("funding", "programme") else _NOUN[name].sub(" ", folded(text)))
    told = {word for one in asked_attributes(plain) if one.attribute in OF_A_PROGRAMME for word in one.words}
    left = [
        word
        for word in _left(_PER.sub(" ", read.rest), [])
        if word not in told and not any(pattern.fullmatch(word) for pattern in _NOUN.values())
    ]
    if any(word[0].isdigit() for word in left):
        return None
    criteria = replace(read.criteria, kinds=_KINDS[name], others=tuple(left))
    return Request(Wanted.COUNT if counting else Wanted.LIST, criteria)


def _says_all(read: Read) -> bool:
    """Whether a text names criteria and nothing else."""
    return bool(read.criteria.limits) and not _left(read.rest, [])


def _is_listing(plain: str) -> bool:
    return any(pattern.search(plain) for pattern in (_WHICH, _ASKS_TO_LIST, _THERE_ARE, _HAS, _NOUN_FOR))


def _is_bare(text: str, noun: "re.Pattern[str]", mentions: list[Mention]) -> bool:
    """Whether a remark is nothing but a noun in the plural and what limits it: 'Förderprogramme NRW Wasser'."""
    match = noun.search(folded(text))
    if match is None or _ASKS.search(folded(text)):
        return False
    read = read_criteria(text)
    _, _, rest = read_time(read.rest)
    is_plural = match.group() not in _SINGULAR and not _ONE.search(folded(text)[: match.start()])
    left = [word for word in _left(rest, mentions) if not noun.fullmatch(word)]
    limits = set(read.criteria.limits)
    if match.group() in _SINGULAR and _THE.search(folded(text)[: match.start()]):
        limits.discard("going")  # 'läuft die Förderung noch?' asks of the one talked about
    return not left and (is_plural or bool(limits))


def _left(rest: str, mentions: list[Mention]) -> list[str]:
    """Words of a text without its criteria that should limit the choice too."""
    named = frozenset(word for mention in mentions for word in mention.words)
    return [
        word
        for word in dict.fromkeys(words(rest))
        if word not in STOPWORDS and word not in _FILLERS and not is_named(word, named) and len(word) > 1
    ]


def _names_one(noun: "re.Pattern[str]", plain: str, mentions: list[Mention]) -> bool:
    """Whether a programme's own name stands in the question, and not only words that any programme's name has."""
    return any(
        mention.exact and mention.primary and not noun.fullmatch(" ".join(mention.words)) for mention in mentions
    ) or (_is_part_of_name(noun, plain, mentions))


def _is_part_of_name(noun: "re.Pattern[str]", plain: str, mentions: list[Mention]) -> bool:
    match = noun.search(plain)
    return match is not None and any(
        set(words(match.group())) & set(mention.words) for mention in mentions if mention.exact
    )


def _asks_other(plain: str) -> bool:
    """Whether an attribute is asked of what the noun names: 'welche Frist haben die Programme'."""
    first = re.search(r"\b(?:welche[rnms]?|which|what|wie|how)\s+(?P<head>[\w-]+)", plain)
    if first is None or any(pattern.fullmatch(first["head"]) for pattern in (*_NOUN.values(), *_EVENT.values())):
        return False
    return any(
        one.attribute not in (Attribute.STATUS, Attribute.ELIGIBILITY) for one in asked_attributes(first["head"])
    )
