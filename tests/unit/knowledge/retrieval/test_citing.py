"""How sources are shown."""

import pytest

from knowledge.messages import Language
from knowledge.retrieval.citing import shown_date


@pytest.mark.parametrize(
    ("as_of", "lang", "shown"),
    [
        ("2023-11-05", "de", "5. November 2023"),
        ("2023-11-05", "en", "5 November 2023"),
        ("2021-03", "de", "März 2021"),
        ("2021", "en", "2021"),
        ("ohne Datum", "en", "undated"),
        ("Frühjahr 2020", "en", "Frühjahr 2020"),
    ],
)
def test_a_date_is_shown_in_words_of_the_reader(as_of: str, lang: Language, shown: str) -> None:
    assert shown_date(as_of, lang) == shown
