"""Documents and fact sheets full of markup and scripts: what they hold is shown as text, and nothing of it runs."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bot.additions import stocking
from bot.additions.stocking import incoming_files
from bot.processes.parts import address
from bot.retraining import building
from knowledge.indexing.stock import Notes, documents_folder, programmes_folder
from knowledge.releases.release import Release
from knowledge.settings import Settings
from tests.browser.asking import ask
from tests.installations import copy_release
from tests.processes import free_ports, serving

OpenPage = Callable[..., Page]

TRAP = "<img src=x onerror=window.ran=1>"
TITLE = f"Hundemarken {TRAP}\"'&lt;"
NAME = f"marken {TRAP}'&.md"
DOCUMENT = f"""# Hundemarken in Musterau

## Gebühren {TRAP}

Die grüne Hundemarke von Musterau kostet 4711 Euro im Jahr <script>window.ran=1</script> und ist aus {TRAP} Messing.
"""
SHEET = f"""
key: musterfonds
name: {{de: "Musterfonds {TRAP}", en: "Musterfonds {TRAP}"}}
short_names: [Musterfonds]
kind: funding programme
level: Bund
sectors: [Mobilität]
funder: "Amt {TRAP}"
status: {{state: unknown, text: {{de: "Unbekannt {TRAP}", en: "Unknown {TRAP}"}}, as_of: "2025-01"}}
facts:
  - id: MU-01
    label: {{de: "Quote {TRAP}", en: "Rate {TRAP}"}}
    attribute: funding rate
    status: verified
    as_of: "2025-01"
    value:
      de: "Der Musterfonds trägt 12 Prozent {TRAP} der Ausgaben."
      en: "Musterfonds pays 12 percent {TRAP} of the costs."
    sources: ["https://www.example.org/a?<b>"]
"""


@pytest.fixture(scope="module")
def bot_url(tmp_path_factory: pytest.TempPathFactory, model_folder: Path, release: Release) -> Iterator[str]:
    """Address of a bot that knows them."""
    var = tmp_path_factory.mktemp("var")
    copy_release(var, release, model_folder)
    port, rasa_port, actions_port = free_ports(3)
    settings = Settings(var=var, embedding_model="", port=port, rasa_port=rasa_port, actions_port=actions_port)
    file = tmp_path_factory.mktemp("documents") / NAME
    file.write_text(DOCUMENT, encoding="utf-8")
    files = incoming_files([file], "", Notes.model_validate({"title": TITLE}))
    [added] = stocking.add(settings, files, dry_run=False, progress=lambda *_: None)
    assert added.status == "added"
    programmes_folder(settings).mkdir(parents=True)
    (programmes_folder(settings) / "musterfonds.yml").write_text(SHEET, encoding="utf-8")
    building.build(settings, folders=[documents_folder(settings)], dialogue=False, progress=lambda *_: None)
    with serving(settings, tmp_path_factory.mktemp("bot") / "output"):
        yield address(settings)


def assert_nothing_ran(context: BrowserContext) -> None:
    """No page holds an element that a text has brought along."""
    for page in context.pages:
        assert page.evaluate("window.ran") is None
        page.wait_for_timeout(200)
        assert page.locator("img[onerror], svg[onload], main b").count() == 0


def test_a_document_full_of_markup(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "Wie viel kostet die grüne Hundemarke von Musterau?")
    expect(page.locator(".message .body").last).to_contain_text("4711 Euro")
    card = page.locator(".source").first
    expect(card.get_by_role("link")).to_contain_text(TITLE)
    with page.expect_popup() as opened:
        card.get_by_role("link").click()
    source = opened.value
    expect(source.get_by_role("heading", level=1)).to_contain_text(TITLE)
    expect(source.locator("mark")).to_be_visible()
    assert_nothing_ran(page.context)
    link = source.get_by_role("link", name=NAME)
    original = source.request.get(link.evaluate("(one) => one.href"))
    assert original.headers["content-type"] == "application/octet-stream"
    assert original.headers["x-content-type-options"] == "nosniff"
    with page.expect_download() as download:
        page.get_by_role("button", name="Mehr").click()
        page.locator("#menu").get_by_text("Gespräch als Text speichern").click()
    assert TITLE in download.value.path().read_text(encoding="utf-8")


def test_a_fact_sheet_full_of_markup(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "Wie hoch ist die Förderquote beim Musterfonds?")
    expect(page.locator(".message .body").last).to_contain_text(f"trägt 12 Prozent {TRAP} der Ausgaben")
    expect(page.locator(".source").first).to_contain_text(f"Musterfonds {TRAP}")
    ask(page, "Vergleiche Musterfonds und mFUND")
    expect(page.get_by_role("table").locator("tbody")).to_contain_text(f"12 Prozent {TRAP}")
    page.locator(".folded summary").click()
    with page.expect_popup() as opened:
        page.locator(".folded a").first.click()
    expect(opened.value.locator("mark")).to_be_visible()
    assert_nothing_ran(page.context)
