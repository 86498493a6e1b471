"""The questions that the bot and its page put into people's mouths are answered."""

import pytest

from knowledge.answering.answers import Answerer, Context
from knowledge.encoding.embedding import Embedder
from knowledge.messages import LANGUAGES, Kind
from knowledge.releases.release import Release
from knowledge.settings import Settings
from knowledge.texts import section

OFFERED = [
    (lang, question)
    for lang in LANGUAGES
    for name, mark in (("dialogue", "_suggestion_"), ("page", "example_"))
    for key, question in section(lang, name).items()
    if mark in key
]


@pytest.fixture(scope="module")
def answerer(release: Release, embedder: Embedder) -> Answerer:
    return Answerer.open(Settings(), release=release, embedder=embedder)


@pytest.mark.parametrize(("lang", "question"), OFFERED)
def test_an_offered_question_is_answered_in_its_language(answerer: Answerer, lang: str, question: str) -> None:
    message = answerer.answer(question, Context()).message
    assert (message.kind, message.lang) == (Kind.ANSWER, lang)
