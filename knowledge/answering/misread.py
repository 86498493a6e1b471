"""What the dialogue takes for a remark on the answer, and what asks for something all the same."""

import re

from knowledge.answering.context import Context
from knowledge.answering.question import Question, spelled_out, understand
from knowledge.answering.remarks import wished_language
from knowledge.catalogue.requests.reading import read_request, refers_back
from knowledge.linguistics.text import clean, folded
from knowledge.recognition.attributes import OF_A_PROGRAMME
from knowledge.recognition.names import Names

_OF_SOURCES = re.compile(
    r"\bseite\b|\bpage\b"
    r"|(?<!was )steht(?! (?:da )?d(?:a|r)rin)|quelle|beleg|herkunft|woher|nachles|source|where|stated|link"
    r"|dokument|document"
)
# What asks for something of the programme talked about ('müssen wir eine Skizze einreichen?') is on it all the same.
_TAKEN_FOR = ("out_of_scope", "request_text")
# Who asks for advice tells of a case; 'wer darf sich bewerben?' has no words of one.
_OF_A_CASE = 2
# 'Wie viele deutsche?' asks for no other language.
_OF_NUMBERS = re.compile(r"^(?:und |and )?(?:wie ?viele?|welche\w*|how many|which)\b")
_OF_WORDING = re.compile(
    r"\beinfach\w*|\bleicht\w*|\bverstaend\w*|\bkompliziert\w*|\bgewohnt|\bwie (?:vorher|sonst)|\bwoerter\w*|\bworten\b"
    r"|\bsimpl\w+|\bplain\w*|\beas(?:y|ier)\b|\busual\w*|\bwords?\b|\bnormal (?:reden|sprechen|antworten)"
)
_OF_LANGUAGE = re.compile(r"\bsprach\w*|\blanguages?\b|\buebersetz\w*|\btranslat\w*|\bspeak\b|\bsprech\w*")
_INTO = re.compile(r"\b(?:auf|in|ins|to|into) (?:\w+ )?(?:deutsch\w*|englisch\w*|german|english)\b")
# 'Wer hat das herausgegeben?' asks of the thing, 'wer sagt das?' for the source.
_OF_THE_THING = re.compile(
    r"^(?:und |and |ok )?(?:wer|wann|was|(?:(?:von|bei|aus|fuer|from|for) )?(?:welche\w*|which)"
    r"|wie ?viele?|who|when|what|which|how many"
    r"|wo (?:wurde|wird|ist|war)(?=.*\b(?:veroeffentlicht|bekannt ?\w*|erschienen|ver(?:oeffentlich|kuend)\w*)\b)"
    r"|where (?:was|is)(?=.*\b(?:published|announced)\b))\b"
    r"(?!.*\b(?:sag(?:t|te)?|behaupte\w*|says?|claims?)\b)"
)


# 'Wo steht Köln?' asks for a place in a ranking, 'ist das ein Standard?' of the thing.
_STANDING = re.compile(
    r"^(?:und |and )?(?:wo (?:steht|liegt|landet)|where (?:does|is))"
    r" (?!(?:das|diese?s?|es|die|der|denn|so ?was|it|this|that|genau|da|etwas|was|geschrieben|in|im)\b)[a-z]"
)
_WHETHER = re.compile(
    r"^(?:und |and )?(?:ist|sind|war|is|are|was) (?:das|die|es|it|that|this) (?:ein|eine|auch|a|an)\b (?!sicher)"
)


class Misread:
    """Tells questions among what seems to be a remark; `names` are those of the programmes."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def asks(self, intent: str, said: str, context: Context) -> bool:
        """Whether a remark of an intent, such as 'ask_more' or 'ask_source', asks for something of its own."""
        if intent == "ask_more":
            return self._asks_itself(said, context) or self._compares(said, context)
        if intent == "switch_language":
            return _names_no_language(said) or self._asks_of_german(said)
        if intent in ("plain_language", "usual_language"):
            return self._is_no_wish(said)
        return intent == "ask_source" and self._is_no_source(said)

    def _asks_of_german(self, said: str) -> bool:
        """Whether something of a programme is asked that a language's name describes ('a german contact point')."""
        plain = folded(said)
        names_it = bool(_OF_LANGUAGE.search(plain) or _INTO.search(plain))
        return not names_it and self._asks_of_it(said)

    def _is_no_wish(self, said: str) -> bool:
        """Whether what seems to wish for plainer or the usual words asks for something ('wie hoch ist sie normal?')."""
        asked = understand(said, self._names, Context())
        asks = asked.asks or any(one.attribute in OF_A_PROGRAMME for one in asked.asked)
        return asks and not _OF_WORDING.search(folded(said))

    def _is_no_source(self, said: str) -> bool:
        """Whether a remark that seems to ask for the source asks for something else."""
        plain = folded(said)
        if _STANDING.search(plain) or _WHETHER.search(plain):
            return True
        return not _OF_SOURCES.search(plain) and (bool(_OF_THE_THING.search(plain)) or self._asks_of_it(said))

    def _asks_itself(self, said: str, context: Context) -> bool:
        """Whether a remark has a question of its own ('was noch zum Datenschutz gesagt wurde', 'was ist das?')."""
        asked = understand(spelled_out(clean(said)), self._names, context)
        return asked.wants_it or (asked.asks and len(asked.content) > 1)

    def _asks_of_it(self, said: str) -> bool:
        """Whether something is asked that belongs to a programme ('und welches hat die höchste Quote?')."""
        return any(one.attribute in OF_A_PROGRAMME for one in understand(said, self._names, Context()).asked)

    def _compares(self, said: str, context: Context) -> bool:
        """Whether 'mehr' in a remark compares what was shown ('wer zahlt mehr?')."""
        return read_request(said, self._names, context.programme, context.shown) is not None


def _names_no_language(said: str) -> bool:
    """Whether what seems to wish for another language asks for something: 'wie viele deutsche?', 'is Germany in?'."""
    plain = folded(said)
    return bool(_OF_NUMBERS.search(plain)) or (wished_language(said) is None and not _OF_LANGUAGE.search(plain))


def meant(intent: str | None, asked: Question, context: Context) -> str | None:
    """The dialogue's intent, or that a question follows up where it asks something of the programme talked about."""
    if context.programme is None:
        return intent
    asks_of_it = any(one.attribute in OF_A_PROGRAMME for one in asked.asked)
    is_no_case = intent == "ask_advice" and len(asked.content) < _OF_A_CASE
    if asks_of_it and (intent in _TAKEN_FOR or is_no_case):
        return "follow_up"
    return "follow_up" if intent == "find_funding" and refers_back(asked.text) else intent
