"""Turns: what reaches the dialogue, what comes back, and in which order."""

import asyncio

import pytest
from aiohttp import web

from bot.gateway.limits import Limits


async def test_a_message_brings_the_bots_message(gateway, begin):
    response = await gateway.post(await begin(gateway), json={"text": "Was ist MPSC?"})
    assert response.status == 200
    assert await response.json() == {
        "messages": [
            {
                "kind": "answer",
                "text": "echo: Was ist MPSC?",
                "lang": "de",
                "lead": None,
                "items": [],
                "table": None,
                "progress": None,
                "citations": [],
                "suggestions": [],
                "confidence": 0.9,
            }
        ]
    }


async def test_the_dialogue_gets_conversation_language_and_token(gateway, begin, channel):
    address = await begin(gateway, "en")
    await gateway.post(address, json={"text": "Hello"})
    assert channel.asked == [
        {
            "sender": address.split("/")[3],
            "message": "Hello",
            "metadata": {"lang": "en", "handover": ["file"]},
        }
    ]
    assert channel.authorizations == [f"Bearer {channel.token}"]


async def test_a_plain_text_of_rasa_becomes_a_message(gateway, begin, channel):
    async def respond(_question):
        return web.json_response(
            [
                {"recipient_id": "x", "text": "Hello!"},
                {"recipient_id": "x", "image": "a.png"},
            ]
        )

    channel.respond = respond
    body = await (await gateway.post(await begin(gateway, "en"), json={"text": "hi"})).json()
    assert [(item["kind"], item["text"], item["lang"]) for item in body["messages"]] == [("text", "Hello!", "en")]


@pytest.mark.parametrize(
    ("text", "reaches"),
    [
        ("/restart", "restart"),
        ('/ask{"programme": "mpsc"}', 'ask{"programme": "mpsc"}'),
        (" / //session_start", "session_start"),
        ("\u0000/restart", "restart"),
        ("und/oder", "und/oder"),
    ],
)
async def test_no_text_reaches_rasa_as_a_command(gateway, begin, channel, text, reaches):
    address = await begin(gateway)
    await gateway.post(address, json={"text": text})
    assert channel.texts == [reaches]
    turns = (await (await gateway.get(address)).json())["turns"]
    assert turns[0]["text"] == text.replace("\u0000", "").strip()


async def test_control_characters_are_dropped(gateway, begin, channel):
    await gateway.post(
        await begin(gateway),
        json={"text": " Was\u0007 ist\r\n\u001b[31m MPSC?\u0085\u007f\t"},
    )
    assert channel.texts == ["Was ist\n[31m MPSC?"]


async def test_a_repeated_message_id_is_asked_once(start, begin, channel):
    gateway = await start()
    address = await begin(gateway)
    first = await (await gateway.post(address, json={"text": "Frage", "id": "m-1"})).json()
    again = await (await gateway.post(address, json={"text": "Frage", "id": "m-1"})).json()
    assert again == first
    await gateway.close()
    restarted = await start()
    assert await (await restarted.post(address, json={"text": "Frage", "id": "m-1"})).json() == first
    assert len(channel.asked) == 1


async def test_the_same_id_is_free_in_another_conversation(gateway, begin, channel):
    for _ in range(2):
        await gateway.post(await begin(gateway), json={"text": "Frage", "id": "m-1"})
    assert len(channel.asked) == 2


async def test_a_retry_joins_the_turn_that_still_runs(gateway, begin, channel):
    channel.respond = channel.echo_when_released
    address = await begin(gateway)
    both = [asyncio.create_task(gateway.post(address, json={"text": "Frage", "id": "m-1"})) for _ in range(2)]
    await channel.wait_for_questions(1)
    await asyncio.sleep(0.05)
    channel.release.set()
    bodies = [await (await task).json() for task in both]
    assert bodies[0] == bodies[1]
    assert len(channel.asked) == 1


async def test_another_text_under_a_used_id_is_refused(gateway, begin, channel):
    address = await begin(gateway)
    await gateway.post(address, json={"text": "Frage", "id": "m-1"})
    response = await gateway.post(address, json={"text": "Andere Frage", "id": "m-1"})
    assert response.status == 409
    assert (await response.json())["error"]["code"] == "message_id_reused"
    channel.respond = channel.echo_when_released
    running = asyncio.create_task(gateway.post(address, json={"text": "Dritte", "id": "m-2"}))
    await channel.wait_for_questions(2)
    assert (await gateway.post(address, json={"text": "Vierte", "id": "m-2"})).status == 409
    channel.release.set()
    assert (await running).status == 200


async def test_turns_of_a_conversation_run_one_at_a_time_in_their_order(gateway, begin, channel):
    at_once, most_at_once = 0, 0

    async def respond(question):
        nonlocal at_once, most_at_once
        at_once += 1
        most_at_once = max(most_at_once, at_once)
        await channel.release.wait()
        await asyncio.sleep(0.01)
        at_once -= 1
        return await channel.echo(question)

    channel.respond = respond
    address = await begin(gateway)
    tasks = []
    for number in range(4):
        tasks.append(asyncio.create_task(gateway.post(address, json={"text": f"Frage {number}"})))
        while len((await (await gateway.get(address)).json())["turns"]) <= number:
            await asyncio.sleep(0.005)
    channel.release.set()
    bodies = [await (await task).json() for task in tasks]
    assert most_at_once == 1
    assert channel.texts == [f"Frage {number}" for number in range(4)]
    assert [body["messages"][0]["text"] for body in bodies] == [f"echo: Frage {number}" for number in range(4)]


async def test_conversations_do_not_wait_for_each_other(gateway, begin, channel):
    channel.respond = channel.echo_when_released
    tasks = [
        asyncio.create_task(gateway.post(await begin(gateway), json={"text": f"Frage {number}"})) for number in range(3)
    ]
    await channel.wait_for_questions(3)
    channel.release.set()
    assert [(await task).status for task in tasks] == [200, 200, 200]


async def test_too_many_waiting_turns_are_refused_and_room_is_made_again(start, begin, channel):
    gateway = await start(limits=Limits(waiting_turns=2))
    channel.respond = channel.echo_when_released
    address = await begin(gateway)
    tasks = [asyncio.create_task(gateway.post(address, json={"text": f"Frage {number}"})) for number in range(4)]
    refused = next(iter((await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED))[0])).result()
    assert refused.status == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert (await refused.json())["error"]["code"] == "too_many_waiting"
    channel.release.set()
    assert sorted([(await task).status for task in tasks]) == [200, 200, 200, 429]
    assert (await gateway.post(address, json={"text": "noch eine"})).status == 200


async def test_a_client_that_goes_away_does_not_end_its_turn(gateway, begin, channel):
    channel.respond = channel.echo_when_released
    address = await begin(gateway)
    task = asyncio.create_task(gateway.post(address, json={"text": "Frage", "id": "m-1"}))
    await channel.wait_for_questions(1)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert (await (await gateway.get(address)).json())["turns"][0]["state"] == "running"
    channel.release.set()
    retried = await (await gateway.post(address, json={"text": "Frage", "id": "m-1"})).json()
    assert retried["messages"][0]["text"] == "echo: Frage"
    assert len(channel.asked) == 1
