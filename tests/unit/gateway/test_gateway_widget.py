"""The widget: one small module, served like any file of the website."""

import gzip
import re

import pytest

from bot.gateway import widget as widget_module
from bot.gateway.widget import widget
from knowledge.settings import Settings

LARGEST = 25 * 1024
WHOLE_PAGE = 60 * 1024


async def test_the_widget_is_one_module_under_its_limit(gateway):
    response = await gateway.get("/widget.js", headers={"Accept-Encoding": "gzip"})
    assert response.status == 200
    assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert response.headers["Content-Encoding"] == "gzip"
    assert int(response.headers["Content-Length"]) < LARGEST
    module = await response.text()
    assert not re.search(r"^\s*(import|export)\b", module, re.MULTILINE)
    assert "stadtlotse-chat" in module
    assert "@container chat" in module


async def test_page_and_widget_and_words_together_are_small(gateway):
    total = 0
    for path in ("/", "/widget.js", "/static/logo.svg", "/api/texts/en"):
        response = await gateway.get(path, headers={"Accept-Encoding": "gzip"})
        total += int(response.headers.get("Content-Length") or len(gzip.compress(await response.read())))
    assert total < WHOLE_PAGE


async def test_the_widget_is_sent_as_it_is_where_nothing_may_be_zipped(gateway):
    plain = await gateway.get("/widget.js", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    zipped = await gateway.get("/widget.js", headers={"Accept-Encoding": "gzip"})
    assert await plain.read() == await zipped.read()


async def test_a_widget_that_did_not_change_is_not_sent_again(gateway):
    first = await gateway.get("/widget.js")
    assert first.headers["Cache-Control"] == "no-cache"
    again = await gateway.get("/widget.js", headers={"If-None-Match": f'"other", W/{first.headers["ETag"]}'})
    assert again.status == 304
    assert (await gateway.get("/widget.js", headers={"If-None-Match": '"other"'})).status == 200


def test_the_widget_tells_what_the_operator_set(tmp_path):
    module = widget(Settings(var=tmp_path, retention_days=7, privacy_url="https://www.example.org/privacy")).plain
    assert b'"retentionDays":7' in module.replace(b" ", b"")
    assert b"https://www.example.org/privacy" in module


def test_sizes_are_the_readers_own_whatever_the_page_around_says(tmp_path):
    styles = widget(Settings(var=tmp_path)).plain.decode()
    conditions = re.findall(r"@(?:media|container)[^{]*", styles)
    assert any("rem" in condition for condition in conditions)
    assert not any("var(" in condition for condition in conditions)
    without = re.sub(r"@(?:media|container)[^{]*", "", styles)
    assert not re.search(r"\d(?<![\w.-]0)rem\b", without.partition("const $styles")[2].partition("};")[0])


@pytest.fixture
def modules(tmp_path, monkeypatch):
    """A folder of modules in place of the website's."""
    monkeypatch.setattr(widget_module, "WEB", tmp_path)
    monkeypatch.setattr(widget_module, "_STYLES", ())

    def write(**files):
        for name, source in files.items():
            (tmp_path / f"{name}.js").write_text(source, encoding="utf-8")

    return write


def test_modules_that_import_each_other_are_refused(modules, tmp_path):
    modules(
        widget='import { a } from "./one.js";\n',
        one='import { b } from "./two.js";\nexport const a = 1;\n',
        two='import { a } from "./one.js";\nexport const b = 2;\n',
    )
    with pytest.raises(ValueError, match=r"one\.js → two\.js → one\.js"):
        widget(Settings(var=tmp_path))


@pytest.mark.parametrize("address", ["javascript:alert(1)", "www.example.org", "https://"])
def test_a_privacy_page_that_is_no_address_is_refused(start_refused, address):
    assert "STADTLOTSE_PRIVACY_URL" in start_refused(privacy_url=address)
