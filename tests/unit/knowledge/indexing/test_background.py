"""An iterator that runs ahead: everything arrives in order, errors too, and leaving stops it."""

import threading
import time
from collections.abc import Iterator

import pytest

from knowledge.indexing.background import Ahead


def everything(ahead: "Ahead[int]") -> list[int]:
    taken: list[int] = []
    while (items := ahead.ready(wait=True)) is not None:
        taken.extend(items)
    return taken


def test_all_items_come_in_their_order() -> None:
    with Ahead(lambda: range(1000)) as ahead:
        assert everything(ahead) == list(range(1000))
        assert ahead.ready(wait=True) is None


def test_nothing_is_waited_for_unless_wanted() -> None:
    may_go_on = threading.Event()

    def slow() -> Iterator[int]:
        may_go_on.wait(30)
        yield 1

    with Ahead(slow) as ahead:
        assert ahead.ready(wait=False) == []
        may_go_on.set()
        assert everything(ahead) == [1]


def test_an_error_arrives_after_the_items_before_it() -> None:
    def failing() -> Iterator[int]:
        yield 1
        raise ValueError("broken")

    with Ahead(failing) as ahead, pytest.raises(ValueError, match="broken"):
        everything(ahead)


def test_leaving_early_closes_the_iterator_in_its_thread() -> None:
    closed_in: list[str] = []

    def endless() -> Iterator[int]:
        try:
            while True:
                time.sleep(0.001)
                yield 1
        finally:
            closed_in.append(threading.current_thread().name)

    with Ahead(endless) as ahead:
        assert ahead.ready(wait=True)
    assert closed_in == ["ahead"]
