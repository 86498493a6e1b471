"""How fast texts become embeddings: `python -m tests.benchmarks encoding [--beir DIR] [--passages N]`.

The encoder that the bot uses against plain sentence-transformers on PyTorch (full precision, its own batches of 32), on
the same passages of the starter library and, one by one, the same questions; in turns, so that what else the machine
does weighs on both. With a BEIR folder also what 8-bit weights cost: nDCG@10 and MRR@10 of dense ranking alone, a
document ranked by its best passage. Prints a table and, last, all figures as JSON.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from ir_measures import RR, calc_aggregate, nDCG
from tokenizers import Tokenizer

from knowledge.encoding.default_model import PASSAGE_PROMPT, QUERY_PROMPT, ensure_default_model
from knowledge.encoding.embedding import Embedder, Vectors
from knowledge.evaluation.beir import read_judged_set
from knowledge.evaluation.indexing import read_entry
from knowledge.evaluation.questions import OWN_QUESTIONS
from knowledge.indexing.build import collect
from knowledge.indexing.passages import file_passages
from knowledge.indexing.sources import STARTER_LIBRARY
from knowledge.recognition.names import Names
from knowledge.settings import PROJECT, settings
from tests.unit.knowledge.samples import document

ROUNDS = 3
QUESTIONS = 40
_LOAD = {
    "ours": "from knowledge.encoding.embedding import Embedder; from knowledge.settings import settings;"
    "Embedder.load(settings()).embed_queries(['Frage']);",
    "pytorch": "from sentence_transformers import SentenceTransformer;"
    "SentenceTransformer({model!r}, model_kwargs={{'dtype': 'float32'}}).encode('Frage');",
}
_MEMORY = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"


class Ours:
    """The encoder that the bot uses."""

    def __init__(self) -> None:
        self._embedder = Embedder.load(settings())

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._embedder.embed_passages(texts)

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._embedder.embed_queries(texts)


class Pytorch:
    """The same model in sentence-transformers out of the box."""

    def __init__(self, model: Path) -> None:
        from sentence_transformers import SentenceTransformer

        self._model: Any = SentenceTransformer(str(model), model_kwargs={"dtype": "float32"})

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode(PASSAGE_PROMPT, texts)

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode(QUERY_PROMPT, texts)

    def _encode(self, prompt: str, texts: Sequence[str]) -> Vectors:
        vectors: Vectors = self._model.encode(
            [prompt + text for text in texts], normalize_embeddings=True, show_progress_bar=False
        )
        return vectors


def seconds(action: Callable[[], object]) -> float:
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def starter_texts(count: int) -> list[str]:
    """What of the starter library's passages is embedded, spread over all lengths."""
    with tempfile.TemporaryDirectory() as folder:
        chosen = settings().model_copy(update={"var": Path(folder)})
        texts = sorted(collect(chosen, [STARTER_LIBRARY], lambda *_: None).embedding_texts(), key=len)
    return [texts[place] for place in np.linspace(0, len(texts) - 1, min(count, len(texts)), dtype=int)]


def questions() -> list[str]:
    entries = [json.loads(line) for line in OWN_QUESTIONS.read_text(encoding="utf-8").splitlines()]
    return [entry["question"] for entry in entries][:QUESTIONS]


def loaded(name: str, model: Path) -> dict[str, float]:
    """Seconds and MB of a process of its own until it has embedded its first question."""
    script = _LOAD[name].format(model=str(model)) + _MEMORY
    begun = time.perf_counter()
    run = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, check=True, capture_output=True, text=True)
    return {f"{name}_start_s": time.perf_counter() - begun, f"{name}_mb": float(run.stdout)}


def speed(encoders: "dict[str, Ours | Pytorch]", texts: Sequence[str], asked: Sequence[str]) -> dict[str, float]:
    """Seconds for all passages and for a question, medians over rounds in turn."""
    passages: dict[str, list[float]] = {name: [] for name in encoders}
    queries: dict[str, list[float]] = {name: [] for name in encoders}
    for number in range(ROUNDS + 1):
        for name, encoder in encoders.items():
            part = texts if number else texts[:4]
            taken = seconds(lambda one=encoder, part=part: one.passages(part))
            each = [seconds(lambda one=encoder, text=text: one.queries([text])) for text in asked]
            if number:  # the first round warms up
                passages[name].append(taken)
                queries[name].extend(each)
    return {f"{name}_passages_s": statistics.median(values) for name, values in passages.items()} | {
        f"{name}_query_ms": 1000 * statistics.median(values) for name, values in queries.items()
    }


def quality(encoders: "dict[str, Ours | Pytorch]", folder: Path) -> dict[str, float]:
    """nDCG@10 and MRR@10 of each encoder, and the lowest cosine between their embeddings of a passage."""
    judged = read_judged_set(folder)
    texts, owners = [], []
    for entry in judged.entries.values():
        read = read_entry(entry)
        for passage in file_passages(document(), read, Names([])):
            texts.append(f"{read.title}: {passage.text}")
            owners.append(entry.id)
    asked = [query for query in judged.queries if query.id in judged.relevant]
    figures: dict[str, float] = {}
    made: list[Vectors] = []
    for name, encoder in encoders.items():
        made.append(encoder.passages(texts))
        scores = encoder.queries([query.text for query in asked]) @ made[-1].T
        run = {query.id: best_passages(row, owners) for query, row in zip(asked, scores, strict=True)}
        measured = calc_aggregate([nDCG @ 10, RR @ 10], judged.relevant, run)
        figures |= {f"{name}_ndcg@10": measured[nDCG @ 10], f"{name}_mrr@10": measured[RR @ 10]}
    return figures | {"lowest_cosine": float((made[0] * made[1]).sum(axis=1).min())}


def best_passages(scores: Vectors, owners: Sequence[str]) -> dict[str, float]:
    """The score of each document's best passage."""
    best: dict[str, float] = {}
    for owner, score in zip(owners, scores.tolist(), strict=True):
        best[owner] = max(score, best.get(owner, -1.0))
    return best


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks encoding")
    parser.add_argument("--beir", type=Path, help="a judged set, to measure what 8-bit weights cost")
    parser.add_argument("--passages", type=int, default=300)
    chosen = parser.parse_args(arguments)
    model = ensure_default_model(settings().var / "models")
    texts = starter_texts(chosen.passages)
    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    tokens = sum(len(encoding.ids) for encoding in tokenizer.encode_batch([PASSAGE_PROMPT + text for text in texts]))
    figures: dict[str, float] = {"passages": len(texts), "tokens": tokens}
    for name in _LOAD:
        figures |= loaded(name, model)
    encoders: dict[str, Ours | Pytorch] = {"pytorch": Pytorch(model), "ours": Ours()}
    figures |= speed(encoders, texts, questions())
    figures["passages_ratio"] = figures["pytorch_passages_s"] / figures["ours_passages_s"]
    figures["query_ratio"] = figures["pytorch_query_ms"] / figures["ours_query_ms"]
    if chosen.beir:
        figures |= quality(encoders, chosen.beir)
    for name in encoders:
        taken = figures[f"{name}_passages_s"]
        print(
            f"{name:8} {len(texts) / taken:6.1f} passages/s {tokens / taken:7.0f} tokens/s"
            f"  question {figures[f'{name}_query_ms']:5.1f} ms"
            f"  from start to first question {figures[f'{name}_start_s']:4.1f} s, {figures[f'{name}_mb']:5.0f} MB"
            + (
                f"  nDCG@10 {figures[f'{name}_ndcg@10']:.4f} MRR@10 {figures[f'{name}_mrr@10']:.4f}"
                if chosen.beir
                else ""
            )
        )
    print(json.dumps({name: round(value, 4) for name, value in figures.items()}))
