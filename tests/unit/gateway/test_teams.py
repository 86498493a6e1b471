"""The Teams app against signed activities, with Microsoft's libraries on this side and stand-ins on the other."""

import asyncio
import html
import io
import json
import logging
import re
import sqlite3
import time
from contextlib import closing

import jwt
import pytest
from aiohttp import ClientSession, web

from bot.channels.teams import cards, tokens
from knowledge.messages import Citation, Kind, Message, Reply, Suggestion
from tests import teams
from tests.unit.gateway.messages import FIRST_STEP

KEY = teams.new_key("k1")
ANSWER = Message(
    kind=Kind.ANSWER,
    text="Die Förderquote beträgt 65 %.",
    lang="de",
    citations=[Citation(title="Modellprojekte", url="/sources/mpsc/3?quote=1-9", page=4, quote="beträgt 65 %")],
    suggestions=[Suggestion(title="Frist", payload="Bis wann läuft MPSC?")],
    confidence=0.9,
)


@pytest.fixture
async def server(tmp_path):
    """Microsoft's side."""
    async with teams.running_server(tmp_path, KEY) as server:
        yield server


@pytest.fixture
def configured(monkeypatch, server):
    """The variables of a registered app."""
    for name, value in server.variables.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
async def client(start, configured, server):
    """Teams in front of a running gateway."""
    gateway = await start(public_url="https://lotse.example")
    async with ClientSession() as session:
        yield teams.TeamsClient(session, str(gateway.make_url("/")), server, KEY)


def answering(channel, message=ANSWER):
    """Make the dialogue say this, whatever it is asked."""

    async def respond(_question):
        return web.json_response([{"custom": Reply(message=message).model_dump(mode="json")}])

    channel.respond = respond


def opinions(var):
    """What is stored of opinions."""
    with closing(sqlite3.connect(var / "state.db")) as state:
        return state.execute("SELECT verdict, reasons, words FROM opinion").fetchall()


async def test_a_question_is_acknowledged_and_answered_with_text_and_card(client, server, channel):
    async def once_it_types(_question):
        await teams.eventually(lambda: server.sent)
        return web.json_response([{"custom": Reply(message=ANSWER).model_dump(mode="json")}])

    channel.respond = once_it_types
    assert await client.ask("Wie hoch ist die Quote?") == 202
    (message,) = await server.wait_for()
    assert message["conversation_in_path"] == "a:chat"
    assert message["text"] == "Die Förderquote beträgt 65 % [1]."
    shown = json.dumps(message["attachments"], ensure_ascii=False)
    assert "beträgt 65 %" in shown
    assert "https://lotse.example/sources/mpsc/3?quote=1-9" in shown
    assert server.sent[0]["type"] == "typing"
    assert channel.texts == ["Wie hoch ist die Quote?"]


async def test_words_that_are_quoted_are_not_called_generated(client, server, channel):
    answering(channel)
    await client.ask("Wie hoch ist die Quote?")
    (message,) = await server.wait_for()
    (entity,) = message["entities"]
    assert entity["citation"][0]["appearance"]["abstract"] == "beträgt 65 %"
    assert "AIGeneratedContent" not in json.dumps(message)


async def test_text_is_shown_as_it_is_written(client, server, channel):
    answering(channel, ANSWER.model_copy(update={"text": "1. Bürger*innen & <alle>\n- A_b [c]", "citations": []}))
    await client.ask("Wer?")
    (message,) = await server.wait_for()
    assert message["textFormat"] == "markdown"
    assert not any(sign in message["text"].replace("&#", "") for sign in "*_[]<>")
    assert html.unescape(message["text"]) == "1. Bürger*innen & <alle>\n\n- A_b [c]"


async def test_mentions_are_stripped_and_threads_are_kept_apart(client, server, channel):
    own = {"type": "mention", "text": "<at>Stadtlotse</at>", "mentioned": {"id": f"28:{teams.APP}", "name": "S"}}
    other = {"type": "mention", "text": "<at>Jemand</at>", "mentioned": {"id": "29:other", "name": "Jemand"}}
    asked = [
        ("a", "19:c@thread.tacv2;messageid=1", "29:p1"),
        ("b", "19:c@thread.tacv2;messageid=1", "29:p1"),
        ("c", "19:c@thread.tacv2;messageid=2", "29:p1"),
        ("d", "19:c@thread.tacv2;messageid=1", "29:p2"),
    ]
    for words, conversation, person in asked:
        await client.ask(
            f"<at>Stadtlotse</at> {words}&nbsp;<at>Jemand</at>",
            conversation={"id": conversation, "conversationType": "channel", "isGroup": True},
            entities=[own, other],
            **{"from": {"id": person}},
        )
    messages = await server.wait_for(4)
    assert sorted(channel.texts) == ["a", "b", "c", "d"]
    senders = {item["message"]: item["sender"] for item in channel.asked}
    assert senders["a"] == senders["b"]
    assert len(set(senders.values())) == 3
    assert not any("29:" in sender for sender in senders.values())
    assert {message["conversation_in_path"] for message in messages} == {asked[0][1], asked[2][1]}


async def test_a_repeated_activity_is_answered_once_also_after_a_restart(start, configured, server, channel):
    async with ClientSession() as session:
        activity = None
        for _ in range(2):
            gateway = await start()
            client = teams.TeamsClient(session, str(gateway.make_url("/")), server, KEY)
            activity = activity or client.activity(text="Frage")
            for _ in range(3):
                assert await client.send(activity) == 202
            await server.wait_for()
            await gateway.close()
    assert len(server.messages) == 1
    assert channel.texts == ["Frage"]


async def test_a_long_turn_is_acknowledged_at_once(client, server, channel):
    channel.respond = channel.echo_when_released
    await client.ask("Warm")
    began = time.monotonic()
    assert await client.ask("Frage") == 202
    assert time.monotonic() - began < 1
    channel.release.set()
    await server.wait_for(2)


async def test_the_token_of_the_app_is_asked_for_once(client, server, channel):
    for number in range(3):
        await client.ask(f"Frage {number}")
    await server.wait_for(3)
    assert server.token_requests == 1
    assert set(server.authorizations) == {"Bearer t1"}


async def test_a_certificate_stands_in_for_a_secret(start, configured, server, channel, monkeypatch, tmp_path):
    path = tmp_path / "app.pfx"
    public = teams.write_certificate(path)
    monkeypatch.delenv("STADTLOTSE_TEAMS_CLIENT_SECRET")
    monkeypatch.setenv("STADTLOTSE_TEAMS_CERTIFICATE_FILE", str(path))
    gateway = await start()
    async with ClientSession() as session:
        await teams.TeamsClient(session, str(gateway.make_url("/")), server, KEY).ask("Frage")
        await server.wait_for()
    (form,) = server.token_forms
    assert "client_secret" not in form
    claims = jwt.decode(form["client_assertion"], public, algorithms=["RS256", "PS256"], options={"verify_aud": False})
    assert claims["iss"] == teams.APP


async def test_a_token_is_renewed_before_it_ends(client, server, channel):
    server.token_seconds = 120
    for number in range(2):
        await client.ask(f"Frage {number}")
        await server.wait_for(number + 1)
    assert server.token_requests > 1
    assert len(set(server.authorizations)) > 1


@pytest.mark.parametrize(
    "how",
    [
        {"header": None},
        {"header": "Bearer"},
        {"header": "Bearer not.a.token"},
        {"header": "Basic eDp5"},
        {"key": teams.Key("k1", teams.new_key("k1").private)},
        {"key": teams.new_key("unknown")},
        {"iss": "https://sts.windows.net/elsewhere/"},
        {"iss": None},
        {"aud": "99999999-2222-3333-4444-555555555555"},
        {"aud": None},
        {"age": 2 * 3600},
        {"age": -2 * 3600},
        {"exp": None},
        {"algorithm": "none"},
        {"algorithm": "HS256"},
        {"algorithm": "RS512"},
    ],
    ids=str,
)
async def test_a_wrong_token_is_refused_without_work(client, server, channel, caplog, how):
    caplog.set_level(logging.DEBUG)
    body = json.dumps(client.activity(text="Geheimnis", **{"from": {"id": "29:GEHEIM"}})).encode()
    assert (await client.post(body, **how))[0] == 401
    assert await client.ask("Frage") == 202
    await server.wait_for()
    assert channel.texts == ["Frage"]
    own = [record.getMessage() for record in caplog.records if record.name.startswith("bot")]
    assert any(line.startswith("Teams: a request was refused: ") for line in own)
    assert "geheim" not in "".join(own).lower()


@pytest.mark.parametrize(
    ("fields", "claims"),
    [
        ({}, {"serviceurl": "https://smba.trafficmanager.net/amer/"}),
        ({}, {"serviceurl": None}),
        ({"serviceUrl": "https://elsewhere.example/"}, {"serviceurl": "https://elsewhere.example/"}),
        ({"serviceUrl": "http://127.0.0.1:1/"}, {"serviceurl": "http://127.0.0.1:1/"}),
        ({"serviceUrl": "http://smba.trafficmanager.net/"}, {"serviceurl": "http://smba.trafficmanager.net/"}),
        ({"channelId": "directline"}, {}),
        ({"channelData": {"tenant": {"id": "another"}}}, {}),
    ],
    ids=str,
)
async def test_an_activity_that_its_token_is_not_for_is_refused(client, server, channel, fields, claims):
    assert await client.send(client.activity(text="Geheimnis", **fields), **claims) == 403
    await client.ask("Frage")
    await server.wait_for()
    assert channel.texts == ["Frage"]


async def test_a_body_of_a_megabyte_is_refused(client, channel):
    assert (await client.post(io.BytesIO(b"x" * 2**20)))[0] == 413
    assert (await client.post(io.BytesIO(b"x" * 2**20), header=None))[0] == 401


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"type": "message"}', b"[" * 5000])
async def test_what_is_no_activity_is_refused(client, body):
    assert (await client.post(body))[0] == 400


async def test_unknown_keys_are_not_asked_for_again_and_again(client, server, channel):
    await client.ask("Eins")
    assert server.key_requests == 1
    late = teams.new_key("k2")
    body = json.dumps(client.activity(text="Zwei")).encode()
    for _ in range(5):
        assert (await client.post(body, key=late))[0] == 401
    assert server.key_requests <= 2


async def test_a_new_key_is_taken_up(client, server, channel, monkeypatch):
    monkeypatch.setattr(tokens, "_REFRESH_SECONDS", 0)
    await client.ask("Eins")
    late = teams.new_key("k2")
    server.keys = [late.published]
    body = json.dumps(client.activity(text="Zwei")).encode()
    assert (await client.post(body, key=late))[0] == 202
    assert (await client.post(body))[0] == 401
    await server.wait_for(2)
    assert channel.texts == ["Eins", "Zwei"]


async def test_a_token_a_little_past_its_end_is_taken(client):
    body = json.dumps(client.activity(text="Frage")).encode()
    assert (await client.post(body, exp=time.time() - 20))[0] == 202
    assert (await client.post(body, exp=time.time() - 120))[0] == 401


async def test_a_pressed_suggestion_is_asked_and_the_card_says_so(client, server, channel):
    answering(channel)
    await client.ask("Quote?")
    (message,) = await server.wait_for()
    response = await client.press(teams.button(message, do="ask"), replyToId=message["sent_id"])
    assert response["type"] == cards.CARD
    assert not any(button.get("verb") == "ask" for button in teams.buttons(response["value"]))
    messages = await server.wait_for(2)
    assert channel.texts == ["Quote?", "Bis wann läuft MPSC?"]
    assert messages[1]["text"].startswith("Ausgewählt: Bis wann läuft MPSC?")
    assert len({item["sender"] for item in channel.asked}) == 1


async def test_a_step_that_was_answered_shows_the_choice_in_the_place_of_its_buttons(client, server, channel):
    answering(channel, FIRST_STEP)
    await client.ask("Welche Förderung passt?")
    (message,) = await server.wait_for()
    choice = teams.button(message, do="ask", question="Hessen")
    settled = (await client.press(choice, replyToId=message["sent_id"]))["value"]
    assert "Ausgewählt: Hessen" in json.dumps(settled, ensure_ascii=False)
    assert teams.buttons(settled) == []
    await server.wait_for(2)
    assert channel.texts == ["Welche Förderung passt?", "Hessen"]


async def test_older_clients_see_the_choice_too(client, server, channel):
    answering(channel, FIRST_STEP)
    await client.ask("Welche Förderung passt?")
    (message,) = await server.wait_for()
    submit = teams.button(message, do="ask", question="Saarland")["fallback"]
    await client.send(client.activity(value=submit["data"], replyToId=message["sent_id"]))
    await teams.eventually(lambda: server.updated)
    ((changed, update),) = server.updated
    assert (changed, teams.buttons(update)) == (message["sent_id"], [])
    assert "Ausgewählt: Saarland" in json.dumps(update, ensure_ascii=False)


async def test_a_thumb_is_stored_and_the_card_updates_in_place(client, server, channel, tmp_path):
    answering(channel)
    await client.ask("Quote?")
    (message,) = await server.wait_for()
    response = await client.press(teams.button(message, do="vote", verdict="up"))
    assert "Danke" in json.dumps(response["value"])
    assert not any(button.get("verb") == "vote" for button in teams.buttons(response["value"]))
    assert opinions(tmp_path) == [("up", "", "")]


async def test_a_thumb_down_asks_for_the_reason_in_the_card(client, server, channel, tmp_path):
    answering(channel)
    await client.ask("Quote?")
    (message,) = await server.wait_for()
    form = (await client.press(teams.button(message, do="vote", verdict="down")))["value"]
    assert "Input.Text" in json.dumps(form)
    send = teams.button(form, do="reason")
    done = await client.press(
        {**send, "data": {**send["data"], "reasons": "outdated,wrong", "words": "Frist verlängert"}}
    )
    assert "Input.Text" not in json.dumps(done["value"])
    assert opinions(tmp_path) == [("down", "outdated wrong", "Frist verlängert")]


async def test_older_clients_submit_the_same_data(client, server, channel, tmp_path):
    answering(channel)
    await client.ask("Quote?")
    (message,) = await server.wait_for()
    submit = teams.button(message, do="vote", verdict="up")["fallback"]
    assert submit["type"] == "Action.Submit"
    await client.send(client.activity(value=submit["data"], replyToId=message["sent_id"]))
    await teams.eventually(lambda: server.updated)
    ((changed, card),) = server.updated
    assert changed == message["sent_id"]
    assert "Danke" in json.dumps(card)
    assert opinions(tmp_path) == [("up", "", "")]
    ask = teams.button(message, do="ask")["fallback"]
    await client.send(client.activity(value=ask["data"], replyToId=message["sent_id"]))
    await server.wait_for(2)
    assert channel.texts[-1] == "Bis wann läuft MPSC?"


@pytest.mark.parametrize("data", [None, "x", {}, {"do": "delete"}, {"do": "vote", "verdict": "sideways"}])
async def test_buttons_that_are_none_of_ours_are_told_so(client, data):
    response = await client.press({"verb": "vote", "data": data})
    assert response["statusCode"] == 400


async def test_the_app_greets_once_a_conversation(client, server):
    added = {"membersAdded": [{"id": f"28:{teams.APP}"}, {"id": "29:person"}]}
    await client.send(client.activity(type="conversationUpdate", **added))
    await client.send(client.activity(type="installationUpdate", action="add"))
    await client.send(client.activity(type="conversationUpdate", membersAdded=[{"id": "29:another"}]))
    (message,) = await server.wait_for()
    assert any(button["data"]["do"] == "ask" for button in teams.buttons(message))
    await asyncio.sleep(0.2)
    assert len(server.messages) == 1
    await client.send(client.activity(type="installationUpdate", action="remove"))
    await client.send(client.activity(type="installationUpdate", action="add", locale="en-GB"))
    assert "smart-city" in (await server.wait_for(2))[1]["text"]


async def test_an_edited_question_is_answered_in_place_and_a_deleted_one_is_taken_back(client, server, channel):
    question = client.activity(text="Frist?")
    await client.send(question)
    (message,) = await server.wait_for()
    edit = {**question, "type": "messageUpdate", "text": "Quote?"}
    edit["channelData"] = {**question["channelData"], "eventType": "editMessage"}
    await client.send(edit)
    await teams.eventually(lambda: server.updated)
    assert server.updated[0][0] == message["sent_id"]
    assert server.updated[0][1]["text"] == "echo: Quote?"
    deletion = {**question, "type": "messageDelete"}
    deletion["channelData"] = {**question["channelData"], "eventType": "softDeleteMessage"}
    await client.send(deletion)
    await teams.eventually(lambda: server.deleted)
    assert server.deleted == [message["sent_id"]]


async def test_what_teams_refuses_for_now_is_sent_when_it_says(client, server, channel):
    refused = []

    def refuse(activity):
        if activity["type"] == "message" and not refused:
            refused.append(activity)
            return web.Response(status=429, headers={"Retry-After": "1"})
        return None

    server.refuse = refuse
    await client.ask("Frage")
    await server.wait_for()
    assert channel.texts == ["Frage"]


async def test_errors_tell_the_user_one_kind_sentence_and_the_operator_the_reason(
    start, configured, server, channel, caplog
):
    async def fail(_question):
        await asyncio.sleep(5)
        raise AssertionError

    channel.respond = fail
    gateway = await start(turn_timeout=0.2)
    async with ClientSession() as session:
        client = teams.TeamsClient(session, str(gateway.make_url("/")), server, KEY)
        await client.ask("What is the deadline for this?")
        (message,) = await server.wait_for()
    assert message["text"].startswith("The answer is taking too long.")
    assert any("no answer in time" in record.getMessage() for record in caplog.records)


async def test_long_answers_are_cut_where_sentences_end(client, server, channel):
    sentence = "Der Antrag ist bis zum Ende des Jahres bei der Bewilligungsstelle zu stellen. "
    quotes = [
        Citation(title=f"Dokument {number}", url=f"/sources/d/{number}", quote=sentence * 20) for number in range(12)
    ]
    answering(channel, ANSWER.model_copy(update={"text": (sentence * 200).strip(), "citations": quotes}))
    await client.ask("Alles")
    await teams.eventually(lambda: any(server.messages) and "vote" in json.dumps(server.messages))
    for message in server.messages:
        own = {key: value for key, value in message.items() if key not in ("conversation_in_path", "sent_id")}
        assert len(json.dumps(own, ensure_ascii=False).encode()) <= cards.MESSAGE_BYTES
    whole = " ".join(message["text"] for message in server.messages if message.get("text"))
    assert re.sub(r" \[\d+\]", "", whole).startswith((sentence * 200).strip())
    assert all(message["text"].endswith((".", "]")) for message in server.messages if message.get("text"))


async def test_without_variables_teams_is_off(gateway):
    assert (await gateway.post(teams.MESSAGES, data=b"")).status == 404


async def test_local_development_takes_requests_of_this_machine_only(start, monkeypatch, server, channel):
    monkeypatch.setenv("STADTLOTSE_TEAMS_LOCAL", "true")
    gateway = await start()
    async with ClientSession() as session:
        client = teams.TeamsClient(session, str(gateway.make_url("/")), server, KEY)
        body = json.dumps(client.activity(text="Frage")).encode()
        assert (await client.post(body, header=None))[0] == 202
        (message,) = await server.wait_for()
        assert message["text"] == "echo: Frage"
        assert set(server.authorizations) == {None}
        assert (await client.post(body))[0] == 401
        away = json.dumps(client.activity(text="Geheimnis", serviceUrl="https://elsewhere.example/")).encode()
        assert (await client.post(away, header=None))[0] == 403
        proxied = await gateway.post(teams.MESSAGES, data=body, headers={"X-Forwarded-For": "198.51.100.7"})
        assert proxied.status == 401
    assert channel.texts == ["Frage"]


async def test_nothing_about_people_is_logged(client, server, channel, caplog):
    caplog.set_level(logging.INFO)
    person = {"id": "29:SECRET", "aadObjectId": "SECRET", "name": "SECRET"}
    await client.ask("Wortlaut der Frage", **{"from": person, "conversation": {"id": "a:SECRET"}})
    await server.wait_for()
    logged = "".join(record.getMessage() for record in caplog.records if record.name != "aiohttp.access")
    assert "SECRET" not in logged
    assert "Wortlaut" not in logged


async def test_an_answer_follows_no_redirection_to_another_host(client, server, channel):
    elsewhere = []

    async def note(request):
        elsewhere.append(request.path)
        return web.json_response({"id": "x"})

    other = web.Application()
    other.router.add_route("*", "/{path:.*}", note)
    runner = web.AppRunner(other)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    server.refuse = lambda _activity: web.Response(status=307, headers={"Location": f"http://127.0.0.1:{port}/away"})
    await client.ask("Frage")
    await channel.wait_for_questions(1)
    await asyncio.sleep(0.3)
    await runner.cleanup()
    assert elsewhere == []
