"""The fact sheets as a release keeps them: written by its build, read by all who ask what it knows."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import TypeAdapter

from knowledge.factsheet import FactSheet
from knowledge.releases.release import SHEETS

_SHEETS = TypeAdapter(list[FactSheet])


def write_sheets(release: Path, sheets: Sequence[FactSheet]) -> None:
    """Keep fact sheets in the folder of a release."""
    (release / SHEETS).write_bytes(_SHEETS.dump_json(list(sheets)))


def read_sheets(release: Path) -> list[FactSheet]:
    """The fact sheets in the folder of a release.

    Raises `OSError` where they cannot be read, `ValueError` where they are not what a build writes.
    """
    return _SHEETS.validate_json((release / SHEETS).read_bytes())
