"""What seems not to be for everybody is taken in with a hint that names the place and how to put it to the staff."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.additions import stocking
from bot.additions.stocking import Stocked, incoming_files
from knowledge.indexing.stock import Notes
from knowledge.settings import Settings
from tests.unit.knowledge import office_files, raw_files

TEXT = "Die Gemeinde Musterhausen öffnet ihr Freibad am 3. Juni um sieben Uhr und schließt es im September."
PEOPLE = "| Name | Geburtsdatum |\n|---|---|\n| A. Muster | 03.04.1970 |\n| B. Beispiel | 1.2.1980 |\n"


def added(tmp_path: Path, path: Path, group: str = "public") -> Stocked:
    settings = Settings(var=tmp_path / "var", embedding_model="")
    files = incoming_files([path], "", Notes.model_validate({"group": group, "stand": "2026-01-01"}))
    [found] = stocking.add(settings, files, dry_run=False, progress=lambda *_: None)
    assert found.status == "added"
    [held] = stocking.held(settings)
    assert held.group == group
    assert len([one for one in held.warnings if "for staff alone" in one]) == len(found.warnings)
    return found


def _markdown(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def _paged(path: Path) -> Path:
    pages = [
        [
            (9, "VS - NUR FÜR DEN DIENSTGEBRAUCH"),
            *((11, f"{TEXT} Das steht in Satz {page} {line}.") for line in range(9)),
        ]
        for page in range(4)
    ]
    return office_files.pdf(path, pages)


FILES: dict[str, tuple[Callable[[Path], Path], str]] = {
    "a heading": (
        lambda at: _markdown(at / "a.md", f"# Vermerk\n\n## Vertraulich\n\n{TEXT}\n"),
        "it is marked “Vertraulich”",
    ),
    "a line": (
        lambda at: _markdown(at / "b.md", f"# Vermerk\n\nEinstufung: intern\n\n{TEXT}\n"),
        "it is marked “Einstufung: intern” (below “Vermerk”)",
    ),
    "the beginning of a line": (
        lambda at: _markdown(at / "h.md", f"# Vermerk\n\nVertraulich. Entwurf des Amtes\n\n{TEXT}\n"),
        "it is marked “Vertraulich. Entwurf des Amtes” (below “Vermerk”)",
    ),
    "a phrase": (
        lambda at: _markdown(at / "c.md", f"# Vermerk\n\nDieser Vermerk ist VS-NfD. {TEXT}\n"),
        "(below “Vermerk”)",
    ),
    "the name": (lambda at: _markdown(at / "Vermerk_intern.md", f"# Vermerk\n\n{TEXT}\n"), "its name says “intern”"),
    "a page": (
        lambda at: office_files.pdf(at / "d.pdf", [[(18, "Vermerk"), (11, TEXT)], [(11, "INTERN"), (11, TEXT)]]),
        "“INTERN” (page 2)",
    ),
    "the heads of pages": (lambda at: _paged(at / "e.pdf"), "DIENSTGEBRAUCH” (at the edge of its pages)"),
    "the head of a Word document": (
        lambda at: raw_files.docx(at / "f.docx", raw_files.p(TEXT), header=raw_files.p("Vertraulich")),
        "it is marked “Vertraulich” (at the edge of its pages)",
    ),
    "a list of people": (
        lambda at: _markdown(at / "g.md", f"# Liste\n\n{PEOPLE}"),
        "it lists people with Geburtsdatum",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_what_is_marked_is_taken_with_a_hint(tmp_path: Path, name: str) -> None:
    make, clause = FILES[name]
    path = make(tmp_path)
    [warning] = added(tmp_path, path).warnings
    assert warning.startswith("everybody may read it, but ")
    assert clause in warning
    assert warning.endswith(f"; for staff alone: stadtlotse documents add {path} --group internal")


def test_in_the_internal_group_it_needs_no_hint(tmp_path: Path) -> None:
    assert added(tmp_path, _markdown(tmp_path / "a.md", f"# Vertraulich\n\n{TEXT}\n"), "internal").warnings == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Die Angaben werden vertraulich behandelt.",
        "Wir arbeiten intern und extern mit Partnern.",
        "Die interne Revision prüft die Vergabe.",
        "Fragen beantwortet Frau Muster, Telefon 0228 123456.",
        "| Name | Telefon |\n|---|---|\n| Bauamt | 0228 1 |\n| Bürgerbüro | 0228 2 |",
    ],
)
def test_words_of_a_sentence_are_no_marking(tmp_path: Path, sentence: str) -> None:
    assert added(tmp_path, _markdown(tmp_path / "a.md", f"# Bericht\n\n{TEXT}\n\n{sentence}\n")).warnings == []
