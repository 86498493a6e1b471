"""Arrays on disk that are written through memory."""

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray


def new_mapped(path: Path, kind: DTypeLike, shape: tuple[int, ...]) -> NDArray[Any]:
    """A new array file mapped into memory, its space on the disk taken.

    Raises `OSError` where there is not enough: a process that writes to a page for which there is no space is ended.
    """
    array = np.lib.format.open_memmap(path, "w+", kind, shape)  # type: ignore[no-untyped-call]
    with path.open("r+b") as file:
        os.posix_fallocate(file.fileno(), 0, max(path.stat().st_size, 1))
    return array  # type: ignore[no-any-return]
