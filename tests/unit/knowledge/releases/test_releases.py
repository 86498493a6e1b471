"""Releases on the shelf: found, gone back to, kept, deleted; a damaged one never goes live."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from knowledge.encoding.model_name import model_id
from knowledge.errors import StadtlotseError
from knowledge.releases import release as release_module
from knowledge.releases.release import (
    KNOWLEDGE_PARTS,
    DialogueManifest,
    KnowledgeManifest,
    candidate,
    draft,
    open_release,
    remove_abandoned_drafts,
)
from knowledge.releases.releases import (
    all_releases,
    find_release,
    go_back,
    pin,
    pin_note,
    release_before,
    remove_release,
    superfluous,
    unreadable_releases,
)
from knowledge.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var=tmp_path / "var", embedding_model="")


def build(settings: Settings, content: str, model: str = "") -> str:
    """A whole release whose parts hold this content; its id."""
    with draft(settings, "1") as (folder, manifest):
        for name in (*KNOWLEDGE_PARTS, "rasa.tar.gz"):
            (folder / name).unlink(missing_ok=True)
            (folder / name).write_text(content)
        counts = {"dimensions": 1, "fact_sheets": 0, "facts": 0, "documents": 0, "passages": 0}
        manifest.knowledge = KnowledgeManifest(
            fingerprint=content, folders=[], embedding_model=model or model_id(settings), **counts
        )
        manifest.dialogue = DialogueManifest(fingerprint=content)
        return manifest.id


def live(settings: Settings) -> str:
    return open_release(settings).id


def test_going_back_changes_what_is_live_and_deletes_nothing(settings: Settings) -> None:
    first, second = build(settings, "eins"), build(settings, "zwei")
    go_back(settings, release_before(settings, open_release(settings)))
    assert live(settings) == first
    assert [one.id for one in all_releases(settings)] == [second, first]
    go_back(settings, find_release(settings, second))
    assert live(settings) == second


def test_what_was_gone_back_from_is_not_gone_back_to(settings: Settings) -> None:
    first = build(settings, "eins")
    wrong = build(settings, "falsch")
    go_back(settings, find_release(settings, first))
    build(settings, "drei")
    assert release_before(settings, open_release(settings)).id == first != wrong


def test_before_the_first_there_is_none(settings: Settings) -> None:
    build(settings, "eins")
    with pytest.raises(StadtlotseError, match="There is no release before"):
        release_before(settings, open_release(settings))


def test_a_release_is_found_by_as_much_of_its_name_as_tells_it_apart(settings: Settings) -> None:
    first, second = build(settings, "eins"), build(settings, "zwei")
    assert find_release(settings, first).id == first
    assert find_release(settings, "current").id == second
    with pytest.raises(StadtlotseError, match="2 releases begin with 20"):
        find_release(settings, "20")
    with pytest.raises(StadtlotseError, match="There is no release 1999"):
        find_release(settings, "1999")
    with pytest.raises(StadtlotseError, match="There is no release"):
        find_release(settings, "../releases")


def test_a_changed_file_keeps_a_release_from_going_live(settings: Settings) -> None:
    first, second = build(settings, "eins"), build(settings, "zwei")
    (settings.releases / first / "passages.db").write_text("etwas anderes")
    (settings.releases / first / "questions.npy").unlink()
    with pytest.raises(StadtlotseError) as refused:
        go_back(settings, find_release(settings, first))
    assert "passages.db is not as it was built" in str(refused.value)
    assert "questions.npy is missing" in str(refused.value)
    assert live(settings) == second


def test_a_release_of_another_model_or_without_a_dialogue_is_refused(settings: Settings) -> None:
    other = build(settings, "eins", model="hausmodell+int8")
    with draft(settings, "1") as (_, manifest):
        manifest.dialogue = None
        mute = manifest.id
    build(settings, "drei")
    with pytest.raises(StadtlotseError, match=r"built with the model hausmodell\+int8"):
        go_back(settings, find_release(settings, other))
    with pytest.raises(StadtlotseError, match="has no dialogue and cannot answer"):
        go_back(settings, find_release(settings, mute))


def test_a_damaged_manifest_hides_a_release_and_is_named(settings: Settings) -> None:
    first, second = build(settings, "eins"), build(settings, "zwei")
    (settings.releases / first / "manifest.json").write_text("{")
    assert [one.id for one in all_releases(settings)] == [second]
    assert unreadable_releases(settings) == [first]
    with pytest.raises(StadtlotseError, match="is damaged"):
        find_release(settings, first)


def test_a_damaged_live_release_does_not_stop_the_next_build(settings: Settings) -> None:
    first = build(settings, "eins")
    (settings.releases / first / "manifest.json").write_text("{")
    second = build(settings, "zwei")
    assert live(settings) == second
    assert open_release(settings).damage() == []


def test_ids_rise_although_the_clock_was_set_back(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    first = build(settings, "eins")

    class Past(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return datetime(2020, 1, 1, tzinfo=timezone.utc) + timedelta(0)

    monkeypatch.setattr(release_module, "datetime", Past)
    second, third = build(settings, "zwei"), build(settings, "drei")
    assert first < second < third
    assert [one.id for one in all_releases(settings)] == [third, second, first]


def test_old_releases_go_but_not_the_live_the_previous_and_the_pinned(settings: Settings) -> None:
    ids = [build(settings, str(number)) for number in range(6)]
    pin(find_release(settings, ids[0]), "Haushalt")
    assert [one.id for one in superfluous(settings, 1)] == [ids[2], ids[1]]
    for release in superfluous(settings, 0):
        remove_release(release)
    assert [one.id for one in all_releases(settings)] == [ids[5], ids[4], ids[0]]
    assert pin_note(find_release(settings, ids[0])) == "Haushalt"
    assert [path for path in settings.releases.iterdir() if path.name.startswith(".")] == []


def test_a_pin_and_an_evaluation_are_not_taken_over(settings: Settings) -> None:
    first = build(settings, "eins")
    pin(find_release(settings, first), "")
    (settings.releases / first / "evaluation.json").write_text("{}")
    second = find_release(settings, build(settings, "zwei"))
    assert not second.is_pinned
    assert not (second.path / "evaluation.json").exists()


def test_what_went_live_meanwhile_is_not_undone(settings: Settings) -> None:
    first, second = build(settings, "eins"), build(settings, "zwei")
    with pytest.raises(StadtlotseError, match="While this release was built"), candidate(settings, "1") as one:
        go_back(settings, find_release(settings, first))
        one.activate()
    assert live(settings) == first
    assert sorted(path.name for path in settings.releases.iterdir()) == [first, second]


def test_what_is_not_activated_is_gone(settings: Settings) -> None:
    first = build(settings, "eins")
    with candidate(settings, "1") as one:
        assert one.seal().damage() == []
    assert [path.name for path in settings.releases.iterdir()] == [first]


def test_a_half_deleted_release_is_swept(settings: Settings) -> None:
    first = build(settings, "eins")
    (settings.releases / ".removed-2020").mkdir()
    remove_abandoned_drafts(settings)
    assert [path.name for path in settings.releases.iterdir()] == [first]
