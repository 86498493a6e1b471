"""An iterator that runs ahead in a thread of its own."""

import threading
from collections.abc import Callable, Iterable
from queue import SimpleQueue
from types import TracebackType
from typing import Generic, TypeVar

from typing_extensions import Self

Item = TypeVar("Item")
_PATIENCE = 1.0  # seconds


class Ahead(Generic[Item]):
    """Takes all items of an iterable in a thread, while others are worked on. A context manager.

    Leaving the block early stops the thread after the item it is at.
    """

    def __init__(self, make: Callable[[], Iterable[Item]]) -> None:
        """`make` is called in the thread, and what it gives is gone through and closed there."""
        self._make = make
        self._items: SimpleQueue[Item | None] = SimpleQueue()
        self._error: BaseException | None = None
        self._is_over = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ahead", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        # After an error nobody waits for a large file; the thread ends with the process.
        self._thread.join(None if kind is None else _PATIENCE)

    def ready(self, *, wait: bool) -> list[Item] | None:
        """The items that came since the last call; None when all were given.

        Waits for one if told to, where there is none yet. Raises what going through the iterable raised.
        """
        items: list[Item] = []
        while not self._is_over and ((wait and not items) or not self._items.empty()):
            item = self._items.get()
            if item is not None:
                items.append(item)
                continue
            self._is_over = True
            if self._error is not None:
                raise self._error
        return None if self._is_over and not items else items

    def _run(self) -> None:
        try:
            iterator = iter(self._make())
            for item in iterator:
                self._items.put(item)
                if self._stop.is_set():
                    break
            if (close := getattr(iterator, "close", None)) is not None:
                close()
        except BaseException as error:  # told to the thread that waits for items
            self._error = error
        finally:
            self._items.put(None)
