"""Text to embedding with the configured sentence-transformers model."""

import logging
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.encoding import default_model
from knowledge.encoding.adapter import Adapter
from knowledge.encoding.architecture import Unconvertible, architecture, prompts
from knowledge.encoding.model_name import MODEL_VARIABLE, folder_named, model_id
from knowledge.errors import StadtlotseError
from knowledge.settings import Settings

Vectors = NDArray[np.float32]
Progress = Callable[[int, int], None]


log = logging.getLogger(__name__)


class Encoder(Protocol):
    """Turns texts into normalised embeddings; may be called from several threads."""

    dimensions: int

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """One row a text, shape (texts, dimensions)."""


@dataclass(frozen=True)
class Encoders:
    """The encoder of passages and that of queries, the same one for models that are not shipped."""

    of_passages: Encoder
    of_queries: Encoder


class Embedder:
    """A loaded model with its prompts. Its methods may be called from several threads."""

    def __init__(
        self, encoders: Encoders, identity: str, named_prompts: dict[str, str], adapter: Adapter | None = None
    ) -> None:
        """`identity` is the encoders' `model_id`, `named_prompts` what their folder says to put before texts, `adapter`
        what that of queries has learned beside."""
        self.model_id = identity
        self.queries_id = f"{identity} query" + (f" {adapter.name}" if adapter else "")
        self.dimensions = encoders.of_passages.dimensions
        self._encoders = encoders
        self._query_prompt, self._passage_prompt = _prompts(named_prompts, identity)

    @classmethod
    def load(cls, settings: Settings, progress: Progress | None = None) -> "Embedder":
        """Loads the configured model; unpacks the default one first if that was not done yet, reported to `progress`.

        A model of BERT's kind runs with 8-bit weights on OpenVINO; its graph is built once, into the folder of models.
        Any other runs on PyTorch. No request leaves the machine, unless the operator names a model of the Hugging Face
        hub and sets HF_HUB_OFFLINE=0: then the model is downloaded. Raises StadtlotseError when there is no such model.
        """
        name = settings.embedding_model
        models = settings.var / "models"
        folder = folder_named(name) if name else default_model.ensure_default_model(models, progress)
        may_download = folder is None and os.environ.get("HF_HUB_OFFLINE") == "0"
        _set_environment(may_download)
        identity = model_id(settings)
        try:
            found = folder or _hub_folder(name, may_download)
            adapter = None if name else Adapter.read()
            encoders = _encoders(found, str(folder or name), models / _file_name(identity), adapter, may_download)
            return cls(encoders, identity, prompts(found), adapter)
        except StadtlotseError:
            raise
        except Exception as error:  # whatever the libraries raise for a model that is absent, incomplete or of no use
            raise StadtlotseError(_explain(str(folder or name), folder, may_download, error)) from error

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Normalised embeddings of questions, one row for each."""
        return self._encoders.of_queries.encode([self._query_prompt + well_formed(text) for text in texts])

    def embed_alike(self, texts: Sequence[str]) -> Vectors:
        """Normalised embeddings by which questions are compared with each other: without what was learned for finding
        the passages that answer them."""
        return self._encoders.of_passages.encode([self._query_prompt + well_formed(text) for text in texts])

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Normalised embeddings of passages, one row for each; `progress` gets the texts done and all texts."""
        return self._encoders.of_passages.encode([self._passage_prompt + well_formed(text) for text in texts], progress)


def well_formed(text: str) -> str:
    """`text` without halves of surrogate pairs, which JSON can carry and tokenizers refuse."""
    return text.encode("utf-8", "replace").decode()


def _encoders(folder: Path, source: str, graph: Path, adapter: Adapter | None, may_download: bool) -> Encoders:
    """The quickest encoders that the model allows; libraries are loaded for these only."""
    try:
        sizes = architecture(folder)
        from knowledge.encoding.processor import ProcessorEncoder, ensure_graph

        of_passages = ProcessorEncoder(sizes, _written(lambda: ensure_graph(sizes, graph), graph))
        if adapter is None:
            return Encoders(of_passages, of_passages)
        of_queries = graph.with_name(f"{graph.name}-queries-{adapter.name}")
        made = _written(lambda: ensure_graph(sizes, of_queries, adapter), of_queries)
        return Encoders(of_passages, of_passages.with_graph(made))
    except Unconvertible as reason:
        from knowledge.encoding.pytorch import PytorchEncoder

        encoder = PytorchEncoder(source, may_download=may_download)
        log.warning("The embedding model %s runs on PyTorch, several times slower than others: %s.", source, reason)
        return Encoders(encoder, encoder)


def _written(write: Callable[[], Path], target: Path) -> Path:
    try:
        return write()
    except OSError as error:
        raise StadtlotseError(f"The embedding model cannot be prepared in {target} ({error.strerror or error}): "
                              "make sure the folder can be written and has 300 MB of space.") from error  # fmt: skip


def _file_name(identity: str) -> str:
    return re.sub(r"[^\w.@+-]", "--", identity)


def _set_environment(may_download: bool) -> None:
    """Tells the Hugging Face libraries, which read this at import, to stay silent and, as a rule, offline."""
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # it warns when a process is started later
    if not may_download:
        os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
        os.environ["HF_HUB_OFFLINE"] = "1"
        os.environ["TRANSFORMERS_OFFLINE"] = "1"


def _hub_folder(name: str, may_download: bool) -> Path:
    """Where the hub's client keeps a model; asks the hub for it only if that is allowed."""
    from huggingface_hub import snapshot_download

    wanted = ["*.json", "*.txt", "*.model", "*.safetensors"]
    return Path(
        snapshot_download(
            name, local_files_only=not may_download, allow_patterns=wanted, ignore_patterns=["onnx/*", "openvino/*"]
        )
    )


def _explain(source: str, folder: Path | None, may_download: bool, error: Exception) -> str:
    reason = next(iter(str(error).splitlines()), type(error).__name__)
    if folder:
        return f"The embedding model in {source} cannot be loaded ({reason}): delete or replace the folder."
    if may_download:
        return f"The embedding model {source} from {MODEL_VARIABLE} cannot be downloaded ({reason})."
    return (
        f"The embedding model {source} from {MODEL_VARIABLE} is neither a folder nor downloaded:"
        " set HF_HUB_OFFLINE=0 once to allow the download, or name a folder."
    )


def _prompts(named: dict[str, str], identity: str) -> tuple[str, str]:
    """What the model wants before a query and before a passage: what it says itself, else what all e5 models want."""
    query = named.get("query", "")
    passage = next((named[name] for name in ("document", "passage", "corpus") if named.get(name)), "")
    is_plain_e5 = re.search(r"(^|[-_/])e5([-_@+]|$)", identity) and "instruct" not in identity
    if is_plain_e5 and not query and not passage:
        return default_model.QUERY_PROMPT, default_model.PASSAGE_PROMPT
    return query, passage
