"""Questions for what a word means: the word, whether quoted words explain it, and what the glossary says of it."""

import re

from knowledge.linguistics.text import folded
from knowledge.messages import Kind, Language, Message
from knowledge.texts import section, text

_ARTICLE = r"(?:(?:der|die|das|ein|eine|einer|einem|den|dem|the|an|a) )?"
_END = r"(?: (?:denn|eigentlich|ueberhaupt|genau|nochmal|noch mal|hier|dabei|exactly|here))*\W*$"
# 'Was heißt Kofinanzierung?' asks for the meaning of a word and nothing else.
_MEANS = re.compile(
    rf"^(?:und |and |ok )*(?:was (?:heisst|bedeutet|meint|bedeuten|heissen)"
    rf"(?: (?:denn|eigentlich|nochmal|hier|dabei|man mit))?|(?:was )?versteht man unter|(?:was )?ist gemeint mit"
    rf"|wofuer steht) {_ARTICLE}(?P<term>[\w .&/-]+?)(?: (?:gemeint|bedeuten))?{_END}"
    rf"|^(?:and |so )?what (?:does|do) {_ARTICLE}(?P<means>[\w .&/-]+?) (?:mean|stand for){_END}"
)
# 'Was ist ein Eigenanteil?' may ask for more than the word; 'Was ist der Eigenanteil?' asks for the one in question.
_IS = re.compile(
    rf"^(?:und |and )?(?:was (?:ist|sind)|what (?:is|are))(?: (?:denn|eigentlich|nochmal))? "
    rf"(?:(?:ein|eine|a|an) )?(?!(?:der|die|das|the) )(?P<term>[\w .&/-]+?){_END}"
)
# These stand for what was talked about.
_POINTING = frozenset(("das", "es", "dies", "damit", "name", "abkuerzung", "kuerzel", "that", "it", "this", "acronym"))
_EXPLAINS = (
    r"(?:steht fuer|ist|sind|war|heisst|bedeutet|bezeichnet|meint|kuerzt|beschreibt|umfasst"
    r"|is|are|means|stands for|refers to|describes)"
)


def meaning_asked(question: str) -> str | None:
    """The folded word, or few words, of which a question asks the meaning and nothing else; None where it does not."""
    return _term(_MEANS.match(_plain(question)))


def explained_term(question: str) -> str | None:
    """The folded word that is to be explained: one whose meaning is asked for, or of which it is asked what it is."""
    return meaning_asked(question) or _term(_IS.match(_plain(question)))


def explains(quoted: str, term: str) -> bool:
    """Whether quoted words say what a folded term is: as the subject of such a sentence, or before a colon."""
    plain = folded(quoted)
    word = rf"(?<!\w){re.escape(term)}(?:en|n|s|es)?(?!\w)"
    return bool(
        re.search(rf"(?:^|[.;:!?\n]\s*){_ARTICLE}{word}(?: \([^)]*\))? {_EXPLAINS}\b", plain)
        or re.search(rf"{word}(?: \([^)]*\))?\s*[:–=]", plain)
        or re.search(rf"\b(?:unter|als) [^.]{{0,60}}{word}[^.]{{0,80}}\b(?:versteht|verstanden|bezeichne\w*)\b", plain)
    )


def glossary_entry(term: str, lang: Language) -> tuple[str, str] | None:
    """A term as the glossary spells it and what it says of it; None where it lacks it."""
    entries = {folded(one): one for one in section(lang, "glossary")}
    endings = ("", "s", "en", "n", "e", "er")
    known = next((entries[term.removesuffix(end)] for end in endings if term.removesuffix(end) in entries), None)
    return (known, section(lang, "glossary")[known]) if known else None


def definition(term: str, lang: Language) -> Message | None:
    """The message that says what a word means, in the bot's own words; None where the glossary lacks it."""
    entry = glossary_entry(term, lang)
    if entry is None:
        return None
    said = text(lang, "answer.means", term=entry[0], meaning=entry[1])
    return Message(kind=Kind.TEXT, text=said, lang=lang, confidence=1.0)


def _plain(question: str) -> str:
    return " ".join(folded(question).split())


def _term(match: "re.Match[str] | None") -> str | None:
    if match is None:
        return None
    groups = match.groupdict()
    term = (groups.get("term") or groups.get("means") or "").strip(" .")
    return term if term and term not in _POINTING and len(term.split()) < 4 else None
