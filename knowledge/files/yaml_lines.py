"""Where in a YAML file a field stands, so that an error can name its line."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from knowledge.validation import reason


class Problem(BaseModel):
    """One thing that is wrong in a YAML file."""

    line: int | None
    field: str
    message: str

    def __str__(self) -> str:
        """Field, what is wrong with it, and the line."""
        return f"{self.field}: {self.message}{f' (line {self.line})' if self.line else ''}"


def validation_problems(path: Path, error: ValidationError, whole: str) -> list[Problem]:
    """What a validation found in a YAML file that can be read; `whole` names what is no single field."""
    try:
        content = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except (OSError, YAMLError):
        content = None
    found: list[Problem] = []
    for one in error.errors(include_url=False):
        field = ".".join(str(part) for part in one["loc"]) or whole
        found.append(Problem(line=_line(content, one["loc"]), field=field, message=reason(one)))
    return found


def unfilled(path: Path, content: Any) -> list[Problem]:
    """Texts that still are what a template put there, such as '<a sentence>'."""
    places = list(_marked(content, ()))
    lines = YAML(typ="rt").load(path.read_text(encoding="utf-8")) if places else None
    return [
        Problem(line=_line(lines, place), field=".".join(map(str, place)), message="it is still to be filled in")
        for place in places
    ]


def _marked(content: Any, place: tuple[int | str, ...]) -> Iterator[tuple[int | str, ...]]:
    if isinstance(content, str) and content.startswith("<") and content.endswith(">"):
        yield place
    items = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for part, inner in items:
        yield from _marked(inner, (*place, part))


def syntax_problem(error: YAMLError) -> Problem:
    """What makes a file no YAML."""
    mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
    message = " ".join(str(error).split())
    if (
        mark is not None
        and mark.buffer is not None
        and "\t" in mark.buffer[mark.buffer.rfind("\n", 0, mark.index) + 1 :][:1]
    ):
        message = "the line begins with a tab; use blanks"
    return Problem(line=mark.line + 1 if mark else None, field="YAML", message=message)


def _line(content: Any, place: Sequence[int | str]) -> int | None:
    """The line of the field, or of the innermost thing around it that is there."""
    line = 1 if isinstance(content, (CommentedMap, CommentedSeq)) else None
    for part in place:
        if isinstance(content, CommentedMap) and part in content:
            line = content.lc.key(part)[0] + 1
        elif isinstance(content, CommentedSeq) and isinstance(part, int) and part < len(content):
            line = content.lc.item(part)[0] + 1
        else:
            continue  # missing, or the name of an alternative
        content = content[part]
    return line
