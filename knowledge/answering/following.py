"""What a remark leans on: 'und bei dem anderen?', 'nein, ich meinte Hessen', 'das Zweite'."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge.answering.context import Context, OpenQuestion
from knowledge.answering.places import without_place
from knowledge.answering.question import Question, understand
from knowledge.factsheet import Attribute, Event, SheetKind, short_name
from knowledge.linguistics.dates import is_year
from knowledge.linguistics.ordinals import with_name, with_other_ordinal
from knowledge.linguistics.synonyms import synonyms
from knowledge.linguistics.terms import STOPWORDS
from knowledge.linguistics.text import folded, words
from knowledge.recognition.attributes import asked_attributes
from knowledge.recognition.laender import named_laender
from knowledge.recognition.names import is_named
from knowledge.retrieval.library import Library
from knowledge.texts import text

_CORRECTING = re.compile(
    r"^\W*(?:(?:nein|nee?|noe|no|nope|sorry|sry|entschuldigung|ups|aehm?|ach|quatsch|falsch\w*|vertippt|doch|actually)[\s,.!]+)*"
    r"(?:(?:ich|i|es|gemeint|korrektur|correction|wrong|falsches|das falsche)\b.{0,40}?"
    r"\b(?:mein(?:e|te)?|meant?|war|wollte(?: (?:eigentlich|wissen))*|talking about|asking about|geht mir um|rede von"
    r"|nach|programm|programme|bundesland)\b[\s:,]*)?",
)
_NEGATED = re.compile(
    r"^\W*(?:nein|nee?|noe|no|nope)\b|\b(?:mein(?:e|te)?|meant|gemeint)\b|\bsondern\b|\bkorrektur|\bcorrection"
)
_NOT_BUT = re.compile(r"\b(?:nicht|not)\b.+?(?:,?\s*\b(?:sondern|but)\b|,)\s*(?!\s*(?:sondern|but)\b)", re.IGNORECASE)
_OTHER = re.compile(
    r"\b(?:bei[mr]?|von|vom|fuer|zu[mr]?|und|in|for|about|with|of)?\s*(?:de[mnrs]|das|die|the)\s+ander(?:e[nrsm]?)\b"
    r"|\b(?:bei[mr]?|vom|zum) anderen\b|\bthe other(?: one| programme)?\b"
)
# 'Ist das bei MPSC auch so?'
_LIKEWISE = re.compile(
    r"\b(?:auch so|genauso|ebenso|das ?(?:gleiche|selbe)(?! wie)|the same(?! as)|also the case|like that)\b"
)
_JOINING = re.compile(r"^\W*(?:und|oder|and|or|what about|how about|was ist mit|wie ist es|wie ist das|wie siehts?)\b")
# 'Beim zweiten?'
_OF_IT = re.compile(r"^\W*(?:bei|beim|vom|von|for|with|of)\b")
# 'Für MPSC?' after what was asked of another one.
_OF_NAME = re.compile(r"^\W*(?:fuer|bei|beim|vom|von|im|in|for|with|at)\b")
# Who asks what one thing is and then 'und das dritte?' picks the next.
_OF_ALL = {Attribute.PURPOSE, Attribute.NAME}
# 'Zurück zu URBACT', 'nochmal zu Hessen: bis wann?'
_RETURNING = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|und|and|so|jetzt|now)[\s,]+)*(?:(?:wieder |noch ?mal )?(?:zurueck|noch ?mal) (?:zu[mr]?|auf)"
    r"|(?:going |go |coming )?back to)\s+(?:de[mnr] |the )?(?:(?:thema|topic|subject)\b[\s,:;–-]*)?"
)
# Words beside a name that still tell nothing of their own.
_REMARK = 2
# Shorter numbers count things and stand for nothing by themselves.
_TELLING_DIGITS = 4


@dataclass(frozen=True)
class Reading:
    """A remark as it is to be looked up."""

    question: str
    carried: bool = False
    """Whether an earlier question was taken over for another programme."""
    choices: tuple[str, ...] = ()
    """Keys of the programmes that it may mean, where one must be asked for; `question` is what is asked of them."""


class Following:
    """Reads remarks in the light of a conversation."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def read(self, said: str, asked: Question, context: Context, *, corrects: bool) -> Reading:
        """What a remark asks: itself, or an earlier question about another programme.

        `asked` is what was understood of `said`; `corrects` tells that the dialogue takes it for a correction.
        """
        if context.open is not None and (reading := self._told(said, asked, context.open)) is not None:
            return reading
        if (returned := self._returned(said, asked, context)) is not None:
            return Reading(returned)
        plain = folded(said)
        corrects = corrects or bool(_NEGATED.search(plain))
        rest = self._corrected(said) if corrects else said
        if rest != said:
            asked = understand(rest, self._library.names, context)
        if (
            (corrects or joins(said) or _OF_NAME.match(plain))
            and context.question is None
            and context.missed is not None
        ):
            context = context.model_copy(update={"question": context.missed})
        if context.question is None:
            return Reading(rest if corrects and rest else said)
        if (event := self._other_event(rest, asked, context)) is not None:
            return Reading(event)
        is_bare = not (asked.asks or asked.asked or asked.programmes)
        exchanged = (
            _with_other_number(context.question, rest)
            or with_other_ordinal(context.question, rest)
            or _with_year(context.question, rest)
        )
        if is_bare and exchanged is not None:
            return Reading(exchanged, carried=True)
        if _OTHER.search(plain) and not asked.programmes and (other := self._other(context)) is not None:
            return self._carried(context, asked, rest, other)
        if asked.programmes and _LIKEWISE.search(plain) and not asked.asked and not asked.content:
            return self._carried(context, asked, rest, asked.programmes[0])
        goes_on = joins(said) or bool(_OF_NAME.match(plain) and asked.programmes and not asked.content)
        if (corrects or goes_on) and (reading := self._instead(rest, asked, context)) is not None:
            return reading
        return Reading(rest if corrects and rest else said)

    def _other_event(self, said: str, asked: Question, context: Context) -> str | None:
        """A remark on another event than the one that was told of, by its name ('und der 6.?' after the 5th congress,
        'und der in Memmingen?' after that in Osnabrück); None where it names no such.
        """
        sheet = self._library.sheets.get(context.programme or "")
        told = context.told[0] if context.told else None
        passage = self._library.passage(told.document, told.passage) if told is not None else None
        if sheet is None or passage is None or asked.programmes:
            return None
        of_it = [event for event in sheet.events if passage.fact in event.facts]
        names = {folded(getattr(event.name, asked.lang)): getattr(event.name, asked.lang) for event in sheet.events}
        for event in of_it:
            other = with_other_ordinal(getattr(event.name, asked.lang), said)
            if other is not None and (name := names.get(folded(other))) is not None:
                asks = asked.asks or asked.asked
                return with_name(without_joint(said), name) if asks else text(asked.lang, "answer.what_is", name=name)
        if not of_it or asked.asks or asked.asked or len(asked.content) > 1:
            return None
        there = _held_at(said, sheet.events)
        if there is None or there in of_it:
            return None
        return text(asked.lang, "answer.what_is", name=getattr(there.name, asked.lang))

    def _returned(self, said: str, asked: Question, context: Context) -> str | None:
        """What is asked of the programme to which a remark comes back; None where it comes back to none."""
        returns = _RETURNING.match(folded(said))
        rest = _left_of(said, returns.end()) if returns is not None else ""
        if not rest or asked.programmes:
            return rest or None
        talked_about = [key for key in (context.programme, *context.before) if key is not None]
        key = next(iter(self._of_land(rest, talked_about)), None)
        if key is None:
            return None
        if asked.asked:
            return self.continued(rest, key, asked)
        return text(asked.lang, "answer.what_is", name=short_name(self._library.sheets[key], asked.lang))

    def _told(self, said: str, asked: Question, waiting: OpenQuestion) -> Reading | None:
        """The question that waits, about the programme that is named now; None where something else is asked."""
        if asked.asked or asked.asks:
            return None
        keys = asked.programmes or tuple(self._of_land(said, waiting.options))
        if len(keys) != 1 or len(asked.content) > _REMARK:
            return None
        return Reading(self.continued(waiting.question, keys[0], asked), carried=True)

    def _instead(self, rest: str, asked: Question, context: Context) -> Reading | None:
        """The last question about what is named now; None where the remark asks something by itself."""
        if joins(rest):
            asked = understand(without_joint(rest), self._library.names, context)
        if asked.asked or asked.asks:
            return None
        if asked.programmes:
            return self._carried(context, asked, rest, asked.programmes[0]) if len(asked.content) < 2 else None
        if not named_laender(rest) or any(word not in _land_words(rest) for word in asked.content):
            return None
        if self._tells_of_land(rest, context):
            return None
        keys = self._of_land(rest, self._library.sheets)
        telling = [key for key in keys if self._tells(key, context)] or keys
        if len(telling) == 1:
            return self._carried(context, asked, rest, telling[0])
        return Reading(self._without_name(context), choices=tuple(telling)) if telling else None

    def _carried(self, context: Context, asked: Question, rest: str, key: str) -> Reading:
        question = rest if asked.asked or asked.asks else self._without_name(context)
        if question == context.question and self._library.names.mentions(question):  # it was nothing but a name
            name = short_name(self._library.sheets[key], asked.lang)
            return Reading(text(asked.lang, "answer.what_is", name=name))
        return Reading(self.continued(question, key, asked), carried=True)

    def asked_again(self, said: str, asked: Question, key: str, context: Context) -> str | None:
        """The last question about another programme of those shown ('und beim zweiten?'); None where it asked for none
        of what programmes differ in, or the remark asks something else.
        """
        goes_on = joins(said) or _OF_IT.match(folded(said))
        context = context.model_copy(update={"question": context.question or context.missed})
        wanted = {one.attribute for one in asked_attributes(context.question or "")} | set(context.asked)
        if not goes_on or context.programme not in context.shown or not wanted - _OF_ALL:
            return None
        return self.continued(without_place(self._without_name(context)), key, asked)

    def continued(self, question: str, key: str, asked: Question) -> str:
        """A question with the name of the programme that it is about now, or of what of it was named ('TwinBy')."""
        mentions = [one for one in self._library.names.mentions(asked.text) if one.key == key]
        name = short_name(self._library.sheets[key], asked.lang)
        if mentions and not any(self._library.names.is_own(one) for one in mentions) and mentions[0].span is not None:
            name = asked.text[slice(*mentions[0].span)]
        return text(asked.lang, "answer.continued", question=question.rstrip(" ?!.–-"), name=name)

    def _without_name(self, context: Context) -> str:
        """The last question without the name of its programme and what joined it to the one before."""
        question = context.question or ""
        mentions = self._library.names.mentions(question)
        named = frozenset(word for mention in mentions for word in mention.words)
        kept = [
            word for word in question.split() if not all(is_named(folded(one), named) for one in words(word) or [""])
        ]
        return _JOINING.sub("", " ".join(kept)).strip(" –-,") or question

    def _corrected(self, said: str) -> str:
        """What is meant, without what it is not and the words that say so."""
        rest = _NOT_BUT.sub("", said)
        plain = folded(rest)
        match = _CORRECTING.match(plain)
        cut = match.end() if match else 0
        return _left_of(rest, cut).strip(" ,:.!") or rest

    def _of_land(self, said: str, keys: Iterable[str]) -> list[str]:
        """The funding programmes among `keys` that belong to the Land a remark names."""
        laender = set(named_laender(said))
        sheets = {key: self._library.sheets[key] for key in keys if key in self._library.sheets}
        return [
            key
            for key, sheet in sheets.items()
            if sheet.kind is SheetKind.FUNDING_PROGRAMME and laender.intersection(land.value for land in sheet.laender)
        ]

    def _tells(self, key: str, context: Context) -> bool:
        return any(fact.attribute in context.asked for fact in self._library.sheets[key].facts)

    def _tells_of_land(self, said: str, context: Context) -> bool:
        """Whether the programme talked about, which is of no Land itself, tells something of the one that is named."""
        sheet = self._library.sheets.get(context.programme or "")
        facts = [fact for fact in sheet.facts if fact.attribute in context.asked or not sheet.laender] if sheet else []
        told = [value.de for fact in facts for value in (fact.value, *(claim.value for claim in fact.claims)) if value]
        return any(set(named_laender(said)) & set(named_laender(text)) for text in told)

    def _other(self, context: Context) -> str | None:
        """The programme that was shown beside the last one, or talked about before it."""
        if len(context.shown) == 2 and context.programme in context.shown:
            return next(key for key in context.shown if key != context.programme)
        others = [key for key in [*context.before, *context.shown] if key != context.programme]
        return others[0] if others else None


def _left_of(said: str, end: int) -> str:
    """What is left of a remark after a match in its folded text, cut word by word: folding makes some signs two."""
    return " ".join(said.split()[len(folded(said)[:end].split()) :])


def _with_other_number(question: str, remark: str) -> str | None:
    """A question with the number that a remark names in place of its own ('und 2018?', 'nein, 91357'); None where the
    remark says more than a number or the question has none of that sort.
    """
    told = [word for word in words(remark) if folded(word) not in STOPWORDS]
    if len(told) != 1 or not told[0].isdigit() or len(told[0]) < _TELLING_DIGITS:
        return None
    number = told[0]
    own = [word for word in words(question) if word.isdigit() and len(word) == len(number)]
    if len(own) != 1 or is_year(own[0]) != is_year(number):
        return None
    return re.sub(rf"(?<!\d){own[0]}(?!\d)", number, question)


def _with_year(question: str, remark: str) -> str | None:
    """A question about a year that a remark names and nothing else ('und 2018?'), where it names none of its own."""
    told = [word for word in words(remark) if folded(word) not in STOPWORDS]
    if len(told) != 1 or not is_year(told[0]) or any(is_year(word) for word in words(question)):
        return None
    # 'Projekte insgesamt?' – 'und 2018?' asks no more for the whole.
    kept = [
        word for word in question.rstrip(" ?!.").split() if folded(word) not in ("insgesamt", *synonyms("insgesamt"))
    ]
    return f"{' '.join(kept)} {told[0]}"


def joins(said: str) -> bool:
    """Whether a remark begins with a word that joins it to what was said before ('und', 'what about')."""
    return bool(_JOINING.match(folded(said)))


def without_joint(said: str) -> str:
    """What a remark says, folded, without the word that joins it to what was said before."""
    return _JOINING.sub("", folded(said)).strip(" ?!.,")


def _land_words(said: str) -> frozenset[str]:
    """Words that say a Land and nothing more."""
    return frozenset(word for word in map(folded, words(said)) if named_laender(word) or word in STOPWORDS)


def _held_at(said: str, events: Sequence[Event]) -> Event | None:
    """The one event whose place a remark names; None where it names none or that of several."""
    spoken = {folded(word) for word in words(said)}
    there = [event for event in events if event.place and folded(event.place.de) in spoken]
    return there[0] if len(there) == 1 else None
