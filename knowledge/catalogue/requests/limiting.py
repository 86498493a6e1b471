"""Remarks that limit or count what was listed before: 'und in Bayern?', 'wie viele sind das?'."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from knowledge.catalogue.criteria import read_criteria, read_time
from knowledge.catalogue.requests.comparing import compared_further
from knowledge.catalogue.requests.nouns import LAST, left_words
from knowledge.catalogue.requests.reading import read_request
from knowledge.catalogue.requests.request import Request, Wanted
from knowledge.factsheet import EventKind
from knowledge.linguistics.text import folded
from knowledge.recognition.names import Names

# What an event of a kind is called where only the last one is asked for.
_EVENT_NOUNS = {EventKind.WORKSHOP: "workshop", EventKind.CONFERENCE: "kongress", None: ""}
_LAST_ALONE = re.compile(rf"^(?:und |and )?(?:(?:der|die|das|wann war der|the|when was the) )?(?:{LAST})(?: one)?\W*$")
_COUNT_ALONE = re.compile(
    r"^(?:und |and )?(?:wie ?viele(?!\w)|wie ?viel (?=sind|waren)|how many)(?: (?:sind|waren|are|were))?"
    r"(?: (?:das|die|es|they|that|there))?\b"
)
_LIST_ALONE = re.compile(
    r"^(?:und |and |ok )?(?:welche|which)(?: ones)?(?: (?:sind|waren|are|were))?(?: (?:das|die|es|they|those))?\b"
)
_OF_EVENTS = (Wanted.EVENTS, Wanted.EVENT_COUNT)
# 'Wie viele waren da?' counts those who came.
_CAME = re.compile(r"\b(?:waren|sind|were) (?:\w+ )?(?:da|dort|dabei|anwesend|there|present)\W*$")
_LISTED_AS = {Wanted.COUNT: Wanted.LIST, Wanted.EVENT_COUNT: Wanted.EVENTS}
_COUNTED_AS = {
    Wanted.LIST: Wanted.COUNT,
    Wanted.COUNT: Wanted.COUNT,
    Wanted.EVENTS: Wanted.EVENT_COUNT,
    Wanted.EVENT_COUNT: Wanted.EVENT_COUNT,
}


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
        return compared_further(request, plain, names.mentions(remark))
    if request.wanted not in _COUNTED_AS or names.mentions(remark):
        return None
    if (
        _LAST_ALONE.match(plain)
        and request.wanted is Wanted.EVENTS
        and request.criteria.since == str(date.today().year)
    ):
        noun = _EVENT_NOUNS[request.criteria.event_kind]
        return replace(request, criteria=replace(request.criteria, since=None, latest=noun))
    if request.wanted in _OF_EVENTS and _CAME.search(plain):
        return None
    has_limits = bool(read_criteria(remark).criteria.limits)
    if _COUNT_ALONE.match(plain) and not left_words(_COUNT_ALONE.sub("", plain), []):
        request = replace(request, wanted=_COUNTED_AS[request.wanted])
        if not has_limits:
            return request
    if _LIST_ALONE.match(plain) and not left_words(_LIST_ALONE.sub("", plain), []):
        request = replace(request, wanted=_LISTED_AS.get(request.wanted, request.wanted))
        if not has_limits:
            return request
    since, until, _ = read_time(plain)
    read = read_criteria(remark)
    _, _, rest = read_time(read.rest)
    limits = {name: getattr(read.criteria, name) for name in read.criteria.limits}
    limits |= {"since": since, "until": until} if since or until else {}
    if not limits or left_words(rest, []):
        return None
    return replace(request, criteria=replace(request.criteria, **limits))
