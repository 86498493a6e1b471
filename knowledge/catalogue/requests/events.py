"""Questions for events: which there are, how many, the next one, the last one."""

import re
from datetime import date

from knowledge.catalogue.criteria import Criteria, read_criteria, read_time
from knowledge.catalogue.requests.listing import COUNTING, HAPPENED, is_listing
from knowledge.catalogue.requests.nouns import EVENT, EVENT_KINDS, LAST, is_bare, is_part_of_name, left_words
from knowledge.catalogue.requests.request import Request, Wanted
from knowledge.factsheet import Attribute
from knowledge.linguistics.text import folded
from knowledge.recognition.attributes import asked_attributes
from knowledge.recognition.laender import named_town
from knowledge.recognition.names import Mention

# 'Gab es auch was in Köln?'
_WAS_THERE = re.compile(
    r"^(?:und |and |ok )?(?:gab(?:s| es)|was there|were there)"
    r"(?: (?:da|auch|denn|mal|schon|so|noch))* (?:was|etwas|irgendwas|welche|eine[nrs]?|any|anything|something)"
    r"(?: (?:auch|too))? (?:in|bei|im) "
)
# 'Wann ist der nächste MPSC-Kongress?'
_NEXT = re.compile(r"\b(?:naechste[nrsm]?|kommende[nrsm]?|next|upcoming)\b")
_LAST_EVENT = re.compile(
    rf"\b(?:{LAST}) (?:[\w-]+ )?(?P<event>[\w-]*(?:workshop|kongress|konferenz|conference|congress))\b"
)
_PLAIN_EVENT = re.compile(
    r"workshops?|kongress(?:e|en|es)?|konferenz(?:en)?|conferences?|congress(?:es)?|veranstaltung(?:en)?|termine|events?"
)


def events(text: str, plain: str, mentions: list[Mention]) -> Request | None:
    """The events that a text, also given folded, asks for; None where it asks for none."""
    town = named_town(plain)
    if town and _WAS_THERE.match(plain) and set(left_words(_WAS_THERE.sub("", plain), mentions)) <= {town}:
        return Request(Wanted.EVENTS, Criteria(places=_as_written(town, text)))
    name = next((name for name, pattern in EVENT.items() if pattern.search(plain)), None)
    if name is not None and _NEXT.search(plain):
        hosts = tuple(dict.fromkeys(mention.key for mention in mentions))
        coming = Criteria(event_kind=EVENT_KINDS[name], since=str(date.today().year), hosts=hosts)
        return Request(Wanted.EVENTS, coming)
    if name is not None and (last := _LAST_EVENT.search(plain)) and _asks_when(plain):
        hosts = tuple(dict.fromkeys(mention.key for mention in mentions))
        return Request(
            Wanted.EVENTS, Criteria(event_kind=EVENT_KINDS[name], hosts=hosts, latest=_noun_of(last["event"]))
        )
    if name is None or HAPPENED.search(plain) or is_part_of_name(EVENT[name], plain, mentions):
        return None
    counting = bool(COUNTING.search(plain))
    bare = is_bare(text, EVENT[name], mentions)
    if not (counting or bare or is_listing(plain)):
        return None
    since, until, rest = read_time(plain)
    read = read_criteria(text)
    town = town if read.criteria.laender else None
    hosts = tuple(dict.fromkeys(mention.key for mention in mentions if town not in mention.words))
    left = [
        word
        for word in left_words(read.rest, mentions)
        if word in rest and not word.isdigit() and not EVENT[name].fullmatch(word)
    ]
    # 'Regionalkonferenzen' are no other conferences.
    named = {word for mention in mentions for word in mention.words}
    left += [
        match.group().removesuffix("s").removesuffix("en")
        for match in EVENT[name].finditer(plain)
        if match.group() not in named and not _PLAIN_EVENT.fullmatch(match.group()) and "-" not in match.group()
    ]
    criteria = Criteria(
        event_kind=EVENT_KINDS[name],
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
