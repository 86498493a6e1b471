"""Retraining: a release built beside the one that answers, asked known questions, and taken live if nothing broke."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, Field

from bot.evaluation.sets import SHIPPED, question_sets
from bot.retraining import building, holds
from bot.retraining.gate import Floors, broken_floors
from knowledge.errors import StadtlotseError
from knowledge.evaluation.outcomes import Comparison, Evaluation, Outcome, write_evaluation
from knowledge.files.build_lock import sole_builder
from knowledge.files.disk import demand_room, writing_to
from knowledge.releases.release import (
    DIALOGUE_MODEL,
    KNOWLEDGE_PARTS,
    Candidate,
    Forced,
    Release,
    candidate,
    current_release,
    remove_abandoned_drafts,
)
from knowledge.releases.release_diff import ReleaseDiff, release_diff
from knowledge.releases.releases import remove_release, superfluous
from knowledge.settings import Settings

if TYPE_CHECKING:
    from knowledge.encoding.embedding import Embedder

Progress = Callable[[str, int, int], None]

# What a build writes beside the release: caches, and the temporary files of a training.
_BUILD_MEGABYTES, _TRAINING_MEGABYTES = 32, 128


class Retraining(BaseModel):
    """What became of a retraining."""

    status: Literal["live", "unchanged", "refused"]
    release: str | None = Field(description="Id of the release that was built, or of the live one where none was")
    base: str | None = Field(description="Id of the release that was live before")
    diff: ReleaseDiff | None = None
    accuracy: float | None = Field(None, description="Share of the questions that are answered right, 0…1")
    accuracy_before: float | None = None
    comparison: Comparison | None = None
    own_asked: int = Field(0, description="How many questions of the operator's own were asked")
    own_wrong: list[Outcome] = Field(default_factory=list, description="Those that are not answered right")
    broken_floors: list[str] = Field(default_factory=list, description="Why it was refused, or would have been")
    forced: str | None = Field(None, description="The reason it went live all the same")
    pruned: list[str] = Field(default_factory=list, description="Old releases that were deleted")
    seconds: dict[str, float] = Field(default_factory=dict)


@dataclass(frozen=True)
class Wishes:
    """What is asked of a retraining."""

    force: str | None = None
    """A reason to go live even where a floor is broken."""
    tolerate: int = 0
    """So many questions may get a wrong answer that were answered right."""
    everything: bool = False
    """Whether to build what did not change too."""

    def __post_init__(self) -> None:
        """Raises `StadtlotseError` where what is forced gives no reason."""
        if self.force is not None and not self.force.strip():
            raise StadtlotseError("--force needs a reason, which is kept with the release: --force 'why'.")


class _Clock:
    """Passes on what steps report and notes their seconds."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._began = time.monotonic()
        self._begun: dict[str, float] = {}
        self._ended: dict[str, float] = {}

    def __call__(self, step: str, done: int, of: int) -> None:
        now = time.monotonic()
        self._begun.setdefault(step, now)
        self._ended[step] = now
        self._progress(step, done, of)

    @property
    def seconds(self) -> dict[str, float]:
        """By step, and of all together."""
        steps = {step: round(self._ended[step] - begun, 2) for step, begun in self._begun.items()}
        return steps | {"total": round(time.monotonic() - self._began, 2)}


class Retrainer:
    """One retraining of an installation."""

    def __init__(self, settings: Settings, wishes: Wishes, progress: Progress) -> None:
        self._settings = settings
        self._wishes = wishes
        self._progress = _Clock(progress)
        self._embedder: Embedder | None = None

    def run(self, waiting: Callable[[str], None] | None) -> Retraining:
        """Build what changed, evaluate it, take it live if no floor is broken.

        `waiting` is told where another build is at work, which is then waited for; without it that raises
        `BuildRunningError`. Whatever else goes wrong raises `StadtlotseError`, and the live release stays as it was.
        """
        with writing_to(self._settings.var), sole_builder(self._settings, waiting):
            remove_abandoned_drafts(self._settings)
            base = current_release(self._settings, damaged_is_none=True)
            damage = base.damage() if base else []
            folders = building.folders_in_use(self._settings)
            knowledge = building.stale_knowledge(self._settings, folders) or _is_damaged(damage, KNOWLEDGE_PARTS)
            dialogue = building.stale_dialogue(self._settings) or _is_damaged(damage, (DIALOGUE_MODEL,))
            if not (knowledge or dialogue or self._wishes.everything):
                holds.release(self._settings)
                return Retraining(status="unchanged", release=base.id if base else None, base=base.id if base else None)
            demand_room(self._settings.var, _megabytes(base, dialogue=dialogue))  # the bot writes there too
            question_sets(self._settings)  # a mistake in the operator's is told before minutes of building
            with candidate(self._settings, version("stadtlotse")) as draft:
                if knowledge or self._wishes.everything:
                    self._build_knowledge(draft, folders)
                if dialogue:
                    self._train(draft)
                return self._decide(draft, base if base and not damage else None, folders)

    def _build_knowledge(self, draft: Candidate, folders: Sequence[Path]) -> None:
        from knowledge.indexing.build import build_knowledge

        draft.manifest.knowledge = build_knowledge(
            self._settings, draft.path, [path.resolve() for path in folders], self._progress, self._load
        )

    def _train(self, draft: Candidate) -> None:
        self._progress("train", 0, 1)
        draft.manifest.dialogue = building.trained(draft.path)
        self._progress("train", 1, 1)

    def _decide(self, draft: Candidate, base: Release | None, folders: Sequence[Path]) -> Retraining:
        release = draft.seal()
        before, evaluation = self._evaluate(base, release)
        comparison = evaluation.comparison or Comparison(against=None)
        diff = release_diff(base, release)
        broken = broken_floors(Floors(wrong=self._wishes.tolerate), comparison, base, release, diff)
        own = [one for one in evaluation.outcomes if one.set != SHIPPED]
        found = Retraining(
            status="refused",
            release=release.id,
            base=base.id if base else None,
            diff=diff,
            accuracy=evaluation.accuracy,
            accuracy_before=before,
            comparison=comparison,
            own_asked=len(own),
            own_wrong=[one for one in own if not one.right],
            broken_floors=broken,
            seconds=self._progress.seconds,
        )
        if broken and not self._wishes.force:
            reason = f"The last retraining was refused: {broken[0]}"
            holds.hold(self._settings, folders, reason)
            return found
        if broken and self._wishes.force:
            lost = [one.id for one in comparison.worse]
            draft.manifest.forced = Forced(reason=self._wishes.force, broken=lost)
            found.forced = self._wishes.force
        write_evaluation(draft.path, evaluation)
        draft.manifest.seconds = self._progress.seconds
        draft.activate()
        holds.release(self._settings)
        found.status, found.seconds = "live", self._progress.seconds
        for old in superfluous(self._settings, self._settings.kept_releases):
            remove_release(old)
            found.pruned.append(old.id)
        return found

    def _evaluate(self, base: Release | None, release: Release) -> tuple[float | None, Evaluation]:
        """The share that the base answers right, and the evaluation of the release against it."""
        from bot.evaluation.examination import Examination

        exam = Examination(self._settings, self._load(self._settings, lambda *_: None), self._progress)
        before = exam.outcomes_of_live(base) if base else []
        evaluation = exam.evaluate(release, before, base.id if base else None)
        return (sum(one.right for one in before) / len(before) if before else None), evaluation

    def _load(self, settings: Settings, progress: Callable[[int, int], None]) -> "Embedder":
        from knowledge.encoding.embedding import Embedder

        if self._embedder is None:
            self._embedder = Embedder.load(settings, progress)
        return self._embedder


def retrain(
    settings: Settings, wishes: Wishes, progress: Progress, waiting: Callable[[str], None] | None
) -> Retraining:
    """Retrain an installation; see `Retrainer.run`."""
    return Retrainer(settings, wishes, progress).run(waiting)


def _megabytes(base: Release | None, *, dialogue: bool) -> float:
    """How much room a build needs at most, as far as the release before tells."""
    files = base.path.rglob("*") if base else ()
    written = sum(path.stat().st_size for path in files if path.is_file()) / 1024**2
    return 2 * written + _BUILD_MEGABYTES + (_TRAINING_MEGABYTES if dialogue else 0)


def _is_damaged(damage: Sequence[str], parts: tuple[str, ...]) -> bool:
    return any(clause.startswith(parts) for clause in damage)
