"""The language of a question, from a few words."""

import pytest

from knowledge.linguistics.language import detect, detect_long

GERMAN = """mpsc förderquote
antragsfrist hessen
wie hoch ist der eigenanteil
wer darf mitmachen
wann war der workshop
und bis wann?
wo finde ich die richtlinie
was ist die kts
was ist smart city
kts ansprechpartner
bis wann läuft das programm
wie viele kommunen sind dabei
welche städte machen mit
förderung für kleine gemeinden
wer ist zuständig
heimat 2.0 laufzeit
din spec 91357 wann erschienen
Was kostet die Teilnahme?
Gibt es noch Geld?
mitmachen bei urbact
fördersatz bayern
ist das noch offen
Wofür steht MPSC
gigabitförderung höchstbetrag
Müssen wir einen Eigenanteil zahlen?
lorawan reichweite
kontakt zum projektträger
wie lange dauert die förderung
und in der 2. staffel?
teilnehmerzahl köln
5g innovationsprogramm wieviel kohle gabs
bewerbungsschluss future communities
Danke, und wer macht das?
digitalpakt schule mittel
welche themen
sitz der geschäftsstelle""".splitlines()

ENGLISH = """what is KTS
who can apply
mpsc funding rate
deadline hesse
how much money is there
when was the workshop
how many people attended
what does MPSC stand for
and until when?
which cities take part
where is the office
is it still running
who runs it
urbact application deadline
funding for small towns
what about bavaria
digital europe budget
max grant per project
who spoke at the Cologne workshop
legal basis of open data
How long does Heimat 2.0 run?
Do we need a co-funding share?
smart city index ranking 2024
who founded FIWARE
Is LoRaWAN free to use?
contact for the gigabit programme
eligible applicants
how high is the rate
and the second round?
list the winners
tell me about CIVITAS
What is DIN SPEC 91357?
when did the charter come out
number of participants
requirements for kts""".splitlines()


@pytest.mark.parametrize("question", GERMAN)
def test_german_questions_are_german_whatever_went_before(question: str) -> None:
    assert detect(question, default="de") == detect(question, default="en") == "de"


@pytest.mark.parametrize("question", ENGLISH)
def test_english_questions_are_english_whatever_went_before(question: str) -> None:
    assert detect(question, default="de") == detect(question, default="en") == "en"


@pytest.mark.parametrize("question", ["MPSC", "URBACT?", "FIWARE", "2025", "", "🙂"])
def test_words_that_do_not_tell_leave_the_language_as_it_was(question: str) -> None:
    assert detect(question, default="de") == "de"
    assert detect(question, default="en") == "en"


def test_documents_are_told_by_their_letters() -> None:
    assert detect_long("Die Gemeinden der Region haben gemeinsam einen Antrag auf Förderung gestellt. " * 3) == "de"
    assert detect_long("The municipalities of the region jointly applied for funding last year. " * 3) == "en"
