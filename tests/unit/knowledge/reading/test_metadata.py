"""What documents say of themselves: title, publisher, date, sort of text, Land."""

from typing import Any

import pytest

from knowledge.indexing.sources import STARTER_LIBRARY, readable_files
from knowledge.reading import Heading, Paragraph, ReadFile, Table, read_file
from knowledge.reading.frontmatter import FrontMatter
from knowledge.reading.metadata import describe
from knowledge.recognition.genres import Genre, genre_named, genre_of_title
from knowledge.recognition.laender import land_named, named_laender

SENTENCE = "Die Gemeinde erhält eine Förderung für die Digitalisierung der Verwaltung."


def described(
    *texts: str | Heading | Table,
    name: str = "datei.pdf",
    margins: str = "",
    front: FrontMatter | None = None,
    **said: Any,
) -> ReadFile:
    blocks = [Paragraph(text) if isinstance(text, str) else text for text in texts]
    return describe(name, blocks, said, front or FrontMatter(), margins=margins)


@pytest.mark.parametrize(
    ("said", "heading", "title"),
    [
        ("Leitfaden Digitalisierung", "Leitfaden Digitalisierung der Stadt", "Leitfaden Digitalisierung"),
        ("Microsoft Word - leitfaden_v3.docx", "Leitfaden Digitalisierung", "Leitfaden Digitalisierung"),
        ("Microsoft Word - Leitfaden Digitalisierung.docx", "Leitfaden", "Leitfaden Digitalisierung"),
        ("PowerPoint-Präsentation", "Smart City in Ulm", "Smart City in Ulm"),
        ("Vorlage Briefkopf Referat Z", "Smart City in Ulm", "Smart City in Ulm"),
        ("", "Inhalt", "datei"),
        ("Dokument1", "Inhaltsverzeichnis", "datei"),
        ("", "Einführung {#einfuehrung}", "Einführung"),
    ],
)
def test_the_title_is_the_documents_own(said: str, heading: str, title: str) -> None:
    level = Heading(1, heading)
    assert described(level, SENTENCE, title=said).title == title


@pytest.mark.parametrize(
    ("name", "sheet", "title"),
    [
        ("entgelte-hallenbad.xlsx", "Tarife", "entgelte hallenbad"),
        ("entgelte-hallenbad.xlsx", "Entgelte im Hallenbad Musterau", "Entgelte im Hallenbad Musterau"),
        ("entgelte.xlsx", "Tarife", "Tarife"),
        ("entgelte-hallenbad.docx", "Tarife", "Tarife"),
    ],
)
def test_a_workbook_is_not_called_by_the_one_word_of_its_first_sheet(name: str, sheet: str, title: str) -> None:
    assert described(Heading(1, sheet), SENTENCE, name=name).title == title


def test_a_first_line_is_the_title_where_nothing_else_is() -> None:
    assert described("Protokoll der Sitzung vom 3. Mai", SENTENCE).title == "Protokoll der Sitzung vom 3. Mai"
    assert described("Sehr geehrte Damen und Herren", SENTENCE, name="ein_brief.pdf").title == "ein brief"
    assert described(SENTENCE, name="archiv.zip/ordner/ein-bericht.docx").title == "ein bericht"


def test_mails_are_called_by_their_subject_and_sender() -> None:
    sent: dict[str, Any] = {"from": "Amt für Digitales <digital@stadt.example>"}
    mail = described(
        "Protokoll anbei.",
        name="a.eml",
        subject="Frist verlängert",
        created_at="Fri, 3 May 2024 10:00:00 +0200",
        **sent,
    )
    assert (mail.title, mail.publisher, mail.date, mail.genre) == (
        "Frist verlängert",
        "Amt für Digitales",
        "2024-05-03",
        "email",
    )


@pytest.mark.parametrize(
    ("text", "publisher"),
    [
        ("Herausgeber: Stadt Beispielhausen\nRathausplatz 1", "Stadt Beispielhausen"),
        ("Herausgeberin\nLandesanstalt für Umwelt\nTelefon 0123", "Landesanstalt für Umwelt"),
        ("Herausgegeben vom Bundesinstitut für Muster, Musterallee 31, 12345 Bonn", "Bundesinstitut für Muster"),
        ("Impressum\nHrsg.: Deutscher Mustertag e. V. | Stand: Mai 2023", "Deutscher Mustertag e. V."),
        ("Herausgeber Ministerium für Muster Telefon: 0711", "Ministerium für Muster"),
        ("Published by: Example Agency", "Example Agency"),
        ("Der Herausgeber der Studie ist unbekannt.", None),
        ("Autorin: Erika Beispiel", "Erika Beispiel"),
    ],
)
def test_the_publisher_by_its_words(text: str, publisher: str | None) -> None:
    assert described(Heading(1, "Studie"), text, SENTENCE).publisher == publisher


@pytest.mark.parametrize(
    ("said", "publisher"),
    [
        ({"authors": ["Microsoft Office User"]}, None),
        ({"authors": ["html-to-docx"]}, None),
        ({"authors": ["c8clark"]}, None),
        ({"authors": ["erika@stadt.example"]}, None),
        ({"authors": ["Erika Beispiel"]}, "Erika Beispiel"),
        ({"authors": ["Erika Beispiel;Max Muster;Eva Probe"]}, "Erika Beispiel, Max Muster u. a."),
        ({"authors": ["Erika Beispiel"], "company": "Stadt Beispielhausen"}, "Stadt Beispielhausen"),
        ({"meta_tags": {"DCTERMS.publisher": "Land Muster"}, "authors": ["Erika Beispiel"]}, "Land Muster"),
        ({"open_graph": {"site_name": "Kommunalportal"}}, "Kommunalportal"),
    ],
)
def test_the_publisher_by_its_properties(said: dict[str, Any], publisher: str | None) -> None:
    assert described(SENTENCE, **said).publisher == publisher


def test_a_stated_date_comes_before_that_of_name_and_tags() -> None:
    properties: dict[str, Any] = {"modified_at": "2024-06-01T10:00:00Z", "created_at": "2022-01-01"}
    stated = described(SENTENCE, "Stand: November 2023", name="bericht-2021.pdf", **properties)
    assert (stated.as_of, stated.date) == ("November 2023", "2023-11")
    assert described(SENTENCE, name="bericht-2021.pdf", **properties).date == "2021"
    # When a file was made or changed is no date of what it says: scans and exports are years younger.
    assert described(SENTENCE, **properties).date is None
    assert described(SENTENCE, margins="Stand: 5/2020 Seite 1").date == "2020-05"
    assert described(SENTENCE, meta_tags={"article:modified_time": "2020-02-03T10:00"}).date == "2020-02-03"
    assert described(SENTENCE).date is None


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("Beschluss des Rates vom 3. Mai 2024", "2024-05-03"),
        ("Vom Rat der Stadt Musterau beschlossen am 03.05.2024", "2024-05-03"),
        ("Musterau, den 3. Mai 2024", "2024-05-03"),
        ("Protokoll der 7. Sitzung des Digitalausschusses am Freitag, 3. Mai 2024", "2024-05-03"),
        ("Sitzung am 3. Mai 2024", "2024-05-03"),
        ("Protokoll vom 3.5.2024", "2024-05-03"),
        ("Signed on 3 May 2024", "2024-05-03"),
        ("3. Mai 2024", "2024-05-03"),
        ("Sitzung am 3. Mai 2044", None),
        ("Die Stadt setzt den Beschluss vom 3. Mai 2024 um.", None),
        ("Beschluss zur Änderung der Satzung vom 3. Mai 2024", None),
    ],
)
def test_the_day_of_a_resolution_a_signature_or_a_meeting(line: str, date: str | None) -> None:
    text = [Heading(1, "Verwaltung digital"), line, *[SENTENCE] * 30]
    assert described(*text, modified_at="2025-06-01").date == date
    assert described(*text, "Stand: Januar 2023").date == "2023-01"


@pytest.mark.parametrize("line", ["Musterau, den 3. Mai 2024", "Vom Rat der Stadt Musterau beschlossen am 3.5.2024"])
def test_the_day_under_a_text(line: str) -> None:
    for length in (3, 30, 300):
        assert described(*[SENTENCE] * length, line).date == "2024-05-03"


def test_the_date_of_a_figure_is_not_that_of_the_document() -> None:
    filler = [SENTENCE] * 120
    middle = "Die Zahl der Anträge betrug 1200 (Stand: 31.12.2018) und ist seitdem gestiegen."
    assert described(*filler, middle, *filler).date is None
    assert described(*filler, "Stand: 31.12.2018", *filler).date == "2018-12-31"


@pytest.mark.parametrize(
    ("title", "genre"),
    [
        ("Leitfaden zur Förderrichtlinie", Genre.GUIDE),
        ("Richtlinie zur Förderung von Leitprojekten", Genre.GUIDELINE),
        ("5. Förderaufruf Modellprojekte", Genre.CALL),
        ("Protokoll der 3. Sitzung", Genre.MINUTES),
        ("Smart-City-Workshop der Landesgruppe", Genre.MINUTES),
        ("Intro — Smart City Strategie, Stadt Muster", Genre.STRATEGY),
        ("DIN SPEC 91357", Genre.SPECIFICATION),
        ("Häufige Fragen zum Antrag", Genre.FAQ),
        ("Abschlussbericht 2022", Genre.REPORT),
        ("Standards im Vergleich", None),
        ("Digitale Programme für ländliche Räume", None),
    ],
)
def test_the_word_that_stands_first_tells_the_sort_of_text(title: str, genre: Genre | None) -> None:
    assert genre_of_title(title) is genre


def test_the_format_tells_the_sort_of_text_where_no_word_does() -> None:
    assert described(SENTENCE, name="smart-city.pptx").genre == "presentation"
    assert described(SENTENCE, name="protokoll.pptx").genre == "minutes"
    assert described(SENTENCE, name="smart-city.pdf").genre is None


@pytest.mark.parametrize(
    ("word", "genre"),
    [
        ("Richtlinien", "guideline"),
        ("leitfäden", "guide"),
        ("web page", "web page"),
        ("E-Mail", "email"),
        ("Tisch", None),
    ],
)
def test_kinds_by_the_words_of_people(word: str, genre: str | None) -> None:
    named = genre_named(word)
    assert (named.value if named else None) == genre


@pytest.mark.parametrize(
    ("title", "codes"),
    [
        ("Ministerium für Digitales Sachsen-Anhalt", ("ST",)),
        ("Niedersächsisches Ministerium", ("NI",)),
        ("Bundesministerium des Innern, Berlin", ("Bund",)),
        ("Strategie der Stadt Ulm", ("BW",)),
        ("Workshop in NRW", ("NW",)),
        ("Förderung in Hessen und Bayern", ("HE", "BY")),
        ("EU-Programme für Städte", ("EU",)),
        ("Länderprogramme", ()),
        ("Essen und Trinken", ()),
    ],
)
def test_the_laender_of_a_title(title: str, codes: tuple[str, ...]) -> None:
    assert named_laender(title, cities=True) == codes


def test_a_land_that_is_named_once_is_not_the_documents() -> None:
    once = [SENTENCE] * 10
    assert described(*once, "Auch Bayern fördert.").laender == ()
    assert described(*(f"{SENTENCE} Das Land Hessen zahlt." for _ in range(10))).laender == ("HE",)
    assert described(SENTENCE, company="Freistaat Thüringen").laender == ("TH",)


@pytest.mark.parametrize(
    ("word", "code"),
    [("Bayern", "BY"), ("by", "BY"), ("NRW", "NW"), ("Bavaria", "BY"), ("Bund", "Bund"), ("Atlantis", None)],
)
def test_laender_by_the_words_of_people(word: str, code: str | None) -> None:
    assert land_named(word) == code


def test_front_matter_says_it_all() -> None:
    front = FrontMatter(title="Eigener Titel", date="Mai 2024", publisher="Stadt Muster")
    read = described("Stand: 1.1.2020", SENTENCE, front=front, title="Anderer", authors=["Erika Beispiel"])
    assert (read.title, read.as_of, read.date, read.publisher) == (
        "Eigener Titel",
        "Mai 2024",
        "2024-05",
        "Stadt Muster",
    )


def test_the_starter_library_is_described() -> None:
    library = {path.name: read_file(path) for path in readable_files(STARTER_LIBRARY)}
    assert all(read.date and read.publisher == "Stadtlotse" for read in library.values())
    genres = {name: read.genre for name, read in library.items()}
    assert genres["vku-workshop-koeln-2019.pdf"] == genres["stadt-land-digital-workshops.md"] == "minutes"
    assert genres["bundesprogramme-ueberblick.md"] == genres["abkuerzungen.html"] == "overview"
    laender = {name: read.laender for name, read in library.items() if read.laender}
    assert laender == {
        "breitband-5g-mfund.docx": ("Bund",),
        "bundesprogramme-ueberblick.md": ("Bund",),
        "eu-programme-netzwerke.pdf": ("EU",),
        "european-initiatives.html": ("EU",),
        "smart-city-funding-germany.md": ("Bund",),
        "smart-city-index-koeln.docx": ("NW",),
        "vku-workshop-koeln-2019.pdf": ("NW",),
    }
