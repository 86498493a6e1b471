"""What people ask of a programme, by the words with which they ask for it."""

import re
from dataclasses import dataclass
from functools import lru_cache

from knowledge.factsheet import Attribute
from knowledge.text import folded

# Patterns over folded text (lower case, umlauts written out), German and English together.
_ASKED: dict[Attribute, str] = {
    Attribute.FUNDING_RATE: (
        r"foerderquoten?|foerdersatz\w*|foerdersaetze\w*|quoten?|prozent(?:satz)?|foerderanteil|bundesanteil|eigenanteil"
        r"|funding rates?|grant rates?|co-?funding|percent(?:age)?|share|rate"
    ),
    Attribute.FUNDING_AMOUNT: (
        r"hoechst(?:betrag|betraege|foerderung|summe)\w*|foerdersumme\w*|foerderbetrag\w*|foerderhoehe|maximal\w*|hoechstens"
        r"|wie ?viel (?:geld|kohle|euro|foerderung|zuschuss|gibt|gibts|bekommt|kriegt)\w*|geld|kohle|zuschuss\w*"
        r"|maximum|max|how much|grant(?: amount| size)?|money|amount|ceiling"
    ),
    Attribute.BUDGET: (
        r"budgets?|volumen|programmvolumen|foerdervolumen|gesamtmittel|mittel|gesamtsumme|milliarden"
        r"|wie ?viel (?:geld|kohle|euro)|geld|kohle|topf|funds|how much|money"
    ),
    Attribute.DEADLINE: (
        r"\w*frist(?:en)?|bis wann|einreich\w*|bewerbungsschluss|antragsschluss|antragsfenster|stichtag|deadlines?"
        r"|until when|by when|closing date|apply by|last day"
    ),
    Attribute.DURATION: (
        r"laufzeit\w*|dauer\w*|wie lange|von wann bis wann|bis wann (?:laeuft|geht|gilt)|foerderzeitraum|zeitraum|how long|duration|run(?:s|ning)? until"
        r"|until when|bis wann|laeuft|runs?|end(?:e|et|ete|s)?"
    ),
    Attribute.ELIGIBILITY: (
        r"antragsberechtigt\w*|wer (?:darf|kann|duerfen|koennen)|(?:duerfen|koennen) \w+ (?:\w+ )*(?:mitmachen|teilnehmen|beantragen)"
        r"|beantragen|bewerben|mitmachen|berechtigt\w*|zielgruppe\w*|fuer wen|who (?:can|may)|for whom|eligib\w+|apply|target groups?"
    ),
    Attribute.REQUIREMENTS: r"voraussetzung\w*|bedingung\w*|pflicht\w*|muessen|erforderlich|noetig|requirements?|conditions?|must",
    Attribute.CONTACT: (
        r"kontakt\w*|ansprechpartner\w*|ansprechperson\w*|e-?mail\w*|mail\w*|telefon\w*|adresse\w*|wohin|contacts?|address|phone"
    ),
    Attribute.RESPONSIBLE: (
        r"zustaendig\w*|ministeri\w*|traeger\w*|projekttraeger\w*|veranstalter\w*|leitet\w*|leitung|betreibt|betreut|wer macht"
        r"|wer steckt|wer betreibt|verantwort\w*|foerdergeber\w*|geldgeber|koordinier\w*|initiator\w*|gegruendet|gruend\w*|ins leben|traegt|getragen|gehoert wem|herausgeber\w*"
        r"|partner\w*|konsortium|who (?:is |was )?(?:runs|founded|coordinates|behind|leads|organi[sz]ed|operates)|responsible|organi[sz]er|founded|runs|ministry"
    ),
    Attribute.LEGAL_BASIS: r"rechtsgrundlage\w*|richtlinie\w*|gesetz\w*|beschluss\w*|verordnung\w*|legal basis|directive|guideline",
    Attribute.PURPOSE: (
        r"ziel\w*|zweck|aufgaben?|worum geht|was (?:ist|sind|macht|bringt|regelt)|inhalt\w*|wofuer|what (?:is|are|does)|aims?"
        r"|goals?|purpose|about|tasks?"
    ),
    Attribute.NAME: r"heisst|heissen|steht fuer|bedeutet|abkuerzung\w*|voller name|ausgeschrieben|stands? for|full name|abbreviation",
    Attribute.DATE: r"wann|ab wann|ab welchem tag|an welchem tag|datum|termin\w*|seit wann|start\w*|beginn\w*|gestartet|when|since|date|start(?:s|ed)?|launched",
    Attribute.PLACE: r"wo|ort|veranstaltungsort|sitz|sitzt|bueros?|where|place|venue|seat",
    Attribute.PARTICIPANTS: r"teilnehm\w*|besuch\w*|wie ?viele (?:\w+ ){0,3}(?:dabei|da|anwesend|gekommen|kamen)|how many (?:\w+ ){0,3}(?:attended|came|took part)|wie ?viele (?:leute|menschen|personen|gaeste)|gaeste|participants?|attend\w*|people",
    Attribute.SPEAKERS: r"redner\w*|referent\w*|gesprochen|sprach\w*|vortrag\w*|vortraege|impuls\w*|begruess\w*|speakers?|spoke|talks?",
    Attribute.SELECTED: (
        r"ausgewaehlt\w*|welche (?:staedte|kommunen|landkreise|laender|kreise|gemeinden|verbandsgemeinden|regionen|projekte)\w*"
        r"|modellkommunen|modellregionen|gewinner\w*|preistraeger\w*|wer (?:\w+ ){0,3}dabei|selected|winners?|which (?:cities|towns|municipalities)"
    ),
    Attribute.APPLICATIONS: r"bewerbungen|wie ?viele (?:\w+ ){0,4}(?:beworben|eingereicht|rein)|how many (?:\w+ ){0,3}applied|bewarben|bewerber\w*|antraege|eingereicht\w*|applications?|applicants?|applied",
    Attribute.TOPICS: r"themen\w*|schwerpunkt\w*|worum|inhalte|kategorien|topics?|focus|themes?|categories",
    Attribute.STATUS: r"noch|status|aktuell|beendet|vorbei|laeuft noch|gibt es noch|still|ended|over|current\w*|running",
}
_PATTERNS = {attribute: re.compile(rf"\b(?:{pattern})\b") for attribute, pattern in _ASKED.items()}


@dataclass(frozen=True)
class Asked:
    """An attribute that a question asks for and the folded words that say so."""

    attribute: Attribute
    words: frozenset[str]


@lru_cache(maxsize=1024)
def asked_attributes(question: str) -> tuple[Asked, ...]:
    """The attributes a German or English question asks for; several where its words fit several.

    An attribute whose words are all part of another's longer expression is not asked for: 'who runs it' asks who is
    responsible, not how long it runs.
    """
    text = folded(question)
    spans = {attribute: [match.span() for match in pattern.finditer(text)] for attribute, pattern in _PATTERNS.items()}
    every = [span for found in spans.values() for span in found]
    return tuple(
        Asked(attribute, frozenset(word for start, end in found for word in text[start:end].split()))
        for attribute, found in spans.items()
        if any(not _is_inside(span, every) for span in found)
    )


def _is_inside(span: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end and end - start > span[1] - span[0] for start, end in others)
