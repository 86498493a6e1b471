"""Passages: how documents and fact sheets are cut, and that their offsets hold."""

import pytest

from knowledge.document import Passage
from knowledge.factsheet import FactSheet
from knowledge.indexing.build import collect
from knowledge.indexing.passages import MAX_WORDS, MIN_WORDS, file_passages, sheet_document, sheet_passages
from knowledge.indexing.sources import STARTER_LIBRARY
from knowledge.messages import LANGUAGES, Language
from knowledge.reading import Block, Heading, Paragraph, ReadFile, Table
from knowledge.recognition.names import Names
from knowledge.settings import Settings
from knowledge.texts import section
from tests.unit.knowledge.samples import document, raw_sheet, sheet

SENTENCE = "Die Gemeinde erhält in diesem Jahr eine Förderung vom Land."  # ten words


def cut(*blocks: Block) -> list[Passage]:
    names = Names([sheet("mpsc", "Modellprojekte Smart Cities", "MPSC"), sheet("kts", "Koordinierungsstelle", "KTS")])
    return file_passages(document(), ReadFile("Bericht", "de", None, blocks), names)


def prose(words: int) -> str:
    return " ".join([SENTENCE] * (words // 10))


def lengths(passages: list[Passage]) -> list[int]:
    return [len(passage.text.split()) for passage in passages]


def test_short_paragraphs_are_put_together_until_they_are_long_enough() -> None:
    passages = cut(*[Paragraph(prose(30)) for _ in range(12)])
    assert lengths(passages) == [MIN_WORDS, MIN_WORDS]


def test_long_paragraphs_are_cut_between_sentences() -> None:
    passages = cut(Paragraph(prose(600)))
    assert lengths(passages) == [MAX_WORDS, MAX_WORDS, 600 - 2 * MAX_WORDS]
    assert all(passage.text.endswith(".") and passage.text.startswith("Die Gemeinde") for passage in passages)


def test_no_passage_crosses_a_heading() -> None:
    passages = cut(
        Paragraph(prose(10)),
        Heading(1, "Eins"),
        Paragraph(prose(20)),
        Heading(2, "Eins A"),
        Paragraph(prose(30)),
        Heading(2, "Eins B"),
        Heading(1, "Zwei"),
        Paragraph(prose(40)),
    )
    assert [(passage.headings, len(passage.text.split())) for passage in passages] == [
        ((), 10),
        (("Eins",), 20),
        (("Eins", "Eins A"), 30),
        (("Zwei",), 40),
    ]


def test_no_passage_crosses_a_page() -> None:
    passages = cut(Heading(1, "Eins", 1), Paragraph(prose(20), 1), Paragraph(prose(20), 2), Paragraph(prose(20), 2))
    assert [(passage.page, len(passage.text.split())) for passage in passages] == [(1, 20), (2, 40)]


def test_a_lead_in_stays_with_its_list() -> None:
    passages = cut(
        Paragraph(prose(MIN_WORDS)), Paragraph("Voraussetzungen sind:"), Paragraph("– ein Beschluss\n– ein Konzept")
    )
    assert passages[-1].text == "Voraussetzungen sind:\n– ein Beschluss\n– ein Konzept"


def test_a_lead_in_does_not_tie_two_long_texts_together() -> None:
    passages = cut(Paragraph(prose(70)), Paragraph("Im Einzelnen gilt:"), Paragraph(prose(200)))
    assert lengths(passages) == [70, 203]
    assert passages[1].text.startswith("Im Einzelnen gilt:\n")


def test_every_part_of_a_table_begins_with_its_header() -> None:
    rows = [(f"Stadt {number}", prose(20)) for number in range(30)]
    passages = cut(Heading(1, "Liste"), Table((("Stadt", "Vorhaben"), *rows)))
    assert len(passages) > 2
    assert max(lengths(passages)) <= MAX_WORDS
    assert all(passage.text.splitlines()[0] == "Stadt | Vorhaben" for passage in passages)
    told = [line for passage in passages for line in passage.text.splitlines()[1:]]
    assert told == [" | ".join(row) for row in rows]


def test_a_table_of_one_row_is_kept() -> None:
    assert [passage.text for passage in cut(Table((("nur", "Kopf"),)))] == ["nur | Kopf"]


def test_a_document_without_text_has_no_passages() -> None:
    assert cut(Heading(1, "Nur eine Überschrift")) == []


def test_passages_know_of_which_programmes_they_speak() -> None:
    passages = cut(
        Heading(1, "MPSC und andere"),
        Paragraph(f"{SENTENCE} Dabei hilft die KTS."),
        Heading(2, "Die MPSC"),
        Paragraph(f"{SENTENCE} Dabei hilft die KTS."),
        Heading(2, "Anderes"),
        Paragraph(SENTENCE),
    )
    assert [passage.programmes for passage in passages] == [["kts"], ["mpsc"], []]


def assert_partition(passages: list[Passage]) -> None:
    """The passages' offsets are those in the text that they make up together."""
    text = "\n".join(passage.text for passage in passages)
    assert [text[passage.start : passage.end] for passage in passages] == [passage.text for passage in passages]
    assert [passage.id for passage in passages] == list(range(1, len(passages) + 1))


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Passage]]:
    """The passages of the starter library and the fact sheets by document."""
    collection = collect(Settings(var=tmp_path_factory.mktemp("var")), [STARTER_LIBRARY], lambda *_: None)
    assert collection.set_aside == []
    found: dict[str, list[Passage]] = {one.id: [] for one in collection.documents}
    for passage in collection.passages:
        found[passage.document_id].append(passage)
    return found


def test_the_passages_of_a_document_partition_its_text(shipped: dict[str, list[Passage]]) -> None:
    assert len(shipped) == 38 * 2 + len(list(STARTER_LIBRARY.iterdir()))
    for passages in shipped.values():
        assert passages
        assert_partition(passages)


def test_the_librarys_passages_have_the_length_that_embeddings_want(shipped: dict[str, list[Passage]]) -> None:
    """A lead-in may add to the longest; shorter ones stand alone in their section or before one that is too long."""
    for passages in (passages for passages in shipped.values() if passages[0].fact is None):
        for passage, following in zip(passages, [*passages[1:], None], strict=True):
            first, _, rest = passage.text.partition("\n")
            words = len(passage.text.split())
            assert len((rest if first.endswith(":") else passage.text).split()) <= MAX_WORDS
            same = following is not None and (following.headings, following.page) == (passage.headings, passage.page)
            if same and words < MIN_WORDS:
                assert following is not None
                assert words + len(following.text.split()) > MIN_WORDS


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sheet_has_a_profile_and_then_one_passage_a_fact(lang: Language) -> None:
    one = FactSheet.model_validate(raw_sheet(short_names=["DP"], funder="BMWSB"))
    shown = sheet_document(one, lang, "demo.yml", "0")
    passages = sheet_passages(one, shown, dict(section(lang, "answer")))
    assert_partition(passages)
    profile, *facts = passages
    for words in (shown.title, "DP", "BMWSB", facts[0].text, getattr(one.status.text, lang)):
        assert words in profile.text
    assert [(passage.fact, passage.heading, passage.attribute) for passage in facts] == [
        (fact.id, getattr(fact.label, lang), fact.attribute.value) for fact in one.facts
    ]
    assert facts[0].text == getattr(one.facts[0].value, lang)
    assert facts[0].origins == profile.origins == ["https://foerderung.example/quote"]
    assert {passage.lang for passage in passages} == {lang}
    assert all(passage.programmes == ["demo"] for passage in passages)


def test_a_profile_leaves_open_what_is_not_known() -> None:
    status = {"state": "unknown", "text": {"de": "Unklar.", "en": "Unclear."}, "as_of": "2024"}
    one = FactSheet.model_validate(raw_sheet(status=status))
    profile = sheet_passages(one, sheet_document(one, "de", "demo.yml", "0"), dict(section("de", "answer")))[0]
    assert "Unklar" not in profile.text
    assert "None" not in profile.text


def test_a_conflict_names_both_values_and_who_gives_them() -> None:
    one = FactSheet.model_validate(raw_sheet())
    passage = sheet_passages(one, sheet_document(one, "de", "demo.yml", "0"), dict(section("de", "answer")))[-1]
    lead_in, *claims = passage.text.splitlines()
    assert lead_in.endswith(":")
    assert ["acht Städte" in claims[0], "eins.example" in claims[0], "www." in claims[0]] == [True, True, False]
    assert ["neun Städte" in claims[1], "zwei.example" in claims[1]] == [True, True]
    assert passage.origins == ["https://www.eins.example/liste", "https://zwei.example/meldung"]


def test_a_sheet_is_shown_in_both_languages() -> None:
    one = FactSheet.model_validate(raw_sheet())
    german, english = (sheet_document(one, lang, "demo.yml", "0") for lang in LANGUAGES)
    assert (german.id, german.title, german.as_of) == ("demo", "Demoprogramm", "2024-05-01")
    assert (english.id, english.title, english.lang) == ("demo-en", "Demo programme", "en")
    assert german.origins == english.origins
    assert len(german.origins) == 3
