"""Plain text: what cleaning drops, where sentences end, which numbers stand in it."""

from itertools import pairwise

import pytest

from knowledge.linguistics.text import clean, folded, numbers, sentences, words


def told(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("För\u00adderung", "Förderung"),
        ("Förder\u200bquote\ufeff", "Förderquote"),
        ("Fo\u0308rderung", "Förderung"),
        ("Zeile\x07 eins\x00", "Zeile eins"),
        ("65\u00a0%  der\u2009 Kosten", "65 % der Kosten"),
        ("eins\r\nzwei\rdrei", "eins\nzwei\ndrei"),
        ("  vorn\n  innen  \nhinten  \n\n", "vorn\ninnen\nhinten"),
    ],
)
def test_cleaning_leaves_words_and_lines(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


@pytest.mark.parametrize(
    "text",
    [
        "Der Workshop fand am 20. November 2019 in Köln statt.",
        "Die 3. Staffel umfasst 28 Projekte.",
        "Am 1. Mai begann die Antragsphase.",
        "Gefördert werden z. B. Sensoren und Plattformen.",
        "Gefördert werden z.B. Sensoren.",
        "Vorgesehen sind ca. 820 Mio. Euro für alle Staffeln.",
        "Sensoren, Plattformen usw. Mehr steht in der Richtlinie.",
        "Begrüßt hat Dr. Ulf Narloch die Runde.",
        "Das steht in Nr. 4 der Richtlinie.",
        "Es sprach J. Halbach über LoRaWAN.",
        "Up to 65 per cent, e.g. for small towns, is paid.",
        "See No. 4 of the guideline.",
    ],
)
def test_no_sentence_ends_inside(text: str) -> None:
    assert told(text) == [text]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Es läuft. Der Antrag ist offen.", ["Es läuft.", "Der Antrag ist offen."]),
        ("Wer kam? Alle! Und dann … Nichts.", ["Wer kam?", "Alle!", "Und dann …", "Nichts."]),
        ("Er sagte: „Es geht.“ Danach endete es.", ["Er sagte: „Es geht.“", "Danach endete es."]),
        ("Sie fragte: „Wer?“ „Alle“, hieß es.", ["Sie fragte: „Wer?“", "„Alle“, hieß es."]),
        ("Das gilt bis 2025. Danach nicht mehr.", ["Das gilt bis 2025.", "Danach nicht mehr."]),
        ("Es waren rund 50 Gäste. 30 kamen aus Köln.", ["Es waren rund 50 Gäste.", "30 kamen aus Köln."]),
        ("Voraussetzungen:\n– ein Beschluss\n– ein Konzept", ["Voraussetzungen:", "– ein Beschluss", "– ein Konzept"]),
        ("It ended in 2020. Nobody came.", ["It ended in 2020.", "Nobody came."]),
    ],
)
def test_sentences_end_where_they_do(text: str, parts: list[str]) -> None:
    assert told(text) == parts


@pytest.mark.parametrize("text", ["", "  \n\n ", "Ein Satz", " A.  B\n\n C d. E?\tF ", "„Ja.“ (Nein.) Doch! ...\n…"])
def test_every_visible_character_lies_in_exactly_one_sentence(text: str) -> None:
    spans = sentences(text)
    assert spans == sorted(spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    covered = {place for start, end in spans for place in range(start, end)}
    assert {place for place, char in enumerate(text) if not char.isspace()} <= covered
    assert all(text[start:end].strip() for start, end in spans)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1.572 Projekte", {"1572"}),
        ("1,572 projects", {"1572"}),
        ("2,5 Mio. und 2.5 million", {"2.5"}),
        ("1.234.567,89 Euro", {"1234567.89"}),
        ("am 12.02.2021", {"12.02.2021"}),
        ("bis zu 90 %, sonst 65%", {"90", "65"}),
        ("Heimat 2.0 und 5G", {"2.0", "5"}),
        ("keine", set()),
    ],
)
def test_numbers_are_read_as_both_languages_write_them(text: str, found: set[str]) -> None:
    assert numbers(text) == found


def test_spellings_of_a_word_are_folded_into_one() -> None:
    assert {folded(word) for word in ("Förderung", "FÖRDERUNG", "Foerderung", "fo\u0308rderung")} == {"foerderung"}
    assert folded("Straße") == "strasse"
    assert folded("Café") == "cafe"


def test_words_keep_their_inner_punctuation() -> None:
    text = "Stadt.Land.Digital, E-Mail; user's VKU-Workshop!"
    assert words(text) == ["stadt.land.digital", "e-mail", "user's", "vku-workshop"]
