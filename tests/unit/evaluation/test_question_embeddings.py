"""Questions are embedded once by what a model knows of questions, and anew when it has learned something else."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from knowledge.encoding.embedding import Embedder, Vectors
from knowledge.encoding.embedding_cache import EmbeddingCache
from knowledge.encoding.known_questions import QuestionEmbedder
from knowledge.encoding.mean_questions import MeanQuestions
from knowledge.messages import LANGUAGES


class Counting(Embedder):
    """Notes what it is asked for; stands in for a model whose loading takes seconds."""

    def __init__(self, learned: str) -> None:
        self.model_id, self.dimensions = "model", 2
        self.queries_id = f"model query {learned}"
        self.embedded: list[str] = []

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        self.embedded += texts
        return np.tile(np.array([0.6, 0.8], np.float32), (len(texts), 1))


def means(cache: EmbeddingCache, learned: str) -> list[str]:
    """The mean questions are made by a process of its own; what the model had to embed for them."""
    model = Counting(learned)
    embedder = QuestionEmbedder(model, cache)
    np.testing.assert_allclose(MeanQuestions.of(embedder).mean("de"), [0.6, 0.8], rtol=1e-6)
    embedder.keep()
    return model.embedded


def test_the_next_process_embeds_no_question_again_unless_the_model_learned(tmp_path: Path) -> None:
    cache = EmbeddingCache(tmp_path / "embeddings.db")
    first = means(cache, "one")
    assert len(first) == len(set(first)) == len(LANGUAGES) * len(MeanQuestions.pairs())
    assert means(cache, "one") == []
    assert means(cache, "another") == first


def test_queries_of_the_shipped_model_are_told_from_those_before_it_learned(embedder: Embedder) -> None:
    assert embedder.queries_id.startswith(f"{embedder.model_id} query ")
