"""The encoder that runs on OpenVINO with 8-bit weights: single texts at once, many in batches of like length."""

import os
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from functools import cache
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.encoding.adapter import Adapter
from knowledge.encoding.architecture import Architecture
from knowledge.encoding.graph import encoder_graph, openvino, save_graph
from knowledge.encoding.pieces import PieceTokenizer
from knowledge.files.made_folder import ensure_made

Vectors = NDArray[np.float32]
Progress = Callable[[int, int], None]

_GRAPH = "encoder.xml"
# Tokens of a batch with its padding: more fill the processor's cache, fewer leave it waiting.
_BATCH_TOKENS = 1024
# So many texts at once are those of a conversation, for which the tokenizer of 275 MB is not loaded.
_FEW = 8
# Texts that are tokenised and sorted by their tokens at once.
_WINDOW = 1024
# Activations share a scale in groups of so many. With 384 in a group 1 - cosine to full precision is .0006 and nDCG@10
# falls by .007; with 64 it is .0002, and encoding takes 10 % longer.
_GROUP = 64


def ensure_graph(architecture: Architecture, folder: Path, adapter: Adapter | None = None) -> Path:
    """The file of the model's graph in `folder`, built there, with the adapter's changes, when missing or damaged.

    Raises `Unconvertible` where the model's tensors do not fit its architecture, `OSError` where it cannot be written.
    """
    return ensure_made(folder, lambda part: save_graph(encoder_graph(architecture, adapter), part / _GRAPH)) / _GRAPH


class ProcessorEncoder:
    """A loaded graph. May be used from several threads; a batch does not hold up single texts."""

    def __init__(self, architecture: Architecture, graph: Path) -> None:
        """Reads the tokenizer; each way of running the graph is prepared when it is first needed (0.5 s)."""
        self.dimensions = architecture.hidden
        self._padding = architecture.padding
        self._tokenizers = _Tokenizers(architecture)
        self._run(graph)

    def with_graph(self, graph: Path) -> "ProcessorEncoder":
        """An encoder that runs another graph of the same architecture and shares this one's tokenizer."""
        other = copy(self)
        other._run(graph)
        return other

    def _run(self, graph: Path) -> None:
        self._graph = graph
        self._single: Any = None
        self._single_lock = Lock()
        self._queue: Any = None
        self._queue_lock = Lock()

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Normalised embeddings, one row a text; `progress` gets the texts done and all texts."""
        if len(texts) == 1:
            return self._encode_one(texts[0])
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        if texts:
            with self._queue_lock:
                self._encode_many(texts, vectors, progress)
        return vectors

    def _encode_one(self, text: str) -> Vectors:
        """By one thread: a single text gains nothing from more and, on a busy machine, waits for the slowest."""
        inputs = self._inputs([self._tokenizers.numbers([text])[0]])
        with self._single_lock:
            if self._single is None:
                self._single = self._compiled(threads=1, streams=1).create_infer_request()
            return np.array(self._single.infer(inputs)[0], np.float32)

    def _encode_many(self, texts: Sequence[str], vectors: Vectors, progress: Progress | None) -> None:
        """One batch a processor core at a time, so that no core waits for another."""
        if self._queue is None:
            cores = len(os.sched_getaffinity(0))
            self._queue = openvino.AsyncInferQueue(self._compiled(threads=cores, streams=cores), 2 * cores)
        done = [0]

        def keep(request: Any, rows: list[int]) -> None:
            vectors[rows] = request.get_output_tensor(0).data
            done[0] += len(rows)

        self._queue.set_callback(keep)
        for rows, sequences in self._batches(texts):
            self._queue.start_async(self._inputs(sequences), rows)
            if progress:
                progress(done[0], len(texts))
        self._queue.wait_all()
        if progress:
            progress(len(texts), len(texts))

    def _compiled(self, threads: int, streams: int) -> Any:
        """The graph made ready for this processor; the file is mapped, so that processes share its pages."""
        core = _core()
        has_bfloat16 = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        return core.compile_model(
            str(self._graph),
            "CPU",
            {
                "INFERENCE_NUM_THREADS": threads,
                "NUM_STREAMS": streams,
                # Of what is not 8-bit; 1 - cosine to full precision is below .00001.
                "INFERENCE_PRECISION_HINT": "bf16" if has_bfloat16 else "f32",
                "DYNAMIC_QUANTIZATION_GROUP_SIZE": _GROUP,
                "ENABLE_CPU_PINNING": False,  # a pinned thread waits for a busy core while another is idle
            },
        )

    def _batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], list[list[int]]]]:
        """Rows and token numbers of the texts, the longest first, in batches that hold little padding."""
        by_length = iter(sorted(range(len(texts)), key=lambda row: -len(texts[row])))
        while window := list(islice(by_length, _WINDOW)):
            tokens = dict(zip(window, self._tokenizers.numbers([texts[row] for row in window]), strict=True))
            rows: list[int] = []
            for row in sorted(window, key=lambda row: -len(tokens[row])):
                if rows and (len(rows) + 1) * len(tokens[rows[0]]) > _BATCH_TOKENS:
                    yield rows, [tokens[one] for one in rows]
                    rows = []
                rows.append(row)
            yield rows, [tokens[one] for one in rows]

    def _inputs(self, sequences: Sequence[list[int]]) -> list[NDArray[Any]]:
        longest = max(map(len, sequences))
        tokens = np.full((len(sequences), longest), self._padding, np.int32)
        mask = np.zeros((len(sequences), longest), np.float32)
        for row, sequence in enumerate(sequences):
            tokens[row, : len(sequence)] = sequence
            mask[row, : len(sequence)] = 1
        return [tokens, mask]


class _Tokenizers:
    """The tokenizer for a few texts and that for many, each read when it is first needed, the first at once."""

    def __init__(self, architecture: Architecture) -> None:
        self._architecture = architecture
        self._lock = Lock()
        self._of_many: Any = None
        self._of_few = PieceTokenizer.read(architecture.tokenizer, architecture.max_tokens)
        if self._of_few is None:
            self._loaded()

    def numbers(self, texts: Sequence[str]) -> list[list[int]]:
        """The numbers of each text's tokens."""
        if self._of_few is not None and self._of_many is None and len(texts) <= _FEW:
            return [self._of_few.numbers(text) for text in texts]
        return [encoding.ids for encoding in self._loaded().encode_batch_fast(list(texts))]

    def _loaded(self) -> Any:
        from tokenizers import Tokenizer

        with self._lock:
            if self._of_many is None:
                tokenizer = Tokenizer.from_file(str(self._architecture.tokenizer))
                tokenizer.no_padding()
                tokenizer.enable_truncation(self._architecture.max_tokens)
                self._of_many = tokenizer
            return self._of_many


@cache
def _core() -> Any:
    """OpenVINO's core, one for as long as the process lives.

    Each gives the thread that makes it a stack for signal handlers. Where several end, one's stack is freed and still
    in use (`SigAltStackSetup` in OpenVINO's CPU plugin, 2026.4): the next signal, an orderly SIGTERM too, is a crash.
    """
    return openvino.Core()
