"""Fact sheets of one's own: begun from a template, checked with line and field."""

import json
import subprocess
from pathlib import Path

import pytest

from knowledge.errors import StadtlotseError
from knowledge.settings import Settings
from knowledge.sheet_files import SHEETS, load_all_fact_sheets
from tests.processes import stadtlotse

FILLED = {
    "<Ein Satz: läuft es noch, und wie lange?>": "Das Programm läuft bis Ende 2027.",
    "<The same in English.>": "The programme runs until the end of 2027.",
    "<Ein ganzer Satz, der zitiert werden kann.>": "Die Gemeinde zahlt 40 Prozent der Kosten.",
    "<The same sentence in English.>": "The municipality pays 40 percent of the costs.",
    "<https://… die Seite, auf der das steht>": "https://musterau.example/solar",
}


def programmes(var: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return stadtlotse(Settings(var=var), "programmes", *arguments)


def test_a_sheet_is_begun_filled_in_and_right(tmp_path: Path) -> None:
    begun = programmes(tmp_path, "new", "solar-musterau", "--name", 'Solarförderung: "Musterau"')
    assert begun.returncode == 0, begun.stderr
    path = tmp_path / "library" / "programmes" / "solar-musterau.yml"
    assert str(path) in begun.stdout

    unfilled = programmes(tmp_path, "check")
    assert unfilled.returncode == 1
    assert f"{path}, line 17: status.text.de: it is still to be filled in" in unfilled.stdout

    text = path.read_text(encoding="utf-8")
    for mark, words in FILLED.items():
        text = text.replace(mark, words)
    path.write_text(text, encoding="utf-8")
    assert programmes(tmp_path, "check").returncode == 0
    assert load_all_fact_sheets(path.parent)[path].name.de == 'Solarförderung: "Musterau"'
    [row] = [row for row in json.loads(programmes(tmp_path, "list", "--json").stdout) if row["own"]]
    assert (row["key"], row["facts"], row["state"]) == ("solar-musterau", 1, "not live")

    path.write_text(text.replace("attribute: funding rate", "attribute: quote"), encoding="utf-8")
    [wrong] = json.loads(programmes(tmp_path, "check", "--json").stdout)[str(path)]
    line = 1 + text.splitlines().index(next(line for line in text.splitlines() if "attribute:" in line))
    assert (wrong["line"], wrong["field"]) == (line, "facts.0.attribute")


def test_a_key_that_is_none_or_is_taken_is_refused(tmp_path: Path) -> None:
    assert "is no key" in programmes(tmp_path, "new", "../Solar").stderr
    assert programmes(tmp_path, "new", "solar").returncode == 0
    assert "is there already" in programmes(tmp_path, "new", "solar").stderr


def test_an_own_sheet_stands_in_place_of_the_shipped_one(tmp_path: Path) -> None:
    assert "copy of the shipped sheet" in programmes(tmp_path, "new", "kts").stdout
    own = tmp_path / "library" / "programmes"
    sheets = load_all_fact_sheets(own)
    assert len(sheets) == len(list(SHEETS.glob("*.yml")))
    assert own / "kts.yml" in sheets


def test_an_own_sheet_is_removed_and_the_shipped_one_is_back(tmp_path: Path) -> None:
    own = tmp_path / "library" / "programmes"
    programmes(tmp_path, "new", "kts")
    programmes(tmp_path, "new", "solar")
    tried = programmes(tmp_path, "remove", "solar", "--dry-run")
    assert (tried.returncode, tried.stdout) == (0, "solar: would be removed\n")
    assert programmes(tmp_path, "remove", "solar", "mpsc").returncode == 1  # all or none
    assert sorted(path.stem for path in own.iterdir()) == ["kts", "solar"]

    removed = programmes(tmp_path, "remove", "solar", "kts")
    assert removed.stdout.splitlines()[:2] == [
        "solar: removed",
        "kts: removed; the shipped one stands in its place again",
    ]
    assert list(own.iterdir()) == []
    assert set(load_all_fact_sheets(own)) == set(SHEETS.glob("*.yml"))
    assert programmes(tmp_path, "remove", "../kts").returncode == 1


def test_a_fact_id_that_another_sheet_uses_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "library" / "programmes"
    own.mkdir(parents=True)
    (own / "zweite.yml").write_text((SHEETS / "kts.yml").read_text().replace("key: kts", "key: zweite"))
    assert "is used in kts.yml too" in programmes(tmp_path, "check").stdout
    with pytest.raises(StadtlotseError, match=r"is used in .* too; choose another"):
        load_all_fact_sheets(own)
