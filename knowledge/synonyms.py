"""Words that staff use for the same thing; a question with one finds passages with the others."""

from knowledge.text import folded

_GROUPS = (
    "gratis kostenlos kostenfrei umsonst free",
    "erschienen erscheinen veröffentlicht veröffentlichung publiziert rausgekommen herausgekommen released published",
    "beschlossen beschluss verabschiedet verabschiedung angenommen adopted",
    "herausgegeben rausgegeben herausgeber herausgeberin publisher vorgelegt",
    "nutzer nutzende nutzerinnen anwender user users",
    "teilnehmer teilnehmende teilnehmerinnen besucher gäste participants attendees",
    "sprach gesprochen redete geredet vortrag vorträge impuls impulse redner referent referenten speaker talk",
    "rang platz ranking platzierung position",
    "länder staaten mitgliedstaaten countries states",
    "gegründet gründung gründer initiiert initiatoren initiator gestartet gerufen founded initiated",
    "kreis landkreis kreise landkreise district",
    "kommune kommunen gemeinde gemeinden stadt städte gebietskörperschaft gebietskörperschaften municipality municipalities",
    "nachbargemeinden nachbarkommunen interkommunal interkommunale interkommunalen kooperation kooperationen gemeinsam",
    "pleite haushaltsnotlage haushaltssicherung klamm",
    "geld kohle euro mittel summe betrag money funds",
    "topf budget volumen fördervolumen gesamtmittel programmvolumen",
    "höchstbetrag höchstbeträge maximal höchstens höchstförderung höchstsumme maximum",
    "frist deadline bewerbungsschluss antragsfrist bewerbungsfrist antragsfenster einsendeschluss",
    "quote förderquote fördersatz prozent anteil rate",
    "laufzeit dauer dauert zeitraum duration",
    "kontakt ansprechpartner ansprechperson mail email telefon adresse contact",
    "straßenlaterne straßenlaternen laterne laternen straßenbeleuchtung lamp streetlight",
    "deutsch deutsche deutschen dt german",
    "anzahl zahl wieviele number",
    "start beginn auftakt startschuss begin kickoff kick-off",
    "ende schluss endete end ended",
    "schulen schule bildung school schools",
    "dorf dörfer land ländlich ländliche ländlichen rural",
    "funkt funk reichweite radio",
    "frequenz band mhz frequency",
    "sitz sitzt hauptsitz based headquarters seat",
    "chef chefin leiter leiterin leitung leitete director head",
    "ministerium ministeriums ministry",
    "zusammenschluss zusammenschlüsse verbund",
    "softwarequelltext quellcode quelltext",
    "voraussetzungen voraussetzung bedingungen requirements conditions",
    "kombinieren kombination kombinierbar kumulieren",
    "bewerbungen bewerber bewarben beworben applications applicants",
    "ausgewählt auswahl ausgesucht selected",
    "bedeutung bedeutet heißt abkürzung meaning",
)
_BY_WORD: dict[str, tuple[str, ...]] = {}
for _group in _GROUPS:
    _words = tuple(folded(word) for word in _group.split())
    for _word in _words:
        _BY_WORD[_word] = tuple(dict.fromkeys((*_BY_WORD.get(_word, ()), *_words)))


def synonyms(word: str) -> tuple[str, ...]:
    """Folded words that mean about the same as a word, itself left out; none for most."""
    own = folded(word)
    return tuple(other for other in _BY_WORD.get(own, ()) if other != own)
