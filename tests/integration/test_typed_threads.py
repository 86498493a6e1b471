"""Threads as staff type them: places in lists, rounds, things and places of a programme, counts; through the API."""

from typing import Any

import pytest

from tests.typed import said


@pytest.mark.parametrize("remark", ["und das 6.?", "das sechste", "was ist das 6.", "what about the sixth one"])
def test_any_place_of_a_list_can_be_picked(ask: Any, remark: str) -> None:
    ask("Welche Programme hat die EU?")
    [named] = ask("zurück zur liste")
    [pressed] = ask(named["suggestions"][5]["payload"])
    ask("zurück zur liste")
    [picked] = ask(remark)
    url = picked["citations"][0]["url"].replace("-en/", "/")
    assert url.split("?")[0] == pressed["citations"][0]["url"].split("?")[0]


def test_a_question_may_end_in_a_place_of_the_list(ask: Any) -> None:
    listed = said(ask, "Welche Förderprogramme gibt es in Hessen?", "nur vom Bund")
    places = [one["title"] for one in listed["items"]]
    answer = said(ask, "und welche frist hat das erste?")
    assert any(places[0] in words for words in (answer["text"], *(one["title"] for one in answer["citations"])))


def test_the_last_question_is_asked_of_another_one_of_the_list(ask: Any) -> None:
    ask("Vergleiche URBACT mit Starke Heimat Hessen")
    ask("was ist das erste")
    ask("wie hoch ist die förderquote")
    [other] = ask("und beim zweiten?")
    assert other["kind"] == "answer" and "Starke Heimat" in other["text"] and "Prozent" in other["text"]


@pytest.mark.parametrize(
    ("turns", "words"),
    [
        # The round that is talked about stays it.
        (("mpsc", "wie viele projekte in der dritten staffel", "motto?", "wie viele haben sich beworben"), "94"),
        (("mpsc", "wie viele projekte waren in der 3. staffel", "und wieviel geld gab es da"), "300 Millionen"),
        # What each of them gets is not what the one talked about gets.
        (("mpsc", "wie viel kriegt ulm", "und pro projekt?"), "15 Millionen Euro"),
        # 'Rund 100' counts no rounds.
        (("mpsc", "wie viele runden waren das"), "drei Staffeln"),
        # The number of what was asked for, in other words for it too.
        (("heimat 2.0", "wieviele regionen"), "17 Regionen"),
        (("smarte land regionen", "wieviele kreise machen da mit"), "sieben Modell-Landkreise"),
        (("opencode", "wie viele projekte sind da drauf"), "900 Projekte"),
        (("mfund", "wie viele projekte gab es bisher"), "über 300 Projekte"),
        # What stands behind the whole, and not behind a part of it.
        (("wer steckt denn hinter den connected urban twins?",), "Hamburg, Leipzig und München"),
        (("din spec 91607", "wer hat die gemacht"), "msg systems"),
        # A part of a programme stays the one asked about.
        (("wie viel geld gab es bei twinby", "wieviele projekte", "und bei kommunal digital?"), "zehn Preisträger"),
        # A short word for a line, and a slip in a name.
        (("mfund", "fl2 wieviel maximal"), "3 Millionen Euro"),
        (("stadt land digtal",), "Stadt.Land.Digital"),
        # What is said of a person named before.
        (("wann war der vku workshop in köln", "wer ist herr geßner", "worüber hat er gesprochen"), "Geßner"),
        (("wann war der vku workshop in köln", "und der vortrag zu lorawan, wer hielt den"), "Halbach"),
        # 'Which one' and 'that too' are on what is talked about.
        (("was ist govdata", "welcher standard?"), "DCAT-AP.de"),
        (("xbau", "wo wurde das veröffentlicht"), "Bundesanzeiger"),
        (("gigabitförderung", "welche adressen werden gefördert"), "Adressen förderfähig"),
        (("future communities", "wie viel gab es 2018", "und 2019?"), "29 Projekte"),
        (("connected urban twins", "wieviel hat der bund gezahlt", "und insgesamt"), "32,4 Millionen"),
        (("kts", "sorry, welche formate gibt es da"), "Arbeitsgruppen"),
        (("kts", "wer gehört dazu"), "Fraunhofer"),
        # The year of the question before binds none that asks something else.
        (("kts", "wer hatte 2023 die leitung", "bis wann läuft die"), "Laufzeit"),
        (("fiware", "gibt es was zu straßenlaternen"), "DIN SPEC"),
        (("opencode", "muss ich das bei mpsc nutzen"), "openCoDE"),
        (("vku", "was hat der mit stadt land digital zu tun"), "Partner"),
        (("lorawan", "kostet das lizenzgebühren"), "ohne Lizenzgebühren"),
        (("smarte land regionen", "gibt es das programm noch"), "Zum heutigen Stand"),
    ],
)
def test_the_thread_is_kept(ask: Any, turns: tuple[str, ...], words: str) -> None:
    message = said(ask, *turns)
    assert message["kind"] == "answer" and words in message["text"], message["text"]


@pytest.mark.parametrize(
    "turns",
    [
        # The deadline of another part, and of something else.
        ("wie viel geld gab es bei twinby", "wann war bewerbungsschluss"),
        # Nothing was asked of which there could be so many.
        ("urbact", "wie viele gibt es"),
        # Who signed first is not who may take part.
        ("Who can join the Living-in.EU declaration?",),
        ("smart city index wer ist vorn", "wer macht den index"),
        ("interreg b", "gibt es das auch für kleine gemeinden"),
        # The guests of another event, where a slip hides the one asked about.
        ("stadt land digital", "wieviel leute waren in osnabrük"),
        ("fiware", "wer steckt dahinter"),
    ],
)
def test_what_is_told_of_something_else_is_no_answer(ask: Any, turns: tuple[str, ...]) -> None:
    assert said(ask, *turns)["kind"] == "abstention"


def test_the_difference_to_something_is_the_one_to_what_is_talked_about(ask: Any) -> None:
    message = said(ask, "interreg b", "was ist der unterschied zu urbact")
    assert len(message["table"]["header"]) == 2


def test_which_has_more_compares_the_last_two(ask: Any) -> None:
    message = said(ask, "budget von urbact", "was ist interreg b", "welches hat mehr budget")
    assert len(message["table"]["header"]) == 2 and len(message["table"]["rows"]) == 1


def test_which_is_newer_compares_dates(ask: Any) -> None:
    message = said(ask, "vergleiche digitale modellregionen nrw mit smart cities smart regions", "welches ist neuer")
    assert [row["head"] for row in message["table"]["rows"]] == ["Termine"]


def test_what_we_get_there_is_asked_of_what_is_talked_about(ask: Any) -> None:
    assert said(ask, "kts", "bekommen wir da beratung auch ohne förderung")["progress"] is None


def test_the_search_goes_on_in_the_language_of_the_question_in_between(ask: Any) -> None:
    ask("Was passt zu uns?")
    answer, step = ask("what is the deadline of URBACT?")
    assert (answer["lang"], step["lang"]) == ("en", "en") and "Suche" not in step["text"]


def test_a_wish_for_a_language_is_heard_in_the_search(ask: Any) -> None:
    ask("Was passt zu uns?")
    wished, step = ask("in english please")
    assert "English" in wished["text"] and step["lang"] == "en"


def test_small_words_limit_a_comparison_too(ask: Any) -> None:
    message = said(ask, "vergleiche kts mit stadt.land.digital", "und seit wann")
    assert [row["head"] for row in message["table"]["rows"]] == ["Termine"]


def test_how_both_stand_is_told_in_a_comparison(ask: Any) -> None:
    message = said(ask, "vergleiche interreg b mit urbact", "läuft das noch?")
    told = [row["cells"][0]["text"] for row in message["table"]["rows"]]
    assert any("2021" in words for words in told)


def test_what_is_asked_after_a_list_is_asked_back_in_more_words_too(ask: Any) -> None:
    message = said(ask, "welche programme laufen in hessen", "bis wann müssen wir den verwendungsnachweis schicken")
    assert message["kind"] == "choice" and len(message["suggestions"]) > 1


def test_that_an_answer_was_imprecise_is_a_reason(ask: Any) -> None:
    message = said(ask, "was ist mpsc", "schlechte antwort", "viel zu ungenau")
    assert message["kind"] == "text"


def test_whether_something_is_still_there_is_no_wish_for_more(ask: Any) -> None:
    message = said(ask, "was ist heimat 2.0", "gibts das noch")
    assert "Zum heutigen Stand" in message["text"]
