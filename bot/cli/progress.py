"""Progress of a build, on a terminal or in plain lines."""

import time
from collections.abc import Mapping
from threading import Lock
from types import TracebackType

from rich.console import Console
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


class BuildProgress:
    """Shows each step of a build by name with the time it took: a bar on a terminal, else one line a step."""

    def __init__(self, console: Console, usual: Mapping[str, float] | None = None) -> None:
        """`usual` gives the seconds that steps took the last time, as far as they are known."""
        self._console = console
        self._usual = usual or {}
        self._bars = Progress(
            SpinnerColumn(finished_text="[green]✓"),
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._tasks: dict[str, TaskID] = {}
        self._begun: dict[str, float] = {}
        self._told = Lock()

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            for step in list(self._tasks):
                self._finish(step)
        self._bars.stop()

    def __call__(self, step: str, done: int, of: int) -> None:
        """Note that a step has done so many of its parts; several may go on side by side, from any thread."""
        with self._told:
            self._begin(step)
            if step in self._tasks:
                self._bars.update(self._tasks[step], completed=done, total=of or None)
                if done >= of:
                    self._finish(step)

    def training(self) -> None:
        """Note that the training begins, which does not say how far it is."""
        with self._told:
            self._begin("train")

    def _begin(self, step: str) -> None:
        if step not in self._begun:
            self._begun[step] = time.monotonic()
            usual = f" (about {self._usual[step]:.0f} s)" if self._usual.get(step, 0) >= 1 else ""
            self._tasks[step] = self._bars.add_task(_STEPS[step] + usual, total=None)

    def _finish(self, step: str) -> None:
        task = self._tasks.pop(step)
        self._bars.update(task, completed=1, total=1)
        self._bars.stop_task(task)
        if not self._console.is_terminal:
            self._console.print(f"{_STEPS[step]}: {time.monotonic() - self._begun[step]:.1f} s")
