"""The files of fact sheets: read, checked, and those of an installation put in place of shipped ones."""

from pathlib import Path

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from knowledge.errors import StadtlotseError
from knowledge.factsheet import FactSheet
from knowledge.files.yaml_lines import Problem, syntax_problem, unfilled, validation_problems

SHEETS = Path(__file__).parent / "programmes"


def load_fact_sheet(path: Path) -> FactSheet:
    """Read and check one fact sheet.

    Raises `StadtlotseError` that names the file, the field, what is wrong with it, and the line.
    """
    sheet, problems = read_fact_sheet(path)
    if sheet is None:
        first = problems[0]
        if first.field == "YAML":
            raise StadtlotseError(f"{path} is not valid YAML: {first.message}")
        raise StadtlotseError(f"{path}: {first}.")
    return sheet


def read_fact_sheet(path: Path) -> tuple[FactSheet | None, list[Problem]]:
    """A fact sheet, or None with all that is wrong in its file."""
    try:
        content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        if problems := unfilled(path, content):
            return None, problems
        sheet = FactSheet.model_validate(content)
    except YAMLError as error:
        return None, [syntax_problem(error)]
    except ValidationError as error:
        return None, validation_problems(path, error, "the sheet")
    except OSError as error:
        return None, [Problem(line=None, field="the file", message=f"it cannot be read ({error.strerror})")]
    except UnicodeDecodeError:
        return None, [Problem(line=None, field="the file", message="it is no UTF-8 text; save it as UTF-8")]
    if sheet.key != path.stem:
        wrong = f"key is '{sheet.key}' but the file is called {path.name}; make them the same"
        return None, [Problem(line=1, field="key", message=wrong)]
    return sheet, []


def load_fact_sheets(folder: Path = SHEETS) -> list[FactSheet]:
    """Read and check every fact sheet of a folder, in the order of their file names."""
    return [load_fact_sheet(path) for path in sorted(folder.glob("*.yml"))]


def sheet_files(own: Path) -> list[Path]:
    """The files of all fact sheets by their names: those in the folder `own` stand in place of shipped ones."""
    files = {path.stem: path for folder in (SHEETS, own) for path in sorted(folder.glob("*.yml"))}
    return [files[key] for key in sorted(files)]


def load_all_fact_sheets(own: Path) -> dict[Path, FactSheet]:
    """The shipped fact sheets and those in the folder `own`, by their files.

    Raises `StadtlotseError` where one is not valid or two use the same id for a fact.
    """
    sheets = {path: load_fact_sheet(path) for path in sheet_files(own)}
    known: dict[str, Path] = {}
    for path, sheet in sheets.items():
        for fact in sheet.facts:
            if fact.id in known:
                raise StadtlotseError(f"{path}: the fact id {fact.id} is used in {known[fact.id]} too; choose another.")
            known[fact.id] = path
    return sheets


def load_valid_fact_sheets(own: Path) -> list[FactSheet]:
    """As `load_all_fact_sheets`, without those that are not valid: for what does not build upon them."""
    return [sheet for path in sheet_files(own) if (sheet := read_fact_sheet(path)[0]) is not None]
