"""The starter library: readable, dated, and without a figure that no fact sheet backs."""

import re
from collections.abc import Iterator

import pytest

from knowledge.indexing.sources import STARTER_LIBRARY, readable_files
from knowledge.linguistics.text import numbers
from knowledge.reading import Heading, ReadFile, Table, read_file
from knowledge.sheet_files import load_fact_sheets

FILES = list(readable_files(STARTER_LIBRARY))
_MONTHS = (
    "januar|january februar|february märz|march april mai|may juni|june juli|july august september oktober|october"
    " november dezember|december"
)
_MONTH = {name: number for number, names in enumerate(_MONTHS.split(), start=1) for name in names.split("|")}
_LONG_DATE = re.compile(rf"\b(\d{{1,2}})\.? ({'|'.join(_MONTH)}) (\d{{4}})\b", re.IGNORECASE)
_SHORT_DATE = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b")
_ISO_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_PERCENTAGE = re.compile(r"(\d+(?:[.,]\d+)?) ?(?:%|Prozent|per ?cent)")
_MAIL = re.compile(r"\b[\w.+-]+@\w[\w-]*\.[\w.-]*\w")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")


def words_of(read: ReadFile) -> str:
    """All words of a document but web addresses."""
    lines = (
        " ".join(" ".join(row) for row in block.rows) if isinstance(block, Table) else block.text
        for block in read.blocks
    )
    return " ".join(_ADDRESS.sub("", " ".join(lines)).split())


def dates(text: str) -> Iterator[str]:
    """Dates of a text as ISO dates, however they are written."""
    for day, month, year in _LONG_DATE.findall(text):
        yield f"{year}-{_MONTH[month.lower()]:02}-{int(day):02}"
    for day, month, year in _SHORT_DATE.findall(text):
        yield f"{year}-{int(month):02}-{int(day):02}"
    yield from _ISO_DATE.findall(text)


def percentages(text: str) -> set[str]:
    return {number.replace(",", ".") for number in _PERCENTAGE.findall(text)}


@pytest.fixture(scope="module")
def backed() -> str:
    """Everything that the fact sheets say."""
    return " ".join(" ".join(sheet.model_dump_json() for sheet in load_fact_sheets()).split())


@pytest.fixture(scope="module")
def library() -> dict[str, ReadFile]:
    return {path.name: read_file(path) for path in FILES}


def test_the_library_has_documents_of_four_formats() -> None:
    assert len(FILES) >= 12
    assert {path.suffix for path in FILES} == {".md", ".html", ".docx", ".pdf"}


@pytest.mark.parametrize("name", [path.name for path in FILES])
def test_a_document_has_title_date_language_and_headings(library: dict[str, ReadFile], name: str) -> None:
    read = library[name]
    assert read.title and read.title != name.partition(".")[0].replace("-", " ")
    assert read.as_of is not None and list(dates(read.as_of))
    assert read.lang == ("en" if name.startswith(("european", "smart-city-funding")) else "de")
    assert sum(isinstance(block, Heading) for block in read.blocks) >= 3
    assert read.has_pages == name.endswith(".pdf")


@pytest.mark.parametrize("name", [path.name for path in FILES])
def test_every_figure_of_a_document_stands_in_a_fact_sheet(
    library: dict[str, ReadFile], backed: str, name: str
) -> None:
    read = library[name]
    text = words_of(read)
    own_date = set(dates(read.as_of or ""))
    assert set(dates(text)) - own_date - set(dates(backed)) == set()
    assert percentages(text) - percentages(backed) == set()
    assert numbers(_SHORT_DATE.sub("", text)) - numbers(backed) == set()
    assert {mail for mail in _MAIL.findall(text) if mail not in backed} == set()
