"""Limits on where an answer may come from, given as parameters or said in a question."""

import pytest

from knowledge.document import Document
from knowledge.errors import StadtlotseError
from knowledge.filters import Filter, filter_of, wish_of
from knowledge.indexing.passages import sheet_document
from knowledge.recognition.genres import Genre
from knowledge.recognition.names import Names
from knowledge.recognition.titles import Titles
from knowledge.sheet_files import load_fact_sheets
from tests.unit.knowledge.samples import document, passage, sheet

NAMES = Names([sheet("mpsc", "Modellprojekte Smart Cities", "MPSC"), sheet("kts", "Koordinierungsstelle", "KTS")])
GUIDELINE = document(
    id="richtlinie",
    title="Richtlinie Smarte Kommune",
    path="foerderung/hessen/richtlinie-2023.pdf",
    genre="guideline",
    laender=["HE"],
    year=2023,
    programmes=["mpsc"],
)
OVERVIEW = document(id="ueberblick", title="Länderprogramme", path="ueberblick.md", genre="overview", year=2021)
PLAIN = document(id="notiz", title="Notiz", path="notiz.txt")
LIBRARY = [GUIDELINE, OVERVIEW, PLAIN]


def found(limit: Filter) -> list[str]:
    return [one.id for one in LIBRARY if limit.matches(one, passage("Text", document_id=one.id))]


@pytest.mark.parametrize(
    ("limit", "ids"),
    [
        (filter_of(), ["richtlinie", "ueberblick", "notiz"]),
        (filter_of(kinds=["Richtlinien"]), ["richtlinie"]),
        (filter_of(kinds=["Richtlinie", "overview"]), ["richtlinie", "ueberblick"]),
        (filter_of(laender=["Hessen"]), ["richtlinie"]),
        (filter_of(laender=["BY"]), []),
        (filter_of(programmes=["mpsc"], names=NAMES), ["richtlinie"]),
        (filter_of(programmes=["Koordinierungsstelle"], names=NAMES), []),
        (filter_of(years=["2023"]), ["richtlinie"]),
        (filter_of(years=["2020-2022"]), ["ueberblick"]),
        (filter_of(years=["2021", "2023"]), ["richtlinie", "ueberblick"]),
        (filter_of(documents=["richtlinie-2023.pdf"]), ["richtlinie"]),
        (filter_of(documents=["Richtlinie Smarte Kommune", "notiz"]), ["richtlinie", "notiz"]),
        (filter_of(documents=["foerderung"]), ["richtlinie"]),
        (filter_of(kinds=["Richtlinie"], laender=["Bayern"]), []),
    ],
)
def test_a_filter_lets_through_what_is_of_its_sort(limit: Filter, ids: list[str]) -> None:
    assert found(limit) == ids


def test_an_empty_filter_is_none() -> None:
    assert not filter_of()
    assert filter_of(years=["2020"])
    assert Filter.model_validate_json(filter_of(laender=["NRW"]).model_dump_json()) == filter_of(laender=["NW"])


def test_what_a_passage_is_about_decides_before_its_document() -> None:
    bavaria = passage("Text", headings=("Länderprogramme", "Bayern"), programmes=["kts"])
    assert filter_of(laender=["Bayern"]).matches(OVERVIEW, bavaria)
    assert not filter_of(laender=["Hessen"]).matches(GUIDELINE, bavaria)
    assert filter_of(programmes=["kts"], keys=["kts"]).matches(GUIDELINE, bavaria)
    assert not filter_of(programmes=["mpsc"], keys=["mpsc"]).matches(GUIDELINE, bavaria)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"kinds": ["Roman"]}, "'Roman' is no kind of document; use one of: guideline"),
        ({"laender": ["Atlantis"]}, "'Atlantis' is no Land"),
        ({"years": ["23"]}, "'23' is no year"),
        ({"years": ["2023-2020"]}, "is no year"),
        ({"programmes": ["XYZ"]}, "No programme is called 'XYZ'"),
        ({"documents": ["fehlt.pdf"], "known": LIBRARY}, "No document is called 'fehlt.pdf'"),
    ],
)
def test_what_is_not_known_is_refused(given: dict[str, list[str]], told: str) -> None:
    with pytest.raises(StadtlotseError, match=told):
        filter_of(names=NAMES, **given)  # type: ignore[arg-type]  # documents among the lists


def wished(question: str, *documents: Document) -> Filter:
    return wish_of(question, Titles(documents)).filter


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Was steht in den Richtlinien zur Quote?", Filter(kinds=frozenset([Genre.GUIDELINE]))),
        ("Laut Leitfaden: wer darf beantragen?", Filter(kinds=frozenset([Genre.GUIDE]))),
        ("Gilt das nach der geltenden Förderrichtlinie?", Filter(kinds=frozenset([Genre.GUIDELINE]))),
        ("According to the guidelines, who may apply?", Filter(kinds=frozenset([Genre.GUIDELINE]))),
        (
            "Was ergab das im Protokoll vom 12. März 2019?",
            Filter(kinds=frozenset([Genre.MINUTES]), since=2019, until=2019),
        ),
        ("Welche Programme gibt es in Bayern?", Filter(laender=frozenset(["BY"]))),
        ("Which programmes are there in Lower Saxony?", Filter(laender=frozenset(["NI"]))),
        ("nur Dokumente von 2023: wie hoch ist die Quote?", Filter(since=2023, until=2023)),
        ("Dokumente seit 2022 zu Open Data", Filter(since=2022)),
        ("Unterlagen vor 2020", Filter(until=2019)),
    ],
)
def test_a_question_says_where_to_look(question: str, wanted: Filter) -> None:
    assert wished(question) == wanted


@pytest.mark.parametrize(
    "question",
    [
        "Wer schreibt das Protokoll?",
        "Wie viele Kommunen wurden 2019 ausgewählt?",
        "Was sagte der Workshop zu LoRaWAN?",
        "Was geschah nach dem Workshop?",
        "Was gilt im Arbeitsvertrag?",
        "Wer gewann die Ausschreibung?",
        "antragsfrist smarte kommunen hessen",
        "Gibt es eine Strategie?",
    ],
)
def test_a_question_about_something_is_no_wish(question: str) -> None:
    assert not wished(question)


def test_a_document_that_is_called_by_its_title() -> None:
    spec = document(id="spec", title="DCAT-AP.de Spezifikation")
    handbook = document(id="handbuch", title="DCAT-AP.de Konventionenhandbuch")
    minutes = document(id="protokoll", title="Protokoll")
    asked = wished("Wie ist das laut DCAT-AP.de Spezifikation?", spec, handbook, minutes)
    assert asked == Filter(documents=frozenset(["spec"]))
    assert not wished("Was ist die DCAT-AP.de Spezifikation?", spec, handbook).documents
    assert not wished("Was steht im Protokoll?", minutes).documents


def test_a_place_or_a_time_is_no_document() -> None:
    report = document(id="bericht", title="Smart-City-Bericht Musterau")
    assert wished("Wer kam laut Smart City Bericht Musterau?", report).documents
    assert not wished("Smart City Bericht Musterau: wer war in Köln?", report).documents
    assert not wished("In welchem Amt liegt der Smart City Bericht Musterau?", report).documents


def test_only_makes_a_wish_strict_and_its_words_ask_for_nothing() -> None:
    strict = wish_of("Steht das nur in den Richtlinien?")
    assert strict.strict
    assert strict.words == {"in", "den", "richtlinien"}
    assert not wish_of("Steht das in den Richtlinien?").strict
    assert not wish_of("Was kostet das nur?").strict


def test_fact_sheets_are_filtered_too() -> None:
    sheets = [sheet_document(one, "de", f"{one.key}.yml", "0") for one in load_fact_sheets()]

    def keys(limit: Filter) -> set[str]:
        return {one.id for one in sheets if limit.matches(one, passage("Text", fact="X-01", programmes=[one.id]))}

    assert keys(filter_of(laender=["Bayern"])) == {"bayern-digital", "scsr-bayern", "connected-urban-twins"}
    assert {"mpsc", "kts"} <= keys(filter_of(laender=["Bund"]))
    assert keys(filter_of(kinds=["fact sheet"])) == {one.id for one in sheets}
    assert not keys(filter_of(years=["1999"]))
