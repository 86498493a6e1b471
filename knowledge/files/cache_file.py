"""SQLite files that spare work: losing one costs time, nothing else."""

import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import TypeVar

_Result = TypeVar("_Result")
_Item = TypeVar("_Item")

log = logging.getLogger(__name__)


class CacheFile:
    """A file that is made when it is first needed, started anew when damaged, and done without when out of reach."""

    def __init__(self, path: Path, title: str, schema: str) -> None:
        """`title` names it in log lines ('embedding cache'); `schema` creates its table where it is missing."""
        self._path = path
        self._title = title
        self._schema = schema

    def run(self, action: Callable[[sqlite3.Connection], _Result]) -> _Result | None:
        """The action's result; None when the file cannot be used. A damaged file is replaced."""
        try:
            try:
                return self._connected(action)
            except sqlite3.DatabaseError as error:
                if type(error) is not sqlite3.DatabaseError:  # its subclasses tell of other troubles, a lock for one
                    raise
                log.warning("The %s %s is damaged (%s) and is started anew.", self._title, self._path, error)
                for name in (self._path.name, f"{self._path.name}-journal"):
                    self._path.with_name(name).unlink(missing_ok=True)
                return self._connected(action)
        except (sqlite3.Error, OSError) as error:
            log.warning("The %s %s cannot be used (%s): its work is done anew.", self._title, self._path, error)
            return None

    def _connected(self, action: Callable[[sqlite3.Connection], _Result]) -> _Result:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._path, timeout=30)) as connection:
            connection.execute(self._schema)
            with connection:
                return action(connection)


def chunks(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    """The items in lists of `size`, the last one shorter."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
