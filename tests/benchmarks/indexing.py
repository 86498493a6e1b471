"""What indexing costs beside bare encoding: `python -m tests.benchmarks indexing [--documents N] [--pages N]`.

Writes PDFs of pages with sentences of the starter library in an order of their own, builds an index of them from
nothing, encodes the very same passages without anything else before and after, and builds again after one document in a
hundred changed. Prints a table and, last, all figures as JSON; the memory is that of all processes together.
"""

import argparse
import json
import os
import random
import statistics
import tempfile
import textwrap
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from knowledge.build import build_knowledge, collect
from knowledge.embedding import Embedder
from knowledge.release import draft
from knowledge.settings import Settings, settings
from knowledge.sources import STARTER_LIBRARY
from knowledge.text import sentences
from tests.unit.knowledge.office_files import pdf

SENTENCES_A_PAGE = 22
CHANGED = 0.01


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


def build(chosen: Settings, folder: Path) -> None:
    """Build an index of the folder and make it current."""
    with draft(chosen, "benchmark") as (target, manifest):
        manifest.knowledge = build_knowledge(chosen, target, [folder], lambda *_: None)


def measure(root: Path, documents: int, pages: int) -> dict[str, float]:
    """All figures of one run."""
    (root / "var").mkdir()
    (root / "var" / "models").symlink_to((settings().var / "models").resolve())
    chosen = Settings(var=root / "var", embedding_model="")
    folder = root / "documents"
    folder.mkdir()
    pool = sentence_pool()
    for number in range(documents):
        write_document(folder / f"bericht-{number:05}.pdf", pages, pool, number)
    aside = chosen.model_copy(update={"var": root / "aside"})
    texts = list(dict.fromkeys(collect(aside, [folder], lambda *_: None).embedding_texts()))
    before = seconds(lambda: Embedder.load(chosen).embed_passages(texts))
    with peak_memory() as peak:
        full, full_cpu = seconds(lambda: build(chosen, folder))
    after = seconds(lambda: Embedder.load(chosen).embed_passages(texts))
    raw, raw_cpu = (statistics.fmean(pair) for pair in zip(before, after, strict=True))
    for number in range(max(1, round(CHANGED * documents))):
        write_document(folder / f"bericht-{number:05}.pdf", pages, pool, documents + number)
    again, _ = seconds(lambda: build(chosen, folder))
    return {
        "documents": documents,
        "pages": documents * pages,
        "passages": len(texts),
        "raw_s": raw,
        "full_s": full,
        "efficiency": raw / full,
        "raw_cpu_s": raw_cpu,
        "full_cpu_s": full_cpu,
        "efficiency_cpu": raw_cpu / full_cpu,
        "again_s": again,
        "again_share": again / full,
        "peak_mb": peak[0] / 2**20,
    }


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks indexing")
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--pages", type=int, default=10)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), chosen.documents, chosen.pages)
    print(
        f"{figures['pages']} pages in {figures['documents']} PDFs, {figures['passages']} passages\n"
        f"bare encoding   {figures['raw_s']:7.1f} s  {figures['passages'] / figures['raw_s']:6.1f} passages/s\n"
        f"whole build     {figures['full_s']:7.1f} s  {figures['passages'] / figures['full_s']:6.1f} passages/s,"
        f" {100 * figures['efficiency']:.0f} % of the bare rate"
        f" ({100 * figures['efficiency_cpu']:.0f} % by processor seconds),"
        f" at most {figures['peak_mb']:.0f} MB\n"
        f"1 % changed     {figures['again_s']:7.1f} s  {100 * figures['again_share']:.1f} % of the whole build"
    )
    print(json.dumps({name: round(value, 4) for name, value in figures.items()}))
