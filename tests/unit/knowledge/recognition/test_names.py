"""Programmes are recognised by any of their names."""

import pytest

from knowledge.recognition.names import Names
from knowledge.sheet_files import load_fact_sheets
from tests.unit.knowledge.samples import sheet


@pytest.fixture(scope="module")
def names() -> Names:
    return Names(
        [
            sheet("mpsc", "Modellprojekte Smart Cities", "MPSC", "Modellprojekte"),
            sheet("kts", "Koordinierungs- und Transferstelle Modellprojekte Smart Cities", "KTS"),
            sheet("workshop", "VKU-Workshop Köln", "Smart City Workshop der VKU-Landesgruppe"),
            sheet("vku", "Verband kommunaler Unternehmen", "VKU"),
            sheet("initiative", "Stadt.Land.Digital"),
            sheet("heimat", "Heimat 2.0"),
            sheet("breitband", "Gigabitförderung", "Breitbandförderung"),
        ]
    )


def keys(names: Names, text: str) -> list[str]:
    return list(dict.fromkeys(mention.key for mention in names.mentions(text)))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("mpsc förderquote", "mpsc"),
        ("Wie hoch ist die Quote der MODELLPROJEKTE?", "mpsc"),
        ("was ist stadt.land.digital", "initiative"),
        ("was ist Stadt Land Digital?", "initiative"),
        ("stadt-land-digital workshop", "initiative"),
        ("Heimat 2.0 Laufzeit", "heimat"),
        ("heimat 20 laufzeit", "heimat"),
        ("Gigabitfoerderung", "breitband"),
        ("GIGABITFÖRDERUNG", "breitband"),
        ("vku workshop koeln", "workshop"),
    ],
)
def test_spellings_do_not_matter(names: Names, text: str, key: str) -> None:
    assert keys(names, text) == [key]
    assert all(mention.exact for mention in names.mentions(text))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("gigabitförderug frist", "breitband"),
        ("Gigabtiförderung", "breitband"),
        ("modelprojekte smart cities", "mpsc"),
        ("stadt land digtal", "initiative"),
        ("breitbandförderungen", "breitband"),
    ],
)
def test_typos_are_forgiven_and_known_as_such(names: Names, text: str, key: str) -> None:
    mentions = names.mentions(text)
    assert [(mention.key, mention.exact) for mention in mentions] == [(key, False)]
    assert names.exact(text) == []


@pytest.mark.parametrize("text", ["mpsk", "ktz", "vkv", "Heimat 3.0"])
def test_short_and_numbered_names_must_be_spelled_right(names: Names, text: str) -> None:
    assert keys(names, text) == []


def test_the_words_of_a_name_may_stand_apart(names: Names) -> None:
    [mention] = names.mentions("smart city workshop in köln vom vku")
    assert (mention.key, set(mention.words)) == ("workshop", {"workshop", "koeln", "vku"})


def test_the_longest_name_wins(names: Names) -> None:
    assert keys(names, "koordinierungs- und transferstelle modellprojekte smart cities") == ["kts"]
    assert keys(names, "Modellprojekte Smart Cities") == ["mpsc"]
    assert keys(names, "VKU-Workshop Köln") == ["workshop"]
    assert keys(names, "der VKU als Verband") == ["vku"]


def test_several_programmes_come_in_the_order_of_the_text(names: Names) -> None:
    assert keys(names, "kts oder mpsc oder heimat 2.0?") == ["kts", "mpsc", "heimat"]
    assert keys(names, "heimat 2.0, mpsc, kts") == ["heimat", "mpsc", "kts"]


@pytest.mark.parametrize(
    "text",
    [
        "smart city",
        "Smart Cities in der Region",
        "digitale Kommune",
        "Welche Projekte gibt es im Land?",
        "funding programme for cities",
        "Workshop",
        "das Programm des Bundes",
        "stadt",
        "",
        "?!",
    ],
)
def test_words_of_the_trade_name_no_programme(text: str) -> None:
    assert Names(load_fact_sheets()).mentions(text) == []


def test_every_shipped_programme_is_known_by_each_of_its_names() -> None:
    sheets = load_fact_sheets()
    names = Names(sheets)
    missed = [(one.key, name) for one in sheets for name in one.names if one.key not in keys(names, name)]
    assert missed == []


@pytest.mark.parametrize("text", ["und für Landkreise?", "hilft das auch Gemeinden?", "landkreise in bayern"])
def test_a_name_with_a_figure_is_no_slip_of_the_word_without_it(text: str) -> None:
    assert Names(load_fact_sheets()).mentions(text) == []


def test_a_name_with_words_of_grammar_in_between_has_its_place() -> None:
    [mention] = Names(load_fact_sheets()).mentions("wer bekommt Geld aus dem EFRE in NRW")
    assert (mention.key, mention.span) == ("efre-nrw", (25, 36))


@pytest.mark.parametrize(
    ("text", "is_own"),
    [
        ("Interreg B", True),
        ("EFRE NRW", True),
        ("TwinBy", False),
        ("Future Communities", True),
        ("stadt land digtal", True),
    ],
)
def test_part_of_a_name_is_its_own_where_the_name_is_of_one_thing(text: str, is_own: bool) -> None:
    names = Names(load_fact_sheets())
    [mention, *_] = names.mentions(text)
    assert names.is_own(mention) is is_own
