"""The offices for those who want to talk to somebody."""

import pytest

from knowledge.answering.contacts import Contacts
from knowledge.errors import StadtlotseError

GOOD = """
contacts:
  - key: foerderung
    office: {de: Fördermittelstelle, en: Funding office}
    email: foerderung@stadt.example
    hours: Mo bis Fr, 9 bis 12 Uhr
    programmes: [mpsc, kts]
  - key: netze
    office: Amt für digitale Infrastruktur
    telephone: 0231 50-0
    topics: [Glasfaser, LoRaWAN, 5G]
  - key: allgemein
    office: Bürgermeisterbüro
    email: info@stadt.example
"""


@pytest.fixture
def written(tmp_path):
    """Writes a file; gives its path."""

    def write(content):
        path = tmp_path / "contacts.yml"
        path.write_text(content, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(
    ("programme", "words", "key"),
    [
        ("mpsc", "Wie hoch ist die Quote?", "foerderung"),
        ("mpsc", "Glasfaser", "foerderung"),
        (None, "wer hilft beim glasfaserausbau", "netze"),
        (None, "lorawan gateways", "netze"),
        (None, "Was kostet das?", "allgemein"),
        ("fiware", "ich möchte mit jemandem sprechen", "allgemein"),
    ],
)
def test_the_office_for_a_programme_comes_before_the_one_for_a_topic_and_the_general_one(
    written, programme, words, key
):
    found = Contacts.read(written(GOOD)).of(programme, words)
    assert found is not None
    assert found.key == key


def test_words_in_one_language_stand_for_both(written):
    contacts = Contacts.read(written(GOOD))
    assert [contact.office_in("en") for contact in contacts.contacts][:2] == [
        "Funding office",
        "Amt für digitale Infrastruktur",
    ]


def test_without_a_file_there_is_nobody():
    assert Contacts.read(None).of("mpsc", "Glasfaser") is None


def test_programmes_without_a_sheet_are_named(written):
    assert Contacts.read(written(GOOD)).unknown_programmes({"mpsc"}) == ["kts"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("contacts: [", "not valid YAML"),
        ("[]", "the file"),
        ("contacts:\n  - {key: a, office: x}", "contacts.0: give an email or a telephone"),
        ("contacts:\n  - {key: a, office: x, email: nowhere}", "contacts.0.email: it is no e-mail address"),
        ('contacts:\n  - {key: a, office: x, email: "a@b.de\\nBcc: c@d.de"}', "contacts.0.email"),
        ("contacts:\n  - {key: A b, office: x, telephone: 1}", "contacts.0.key"),
        ("contacts:\n  - {key: a, office: x, telephone: '1', fax: '2'}", "contacts.0.fax"),
        (
            "contacts:\n  - {key: a, office: x, telephone: '1'}\n  - {key: b, office: x, telephone: '1'}",
            "only one contact may have neither programmes nor topics",
        ),
        (
            "contacts:\n  - {key: a, office: x, telephone: '1'}\n  - {key: a, office: x, telephone: '1', topics: [x]}",
            "keys stand twice: a",
        ),
    ],
)
def test_a_mistake_is_told_in_one_sentence_with_its_place(written, content, words):
    with pytest.raises(StadtlotseError) as told:
        Contacts.read(written(content))
    assert words in str(told.value)
    assert "contacts.yml" in str(told.value)
    assert "\n" not in str(told.value)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(StadtlotseError, match="STADTLOTSE_CONTACTS"):
        Contacts.read(tmp_path / "nowhere.yml")
