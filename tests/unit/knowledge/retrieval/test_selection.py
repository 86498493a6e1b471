"""The words of a passage that are quoted as the answer."""

from collections.abc import Sequence

import pytest

from knowledge import tuning
from knowledge.document import Passage
from knowledge.indexing.windows import windows_of
from knowledge.linguistics.terms import Terms, stem
from knowledge.retrieval.selection import Asked, Quote, select
from tests.unit.knowledge.samples import passage

TERMS = Terms()


def quoted(one: Passage, *asked: str, near: tuple[float, ...] = (), title: str = "") -> str:
    return quoted_by(one, [(1.0, {stem(word, "de"): 1.0}) for word in asked], near, title)


def quoted_by(one: Passage, words: Sequence[Asked], near: tuple[float, ...] = (), title: str = "") -> str:
    quote: Quote = select(one, words, lambda text: frozenset(TERMS.passage_terms(text, "de")), near, title)
    assert one.text[quote.start : quote.end] == quote.text
    return quote.text


@pytest.fixture
def short_quotes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Quotes have room for one sentence, or for two short ones."""
    monkeypatch.setattr(tuning, "QUOTED_WORDS", 8)


PROSE = passage(
    "Die Initiative begann 2019. Die Geschäftsstelle sitzt in Bonn. Sie wird vom Bund getragen."
    " Der Workshop fand in Köln statt. Es kamen 50 Gäste."
)


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (("Geschäftsstelle",), "Die Geschäftsstelle sitzt in Bonn."),
        (("Workshop", "Köln"), "Der Workshop fand in Köln statt."),
        (("Initiative",), "Die Initiative begann 2019."),
        (("Gäste",), "Es kamen 50 Gäste."),
        (("Xylophon",), "Die Initiative begann 2019."),
    ],
)
@pytest.mark.usefixtures("short_quotes")
def test_the_sentence_with_most_of_the_question_is_quoted(asked: tuple[str, ...], answer: str) -> None:
    assert quoted(PROSE, *asked) == answer


def numbered(about: str, *numbers: int) -> str:
    """Sentences of ten words; the third is about something."""
    return " ".join(
        f"Satz {number} sagt etwas über {about if number == 3 else 'vieles'}, und zwar recht knapp."
        for number in numbers
    )


def test_neighbours_are_quoted_up_to_a_length() -> None:
    fitting = tuning.QUOTED_WORDS // 10
    sentences = [numbered("Laternen", number) for number in range(1, 2 * fitting + 3)]
    quote = quoted(passage(" ".join(sentences)), "Laternen")
    runs = [" ".join(sentences[first : first + fitting]) for first in range(3)]
    assert fitting > 2
    assert quote in runs, "a run of whole sentences around the third that has just room"


def test_a_neighbour_before_is_quoted_where_it_holds_as_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "QUOTED_WORDS", 11)
    assert quoted(PROSE, "Bund", "Geschäftsstelle") == "Die Geschäftsstelle sitzt in Bonn. Sie wird vom Bund getragen."
    assert quoted(PROSE, "Bund", "Workshop", "Köln") == "Sie wird vom Bund getragen. Der Workshop fand in Köln statt."
    assert quoted(PROSE, "Workshop", "Köln") == "Der Workshop fand in Köln statt. Es kamen 50 Gäste."


def test_what_leans_on_the_sentence_before_is_quoted_with_it() -> None:
    text = "Der Lotse hilft beim Umzug. Dafür gibt es einen Preis. Alle freuten sich sehr. Danach war ein Fest am See."
    assert quoted(passage(text), "Preis").startswith("Der Lotse hilft beim Umzug. Dafür gibt es einen Preis.")


@pytest.mark.usefixtures("short_quotes")
def test_words_that_stand_above_the_passage_count_less() -> None:
    asked = ("Workshop", "Bonn")
    untitled = PROSE.model_copy(update={"text": f"Der Workshop war sehr gut besucht. {PROSE.text}"})
    assert quoted(untitled, *asked) == "Der Workshop war sehr gut besucht."
    assert quoted(untitled, *asked, title="Bericht vom Workshop") == "Die Geschäftsstelle sitzt in Bonn."
    headed = untitled.model_copy(update={"headings": ("Workshop",)})
    assert quoted(headed, *asked) == "Die Geschäftsstelle sitzt in Bonn."


def long_sentence(place: str) -> str:
    """A sentence that fills a window by itself."""
    return f"In {place} " + "steht viel " * (tuning.WINDOW_WORDS // 2 - 2) + "geschrieben."


PLACES = ("Bonn", "Köln", "Ulm")
LONG = passage(" ".join(long_sentence(place) for place in PLACES))


@pytest.mark.usefixtures("short_quotes")
def test_the_nearest_window_is_quoted_where_words_do_not_tell() -> None:
    assert len(windows_of(LONG.text)) == len(PLACES)
    for place, name in enumerate(PLACES):
        near = tuple(0.9 if one == place else 0.8 for one in range(len(PLACES)))
        assert quoted(LONG, "Xylophon", near=near) == long_sentence(name)


@pytest.mark.usefixtures("short_quotes")
def test_a_little_nearness_does_not_outweigh_words() -> None:
    assert quoted(LONG, "Ulm", near=(0.81, 0.8, 0.8)) == long_sentence("Ulm")


@pytest.mark.usefixtures("short_quotes")
def test_the_words_around_a_sentence_tell_which_of_two_is_meant() -> None:
    answer = "Die Laternen leuchten. In Ulm ist Nacht."
    filled = "Die Laternen " + "stehen viel " * (tuning.WINDOW_WORDS // 2 - 2) + "herum."
    assert quoted(passage(f"{filled} {answer}"), "Laternen", "Ulm") == answer


@pytest.mark.usefixtures("short_quotes")
def test_the_parts_of_a_compound_count_together() -> None:
    one = passage("Eine Gebühr ist immer zu zahlen. Im Park ist eine Gebühr fällig.")
    compound = {stem("Parkgebühr", "de"): 1.0, stem("Park", "de"): 0.4, stem("Gebühr", "de"): 0.4}
    assert quoted_by(one, [(1.0, compound)]) == "Im Park ist eine Gebühr fällig."
    assert quoted(one, "Gebühr") == "Eine Gebühr ist immer zu zahlen."


@pytest.mark.usefixtures("short_quotes")
def test_addresses_hold_no_words() -> None:
    one = passage("Mehr steht auf https://workshop.example/bonn heute. Die Stelle sitzt in Bonn.")
    assert quoted(one, "Bonn") == "Die Stelle sitzt in Bonn."


@pytest.mark.usefixtures("short_quotes")
def test_sentences_on_the_document_itself_are_not_quoted() -> None:
    one = passage("Die Tabelle nennt alle Fristen. Anträge sind bis Mai zu stellen.")
    assert quoted(one, "Fristen", "Tabelle") == "Anträge sind bis Mai zu stellen."


LIST = passage(
    "Das Programm läuft. Voraussetzungen sind:\n– ein Beschluss des Rates\n– ein Konzept\nDanach folgt die Auswahl."
)


@pytest.mark.usefixtures("short_quotes")
def test_a_list_item_is_quoted_with_its_lead_in() -> None:
    assert quoted(LIST, "Beschluss") == "Voraussetzungen sind:\n– ein Beschluss des Rates"
    assert quoted(LIST, "Konzept") == "Voraussetzungen sind:\n– ein Beschluss des Rates\n– ein Konzept"


TABLE = passage("Land | Frist\nHessen | 15. April\nBayern | 30. Juni\nSachsen | 1. Mai")


def test_a_table_row_is_quoted_with_its_header() -> None:
    assert quoted(TABLE, "Hessen") == "Land | Frist\nHessen | 15. April"


def test_a_later_row_is_quoted_without_other_rows() -> None:
    assert quoted(TABLE, "Sachsen") == "Sachsen | 1. Mai"


def test_a_row_is_quoted_with_all_sentences_of_its_line() -> None:
    table = passage(
        "Nr. | Vorhaben\n1 | Radweg | Ausbau bis Altendorf. Budget: 40.000 €\n2 | Brücke | Neubau. Budget: 9 €"
    )
    assert quoted(table, "Brücke") == "2 | Brücke | Neubau. Budget: 9 €"
    assert quoted(table, "40.000") == "Nr. | Vorhaben\n1 | Radweg | Ausbau bis Altendorf. Budget: 40.000 €"


def test_the_row_that_is_labelled_with_a_word_is_quoted() -> None:
    one = passage("Land | Frist\nHessen | wie in Sachsen\nBayern | 30. Juni\nSachsen | 1. Mai")
    assert quoted(one, "Sachsen") == "Sachsen | 1. Mai"


@pytest.mark.usefixtures("short_quotes")
def test_a_row_is_labelled_by_its_first_cell_of_words() -> None:
    table = passage("Nr. | Art | Name | Wert\n1 | P | Algorithmus | erzeugt Summe\n2 | P | Summe | ist hexadezimal")
    assert quoted(table, "Summe") == "2 | P | Summe | ist hexadezimal"


def test_a_header_is_not_the_answer() -> None:
    table = passage("Name | Adresse | Wert\nAlpha | a.example | zwei\nBeta | b.example | drei")
    assert "Beta" in quoted(table, "Adresse", "Wert", "drei")


def test_a_fact_is_quoted_whole() -> None:
    fact = passage(PROSE.text, fact="DEMO-01")
    assert quoted(fact, "Gäste") == PROSE.text
