"""The words of a passage that are quoted as the answer."""

import pytest

from knowledge.document import Passage
from knowledge.selection import Quote, select
from knowledge.terms import Terms, stem
from tests.unit.knowledge.samples import passage

TERMS = Terms()


def quoted(one: Passage, *asked: str) -> str:
    weights = [(1.0, frozenset({stem(word, "de")})) for word in asked]
    quote: Quote = select(one, weights, lambda text: frozenset(TERMS.passage_terms(text, "de")))
    assert one.text[quote.start : quote.end] == quote.text
    return quote.text


PROSE = passage(
    "Die Initiative begann 2019. Die Geschäftsstelle sitzt in Bonn. Sie wird vom Bund getragen."
    " Der Workshop fand in Köln statt. Es kamen 50 Gäste."
)


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (("Geschäftsstelle",), "Die Geschäftsstelle sitzt in Bonn."),
        (("Workshop", "Köln"), "Der Workshop fand in Köln statt."),
        (("Workshop", "Gäste"), "Der Workshop fand in Köln statt. Es kamen 50 Gäste."),
        (
            ("Bund", "Workshop", "Gäste"),
            "Sie wird vom Bund getragen. Der Workshop fand in Köln statt. Es kamen 50 Gäste.",
        ),
        (("Initiative",), "Die Initiative begann 2019."),
        (("Xylophon",), "Die Initiative begann 2019."),
    ],
)
def test_the_sentences_with_most_of_the_question_are_quoted(asked: tuple[str, ...], answer: str) -> None:
    assert quoted(PROSE, *asked) == answer


def test_no_more_than_three_sentences_are_quoted() -> None:
    one = passage("Die Stadt fördert. Die Stadt plant. Die Stadt misst. Die Stadt baut. Die Stadt hilft.")
    assert quoted(one, "Stadt").count("Stadt") == 3


LIST = passage(
    "Das Programm läuft. Voraussetzungen sind:\n– ein Beschluss des Rates\n– ein Konzept\nDanach folgt die Auswahl."
)


def test_a_list_item_is_quoted_with_its_lead_in() -> None:
    assert quoted(LIST, "Beschluss") == "Voraussetzungen sind:\n– ein Beschluss des Rates"
    assert quoted(LIST, "Konzept") == "Voraussetzungen sind:\n– ein Beschluss des Rates\n– ein Konzept"


TABLE = passage("Land | Frist\nHessen | 15. April\nBayern | 30. Juni\nSachsen | 1. Mai")


def test_a_table_row_is_quoted_with_its_header() -> None:
    assert quoted(TABLE, "Hessen") == "Land | Frist\nHessen | 15. April"


def test_a_later_row_is_quoted_without_other_rows() -> None:
    assert quoted(TABLE, "Sachsen") == "Sachsen | 1. Mai"


def test_a_fact_is_quoted_whole() -> None:
    fact = passage(PROSE.text, fact="DEMO-01")
    assert quoted(fact, "Gäste") == PROSE.text
