"""Handing a conversation over: as a file, and by mail through a real SMTP server."""

import sqlite3
from contextlib import closing

import pytest
from aiohttp import web

from knowledge.errors import StadtlotseError
from knowledge.messages import Citation, Handover, Kind, Message, Reply
from tests.smtp import SENDER, MailServer

REMOTE = {"STADTLOTSE_SMTP_HOST": "mail.stadt.example", "STADTLOTSE_SMTP_FROM": SENDER}
OFFICE = "foerderung@stadt.example"
CONTACTS = f"""
contacts:
  - key: foerderung
    office: {{de: Fördermittelstelle, en: Funding office}}
    email: {OFFICE}
  - key: telefon
    office: Netze
    telephone: 0231 50-0
    topics: [Netze]
"""


@pytest.fixture
def contacts(tmp_path):
    """The file with the offices."""
    path = tmp_path / "contacts.yml"
    path.write_text(CONTACTS, encoding="utf-8")
    return str(path)


@pytest.fixture
def mail(tmp_path, monkeypatch):
    """A mail server that the environment names."""
    with MailServer(tmp_path) as server:
        for name, value in server.variables.items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture
async def gateway(start, contacts):
    """A gateway that knows the offices."""
    return await start(contacts=contacts, public_url="https://lotse.stadt.example")


@pytest.fixture
async def messages(gateway, begin, channel):
    """The address of a conversation in which a question was answered; the next words agree to send it."""
    channel.respond = answer
    address = await begin(gateway)
    await gateway.post(address, json={"text": "Wie hoch ist die Förderquote?", "id": "m1"})
    channel.respond = agreeing()
    return address


async def answer(_question):
    """The dialogue answers with a quote."""
    citation = Citation(title="Merkblatt", url="/sources/a/1?quote=0-9", page=3, as_of="2024-05-01", quote="65 Prozent")
    said = Message(kind=Kind.ANSWER, text="65 Prozent", lang="de", citations=[citation], confidence=0.9)
    return web.json_response([{"custom": Reply(message=said).model_dump(mode="json")}])


def agreeing(contact="foerderung", reply_to=""):
    """The dialogue took what was said for a yes to sending."""

    async def respond(_question):
        said = Message(kind=Kind.TEXT, text="Einen Moment", lang="de", confidence=1)
        reply = Reply(message=said, handover=Handover(contact=contact, reply_to=reply_to), is_private=True)
        return web.json_response([{"custom": reply.model_dump(mode="json")}])

    return respond


async def say(gateway, address, turn="m2"):
    """What the bot says to a yes."""
    response = await gateway.post(address, json={"text": "ja", "id": turn})
    assert response.status == 200
    return [message["text"] for message in (await response.json())["messages"]]


def outcomes(var):
    """What is stored of handovers."""
    with closing(sqlite3.connect(var / "state.db")) as state:
        return [row[0] for row in state.execute("SELECT outcome FROM handover")]


async def test_the_conversation_is_sent_once_with_its_sources(mail, gateway, messages, channel, tmp_path):
    channel.respond = agreeing(reply_to="eva@amt.example")
    first = await say(gateway, messages)
    again = await say(gateway, messages)
    assert first == again
    assert "unterwegs an Fördermittelstelle" in first[1]
    (sent,) = mail.taken
    assert mail.recipients == [[OFFICE]]
    assert (sent["From"], sent["To"], sent["Reply-To"]) == (SENDER, OFFICE, "eva@amt.example")
    body = sent.get_content()
    assert "Frage: Wie hoch ist die Förderquote?" in body
    assert "Stadtlotse: 65 Prozent" in body
    assert "[1] Merkblatt, Seite 3, Stand: 1. Mai 2024" in body
    assert "https://lotse.stadt.example/sources/a/1?quote=0-9" in body
    assert outcomes(tmp_path) == ["sent"]


async def test_who_agrees_again_sends_again(mail, gateway, messages):
    await say(gateway, messages, "m2")
    await say(gateway, messages, "m3")
    assert len(mail.taken) == 2


async def test_a_refused_mail_is_told_kindly_and_can_be_tried_again(mail, gateway, messages, tmp_path, caplog):
    mail.refusal = f"554 no mail for {OFFICE}, eva"
    assert "nichts verschickt" in (await say(gateway, messages, "m2"))[1]
    mail.refusal = None
    assert "unterwegs" in (await say(gateway, messages, "m3"))[1]
    assert sorted(outcomes(tmp_path)) == ["not_sent", "sent"]
    logged = [record.getMessage() for record in caplog.records if record.name.startswith("bot.")]
    assert any("foerderung" in line and "554" in line for line in logged)
    assert not any(word in line for word in (OFFICE, "eva", "Förderquote") for line in logged)


async def test_a_broken_connection_is_told_as_uncertain_and_nothing_is_sent_twice(mail, gateway, messages, tmp_path):
    mail.hangs_up = True
    said = await say(gateway, messages)
    assert "Ich kann nicht sagen, ob" in said[1]
    assert await say(gateway, messages) == said
    assert len(mail.taken) == 1
    assert outcomes(tmp_path) == ["uncertain"]


async def test_a_turn_that_was_cut_off_while_sending_is_not_sent_again(mail, gateway, messages, channel, tmp_path):
    conversation = messages.split("/")[3]
    with closing(sqlite3.connect(tmp_path / "state.db")) as state, state:
        state.execute(
            "INSERT INTO turn (conversation, id, text, asked_at) VALUES (?, 'm2', 'ja', '2999-01-01T00:00:00+00:00')",
            (conversation,),
        )
        state.execute("INSERT INTO handover VALUES (?, 'm2', 'foerderung', 'begun', '2999-01-01')", (conversation,))
    asked = len(channel.asked)
    assert "Ich kann nicht sagen, ob" in (await say(gateway, messages))[0]
    assert mail.taken == []
    assert len(channel.asked) == asked


async def test_no_server_is_told_kindly(gateway, messages):
    assert "nichts verschickt" in (await say(gateway, messages))[1]


@pytest.mark.parametrize("contact", ["nobody", "telefon"])
async def test_nothing_is_sent_but_to_a_configured_address(mail, gateway, messages, channel, contact):
    channel.respond = agreeing(contact)
    assert "nichts verschickt" in (await say(gateway, messages))[1]
    assert mail.taken == []


async def test_the_dialogue_is_told_what_can_be_done(mail, start, begin, channel, contacts):
    gateway = await start(contacts=contacts)
    await gateway.post(await begin(gateway), json={"text": "Hallo"})
    assert channel.asked[0]["metadata"]["handover"] == ["mail", "file"]


@pytest.mark.parametrize(("tls", "signed_in"), [("starttls", True), ("implicit", False)])
async def test_mail_goes_out_encrypted_and_signed_in(
    start, begin, channel, contacts, tmp_path, monkeypatch, tls, signed_in
):
    with MailServer(tmp_path, tls=tls, signed_in=signed_in) as server:
        for name, value in server.variables.items():
            monkeypatch.setenv(name, value)
        gateway = await start(contacts=contacts)
        channel.respond = agreeing()
        said = await say(gateway, await begin(gateway))
        assert "unterwegs" in said[1]
        assert len(server.taken) == 1


@pytest.mark.parametrize("change", [{"SSL_CERT_FILE": "/dev/null"}, {"STADTLOTSE_SMTP_PASSWORD": "wrong"}])
async def test_without_trust_or_the_right_password_nothing_is_sent(
    start, begin, channel, contacts, tmp_path, monkeypatch, change
):
    with MailServer(tmp_path, tls="starttls", signed_in=True) as server:
        for name, value in (server.variables | change).items():
            monkeypatch.setenv(name, value)
        gateway = await start(contacts=contacts)
        channel.respond = agreeing()
        assert "nichts verschickt" in (await say(gateway, await begin(gateway)))[1]
        assert server.taken == []


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"STADTLOTSE_SMTP_HOST": "mail.stadt.example"}, "STADTLOTSE_SMTP_FROM"),
        ({"STADTLOTSE_SMTP_FROM": SENDER}, "STADTLOTSE_SMTP_HOST is missing"),
        ({"STADTLOTSE_SMTP_HOST": "m.example", "STADTLOTSE_SMTP_FROM": SENDER, "STADTLOTSE_SMTP_TLS": "none"}, "TLS"),
        (
            {"STADTLOTSE_SMTP_HOST": "m.example", "STADTLOTSE_SMTP_FROM": SENDER, "STADTLOTSE_SMTP_USER": "u"},
            "PASSWORD",
        ),
        ({"STADTLOTSE_SMTP_TLS": "perhaps"}, "STADTLOTSE_SMTP_TLS cannot be read"),
    ],
)
async def test_the_gateway_does_not_start_with_a_mistake_in_the_variables(start, monkeypatch, variables, words):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(StadtlotseError, match=words):
        await start()


async def test_the_conversation_can_be_saved_by_who_has_it(gateway, messages):
    response = await gateway.get(messages.replace("/messages", "/transcript"), params={"lang": "en"})
    assert response.status == 200
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="stadtlotse-conversation.txt"'
    said = await response.text()
    assert "Question: Wie hoch ist die Förderquote?" in said
    assert "[1] Merkblatt, page 3, As of 1 May 2024" in said


@pytest.mark.parametrize("name", ["A" * 32, "slack.abc"])
async def test_nobody_else_can_save_it(gateway, tmp_path, name):
    with closing(sqlite3.connect(tmp_path / "state.db")) as state, state:
        state.execute("INSERT INTO conversation VALUES ('slack.abc', 'de', '2999-01-01')")
    assert (await gateway.get(f"/api/conversations/{name}/transcript")).status == 404


@pytest.mark.parametrize("signed_in", [True, False])
async def test_what_staff_was_told_is_mailed_by_staff_alone(mail, start, contacts, begin, channel, signed_in):
    staff = {"X-Remote-User": "e4711"}
    gateway = await start(contacts=contacts, staff_header="X-Remote-User", trusted_proxies="127.0.0.1")
    address = await begin(gateway)
    channel.respond = answer
    await gateway.post(address, json={"text": "Wie hoch ist die Förderquote?", "id": "m1"}, headers=staff)
    channel.respond = agreeing()
    await gateway.post(address, json={"text": "ja", "id": "m2"}, headers=staff if signed_in else {})
    (sent,) = mail.taken
    assert ("65 Prozent" in sent.get_content()) == signed_in
