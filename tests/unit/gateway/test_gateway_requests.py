"""What the API refuses, and how it says so."""

import asyncio
import gzip
import json

import pytest

from bot.gateway.limits import Limits

JSON = {"Content-Type": "application/json"}


BROKEN = {
    "empty": b"",
    "cut off": b'{"text": "a',
    "not UTF-8": b'{"text": "\xff"}',
    "doubled key": b'{"text": "a", "text": "b"}',
    "NaN": b'{"text": NaN}',
    "infinity": b'{"text": -Infinity}',
    "nested too deep": b"[" * 16_000,
    "nested objects": b'{"a":' * 3_000,
    "endless number": b'{"text": ' + b"9" * 10_000 + b"}",
    "half a character as field": b'{"text": "a", "\\udc00": "b"}',
    "two values": b'{"text": "a"} {}',
    "byte order mark": b'\xef\xbb\xbf{"text": "a"}',
}
REFUSED = {
    "list": ([], "invalid_body"),
    "string": ("text", "invalid_body"),
    "null": (None, "invalid_body"),
    "no text": ({}, "missing_field"),
    "number": ({"text": 1}, "invalid_field"),
    "true": ({"text": True}, "invalid_field"),
    "null text": ({"text": None}, "invalid_field"),
    "list of texts": ({"text": ["a"]}, "invalid_field"),
    "half a character": ({"text": "\ud800"}, "invalid_field"),
    "unknown field": ({"text": "a", "sender": "b"}, "unknown_field"),
    "empty": ({"text": ""}, "text_empty"),
    "space": ({"text": " \t\r\n\u00a0\u2003"}, "text_empty"),
    "nothing visible": ({"text": "\u0000\u001f\u200b\u2060"}, "text_empty"),
    "only slashes": ({"text": " // / "}, "text_empty"),
    "too long": ({"text": "ä" * 1_001}, "text_too_long"),
    "long id": ({"text": "a", "id": "x" * 65}, "invalid_field"),
    "empty id": ({"text": "a", "id": ""}, "invalid_field"),
    "strange id": ({"text": "a", "id": "a b"}, "invalid_field"),
    "id with line break": ({"text": "a", "id": "ab\n"}, "invalid_field"),
    "number as id": ({"text": "a", "id": 7}, "invalid_field"),
}


@pytest.mark.parametrize("raw", BROKEN.values(), ids=BROKEN)
async def test_broken_json_is_refused(gateway, begin, channel, raw):
    response = await gateway.post(await begin(gateway), data=raw, headers=JSON)
    assert response.status == 400
    assert (await response.json())["error"]["code"] == "broken_json"
    assert channel.asked == []


@pytest.mark.parametrize(("value", "code"), REFUSED.values(), ids=REFUSED)
async def test_wrong_values_are_refused(gateway, begin, channel, value, code):
    address = await begin(gateway)
    response = await gateway.post(address, data=json.dumps(value).encode(), headers=JSON)
    assert response.status == 400
    assert response.content_type == "application/json"
    error = (await response.json())["error"]
    assert error["code"] == code
    assert error["message"]
    assert channel.asked == []
    assert (await (await gateway.get(address)).json())["turns"] == []


async def test_a_thousand_characters_are_answered(gateway, begin):
    assert (await gateway.post(await begin(gateway), json={"text": "ä" * 1_000})).status == 200


@pytest.mark.parametrize(
    ("lang", "words"),
    [("de", "höchstens 1000 Zeichen"), ("en", "at most 1000 characters")],
)
async def test_errors_speak_the_language_of_the_conversation(gateway, begin, lang, words):
    other = {"de": "en", "en": "de"}[lang]
    response = await gateway.post(
        await begin(gateway, lang),
        json={"text": "a" * 1_001},
        headers={"Accept-Language": other},
    )
    assert words in (await response.json())["error"]["message"]


async def test_a_large_body_is_refused(gateway, begin):
    address = await begin(gateway)
    assert (await gateway.post(address, data=b'{"text": "' + b"a" * 15_000, headers=JSON)).status == 400
    response = await gateway.post(address, data=b" " * (16 * 1024 + 1), headers=JSON)
    assert response.status == 413
    assert (await response.json())["error"]["code"] == "body_too_large"


async def test_a_compressed_bomb_is_refused(gateway, begin):
    headers = {**JSON, "Content-Encoding": "gzip"}
    response = await gateway.post(await begin(gateway), data=gzip.compress(b" " * 50_000_000), headers=headers)
    assert response.status == 413


async def test_a_broken_compression_is_refused(gateway, begin):
    headers = {**JSON, "Content-Encoding": "gzip"}
    response = await gateway.post(await begin(gateway), data=b"not gzip at all", headers=headers)
    assert response.status == 400


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/json; charset=latin-1",
    ],
)
async def test_only_json_is_taken(gateway, begin, content_type):
    for address in ("/api/conversations", await begin(gateway)):
        response = await gateway.post(address, data=b'{"text": "a"}', headers={"Content-Type": content_type})
        assert response.status == 415
        assert (await response.json())["error"]["code"] == "wrong_content_type"


async def test_a_body_without_a_type_is_refused(gateway, begin):
    response = await gateway.post(await begin(gateway), data=b'{"text": "a"}', skip_auto_headers=("Content-Type",))
    assert response.status == 415


@pytest.mark.parametrize("body", [{"lang": "fr"}, {"lang": 1}, {"language": "de"}, ["de"]])
async def test_a_conversation_begins_with_a_known_language_only(gateway, body):
    assert (await gateway.post("/api/conversations", json=body)).status == 400


async def test_a_body_that_never_arrives_is_given_up(start, begin):
    gateway = await start(limits=Limits(body_seconds=0.1))
    address = await begin(gateway)
    reader, writer = await asyncio.open_connection(gateway.host, gateway.port)
    writer.write(f"POST {address} HTTP/1.1\r\nHost: {gateway.host}\r\nContent-Type: application/json\r\n".encode())
    writer.write(b"Content-Length: 100\r\n\r\n{")
    status = await asyncio.wait_for(reader.readline(), 5)
    writer.close()
    await writer.wait_closed()
    assert b" 408 " in status


@pytest.mark.parametrize(
    "origin",
    ["https://elsewhere.example", "null", "http://127.0.0.1:1", "http://[broken"],
)
async def test_other_hosts_pages_are_refused(gateway, origin):
    response = await gateway.post("/api/conversations", json={}, headers={"Origin": origin})
    assert response.status == 403
    assert (await response.json())["error"]["code"] == "foreign_origin"


async def test_the_own_page_is_served(gateway):
    origin = f"http://{gateway.host}:{gateway.port}"
    assert (await gateway.post("/api/conversations", json={}, headers={"Origin": origin})).status == 201


async def test_wrong_methods_are_told_the_right_ones(gateway):
    response = await gateway.put("/api/conversations")
    assert response.status == 405
    assert response.headers["Allow"] == "POST"
    assert (await response.json())["error"]["code"] == "method_not_allowed"


async def test_unknown_addresses_are_not_found(gateway):
    response = await gateway.get("/api/nothing")
    assert response.status == 404
    assert (await response.json())["error"]["code"] == "not_found"
