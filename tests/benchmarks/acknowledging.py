"""How soon events are acknowledged while answers take long: `python -m tests.benchmarks acknowledging`.

Slack wants it within three seconds; each of 200 people asks at the same moment, and every answer takes five seconds.
The gateway is a process of its own. Prints the median, the longest, the seconds of processor time that the gateway had
spent by then, and the seconds until everybody is answered.
"""

import asyncio
import json
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

from aiohttp import ClientSession, TCPConnector

from tests import slack, teams
from tests.town import KEY, Town

EVENTS = 200
ANSWER_SECONDS = 5.0
_PATIENCE_SECONDS = 120


async def seconds_each(deliver: Callable[[int], Awaitable[int]]) -> list[float]:
    """Seconds until each of the events, all delivered at once, is acknowledged."""

    async def timed(number: int) -> float:
        begun = time.perf_counter()
        status = await deliver(number)
        if status not in (200, 202):
            raise SystemExit(f"An event was answered with {status}.")
        return time.perf_counter() - begun

    return await asyncio.gather(*(timed(number) for number in range(EVENTS)))


def processor_seconds(process: int) -> float:
    """What a process has spent of processor time, as Linux tells it."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def measure(folder: Path) -> dict[str, dict[str, float]]:
    """The figures of both platforms."""
    figures = {}
    for name in ("slack", "teams"):
        town = Town(folder / name)
        async with AsyncExitStack() as closing:
            await town.open()
            closing.push_async_callback(town.close)
            session = await closing.enter_async_context(ClientSession(connector=TCPConnector(limit=0)))
            stack = closing.enter_context(ExitStack())
            gateway = town.gateway(stack).pid
            await town.wait(session)
            figures[name] = await _figures(name, town, session, gateway)
    return figures


async def _figures(name: str, town: Town, session: ClientSession, gateway: int) -> dict[str, float]:
    in_slack = slack.SlackClient(session, town.url)
    in_teams = teams.TeamsClient(session, town.url, town.teams, KEY)

    async def on_slack(number: int) -> int:
        event = slack.direct(f"Frage {number}", f"{number}.1", user=f"U{number}", channel=f"D{number}")
        return await in_slack.event(event, f"Ev{number}")

    async def on_teams(number: int) -> int:
        place = {"id": f"a:{number}", "conversationType": "personal"}
        return await in_teams.ask(f"Frage {number}", conversation=place)

    async def answered(number: int) -> None:
        if name == "slack":
            await town.slack.wait_for("chat.postMessage", number, seconds=_PATIENCE_SECONDS)
        else:
            await town.teams.wait_for(number, seconds=_PATIENCE_SECONDS)

    deliver = on_slack if name == "slack" else on_teams
    await deliver(EVENTS)
    await answered(1)
    town.dialogue.seconds = ANSWER_SECONDS
    spent, begun = processor_seconds(gateway), time.perf_counter()
    seconds = await seconds_each(deliver)
    spent = processor_seconds(gateway) - spent
    await answered(1 + EVENTS)
    return {
        "median_s": statistics.median(seconds),
        "longest_s": max(seconds),
        "processor_s": spent,
        "answered_s": time.perf_counter() - begun,
    }


def main(_arguments: Sequence[str] = ()) -> None:
    """Measure and print; the last line holds all figures as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(measure(Path(folder)))
    for name, found in figures.items():
        print(
            f"{name}: {EVENTS} events at once acknowledged in {1000 * found['median_s']:.0f} ms (median), "
            f"{1000 * found['longest_s']:.0f} ms (longest) and {found['processor_s']:.2f} s of processor time; "
            f"all answered after {found['answered_s']:.1f} s"
        )
    print(json.dumps({name: {key: round(value, 4) for key, value in found.items()} for name, found in figures.items()}))
