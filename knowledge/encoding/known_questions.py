"""Embeddings of questions that are asked of one release after the other."""

from collections.abc import Sequence

from knowledge.encoding.embedding import Embedder, Progress, Vectors
from knowledge.encoding.embedding_cache import EmbeddingCache


class QuestionEmbedder(Embedder):
    """A loaded model that embeds no question twice, in this process or a later one."""

    def __init__(self, embedder: Embedder, cache: EmbeddingCache) -> None:
        self.model_id = embedder.model_id
        self.queries_id = embedder.queries_id
        self.dimensions = embedder.dimensions
        self._embedder = embedder
        self._cache = cache
        self._known: dict[str, Vectors] = {}
        self._new: dict[str, Vectors] = {}

    def know(self, texts: Sequence[str]) -> None:
        """Take from the cache what it has of these questions, so that each is not asked for by itself."""
        self._known.update(self._cache.get(self.queries_id, texts))

    def keep(self) -> None:
        """Put into the cache what was embedded anew."""
        if self._new:
            self._cache.put(self.queries_id, self._new)
            self._new = {}

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Normalised embeddings of questions, one row for each."""
        import numpy as np

        missing = [text for text in dict.fromkeys(texts) if text not in self._known]
        if missing:
            stored = self._cache.get(self.queries_id, missing)
            unknown = [text for text in missing if text not in stored]
            if unknown:
                self._new.update(zip(unknown, self._embedder.embed_queries(unknown), strict=True))
            self._known.update(stored | self._new)
        return np.array([self._known[text] for text in texts], np.float32).reshape(len(texts), self.dimensions)

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Normalised embeddings of passages, one row for each."""
        return self._embedder.embed_passages(texts, progress)
