"""Remarks as staff types them: what they lean on, and where nothing is told; through the API."""

from typing import Any

import pytest

from tests.typed import said


@pytest.mark.parametrize(
    ("turns", "words"),
    [
        # What is listed or asked back stays the subject.
        (("welche programme gibts für mobilfunk", "wer ist projektträger"), "VDI/VDE-IT"),
        (
            ("welche programme gibts für mobilfunk", "wie hoch ist da die förderung", "und für die umsetzung"),
            "4 Million",
        ),
        (("was ist der vku", "gab es auch was in köln", "wer hat da gesprochen"), "Müller"),
        # Counts without their things are of the programme's own.
        (("mpsc", "wie viele gibt es davon"), "73"),
        (("How many pilot projects are there in MPSC",), "73"),
        (("How many projects has MPSC?", "and how many in the second round"), "32 projects"),
        (("mpsc", "und wie viel gibt es insgesamt"), "820 Millionen"),
        (("wie viele projekte in der 3. staffel mpsc", "und wie viele bewerbungen", "motto?"), "Raum für Zukunft"),
        (("scsr bayern", "und wie viele wurden genommen", "welche"), "Ismaning"),
        # A year, a place in a ranking, another event of a series.
        (("future communities", "wie viele projekte gab es", "und 2018?"), "45 Projekte"),
        (("smart city index wer ist vorn", "und auf platz 4?"), "Köln"),
        (("smart city index wer ist vorn", "wo steht hamburg"), "89,6"),
        (("wann war der 5. mpsc kongress", "und der 6.?"), "München"),
        (("wann war der 5. mpsc kongress", "wann ist der 8.", "dürfen wir auch kommen"), "nicht geförderte Kommunen"),
        (("wann ist der nächste mpsc kongress", "und der letzte?"), "6. MPSC-Kongress"),
        # What was told holds what a short remark asks on.
        (("wann war das letzte treffen von smarte land regionen", "wo"), "Seddin"),
        (("digitale dörfer", "wieviel hat das gekostet", "und davon an fraunhofer?"), "1,35 Millionen"),
        (("stadt land digital", "wer leitet die geschäftsstelle", "seit wann"), "August 2020"),
        (("smart city charta", "wie viele leitlinien", "nenn sie mir"), "Transparenz"),
        (("connected urban twins", "gibts dazu einen standard", "wann kam der raus"), "8. Oktober 2024"),
        # Other words for what is told.
        (("twinby", "und wenn wir zu mehreren sind"), "75.000 Euro"),
        (("What is the funding rate of MPSC?", "and for cities in financial trouble"), "90 percent"),
        (("mpsc", "brauchen wir nen ratsbeschluss"), "Gemeinderatsbeschluss"),
        (("mpsc", "geht das zusammen mit efre mitteln"), "kombinieren"),
        (("mpsc", "müssen wir was selber zahlen"), "65 Prozent"),
        (("stufenplan", "wer hat das sagen"), "BMWSB"),
        (("stufenplan", "welche länder machen mit"), "fünf Länder"),
        (("stufenplan", "ok weiter, was empfiehlt der beirat"), "DEUTSCHLAND.DIGITAL"),
        (("kts", "ohne förderung können wir die auch nutzen?"), "nicht geförderte Kommunen"),
        (("kts", "hat die ein büro in köln"), "Berlin und Bonn"),
        (("lorawan", "kostet das was"), "ohne Lizenzgebühren"),
        (("5g innovationsprogramm", "ist das noch offen?"), "abgelaufen"),
        (("vku workshop köln", "welche workshops gabs parallel"), "Energie, Wasser und Abfall"),
        (("vku workshop köln wann",), "20. November 2019"),
        (("vku workshop köln", "who opened it"), "Pehlke"),
        (("gigabitförderung", "wieviel geld gab es 2024", "wie ist das in bayern"), "Bayern stockt"),
        (("heimat 2.0", "300000 euro pro region?"), "unterschiedliche Angaben"),
        (("What is TwinBy and when could you apply?",), "7 November 2022"),
        # What stands around a question is no part of it.
        (("dann sag mir mal was der stufenplan ist",), "Stufenplan „Smarte Städte und Regionen“ – Strategie"),
        (("cities mission", "ok und auf deutsch: was ist netzerocities"), "Missionsplattform NetZeroCities"),
        (("xöv", "wer kümmert sich darum"), "KoSIT"),
    ],
)
def test_a_remark_is_read_in_the_light_of_what_was_said(ask: Any, turns: tuple[str, ...], words: str) -> None:
    message = said(ask, *turns)
    assert message["kind"] == "answer" and words in message["text"], message["text"]


@pytest.mark.parametrize(
    "turns",
    [
        ("smart city index wer ist vorn", "welche stadt ist auf platz 20"),
        ("auf welchem platz liegt würselen im smart city index",),
        ("was macht die kfw bei der gigabitförderung",),
        ("when does Smart Villages Europe start",),
        ("wann wurde din spec 91357 veröffentlicht",),
        ("living-in.eu", "who opened it"),
        ("smarte land regionen", "bis wann kann man den antrag stellen"),
        ("lorawan", "wie viele sind das"),
    ],
)
def test_what_is_told_of_another_thing_or_nowhere_is_declined(ask: Any, turns: tuple[str, ...]) -> None:
    message = said(ask, *turns)
    assert message["kind"] == "abstention", message["text"]


@pytest.mark.parametrize(
    ("turns", "titles"),
    [
        (("mpsc", "schade. was gibts sonst vom bund?"), "DigitalPakt"),
        (("gibt es in bawü was",), "Städte, Gemeinden, Landkreise 4.0"),
        (("welche eu programme gibt es", "das zweite", "nur laufende"), "CIVITAS"),
        (("geld für schulen?", "das erste", "und breitband?"), "Gigabitförderung"),
        (("gibt es auch regionalkonferenzen",), "Regionalkonferenz der Modellprojekte"),
    ],
)
def test_it_is_a_list(ask: Any, turns: tuple[str, ...], titles: str) -> None:
    message = said(ask, *turns)
    assert message["kind"] == "answer" and any(titles in item["title"] for item in message["items"]), message["text"]


@pytest.mark.parametrize(
    "turns",
    [
        ("smarte land regionen", "ist das das gleiche wie heimat 2.0"),
        ("smarte land regionen", "was ist heimat 2.0", "vergleich die mal"),
    ],
)
def test_two_are_compared(ask: Any, turns: tuple[str, ...]) -> None:
    assert len(said(ask, *turns)["table"]["header"]) == 2


def test_who_says_where_they_are_is_asked_the_rest(ask: Any) -> None:
    assert said(ask, "hallo, wir sind ne kleine stadt in hessen")["progress"]["step"] == 3


@pytest.mark.parametrize("words", ["ich möchte mit einem menschen sprechen", "das stimmt nicht", "nein doch nicht"])
def test_the_search_lets_go_of_who_wants_something_else(ask: Any, words: str) -> None:
    ask("wir suchen fördermittel")
    ask("hessen")
    assert ask(words)[-1]["progress"] is None
    assert said(ask, "wie hoch ist die förderquote bei mpsc")["kind"] == "answer"


def test_the_search_ends_where_one_question_follows_the_other(ask: Any) -> None:
    ask("wir suchen fördermittel")
    assert ask("wer betreibt die kts")[-1]["progress"]
    answer, ended = ask("und seit wann?")
    assert answer["kind"] == "answer" and ended["progress"] is None and ended["suggestions"]


def test_the_topic_of_the_search_is_the_narrower_one(ask: Any) -> None:
    message = said(ask, "wir suchen fördermittel", "hessen", "landkreis", "digitalisierung der verwaltung")
    assert "Verwaltung" in message["text"]


def test_an_english_name_is_answered_in_english(ask: Any) -> None:
    assert said(ask, "digital europe programme budget")["lang"] == "en"
    assert said(ask, "who are the founders of the EDIC", "is germany in")["lang"] == "en"


@pytest.mark.parametrize(
    ("turns", "named"),
    [
        (("what is the digital europe programme", "which areas does it fund"), "Digital Europe Programme"),
        (("heimat 2.0", "wie viele projekte", "und in der 2. phase"), "Heimat 2.0"),
        (("wie hoch ist die förderquote bei mpsc", "und bei efre nrw?"), "EFRE/JTF-Programm NRW"),
    ],
)
def test_what_the_subject_does_not_tell_is_declined(ask: Any, turns: tuple[str, ...], named: str) -> None:
    message = said(ask, *turns)
    assert message["kind"] == "abstention" and named in message["text"], message["text"]


def test_a_name_with_words_of_both_languages_is_no_english(ask: Any) -> None:
    assert said(ask, "efre nrw smart city")["lang"] == "de"


def test_a_language_that_only_describes_is_no_wish_for_it(ask: Any) -> None:
    assert said(ask, "what is the digital europe programme", "is there a german contact point")["lang"] == "en"
    assert said(ask, "what is the digital europe programme", "in german please")["lang"] == "de"


def test_what_is_no_yes_or_no_is_a_question(ask: Any) -> None:
    assert said(ask, "urbact", "wie viele partner braucht man", "aus wie vielen ländern")["kind"] == "answer"
    assert "Abschnitt" in said(ask, "urbact", "sicher?")["text"]


def test_who_takes_note_agrees_to_nothing(ask: Any) -> None:
    [answer] = ask("was ist fiware")
    assert answer["suggestions"]
    assert said(ask, "ok")["kind"] == "text"


@pytest.mark.parametrize(
    ("turns", "words"),
    [
        (("mpsc", "wie hoch ist die quote normal"), "65 Prozent"),
        (("opencode", "gibt es auch was aus münster drauf"), "Dashboard"),
        (("kommunal digital", "gibts das noch", "ok dann twinby", "wann ging das los"), "TwinBy"),
        (("urbact", "danke, und die kosten je netzwerk"), "850.000"),
        (("zeig mir alle eu programme", "wie viele davon laufen noch"), "„läuft“"),
        (("zeig mir alle eu programme", "vergleiche das erste und das zweite"), "CIVITAS und EFRE"),
        (("vergleiche heimat 2.0 und smarte land regionen", "und die summen", "welches läuft noch"), "nur Stand"),
        (("smart city charta", "gibt es was zu datenstrategien"), "ISBN"),
        (("5g innovationsprogramm", "wer wickelt das ab"), "VDI/VDE-IT"),
        (("was macht stadt land digital",), "Initiative Stadt.Land.Digital"),
        (("mpsc", "wo beantrage ich das?"), "Niederlassung Berlin"),
        (("programme der eu", "wer ist beim ersten zuständig?"), "CIVITAS MUSE"),
        (("wie viel geld gibt es bei mpsc", "und bei programm digitales europa?"), "7,6 Milliarden"),
        (("hallo", "ok zurück zum thema, was ist twinby"), "TwinBy"),
        (("smart city index", "und mpsc?"), "73 Modellprojekte"),
        (("wie viele programme kennst du", "und davon in bayern", "welche laufen noch"), "„läuft“"),
        (("vku workshop", "gabs noch einen in osnabrück", "wie viele waren da"), "knapp 40"),
        (("workshop in osnabrück", "worum gings", "und der in memmingen", "wann"), "September 2020"),
        (("mpsc", "zinssatz?", "was ist mit der KTS"), "Koordinierungsstelle"),
        (("welche städte hat mpsc in der ersten staffel ausgewählt", "nur die großstädte"), "Solingen"),
    ],
)
def test_what_looks_like_something_else_is_asked_of_the_subject(ask: Any, turns: tuple[str, ...], words: str) -> None:
    message = said(ask, *turns)
    assert message["kind"] == "answer" and words in message["text"], message["text"]
