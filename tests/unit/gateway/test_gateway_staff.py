"""What is for staff alone: shown to whom a trusted proxy names, and to nobody else."""

import sqlite3
from contextlib import closing
from datetime import datetime, timezone

import pytest
from aiohttp import web

from bot.gateway.conversations import StoredTurn
from knowledge.messages import Kind, Message
from tests.unit.gateway.test_gateway_originals import MARK_QUERY, folder, release  # noqa: F401  # fixtures

HEADER = "X-Remote-User"
STAFF = {HEADER: "e4711"}
BEHIND_PROXY = {"staff_header": HEADER, "trusted_proxies": "127.0.0.1"}
WITHHELD = "Diese Antwort ist nur für angemeldete Beschäftigte sichtbar."
PATHS = (f"/sources/intern/1{MARK_QUERY}", "/sources/intern/2", "/sources/intern/original")
PICTURE = f"/sources/intern/1/page.webp{MARK_QUERY}"


@pytest.mark.parametrize("path", [*PATHS, PICTURE])
@pytest.mark.usefixtures("release")
async def test_an_internal_document_is_shown_to_staff_alone(start, path):
    gateway = await start(**BEHIND_PROXY)
    shown = await gateway.get(path, headers=STAFF)
    assert shown.status == 200
    for headers in ({}, {HEADER: " "}, {"X-Other": "e4711"}):
        hidden = await gateway.get(path, headers=headers)
        unknown = await gateway.get(path.replace("intern", "nirgends"), headers=headers)
        assert (hidden.status, await hidden.text()) == (404, await unknown.text())
    assert shown.headers["Cache-Control"] in ("no-store", "private, no-cache")


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"staff_header": HEADER},
        {"staff_header": HEADER, "trusted_proxies": "10.0.0.0/8"},
        {"trusted_proxies": "127.0.0.1"},
        {"staff_header": "X-Somebody", "trusted_proxies": "127.0.0.1"},
    ],
)
@pytest.mark.usefixtures("release")
async def test_the_header_counts_for_nothing_unless_a_trusted_proxy_sends_it(start, settings):
    gateway = await start(**settings)
    headers = {**STAFF, "X-Forwarded-For": "127.0.0.1"}
    assert [(await gateway.get(path, headers=headers)).status for path in (*PATHS, PICTURE)] == [404] * 4


@pytest.mark.usefixtures("release")
async def test_another_site_is_never_handed_what_is_for_staff(start, channel):
    gateway = await start(**BEHIND_PROXY, widget_origins="https://www.stadt.example")
    foreign = {**STAFF, "Origin": "https://www.stadt.example"}
    assert (await gateway.get(PATHS[0], headers=foreign)).status == 404
    begun = await gateway.post("/api/conversations", json={}, headers=foreign)
    path = f"/api/conversations/{(await begun.json())['id']}/messages"
    await gateway.post(path, json={"text": "Frage"}, headers=foreign)
    assert "reader" not in channel.asked[0]["metadata"]


async def test_the_dialogue_is_told_who_reads_with_every_turn(start, channel, begin):
    gateway = await start(**BEHIND_PROXY)
    path = await begin(gateway)
    for headers in (STAFF, {}, STAFF):
        assert (await gateway.post(path, json={"text": "Frage"}, headers=headers)).status == 200
    assert [one["metadata"].get("reader") for one in channel.asked] == ["internal", None, "internal"]


async def test_nobody_can_claim_to_be_staff_in_the_body(start, channel, begin):
    gateway = await start(**BEHIND_PROXY)
    path = await begin(gateway)
    for body in ({"text": "a", "reader": "internal"}, {"text": "a", "filter": {"groups": ["internal"]}}):
        assert (await gateway.post(path, json=body)).status == 400
    assert channel.asked == []


async def test_what_staff_was_told_is_withheld_from_a_reader_who_is_not_signed_in(start, begin):
    gateway = await start(**BEHIND_PROXY)
    path = await begin(gateway)
    await gateway.post(path, json={"text": "allen", "id": "a"})
    await gateway.post(path, json={"text": "Beschäftigten", "id": "b"}, headers=STAFF)
    transcript = path.replace("messages", "transcript")
    for headers, told in ((STAFF, "echo: Beschäftigten"), ({}, WITHHELD)):
        turns = (await (await gateway.get(path, headers=headers)).json())["turns"]
        assert [turn["messages"][0]["text"] for turn in turns] == ["echo: allen", told]
        saved = await (await gateway.get(transcript, headers=headers)).text()
        assert told in saved and ("echo: Beschäftigten" in saved) == (headers == STAFF)


async def test_a_message_sent_again_without_signing_in_brings_no_answer_of_staff(start, begin, channel):
    gateway = await start(**BEHIND_PROXY)
    path = await begin(gateway)
    body = {"text": "Frage", "id": "a"}
    assert (await gateway.post(path, json=body, headers=STAFF)).status == 200
    refused = await gateway.post(path, json=body)
    assert (refused.status, "echo" in await refused.text()) == (409, False)
    assert (await gateway.post(path, json=body, headers=STAFF)).status == 200
    assert len(channel.asked) == 1


async def test_a_message_begun_by_anybody_is_answered_as_such_when_staff_sends_it_again(start, begin, channel):
    answer = channel.respond
    gateway = await start(**BEHIND_PROXY)
    path = await begin(gateway)
    channel.respond = _fail
    assert (await gateway.post(path, json={"text": "Frage", "id": "a"})).status == 503
    channel.respond = answer
    assert (await gateway.post(path, json={"text": "Frage", "id": "a"}, headers=STAFF)).status == 200
    assert "reader" not in channel.asked[-1]["metadata"]
    assert (await gateway.post(path, json={"text": "Frage", "id": "a"})).status == 200


async def _fail(_question):
    return web.json_response([])


async def test_who_is_staff_is_forgotten_with_the_conversation(start, begin, tmp_path):
    gateway = await start(**BEHIND_PROXY)
    path = await begin(gateway)
    await gateway.post(path, json={"text": "Frage"}, headers=STAFF)
    assert (await gateway.delete(path.removesuffix("/messages"))).status == 204
    with closing(sqlite3.connect(tmp_path / "state.db")) as state:
        assert state.execute("SELECT count(*) FROM staff_turn").fetchone() == (0,)


@pytest.mark.parametrize("listed", ["teams slak", "telefon"])
def test_a_channel_that_is_none_is_named(start_refused, listed):
    assert f"'{listed.split()[-1]}', which is no platform" in start_refused(staff_channels=listed)


def test_a_withheld_answer_holds_nothing_of_what_was_said():
    told = Message(kind=Kind.ANSWER, text="geheim", lang="de", confidence=1.0)
    turn = StoredTurn("a", "Frage", datetime.now(timezone.utc), [told], reader="internal")
    assert [one.text for one in turn.shown_to("public", "de").messages or []] == [WITHHELD]
    assert turn.shown_to("internal", "de") is turn
