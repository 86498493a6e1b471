"""Finding, for a question in its context, the passages that answer it."""

import re
from dataclasses import replace

from knowledge import tuning
from knowledge.answering.attempts import Attempt, Attempts, needs_previous
from knowledge.answering.context import Context
from knowledge.answering.definitions import explains
from knowledge.answering.on_subject import OnSubject, stays
from knowledge.answering.question import Question, parts, understand
from knowledge.answering.told_last import SINCE_ALONE, ToldLast
from knowledge.encoding.embedding import Embedder
from knowledge.factsheet import Attribute, Count, SheetKind, short_name
from knowledge.linguistics.ordinals import without_ordinals
from knowledge.linguistics.text import folded, numbers, sentences
from knowledge.recognition.attributes import OF_AN_EVENT, Asked, asked_attributes
from knowledge.retrieval.library import Library
from knowledge.retrieval.selection import Quote

_COUNTS_ALONE = re.compile(
    r"^(?:und |and )?(?:wie ?viele|how many)(?: (?:gibt(?:s| es)|gab(?:s| es)|sind|waren|are|were|there|das|die|es|denn"
    r"|davon|da|insgesamt|they|that|of them|in|bei|der|den|the|of))*\W*$"
)
_NEXT = re.compile(r"^(?:(?:ok(?:ay)?|gut|also|so) )*(?:dann|then|jetzt|now)\b")
# 'War der VKU auch dabei?'
_WAS_PART = re.compile(r"^(?:und |and )?(?:war|waren|ist|sind|was|were|is|are)\b")
# 'Welche?', 'nenn sie mir' after 'wie viele?'
_WHICH_ALONE = re.compile(
    r"^(?:und |and |ok )?"
    r"(?:(?:welche|which)(?: (?:denn|genau|davon|sind|das|es|waren|are|were|they|those|ones|of them))*"
    r"|wie heissen (?:die|sie)(?: (?:denn|alle))*|what are they called"
    r"|(?:nenn\w*|zaehl\w*|list\w*|name)(?: (?:sie|die|them|mir|mal|bitte|auf|alle|doch|all|please))*)\W*$"
)
_ADVERBS = r"(?:(?:auch|zusammen|gleichzeitig|parallel|dann|denn|alles|together|also|too) )?"
# 'Was hat der mit Stadt.Land.Digital zu tun?'; but 'wie viel gibt es bei MPSC?' is on MPSC alone.
_THAT_WITH = re.compile(
    r"(?<!\bgibt )(?<!\bgab )(?<!\bthere )\b(?:das|der|die|es|er|sie|it|that|this|they) "
    rf"{_ADVERBS}(?:mit|fuer|with|for|(?<!\bist das )(?<!\bwar das )(?<!\bsieht es )(?:bei[mr]?|at))\b"
)
_WHAT_DOES = re.compile(r"^(?:und |and )?(?:was|what) (?:macht|machen|tut|tun|does|do)\b")
_DOES = frozenset(("macht", "machen", "tut", "tun", "do", "does"))
# What of a programme is counted where nothing is said of what.
_COUNTED = (Attribute.SELECTED, Attribute.PARTICIPANTS)
_WITH_EVENTS = {SheetKind.WORKSHOP, SheetKind.INITIATIVE}


class Lookup:
    """Reads questions against a library and looks their answers up."""

    def __init__(self, library: Library, embedder: Embedder) -> None:
        self._library = library
        self._attempts = Attempts(library, embedder)
        self._on_subject = OnSubject(library, self._attempts)
        self._told_last = ToldLast(library, self._attempts)

    def attempts(self, asked: Question, context: Context, *, follows_up: bool) -> list[Attempt]:
        """What is found for each question that a sentence joins; the later ones lean on the first."""
        first, *others = parts(asked.text)
        if not others:
            return [self._attempt(asked, context, follows_up=follows_up)]
        opening = self._part(asked, first, context)
        attempts = [self._attempt(opening, context, follows_up=follows_up)]
        subject = asked.programmes[0] if asked.programmes else attempts[0].programme or context.programme
        leaned_on = Context(
            language=asked.lang, programme=subject, question=first, focus=self._thing_in(first, subject)
        )
        for other in others:
            part = self._part(asked, other, leaned_on)
            attempts.append(self._attempt(part, leaned_on, follows_up=True))
        return attempts

    def _thing_in(self, said: str, programme: str | None) -> str:
        """The thing of a programme that is named, folded; empty where none is, or the programme itself."""
        names = [one for one in self._library.names.mentions(said) if one.key == programme]
        return " ".join(names[0].words) if names and not any(map(self._library.names.is_own, names)) else ""

    def _part(self, asked: Question, text: str, context: Context) -> Question:
        """One of the questions that a sentence joins; where to look is said for all of them."""
        part = understand(text, self._library.names, context)
        return replace(part, lang=asked.lang, filter=asked.filter, wish=asked.wish)

    def alone(self, asked: Question, limit: int) -> Attempt:
        """What is found for a question without a conversation, up to `limit` passages."""
        return self._attempts.on_named(
            self._attempts.of(asked, asked.programmes, None, [asked.text], limit=limit), limit
        )

    def explaining(self, asked: Question, term: str) -> Attempt | None:
        """What says what a folded term means, wherever that stands; None where nothing found does."""
        found = self._attempts.of(asked, (), None, [asked.text], limit=tuning.CANDIDATES)
        for hit in found.hits:
            passage = hit.passage.text
            said = next((span for span in sentences(passage) if explains(passage[slice(*span)], term)), None)
            if said is not None:
                quoted = replace(hit, quoted=Quote(passage[slice(*said)], *said))
                return replace(found, hits=[quoted], confidence=max(found.confidence, tuning.EXPLAINED))
        return None

    def _attempt(self, asked: Question, context: Context, *, follows_up: bool) -> Attempt:
        """The reading of the question under which the best passage is found."""
        offered = self._library.offered.get(asked.text)
        if offered is not None:
            return self._offered(asked, *offered)
        leans = asked.leaning or follows_up
        # 'Ok, dann TwinBy' asks what that is.
        is_next = asked.asks_what_it_is and bool(_NEXT.match(folded(asked.text)))
        previous = context.question if leans and not is_next else None
        counts_alone = bool(_COUNTS_ALONE.match(folded(without_ordinals(asked.text))))
        alone = counts_alone or bool(_WHICH_ALONE.match(folded(asked.text)))
        if previous and (needs_previous(asked) or alone) and (alone or not asked.asks):
            inherited = tuple(Asked(attribute, frozenset()) for attribute in context.asked)
            asked = replace(asked, asked=asked_attributes(previous) or inherited)
        if counts_alone and not any(one.attribute in _COUNTED for one in asked.asked):
            asked = replace(asked, asked=self._counted_of(context.programme) or asked.asked)
        if asked.programmes:
            same_subject = context.programme in asked.programmes
            # What asks by itself of a thing that it names is not drawn to the one of the question before.
            says_all = asked.asks and bool(asked.asked) and not asked.named_itself
            before = previous if same_subject and not says_all else None
            named = self._attempts.on_named(self._attempts.of(asked, asked.programmes, before, [asked.text]))
            if not same_subject and (both := self._on_both(asked, context)) is not None:
                return both
            if named.confidence < tuning.THRESHOLD and (_says_what_it_does(asked) or self._is_another_name(asked)):
                named = self._attempts.of(self._as_profile(asked), asked.programmes, None, [asked.text])
            is_of_programme = any(one.attribute not in OF_AN_EVENT for one in asked.asked)
            said = None if same_subject or is_of_programme else self._said_of(asked, context)
            # 'und über Open Data?' goes on with what was asked of the event, and asks nothing of Open Data.
            goes_on = (leans and not asked.asks) or bool(_WAS_PART.match(folded(asked.text)))
            return said if said is not None and (goes_on or said.confidence > named.confidence) else named
        document = self._told_last.document(context)
        on_programme = context.programme in self._library.sheets
        if previous and document and not on_programme and (asked.joining or asked.referring) and stays(asked):
            return self._told_last.on_document(asked, document, previous)
        if context.programme not in self._library.sheets:
            shown = self._among_shown(asked, context, previous) if leans else None
            found = shown or self._attempts.of(asked, (), None, [asked.text])
        else:
            found = self._on_subject.found(asked, context.programme, context, previous, leans=leans)
            if counts_alone and not asked.asked:  # nothing was asked of which there could be so many
                found = replace(found, confidence=found.confidence * tuning.DOUBT_UNCOUNTED)
        if asked.joining and not (asked.content or asked.filter or previous or document or found.from_context):
            return replace(found, confidence=0.0)  # nothing was talked about that 'und wie lange geht das?' asks of
        is_since = bool(SINCE_ALONE.match(folded(asked.text)))
        if (is_since or found.confidence < tuning.THRESHOLD) and (
            again := self._told_last.again(asked, context)
        ) is not None:
            return again
        return self._told_last.in_document(asked, document, previous, found) if previous and document else found

    def _as_profile(self, asked: Question) -> Question:
        """A question on what it names, as one for what that is."""
        called = {word for mention in self._library.names.mentions(asked.text) for word in mention.words}
        return replace(
            asked,
            asked=(),
            wanted=None,
            name_words=asked.name_words | called,
            asks_what_it_is=True,
            wants_profile=True,
        )

    def _is_another_name(self, asked: Question) -> bool:
        """Whether a question asks what a programme is by a name of which no fact is told ('Digital Villages').

        What has a number is a thing of its own: 'DIN SPEC 91347'.
        """
        sheets = [self._library.sheets[key] for key in asked.programmes if key in self._library.sheets]
        if not asked.asks_what_it_is or len(sheets) != 1:
            return False
        return numbers(asked.text) <= numbers(" ".join(sheets[0].own_names))

    def _counted_of(self, programme: str | None) -> tuple[Asked, ...]:
        """What 'wie viele gibt es davon?' asks of a programme whose sheet counts those selected or its members."""
        sheet = self._library.sheets.get(programme or "")
        facts = sheet.facts if sheet is not None else []
        counted = {fact.attribute for fact in facts if any(isinstance(one, Count) for one in fact.quantities)}
        return tuple(Asked(one, frozenset()) for one in _COUNTED if one in counted)[:1]

    def _among_shown(self, asked: Question, context: Context, previous: str | None) -> Attempt | None:
        """What is told by the programmes shown last, where none of them is the one talked about; None where nothing is.

        After a list 'wer ist Projektträger?' asks of what it holds.
        """
        shown = tuple(key for key in context.shown if key in self._library.sheets)
        if not shown or asked.introduces:
            return None
        found = self._attempts.of(asked, shown, previous, [asked.text], from_context=True)
        if found.confidence < tuning.THRESHOLD or found.programme not in shown:
            return None
        return replace(found, query=replace(found.query, programmes=frozenset([found.programme])))

    def _on_both(self, asked: Question, context: Context) -> Attempt | None:
        """What is told of the programme talked about where another one is named: 'muss man das bei MPSC nutzen?'.

        None where nothing found speaks of both.
        """
        sheet = self._library.sheets.get(context.programme or "")
        if sheet is None or not _THAT_WITH.search(folded(asked.text)):
            return None
        alone = replace(asked, programmes=(), name_words=asked.name_words, named_itself=False, wants_profile=False)
        told = {fact.attribute for fact in sheet.facts}
        if asked.asked and all(one.attribute in told - set(OF_AN_EVENT) for one in asked.asked):
            # 'Geht das zusammen mit EFRE-Mitteln?' is told by what it says of other money.
            found = self._attempts.of(alone, (sheet.key,), None, [asked.text], from_context=True)
            if found.confidence >= tuning.THRESHOLD and found.hits[0].attribute:
                return found
        name = short_name(sheet, asked.lang)
        found = self._attempts.of(asked, asked.programmes, name, [f"{name}: {asked.text}"], share=tuning.FOCUS_SHARE)
        if found.confidence < tuning.THRESHOLD:
            return None
        return found if sheet.key in self._library.names.exact(found.hits[0].passage.text) else None

    def _said_of(self, asked: Question, context: Context) -> Attempt | None:
        """What was said of the programmes that a question names at the event talked about, if something was."""
        sheet = self._library.sheets.get(context.programme or "")
        if sheet is None or sheet.kind not in _WITH_EVENTS:
            return None
        name = getattr(sheet.name, asked.lang)
        words = replace(asked, programmes=(), name_words=frozenset(), named_itself=False, wants_profile=False)
        found = self._attempts.of(words, (sheet.key,), None, [f"{name}: {asked.text}"], from_context=True)
        if found.confidence < tuning.THRESHOLD:
            return None
        spoken_of = self._library.names.exact(found.hits[0].passage.text)
        return None if set(asked.programmes).isdisjoint(spoken_of) else found

    def _offered(self, asked: Question, programme: str, fact: str) -> Attempt:
        """The fact that a suggestion of ours promised."""
        attempt = self._attempts.of(asked, (programme,), None, [asked.text])
        promised = [hit for hit in attempt.hits if hit.passage.fact == fact]
        others = [hit for hit in attempt.hits if hit.passage.fact != fact]
        return replace(attempt, hits=promised + others, confidence=1.0) if promised else attempt


def _says_what_it_does(asked: Question) -> bool:
    """Whether a question asks what something that it names does, and no more: 'was macht Stadt.Land.Digital?'."""
    return bool(_WHAT_DOES.match(folded(asked.text))) and set(asked.content) <= _DOES
