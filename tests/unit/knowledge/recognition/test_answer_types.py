"""Which type of answer a question wants, and what holds one."""

import pytest

from knowledge.recognition.answer_types import AnswerType, holds, wanted_type


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Wie viele kamen?", AnswerType.NUMBER),
        ("How many were there?", AnswerType.NUMBER),
        ("welche einwohnerzahl hat Musterstadt?", AnswerType.NUMBER),
        ("auf welchem rang liegt Musterstadt?", AnswerType.NUMBER),
        ("was kostet der anschluss?", AnswerType.MONEY),
        ("wer war die begleitung beim umbau?", None),
        ("wer ist schulbeauftragte der stadt?", AnswerType.PERSON),
        ("wohin gehört das baudatum?", None),
        ("can the deadline be extended?", None),
        ("can you say when the deadline ends?", AnswerType.END),
        ("wie hoch ist das jahresbudget für die schulen?", AnswerType.MONEY),
        ("what is the fine for late filing?", AnswerType.MONEY),
        ("wieviel prozent der haushalte haben glasfaser?", AnswerType.PERCENT),
        ("what share of homes has fibre?", AnswerType.PERCENT),
        ("wann haben die auf?", AnswerType.HOURS),
        ("wann war der workshop?", AnswerType.DATE),
        ("in welchem jahr begann das?", AnswerType.DATE),
        ("wann werden die gebühren abgezogen?", AnswerType.WHEN),
        ("seit wann gilt das?", AnswerType.DATE),
        ("wer muss die gebühren zahlen?", None),
        ("Sind die Rufnummern frei erreichbar?", None),
        ("wer führt die untersuchung durch?", None),
        ("bis wann kann man sich bewerben?", AnswerType.END),
        ("antragsfrist hessen", AnswerType.END),
        ("wie lange läuft das?", AnswerType.DURATION),
        ("how long are the data kept?", AnswerType.DURATION),
        ("wie oft tagt der beirat?", AnswerType.FREQUENCY),
        ("how often does the board meet?", AnswerType.FREQUENCY),
        ("wer leitet die geschäftsstelle?", AnswerType.HEAD),
        ("wie heißt der bürgermeister?", AnswerType.PERSON),
        ("who is the head of the office?", AnswerType.PERSON),
        ("telefonnummer der beratung?", AnswerType.PHONE),
        ("mailadresse für neue datenbereitsteller?", AnswerType.EMAIL),
        ("an welche anschrift geht der antrag?", AnswerType.ADDRESS),
        ("unter welcher url liegt das handbuch?", AnswerType.URL),
        ("welche ckan version läuft da?", AnswerType.VERSION),
        ("Wofür ist info@stadt.example da, eine E-Mail-Adresse?", None),
        ("welches protokoll hat lange ip-adressen?", None),
        ("Was ist ein Datenraum?", None),
        ("wann ist was ein datenservice?", None),
        ("Auf welcher Richtlinie beruhte die Förderung?", None),
        ("Wer betreibt die Plattform?", None),
    ],
)
def test_a_question_wants_a_type_of_answer(question: str, wanted: AnswerType | None) -> None:
    assert wanted_type(question) is wanted


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        (AnswerType.NUMBER, "Es kamen 50 Gäste."),
        (AnswerType.NUMBER, "Es beteiligten sich 1.384 Haushalte."),
        (AnswerType.NUMBER, "Das Modell ist dreistufig."),
        (AnswerType.NUMBER, "rund 4,3 Milliarden Adressen"),
        (AnswerType.NUMBER, "Bergen | BG | 3664088"),
        (AnswerType.NUMBER, "Es sind 10-25 Begriffe."),
        (AnswerType.DURATION, "within three (3) months"),
        (AnswerType.HEAD, "Den Vorsitz hat die Bürgermeisterin."),
        (AnswerType.MONEY, "jährliches Gesamtbudget 40.000 €"),
        (AnswerType.MONEY, "the budget per network was at most 850,000 euros"),
        (AnswerType.MONEY, "45 Projekte mit gut einer Million Euro"),
        (AnswerType.MONEY, "AED 1,000.00 per each day of delay"),
        (AnswerType.MONEY, "Die Teilnahme ist kostenlos."),
        (AnswerType.PERCENT, "ca. 14 % der Materialien"),
        (AnswerType.PERCENT, "mehr als die Hälfte der Anschlüsse"),
        (AnswerType.DATE, "am 28.06.2018 beschlossen"),
        (AnswerType.DATE, "bis ins Jahr 1345 zurückverfolgen"),
        (AnswerType.DATE, "zum 31. März eines Jahres"),
        (AnswerType.END, "Die Förderung läuft bis 2030."),
        (AnswerType.WHEN, "Das Amt zahlt, sobald der Bescheid vorliegt."),
        (AnswerType.WHEN, "Die Beratung ist dienstags ab 14 Uhr."),
        (AnswerType.WHEN, "Die Ferien beginnen Ende Juli."),
        (AnswerType.WHEN, "Er tagte am 28.06.2018."),
        (AnswerType.PHONE, "Feuerwehr, Rettungsdienst: 112"),
        (AnswerType.DURATION, "sind noch etwa ein Jahr erreichbar"),
        (AnswerType.DURATION, "für die Dauer von 30 Tagen"),
        (AnswerType.FREQUENCY, "Sie wird halbjährlich informiert."),
        (AnswerType.FREQUENCY, "ca. zweimal pro Jahr"),
        (AnswerType.PERSON, "Ansprechperson ist Frau Beispiel."),
        (AnswerType.PERSON, "Anna Beispiel leitet die Stelle."),
        (AnswerType.HEAD, "Die Geschäftsstelle leitet das WIK."),
        (AnswerType.MONEY, "change of address | 20,000.00"),
        (AnswerType.PHONE, "Telefon 0561 787-0"),
        (AnswerType.EMAIL, "Schreiben Sie an info@stadt.example."),
        (AnswerType.URL, "auf http://dcat-ap.de/def/implementations"),
        (AnswerType.ADDRESS, "Musterstraße 7, 01129 Dresden"),
        (AnswerType.VERSION, "Version | 1.1"),
    ],
)
def test_what_holds_something_of_a_type(wanted: AnswerType, text: str) -> None:
    assert holds(text, wanted)


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        (AnswerType.NUMBER, "Das Handbuch 2.0 erschien am 1. März 2022; siehe Kapitel 5 und IPv6."),
        (AnswerType.MONEY, "Im Jahr 2022 kamen 40 Gäste."),
        (AnswerType.PERCENT, "Es gibt 14 Programme."),
        (AnswerType.DATE, "Es kamen 2.500 Gäste und 12 Fachleute."),
        (AnswerType.END, "Das Programm begann 2019."),
        (AnswerType.NUMBER, "05 | Sensoren | Sensoren an Behältern"),
        (AnswerType.DATE, "Law No. (1) of 2024 applies."),
        (AnswerType.END, "Kurzfristige Vorhaben begannen 2020."),
        (AnswerType.HEAD, "Das CDO-Netzwerk verantwortet den Austausch."),
        (AnswerType.DURATION, "Das geschieht jederzeit."),
        (AnswerType.FREQUENCY, "Der Beirat berät die Stadt."),
        (AnswerType.PERSON, "Die Geschäftsstelle gehört zum Bereich des Oberbürgermeisters der Stadt Ulm."),
        (AnswerType.HEAD, "Die Geschäftsstelle gehört zum Bereich des Oberbürgermeisters."),
        (AnswerType.PHONE, "Der Beschluss 2018/11 vom 16. April 2018"),
        (AnswerType.EMAIL, "Angaben zur E-Mail müssen gemacht werden."),
        (AnswerType.URL, "Die Liste steht im Anhang."),
        (AnswerType.ADDRESS, "Die Stelle sitzt in Bonn."),
        (AnswerType.VERSION, "CKAN ist weit verbreitet."),
    ],
)
def test_what_holds_none(wanted: AnswerType, text: str) -> None:
    assert not holds(text, wanted)
