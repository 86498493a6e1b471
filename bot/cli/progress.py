"""Progress of a build, on a terminal or in plain lines."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from types import TracebackType

from rich.console import Console, RenderableType
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from typing_extensions import Self

_STEPS = {
    "read": "Reading fact sheets and documents",
    "model": "Preparing the embedding model",
    "embed": "Embedding passages",
    "write": "Writing the index",
    "train": "Training the dialogue",
    "start": "Starting a private bot",
    "ask": "Asking the questions",
    "ask_live": "Asking the live release the same",
    "intents": "Reading the questions with the dialogue",
}
# Seconds of the steps that do not say how far they are, on two cores, until a machine has taken them once itself.
_FIRST_TIME = {"model": 20.0, "write": 5.0, "train": 60.0, "start": 20.0, "intents": 15.0}
# A step whose time is guessed stands still there when it takes longer.
_NEARLY = 0.95
# Without a terminal: parts of a step that are worth a line, and seconds between two lines.
_PARTS = 10
_LINE_SECONDS = 2.0


@dataclass
class _Step:
    """A step at work."""

    task: TaskID
    begun: float
    told: float
    """When the last line about it was printed."""
    parts: int = 0
    """Tenths that it had done then."""


class BuildProgress:
    """Shows each step of a build by name, how far it is and when it will be through: a bar on a terminal, else lines.

    A step that does not say how far it is goes by the time it took before.
    """

    def __init__(self, console: Console, usual: Mapping[str, float] | None = None) -> None:
        """`usual` gives the seconds that steps took the last time, as far as they are known."""
        self._console = console
        self._usual = _FIRST_TIME | dict(usual or {})
        self._bars = _Bars(
            SpinnerColumn(finished_text="[green]✓"),
            TextColumn("{task.description}"),
            BarColumn(bar_width=20),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._steps: dict[str, _Step] = {}
        self._done: set[str] = set()
        self._told = Lock()

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            for step in list(self._steps):
                self._finish(step)
        self._bars.stop()

    def __call__(self, step: str, done: int, of: int) -> None:
        """Note that a step has done so many of its parts; several may go on side by side, from any thread."""
        with self._told:
            if step in self._done:
                return
            self._begin(step, is_counted=of > 1)
            if of > 1:
                self._bars.count(self._steps[step].task, done, of)
                self._tell(step, done, of)
            if done >= of:
                self._finish(step)

    def training(self) -> None:
        """Note that the training begins, which does not say how far it is."""
        self("train", 0, 1)

    def _begin(self, step: str, *, is_counted: bool) -> None:
        if step in self._steps:
            return
        now, usual = time.monotonic(), self._usual.get(step, 0)
        self._steps[step] = _Step(self._bars.begin(_STEPS[step], 0 if is_counted else usual), now, now)
        if not self._console.is_terminal and not is_counted and usual > _LINE_SECONDS:
            self._print(f"{_STEPS[step]}, about {usual:.0f} s …")

    def _tell(self, step: str, done: int, of: int) -> None:
        """Say how far a long step is, where no bar does."""
        one, now = self._steps[step], time.monotonic()
        parts = _PARTS * done // of
        if self._console.is_terminal or parts <= one.parts or done >= of or now - one.told < _LINE_SECONDS:
            return
        one.parts, one.told = parts, now
        left = (now - one.begun) * (of - done) / done
        self._print(f"{_STEPS[step]}: {100 * done // of} % after {now - one.begun:.0f} s, about {left:.0f} s left")

    def _finish(self, step: str) -> None:
        one = self._steps.pop(step)
        self._done.add(step)
        self._bars.finish(one.task)
        if not self._console.is_terminal:
            self._print(f"{_STEPS[step]}: {time.monotonic() - one.begun:.1f} s")

    def _print(self, line: str) -> None:
        self._console.print(line, highlight=False, soft_wrap=True)


class _Bars(Progress):
    """Bars that move by what is counted or, where nothing is, by the time that is usual."""

    def begin(self, description: str, usual: float) -> TaskID:
        """A new bar; `usual` is how many seconds it may take where nothing is counted, else 0."""
        return self.add_task(description, total=usual or None, usual=usual)

    def count(self, task: TaskID, done: int, of: int) -> None:
        """Move a bar to what is counted."""
        self.update(task, completed=done, total=of, usual=0)

    def finish(self, task: TaskID) -> None:
        """A bar that stands still at its end."""
        self.update(task, completed=1, total=1, usual=0)
        self.stop_task(task)

    def get_renderables(self) -> Iterable[RenderableType]:
        """What is drawn, several times a second."""
        for task in self.tasks:
            if usual := task.fields["usual"]:
                self.update(task.id, completed=min(task.elapsed or 0.0, _NEARLY * usual))
        yield from super().get_renderables()
