"""Lists, counts, comparisons, events and recommendations over the starter library."""

from datetime import date

import pytest

from knowledge.answering.answers import Answer, Answerer, Context
from knowledge.catalogue.recommending import Profile
from knowledge.encoding.embedding import Embedder
from knowledge.factsheet import Municipality, Purpose
from knowledge.messages import Cell, Kind, Message
from knowledge.releases.release import PASSAGES, Release
from knowledge.releases.store import PassageStore
from knowledge.settings import Settings
from tests.quotes import assert_quoted

LISTS = [
    "Welche Programme gibt es?",
    "Welche Programme gibt es in NRW für Wasser?",
    "Welche Förderprogramme gibt es in Bayern für Mobilität?",
    "which programmes for rural areas are still open?",
    "wie viele Programme hat Hessen?",
    "how many EU programmes are there?",
    "Für Wasser in Bremen Förderprogramme?",
    "welche Workshops gab es 2020?",
    "workshops in münchen",
    "Vergleiche MPSC und Smarte Kommunen Hessen",
    "Unterschied zwischen KTS und Stufenplan",
    "compare mfund, mpsc and heimat 2.0",
]


@pytest.fixture(scope="module")
def answerer(release: Release, embedder: Embedder) -> Answerer:
    return Answerer.open(Settings(), release=release, embedder=embedder)


def ask(answerer: Answerer, question: str, context: Context | None = None) -> Answer:
    return answerer.answer(question, context or Context())


def parts(message: Message) -> list[tuple[str, list[int]]]:
    """Everything a list or table says with the numbers of its sources."""
    details = [detail for item in message.items for detail in item.details]
    return [(cell.text, cell.citations) for cell in [*details, *cells(message)]]


def cells(message: Message) -> list[Cell]:
    """The cells of a message's table."""
    return [cell for row in (message.table.rows if message.table else []) for cell in row.cells]


@pytest.mark.parametrize("question", LISTS)
def test_every_entry_has_a_source_that_stands_on_its_page(answerer: Answerer, release: Release, question: str) -> None:
    message = ask(answerer, question).message
    store = PassageStore(release.path / PASSAGES)
    assert message.kind is Kind.ANSWER and (message.items or message.table)
    assert message.lead is not None and message.text.startswith(message.lead)
    for citation in message.citations:
        assert_quoted(citation, store)
    assert {number for _, numbers in parts(message) for number in numbers} == set(range(1, len(message.citations) + 1))
    for item in message.items:
        assert item.details[0].citations
    if message.table is not None:
        assert all(cell.citations or "bekannt" in cell.text or "known" in cell.text for cell in cells(message))


@pytest.mark.parametrize("question", LISTS)
def test_every_offered_question_is_answered(answerer: Answerer, question: str) -> None:
    answer = ask(answerer, question)
    for suggestion in answer.message.suggestions:
        assert ask(answerer, suggestion.payload, answer.context).message.kind is Kind.ANSWER, suggestion


def test_a_list_leaves_what_it_showed_in_its_order(answerer: Answerer) -> None:
    answer = ask(answerer, "Förderprogramme für Breitband")
    assert answer.context.shown == ["gigabitfoerderung", "5g-innovationsprogramm"]
    compared = ask(answerer, "vergleich die beiden", answer.context).message
    assert compared.table is not None and compared.table.header == ["Gigabitförderung 2.0", "5G-Innovationsprogramm"]


def test_nothing_for_a_topic_in_a_land_is_said_with_what_comes_nearest(answerer: Answerer) -> None:
    message = ask(answerer, "Welche Programme gibt es in Bremen für Wasser?").message
    assert message.text.startswith("Allein für Bremen kenne ich kein Programm zu Wasser.")
    assert [item.title for item in message.items] == ["Initiative Stadt.Land.Digital"]


def test_a_topic_that_nothing_knows_gets_no_list(answerer: Answerer) -> None:
    message = ask(answerer, "Programme für Hundeparks").message
    assert (message.kind, message.items, message.citations) == (Kind.ABSTENTION, [], [])


def test_a_count_says_how_many_a_sheet_describes(answerer: Answerer) -> None:
    assert "4 Förderprogramme in Bayern, beschrieben auf 2 Faktenblättern" in (
        ask(answerer, "wie viele Förderprogramme hat Bayern?").message.text
    )


def test_a_comparison_limited_to_an_attribute_tells_all_its_facts(answerer: Answerer) -> None:
    message = ask(answerer, "MPSC oder Starke Heimat Hessen: wo ist die Förderquote höher?").message
    assert message.table is not None and [row.head for row in message.table.rows] == ["Förderquote"]
    first, second = message.table.rows[0].cells
    assert "65 Prozent" in first.text and "80 Prozent" in second.text and len(second.citations) == 3


def test_contradicting_values_are_shown_as_a_conflict(answerer: Answerer) -> None:
    message = ask(answerer, "Vergleiche die Fristen von MPSC und Heimat 2.0").message
    assert "unterschiedliche Angaben" in message.text and "20. April 2020" in message.text


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Workshops vom VKU", "Smart City Workshop der VKU-Landesgruppe NRW (Regionenworkshop Köln)"),
        ("workshops in köln", "Smart City Workshop der VKU-Landesgruppe NRW (Regionenworkshop Köln)"),
        ("Workshops in Niedersachsen", "Regionenworkshop Osnabrück"),
        ("welche Workshops gab es zu Tourismus?", "Regionenworkshop Memmingen"),
        ("Workshops nach 2020", "Strategiestarterworkshop Bad Schönborn"),
        ("Kongresse 2024", "5. MPSC-Kongress"),
    ],
)
def test_events_are_chosen_by_host_place_topic_and_time(answerer: Answerer, question: str, first: str) -> None:
    assert ask(answerer, question).message.items[0].title == first


def test_recommendations_come_with_reasons_and_what_has_passed_last(answerer: Answerer) -> None:
    wanted = Profile("HE", Municipality.SMALL_TOWN, "mobility", Purpose.PROJECT)
    message = answerer.catalogue.recommended(wanted, "de").message
    past = [item.is_past for item in message.items]
    assert past == sorted(past) and past[0] is False
    deadlines = [detail.text for item in message.items if item.is_past for detail in item.details[-1:]]
    assert all("abgelaufen" in text or "beendet" in message.text for text in deadlines)
    hesse = next(item for item in message.items if item.title.startswith("Starke Heimat Hessen"))
    assert [detail.text for detail in hesse.details[1:]] == [
        "Thema: Digitalisierung allgemein",
        "offen für Kleinstädte und Gemeinden",
        "wofür: Vorhaben umsetzen",
        "Letzte bekannte Frist: 7. November 2025 (abgelaufen)",
    ]
    assert date(2025, 11, 7) < date.today()


def test_what_a_sheet_rules_out_is_not_recommended(answerer: Answerer) -> None:
    town = answerer.catalogue.recommended(Profile(municipality=Municipality.SMALL_TOWN), "de")
    county = answerer.catalogue.recommended(Profile("SN", Municipality.COUNTY), "de")
    assert "smarte-land-regionen" not in town.programmes and "smarte-land-regionen" in county.programmes
    assert "heimat-2-0" not in county.programmes and "starke-heimat-hessen" not in county.programmes
