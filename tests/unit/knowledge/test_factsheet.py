"""Fact sheets: what the schema refuses, and that the shipped ones keep to it."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from knowledge.errors import StadtlotseError
from knowledge.factsheet import FactSheet
from knowledge.linguistics.text import folded
from knowledge.sheet_files import SHEETS, load_fact_sheet, load_fact_sheets
from tests.unit.knowledge.samples import raw_conflict, raw_fact, raw_sheet


@pytest.fixture(scope="module")
def shipped() -> list[FactSheet]:
    return load_fact_sheets()


def written(folder: Path, sheet: dict[str, Any], name: str = "demo.yml") -> Path:
    path = folder / name
    path.write_text(json.dumps(sheet), encoding="utf-8")  # JSON is YAML too
    return path


def test_a_valid_sheet_is_read(tmp_path: Path) -> None:
    quantities = [
        {"kind": "money", "euros": 1000.5, "is_maximum": True},
        {"kind": "percent", "percent": 65},
        {"kind": "count", "count": 3, "of": "Städte"},
        {"kind": "date", "date": "2024-05-01"},
        {"kind": "deadline", "date": "2024-06-30"},
    ]
    sheet = load_fact_sheet(written(tmp_path, raw_sheet(facts=[raw_fact(quantities=quantities), raw_conflict()])))
    assert [quantity.kind for quantity in sheet.facts[0].quantities] == [
        "money",
        "percent",
        "count",
        "date",
        "deadline",
    ]
    assert [len(claim.sources) for claim in sheet.facts[1].claims] == [1, 1]


def sheet_with_fact(**changes: Any) -> dict[str, Any]:
    return raw_sheet(facts=[raw_fact(**changes)])


CLAIM = {"value": {"de": "acht", "en": "eight"}, "sources": ["https://eins.example/"]}


@pytest.mark.parametrize(
    ("sheet", "field", "words"),
    [
        (raw_sheet(colour="red"), "colour", "there is no such field"),
        (raw_sheet(key="Demo Programm"), "key", "must look like"),
        (raw_sheet(name={"de": "Nur deutsch"}), "name.en", "missing"),
        (raw_sheet(name={"de": "  ", "en": "Demo"}), "name.de", "empty"),
        (raw_sheet(kind="event"), "kind", "funding programme"),
        (raw_sheet(level="county"), "level", "Bund"),
        (raw_sheet(laender=["XX"]), "laender.0", "NW"),
        (raw_sheet(short_names=[""]), "short_names.0", "empty"),
        (raw_sheet(status=None), "status", "lines of its own"),
        (
            raw_sheet(status={"state": "gone", "text": {"de": "x", "en": "x"}, "as_of": "2024"}),
            "status.state",
            "running",
        ),
        (raw_sheet(facts=[]), "facts", "at least 1 needed"),
        (raw_sheet(facts=[raw_fact(), raw_fact()]), "the sheet", "DEMO-01"),
        (sheet_with_fact(id="demo 1"), "facts.0.id", "must look like"),
        (sheet_with_fact(label=None), "facts.0.label", "missing"),
        (sheet_with_fact(attribute="colour"), "facts.0.attribute", "funding rate"),
        (sheet_with_fact(status="unverified"), "facts.0.status", "verified"),
        (sheet_with_fact(as_of=None), "facts.0.as_of", "missing"),
        (sheet_with_fact(value=None), "facts.0", "needs a value and sources"),
        (sheet_with_fact(sources=[]), "facts.0", "needs a value and sources"),
        (sheet_with_fact(claims=[CLAIM, CLAIM]), "facts.0", "no claims"),
        (sheet_with_fact(sources=["der Flyer"]), "facts.0.sources.0", "web address"),
        (sheet_with_fact(sources=["ftp://server.example/flyer"]), "facts.0.sources.0", "web address"),
        (sheet_with_fact(surprise=1), "facts.0.surprise", "there is no such field"),
        (raw_sheet(facts=[raw_conflict(claims=[CLAIM])]), "facts.0", "at least two claims"),
        (raw_sheet(facts=[raw_conflict(value={"de": "acht", "en": "eight"})]), "facts.0", "no value of its own"),
        (raw_sheet(facts=[raw_conflict(sources=["https://eins.example/"])]), "facts.0", "no value of its own"),
        (
            raw_sheet(facts=[raw_conflict(claims=[CLAIM, {**CLAIM, "sources": []}])]),
            "facts.0.claims.1.sources",
            "at least 1 needed",
        ),
        (sheet_with_fact(quantities=[{"kind": "weight", "kilos": 3}]), "facts.0.quantities.0", "money"),
        (sheet_with_fact(quantities=[{"kind": "money", "euros": -1}]), "facts.0.quantities.0.money.euros", "0 or more"),
        (
            sheet_with_fact(quantities=[{"kind": "percent", "percent": 120}]),
            "facts.0.quantities.0.percent.percent",
            "100.0 or less",
        ),
        (sheet_with_fact(quantities=[{"kind": "count", "count": 3}]), "facts.0.quantities.0.count.of", "missing"),
        (sheet_with_fact(quantities=[{"kind": "date", "date": "bald"}]), "facts.0.quantities.0.date.date", "date"),
        (
            sheet_with_fact(quantities=[{"kind": "deadline", "date": "2024-02-30"}]),
            "facts.0.quantities.0.deadline.date",
            "date",
        ),
    ],
)
def test_what_breaks_a_rule_is_refused_with_file_and_field(
    tmp_path: Path, sheet: dict[str, Any], field: str, words: str
) -> None:
    path = written(tmp_path, sheet)
    with pytest.raises(StadtlotseError) as refused:
        load_fact_sheet(path)
    said = str(refused.value)
    assert said.startswith(f"{path}: {field}: ")
    assert words in said
    assert "\n" not in said


@pytest.mark.parametrize("content", ["key: [", "a: b: c", "key: demo\nkey: demo", "\tkey: demo"])
def test_what_is_no_yaml_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "demo.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(StadtlotseError) as refused:
        load_fact_sheet(path)
    assert "demo.yml is not valid YAML" in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("content", ["", "nur ein Satz", "- eins\n- zwei"])
def test_what_is_no_mapping_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "demo.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(StadtlotseError, match=r"demo\.yml: the sheet: "):
        load_fact_sheet(path)


def test_a_key_is_the_name_of_its_file(tmp_path: Path) -> None:
    with pytest.raises(StadtlotseError, match=r"key is 'demo' but the file is called other\.yml"):
        load_fact_sheet(written(tmp_path, raw_sheet(), "other.yml"))


def test_there_is_a_sheet_for_each_of_the_programmes(shipped: list[FactSheet]) -> None:
    assert len(shipped) == 38
    assert {sheet.key for sheet in shipped} == {path.stem for path in SHEETS.iterdir()}


def test_fact_ids_are_unique_across_sheets(shipped: list[FactSheet]) -> None:
    ids = Counter(fact.id for sheet in shipped for fact in sheet.facts)
    assert [fact_id for fact_id, count in ids.items() if count > 1] == []


def test_no_statement_is_without_a_source(shipped: list[FactSheet]) -> None:
    for fact in (fact for sheet in shipped for fact in sheet.facts):
        assert fact.sources or all(claim.sources for claim in fact.claims)
        assert fact.as_of


def test_a_name_belongs_to_one_programme(shipped: list[FactSheet]) -> None:
    owners: dict[str, set[str]] = {}
    for sheet in shipped:
        for name in sheet.names:
            owners.setdefault(folded(name), set()).add(sheet.key)
    assert {name: keys for name, keys in owners.items() if len(keys) > 1} == {}
