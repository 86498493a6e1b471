"""Progress of a build, on a terminal or in plain lines."""

import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn
from typing_extensions import Self

_STEPS = {
    "read": "Reading fact sheets and documents",
    "model": "Preparing the embedding model",
    "embed": "Embedding passages",
    "write": "Writing the index",
    "train": "Training the dialogue",
}


class BuildProgress:
    """Shows each step of a build by name with the time it took: a bar on a terminal, else one line a step."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars = Progress(
            SpinnerColumn(finished_text="[green]✓"),
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._step: str | None = None
        self._task: TaskID | None = None
        self._begun = 0.0

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._finish()
        self._bars.stop()

    def __call__(self, step: str, done: int, of: int) -> None:
        """Note that a step has done so many of its parts; a new step ends the one before."""
        if step != self._step:
            self._begin(step)
        if self._task is not None:
            self._bars.update(self._task, completed=done, total=of or None)

    def training(self) -> None:
        """Note that the training begins, which does not say how far it is."""
        self._begin("train")

    def _begin(self, step: str) -> None:
        self._finish()
        self._step = step
        self._begun = time.monotonic()
        self._task = self._bars.add_task(_STEPS[step], total=None)

    def _finish(self) -> None:
        if self._step is None or self._task is None:
            return
        total = self._bars.tasks[-1].total or 1
        self._bars.update(self._task, completed=total, total=total)
        self._bars.stop_task(self._task)
        if not self._console.is_terminal:
            self._console.print(f"{_STEPS[self._step]}: {time.monotonic() - self._begun:.1f} s")
        self._step = self._task = None
