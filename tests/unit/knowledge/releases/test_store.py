"""The passage file of a release."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from knowledge.errors import StadtlotseError
from knowledge.releases.store import PassageStore, write_passages
from tests.unit.knowledge.samples import document, passage

DOCUMENTS = [
    document(id="zweites", title="Größe & „Maß“", has_pages=True, origins=["https://a.example/ä"], as_of="2024"),
    document(id="erstes", lang="en"),
]
PASSAGES = [
    passage("Zwei.", document_id="zweites", id=1, headings=("Teil 1", "Förderung"), page=3, as_of="2023-01-01"),
    passage("Eins,\nmit 'Zeichen' \"und\" 🙂.", document_id="erstes", id=2, start=5, end=30, lang="en"),
    passage("Null.", document_id="erstes", id=1, lang="en", fact="DEMO-01", attribute="date", programmes=["a", "b"]),
]


@pytest.fixture
def store(tmp_path: Path) -> PassageStore:
    write_passages(tmp_path / "passages.db", DOCUMENTS, PASSAGES)
    return PassageStore(tmp_path / "passages.db")


def test_everything_comes_back_as_it_was_written(store: PassageStore) -> None:
    assert store.all_passages() == PASSAGES
    assert store.documents() == sorted(DOCUMENTS, key=lambda one: one.id)
    assert store.document("zweites") == DOCUMENTS[0]
    assert store.passage("erstes", 2) == PASSAGES[1]
    store.close()


def test_passages_come_by_their_numbers_in_the_order_asked_for(store: PassageStore) -> None:
    assert store.size == 3
    assert store.many([2, 0]) == [PASSAGES[2], PASSAGES[0]]
    assert store.many([0, 1, 0, 2]) == [PASSAGES[0], PASSAGES[1], PASSAGES[0], PASSAGES[2]]
    assert store.many([]) == []
    with pytest.raises(KeyError):
        store.many([0, 3])
    store.close()


def test_facts_come_with_their_numbers(store: PassageStore) -> None:
    assert store.facts() == [(2, PASSAGES[2])]
    assert list(store) == PASSAGES
    store.close()


def test_passages_of_a_document_come_in_reading_order(store: PassageStore) -> None:
    assert store.passages("erstes") == [PASSAGES[2], PASSAGES[1]]
    store.close()


def test_what_is_not_there_is_none(store: PassageStore) -> None:
    assert store.document("drittes") is None
    assert store.passage("erstes", 9) is None
    assert store.passages("drittes") == []
    store.close()


def test_reading_leaves_no_trace_in_the_folder(store: PassageStore, tmp_path: Path) -> None:
    before = (tmp_path / "passages.db").read_bytes()
    store.all_passages()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["columns", "passages.db"]
    store.close()
    assert (tmp_path / "passages.db").read_bytes() == before


def test_threads_may_share_it(store: PassageStore) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda number: store.passage("erstes", 1 + number % 2), range(200)))
        many = list(pool.map(lambda number: store.many([number % 3]), range(200)))
    assert found == [PASSAGES[2], PASSAGES[1]] * 100
    assert many == [[PASSAGES[number % 3]] for number in range(200)]
    store.close()


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(StadtlotseError, match=r"passages\.db is missing; run 'stadtlotse retrain'"):
        PassageStore(tmp_path / "passages.db")
