"""What indexing costs beside bare encoding: `python -m tests.benchmarks indexing [--documents N] [--pages N]`.

Writes PDFs of pages with sentences of the starter library in an order of their own, builds an index of them from
nothing, and builds again after one document in a hundred changed. Before and after it encodes a sample of the very same
texts without anything else, with the bot's encoder and with plain sentence-transformers on PyTorch, so that what else
the machine does weighs on both. Tells how far it is, prints a table and, last, all figures as JSON; the memory is that
of all processes together.
"""

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from knowledge.encoding.default_model import NAME
from knowledge.encoding.embedding import Embedder
from knowledge.indexing.build import build_knowledge, collect
from knowledge.indexing.sources import STARTER_LIBRARY
from knowledge.linguistics.text import sentences
from knowledge.releases.release import draft
from knowledge.settings import Settings, settings
from tests.benchmarks.encoding import Pytorch
from tests.benchmarks.scale import apart
from tests.unit.knowledge.office_files import pdf

SENTENCES_A_PAGE = 22
CHANGED = 0.01
# Texts that are encoded bare, and documents that they are drawn from.
OURS = 2000
PYTORCH = 200
SAMPLED = 30
SEED = 1
TOLD_EVERY = 30.0


def sentence_pool() -> list[str]:
    """Sentences of the starter library that a PDF's standard font can write."""
    with tempfile.TemporaryDirectory() as folder:
        passages = collect(Settings(var=Path(folder)), [STARTER_LIBRARY], lambda *_: None).passages
    pool = [one.text[start:end] for one in passages if one.lang == "de" for start, end in sentences(one.text)]
    whole = [" ".join(sentence.encode("cp1252", "ignore").decode("cp1252").split()) for sentence in pool]
    return sorted({sentence for sentence in whole if len(sentence) > 40})


def write_document(path: Path, pages: int, pool: Sequence[str], number: int) -> None:
    """A PDF with a heading and running text on each page."""
    choose = random.Random(number)
    content = []
    for page in range(pages):
        lines = textwrap.wrap(" ".join(choose.sample(pool, SENTENCES_A_PAGE)), 100)
        content.append([(16, f"Bericht {number}, Abschnitt {page + 1}"), *((8, line) for line in lines)])
    pdf(path, content)


def family(process: int) -> list[int]:
    """A process and all that it and they started."""
    try:
        started = [path.read_text().split() for path in Path(f"/proc/{process}/task").glob("*/children")]
    except OSError:
        return []
    return [process, *(one for children in started for child in children for one in family(int(child)))]


def memory(process: int) -> int:
    """Bytes of a process, its part of what it shares with others included; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


@contextmanager
def peak_memory() -> "Iterator[list[int]]":
    """The most bytes that this process and those it starts take together, shared pages counted once."""
    peak, stop = [0], threading.Event()

    def watch() -> None:
        while not stop.wait(0.5):
            peak[0] = max(peak[0], sum(map(memory, family(os.getpid()))))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        stop.set()
        watcher.join()


def seconds(action: Callable[[], object]) -> "tuple[float, float]":
    """Seconds of an action by the clock, and of processors that it and the processes it ended took."""
    begun, busy = time.perf_counter(), sum(os.times()[:4])
    action()
    return time.perf_counter() - begun, sum(os.times()[:4]) - busy


class Progress:
    """Tells on standard error how far a build is, twice a minute."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._begun = self._told = time.perf_counter()

    def __call__(self, step: str, done: int, of: int) -> None:
        now = time.perf_counter()
        if now - self._told >= TOLD_EVERY:
            self._told = now
            told = f"{self._title}: {step} {done:,} of {of:,} after {now - self._begun:.0f} s"
            print(told, file=sys.stderr, flush=True)


def build(chosen: Settings, folder: Path, title: str) -> None:
    """Build an index of the folder and make it current."""
    with draft(chosen, "benchmark") as (target, manifest):
        manifest.knowledge = build_knowledge(chosen, target, [folder], Progress(title))


def texts_of(chosen: Settings, folder: Path) -> list[str]:
    """All that is embedded of a folder's files, windows among it, each once."""
    collection = collect(chosen, [folder], lambda *_: None)
    windows = (text for some in collection.window_texts() for text in some)
    return list(dict.fromkeys([*collection.embedding_texts(), *windows]))


Rates = dict[str, tuple[float, float]]


def bare(chosen: Settings, samples: dict[str, list[str]]) -> Rates:
    """Texts a second, of the clock and of processors, of encoding alone: with the bot's encoder and with PyTorch.

    To be called in a process of its own, so that a build's memory is the build's.
    """
    encoders = {
        "ours": Embedder.load(chosen).embed_passages,
        "pytorch": Pytorch(chosen.var / "models" / NAME).passages,
    }
    rates: Rates = {}
    for name, encode in encoders.items():
        texts = samples[name]
        encode(texts[:8])  # warms up
        taken, cpu = seconds(lambda encode=encode, texts=texts: encode(texts))  # type: ignore[misc]
        rates[name] = len(texts) / taken, len(texts) / cpu
    return rates


def mean(rates: Sequence[Rates], name: str) -> tuple[float, float]:
    """The mean rates of an encoder."""
    by_clock, by_cpu = zip(*(one[name] for one in rates), strict=True)
    return statistics.fmean(by_clock), statistics.fmean(by_cpu)


def measure(root: Path, documents: int, pages: int) -> dict[str, float]:
    """All figures of one run."""
    (root / "var").mkdir()
    (root / "var" / "models").symlink_to((settings().var / "models").resolve())
    chosen = Settings(var=root / "var", embedding_model="")
    pool = sentence_pool()
    folder, some = root / "documents", root / "some"
    for target, count in ((folder, documents), (some, min(documents, SAMPLED))):
        target.mkdir()
        for number in range(count):
            write_document(target / f"bericht-{number:05}.pdf", pages, pool, number)
    drawn = texts_of(chosen.model_copy(update={"var": root / "aside"}), some)
    choose = random.Random(SEED)
    samples = {
        name: choose.sample(drawn, min(count, len(drawn))) for name, count in (("ours", OURS), ("pytorch", PYTORCH))
    }
    before = apart(bare, chosen, samples)
    with peak_memory() as peak:
        full, full_cpu = seconds(lambda: build(chosen, folder, "whole build"))
    rates = [before, apart(bare, chosen, samples)]
    texts = len(texts_of(chosen, folder))
    for number in range(max(1, round(CHANGED * documents))):
        write_document(folder / f"bericht-{number:05}.pdf", pages, pool, documents + number)
    again, _ = seconds(lambda: build(chosen, folder, "1 % changed"))
    (ours, ours_cpu), (pytorch, pytorch_cpu) = mean(rates, "ours"), mean(rates, "pytorch")
    return {
        "documents": documents,
        "pages": documents * pages,
        "texts": texts,
        "full_s": full,
        "full_cpu_s": full_cpu,
        "rate": texts / full,
        "ours_rate": ours,
        "pytorch_rate": pytorch,
        "of_ours": texts / full / ours,
        "of_ours_cpu": texts / full_cpu / ours_cpu,
        "of_pytorch": texts / full / pytorch,
        "of_pytorch_cpu": texts / full_cpu / pytorch_cpu,
        "again_s": again,
        "again_share": again / full,
        "peak_mb": peak[0] / 2**20,
    }


def row(name: str, figures: dict[str, float], key: str) -> str:
    """A line of the table: an encoder's rate, and the whole build's as a share of it."""
    return (
        f"{name:22} {figures[f'{key}_rate']:7.1f} texts/s   the build: {figures[f'of_{key}']:.2f} times as many,"
        f" {figures[f'of_{key}_cpu']:.2f} times by processor seconds"
    )


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks indexing")
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--pages", type=int, default=10)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), chosen.documents, chosen.pages)
    print(
        f"{figures['pages']:.0f} pages in {figures['documents']:.0f} PDFs, {figures['texts']:.0f} texts embedded\n"
        f"whole build            {figures['rate']:7.1f} texts/s   {figures['full_s']:.1f} s,"
        f" at most {figures['peak_mb']:.0f} MB\n"
        + row("sentence-transformers", figures, "pytorch")
        + "\n"
        + row("this encoder alone", figures, "ours")
        + f"\n1 % changed            {figures['again_s']:7.1f} s  {100 * figures['again_share']:.1f} % of the whole"
    )
    print(json.dumps({name: round(value, 4) for name, value in figures.items()}))
