"""Reading files of evaluation sets line by line; an error names the file and the line."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from knowledge.errors import StadtlotseError

_Record = TypeVar("_Record", bound=BaseModel)


def lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a UTF-8 file that are not blank, with their numbers from 1.

    Raises `StadtlotseError` where the file is missing or is no UTF-8 text.
    """
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, line.rstrip("\r\n")
    except OSError as error:
        raise StadtlotseError(f"{path} cannot be read ({error.strerror}); name an existing file.") from error
    except UnicodeDecodeError as error:
        raise StadtlotseError(f"{path} is not UTF-8 text; save it as UTF-8.") from error


def records(path: Path, kind: type[_Record]) -> Iterator[tuple[int, _Record]]:
    """The JSON objects of a JSON-lines file as records of a kind, with their line numbers.

    Raises `StadtlotseError` for a line that is no JSON object or lacks what the kind demands.
    """
    for number, line in lines(path):
        try:
            yield number, kind.model_validate_json(line)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = ".".join(map(str, first["loc"]))
            reason = f"{place}: {first['msg']}" if place else first["msg"]
            raise StadtlotseError(f"{path}, line {number}: {reason}; mend or remove the line.") from error
