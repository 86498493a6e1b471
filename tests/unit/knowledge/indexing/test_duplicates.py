"""Documents that are there twice."""

import random

import pytest

from knowledge.indexing.duplicates import Duplicate, Relation, deduplicated, find_duplicates
from knowledge.indexing.preference import Compared
from knowledge.indexing.sources import STARTER_LIBRARY, readable_files
from knowledge.indexing.textprint import TextPrint, print_of, similarity, text_print
from knowledge.reading import Heading, Paragraph, ReadFile, Table, read_file
from knowledge.recognition.names import Names
from tests.unit.knowledge.samples import document, sheet

VOCABULARY = """kommune stadt region daten plattform antrag frist förderung bund netz ausbau verwaltung bürger
dienst sensor verkehr energie wasser klima schule bildung projekt leitung beirat sitzung beschluss
vorlage rahmen schritt ziel mittel betrieb ausschreibung vergabe standard schnittstelle lizenz
quelle karte modell zwilling labor team"""


def sentences(seed: int, count: int = 60) -> list[str]:
    draw = random.Random(seed)
    return [" ".join(draw.choices(VOCABULARY.split(), k=12)).capitalize() + "." for _ in range(count)]


def made(path: str, lines: list[str], title: str = "Leitfaden Datenplattform", **known: object) -> Compared:
    text = "\n".join(lines)
    values: dict[str, object] = {"path": path, "sha256": f"{path}{hash(text)}", "title": title, "text": print_of(text)}
    return Compared(**{**values, **known})  # type: ignore[arg-type]  # fields by name


def only(*documents: Compared) -> Duplicate:
    (found,) = find_duplicates(documents)
    return found


TEXT = sentences(1)


def test_the_same_file_under_another_name() -> None:
    found = only(made("bericht.pdf", TEXT, sha256="a"), made("ablage/upload.pdf", TEXT, sha256="a"))
    assert (found.dropped, found.preferred, found.relation) == (1, 0, Relation.SAME_FILE)
    assert found.reason("bericht.pdf") == "same file as bericht.pdf, which is preferred"


def test_of_the_formats_of_a_text_the_one_with_pages_stands_for_it() -> None:
    word = [line.replace(".", " .").upper() for line in TEXT]
    names = ["bericht.docx", "bericht.md", "bericht.pdf", "bericht.html"]
    found = find_duplicates([made(name, lines) for name, lines in zip(names, (word, TEXT, TEXT, TEXT), strict=True)])
    assert [(one.dropped, one.preferred, one.relation) for one in found] == [
        (number, 2, Relation.SAME_TEXT) for number in (0, 1, 3)
    ]
    assert found[0].reason("bericht.pdf") == "same text as bericht.pdf, which is preferred"


def test_what_a_format_loses_does_not_make_another_document_of_it() -> None:
    found = only(made("bericht.pdf", TEXT[:52]), made("bericht-2021.docx", TEXT))
    assert (found.preferred, found.relation) == (0, Relation.NEARLY_SAME_TEXT)


def changed(*places: int) -> list[str]:
    new = sentences(2)
    return [new[place] if place in places else line for place, line in enumerate(TEXT)]


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ({"path": "leitfaden.md", "date": "2022-03"}, {"path": "leitfaden-neu.md", "date": "2023-11-05"}),
        ({"path": "leitfaden_v1.md"}, {"path": "leitfaden_v2.md"}),
        ({"path": "leitfaden_v2.9.md"}, {"path": "leitfaden_v2.10.md"}),
        ({"path": "Leitfaden Entwurf.md", "date": "2023"}, {"path": "Leitfaden.md", "date": "2023"}),
        ({"path": "leitfaden.pdf", "date": "2021-01-01"}, {"path": "leitfaden.docx", "date": "2023-01-01"}),
    ],
)
def test_the_newer_version_is_preferred(older: dict[str, str], newer: dict[str, str]) -> None:
    old, new = made(lines=TEXT, **older), made(lines=changed(3, 30), **newer)
    for documents in ([old, new], [new, old]):
        found = only(*documents)
        assert documents[found.preferred] is new
        assert found.relation is Relation.OLDER_VERSION
    assert "older version of" in found.reason("x")


def test_a_changed_date_alone_makes_a_version() -> None:
    old = made("a.md", ["Stand: Mai 2022", *TEXT], date="2022-05")
    new = made("b.md", ["Stand: Juni 2023", *TEXT], date="2023-06")
    assert (only(old, new).preferred, only(old, new).relation) == (1, Relation.OLDER_VERSION)


INSTRUCTION = (
    "Dienstanweisung zum mobilen Arbeiten. Mobiles Arbeiten ist an bis zu {days} Tagen in der Woche möglich. Der "
    "Antrag ist {weeks} Wochen vorher bei der Personalstelle zu stellen. Kernzeit ist von {begin} bis 15 Uhr. Für die "
    "Ausstattung zahlt die Stadt einmalig {sum} Euro. Diese Dienstanweisung tritt am 1. {month} in Kraft."
)
OLD_RULES = INSTRUCTION.format(days=2, weeks=4, begin=9, sum=150, month="Mai 2022")
NEW_RULES = INSTRUCTION.format(days=3, weeks=2, begin=10, sum=250, month="Juli 2024")


def short(path: str, text: str, genre: str | None = "guideline", **known: object) -> Compared:
    return made(path, [text], **{"title": "Dienstanweisung mobiles Arbeiten", "genre": genre, **known})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"date": "2022-05"}, {"date": "2024-07"}),
        ({"title": "Dienstanweisung mobiles Arbeiten 2022", "date": "2022"}, {"date": "2024-07"}),
        ({"genre": None, "version": "1.9"}, {"genre": None, "version": "1.10"}),
    ],
)
def test_a_short_text_with_other_figures_is_a_version_of_it(old: dict[str, str], new: dict[str, str]) -> None:
    documents = [short("neu.pdf", NEW_RULES, **new), short("alt.docx", OLD_RULES, **old)]
    assert similarity(documents[0].text, documents[1].text) < 0.6
    found = only(*documents)
    assert (found.dropped, found.relation) == (1, Relation.OLDER_VERSION)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"date": "2022-05", "genre": None}, {"date": "2024-07", "genre": None}),
        ({"date": "2022-05", "genre": "minutes"}, {"date": "2024-07", "genre": "minutes"}),
        ({"date": "2022-05"}, {"date": "2024-07", "title": "Dienstanweisung Rufbereitschaft"}),
        ({}, {}),
    ],
    ids=["a notice to the next applicant", "the next meeting", "another subject", "nothing tells which is newer"],
)
def test_short_texts_after_one_pattern_stay(one: dict[str, str | None], other: dict[str, str | None]) -> None:
    assert not find_duplicates([short("a.pdf", OLD_RULES, **one), short("b.pdf", NEW_RULES, **other)])


def test_undated_versions_go_by_the_day_their_files_were_changed() -> None:
    day = 86400.0
    assert only(made("z.md", TEXT, modified=10 * day), made("a.md", changed(5), modified=12 * day)).preferred == 1


def test_different_documents_stay() -> None:
    assert not find_duplicates([made("a.md", TEXT), made("b.md", sentences(2)), made("c.md", TEXT[:5] + sentences(3))])


def test_a_chapter_is_not_its_book() -> None:
    assert not find_duplicates([made("buch.pdf", TEXT), made("kapitel.md", TEXT[:20])])


def test_boilerplate_makes_no_twins() -> None:
    terms = TEXT[:25]
    documents = [made(f"{seed}.md", sentences(seed, 10) + terms, f"Bescheid {seed}") for seed in range(10, 20)]
    mails = [made(f"{seed}.eml", sentences(seed, 3) + terms, "AW: Termin", genre="email") for seed in range(10, 20)]
    assert not find_duplicates(documents)
    assert not find_duplicates(mails)


@pytest.mark.parametrize(
    "known",
    [
        ({"title": "Steckbrief Köln"}, {"title": "Steckbrief Bonn"}),
        ({"title": "Merkblatt", "laender": ("BY",)}, {"title": "Merkblatt", "laender": ("HE",)}),
        ({"programmes": frozenset(["mpsc"])}, {"programmes": frozenset(["kts"])}),
        ({"title": "5. Förderaufruf", "genre": "call"}, {"title": "6. Förderaufruf", "genre": "call"}),
    ],
)
def test_one_text_for_two_subjects_stays_twice(known: tuple[dict[str, object], dict[str, object]]) -> None:
    assert not find_duplicates([made("a.md", changed(7), **known[0]), made("b.md", TEXT, **known[1])])  # type: ignore[arg-type]


def test_a_template_filled_in_for_two_towns_stays_twice() -> None:
    towns = ("Musterstadt", "Beispielhausen")
    one, other = ([*TEXT, *(f"{town} nimmt teil und {town} zahlt." for _ in range(5))] for town in towns)
    assert not find_duplicates([made("a.md", one), made("b.md", other)])


def test_what_is_left_out_stands_for_nothing() -> None:
    chain = [made(f"v{number}.md", changed(*range(number * 4)), date=f"202{number}") for number in range(5)]
    found = find_duplicates(chain)
    assert found
    assert {one.dropped for one in found}.isdisjoint(one.preferred for one in found)


def test_similarity_is_the_share_of_what_both_hold() -> None:
    one, half = print_of("\n".join(sentences(5, 400))), print_of("\n".join(sentences(5, 400)[:200]))
    assert similarity(one, one) == 1.0
    assert similarity(one, half) == pytest.approx(0.5, abs=0.06)
    assert similarity(one, print_of("\n".join(sentences(6, 400)))) < 0.05
    assert similarity(print_of(""), print_of("")) == 1.0
    assert similarity(print_of("Wort"), print_of("Satz")) == 0.0


def test_prints_come_back_from_a_cache() -> None:
    for text in ("", "Ein Wort", "\n".join(TEXT)):
        kept = print_of(text)
        again = TextPrint.from_bytes(kept.to_bytes())
        assert (again.count, again.whole) == (kept.count, kept.whole)
        assert similarity(kept, again) == 1.0
        assert again.to_bytes() == kept.to_bytes()


def test_layout_does_not_count() -> None:
    table = ReadFile("Titel", "de", None, (Heading(1, "Titel"), Table((("Land", "Frist"), ("Hessen", "15. April")))))
    lines = ReadFile("Anderer Titel", "de", None, (Paragraph("LAND: Frist – Hessen\n15. April"),))
    assert text_print(table).whole == text_print(lines).whole


def test_a_document_with_what_the_build_knows_of_it() -> None:
    names = Names([sheet("demo", "Demoprogramm")])
    known = document(title="Leitfaden Demoprogramm", laender=["BY"], genre="guide", date="2023", version="2.1")
    made_of = Compared.of(known, print_of("Text"), names, modified=5.0)
    assert (made_of.programmes, made_of.laender, made_of.genre, made_of.date, made_of.version, made_of.modified) == (
        frozenset(["demo"]),
        ("BY",),
        "guide",
        "2023",
        "2.1",
        5.0,
    )


def test_a_collection_is_left_without_twins() -> None:
    text = print_of("\n".join(TEXT))
    twins = [
        document(id=name, path=f"{name}.{suffix}", sha256=name, title="Leitfaden", date="2023")
        for name, suffix in (("a", "docx"), ("b", "pdf"), ("c", "md"))
    ]
    programme = document(id="mpsc", kind="fact sheet")
    prints = {"a": text, "b": text, "c": print_of("\n".join(sentences(2)))}
    result = deduplicated([programme, *twins], prints, Names([]), {"a": 1.0})
    assert [(one.id, one.also_in) for one in result.kept] == [("mpsc", []), ("b", ["a.docx"]), ("c", [])]
    assert result.dropped == {"a": "same text as b.pdf, which is preferred"}


def test_what_everybody_may_read_stays_where_staff_has_it_too() -> None:
    text = print_of("\n".join(TEXT))
    twins = [
        document(id="a", path="a.docx", title="Leitfaden"),
        document(id="b", path="b.pdf", title="Leitfaden", group="internal"),
        document(id="c", path="c.md", title="Leitfaden", group="internal"),
    ]
    result = deduplicated(twins, {"a": text, "b": text, "c": text}, Names([]), {})
    assert [(one.id, one.also_in) for one in result.kept] == [("a", []), ("b", ["c.md"])]


def test_the_starter_library_holds_nothing_twice() -> None:
    reads = [(path.name, read_file(path)) for path in readable_files(STARTER_LIBRARY)]
    assert not find_duplicates(
        [
            Compared(name, name, read.title, text_print(read), read.date, read.genre, read.laender)
            for name, read in reads
        ]
    )
