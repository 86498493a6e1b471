"""Draws what the scale benchmark measured: latency, memory, build time and recall over the number of passages."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

from matplotlib import pyplot
from matplotlib.axes import Axes

# Okabe and Ito (2008): told apart with any colour vision, and each line has a mark of its own besides.
_BLUE, _ORANGE, _GREEN, _GREY = "#0072B2", "#D55E00", "#009E73", "#555555"
_STYLE = {
    "font.size": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#dddddd",
    "svg.fonttype": "none",
    "svg.hashsalt": "stadtlotse",
}


def draw(results: Mapping[int, Mapping[str, Any]], path: Path) -> None:
    """Draw the figures of each size into an SVG or PNG file."""
    sizes = sorted(results)

    def series(*names: str) -> list[float]:
        return [sum(float(results[size][name]) for name in names) for size in sizes]

    with pyplot.rc_context(_STYLE):
        figure, ((latency, found), (memory, build)) = pyplot.subplots(2, 2, figsize=(11, 8))
        _line(latency, sizes, series("answer_ms"), "whole answer, median", _BLUE, "o")
        _line(latency, sizes, series("answer_p95_ms"), "whole answer, 95th percentile", _BLUE, "^", dashed=True)
        _line(latency, sizes, series("vectors_ms"), "of this nearest vectors, median", _ORANGE, "s")
        _axes(latency, "Time for a question without its embedding", "milliseconds")
        _line(found, sizes, series("recall_at_10"), "recall@10 against exact search", _GREEN, "o")
        for size, value in zip(sizes, series("recall_at_10"), strict=True):
            found.annotate(
                f"{value:.3f}\n{results[size]['kind']}",
                (size, value),
                (0, -36),
                textcoords="offset points",
                ha="center",
            )
        found.axhline(0.97, color=_GREY, linestyle=":", linewidth=1.5)
        found.annotate("wanted: .97", (sizes[0], 0.97), (2, 4), textcoords="offset points", color=_GREY)
        found.set_ylim(0.94, 1.005)
        _axes(found, "Nearest vectors found", "share", from_zero=False, legend="lower left")
        gigabytes = [value / 1e9 for value in series("memory_own")]
        _line(memory, sizes, gigabytes, "memory of the process", _BLUE, "o")
        _line(
            memory, sizes, [value / 1e9 for value in series("memory_mapped")], "of files, mapped and read", _ORANGE, "s"
        )
        _line(memory, sizes, [value / 1e9 for value in series("vectors_bytes")], "vectors on disk", _GREEN, "^")
        _axes(memory, "Memory after all questions", "gigabytes")
        _line(build, sizes, series("build_words_s"), "words", _BLUE, "o")
        _line(build, sizes, series("build_vectors_s"), "vectors", _ORANGE, "s")
        _line(build, sizes, series("build_passages_s"), "passages, texts made up", _GREEN, "^")
        _axes(build, "Building the indexes, without encoding", "seconds")
        figure.tight_layout(h_pad=3, w_pad=3)
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None, dpi=120)
        pyplot.close(figure)


def _line(
    axes: Axes, sizes: list[int], values: list[float], label: str, colour: str, mark: str, *, dashed: bool = False
) -> None:
    axes.plot(sizes, values, label=label, color=colour, marker=mark, linewidth=2, linestyle="--" if dashed else "-")


def _axes(axes: Axes, title: str, unit: str, *, from_zero: bool = True, legend: str = "upper left") -> None:
    axes.set_title(title, loc="left", fontweight="bold", pad=12)
    axes.set_xscale("log")
    axes.set_xlabel("passages")
    axes.set_ylabel(unit)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.xaxis.set_minor_locator(matplotlib.ticker.NullLocator())
    if from_zero:
        axes.set_ylim(bottom=0)
    axes.margins(x=0.12)
    axes.legend(frameon=False, loc=legend)
