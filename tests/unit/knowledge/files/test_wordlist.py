"""Words on disk."""

from pathlib import Path

import pytest

from knowledge.files.wordlist import WordList

WORDS = ["abend", "abendessen", "abendrot", "abt", "zug", "ähre", "öl"]


@pytest.fixture
def wordlist(tmp_path: Path) -> WordList:
    WordList.write(tmp_path, WORDS)
    return WordList(tmp_path)


def test_every_word_has_its_place_as_number(wordlist: WordList) -> None:
    assert list(wordlist) == WORDS
    assert len(wordlist) == len(WORDS)
    assert [wordlist.number(word) for word in WORDS] == list(range(len(WORDS)))
    assert wordlist.word(5) == "ähre"


@pytest.mark.parametrize("word", ["", "aben", "abends", "zuge", "ohr", "\ud800"])
def test_other_words_have_none(wordlist: WordList, word: str) -> None:
    assert wordlist.number(word) is None
    assert word not in wordlist


@pytest.mark.parametrize(
    ("start", "found"),
    [("abend", ["abend", "abendessen", "abendrot"]), ("a", WORDS[:4]), ("ä", ["ähre"]), ("b", []), ("", WORDS)],
)
def test_words_are_found_by_their_beginning(wordlist: WordList, start: str, found: list[str]) -> None:
    assert [wordlist.word(number) for number in wordlist.beginning(start)] == found


def test_an_empty_list_holds_nothing(tmp_path: Path) -> None:
    WordList.write(tmp_path, [])
    assert list(WordList(tmp_path)) == []
    assert WordList(tmp_path).number("abend") is None
    assert not WordList(tmp_path).beginning("a")
