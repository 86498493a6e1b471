"""Conversations as staff types them: the thread is kept, what is not told is declined; through the API."""

from typing import Any

import pytest

from tests.typed import said


@pytest.mark.parametrize(
    ("turns", "words"),
    [
        # A name that stands for the programme does not narrow what is asked of it.
        (("KfW 436", "antragsfrist"), "14. März 2021"),
        (("KfW 436", "wer ist ansprechpartner"), "info@smart-cities-made-in.de"),
        (("KfW 436", "wieviele projekte laufen da"), "73"),
        (("KfW 436", "kann ich da jetzt noch was beantragen"), "abgelaufen"),
        # A kind of municipality alone asks who may apply.
        (("mpsc", "auch landkreise?"), "Antragsberechtigt"),
        (("What is MPSC?", "counties too?"), "Eligible for"),
        # What was asked before is no part of another question.
        (("wieviel kohle gibts eigentlich bei mpsc", "und bis wann?"), "14. März 2021"),
        # Whose money it is stands in the profile.
        (("gigabitförderung wie hoch", "wer ist denn zuständig"), "Fördergeber: Bund"),
        (("was ist connected urban twins", "Wer ist der Fördergeber"), "Fördergeber: Bund sowie Hamburg"),
        (("din spec 91357 was ist das", "wer hat die gemacht"), "Fraunhofer FOKUS"),
        (("was ist dcat-ap.de", "für wen verpflichtend"), "nimmt GovData nur noch"),
        (("was ist dcat-ap.de", "seit wann gilt das"), "21. November 2016"),
        # Words before and after the question.
        (("na gut. was ist die KTS", "und wer macht das"), "DLR"),
        (("ich hab eine frage zu urbact", "wieviel je netzwerk"), "850.000"),
        (("mpsc", "danke, und bis wan"), "Zu: Modellprojekte"),
        # The one event that was listed is the subject.
        (("gabs mal nen workshop in osnabrück", "worum gings", "wer war da"), "knapp 40"),
        (("gabs mal nen workshop in osnabrück", "wer hat das veranstaltet"), "VKU"),
        (("wann ist der nächste mpsc kongress",), "8. MPSC-Kongress"),
        (("was bekommt man bei heimat 2.0 und wer bezahlts",), "Fördergeber: BMWSB"),
        (("was bekommt man bei heimat 2.0 und wer bezahlts", "und läuft das noch?"), "Zu: Heimat 2.0"),
        # What is asked again is told again.
        (("mpsc", "was ist das nochmal genau"), "Förderprogramm"),
        # Who pays, whom it is for and what must be used is told of the subject.
        (("was ist mpsc", "wer zahlt das"), "Fördergeber: Bundesministerium"),
        (("was ist connected urban twins", "wer hat das bezahlt"), "Fördergeber: Bund"),
        (("was ist die KTS", "auch Landkreise?"), "auch für nicht geförderte Kommunen"),
        (("müssen wir dcat-ap.de nutzen",), "nur noch Metadaten nach DCAT-AP.de"),
        (("smarte land regionen", "wieviel geld bekommt jeder"), "eine Million Euro"),
        # What came of it.
        (("was hat der workshop in köln ergeben",), "Energie, Wasser und Abfall"),
        (("smart cities smart regions", "was kam da raus"), "IDEK"),
        # A part of a programme stays the subject.
        (("was ist kommunal digital", "wieviel geld gab es da"), "fünf Millionen Euro"),
        (("was ist mpsc", "ist das bei heimat 2.0 auch so"), "Heimat 2.0"),
        # The document that explains a word does so.
        (("mpsc", "was heißt kosit"), "Koordinierungsstelle für IT-Standards"),
        # 'Zweite Staffel' picks none of the buttons.
        (("mpsc", "wieviele projekte gibt es", "die zweite staffel?"), "32"),
    ],
)
def test_it_is_the_answer(ask: Any, turns: tuple[str, ...], words: str) -> None:
    message = said(ask, *turns)
    assert message["kind"] == "answer" and words in message["text"], message["text"]


@pytest.mark.parametrize(
    "turns",
    [
        ("was ist dcat-ap.de", "wann haben die auf"),
        ("was ist die KTS", "wann haben die auf"),
        ("What is the KTS?", "when do they open?"),
        ("digitalpakt schule", "wer darf das beantragen"),
        ("mpsc", "wer hat da mitgemacht in hessen"),
        ("was ist open data", "wer macht das"),
        ("Hallo, was ist FIWARE?", "kostet das was"),
    ],
)
def test_what_is_not_told_of_the_subject_is_declined_with_topics(ask: Any, turns: tuple[str, ...]) -> None:
    message = said(ask, *turns)
    assert message["kind"] == "abstention" and message["suggestions"], message["text"]


def test_an_attribute_after_a_comparison_is_compared_and_another_programme_joins(ask: Any) -> None:
    ask("vergleiche mpsc mit smarte kommunen hessen")
    [deadlines] = ask("und die fristen?")
    assert len(deadlines["table"]["header"]) == 2 and len(deadlines["table"]["rows"]) == 1
    [three] = ask("nimm noch heimat 2.0 dazu")
    assert len(three["table"]["header"]) == 3 and len(three["table"]["rows"]) == 1


def test_which_pays_more_compares_rates_and_sums(ask: Any) -> None:
    message = said(ask, "vergleiche mpsc mit smarte kommunen hessen", "wer fördert mehr")
    assert [row["head"] for row in message["table"]["rows"]] == ["Förderquote", "Fördersumme"]


def test_an_attribute_after_a_list_is_asked_back_among_what_was_listed(ask: Any) -> None:
    [listed] = ask("was gibts vom bund an förderung")
    [back] = ask("förderquote")
    assert back["kind"] == "choice" and len(back["suggestions"]) > 1
    titles = " ".join(item["title"] for item in listed["items"])
    assert all(suggestion["title"] in titles for suggestion in back["suggestions"])


def test_a_list_is_come_back_to_after_one_of_it(ask: Any) -> None:
    [listed] = ask("Welche Förderprogramme gibt es in Bayern?")
    ask("das zweite")
    [again] = ask("zurück zur liste")
    assert again["kind"] == "choice" and len(again["suggestions"]) == len(listed["items"])
    [first] = ask(again["suggestions"][0]["payload"])
    assert first["kind"] == "answer"


@pytest.mark.parametrize(
    ("question", "limit"),
    [
        ("was gibts in nrw denn sonst so", "Nordrhein-Westfalen"),
        ("is there anything for villages in Bavaria?", "Bavaria"),
    ],
)
def test_what_there_is_in_a_land_is_a_list(ask: Any, question: str, limit: str) -> None:
    [listed] = ask(question)
    assert listed["items"] and limit in listed["lead"]


@pytest.mark.parametrize(
    ("question", "remark"),
    [
        ("gibts geld für klimaschutz in kommunen", "nur niedersachsen"),
        ("Which programmes are there for rural areas?", "only federal ones"),
    ],
)
def test_a_list_is_limited_by_a_remark(ask: Any, question: str, remark: str) -> None:
    [listed], [limited] = ask(question), ask(remark)
    assert limited["lead"] and limited["lead"] != listed["lead"] and limited["lang"] == listed["lang"]


@pytest.mark.parametrize("words", ["ne lass mal, abbrechen", "och nö, lass mal", "sorry, forget it"])
def test_the_search_is_left_with_any_words_for_it(ask: Any, words: str) -> None:
    ask("Welche Förderung passt zu uns?")
    [left] = ask(words)
    assert left["kind"] == "text" and left["progress"] is None


@pytest.mark.parametrize("words", ["hilf mir was passendes zu finden", "neue suche"])
def test_the_search_begins_with_other_words_too(ask: Any, words: str) -> None:
    [step] = ask(words)
    assert step["progress"]["step"] == 1


def test_who_says_what_they_are_is_asked_only_the_rest(ask: Any) -> None:
    [step] = ask("wir sind ein landkreis in brandenburg, was passt zu uns")
    assert step["progress"]["step"] == 3


def test_yes_after_a_button_that_saves_is_no_question(ask: Any) -> None:
    ask("ich möchte mit jemandem sprechen")
    ask("als Datei")
    assert said(ask, "ja")["kind"] == "text"


def test_a_name_alone_does_not_change_the_language(ask: Any) -> None:
    assert said(ask, "Guten Tag", "Smart City Charta")["lang"] == "de"
    assert said(ask, "in english please", "Smart City Charta")["lang"] == "en"


@pytest.mark.parametrize(
    ("turns", "words"),
    [
        (("was ist mpsc", "was heißt kofinanzierung"), "mehrere bezahlen"),
        (("what is mpsc?", "what does co-funding mean"), "several pay"),
        (("zurück",), "keine Suche"),
    ],
)
def test_a_word_and_a_move_out_of_place_get_a_word_of_the_bots_own(
    ask: Any, turns: tuple[str, ...], words: str
) -> None:
    message = said(ask, *turns)
    assert message["kind"] == "text" and words in message["text"] and not message["citations"]


@pytest.mark.parametrize(
    "turns",
    [
        ("was ist der vku", "was heißt landesgruppe"),
        ("was ist mpsc", "was ist der unterschied zwischen landkreis und verbund?"),
        ("smart city index wer ist vorn", "und 1999?"),
    ],
)
def test_what_merely_lies_near_is_no_answer(ask: Any, turns: tuple[str, ...]) -> None:
    assert said(ask, *turns)["kind"] == "abstention"


def test_a_question_beside_a_list_is_answered_too(ask: Any) -> None:
    message = said(ask, "welche programme gibt es in hessen und wie hoch ist da die förderquote?")
    assert len(message["items"]) == 1 and "80 Prozent" in message["lead"]
    cited = [citation["quote"] for citation in message["citations"]]
    assert any("80 Prozent" in quote for quote in cited)


def test_another_subject_that_nobody_named_is_named(ask: Any) -> None:
    message = said(ask, "was ist xöv", "wer führte das präsidium in seddin beim vernetzungstreffen")
    assert message["kind"] == "abstention" or message["text"].startswith("Zu: ")


@pytest.mark.parametrize(
    "words",
    [
        "das ist mir zu kompliziert hier, dann will ich lieber mit jemandem sprechen",
        "hilft mir alles nicht, ich will mit einem menschen reden",
        "you don't know it? then let me speak with somebody",
    ],
)
def test_the_wish_for_a_person_is_heard_in_a_longer_sentence(ask: Any, words: str) -> None:
    plain = "I would like to talk to a person" if words.startswith("you") else "Ich möchte mit jemandem sprechen"
    wished, usual = said(ask, words), said(ask, plain)
    assert wished["suggestions"] == usual["suggestions"] or wished["text"] == usual["text"]


@pytest.mark.parametrize(
    ("turns", "words"),
    [
        (("future communities: wieviele projekte wurden 2017 gefördert", "und 2018?"), "45 Projekte"),
        (("wie viele haben sich in der 2. staffel von mpsc beworben", "und in der dritten?"), "94 Bewerbungen"),
        (("förderquote starke heimat hessen", "wieviel projekte wurden gefördert"), "125"),
        (("förderquote urbact", "was ist mpsc", "zurück zu urbact"), "URBACT IV – Förderprogramm"),
        (("förderquote starke heimat hessen", "was ist mpsc", "zurück zu hessen, wann war die frist"), "November 2025"),
        (("wie viele workshops gab es 2020", "das erste", "und der in memmingen?", "wann war der"), "September 2020"),
        (("smart city charta - wann kam die raus", "von wem"), "BBSR"),
        (("was ist die smart city charta", "wie erreiche ich die dialogplattform"), "@bbr.bund.de"),
        (("was ist connected urban twins", "wie viele leute haben da gearbeitet", "wie lange ging das"), "Laufzeit"),
        (("was ist connected urban twins", "wieviel hat das gekostet"), "Millionen Euro"),
        (("how many cities got the eu mission label", "und das colab?"), "Mannheim"),
        (("was ist der stufenplan smarte städte und regionen", "wieviele bundesländer waren beteiligt"), "fünf Länder"),
        (("mpsc - wieviel staffeln gabs da",), "drei Staffeln"),
    ],
)
def test_what_is_asked_in_few_words_keeps_to_the_subject(ask: Any, turns: tuple[str, ...], words: str) -> None:
    message = said(ask, *turns)
    assert message["kind"] == "answer" and words in message["text"]


@pytest.mark.parametrize(
    "turns",
    [
        ("wer darf den digitalpakt beantragen",),
        ("smart city index wieviele städte werden da verglichen", "wer macht den"),
        ("what is the fair use rule of lorawan", "until when?"),
        ("wie viele workshops gab es 2020", "das erste", "wer hat da geredet"),
    ],
)
def test_what_tells_something_else_of_the_subject_is_no_answer(ask: Any, turns: tuple[str, ...]) -> None:
    assert said(ask, *turns)["kind"] == "abstention"


@pytest.mark.parametrize(
    ("turns", "words"),
    [
        (("was ist heimat 2.0", "läuft das noch?"), "Zum heutigen Stand liegt keine geprüfte Angabe vor."),
        (("what is fiware", "is it still running?"), "There is no verified information on the current status."),
    ],
)
def test_that_nothing_is_known_of_how_it_stands_is_said_first(ask: Any, turns: tuple[str, ...], words: str) -> None:
    message = said(ask, *turns)
    assert words in message["text"] and message["text"].index(words) < message["text"].index(" – ")


def test_how_it_stands_is_not_spoken_of_where_nobody_asks(ask: Any) -> None:
    assert "keine geprüfte Angabe" not in said(ask, "was ist heimat 2.0")["text"]


def test_the_same_is_looked_for_in_another_land(ask: Any) -> None:
    message = said(ask, "förderquote starke heimat hessen", "gibt es das auch in thüringen")
    assert message["items"] and "Thüringen" in message["lead"]


def test_those_that_were_counted_are_listed(ask: Any) -> None:
    counted, listed = said(ask, "wie viele workshops gab es 2020"), said(ask, "welche sind das")
    assert [item["title"] for item in listed["items"]] == [item["title"] for item in counted["items"]]


def test_a_list_is_given_where_nothing_is_known_of_what_is_asked_beside_it(ask: Any) -> None:
    message = said(ask, "Which German state programme helps small towns with LoRaWAN and how much does it pay")
    assert message["items"] and "don't know" not in message["lead"]


def test_which_of_those_listed_is_meant_is_asked_back(ask: Any) -> None:
    message = said(ask, "welche landesprogramme gibt es", "bis wann?")
    assert message["kind"] == "choice" and len(message["suggestions"]) > 1


@pytest.mark.parametrize("words", ["wer darf sich bewerben", "sind wir verpflichtet die zu nutzen"])
def test_who_asks_for_conditions_asks_for_no_advice(ask: Any, words: str) -> None:
    message = said(ask, "was ist mpsc", words)
    assert "Rechtlichen Rat" not in message["text"]
