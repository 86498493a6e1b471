"""What speaks against a passage that was found: that it lacks what the question ties its answer to."""

import re

from knowledge import tuning
from knowledge.answering.wording import quote
from knowledge.factsheet import Attribute
from knowledge.indexing.passages import PROFILE
from knowledge.linguistics.dates import is_year
from knowledge.linguistics.ordinals import contradicts
from knowledge.linguistics.terms import STOPWORDS
from knowledge.linguistics.text import folded, numbers, words
from knowledge.recognition.answer_types import AnswerType
from knowledge.recognition.entities import named_organisations
from knowledge.recognition.laender import named_laender, named_towns
from knowledge.recognition.names import is_named
from knowledge.retrieval.library import Library
from knowledge.retrieval.query import Query
from knowledge.retrieval.search import Hit

# Sums, deadlines and how long something runs mean nothing without the programme they are of.
_OF_NO_USE_ALONE = {
    Attribute.FUNDING_RATE,
    Attribute.FUNDING_AMOUNT,
    Attribute.BUDGET,
    Attribute.DEADLINE,
    Attribute.DURATION,
}
_ROLES = {Attribute.RESPONSIBLE, Attribute.CONTACT, Attribute.PARTICIPANTS}
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
_VERSIONED = re.compile(r"(?:(?P<thing>[^\W\d][\w.-]*)[ :|]+)?(?<![\d.])(?P<number>\d{1,2}\.\d)(?![\d%])")
_VERSION_WORDS = frozenset(("version", "versionen", "fassung", "release", "ausgabe", "v", "v.", "edition"))
_ASKS_FOR_ITSELF = re.compile(r"\b(?:wir|uns|unser\w*|bei uns|we|us|our)\b")
# What stands so without an article is a place, where it is known at all.
_AT_PLACE = re.compile(r"\b(?:in|aus|liegt|steht|landet|from) (?P<place>[a-z][a-z-]{3,})\b")
# What counts or measures says what it is of by its thing.
_COUNTS = (AnswerType.NUMBER, AnswerType.MONEY, AnswerType.PERCENT, AnswerType.DURATION, AnswerType.FREQUENCY)
_OF_SOMETHING = (AnswerType.MONEY, AnswerType.PERCENT)
_NAMES = (AnswerType.FIRM, AnswerType.TOWN, AnswerType.PARTY)
# 'Was ist der Unterschied zwischen Landkreis und Verbund?'
_DIFFERENCE = re.compile(
    r"\b(?:unterschied\w*|differences?)\b.*?\b(?:zwischen|between) (?P<one>.+?) (?:und|and) (?P<other>.+?)\W*$"
    r"|\bunterscheide\w* (?:sich )?(?P<first>.+?) (?:von|und) (?P<second>.+?)\W*$"
)


def doubt(library: Library, query: Query, best: Hit, *, from_context: bool) -> float:
    """What is left of the confidence, 0…1, where the passage lacks what the question ties its answer to."""
    left = _of_what_is_named(library, query, best) * _of_its_type(library, query, best)
    if query.programmes and query.asked and not best.attribute and not _is_borne_out(library, query, best):
        left *= tuning.DOUBT_OTHER_ATTRIBUTE
    is_remark = from_context and not query.asked and query.previous is None and best.content < tuning.CONTENT_NEEDED
    if is_remark or _says_nothing_of_it(library, query, best):
        left *= tuning.DOUBT_REMARK
    return left


def _of_what_is_named(library: Library, query: Query, best: Hit) -> float:
    """What is left where another year, round, Land or town is told of than the question names, or one side alone."""
    left = 1.0
    # The year of the question before binds none that tells by itself what it asks for.
    missing = best.missing_numbers & numbers(query.text) if best.attribute else best.missing_numbers
    if any(map(is_year, missing)) or _lacks_version(library, query, best):
        left *= tuning.DOUBT_OTHER_YEAR
    if contradicts(query.text, best.passage.text) or _lacks_edition(library, query, best):
        left *= tuning.DOUBT_OTHER_ORDINAL
    if _lacks_side(library, query, best):
        left *= tuning.DOUBT_ONE_SIDE
    if _lacks_land(library, query, best) or _lacks_town(library, query, best) or _names_unknown_place(library, query):
        left *= tuning.DOUBT_OTHER_LAND
    if _lacks_body(library, query, best):
        left *= tuning.DOUBT_OTHER_THING
    return left


def _of_its_type(library: Library, query: Query, best: Hit) -> float:
    """What is left where the quoted words hold nothing of the type asked for, or hold it of something else."""
    left = _by_evidence(query, best)
    if best.passage.lang != query.lang and _is_tied_across(library, query, best):
        return left
    is_free = not (query.programmes or query.filter or query.document or query.wish.of_itself)
    tells_another = (
        _is_of_no_programme(query, best) or _is_of_nothing(query, best) or _is_when_of_another(library, query, best)
    )
    if is_free and tells_another:
        left *= tuning.DOUBT_NO_PROGRAMME
    elif (is_free and query.wanted in _NAMES and _is_of_another(best, query)) or _is_of_other_sum(query, best):
        left *= tuning.DOUBT_OTHER_SUM
    return left


def _is_when_of_another(library: Library, query: Query, best: Hit) -> bool:
    """Whether it is asked when something was that a passage tells of a programme: 'when does Smart Villages Europe
    start' of digital villages.
    """
    if not best.passage.programmes or best.evidence is None or query.wanted not in (AnswerType.WHEN, AnswerType.DATE):
        return False
    if not {one.key for one in library.names.mentions(query.text)}.isdisjoint(best.passage.programmes):
        return False
    return best.evidence.missing >= tuning.MISSING_OF_NAME and best.coverage < tuning.CONTENT_NEEDED


def _is_of_no_programme(query: Query, best: Hit) -> bool:
    """Whether something is asked that has no use without the programme it is of, and most of that is told nowhere."""
    asks_of_one = any(one.attribute in _OF_NO_USE_ALONE for one in query.asked)
    return asks_of_one and best.content < _content_needed(query, best)


def _is_of_nothing(query: Query, best: Hit) -> bool:
    """Whether something of a type is asked for, and nothing that a passage tells is what it is asked of."""
    return query.wanted is not None and best.content == 0.0 and best.passage.lang == query.lang


def _is_of_other_sum(query: Query, best: Hit) -> bool:
    """Whether a sum or share is told of something else, which says nothing of what was asked about."""
    if query.wanted not in _OF_SOMETHING or best.attribute:
        return False
    return best.coverage < _content_needed(query, best) or _is_of_another(best, query)


def _content_needed(query: Query, best: Hit) -> float:
    return tuning.CONTENT_NEEDED if best.passage.lang == query.lang else tuning.CONTENT_NEEDED_ACROSS


def _by_evidence(query: Query, best: Hit) -> float:
    """What is left where the words that would be quoted do not bear an answer out."""
    found, left = best.evidence, 1.0
    if found is None:
        return left
    # Whoever asks for the person to contact is helped by an address too; a fact tells in its own words who may apply.
    of_contact = query.wanted is AnswerType.PERSON and any(one.attribute is Attribute.CONTACT for one in query.asked)
    is_fact = best.attribute and (of_contact or query.wanted is AnswerType.ELIGIBLE)
    if found.off_type and not is_fact:
        left *= tuning.DOUBT_OTHER_TYPE
    if found.uncounted and best.passage.lang == query.lang:
        left *= tuning.DOUBT_UNCOUNTED
    if found.undone and query.wanted not in _COUNTS and _is_told_in_own(best, query):
        left *= tuning.DOUBT_UNDONE
    # What has a number in its name is not what a fact without it says something else was done with.
    lacks_number = not numbers(query.text) <= numbers(best.passage.text)
    # Nor is what somebody did told by a fact that holds no word of the question ('who opened it').
    if found.undone and best.passage.fact is not None and not found.told_own and (lacks_number or not query.asked):
        left *= tuning.DOUBT_UNDONE
    if found.unnamed:
        left *= tuning.DOUBT_UNNAMED
    return left


def _is_of_another(best: Hit, query: Query) -> bool:
    """Whether the sentence or row that holds the sum names hardly anything of what it is asked of."""
    if best.evidence is None or query.document is not None or not _is_told_in_own(best, query):
        return False
    return best.evidence.beside + best.evidence.by_type < tuning.BESIDE_SUM


def _is_tied_across(library: Library, query: Query, best: Hit) -> bool:
    """Whether a passage in the other language holds what is the same in both: a question's names or its numbers."""
    if numbers(query.text):
        return not best.missing_numbers
    is_named = best.evidence is not None and not best.evidence.unnamed
    return bool(library.searcher.names_across(query)) and is_named


def _is_told_in_own(best: Hit, query: Query) -> bool:
    """Whether a document tells it in the asker's language; facts are worded by hand and say what they are of."""
    return best.passage.fact is None and best.passage.lang == query.lang


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


def _says_nothing_of_it(library: Library, query: Query, best: Hit) -> bool:
    """Whether a question on a programme asks something else of it than an attribute, of which a passage in its language
    holds no word ('Was steht in der Charta zu Drohnen?').
    """
    if not query.programmes or query.asked or query.wants_profile or best.passage.lang != query.lang:
        return False
    own = [word for word in library.searcher.words(query) if not word.is_previous]
    if query.previous is not None:
        # 'Which areas does it fund?' has words enough of its own, whatever those of the question before tell.
        asks_itself = query.wanted is None and len(own) > 1
        return asks_itself and best.evidence is not None and best.evidence.told_own == 0.0
    return bool(own) and best.coverage < tuning.PART_OF_COMPOUND / 2


def _lacks_side(library: Library, query: Query, best: Hit) -> bool:
    """Whether the difference between two things is asked for, and the passage speaks of one of them at most."""
    match = _DIFFERENCE.search(folded(query.text)) if best.passage.lang == query.lang else None
    if match is None:
        return False
    terms = library.lexical.terms
    told = terms.stems(folded(best.passage.text), query.lang)
    sides = [terms.stems(side, query.lang) for side in match.groups() if side]
    return any(side and side.isdisjoint(told) for side in sides)


def _lacks_version(library: Library, query: Query, best: Hit) -> bool:
    """Whether a question names a version of which neither what would be quoted nor what stands above it speaks.

    Nor does what gives the version of something else: 'CC BY 4.0'.
    """
    asked = {one for one in numbers(query.text) if _VERSION.fullmatch(one)} - query.ignored_words
    if not asked:
        return False
    above = (library.document(best.passage).title, *best.passage.headings)
    told = " ".join((quote(library, query, best).text, *above))
    own = _VERSION_WORDS | STOPWORDS | {folded(word) for part in (query.text, *above) for word in words(part)}
    named = {
        found["number"] for found in _VERSIONED.finditer(told) if not found["thing"] or folded(found["thing"]) in own
    }
    return not asked <= named


def _lacks_land(library: Library, query: Query, best: Hit) -> bool:
    """Whether a question on a programme names a Land that neither the programme nor the passage is of."""
    sheets = [library.sheets[key] for key in best.passage.programmes if key in library.sheets]
    asked = set(named_laender(query.text)) if query.programmes else set()
    own = {land.value for sheet in sheets for land in sheet.laender}
    return bool(asked) and asked.isdisjoint(own) and asked.isdisjoint(named_laender(library.in_full(best.passage)))


def _lacks_body(library: Library, query: Query, best: Hit) -> bool:
    """Whether a question on a programme names an authority or company of which the passage does not speak ('was macht
    die KfW bei der Gigabitförderung'); who is in charge or takes part is told by others too.
    """
    if not query.programmes or (best.attribute and any(one.attribute in _ROLES for one in query.asked)):
        return False
    named = named_organisations(query.text)
    asked = {name for name, said in named if not is_named(said, query.ignored_words)}
    told = {name for name, _ in named_organisations(library.in_full(best.passage))}
    return not asked <= told


def _lacks_town(library: Library, query: Query, best: Hit) -> bool:
    """Whether a question names a town of which neither the passage nor what stands above it speaks.

    A town that asks for itself ('wir in Kiel') or whether it may take part is no such.
    """
    towns = named_towns(folded(query.text)) - query.ignored_words
    if not (towns or best.is_elsewhere) or _ASKS_FOR_ITSELF.search(folded(query.text)):
        return False
    if any(one.attribute is Attribute.ELIGIBILITY for one in query.asked):
        return False
    if best.attribute and any(one.attribute is Attribute.PLACE for one in query.asked):
        return False  # 'Hat die ein Büro in Köln?' is answered by where its offices are
    told = words(folded(library.in_full(best.passage)))
    # 'Des Ulmer Münsters' and 'Bremens' too.
    own = {word.removesuffix("s") for word in told} | named_towns(" ".join(told))
    return best.is_elsewhere or own.isdisjoint(towns)


def _names_unknown_place(library: Library, query: Query) -> bool:
    """Whether a question names a place of which no passage speaks ('auf welchem Rang liegt Bitburg')."""
    plain = folded(query.text)
    if _ASKS_FOR_ITSELF.search(plain) or any(one.attribute is Attribute.ELIGIBILITY for one in query.asked):
        return False
    unknown = {folded(word.text) for word in library.searcher.words(query) if not (word.count or word.attributes)}
    return any(match["place"] in unknown for match in _AT_PLACE.finditer(plain))


def _lacks_edition(library: Library, query: Query, best: Hit) -> bool:
    """Whether the number that a question gives a programme ('DigitalPakt 3', 'URBACT V') is told nowhere of it."""
    number = library.names.edition(query.text)
    return (
        number is not None
        and number not in map(folded, words(library.in_full(best.passage)))
        and not any(told == number or told.startswith(f"{number}.") for told in numbers(library.in_full(best.passage)))
    )
