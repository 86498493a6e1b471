"""Progress of a build: every step shows at once, moves, and says when it will be through."""

import io
import re
from collections.abc import Callable

import pytest
from rich.console import Console

from bot.cli import progress as module
from bot.cli.progress import BuildProgress

Clock = Callable[[float], None]


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Clock:
    now = [100.0]

    def go_on(seconds: float) -> None:
        now[0] += seconds

    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    return go_on


def lines(usual: dict[str, float] | None, work: Callable[[BuildProgress], None]) -> list[str]:
    said = io.StringIO()
    with BuildProgress(Console(file=said, width=80), usual) as progress:
        work(progress)
    return said.getvalue().splitlines()


def test_without_a_terminal_a_long_step_tells_each_tenth_with_an_estimate(wait: Clock) -> None:
    def work(progress: BuildProgress) -> None:
        for done in range(101):
            progress("embed", done, 100)
            wait(1)

    said = lines(None, work)
    assert said[0] == "Embedding passages: 10 % after 10 s, about 90 s left"
    assert said[-2] == "Embedding passages: 90 % after 90 s, about 10 s left"
    assert said[-1] == "Embedding passages: 100.0 s"
    assert len(said) == 10


def test_without_a_terminal_a_quick_step_is_one_line(wait: Clock) -> None:
    def work(progress: BuildProgress) -> None:
        for done in range(101):
            progress("read", done, 100)
            wait(0.01)

    assert lines(None, work) == ["Reading fact sheets and documents: 1.0 s"]


def test_a_step_that_counts_nothing_tells_what_it_took_the_last_time(wait: Clock) -> None:
    def work(progress: BuildProgress) -> None:
        progress.training()
        wait(50)
        progress("train", 1, 1)

    assert lines({"train": 43.2}, work) == ["Training the dialogue, about 43 s …", "Training the dialogue: 50.0 s"]
    assert re.fullmatch(r"Training the dialogue, about \d+ s …", lines(None, work)[0])


def test_on_a_terminal_a_step_that_counts_nothing_moves_by_the_clock() -> None:
    screen = Console(file=io.StringIO(), width=100, force_terminal=True)
    with BuildProgress(screen, {"train": 40.0}) as progress:
        bars = progress._bars
        bars.get_time = lambda: shown[0]
        shown = [0.0]
        progress.training()
        seen = []
        for shown[0] in (10.0, 20.0, 400.0):
            list(bars.get_renderables())
            seen.append(bars.tasks[0].percentage)
        assert seen == [25.0, 50.0, 95.0]
    assert bars.tasks[0].finished
