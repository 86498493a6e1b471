"""Result lists without repetition."""

from knowledge.document import Passage
from knowledge.retrieval.folding import fold
from tests.unit.knowledge.samples import passage

TEXT = "Die Förderquote beträgt 65 Prozent der Kosten. Anträge nimmt die Bank bis zum 30. Juni 2024 entgegen."
OTHER = "Der Beirat tagt zweimal im Jahr und berät die Stadt in allen Fragen der Digitalisierung und der Daten."


def folded(*passages: Passage, limit: int | None = None) -> list[tuple[str, list[str]]]:
    found = fold(passages, lambda one: one, limit)
    return [(one.kept.document_id, [other.document_id for other in one.also]) for one in found]


def of(document_id: str, text: str, **changes: object) -> Passage:
    return passage(text, document_id=document_id, **changes)


def test_the_same_words_are_folded_into_the_better_passage() -> None:
    louder = TEXT.replace(". ", ".\n").replace("Die", "DIE")
    assert folded(of("a", TEXT), of("b", OTHER), of("c", louder), of("d", TEXT)) == [("a", ["c", "d"]), ("b", [])]


def test_a_part_is_folded_into_the_whole_but_not_the_whole_into_a_part() -> None:
    whole = f"{TEXT} {OTHER}"
    assert folded(of("a", whole), of("b", TEXT)) == [("a", ["b"])]
    assert folded(of("a", TEXT), of("b", whole)) == [("a", []), ("b", [])]


def test_another_figure_is_another_statement() -> None:
    assert folded(of("a", TEXT), of("b", TEXT.replace("65", "90"))) == [("a", []), ("b", [])]


def test_facts_and_passages_of_one_document_stay() -> None:
    assert folded(of("a", TEXT), of("a", TEXT, id=2)) == [("a", []), ("a", [])]
    assert folded(of("a", TEXT), of("b", TEXT, fact="DEMO-01")) == [("a", []), ("b", [])]


def test_short_passages_are_folded_only_whole() -> None:
    assert folded(of("a", "Der Antrag ist online zu stellen."), of("b", "Der Antrag ist online zu prüfen.")) == [
        ("a", []),
        ("b", []),
    ]
    assert folded(of("a", "Der Antrag ist online."), of("b", "Der Antrag ist online")) == [("a", ["b"])]
    assert folded(of("a", "Ja."), of("b", "Nein.")) == [("a", []), ("b", [])]


def test_no_more_are_kept_than_asked_for() -> None:
    assert folded(of("a", TEXT), of("b", TEXT), of("c", OTHER), of("d", TEXT), limit=2) == [("a", ["b"]), ("c", [])]
