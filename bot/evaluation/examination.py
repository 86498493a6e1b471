"""The examination of a release before it goes live: shipped questions and the operator's own, asked in this process."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone

from bot.evaluation.intents import intents
from bot.evaluation.rehearsal import rehearse, texts_of
from bot.evaluation.sets import question_sets
from knowledge.answering.answers import Answerer
from knowledge.encoding.embedding import Embedder
from knowledge.encoding.embedding_cache import EmbeddingCache
from knowledge.encoding.known_questions import QuestionEmbedder
from knowledge.errors import StadtlotseError
from knowledge.evaluation.outcomes import Evaluation, Outcome, compare, outcome, question_key, read_evaluation
from knowledge.evaluation.questions import KnownQuestion
from knowledge.releases.release import Release
from knowledge.settings import Settings

Progress = Callable[[str, int, int], None]


class Examination:
    """Asks releases the same questions, with one loaded model."""

    def __init__(self, settings: Settings, embedder: Embedder, progress: Progress) -> None:
        self._settings = settings
        self._progress = progress
        self._sets = question_sets(settings)
        self._texts = texts_of([one for questions in self._sets.values() for one in questions])
        self._embedder = QuestionEmbedder(embedder, EmbeddingCache(settings.var / "cache" / "embeddings.db"))
        self._embedder.know(self._texts)

    def outcomes_of_live(self, release: Release) -> list[Outcome]:
        """What the live release says: what it was examined with before, the rest asked now.

        Empty where it cannot be asked, because it was built with another model.
        """
        kept = read_evaluation(release)
        known = {(one.set, one.key): one for one in kept.outcomes} if kept else {}
        found: list[Outcome] = []
        missing: dict[str, list[KnownQuestion]] = {}
        for name, questions in self._sets.items():
            for question in questions:
                if one := known.get((name, question_key(question))):
                    found.append(one)
                else:
                    missing.setdefault(name, []).append(question)
        try:
            return found + (self._asked(release, missing, "ask_live") if missing else [])
        except StadtlotseError:
            return found

    def evaluate(self, release: Release, before: Sequence[Outcome], against: str | None) -> Evaluation:
        """Ask a release all questions and compare with what another one says."""
        outcomes = self._asked(release, self._sets, "ask")
        self._embedder.keep()
        return Evaluation(
            taken_at=datetime.now(timezone.utc),
            questions=len(outcomes),
            right=sum(one.right for one in outcomes),
            outcomes=outcomes,
            comparison=compare(before, outcomes, against),
        )

    def _asked(self, release: Release, sets: Mapping[str, Sequence[KnownQuestion]], step: str) -> list[Outcome]:
        self._progress("intents", 0, 1)
        known = intents(self._settings, release, self._texts)
        self._progress("intents", 1, 1)
        answerer = Answerer.open(self._settings, release=release, embedder=self._embedder)
        outcomes: list[Outcome] = []
        total, done = sum(map(len, sets.values())), 0
        try:
            for name, questions in sets.items():
                replayed, _ = rehearse(answerer, known, questions, _from(self._progress, step, done, total))
                outcomes += [outcome(name, one) for one in replayed]
                done += len(questions)
        finally:
            answerer.library.close()
        return outcomes


def _from(progress: Progress, step: str, start: int, total: int) -> Callable[[int, int], None]:
    return lambda done, _: progress(step, start + done, total)
