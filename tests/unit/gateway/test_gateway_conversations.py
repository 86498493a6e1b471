"""Conversations: how they begin, what their transcript holds, and that a restart loses none."""

import stat

import pytest
from yarl import URL


async def test_a_conversation_begins_with_an_id_that_cannot_be_guessed(gateway):
    bodies = [await (await gateway.post("/api/conversations", json={"lang": "en"})).json() for _ in range(20)]
    assert {body["lang"] for body in bodies} == {"en"}
    assert len({body["id"] for body in bodies}) == 20
    assert all(len(body["id"]) >= 32 for body in bodies)


async def test_the_location_header_leads_to_the_transcript(gateway):
    response = await gateway.post("/api/conversations", json={})
    transcript = await gateway.get(response.headers["Location"])
    assert await transcript.json() == {"lang": "de", "turns": [], "ready": False}


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("en-GB,en;q=0.9,de;q=0.5", "en"),
        ("de-DE,de;q=0.9,en;q=0.8", "de"),
        ("fr,en;q=0.3,de;q=0.7", "de"),
        ("fr", "de"),
        ("en;q=zero", "de"),
        ("", "de"),
    ],
)
async def test_without_a_language_the_browsers_is_taken(gateway, header, lang):
    response = await gateway.post("/api/conversations", headers={"Accept-Language": header})
    assert response.status == 201
    assert (await response.json())["lang"] == lang


async def test_the_transcript_holds_every_turn_in_order(gateway, begin):
    address = await begin(gateway)
    for text in ("erste", "zweite"):
        await gateway.post(address, json={"text": text, "id": f"id-{text}"})
    turns = (await (await gateway.get(address)).json())["turns"]
    assert [(turn["id"], turn["text"], turn["state"]) for turn in turns] == [
        ("id-erste", "erste", "answered"),
        ("id-zweite", "zweite", "answered"),
    ]
    assert [turn["messages"][0]["text"] for turn in turns] == [
        "echo: erste",
        "echo: zweite",
    ]
    assert turns[0]["at"] <= turns[1]["at"]


async def test_a_restarted_gateway_knows_the_conversation(start, begin):
    first = await start()
    address = await begin(first, "en")
    await first.post(address, json={"text": "What is MPSC?", "id": "a"})
    before = await (await first.get(address)).json()
    await first.close()
    second = await start()
    assert await (await second.get(address)).json() == before
    again = await second.post(address, json={"text": "And its budget?"})
    assert again.status == 200


async def test_an_unknown_conversation_is_told_in_the_readers_language(gateway):
    for method in ("get", "post"):
        response = await getattr(gateway, method)(
            "/api/conversations/nobody-knows-this/messages",
            headers={"Accept-Language": "en"},
        )
        assert response.status == 404
        error = (await response.json())["error"]
        assert error["code"] == "unknown_conversation"
        assert error["message"].startswith("This conversation")


@pytest.mark.parametrize("path", ["%00", "%ED%A0%80", "..%2f..", "a" * 500])
async def test_odd_conversation_ids_are_unknown(gateway, path):
    response = await gateway.get(URL(f"/api/conversations/{path}/messages", encoded=True))
    assert response.status == 404


async def test_the_state_file_is_readable_by_its_owner_only(gateway, tmp_path, begin):
    await begin(gateway)
    assert stat.S_IMODE((tmp_path / "state.db").stat().st_mode) == 0o600
