"""What became better and worse, and what does not go live because of it."""

from pathlib import Path

import pytest

from bot.evaluation.routes import routes
from bot.retraining.gate import Floors, broken_floors
from knowledge.evaluation.outcomes import Comparison, Outcome, compare
from knowledge.releases.release import KnowledgeManifest, Release, draft, open_release
from knowledge.releases.release_diff import Differences, ReleaseDiff
from knowledge.settings import Settings


def said(id: str, words: str, *, right: bool = True, declined: bool = False, source: str = "Flyer") -> Outcome:
    return Outcome(
        key=id,
        id=id,
        set="shipped",
        kind="single",
        lang="de",
        dialog=[],
        question=f"Frage {id}?",
        right=right,
        reason=None if right else "it was declined" if declined else "the answer lacks 65",
        declined=declined,
        said=words,
        citations=[source],
    )


def release(tmp_path: Path, documents: int) -> Release:
    settings = Settings(var=tmp_path / str(documents))
    with draft(settings, "1") as (_, manifest):
        counts = {"dimensions": 1, "fact_sheets": 0, "facts": 0, "passages": 0}
        manifest.knowledge = KnowledgeManifest(
            fingerprint="1", folders=[], embedding_model="m", documents=documents, **counts
        )
    return open_release(settings)


def diff(*removed: str) -> ReleaseDiff:
    return ReleaseDiff(
        documents=Differences(removed=list(removed)),
        programmes=Differences(),
        facts=Differences(),
        set_aside=[],
        dialogue=False,
        embedding_model=False,
    )


def test_each_question_is_better_worse_changed_or_the_same() -> None:
    before = [said("1", "a"), said("2", "b", right=False), said("3", "c"), said("4", "d"), said("5", "e")]
    after = [
        said("1", "x", right=False),
        said("2", "65"),
        said("3", "c anders"),
        said("4", "d", source="Bericht"),
        said("5", "e"),
        said("6", "neu", right=False),
    ]
    found = compare(before, after, "r1")
    names = {name: [one.id for one in getattr(found, name)] for name in ("better", "worse", "changed")}
    assert names == {"better": ["2"], "worse": ["1"], "changed": ["3", "4"]}
    assert (found.same, found.right_before, found.against) == (1, 4, "r1")
    assert (found.worse[0].before, found.worse[0].after) == ("a", "x")
    assert found.changed[1].citations_before == ["Flyer"]


def floors(tmp_path: Path, comparison: Comparison, *, wrong: int = 0) -> list[str]:
    one = release(tmp_path, 10)
    return broken_floors(Floors(wrong=wrong), comparison, one, one, diff())


def test_one_wrong_answer_is_enough_and_one_declined_is_not(tmp_path: Path) -> None:
    right = [said(str(number), "65") for number in range(100)]
    wrong = compare(right, [said("0", "90", right=False), *right[1:]], "r1")
    assert floors(tmp_path, wrong) == ["It gives a wrong answer to what is answered right now: question 0."]
    assert floors(tmp_path, wrong, wrong=1) == []
    one = compare(right, [said("0", "", right=False, declined=True), *right[1:]], "r1")
    assert floors(tmp_path, one) == []
    declined = [said(str(number), "", right=False, declined=True) for number in range(2)]
    [refusal] = floors(tmp_path, compare(right, [*declined, *right[2:]], "r1"))
    assert refusal == "It does not know any more what is answered right now: 2 questions, 0, 1."


@pytest.mark.parametrize(("documents", "is_refused"), [(3, True), (6, False)])
def test_a_library_that_is_suddenly_gone_is_refused(tmp_path: Path, documents: int, is_refused: bool) -> None:
    found = broken_floors(
        Floors(), Comparison(against="r1"), release(tmp_path, 10), release(tmp_path, documents), diff("a.pdf")
    )
    assert [one.startswith(f"It holds {documents} documents in place of 10; gone are a.pdf") for one in found] == (
        [True] if is_refused else []
    )


def test_the_rules_tell_which_action_answers() -> None:
    found = routes()
    assert (found["ask_question"], found["ask_more"], found["affirm"]) == (
        "action_answer",
        "action_retell",
        "action_confirm",
    )
    assert "deny" in found
