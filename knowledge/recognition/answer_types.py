"""The type of answer that a question wants (a date, a sum, a person …), and whether words hold one of that type.

Expected answer types are a classic signal of question answering (Li and Roth, Learning Question Classifiers, 2002): a
passage that is near in meaning but holds no sum does not say what something costs.
"""

import re
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

from knowledge.linguistics.dates import holds_date
from knowledge.linguistics.text import folded
from knowledge.linguistics.words import word_list

_FILE = Path(__file__).with_suffix(".yml")


class AnswerType(str, Enum):
    """What sort of thing a question wants to be told."""

    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    URL = "url"
    VERSION = "version"
    PERCENT = "percent"
    MONEY = "money"
    HOURS = "hours"
    FREQUENCY = "frequency"
    DURATION = "duration"
    HEAD = "head"
    """Who leads something: a person or a body."""
    ELIGIBLE = "eligible"
    """Who may have something: those who are entitled to it."""
    PERSON = "person"
    END = "end"
    WHEN = "when"
    """A date, or on which days, at what time, under which condition."""
    DATE = "date"
    NUMBER = "number"


_ASKED = {
    AnswerType(name): re.compile(rf"(?<![\w-])(?:{'|'.join(expressions)})(?![\w-])")
    for name, expressions in YAML(typ="safe").load(_FILE.read_text(encoding="utf-8")).items()
}
_NUMBER_WORD = (
    r"(?:zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|zwanzig|dreißig|fünfzig|hundert|tausend"
    r"|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|fifty|hundred|thousand)"
)
# A figure that is no year, no version, no part of a date, of an ordinal ('3. Phase') or of a name ('IPv6', '5G').
_YEAR = r"(?:(?:19|20)\d\d|1[0-8]\d\d(?= [a-zäöü]+te[nmrs]? ))(?![\d.,]*\d| ?[%€])"
_BEGINS = rf"(?<![\w.,/:-])(?!{_YEAR})(?!\d{{1,2}}\.\d{{1,2}}(?!\d)(?! ?(?:%|[a-zA-Z]{{0,2}}illi)))"
_FIGURE = (
    rf"{_BEGINS}\d{{1,3}}(?:[. ]\d{{3}})+(?:,\d+)?(?![\w/])"
    rf"|{_BEGINS}\d+(?:[.,]\d+)*(?!\.? ?[A-ZÄ][a-zä]+ (?:19|20)\d\d)(?!\d|\.\d|\. [a-zäöüß]|[A-Z/])"
)
_UNIT = (
    r"(?:Jahre?n?s?|Monate?n?s?|Wochen?|Tage?n?s?|Stunden?|Minuten?|Sekunden?|Quartale?n?s?|Semester"
    r"|years?|months?|weeks?|days?|hours?|minutes?|seconds?)"
)
# Whole names, which places do not begin with as they do with 'Mai' (Mainz) or 'Mar' (Marburg).
_MONTH = (
    r"Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
    r"|January|February|March|May|June|July|October|December"
)
_MONEY = r"(?:€|[Ee]uros?\b|EUR\b|Cent\b|US-Dollar\b|Dollars?\b|dirhams?\b|AED\b|CHF\b|Franken\b|\$|£|USD\b|T€|TEUR\b)"
_OFFICE = (
    r"\b(?:(?:Ober)?[Bb]ürgermeister|Beigeordnete|Dezernent|Landr[aä]t|Minister|Staatssekretär|Präsident)\w*"
    r"|\b(?:Secretary[- ]General|Director[- ]General|Mayor|Minister|President|Secretary of State)\b"
)
_GIVEN = "|".join(sorted(word_list("given_names"), key=len, reverse=True))
_HELD: Mapping[AnswerType, "re.Pattern[str]"] = {
    AnswerType.EMAIL: re.compile(r"[\w.+-]+ ?(?:@|\(at\)|\[at\]) ?[\w-]+(?:\.[\w-]+)+"),
    AnswerType.PHONE: re.compile(
        r"(?<![\w./-])(?:\+\d{1,3}|00\d{2}|\(?0)[\d ()/–-]{5,}\d"
        r"|\b(?:Tel|Telefon|Phone|Fon|TELEPHONE|Telephone)\b\W{0,3}(?:[A-ZÄÖÜ][\w-]+ )?[\d+(]"
        r"|(?<![\w.,])(?:110|112|115|116 ?\d{3})(?![\w.,]*\d)"
    ),
    AnswerType.ADDRESS: re.compile(
        r"\b\w*(?:straße|strasse|str\.|platz|allee|gasse|weg|ufer|damm|ring|markt|street|road|avenue)\s\d"
        r"|\b\d{5} [A-ZÄÖÜ]",
        re.I,
    ),
    AnswerType.URL: re.compile(r"https?://|www\.|\b[\w-]+(?:\.[\w-]+)*\.(?:de|eu|com|org|net|info|io|at|ch)\b", re.I),
    AnswerType.VERSION: re.compile(
        r"\b(?:Version|Release|Fassung|v)\.?:?\s?\d|(?<![\w.,])\d{1,2}\.\d{1,2}(?:\.\d+)*(?![\d%])", re.I
    ),
    AnswerType.PERCENT: re.compile(
        r"\d ?%|\b(?:Prozent(?!punkt)|percent(?!age point)|per cent|v\. ?H\.|vom Hundert\b)"
        r"|\b(?:Hälfte|Viertel|Drittel|half|third|quarter)\b",
        re.I,
    ),
    AnswerType.MONEY: re.compile(
        rf"{_MONEY}\s?\d|\d(?:[\d., ]*(?:,-)?\s?(?:Mio\.?|Mrd\.?|Tsd\.?|Millionen|Milliarden|Tausend|million|billion)?"
        rf"\s?){_MONEY}|\d\s?(?:Mio|Mrd|Millionen|Milliarden|million|billion)\b"
        rf"|\b(?:{_NUMBER_WORD}|eine[rn]?|one|a)\s(?:Million(?:en)?|Milliarden?|million|billion)\s{_MONEY}"
        r"|(?<![\w.,])\d{1,3}(?:[.,]\d{3})+[.,]\d{2}(?![\d.,])"
        r"|\b(?:kosten(?:los|frei)|gebührenfrei|unentgeltlich|gratis"
        r"|(?:keine|ohne) (?:\w*[Kk]osten|\w*[Gg]ebühren)|without (?:\w+ )?fees|free of charge|no cost)"
    ),
    AnswerType.HOURS: re.compile(r"\d ?(?:Uhr|a\.?m\.?|p\.?m\.?)\b|\d:\d\d|geöffnet|Öffnungszeit|opening hours", re.I),
    AnswerType.FREQUENCY: re.compile(
        r"\b(?:(?:halb|viertel|zwei|drei|all)?(?:jähr|monat|wöchent|täg|stünd|minüt)lich\w*|regelmäßig\w*|quartalsweise"
        rf"|(?:ein|zwei|drei|vier|mehr)mal\b|\d+ ?(?:mal|x)\b|(?:jede[nrs]?|alle(?: {_NUMBER_WORD}| \d+)?) {_UNIT}"
        rf"|(?:pro|je|im) (?:Jahr|Monat|Woche|Tag|Quartal|Stunde|Minute)\b|(?:am|zum) Jahresende|turnusmäßig\w*"
        r"|(?:half-?)?yearly|annual(?:ly)?|monthly|weekly|daily|hourly|quarterly|regularly|once|twice|biannual\w*"
        rf"|(?:every|each|per|a) (?:{_NUMBER_WORD} |\d+ |second |other )?{_UNIT})\b",
        re.I,
    ),
    AnswerType.WHEN: re.compile(
        r"\b(?:wenn|sobald|falls|nachdem|bevor|if|once|as soon as|\d{1,2}(?:[:.]\d\d)? Uhr"
        r"|(?:mon|diens|donners|frei|sams|sonn)tags?|mittwochs?|(?:jähr|monat|wöchent|täg)lich\w*"
        r"|(?:zu|am|Anfang|Beginn|Ende|Mitte)(?: de[sr])? "
        r"(?:Beginn|Anfang|Ende|(?:Schul|Kalender|Haushalts)?[Jj]ahres|Monats|Woche)"
        rf"|(?:im|Anfang|Mitte|Ende|bis|ab|in) (?:{_MONTH})"
        r"|(?:nach|innerhalb(?: von)?|binnen|spätestens|after|within)"
        rf" (?:\d+|{_NUMBER_WORD}|eine[mnrs]?|an?|one) {_UNIT}"
        r"|(?:am Tage?|on the day|the day) (?:nach|der|ihrer|seiner|after|of|on)|mit (?:dem Tage?|der|ihrer|seiner) "
        r"(?:der |ihrer |seiner )?(?:Veröffentlichung|Bekanntmachung|Verkündung|Unterzeichnung)|upon)\b",
        re.I,
    ),
    AnswerType.DURATION: re.compile(
        rf"(?:\d|\b(?:{_NUMBER_WORD}|ein(?:e[nmrs]?|ig\w*)?|one|a|halbe\w*|mehrere\w*|mindestens|several|half a))"
        rf"(?: \(\d+\))?[ -]?(?:bis \d+ |\d+ )?(?:halbe\w* )?{_UNIT}\b"
        r"|\d+-?(?:jährig|monatig|wöchig|tägig|stündig|minütig)\w*"
        r"|\b(?:un)?befristet|\bdauerhaft\b|\bpermanent",
        re.I,
    ),
    AnswerType.HEAD: re.compile(
        rf"{_OFFICE}"
        r"|\b(?:[A-ZÄÖÜ]{3,}(?!-)|GmbH|[A-ZÄÖÜ]\w*(?:institut|ministerium|amt)|Institute?|Ministry|Agency)\b"
        r"|\be\. ?V\."
    ),
    AnswerType.ELIGIBLE: re.compile(
        r"(?i:\b\w*berechtigt\w*|\b\w*empfänger\w*|\bteilnahmefähig\w*|\b(?:nicht )?ausgeschlossen\b)"
        r"|\b(?:dürfen|darf|können|kann|konnten|durften|zugelassen|offen|bewarben|beworben|beantragen)\b"
        r"|\b[Rr]icht\w* sich\b|\b(?i:eligible|entitled|open to|may|can|could|applicants?|apply)\b"
    ),
    AnswerType.PERSON: re.compile(
        rf"\b(?:Dr|Prof|Dipl)\.|\b(?:Herrn?|Frau|Mr|Mrs|Ms|Ing\.) [A-ZÄÖÜ]|\b(?:{_GIVEN})(?:-[A-ZÄÖÜ]\w+)? "
        r"(?:[A-ZÄÖÜ]\. |von |van |de |zu |bin |al-)*[A-ZÄÖÜ][\w’'-]+"
    ),
    AnswerType.NUMBER: re.compile(
        rf"{_FIGURE}|\b{_NUMBER_WORD}\b|\b{_NUMBER_WORD}(?:stufig|teilig|köpfig|seitig|fach)\w*"
        r"|\b(?:dutzend|Dutzend|Hunderte|Tausende|keine[nr]?|einzige\w*|dozens?|hundreds|thousands)\b"
    ),
}
# Which types the word that a question begins with leaves: 'wer muss die Gebühren zahlen?' wants no sum.
_LEFT_BY = {
    re.compile(r"(?:und )?(?:wer|wen|wem|who|whom)\b"): frozenset(
        {AnswerType.HEAD, AnswerType.ELIGIBLE, AnswerType.PERSON}
    ),
    re.compile(r"(?:und )?(?:wo|wohin|where)\b"): frozenset({AnswerType.ADDRESS, AnswerType.URL, AnswerType.EMAIL}),
    re.compile(r"(?:und )?(?:warum|wieso|weshalb|why)\b"): frozenset(),
    re.compile(r"(?:und )?(?:wann|when)\b"): frozenset(
        {AnswerType.HOURS, AnswerType.WHEN, AnswerType.DATE, AnswerType.END}
    ),
}
# 'Ja' answers whether something is so.
_WHETHER = re.compile(
    r"(?:und )?(?:ist|sind|war|hat|haben|wird|kann|koennen|darf|duerfen|muss|muessen|soll|sollen|gilt"
    r"|is|are|were|does|do|did|can|may|must|should|has|have|will)\b"
    r"(?!.*\b(?:wie|wann|was|wer|wo|welche\w*|how|when|what|who|where|which)\b)"
)
# What a question that names one is not in want of.
_NAMED = {AnswerType.EMAIL, AnswerType.PHONE, AnswerType.URL}
# By what somebody or a body is told to lead.
_LEADS = re.compile(
    r"\b(?:leite\w*|geleitet|führt\w*|geführt|moderier\w*|verantwort\w*|heads?|headed|leads?|led|chair\w*|direct\w*|manag\w*)"
    r"|(?i:leitung|leiter|führung|vorsitz|chef|direktor|spitze|sprecher)"
)
# A part of a year without a day: 'bis Ende November', 'zum Jahresende'.
_TIME_OF_YEAR = re.compile(
    rf"\b(?:(?:Anfang|Mitte|Ende|bis|im|early|mid|end of|until|by|in) (?:{_MONTH})"
    r"|\w*(?:jahres|quartals|monats)(?:ende|schluss)"
    r"|Ende (?:des|eines jeden|jedes) \w*(?:jahr|quartal|monat)e?s|end of (?:the|each|every) (?:year|quarter|month))\b",
    re.IGNORECASE,
)
# By what a date is told to be the last one.
_END = re.compile(
    r"\b(?:[Bb]is|[Ss]pätestens|Ende|endet\w*|beendet|läuft|lief|until|till|by|no later|ends?|ended|deadline|clos\w+"
    r"|due)\b"
    r"|(?i:(?<!kurz)(?<!lang)(?<!mittel)frist|schluss|stichtag|befristet|abgeschlossen|übergang)"
)
# 'Führt … aus' and 'leitet … ab' say of nobody that he leads.
_OTHER_VERB = re.compile(
    r"\b(?:führ|leite)\w*\b[^.;:!?\n]{0,80}?\b(?:aus|durch|ein|fort|weiter|zurück|ab|her)(?=\s*(?:[.,;:!?\n]|$|und\b))"
)
# Minutes and what comes again each day are no end: '30 seconds per device and day'.
_SHORT_TIME = re.compile(
    r"\d ?(?:Stunden?|Minuten?|Sekunden?|hours?|minutes?|seconds?)\b"
    r"|\b(?:per|pro|je) \w+(?: (?:and|und) \w+)?|\b(?:a|per) (?:day|month|year)\b",
    re.IGNORECASE,
)
# Numbers of chapters, pages, norms and rows count nothing.
_REFERENCE = re.compile(
    r"(?m:^)\s*\d{1,3}\.? \| "
    r"|\b(?:Kapitel|Abschnitt|Seite|Teil|Abbildung|Abb\.|Tabelle|Tab\.|Anhang|Anlage|Artikel|Art\.|Absatz|Abs\.|Nr\.|Nummer"
    r"|Konvention|Version|Chapter|Section|Page|Figure|Table|Annex|Article|No\.|Phase|ISO|DIN|RFC)\s\(?\d[\d.]*|§+\s?\d+"
)
# The year of what is numbered by years is no date: 'Law No. (1) of 2024', 'Beschluss 2018/11'.
_NUMBERED = re.compile(r"\b(?:No|Nr)\.? ?\(?\d+\)? (?:of|von|aus) \d{4}\b|\b(?:19|20)\d\d/\d{1,3}\b(?![./]\d)")
# What answers as well: a period gives a duration by its end, a sum or a share is a number.
_ALSO: Mapping[AnswerType, tuple[AnswerType, ...]] = {
    AnswerType.DURATION: (AnswerType.DATE,),
    AnswerType.WHEN: (AnswerType.DATE,),
    AnswerType.END: (AnswerType.DURATION,),
    AnswerType.NUMBER: (AnswerType.PERCENT, AnswerType.MONEY),
    AnswerType.HEAD: (AnswerType.PERSON,),
}


@lru_cache(maxsize=1024)
def wanted_type(question: str) -> AnswerType | None:
    """The type of answer that a German or English question wants; None where any words may answer it.

    Who asks what info@stadt.de is for names an address and wants none.
    """
    text = folded(question).lstrip('"„ ')
    if _WHETHER.match(text):
        return None
    possible = next((types for pattern, types in _LEFT_BY.items() if pattern.match(text)), frozenset(AnswerType))
    fitting = (one for one, pattern in _ASKED.items() if one in possible and pattern.search(text))
    return next((one for one in fitting if one not in _NAMED or not _holds_itself(question, one)), None)


@lru_cache(maxsize=2048)
def holds(text: str, wanted: AnswerType) -> bool:
    """Whether a text holds something of a type: a sum, a date, the name of a person."""
    if wanted is AnswerType.HEAD and not _LEADS.search(_OTHER_VERB.sub(" ", text)):
        return False
    if wanted is AnswerType.END:
        text = _SHORT_TIME.sub(" ", text)
    return any(_holds_itself(text, one) for one in (wanted, *_ALSO.get(wanted, ())))


def holds_count(text: str) -> bool:
    """Whether a text holds a number that may count things, which sums, shares and lengths of time do not."""
    for one in (AnswerType.MONEY, AnswerType.PERCENT, AnswerType.DURATION):
        text = _HELD[one].sub(" ", text)
    return _holds_itself(text, AnswerType.NUMBER)


def _holds_itself(text: str, wanted: AnswerType) -> bool:
    if wanted in (AnswerType.DATE, AnswerType.END):
        text = _NUMBERED.sub(" ", text)
        if wanted is AnswerType.DATE:
            return holds_date(text)
        return bool(_END.search(text)) and (holds_date(text) or bool(_TIME_OF_YEAR.search(text)))
    return bool(_HELD[wanted].search(_REFERENCE.sub(" ", text) if wanted is AnswerType.NUMBER else text))
