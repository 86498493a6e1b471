"""The operator's library: what is read is taken, what is not is named; nothing is taken twice."""

import http.server
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.additions import stocking
from bot.additions.fetching import fetched
from bot.additions.stocking import Incoming, Stocked, incoming_files
from knowledge.errors import StadtlotseError
from knowledge.indexing.stock import Notes, documents_folder, expired, notes_file, read_notes
from knowledge.settings import Settings

BAD = "# Freibad\n\nDas Freibad Musterhausen öffnet am 3. Juni um sieben Uhr und schließt im September.\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var=tmp_path / "var", embedding_model="")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "eingang"
    (folder / "sport").mkdir(parents=True)
    (folder / "sport" / "bad.md").write_text(BAD, encoding="utf-8")
    (folder / "ordnung.md").write_text(BAD, encoding="utf-8")
    (folder / "kaputt.docx").write_bytes(b"PK\x03\x04 broken")
    (folder / ".versteckt.md").write_text("# Geheim")
    return folder


def add(
    settings: Settings, path: Path, *, into: str = "", dry_run: bool = False, **notes: object
) -> dict[str, Stocked]:
    files = incoming_files([path], into, Notes.model_validate(notes))
    return {one.name: one for one in stocking.add(settings, files, dry_run=dry_run, progress=lambda *_: None)}


def held(settings: Settings) -> set[str]:
    folder = documents_folder(settings)
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_folder_is_taken_without_doubles_and_without_what_cannot_be_read(settings: Settings, folder: Path) -> None:
    found = add(settings, folder)
    assert {name: one.status for name, one in found.items()} == {
        "eingang/kaputt.docx": "unread",
        "eingang/ordnung.md": "added",
        "eingang/sport/bad.md": "double",
    }
    assert found["eingang/kaputt.docx"].reason == "it is damaged or not what its name says"
    assert (
        found["eingang/sport/bad.md"].reason
        == "it is the same file as eingang/ordnung.md, which comes first by its folder and name"
    )
    assert (found["eingang/ordnung.md"].title, found["eingang/ordnung.md"].passages) == ("Freibad", 1)
    assert held(settings) == {"eingang/ordnung.md"}


def test_a_dry_run_says_the_same_and_changes_nothing(settings: Settings, folder: Path) -> None:
    tried = add(settings, folder, dry_run=True)
    assert not documents_folder(settings).exists()
    assert tried == add(settings, folder)


def test_a_file_of_the_same_name_is_replaced_and_the_same_file_left_alone(settings: Settings, folder: Path) -> None:
    path = folder / "ordnung.md"
    assert add(settings, path)["ordnung.md"].status == "added"
    assert add(settings, path)["ordnung.md"].status == "same"
    path.write_text(BAD.replace("3. Juni", "5. Juni"), encoding="utf-8")
    assert add(settings, path)["ordnung.md"].status == "replaced"
    assert "5. Juni" in (documents_folder(settings) / "ordnung.md").read_text(encoding="utf-8")


def test_what_is_said_of_a_file_that_is_there_is_taken_over_by_itself(settings: Settings, folder: Path) -> None:
    path = folder / "ordnung.md"
    add(settings, path)
    before = (documents_folder(settings) / "ordnung.md").stat().st_mtime_ns
    assert add(settings, path, group="internal")["ordnung.md"].status == "noted"
    assert read_notes(settings, "ordnung.md").group == "internal"
    assert (documents_folder(settings) / "ordnung.md").stat().st_mtime_ns == before


def test_what_the_operator_says_goes_before_what_the_file_says(settings: Settings, folder: Path) -> None:
    add(settings, folder / "ordnung.md", into="sport/2024", title="Badeordnung", stand="Mai 2024", group="internal")
    assert held(settings) == {"sport/2024/ordnung.md"}
    one, [(document, passages)] = stocking.read_one(settings, "ordnung.md")
    assert (document.title, document.as_of, document.date, document.year) == (
        "Badeordnung",
        "Mai 2024",
        "2024-05",
        2024,
    )
    assert (document.group, one.group) == ("internal", "internal")
    assert passages[0].headings == ("Freibad",)


def test_the_notes_lie_beside_the_document_in_yaml_and_their_mistakes_are_named(
    settings: Settings, folder: Path
) -> None:
    add(settings, folder / "ordnung.md", group="internal")
    path = notes_file(settings, "ordnung.md")
    assert path.read_text(encoding="utf-8") == "group: internal\n"
    path.write_text("title: Bad\ngroup: geheim\n", encoding="utf-8")
    with pytest.raises(StadtlotseError, match=r"ordnung\.md\.yml: group: .*\(line 2\)"):
        read_notes(settings, "ordnung.md")


def test_what_is_worth_a_look_is_named(settings: Settings, folder: Path) -> None:
    today = date.today()
    add(settings, folder / "ordnung.md", stand="2015")
    (folder / "zwei.md").write_text("# Zwei\n\nEtwas ganz anderes steht hier geschrieben.\n", encoding="utf-8")
    add(settings, folder / "zwei.md", valid_until=today - timedelta(1))
    (folder / "drei.md").write_text("# Drei\n\nNoch einmal etwas ganz anderes, wie man sieht.\n", encoding="utf-8")
    add(settings, folder / "drei.md")
    (folder / "vier.md").write_text(f"\n{BAD}", encoding="utf-8")
    add(settings, folder / "vier.md", stand="2014")
    (documents_folder(settings) / "fuenf.docx").write_bytes(b"PK\x03\x04 broken")
    warnings = {one.name: one.warnings for one in stocking.held(settings)}
    assert "it is of 2015; is there a newer one?" in warnings["ordnung.md"]
    assert warnings["zwei.md"] == [f"it was valid until {today - timedelta(1)} and is set aside"]
    assert warnings["drei.md"] == ["it shows no date; give one with --stand"]
    assert warnings["fuenf.docx"] == ["it is not read: it is damaged or not what its name says"]
    assert any("ordnung.md" in one for one in warnings["vier.md"]) or any(
        "vier.md" in one for one in warnings["ordnung.md"]
    )
    assert expired(settings) == ["zwei.md"]


MPSC = "# Auskunft\n\nBei MPSC beträgt {}.\n"
CONTRADICTIONS = {
    "another rate than the fact sheet's": (["die Förderquote 70 Prozent"], [{"65 %"}]),
    "the same rate": (["die Förderquote 65 Prozent", "der Fördersatz 65 %"], [set(), set()]),
    "a second rate for some": (["die Förderquote 65 Prozent, für finanzschwache Kommunen 95 Prozent"], [set()]),
    "two sums": (
        ["die Höchstförderung 3 Mio. Euro", "der Höchstbetrag 4 Millionen Euro"],
        [{"4,000,000 €", "2,500,000 €"}, {"3,000,000 €", "2,500,000 €"}],
    ),
    "deadlines of one year": (
        ["die Antragsfrist bis zum 31. März 2030", "die Antragsfrist bis zum 30. April 2030"],
        [{"2030-04-30"}, {"2030-03-31"}],
    ),
    "deadlines of two calls": (
        ["die Antragsfrist bis zum 31. März 2030", "die Antragsfrist bis zum 31. März 2031"],
        [set(), set()],
    ),
    "another thing's rate": (["die Quote der Frauen 70 Prozent"], [set()]),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_contradictions_are_named_with_both_values(settings: Settings, tmp_path: Path, name: str) -> None:
    said, expected = CONTRADICTIONS[name]
    for number, words in enumerate(said):
        path = tmp_path / f"{number}.md"
        path.write_text(MPSC.format(words), encoding="utf-8")
        add(settings, path, stand=str(date.today()))
    for one, values in zip(stocking.held(settings), expected, strict=True):
        warnings = [warning for warning in one.warnings if "which holds?" in warning]
        assert all(any(value in warning for warning in warnings) for value in values), warnings
        assert bool(warnings) == bool(values), warnings


def test_removing_takes_the_notes_and_empty_folders_along(settings: Settings, folder: Path) -> None:
    add(settings, folder, group="internal")
    assert stocking.remove(settings, ["eingang"], dry_run=True) == ["eingang/ordnung.md"]
    assert held(settings) == {"eingang/ordnung.md"}
    assert stocking.remove(settings, ["eingang"], dry_run=False) == ["eingang/ordnung.md"]
    assert not (documents_folder(settings) / "eingang").exists()
    assert not notes_file(settings, "eingang/ordnung.md").exists()
    with pytest.raises(StadtlotseError, match=r"holds no document ordnung\.md"):
        stocking.remove(settings, ["ordnung.md"], dry_run=False)


@pytest.mark.parametrize("into", ["../elsewhere", "/etc", "a/../../b"])
def test_nothing_is_put_outside_the_library(folder: Path, into: str) -> None:
    with pytest.raises(StadtlotseError, match="leads out of the library"):
        incoming_files([folder], into, Notes())


PAGES = {
    "/amt/": "<h1>Bauamt</h1><p>Das Bauamt öffnet um acht Uhr.</p><a href='eins.html'>1</a>"
    "<a href='/weg.html'>2</a><a href='fort'>3</a><a href='fehlt.html'>4</a>",
    "/amt/eins.html": "<h1>Bauantrag</h1><p>Ein Bauantrag kostet 80 Euro.</p>",
    "/weg.html": "<h1>Weg</h1>",
}


class Site(http.server.BaseHTTPRequestHandler):
    """A page with links below it, elsewhere and to a host that is not allowed."""

    def do_GET(self) -> None:
        if self.path == "/amt/fort":
            self.send_response(302)
            self.send_header("Location", "http://anderswo.invalid/")
            self.end_headers()
            return
        page = PAGES.get(self.path)
        self.send_response(200 if page else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write((page or "").encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_pages_come_from_allowed_hosts_alone(settings: Settings, site: str, tmp_path: Path) -> None:
    with pytest.raises(StadtlotseError, match=r"127\.0\.0\.1 is not among the hosts.*STADTLOTSE_DOCUMENT_HOSTS"):
        fetched(settings, f"{site}/amt/", pages=5, into="", notes=Notes(), folder=tmp_path / "a")
    allowed = settings.model_copy(update={"document_hosts": "example.org, 127.0.0.1"})
    files = fetched(allowed, f"{site}/amt/", pages=5, into="netz", notes=Notes(), folder=tmp_path / "b")
    assert [one.name for one in files] == ["netz/127.0.0.1/amt.html", "netz/127.0.0.1/amt/eins.html"]
    taken = {one.name: one for one in stocking.add(allowed, files, dry_run=False, progress=lambda *_: None)}
    assert {one.status for one in taken.values()} == {"added"}
    assert read_notes(allowed, "netz/127.0.0.1/amt/eins.html").origin == f"{site}/amt/eins.html"
    with pytest.raises(StadtlotseError, match="answers with status 404"):
        fetched(allowed, f"{site}/nichts", pages=1, into="", notes=Notes(), folder=tmp_path / "c")


@pytest.mark.parametrize(
    ("names", "taken", "reason"),
    [
        (["Ablage alt 2019.md", "Bericht 2024.md"], "Bericht 2024.md", "which is not called a draft or a copy"),
        (["a.txt", "b.md"], "b.md", "whose format can be cited better"),
        (["a/eins.md", "zwei.md"], "zwei.md", "which comes first by its folder and name"),
    ],
)
def test_of_files_that_are_the_same_the_better_one_is_taken_and_it_is_said_why(
    settings: Settings, tmp_path: Path, names: list[str], taken: str, reason: str
) -> None:
    folder = tmp_path / "eingang"
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Das Freibad Musterhausen öffnet am 3. Juni um sieben Uhr.\n", encoding="utf-8")
    found = add(settings, folder)
    [other] = [name for name in names if name != taken]
    assert found[f"eingang/{taken}"].status == "added"
    assert found[f"eingang/{other}"].status == "double"
    assert found[f"eingang/{other}"].reason == f"it is the same file as eingang/{taken}, {reason}"


def test_of_files_that_are_the_same_the_one_with_the_newer_stand_is_taken(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "bad.md"
    path.write_text(BAD, encoding="utf-8")
    stands = {"a.md": "2019", "b.md": "Mai 2024"}
    files = [Incoming(name=name, path=path, notes=Notes(stand=stand)) for name, stand in stands.items()]
    found = {one.name: one for one in stocking.add(settings, files, dry_run=False, progress=lambda *_: None)}
    assert (found["b.md"].status, found["a.md"].status) == ("added", "double")
    assert found["a.md"].reason == "it is the same file as b.md, whose Stand is newer"
