"""Remarks that ask nothing new: more of it, where it stands, another language, plainer words, one of those shown."""

import re
from collections.abc import Sequence

from knowledge.answering.context import Context
from knowledge.answering.following import Following, joins
from knowledge.answering.guidance import Move, said_move
from knowledge.answering.places import asks_of_place, names_place_alone, picked, places_in
from knowledge.answering.question import Question, understand
from knowledge.answering.retelling import Retelling
from knowledge.catalogue.requests.comparing import compares
from knowledge.factsheet import Attribute, short_name
from knowledge.linguistics.language import detect
from knowledge.linguistics.ordinals import with_other_ordinal
from knowledge.linguistics.text import folded
from knowledge.messages import Kind, Language, Message, Suggestion
from knowledge.retrieval.library import Library
from knowledge.texts import section, text, wording

REMARKS = ("ask_more", "ask_source", "switch_language", "plain_language", "usual_language")
"""The dialogue's intents that are answered here."""
_LANGUAGES: dict[Language, str] = {"de": r"deutsch\w*|german", "en": r"englisc?h\w*|english"}
_WITHOUT = r"\b(?:kein|nicht|don't|dont|do not|not|no)\b[^,.;]{0,40}?\b(?:%s)\b|\b(?:%s)\b (?:is bad|ist schlecht)"
_BACK_TO_LIST = re.compile(
    r"\b(?:zurueck|nochmal|noch mal|wieder|back|again)\b"
    r".*\b(?:liste|auswahl|uebersicht|ergebnis\w*|vergleich|list|results?|overview|comparison)\b"
    r"|\b(?:liste|auswahl|uebersicht|list|overview)\b.*\b(?:nochmal|noch mal|wieder|again)\b"
    r"|^(?:die |the )?(?:liste|list)(?: (?:nochmal|noch mal|bitte|again|please))*\W*$"
)
# Of so many things shown one can be picked by its place.
_SEVERAL = 2
# Intents that move in the guided search.
_MOVING = {"skip_step", "change_step", "stop_form"}
# Abbreviations and words that are explained in one answer.
_EXPLAINED = 4


class Remarks:
    """Answers remarks from what a conversation remembers."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._retelling = Retelling(library)
        self._following = Following(library)

    def answer(self, intent: str, said: str, context: Context) -> tuple[Message, Context]:
        """The message for a remark and the memory after it; `intent` is one of `REMARKS`."""
        lang = context.wished_language or detect(said, context.language or "de")
        if intent == "switch_language":
            return self._switched(said, context)
        if intent in ("plain_language", "usual_language"):
            return self._worded(lang, context, plain=intent == "plain_language")
        context = context.model_copy(update={"language": lang})
        with wording(plain=context.plain):
            return (
                self._retelling.sources(context.told, lang)
                if intent == "ask_source"
                else self._retelling.more(context, lang)
            ), context

    def _switched(self, said: str, context: Context) -> tuple[Message, Context]:
        """The last answer in the language wished for, which stays where the wish was put in the other one."""
        wanted = wished_language(said) or ("en" if (context.language or "de") == "de" else "de")
        written = detect(said, wanted)
        changes = {"language": wanted, "wished_language": wanted if written != wanted else None}
        context = context.model_copy(update=changes)
        with wording(plain=context.plain):
            return self._again(wanted, "answer.language", context), context

    def _worded(self, lang: Language, context: Context, *, plain: bool) -> tuple[Message, Context]:
        context = context.model_copy(update={"language": lang, "plain": plain})
        with wording(plain=plain):
            return self._again(lang, "answer.plain_on" if plain else "answer.plain_off", context), context

    def _again(self, lang: Language, key: str, context: Context) -> Message:
        """What was said last once more: the question that waits, or the quotes."""
        if context.open is not None:
            asked = understand(context.open.question, self._library.names, context)
            buttons = [
                Suggestion(
                    title=short_name(self._library.sheets[one], lang),
                    payload=self._following.continued(context.open.question, one, asked),
                )
                for one in context.open.options
                if one in self._library.sheets
            ]
            said = f"{text(lang, key)}\n{text(lang, 'answer.which_programme')}"
            return Message(kind=Kind.CHOICE, text=said, lang=lang, suggestions=buttons, confidence=1.0)
        return self._retelling.again(context.told, lang, text(lang, key))

    def shown_again(self, said: str, lang: Language, context: Context) -> tuple[Message, Context] | None:
        """What was listed last, to choose from, where somebody wants back to it; None where nobody does."""
        return self._list_again(lang, context) if _BACK_TO_LIST.search(folded(said)) else None

    def _list_again(self, lang: Language, context: Context) -> tuple[Message, Context] | None:
        names = self._shown_names(context, lang)
        if len(names) < 2:
            return None
        message = Message(
            kind=Kind.CHOICE,
            text=text(lang, "answer.shown_again"),
            lang=lang,
            suggestions=_asking_what(names, lang),
            confidence=1.0,
        )
        return message, context.model_copy(update={"language": lang, "programme": None}).after(message)

    def moved(self, said: str, intent: str | None, lang: Language, context: Context) -> tuple[Message, Context] | None:
        """What is said to a move of the guided search where none is under way; None where nothing is such a move.

        Who wants back and was shown something is shown it again.
        """
        move = said_move(said)
        if move is None or not (move is Move.BACK or intent in _MOVING):
            return None
        if move is Move.BACK and (again := self._list_again(lang, context)) is not None:
            return again
        search = Suggestion(
            title=text(lang, "catalogue.ask_guidance"), payload=text(lang, "catalogue.ask_guidance_question")
        )
        said = text(lang, "answer.no_search")
        message = Message(kind=Kind.TEXT, text=said, lang=lang, suggestions=[search], confidence=1.0)
        return message, context.model_copy(update={"language": lang}).after(message)

    def _shown_names(self, context: Context, lang: Language) -> list[str]:
        keys = [key for key in context.shown if key in self._library.sheets]
        return context.titles or [short_name(self._library.sheets[key], lang) for key in keys]

    def picked(self, said: str, context: Context) -> str | tuple[Message, Context]:
        """The question that a pick stands for; the message that says so where there are not that many."""
        lang = context.wished_language or detect(said, context.language or "de")
        if (compared := self._compared(said, lang, context)) is not None:
            return compared
        shown = [] if context.titles else [key for key in context.shown if key in self._library.sheets]
        names = self._shown_names(context, lang)
        count = len(names) or len(context.offered)
        place = picked(said, count) if count else None
        if place is None:
            return said
        asked = understand(said, self._library.names, context)
        if len(names) == 1 and joins(said):
            return said  # 'und der letzte?' of a congress that is the only one listed
        if place >= count and _asks_of_its_own(asked):
            return said
        if not names and asked.asks and any(picked(word, count) is None for word in asked.content):
            return said  # 'wie viele bewarben sich in der 2.?' is none of the questions offered
        if place >= count:
            buttons = _asking_what(names, lang) or [Suggestion(title=one, payload=one) for one in context.offered]
            message = Message(
                kind=Kind.CHOICE, text=text(lang, "answer.which_option"), lang=lang, suggestions=buttons, confidence=1.0
            )
            return message, context.model_copy(update={"language": lang})
        if not names:
            return context.offered[place]
        if not shown:
            return text(lang, "answer.what_is", name=names[place])
        if context.open is not None:
            return self._following.continued(context.open.question, shown[place], asked)
        if asked.asked and not names_place_alone(said):
            return self._following.continued(said, shown[place], asked)
        if (again := self._following.asked_again(said, asked, shown[place], context)) is not None:
            return again
        return text(lang, "answer.what_is", name=names[place])

    def _compared(self, said: str, lang: Language, context: Context) -> str | None:
        """The question that compares two of those shown by their places ('vergleiche das erste und das dritte')."""
        names = [] if context.titles else self._shown_names(context, lang)
        places = [place for place in places_in(said, len(names)) if place < len(names)]
        if len(places) < _SEVERAL or not compares(folded(said)):
            return None
        return text(lang, "catalogue.ask_comparison_question", first=names[places[0]], second=names[places[1]])

    def placed(self, said: str, context: Context) -> str | tuple[Message, Context] | None:
        """What a remark stands for that names a place in what was shown ('und der 5.?', 'welche Frist hat das erste?').

        None for any other. After 'wie viele waren in der 2. Staffel', 'und in der dritten' is no such place.
        """
        if len(context.titles or context.shown) < _SEVERAL:
            return None
        is_place = names_place_alone(said) and with_other_ordinal(context.question or "", said) is None
        if not is_place and not asks_of_place(said) and not compares(folded(said)):
            return None
        chosen = self.picked(said, context)
        return chosen if chosen != said else None


def _asks_of_its_own(asked: Question) -> bool:
    """Whether what sounds like a pick asks for something: 'Worüber ging der zweite Vortrag?'."""
    return asked.asks and any(one.attribute is not Attribute.PURPOSE for one in asked.asked)


def _asking_what(names: Sequence[str], lang: Language) -> list[Suggestion]:
    return [Suggestion(title=name, payload=text(lang, "answer.what_is", name=name)) for name in names]


def wished_language(said: str) -> Language | None:
    """The language that somebody wants to be answered in; None where none or both are named."""
    plain = folded(said)
    named = [lang for lang, words in _LANGUAGES.items() if re.search(rf"\b(?:{words})\b", plain)]
    unwanted = [lang for lang in named if re.search(_WITHOUT % (_LANGUAGES[lang], _LANGUAGES[lang]), plain)]
    wanted = [lang for lang in named if lang not in unwanted]
    if not wanted and len(unwanted) == 1:
        return "en" if unwanted[0] == "de" else "de"
    return wanted[0] if len(wanted) == 1 else None


def explained(message: Message) -> Message:
    """A message with what the abbreviations and words of administration in it mean, the first few of them."""
    glossary = section(message.lang, "glossary")
    found = [term for term in glossary if _stands_in(term, message.text)]
    if not found or message.kind is not Kind.ANSWER:
        return message
    told = "; ".join(f"{term} = {glossary[term]}" for term in found[:_EXPLAINED])
    said = f"{message.text}\n{text(message.lang, 'answer.explained', explained=told)}"
    return message.model_copy(update={"text": said})


def _stands_in(term: str, said: str) -> bool:
    """Whether a term stands in a text: an abbreviation as it is written, a word in any case and with its endings."""
    if term[1:].islower():
        return re.search(rf"\b{re.escape(folded(term))}(?:en|n|s)?\b", folded(said)) is not None
    return re.search(rf"(?<!\w){re.escape(term)}(?!\w)", said) is not None
