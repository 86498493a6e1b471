"""What the platforms share: cutting texts, pseudonyms, the inbox, deliveries."""

import asyncio

import pytest

from bot.channels.common import deliveries, inbox
from bot.channels.common.deliveries import Deliveries, Delivery, UncertainError, new_reference
from bot.channels.common.discovery import platforms
from bot.channels.common.inbox import Event, Inbox, InboxFullError, TryLaterError
from bot.channels.common.splitting import shorten, split_text
from bot.gateway.pseudonyms import Pseudonyms
from bot.gateway.state import StateFile


@pytest.mark.parametrize(
    ("text", "limit", "pieces"),
    [
        ("", 10, []),
        ("Kurz.", 10, ["Kurz."]),
        ("Ein Satz. Noch ein Satz. Ende.", 25, ["Ein Satz. Noch ein Satz.", "Ende."]),
        ("Das gilt z. B. für alle. Auch für uns.", 30, ["Das gilt z. B. für alle.", "Auch für uns."]),
        ("ein langer Satz ohne Ende und Halt", 12, ["ein langer", "Satz ohne", "Ende und", "Halt"]),
        ("Donaudampfschifffahrt", 8, ["Donaudam", "pfschiff", "fahrt"]),
        ("Zeile eins.\nZeile zwei.", 12, ["Zeile eins.", "Zeile zwei."]),
    ],
)
def test_texts_are_cut_where_sentences_or_words_end(text, limit, pieces):
    assert split_text(text, limit) == pieces


def test_what_is_too_long_is_shortened_at_a_word():
    assert shorten("Bis wann läuft das Programm?", 16) == "Bis wann läuft…"
    assert shorten("Kurz", 16) == "Kurz"


def test_pseudonyms_last_as_long_as_their_key(tmp_path):
    path = tmp_path / "pseudonyms.key"
    name = Pseudonyms.open(path).name("slack", "C1/1.0", "U1")
    assert Pseudonyms.open(path).name("slack", "C1/1.0", "U1") == name
    assert "U1" not in name
    assert Pseudonyms.open(path).name("slack", "C1/1.0U", "1") != name
    assert path.stat().st_mode & 0o077 == 0
    path.unlink()
    assert Pseudonyms.open(path).name("slack", "C1/1.0", "U1") != name


def test_every_platform_is_found():
    assert [platform.name for platform in platforms()] == ["slack", "teams"]


@pytest.fixture
async def state(tmp_path):
    """A state file with the tables of inbox and deliveries."""
    state = await StateFile.open(tmp_path / "state.db", inbox.SCHEMA, deliveries.SCHEMA)
    yield state
    await state.close()


def event(number, lane="a", **fields):
    """An event of a channel named 'x'."""
    return Event("x", f"e{number}", lane, {"number": number}, **fields)


async def done(condition):
    """Wait until something holds."""
    async with asyncio.timeout(5) if hasattr(asyncio, "timeout") else _Bounded():
        while not condition():
            await asyncio.sleep(0.005)


class _Bounded:
    async def __aenter__(self):
        task = asyncio.current_task()
        self._handle = asyncio.get_running_loop().call_later(5, task.cancel)

    async def __aexit__(self, *_):
        self._handle.cancel()


async def test_events_of_a_lane_keep_their_order_and_lanes_do_not_wait_for_each_other(state):
    seen, release = [], asyncio.Event()

    async def work(item):
        if item.body["number"] == 0:
            await release.wait()
        seen.append(item.body["number"])

    box = Inbox(state)
    await box.start({"x": work})
    for number, lane in enumerate("aaab"):
        assert await box.put(event(number, lane))
    await done(lambda: seen == [3])
    release.set()
    await done(lambda: seen == [3, 0, 1, 2])
    assert not await box.put(event(1))
    await box.close(1)


async def test_what_a_shutdown_interrupts_is_taken_up_by_the_next_inbox(state):
    seen = []

    async def hang(_item):
        await asyncio.sleep(60)

    async def note(item):
        seen.append(item.body["number"])

    first = Inbox(state)
    await first.start({"x": hang})
    for number in range(3):
        await first.put(event(number))
    await first.close(0.05)
    second = Inbox(state)
    await second.start({"x": note})
    await done(lambda: seen == [0, 1, 2])
    await second.close(1)
    third = Inbox(state)
    await third.start({"x": note})
    await asyncio.sleep(0.05)
    await third.close(1)
    assert seen == [0, 1, 2]


async def test_a_full_inbox_refuses(state):
    async def hang(_item):
        await asyncio.sleep(60)

    box = Inbox(state, waiting=2)
    await box.start({"x": hang})
    await box.put(event(0))
    await box.put(event(1))
    with pytest.raises(InboxFullError):
        await box.put(event(2))
    await box.close(0)


async def test_what_is_done_is_kept_without_its_words(state):
    async def work(_item):
        pass

    box = Inbox(state)
    await box.start({"x": work})
    await box.put(Event("x", "e", "a", {"text": "Wortlaut"}))
    await done(lambda: state.connection.execute("SELECT body FROM event").fetchone()[0] == "{}")
    await box.close(1)


def delivery():
    """A part of an answer."""
    return Delivery("x", "e", 0, "q", "c", "t", 0, 0, new_reference())


async def test_a_delivery_whose_outcome_is_unknown_is_looked_for_before_it_is_repeated(state):
    sent = []

    async def lose(_delivery):
        sent.append("lost")
        raise UncertainError

    async def is_there(_delivery):
        return "there"

    await Deliveries(state).deliver(delivery(), lose, is_there)
    await Deliveries(state).deliver(delivery(), lose, is_there)
    (stored,) = await Deliveries(state).of_question("x", "q")
    assert sent == ["lost"]
    assert stored.platform_id == "there"


async def test_a_delivery_that_certainly_failed_is_repeated_without_looking(state):
    sent = []

    async def refuse(_delivery):
        raise TryLaterError("not now")

    async def send(item):
        sent.append(item.reference)
        return "1"

    async def never(_delivery):
        raise AssertionError

    with pytest.raises(TryLaterError):
        await Deliveries(state).deliver(delivery(), refuse, never)
    await Deliveries(state).deliver(delivery(), send, never)
    assert len(sent) == 1


async def test_a_crash_between_sending_and_noting_is_found_out(state):
    async def crash(_delivery):
        raise KeyboardInterrupt

    async def send(_delivery):
        return "again"

    async def is_gone(_delivery):
        return None

    with pytest.raises(KeyboardInterrupt):
        await Deliveries(state).deliver(delivery(), crash, is_gone)
    await Deliveries(state).deliver(delivery(), send, is_gone)
    (stored,) = await Deliveries(state).of_question("x", "q")
    assert stored.platform_id == "again"
