"""What `stadtlotse programmes` does."""

import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import typer
from rich.console import Console
from rich.text import Text

from bot import audit
from bot.cli.tables import counted, plain_table, wide_console
from knowledge.errors import StadtlotseError
from knowledge.factsheet import FactSheet
from knowledge.files.disk import writing_to
from knowledge.files.yaml_lines import Problem
from knowledge.indexing.stock import programmes_folder
from knowledge.releases.kept_sheets import read_sheets
from knowledge.releases.release import current_release, write_durably
from knowledge.settings import Settings, settings
from knowledge.sheet_files import SHEETS, read_fact_sheet, sheet_files

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TEMPLATE = Path(__file__).parent / "fact_sheet.yml"


def new(key: str, name: str, name_en: str) -> None:
    """Begin a fact sheet and print where; refuses to overwrite one."""
    chosen = settings()
    if not _KEY.fullmatch(key):
        raise StadtlotseError(f"{key} is no key; use small letters, digits and hyphens, such as 'solar-musterau'.")
    path = programmes_folder(chosen) / f"{key}.yml"
    if path.exists():
        raise StadtlotseError(f"{path} is there already; open it, or choose another key.")
    shipped = SHEETS / path.name
    with writing_to(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        if shipped.exists():
            shutil.copyfile(shipped, path)
        else:
            named = name or key
            values = {"KEY": key, "NAME_DE": named, "NAME_EN": name_en or named, "ID": _fact_id(key)}
            text = _TEMPLATE.read_text(encoding="utf-8")
            for mark, value in values.items():
                text = text.replace(
                    f"<{mark}>", value if mark in ("KEY", "ID") else json.dumps(value, ensure_ascii=False)
                )
            write_durably(path, text)
    audit.record(chosen, "programmes new", key=key)
    console = wide_console()
    about = "a copy of the shipped sheet, in whose place it will stand" if shipped.exists() else "to be filled in"
    _say(console, f"{path} is {about}.")
    _say(console, "Then: stadtlotse programmes check && stadtlotse retrain")


def check(files: Sequence[Path], as_json: bool) -> None:
    """Print every mistake; exits with 1 where there is one."""
    chosen = settings()
    own = sorted(programmes_folder(chosen).glob("*.yml"))
    found = _problems([file.expanduser() for file in files] or own, sheet_files(programmes_folder(chosen)))
    if as_json:
        listed = {str(path): [one.model_dump() for one in problems] for path, problems in found.items()}
        print(json.dumps(listed, indent=2, ensure_ascii=False))
    else:
        console = wide_console()
        for path, problems in found.items():
            for one in problems:
                _say(console, f"{path}{f', line {one.line}' if one.line else ''}: {one.field}: {one.message}", "red")
        wrong = sum(bool(problems) for problems in found.values())
        if found:
            _say(console, f"{counted(len(found), 'fact sheet')} checked, {wrong} with mistakes.")
        else:
            _say(console, "There is no fact sheet of your own yet; begin one with: stadtlotse programmes new KEY")
    if any(found.values()):
        raise typer.Exit(1)


def remove(keys: Sequence[str], *, dry_run: bool, as_json: bool) -> None:
    """Delete own fact sheets, all or none, and print which."""
    chosen = settings()
    paths = {key: _own_sheet(chosen, key) for key in keys}
    if not dry_run:
        with writing_to(chosen.library):
            for path in paths.values():
                path.unlink(missing_ok=True)
        audit.record(chosen, "programmes remove", keys=list(paths))
    if as_json:
        print(json.dumps(list(paths), ensure_ascii=False))
        return
    console = wide_console()
    for key, path in paths.items():
        left = "; the shipped one stands in its place again" if (SHEETS / path.name).exists() else ""
        _say(console, f"{key}: {'would be removed' if dry_run else 'removed'}{left}")
    if not dry_run:
        _say(console, "The live release holds them until 'stadtlotse retrain'; 'stadtlotse rollback' goes back to it.")


def list_programmes(as_json: bool) -> None:
    """Print all fact sheets."""
    chosen = settings()
    own, live = programmes_folder(chosen), _live(chosen)
    rows = []
    for path in sheet_files(own):
        sheet, problems = read_fact_sheet(path)
        state = "live" if sheet and live.get(sheet.key) == sheet else "changed" if path.stem in live else "not live"
        rows.append(
            {
                "key": path.stem,
                "name": sheet.name.de if sheet else None,
                "facts": len(sheet.facts) if sheet else 0,
                "as_of": sheet.status.as_of if sheet else None,
                "own": path.parent == own,
                "state": f"{len(problems)} mistakes" if problems else state,
            }
        )
    if as_json:
        print(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    console = wide_console()
    table = plain_table(console, "Key", "Name", "Facts", "Stand", "Whose", "State")
    for row in rows:
        whose = "own" if row["own"] else "shipped"
        cells = (row["name"] or "–", str(row["facts"]), row["as_of"] or "–", whose, row["state"])
        table.add_row(str(row["key"]), *map(str, cells))
    console.print(table)


def _problems(files: Sequence[Path], all_files: Sequence[Path]) -> dict[Path, list[Problem]]:
    """All mistakes by file, facts whose ids other sheets use among them."""
    ids: dict[str, Path] = {}
    for path in all_files:
        sheet, _ = read_fact_sheet(path)
        ids |= {fact.id: path for fact in sheet.facts if fact.id not in ids} if sheet else {}
    found: dict[Path, list[Problem]] = {}
    for path in files:
        sheet, problems = read_fact_sheet(path)
        for number, fact in enumerate(sheet.facts if sheet else ()):
            other = ids.get(fact.id, path)
            if other.stem != path.stem:
                said = f"{fact.id} is used in {other.name} too; choose another"
                problems.append(Problem(line=None, field=f"facts.{number}.id", message=said))
        found[path] = problems
    return found


def _own_sheet(chosen: Settings, key: str) -> Path:
    """The file of an own fact sheet; raises `StadtlotseError` for what is none."""
    if not _KEY.fullmatch(key):
        raise StadtlotseError(f"{key} is no key; 'stadtlotse programmes list' names those of all fact sheets.")
    path = programmes_folder(chosen) / f"{key}.yml"
    if path.exists():
        return path
    if (SHEETS / path.name).exists():
        raise StadtlotseError(
            f"The fact sheet {key} is shipped and cannot be removed; 'stadtlotse programmes new {key}' begins one of"
            " your own that stands in its place."
        )
    raise StadtlotseError(f"There is no fact sheet {key} of your own; 'stadtlotse programmes list' names all.")


def _live(chosen: Settings) -> dict[str, FactSheet]:
    release = current_release(chosen, damaged_is_none=True)
    try:
        sheets = read_sheets(release.path) if release else []
    except (OSError, ValueError):
        return {}
    return {sheet.key: sheet for sheet in sheets}


def _fact_id(key: str) -> str:
    """The beginning of the ids of a sheet's facts: 'SOLARMUSTERAU' for 'solar-musterau'."""
    return key.replace("-", "").upper()


def _say(console: Console, line: str, style: str = "") -> None:
    console.print(Text(line, style=style), soft_wrap=True)
