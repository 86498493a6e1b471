"""What a question wants of the catalogue: a list, a count, a comparison, events, or guidance to what fits."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from enum import Enum

from knowledge.attributes import Asked, asked_attributes
from knowledge.catalogue.criteria import FUNDING, PROGRAMMES, Criteria, read_criteria, read_time
from knowledge.factsheet import Attribute, EventKind, SheetKind
from knowledge.laender import named_town
from knowledge.names import Mention, Names, is_named
from knowledge.terms import STOPWORDS
from knowledge.text import folded, words


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


_NOUNS: dict[str, tuple[str, frozenset[SheetKind]]] = {
    "funding": (
        r"foerder(?:ung|ungen|moeglichkeit\w*|programme?n?s?|toepfe?n?|topf|mitteln?|angebote?n?|gelder\w*)|zuschuesse?n?|geld(?= fuer)|money(?= for)"
        r"|(?:landes|bundes|eu-)foerder\w+|funding(?: program(?:me)?s?| opportunit(?:y|ies)| options?| schemes?)?|grants?|subsid\w+",
        FUNDING,
    ),
    "programme": (r"(?:[\w-]*-)?(?:landes|bundes|laender|smart-?city-?|laendle)?programme?n?s?|programs?", PROGRAMMES),
    "initiative": (r"initiativen?|initiatives?", frozenset({SheetKind.INITIATIVE})),
    "standard": (r"standards?|normen", frozenset({SheetKind.STANDARD})),
    "platform": (r"plattformen|platforms", frozenset({SheetKind.PLATFORM})),
    "strategy": (r"strategien|strategies", frozenset({SheetKind.STRATEGY})),
}
_EVENTS: dict[str, tuple[str, EventKind | None]] = {
    "workshop": (r"(?:[\w-]*)workshops?", EventKind.WORKSHOP),
    "conference": (
        r"(?:[\w-]*)(?:kongress(?:e|en|es)?|konferenz(?:en)?)|conferences?|congress(?:es)?",
        EventKind.CONFERENCE,
    ),
    "event": (r"veranstaltung(?:en)?|termine|events?", None),
}
_NOUN = {name: re.compile(rf"(?<![\w-])(?:{noun})(?![\w-])") for name, (noun, _) in _NOUNS.items()}
_EVENT = {name: re.compile(rf"(?<![\w-])(?:{noun})(?![\w-])") for name, (noun, _) in _EVENTS.items()}
_ANY = "|".join(
    f"(?:{noun})" for noun in [*(noun for noun, _ in _NOUNS.values()), *(noun for noun, _ in _EVENTS.values())]
)
_COUNTING = re.compile(
    rf"\b(?:wie ?viele?|anzahl(?: de[rs]| von)?|how many|number of)\s+(?:\w+\s+){{0,2}}?(?:{_ANY})(?![\w-])"
)
# 'welche laufenden Programme', 'was für Förderungen', 'which of the programmes', and requests to list.
_WHICH = re.compile(
    rf"\b(?:welche[rnms]?|was (?:fuer )?(?:eine?|an)?|which|what|alle|all|(?:eine )?(?:liste|uebersicht|list|overview)"
    rf"(?: (?:der|von|ueber|aller|die|of))*)\s+(?:[\w-]+\s+){{0,3}}?(?:{_ANY})(?![\w-])"
)
_ASKS_TO_LIST = re.compile(
    rf"\b(?:zeig\w*|nenn\w*|(?:auf)?list\w*|gib|such\w*|find\w*|show|name|give|search)\b(?:\s+[\w-]+){{0,4}}?\s+(?:{_ANY})(?![\w-])"
)
_THERE_ARE = re.compile(
    rf"\b(?:gibt(?:s| es)|gab(?:s| es)|existier\w*|kenn(?:st|en)|hast|are there|is there|were there|do you (?:have|know))\b.*?"
    rf"(?<![\w-])(?:{_ANY})(?![\w-])"
)
_HAS = re.compile(
    rf"^(?:was|welche\w*|what|which)\b.*\b(?:gibt(?:s| es)|hat|bietet|is there|are there)\b.*\b(?:an|for)\s+(?:{_ANY})(?![\w-])"
)
# 'Programme für Radwege', 'funding for bike lanes'.
_NOUN_FOR = re.compile(rf"^(?:{_ANY})\s+(?:fuer|zu[mr]?|ueber|for|on|about)\s")
_FITS = re.compile(
    r"\b(?:pass(?:t|en|ende[nrs]?)|geeignet\w*|in ?frage|richtige[nrs]?|beste[nrs]?|suitable|fits?|suits?|right for|eligible for"
    r"|koennen wir|koennten wir|bekommen wir|kriegen wir|fuer uns|could we|can we)\b"
)
_WHAT_FITS = re.compile(r"^(?:was|what) (?:wuerde |koennte |would )?(?:pass\w*|kommt|kaeme|fits?|suits?|is suitable)\b")
# 'passt das Programm zu uns' asks about one.
_ONE = re.compile(r"\b(?:das|dieses|dem|diesem|this|that|the) (?:programme?|foerderung|program)\b")
_OUR = re.compile(r"\b(?:uns|unsere?[nrms]?|wir|ich|meine?[nrms]?|us|our|we|my)\b")
_NEEDS = re.compile(
    r"\b(?:foerderfinder|foerdersuche|foerderberatung|foerderung (?:finden|suchen)|(?:suche|suchen|brauche|brauchen) (?:wir |eine )?(?:foerderung|foerdermittel|geld)"
    r"|find (?:us )?(?:funding|grants?)|(?:looking for|need) (?:funding|grants?|a grant))\b"
)
_COMPARING = re.compile(
    r"\b(?:vergleich\w*|gegenueberstell\w*|unterscheid\w*|unterschied\w*|versus|vs|gegenueber|compar\w+|difference\w*|differ"
    r"|(?:mehr|hoeher\w*|niedriger\w*|laenger\w*|frueher|spaeter|besser\w*|higher|lower|longer|better|more))\b"
)
_WEAK_COMPARING = re.compile(
    r"\b(?:mehr|hoeher\w*|niedriger\w*|laenger\w*|frueher|spaeter|besser\w*|higher|lower|longer|better|more)\b"
)
_BOTH = re.compile(r"\b(?:beiden?|zwei|both|the two|two of them|diese|die drei|alle drei|them)\b")
_WITH_IT = re.compile(r"\b(?:das|dies|es|damit|dem|it|that|this)\b")
# What is told of one programme, not of a choice among them.
_HAPPENED = re.compile(
    r"\b(?:bekomm\w*|bekam\w*|erhaelt|erhielt\w*|erhalten|beteiligt\w*|teilgenommen|nahm(?:en)?|mitgemacht|ausgewaehlt\w*|gewonnen|gewann\w*"
    r"|gefoerdert\w*|beworben|eingereicht\w*|received|got|selected|won|attended|took part|funded|sprach\w*|gesprochen|redete|spoke"
    r"|gesagt|said|wieso|warum|why|wer|who|whom|wem|teilnehm\w*|besuch\w*|participants?|wie (?:hoch|lange|lang|gross))\b"
)
_FILLERS = frozenset(
    """
    gibt gab gibts gabs es existieren existiert kennst kennen hast hat haben zeig zeige zeigen nenn nenne nennen liste auflisten
    list show give name find suche such suchen finde find search anzahl number hold held passt passen passend passende geeignet geeignete nutzen kann
    koennen infrage frage kommen kommt fits suits laeuft laufen stehen zur verfuegung verfuegbar bietet bieten
    kommunen kommune gemeinde gemeinden staedte stadt cities towns municipalities municipality city town region regionen land
    bereich thema themen rund topic topics area areas field etwas anything something alle all moegliche moegliches
    bitte please mal eigentlich insgesamt total derzeit noch still uns bei wir unserem unsere foerdern foerdert gefordert
    programme programm bereiche sektor sector denn so da hier there about concerning bezueglich betreffend
    uebersicht ueberblick overview komplette vollstaendige bestand bekannt known weitere weiteren andere anderen other more
    davon them fanden statt stattgefunden stattfanden finden held took place happened veranstaltet durchgefuehrt mit jahr year
    smart smarte smarten city digital digitale digitalen sortiert deutschland germany sonst sonstige ausser welches wieviele
    """.split()
)


def read_request(text: str, names: Names, subject: str | None = None, shown: Collection[str] = ()) -> Request | None:
    """What a German or English question wants of the catalogue; None where it asks about one programme or none.

    `subject` is the programme talked about before, `shown` are those that were listed last: both may be compared.
    """
    plain = " ".join(folded(text).split())
    mentions = names.mentions(text)
    compared = _comparison(plain, mentions, subject, list(shown))
    if compared is not None:
        return compared
    if _wants_guidance(plain, mentions):
        return Request(Wanted.GUIDANCE, read_criteria(text).criteria)
    return _events(text, plain, mentions) or _listing(text, plain, mentions)


def likely_request(text: str, wanted: Wanted) -> Request | None:
    """A request of a sort that something else than its words suggests; None where nothing in it can be listed."""
    plain = " ".join(folded(text).split())
    criteria = read_criteria(text).criteria
    if wanted is Wanted.EVENTS:
        name = next((name for name, pattern in _EVENT.items() if pattern.search(plain)), None)
        since, until, _ = read_time(plain)
        chosen = Criteria(laender=criteria.laender, topics=criteria.topics, since=since, until=until)
        return Request(wanted, replace(chosen, event_kind=_EVENTS[name][1])) if name else None
    name = next((name for name, pattern in _NOUN.items() if pattern.search(plain)), None)
    return Request(wanted, replace(criteria, kinds=_NOUNS[name][1])) if name else None


def _comparison(plain: str, mentions: list[Mention], subject: str | None, shown: list[str]) -> Request | None:
    keys = list(dict.fromkeys(mention.key for mention in mentions))
    match = _COMPARING.search(plain)
    if match is None:
        return None
    if _WEAK_COMPARING.fullmatch(match.group()) and (
        len(keys) < 2 or not re.search(r"\b(?:oder|or|als|than)\b", plain)
    ):
        return None
    if len(keys) < 2 and shown and _BOTH.search(plain):
        keys = list(dict.fromkeys([*keys, *shown]))
    elif len(keys) == 1 and subject and subject not in keys and _WITH_IT.search(plain):
        keys = [subject, *keys]
    if len(keys) < 2:
        return None
    named = {word for mention in mentions for word in mention.words}
    unnamed = " ".join(word for word in words(plain) if word not in named)
    asked = tuple(one for one in asked_attributes(unnamed) if not one.words <= STOPWORDS)
    return Request(Wanted.COMPARISON, programmes=tuple(keys[:MAX_COMPARED]), asked=asked)


def _wants_guidance(plain: str, mentions: list[Mention]) -> bool:
    """Whether somebody asks what there is for them without saying what it is to be."""
    if any(mention.exact and mention.primary for mention in mentions):
        return False
    if _NEEDS.search(plain):
        return True
    if _ONE.search(plain):
        return False
    read = read_criteria(plain).criteria
    for_somebody = bool(_OUR.search(plain) or read.municipality)
    if _WHAT_FITS.search(plain):
        return for_somebody
    has_noun = bool(_NOUN["funding"].search(plain) or _NOUN["programme"].search(plain))
    return has_noun and for_somebody and bool(_FITS.search(plain)) and read.going is None


def _events(text: str, plain: str, mentions: list[Mention]) -> Request | None:
    name = next((name for name, pattern in _EVENT.items() if pattern.search(plain)), None)
    if name is None or _HAPPENED.search(plain) or _is_part_of_name(_EVENT[name], plain, mentions):
        return None
    counting = bool(_COUNTING.search(plain))
    bare = _is_bare(plain, _EVENT[name], mentions)
    if not (counting or bare or _is_listing(plain)):
        return None
    since, until, rest = read_time(plain)
    read = read_criteria(text)
    town = named_town(plain) if read.criteria.laender else None
    hosts = tuple(dict.fromkeys(mention.key for mention in mentions if town not in mention.words))
    left = [
        word
        for word in _left(read.rest, mentions)
        if word in rest and not word.isdigit() and not _EVENT[name].fullmatch(word)
    ]
    criteria = Criteria(
        event_kind=_EVENTS[name][1],
        laender=() if town else read.criteria.laender,
        places=tuple(word for word in re.findall(r"[\w-]+", text) if town and folded(word).startswith(town))[:1],
        topics=read.criteria.topics,
        since=since,
        until=until,
        hosts=hosts,
        others=tuple(left),
    )
    return Request(Wanted.EVENT_COUNT if counting else Wanted.EVENTS, criteria)


def _listing(text: str, plain: str, mentions: list[Mention]) -> Request | None:
    name = next((name for name, pattern in _NOUN.items() if pattern.search(plain)), None)
    if name is None or _HAPPENED.search(plain) or _names_one(_NOUN[name], plain, mentions):
        return None
    counting = bool(_COUNTING.search(plain))
    if not (counting or _is_listing(plain) or _is_bare(plain, _NOUN[name], [])):
        return None
    if _asks_other(plain):
        return None
    # 'Standards' is a topic too, but not where it is what is listed.
    read = read_criteria(text if name in ("funding", "programme") else _NOUN[name].sub(" ", folded(text)))
    left = [word for word in _left(read.rest, []) if not any(pattern.fullmatch(word) for pattern in _NOUN.values())]
    if any(word[0].isdigit() for word in left):
        return None
    criteria = replace(read.criteria, kinds=_NOUNS[name][1], others=tuple(left))
    return Request(Wanted.COUNT if counting else Wanted.LIST, criteria)


def _is_listing(plain: str) -> bool:
    return any(pattern.search(plain) for pattern in (_WHICH, _ASKS_TO_LIST, _THERE_ARE, _HAS, _NOUN_FOR))


def _is_bare(plain: str, noun: "re.Pattern[str]", mentions: list[Mention]) -> bool:
    """Whether a remark is nothing but a noun in the plural and what limits it: 'Förderprogramme NRW Wasser'."""
    match = noun.search(plain)
    if match is None:
        return False
    _, _, untimed = read_time(plain)
    read = read_criteria(untimed)
    is_plural = match.group() not in _SINGULAR
    left = [word for word in _left(read.rest, mentions) if not noun.fullmatch(word)]
    return not left and (is_plural or bool(read.criteria.limits))


_SINGULAR = frozenset({"foerderung", "funding", "programm", "workshop", "event", "kongress", "konferenz"})


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
