"""The texts people read: complete in every language, and found by their keys."""

import string

import pytest

from knowledge import texts
from knowledge.errors import StadtlotseError
from knowledge.messages import LANGUAGES

SECTIONS = sorted({name for lang in LANGUAGES for name in texts.sections(lang)})


def _placeholders(value):
    return sorted({name for _, name, _, _ in string.Formatter().parse(value) if name is not None})


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder of texts."""
    monkeypatch.setattr(texts, "TEXTS", tmp_path)
    texts.section.cache_clear()
    for lang in LANGUAGES:
        (tmp_path / lang).mkdir()
    yield tmp_path
    texts.section.cache_clear()


@pytest.mark.parametrize("name", SECTIONS)
def test_languages_have_the_same_keys_and_placeholders(name):
    german, english = (
        {key: _placeholders(value) for key, value in texts.section(lang, name).items()} for lang in LANGUAGES
    )
    assert german == english


def test_placeholders_are_filled(folder):
    (folder / "de" / "page.yml").write_text('hello: "Hallo {name}, {count} neue"', encoding="utf-8")
    assert texts.text("de", "page.hello", name="{Welt}", count=3) == "Hallo {Welt}, 3 neue"


@pytest.mark.parametrize(
    ("content", "key", "values", "words"),
    [
        ("a: b", "page.missing", {}, "'missing'"),
        ("a: b", "page", {}, "page.yml"),
        ("a: b {name}", "page.a", {}, "'name'"),
        ("a: b", "other.a", {}, "other.yml is missing"),
        ("a: [b]", "page.a", {}, "'a'"),
        ("a: 1", "page.a", {}, "'a'"),
        ("- a", "page.a", {}, "must map"),
        ("", "page.a", {}, "must map"),
        ("a: b\na: c", "page.a", {}, "not valid YAML"),
        ("a: 'b", "page.a", {}, "not valid YAML"),
    ],
)
def test_mistakes_are_told_in_a_sentence(folder, content, key, values, words):
    (folder / "de" / "page.yml").write_text(content, encoding="utf-8")
    with pytest.raises(StadtlotseError) as told:
        texts.text("de", key, **values)
    assert words in str(told.value)
    assert "\n" not in str(told.value)
