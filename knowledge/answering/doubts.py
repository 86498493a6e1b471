"""What speaks against a passage that was found: that it lacks what the question ties its answer to."""

import re

from knowledge import tuning
from knowledge.answering.wording import quote
from knowledge.factsheet import Attribute
from knowledge.indexing.passages import PROFILE
from knowledge.linguistics.dates import is_year
from knowledge.linguistics.ordinals import contradicts
from knowledge.linguistics.text import folded, numbers
from knowledge.recognition.answer_types import AnswerType
from knowledge.recognition.laender import named_laender
from knowledge.recognition.names import is_named
from knowledge.retrieval.library import Library
from knowledge.retrieval.query import Query
from knowledge.retrieval.search import Hit

# Sums and deadlines mean nothing without the programme they are of.
_OF_NO_USE_ALONE = {Attribute.FUNDING_RATE, Attribute.FUNDING_AMOUNT, Attribute.BUDGET, Attribute.DEADLINE}
_ELIGIBLE = {Attribute.ELIGIBILITY}
# Facts that may say for whom something is there.
_FOR_WHOM = {
    *(one.value for one in (Attribute.PURPOSE, Attribute.REQUIREMENTS, Attribute.FUNDING_RATE)),
    *(one.value for one in (Attribute.PARTICIPANTS, Attribute.SELECTED, Attribute.APPLICATIONS)),
    PROFILE,
    None,
}
# A number of this form in a question, such as 'Version 2.0', is a version.
_VERSION = re.compile(r"\d{1,2}\.\d")
_OF_SOMETHING = (AnswerType.MONEY, AnswerType.PERCENT)
# 'Was ist der Unterschied zwischen Landkreis und Verbund?'
_DIFFERENCE = re.compile(
    r"\b(?:unterschied\w*|differences?)\b.*?\b(?:zwischen|between) (?P<one>.+?) (?:und|and) (?P<other>.+?)\W*$"
    r"|\bunterscheide\w* (?:sich )?(?P<first>.+?) (?:von|und) (?P<second>.+?)\W*$"
)


def doubt(library: Library, query: Query, best: Hit, *, from_context: bool) -> float:
    """What is left of the confidence, 0…1, where the passage lacks what the question ties its answer to."""
    left = 1.0
    # The year of the question before binds none that tells by itself what it asks for.
    missing = best.missing_numbers & numbers(query.text) if best.attribute else best.missing_numbers
    if any(map(is_year, missing)) or _lacks_version(library, query, best):
        left *= tuning.DOUBT_OTHER_YEAR
    if contradicts(query.text, best.passage.text):
        left *= tuning.DOUBT_OTHER_ORDINAL
    if _lacks_side(library, query, best):
        left *= tuning.DOUBT_ONE_SIDE
    if _lacks_land(library, query, best):
        left *= tuning.DOUBT_OTHER_LAND
    # Whoever asks for the person to contact is helped by an address too.
    of_contact = (
        best.attribute
        and query.wanted is AnswerType.PERSON
        and any(one.attribute is Attribute.CONTACT for one in query.asked)
    )
    if best.evidence is not None and best.evidence.off_type and not of_contact:
        left *= tuning.DOUBT_OTHER_TYPE
    if best.evidence is not None and best.evidence.uncounted and best.passage.lang == query.lang:
        left *= tuning.DOUBT_UNCOUNTED
    if best.evidence is not None and best.evidence.unnamed:
        left *= tuning.DOUBT_UNNAMED
    of_a_programme = any(one.attribute in _OF_NO_USE_ALONE for one in query.asked)
    needed = tuning.CONTENT_NEEDED if best.passage.lang == query.lang else tuning.CONTENT_NEEDED_ACROSS
    if of_a_programme and not query.programmes and not query.filter and best.content < needed:
        left *= tuning.DOUBT_NO_PROGRAMME
    elif query.wanted in _OF_SOMETHING and not best.attribute and best.coverage < needed:
        # A sum or share that is told of something else says nothing of what was asked about.
        left *= tuning.DOUBT_OTHER_SUM
    if query.programmes and query.asked and not best.attribute and not _is_borne_out(library, query, best):
        left *= tuning.DOUBT_OTHER_ATTRIBUTE
    if from_context and not query.asked and query.previous is None and best.content < tuning.CONTENT_NEEDED:
        left *= tuning.DOUBT_REMARK
    return left


def _is_borne_out(library: Library, query: Query, best: Hit) -> bool:
    """Whether the question's words bear out an answer that tells no attribute asked for.

    Where nothing of the question can be covered, only something of the type asked for does so. Who may take part is
    told by what says so, whatever words it shares with another fact.
    """
    if {one.attribute for one in query.asked} == _ELIGIBLE and _tells_other(best):
        return False
    may_cover = query.wanted is not None or (best.content and _has_words(library, query))
    return bool(may_cover and best.coverage)


def _tells_other(best: Hit) -> bool:
    """Whether a fact tells something else than what was asked for, which is not what its programme is for."""
    return best.passage.fact is not None and not best.attribute and best.passage.attribute not in _FOR_WHOM


def _has_words(library: Library, query: Query) -> bool:
    """Whether a question has words of its own by which a passage can be told, and not only those of the last one."""
    if query.previous_share > 1.0:  # those of the thing of a programme that is talked about tell it too
        return True
    known = query.ignored_words | {word for one in query.asked for word in one.words}
    own = library.lexical.terms.query_words(query.text, query.lang)
    return any(not is_named(folded(word), known) for word, _ in own)


def _lacks_side(library: Library, query: Query, best: Hit) -> bool:
    """Whether the difference between two things is asked for, and the passage speaks of one of them at most."""
    match = _DIFFERENCE.search(folded(query.text)) if best.passage.lang == query.lang else None
    if match is None:
        return False
    terms = library.lexical.terms
    told = frozenset(terms.passage_terms(folded(best.passage.text), query.lang))
    sides = [frozenset(terms.passage_terms(side, query.lang)) for side in match.groups() if side]
    return any(side and side.isdisjoint(told) for side in sides)


def _lacks_version(library: Library, query: Query, best: Hit) -> bool:
    """Whether a question names a version of which neither what would be quoted nor what stands above it speaks."""
    asked = {one for one in numbers(query.text) if _VERSION.fullmatch(one)} - query.ignored_words
    above = (library.document(best.passage).title, *best.passage.headings)
    return bool(asked) and not asked <= numbers(" ".join((quote(library, query, best).text, *above)))


def _lacks_land(library: Library, query: Query, best: Hit) -> bool:
    """Whether a question on a programme names a Land that neither the programme nor the passage is of."""
    sheets = [library.sheets[key] for key in best.passage.programmes if key in library.sheets]
    asked = set(named_laender(query.text)) if query.programmes and best.passage.fact else set()
    own = {land.value for sheet in sheets for land in sheet.laender}
    return bool(asked) and asked.isdisjoint(own) and asked.isdisjoint(named_laender(best.passage.text))
