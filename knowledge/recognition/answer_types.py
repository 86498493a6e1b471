"""The types of answer that there are (a date, a sum, a person …), and whether words hold one of a type."""

import re
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache

from knowledge.linguistics.dates import holds_date, without_days
from knowledge.linguistics.text import folded
from knowledge.linguistics.words import word_list


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
    FIRM = "firm"
    TOWN = "town"
    PARTY = "party"
    END = "end"
    WHEN = "when"
    """A date, or on which days, at what time, under which condition."""
    DATE = "date"
    NUMBER = "number"


_NUMBER_WORD = (
    r"(?:(?:zwei|drei|vier)einhalb|eineinhalb|anderthalb|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|zwanzig|dreißig|fünfzig|hundert|tausend"
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
    r"(?:(?:working |business |calendar |full |volle[nr]? |ganze[nr]? )?"
    r"(?:Jahre?n?s?|Kalenderjahre?n?s?|Monate?n?s?|Wochen?|(?:Arbeits|Werk|Kalender|Schul|Bank)?[Tt]age?n?s?|Stunden?|Minuten?|Sekunden?|Quartale?n?s?|Semester"
    r"|years?|months?|weeks?|days?|hours?|minutes?|seconds?))"
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
# 'In Zukunft' is no town.
_IN_GENERAL = "|".join(word.title() for word in word_list("after_prepositions"))
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
        r"|(?m:(?<=[( T])(?:Euro|EUR|€)\)?(?= \||$)(?=[^\n]*\n.*\d))"
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
        r"|\b(?:chaired|headed|led|managed|directed|run) by\b"
        r"|\b(?:geleitet|geführt|moderiert)\b[^.]{0,30}\b(?:von|durch)\b|\b(?:von|durch)\b[^.]{0,60}\b(?:geleitet|geführt|moderiert)\b"
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
    AnswerType.FIRM: re.compile(
        r"\b(?:[gm]?GmbH|mbH|AG|SE|KG|OHG|UG|eG|AöR|Inc|Ltd|LLC|PLC|Corp|[A-ZÄÖÜ]{3,})\b|\be\. ?V\."
        r"|\b(?:\w*(?:[Ff]irma|[Uu]nternehmen|[Aa]nbieter|[Hh]ersteller|[Dd]ienstleister|[Aa]gentur|[Bb]üro|[Vv]erlag"
        r"|[Bb]etrieb|[Vv]erein|erei)|[Cc]ompany|[Ff]irm|[Aa]gency|[Ss]upplier|[Pp]rovider|[Cc]ontractor) "
        r"(?:der |des )?[„“\"A-ZÄÖÜ]"
        r"|\b\w*(?:werke|gesellschaft|verbund|betriebe|sparkasse|bank|institut|universität|hochschule|verband|genossenschaft"
        r"|agentur|verein|[Uu]niversity|[Ii]nstitute|[Uu]tility|[Uu]tilities)\b"
        r"|\b(?:by|[Bb]eauftragt\w*(?! (?:die )?(?:Stadt|\w*[Vv]erwaltung|\w*amt|Gemeinde))|Zuschlag\b[^.]{0,40}\ban) "
        r"(?:die |der |den |das |the )?[A-ZÄÖÜ]"
        r"|\b(?:von|durch|mit|an|from|with|to) (?:der |dem |den |die |the )?[A-ZÄÖÜ][a-zäöü]*[A-ZÄÖÜ]\w*"
    ),
    AnswerType.TOWN: re.compile(
        r"\b(?:\w*[Ss]tadt|\w*[Gg]emeinde|Kommune|\w*[Kk]reis|[Cc]ity of|[Tt]own of|Markt)(?:es|s)? [A-ZÄÖÜ]"
        rf"|\b(?:in|aus|from) (?!{_IN_GENERAL}\b)[A-ZÄÖÜ][a-zäöüß]{{2,}}\b"
        r"|\bals \w+ (?:Stadt|Kommune|Gemeinde)\b|\b(?:first|only|last) (?:city|town|municipality)\b"
    ),
    AnswerType.PARTY: re.compile(
        r"\b(?:CDU|CSU|SPD|FDP|AfD|BSW|Grünen?|Linken?|Piraten|Freien? Wähler\w*|\w*[Ff]raktion\w*|ÖDP|Volt|Greens?"
        r"|parliamentary group)\b"
    ),
    AnswerType.NUMBER: re.compile(
        rf"{_FIGURE}|\b{_NUMBER_WORD}\b|\b{_NUMBER_WORD}(?:stufig|teilig|köpfig|seitig|fach)\w*"
        r"|\b(?:dutzend|Dutzend|Hunderte|Tausende|keine[nr]?|einzige\w*|dozens?|hundreds|thousands)\b"
    ),
}
NUMBERS = _HELD[AnswerType.NUMBER]
"""What finds the numbers that may count something, in figures and in words."""
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
# Who leads a project leads no office.
_PROJECT_LEAD = re.compile(
    r"\b(?:[Pp]rojekt|[Ss]itzungs|[Gg]esprächs|[Aa]rbeitsgruppen)-?(?:leit|führ|sprech)\w+"
    r"|\bproject (?:lead|manag)\w+"
)
_OFFICE_ASKED = re.compile(
    r"\b\w*(?:amts?|amtes|fachbereichs?|abteilung|referats?|dezernats?|stabsstelle|geschaeftsstelle|bueros?|bibliothek"
    r"|schule|instituts?|zentrums?|werke|office|department|library|school)\b"
)
# Minutes and what comes again each day are no end: '30 seconds per device and day'.
_SHORT_TIME = re.compile(
    r"\d ?(?:Stunden?|Minuten?|Sekunden?|hours?|minutes?|seconds?)\b"
    r"|\b(?:per|pro|je) \w+(?: (?:and|und) \w+)?|\b(?:a|per) (?:day|month|year)\b",
    re.IGNORECASE,
)
# Numbers of chapters, pages, norms and rows count nothing.
_REFERENCE = re.compile(
    r"(?m:^)\s*(?:\d{1,3}\.? \| |\(\d{1,2}\)\s)|(?<=[\w.] )\d{1,3}(?=:(?!\d))"
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
# A date by itself ('im Index 2025') tells not how long something lasts.
_SPANS = re.compile(
    r"\b(?:bis|seit|ab|von|vom|zwischen|zum|l(?:ä|ie)uf\w*|läuft|lief\w*|laufe\w*|\w*laufzeit\w*|start\w*|gestartet|beg(?:a|i|o)nn\w*"
    r"|end\w*|geendet|gilt|gelten|galt\w*|\w*periode\w*|\w*zeitraum\w*|dauer\w*|eröffnet\w*|befristet\w*"
    r"|until|since|from|between|to|runs?|ran|began|begins?|term|periods?|lasts?|opened|by)\b"
    r"|\b\d{4}\s?[–/-]\s?\d{2,4}\b",
    re.IGNORECASE,
)
# What lasts so long ends nowhere: 'die seit zwei Jahren bestehen'.
_LASTS = re.compile(
    r"\b(?:seit|mindestens|alle|vor|jede[nrs]?|since|for at least|every)(?: (?:mindestens|etwa|rund|über))? "
    rf"(?:\d+|{_NUMBER_WORD}|eine[mnrs]?)(?: \w+)? {_UNIT}"
)


@lru_cache(maxsize=2048)
def holds(text: str, wanted: AnswerType) -> bool:
    """Whether a text holds something of a type: a sum, a date, the name of a person."""
    if wanted is AnswerType.HEAD and not _LEADS.search(_OTHER_VERB.sub(" ", text)):
        return False
    if wanted is AnswerType.DURATION and not _SPANS.search(text):
        return holds_itself(text, wanted)
    if wanted is AnswerType.END:
        text = _LASTS.sub(" ", _SHORT_TIME.sub(" ", text))
    return any(holds_itself(text, one) for one in (wanted, *_ALSO.get(wanted, ())))


def holds_lead(text: str, question: str) -> bool:
    """Whether a text tells who leads what a question asks the head of; who leads a project leads no office."""
    of_office = _OFFICE_ASKED.search(folded(question)) is not None
    return holds(_PROJECT_LEAD.sub(" ", text) if of_office else text, AnswerType.HEAD)


def holds_count(text: str) -> bool:
    """Whether a text holds a number that may count things, which sums, shares and lengths of time do not."""
    for one in (AnswerType.MONEY, AnswerType.PERCENT, AnswerType.DURATION):
        text = _HELD[one].sub(" ", text)
    return holds_itself(text, AnswerType.NUMBER)


def holds_itself(text: str, wanted: AnswerType) -> bool:
    """Whether a text holds something of a type, and not only something that answers as well."""
    if wanted in (AnswerType.DATE, AnswerType.END):
        text = _NUMBERED.sub(" ", text)
        if wanted is AnswerType.DATE:
            return holds_date(text)
        return bool(_END.search(text)) and (holds_date(text) or bool(_TIME_OF_YEAR.search(text)))
    return bool(_HELD[wanted].search(plain_numbers(text) if wanted is AnswerType.NUMBER else text))


def plain_numbers(text: str) -> str:
    """A text without the numbers that refer to something or tell a day."""
    return without_days(_REFERENCE.sub(" ", text))
