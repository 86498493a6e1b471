"""Understanding a question: its language, the programme it is about, and what of the last turn it leans on."""

import re
from dataclasses import dataclass

from knowledge.answering.context import Context
from knowledge.answering.definitions import explained_term
from knowledge.catalogue.municipalities import named_municipality
from knowledge.factsheet import Attribute
from knowledge.filters import NO_WISH, Filter, Wish
from knowledge.linguistics.language import detect
from knowledge.linguistics.terms import STOPWORDS
from knowledge.linguistics.text import folded, words
from knowledge.linguistics.words import word_list, word_pairs
from knowledge.messages import Language
from knowledge.recognition.answer_types import AnswerType
from knowledge.recognition.attributes import Asked, asked_attributes
from knowledge.recognition.names import Mention, Names, is_named
from knowledge.recognition.wanted_type import wanted_type

MAX_PARTS = 3
# 'EFRE NRW Smart City' says no more than 'EFRE NRW': all that is known here is on smart cities.
_OF_THE_FIELD = frozenset(("smart", "city", "cities"))


@dataclass(frozen=True)
class Question:
    """A question as it was understood."""

    text: str
    lang: Language
    programmes: tuple[str, ...]
    """Keys of the programmes it names, in its order."""
    name_words: frozenset[str]
    """Folded words that name them."""
    named_itself: bool
    """Whether it names a programme by its own name, and not only by one of something near ('DCAT-AP.de')."""
    asked: tuple[Asked, ...]
    content: tuple[str, ...]
    """Its words without those of grammar, names and attributes."""
    asks: bool
    """Whether it has a question word of its own, unlike 'und in der 2. Staffel?'."""
    wanted: AnswerType | None
    """The type of answer it asks for; None where it may be of any."""
    wants_profile: bool
    """Whether it asks what a programme is, and nothing else ('Was ist MPSC?', 'mpsc')."""
    wants_it: bool
    """Whether it asks what that is which was talked about, and nothing else ('was ist das eigentlich')."""
    asks_what_it_is: bool
    """Whether it asks what a programme or a thing of it is, named or talked about, and nothing else."""
    introduces: bool
    """Whether it asks what something is that it names itself, known or not ('was ist BULE')."""
    pointing: bool
    """Whether a pronoun or 'auch' in it stands for what was talked about ('wer macht das?', 'auch Kreise?')."""
    referring: bool
    """Whether it is pointing by a word that can be nothing but a pronoun ('was hat das gekostet?')."""
    joining: bool
    """Whether it begins with a word that joins it to what was said before ('und bis wann?')."""
    leaning: bool
    """Whether its form leans on what was said before ('und bis wann?', 'wer macht das?')."""
    filter: Filter | None = None
    """Where its answer must stand."""
    wish: Wish = NO_WISH
    """Where it says itself that its answer is to be looked for."""


_LEANING_START = re.compile(
    r"^(?:und|oder|aber|ok(?:ay)?|also|dann|ach|and|or|but|so|then|what about|how about|was ist mit|wie ist es)\b"
)
_PRONOUNS = (
    r"\b(?:das|dies|diese[rsnm]?|die|der|den|es|sie|ihn|er|ihr|ihre[rsnm]?|dessen|deren|da|dabei|dafuer|dazu|davon|damit"
    r"|darueber|darauf|darin|dort|dran|daran|it|its|that|this|they|them|their|those|these|there)"
    r"(?=\s*[?!.]*$|\s+(?:genau|denn|noch|so)\b)"
    r"|^(?:und |and )?(?:auch|sogar|nur|also|even|only)\b|\b(?:auch|too|as well)\W*$"
    r"|\b(?:it|its|they|their|davon|dafuer|dazu|dabei|darueber|darauf|dort|darin|deren|dessen)\b"
    r"|^(?:und |and )?\w+t (?:die|der|das|es|sie|er) (?:auch|noch|schon|denn|eigentlich|jetzt)\b"
)
_POINTING = re.compile(
    _PRONOUNS
    + r"|\b(?:macht|ist|sind|gilt|kostet|zahlt|laeuft|leitet|bekommt|darf|beantragen|foerdert) (?:das|die|der|es|sie)\b"
)
# 'Wie hoch ist die Gebühr?' has an article where 'was hat das gekostet?' has a pronoun.
_REFERRING = re.compile(
    _PRONOUNS + r"|\b(?:hat|haben|wurden?|wird) (?:das|die|es|sie) (?:\w+ )?ge\w+\W*$|\bdarf (?:das|es|man das)\b"
)
# What sorts of municipalities may be told apart in, and how that is asked for.
_SORTED = {Attribute.SELECTED, Attribute.PARTICIPANTS}
_NARROWING = re.compile(r"^(?:(?:und|aber|and|but) )?(?:nur |only |just )?(?:die|the)\b")
_SHORT = 3
CHATTER = frozenset(map(folded, word_list("chatter")))
_CONGRESS = re.compile(r"kongress(?:e|es)?|konferenz(?:en)?|congress|conference")
_TOO = {"too", "even", "ebenfalls"}
_PERCENT = re.compile(r"\s*%")
_SHORTENED = word_pairs("shortened")
_SHORT_WORD = re.compile(rf"(?<![\w.-])({'|'.join(_SHORTENED)})(?:\.(?=\s+[^\W\d_])|(?=\s)|(?=\d\b))", re.IGNORECASE)
# 'Wer bezahlts?', 'wo gibts das?'
_WITH_IT = re.compile(r"\b((?:wer|was|wie|wie ?viel|wo|wann|warum|wieso) [a-zäöüß]{2,}t)'?s\b", re.IGNORECASE)
# '300000 Euro'
_THOUSANDS = re.compile(r"\b(\d{1,3})(\d{3})(?= ?(?:€|euros?\b|eur\b))", re.IGNORECASE)
# 'Aus wie vielen Ländern?'
_HOW_MANY = re.compile(r"\b(wie ?viel)en\b", re.IGNORECASE)
# 'Was is das?'
_IS = re.compile(r"\b(was|wer|wie|wo|wann|wem) is\b", re.IGNORECASE)
_CONTRACTED = re.compile(r"\b(what|who|where|when|how)'?s\b", re.IGNORECASE)
_PREAMBLE = re.compile(
    r"^(?:(?:ok(?:ay)?|also|ach|ah|aha|hm+|na|na gut|gut|schoen|schön|schade|mist|super|prima|toll|verstehe|klasse"
    r"|ich verstehe|interessant|sorry|sry|entschuldigung|alles klar|danke|thanks|great|i see|too bad|pity"
    r"|hallo|hi|hey|moin|guten tag|sag mal|lass mal|lass gut sein|egal|weiter"
    r"|(?:(?:dann|und|bitte) )*(?:sag|erz(?:ä|ae)hl|erkl(?:ä|ae)r)e?(?:n sie)? (?:mir|uns)"
    r"(?: (?:mal|doch|bitte|einfach|kurz|jetzt|auch|nochmal))*"
    r"|(?:(?:und|jetzt|bitte) )*(?:auf (?:deutsch|englisch)|in (?:german|english))(?=\s*[:,])"
    r"|ich habe? (?:\w+ )?(?:ne|eine) frage zu[mr]?|kurze frage|(?:ok )?ander(?:es thema|e frage)"
    r"|noch was|(?:dann )?was anderes|hello|well|quick question|another question)\b[\s,:!.-]+)+(?=\S)",
    re.IGNORECASE,
)
_ASKING = (
    r"wer|wie(?: ?viele?n?)?|was|wann|wo|wohin|woher|wofuer|worum|womit|welche\w*|warum|wieso|seit wann|ab wann"
    r"|bis wann|von wem|an wen|für wen|wofür|what|who|whom|when|where|how|which|why|until when|since when|by whom"
)
_SECOND_PART = re.compile(rf"(?:,|\?)?\s+(?:und|sowie|and|,)\s+(?=(?:{_ASKING})\b)", re.IGNORECASE)
_WHAT_IS = re.compile(
    r"^(?:(?:und|aber|and|but) )?"
    r"(?:was (?:ist|sind|war|waren|bedeutet|regelt|betrifft|behandelt)|wer (?:ist|sind)|erklaer\w*"
    r"|what(?: is|'s| are| was| were)|who (?:is|are))\b|^was (?:\w+ ){1,6}(?:ist|sind|war|waren)\W*$"
)
_WHAT_IS_THAT = re.compile(
    r"\b(?:was (?:ist|sind|war) (?:das|die|es)|what (?:is|are) (?:it|that|this|they))"
    r"(?: (?:denn|eigentlich|ueberhaupt|genau|nochmal|noch mal|noch|mal|exactly|again))*\W*$"
)
# 'Ich brauche Infos zu MPSC', 'was weißt du über die KTS?'
_TELL_ABOUT = re.compile(
    r"\b(?:infos?|informationen|auskunft|info|was|etwas|alles|mehr|information|something|anything|everything|more)\b"
    r"[\w ]{0,30}?\b(?:zu[mr]?|ueber|about|on)\b"
)
_HAS_ASKING = re.compile(rf"\b(?:{_ASKING})\b", re.IGNORECASE)


def spelled_out(text: str) -> str:
    """A question as it would be written out: 'what's', 'max.' and '%' in words, without 'ok,' before it."""
    if not any(sign.isalpha() for sign in text):
        return text.strip()
    text = _PERCENT.sub(" Prozent ", text.replace("’", "'"))
    text = _CONTRACTED.sub(lambda match: f"{match.group(1)} is", text)
    text = _THOUSANDS.sub(r"\1.\2", text)
    text = _HOW_MANY.sub(r"\1e", text)
    text = _WITH_IT.sub(r"\1 es", text)
    text = _IS.sub(r"\1 ist", text)
    text = _SHORT_WORD.sub(lambda match: _written_out(match), text)
    return _PREAMBLE.sub("", text).strip() or text.strip()


def _written_out(match: "re.Match[str]") -> str:
    """A shortened word in full; 'FL1' has its number behind it."""
    joins_number = match.string[match.end() : match.end() + 1].isdigit()
    return _SHORTENED[match[1].lower()] + " " * joins_number


def parts(text: str) -> list[str]:
    """The questions that a sentence joins: 'Wofür steht KTS und wer betreibt sie?' holds two."""
    pieces = [piece.strip() for piece in _SECOND_PART.split(text)]
    if len(pieces) < 2 or len(pieces[0].split()) < 2 or not _is_question(pieces[0]):
        return [text]
    return pieces[:MAX_PARTS]


def _is_question(text: str) -> bool:
    return bool(_HAS_ASKING.search(text) or asked_attributes(text))


def _for_whom(plain: str, unnamed: str) -> tuple[Asked, ...]:
    """That it is asked who may apply, where nothing but a kind of municipality is said ('auch Landkreise?')."""
    named = named_municipality(plain)
    if named is None:
        return ()
    kind = plain[slice(*named[1])].split()
    others = [word for word in map(folded, words(unnamed)) if word not in STOPWORDS | _TOO and word not in kind]
    return () if others else (Asked(Attribute.ELIGIBILITY, frozenset(kind)),)


def _language_before(context: Context, names: Names, mentions: list[Mention]) -> Language:
    """The language that a text is taken for which does not tell: that of the conversation; at its beginning that in
    which it names a programme.
    """
    is_begun = bool(context.question or context.missed or context.told)
    named = {lang for one in mentions if (lang := names.language_of(one)) is not None}
    return named.pop() if len(named) == 1 and not is_begun else context.language or "de"


def understand(text: str, names: Names, context: Context) -> Question:
    """Read a question against what the conversation remembers."""
    plain = folded(text).strip()
    mentions = names.mentions(text)
    # 'MPSC-Kongress' names the programme, and what of it is asked about.
    name_words = frozenset(
        word for mention in mentions for word in mention.words if mention.primary or not _CONGRESS.fullmatch(word)
    )
    unnamed = " ".join(word for word in words(text) if not is_named(folded(word), name_words))
    asked = asked_attributes(unnamed)
    # 'Nur die Großstädte' may be of those that were selected.
    is_narrowing = not _SORTED.isdisjoint(context.asked) and bool(_NARROWING.match(plain))
    asked = asked or (() if is_narrowing else _for_whom(folded(unnamed), unnamed))
    attribute_words = {word for one in asked for word in one.words}
    content = tuple(
        word
        for word in dict.fromkeys(folded(word) for word in words(text))
        if word not in STOPWORDS and word not in attribute_words and not is_named(word, name_words)
    )
    is_asked = bool(_WHAT_IS.match(plain) or _WHAT_IS_THAT.search(plain) or _TELL_ABOUT.search(plain))
    telling = [word for word in content if word not in CHATTER | _OF_THE_FIELD and not names.is_part(word, mentions)]
    asks_what_it_is = bool(mentions) and not telling and (is_asked or not (asked or _HAS_ASKING.search(text)))
    wants_profile = asks_what_it_is and all(mention.primary or names.is_own(mention) for mention in mentions)
    pointing = not mentions and bool(_POINTING.search(plain))
    joining = bool(_LEANING_START.match(plain))
    leaning = pointing or joining or len(content) < _SHORT
    wants_it = not mentions and not telling and bool(_WHAT_IS_THAT.search(plain))
    return Question(
        text=text,
        lang=detect(unnamed, _language_before(context, names, mentions)),
        programmes=tuple(dict.fromkeys(mention.key for mention in mentions)),
        # 'Was ist NGSI-LD?' asks for the facts that name it, not for what the sheet it stands in is about.
        name_words=frozenset() if asks_what_it_is and not wants_profile else name_words,
        named_itself=any(mention.primary for mention in mentions),
        asked=asked,
        content=content,
        asks=bool(_HAS_ASKING.search(text)),
        wanted=wanted_type(text),
        wants_profile=wants_profile,
        wants_it=wants_it,
        asks_what_it_is=asks_what_it_is or wants_it,
        introduces=bool(content) and explained_term(text) is not None,
        pointing=pointing,
        referring=pointing and bool(_REFERRING.search(plain)),
        joining=joining,
        leaning=leaning,
    )
