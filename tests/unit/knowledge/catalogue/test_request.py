"""What a question wants of the catalogue, and what it does not."""

import pytest

from knowledge.catalogue.criteria import FUNDING, PROGRAMMES, Going
from knowledge.catalogue.request import Request, Wanted, likely_request, read_request, varied
from knowledge.factsheet import Attribute, EventKind, Level, Municipality, SheetKind
from knowledge.recognition.names import Names
from knowledge.sheet_files import load_fact_sheets


@pytest.fixture(scope="module")
def names() -> Names:
    return Names(load_fact_sheets())


@pytest.mark.parametrize(
    ("question", "wanted", "limits"),
    [
        ("Welche Programme gibt es in NRW für Wasser?", Wanted.LIST, {"laender": ("NW",), "topics": ("water",)}),
        ("welche programme gibt es in nrw", Wanted.LIST, {"laender": ("NW",)}),
        ("foerderprogramme nrw wasser", Wanted.LIST, {"laender": ("NW",), "topics": ("water",)}),
        ("für wasser in bremen programme?", Wanted.LIST, {"laender": ("HB",), "topics": ("water",)}),
        ("gibts förderung für radwege in bayrn", Wanted.LIST, {"topics": ("mobility",)}),
        ("was gibt es bei uns in sachsen an förderung", Wanted.LIST, {"laender": ("SN",)}),
        ("Programme in RLP", Wanted.LIST, {"laender": ("RP",)}),
        ("Förderungen in BW", Wanted.LIST, {"laender": ("BW",)}),
        ("which programmes for rural areas are still open?", Wanted.LIST, {"topics": ("rural",), "going": Going.OPEN}),
        ("welche förderprogramme laufen noch", Wanted.LIST, {"going": Going.RUNNING}),
        ("zeig mir alle Bundesprogramme", Wanted.LIST, {"levels": frozenset({Level.BUND})}),
        ("List all EU programmes", Wanted.LIST, {"levels": frozenset({Level.EU})}),
        ("wer fördert breitband", Wanted.LIST, {"topics": ("broadband",)}),
        ("Programme für Landkreise", Wanted.LIST, {"municipality": Municipality.COUNTY}),
        ("programmes for towns with 5,000 inhabitants", Wanted.LIST, {}),
        ("Förderprogramme für Kommunen mit 5.000 Einwohnern", Wanted.LIST, {"municipality": Municipality.SMALL_TOWN}),
        ("Programme für Hundeparks", Wanted.LIST, {"others": ("hundeparks",)}),
        ("wie viele Programme hat Hessen?", Wanted.COUNT, {"laender": ("HE",)}),
        ("wieviele programme gibts in hessen", Wanted.COUNT, {"laender": ("HE",)}),
        ("how many funding programmes are there in Bavaria", Wanted.COUNT, {"laender": ("BY",)}),
        ("welche Workshops gab es 2020?", Wanted.EVENTS, {"since": "2020", "until": "2020"}),
        ("Veranstaltungen im September 2020", Wanted.EVENTS, {"since": "2020-09", "until": "2020-09"}),
        ("workshops zwischen 2019 und 2021", Wanted.EVENTS, {"since": "2019", "until": "2021"}),
        ("Workshops nach 2020", Wanted.EVENTS, {"since": "2021"}),
        ("Welche Workshops gab es zu Wasser?", Wanted.EVENTS, {"topics": ("water",)}),
        ("workshops in köln", Wanted.EVENTS, {"places": ("köln",)}),
        ("Workshops vom VKU", Wanted.EVENTS, {"hosts": ("vku",)}),
        ("Which workshops did Stadt.Land.Digital hold?", Wanted.EVENTS, {"hosts": ("stadt-land-digital",)}),
        ("wie viele workshops gab es", Wanted.EVENT_COUNT, {}),
        ("Welche Förderung passt zu uns?", Wanted.GUIDANCE, {}),
        ("which funding suits our small town?", Wanted.GUIDANCE, {"municipality": Municipality.SMALL_TOWN}),
        ("was passt zu einem landkreis in hessen", Wanted.GUIDANCE, {"laender": ("HE",)}),
        ("Wir suchen Fördermittel", Wanted.GUIDANCE, {}),
    ],
)
def test_lists_counts_events_and_guidance_are_read(
    names: Names, question: str, wanted: Wanted, limits: dict[str, object]
) -> None:
    request = read_request(question, names)
    assert request is not None and request.wanted is wanted
    for name, value in limits.items():
        assert getattr(request.criteria, name) == value, name


@pytest.mark.parametrize(
    ("question", "programmes", "asked"),
    [
        ("Vergleiche MPSC und Smarte Kommunen Hessen", ("mpsc", "starke-heimat-hessen"), []),
        ("Unterschied zwischen KTS und Stufenplan", ("kts", "stufenplan"), []),
        ("was ist der unterschied zwischen urbact und interreg", ("urbact", "interreg-b"), []),
        ("compare mfund, mpsc and heimat 2.0", ("mfund", "mpsc", "heimat-2-0"), []),
        ("MPSC vs. mFUND", ("mpsc", "mfund"), []),
        (
            "MPSC oder Starke Heimat Hessen: wo ist die Förderquote höher?",
            ("mpsc", "starke-heimat-hessen"),
            [Attribute.FUNDING_RATE],
        ),
        ("vergleich die beiden", ("urbact", "kts"), []),
        ("wo ist die förderquote höher?", ("urbact", "kts"), [Attribute.FUNDING_RATE]),
        ("und der unterschied zwischen dem und URBACT?", ("mfund", "urbact"), []),
    ],
)
def test_comparisons_take_named_shown_and_remembered_programmes(
    names: Names, question: str, programmes: tuple[str, ...], asked: list[Attribute]
) -> None:
    request = read_request(question, names, subject="mfund", shown=["urbact", "kts"])
    assert request is not None and request.wanted is Wanted.COMPARISON
    assert request.programmes == programmes
    assert [one.attribute for one in request.asked] == asked


@pytest.mark.parametrize(
    "question",
    [
        "welche Städte wurden in Hessen gefördert",
        "welche förderung bekommt ulm",
        "Welche Förderung gibt es bei MPSC?",
        "Wie hoch ist die Förderquote bei MPSC?",
        "Gibt es bei MPSC noch eine Staffel?",
        "Welche Frist haben die Programme in Hessen?",
        "Auf welcher Richtlinie beruhte die Förderung der Digitalen Modellregionen in NRW?",
        "wann war der workshop in köln",
        "wer hat beim workshop gesprochen",
        "worum ging es im workshop osnabrück",
        "wie viele haben beim workshop in köln teilgenommen",
        "Programm Digitales Europa",
        "Was ist der mFUND?",
        "strategiestarterworkshops ab wann gabs die",
        "welche netzwerkarten kennt urbact",
        "Passt das Programm zu uns?",
        "Welche Städte sind beim EU-Programm für klimaneutrale Städte dabei?",
        "which cities take part in the EU programme for climate-neutral cities?",
        "Welche Kommunen machen beim bayerischen Programm mit?",
        "Welche Länder haben das Programm gegründet?",
        "wer fördert den DorfFunk",
        "Wo kann ich einen neuen Reisepass beantragen?",
        "vergleich mal das wetter",
    ],
)
def test_questions_about_one_programme_or_none_are_no_requests(names: Names, question: str) -> None:
    assert read_request(question, names) is None


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("Welche Programme gibt es?", PROGRAMMES),
        ("Welche Förderprogramme gibt es?", FUNDING),
        ("Welche Standards gibt es?", {SheetKind.STANDARD}),
        ("Welche Initiativen kennst du?", {SheetKind.INITIATIVE}),
    ],
)
def test_the_noun_says_what_is_listed(names: Names, question: str, kinds: set[SheetKind]) -> None:
    request = read_request(question, names)
    assert request is not None and request.criteria.kinds == kinds and request.criteria.limits == ()


def test_an_intent_makes_a_request_only_of_what_can_be_listed() -> None:
    request = likely_request("irgendwas an förderung bei uns in hessen vielleicht", Wanted.LIST)
    assert isinstance(request, Request) and request.criteria.laender == ("HE",)
    events = likely_request("der kongress neulich in hessen", Wanted.EVENTS)
    assert events is not None and events.criteria.event_kind is EventKind.CONFERENCE
    assert likely_request("förderquote bei smart village plus 2030", Wanted.LIST) is None


@pytest.mark.parametrize(
    ("said", "wanted", "limits"),
    [
        (["Welche Programme gibt es in NRW?", "und in Bayern?"], Wanted.LIST, {"laender": ("BY",)}),
        (["Welche Programme gibt es in NRW?", "wie viele sind das"], Wanted.COUNT, {"laender": ("NW",)}),
        (
            ["Welche Programme gibt es in NRW?", "und für Wasser?", "und in Bayern?"],
            Wanted.LIST,
            {"laender": ("BY",), "topics": ("water",)},
        ),
        (["which workshops were there in 2019?", "and 2020?"], Wanted.EVENTS, {"since": "2020", "until": "2020"}),
        (["which workshops were there in 2019?", "how many"], Wanted.EVENT_COUNT, {"since": "2019"}),
    ],
)
def test_a_remark_limits_the_last_list(
    names: Names, said: list[str], wanted: Wanted, limits: dict[str, object]
) -> None:
    request = varied(said, names)
    assert request is not None and request.wanted is wanted
    assert {name: getattr(request.criteria, name) for name in limits} == limits


@pytest.mark.parametrize(
    "remark", ["und wann war das?", "das erste", "danke", "wer ist zuständig", "und bei MPSC?", "mehr"]
)
def test_a_remark_that_asks_something_else_makes_no_list(names: Names, remark: str) -> None:
    assert varied(["Welche Programme gibt es in NRW?", remark], names) is None


@pytest.mark.parametrize("question", ["wieviel geld für konzepte", "how much money for concepts"])
def test_a_sum_is_no_number_of_programmes(names: Names, question: str) -> None:
    assert read_request(question, names) is None


def test_whether_one_is_a_programme_asks_for_no_list(names: Names) -> None:
    assert read_request("ist das ein förderprogramm", names) is None
    assert read_request("förderprogramme", names) is not None
