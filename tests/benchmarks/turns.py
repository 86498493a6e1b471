"""How much the bot costs beside its bare parts: `python -m tests.benchmarks turns`.

Its start against `rasa run` alone, and a warm answer through the gateway against a bare Rasa turn, whose action answers
at once, plus a bare query embedding. Prints medians and their ratios.
"""

import asyncio
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import aiohttp
from aiohttp import web

from knowledge.encoding.embedding import Embedder
from knowledge.releases.release import DIALOGUE_MODEL, open_release
from knowledge.settings import PROJECT, Settings, settings

STARTS = 3
TURNS = 60
WARM_UP = 5
PATIENCE = 180
QUESTIONS = (
    "Wie hoch ist die Förderquote bei MPSC?",
    "antragsfrist smarte kommunen hessen",
    "Wann fand der Workshop der VKU-Landesgruppe NRW statt?",
    "Was regelt die DIN SPEC 91357?",
    "Who founded Living-in.EU?",
    "wieviel geld gibts bei mfund förderlinie 2",
)
_BARE_RASA_PORT = 15005
_BARE_ACTIONS_PORT = 15055


@contextmanager
def running(command: list[str], environment: dict[str, str]) -> Iterator[float]:
    """A command in a process group of its own; gives the moment it was started."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=PROJECT,
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield begun
    finally:
        os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


async def answers(session: aiohttp.ClientSession, url: str) -> None:
    """Wait until an address answers with 200."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            async with session.get(url) as response:
                if response.status == 200:
                    return
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(0.05)
    sys.exit(f"{url} did not answer within {PATIENCE} s.")


def bot(chosen: Settings) -> tuple[list[str], dict[str, str], str]:
    """Command, environment and ready address of the whole bot."""
    return ["make", "--silent", "run"], {}, f"http://127.0.0.1:{chosen.port}/readyz"


def bare_rasa(model: Path, folder: Path) -> tuple[list[str], dict[str, str], str]:
    """Command, environment and ready address of `rasa run` alone, its action server a port of this script."""
    endpoints, credentials = folder / "endpoints.yml", folder / "credentials.yml"
    endpoints.write_text(f"action_endpoint:\n  url: http://127.0.0.1:{_BARE_ACTIONS_PORT}/webhook\n")
    credentials.write_text("rest:\n")
    command = [
        *(sys.executable, "-m", "rasa", "run", "--enable-api", "--model", str(model)),
        *("--interface", "127.0.0.1", "--port", str(_BARE_RASA_PORT)),
        *("--endpoints", str(endpoints), "--credentials", str(credentials)),
    ]
    return command, {"RASA_TELEMETRY_ENABLED": "false"}, f"http://127.0.0.1:{_BARE_RASA_PORT}/status"


async def start_seconds(command: list[str], environment: dict[str, str], ready: str) -> float:
    """Seconds from a command to its first ready answer."""
    async with aiohttp.ClientSession() as session:
        with running(command, environment) as begun:
            await answers(session, ready)
            return time.perf_counter() - begun


@asynccontextmanager
async def idle_actions() -> AsyncIterator[None]:
    """An action server that answers every action at once with nothing."""

    async def webhook(request: web.Request) -> web.Response:
        await request.read()
        return web.json_response({"events": [], "responses": []})

    app = web.Application()
    app.router.add_post("/webhook", webhook)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", _BARE_ACTIONS_PORT).start()
    try:
        yield
    finally:
        await runner.cleanup()


async def post_seconds(session: aiohttp.ClientSession, url: str, body: dict[str, str]) -> float:
    """Seconds until a POST is answered in full."""
    begun = time.perf_counter()
    async with session.post(url, json=body) as response:
        payload = await response.read()
        if response.status >= 300:
            sys.exit(f"{url} answered {response.status}: {payload[:200]!r}")
    return time.perf_counter() - begun


async def bot_turns(session: aiohttp.ClientSession, chosen: Settings) -> list[float]:
    """Seconds of warm turns through the gateway, each in a fresh conversation's first turn."""
    base = f"http://127.0.0.1:{chosen.port}/api/conversations"
    seconds = []
    for number in range(WARM_UP + TURNS):
        async with session.post(base, json={}) as response:
            conversation = (await response.json())["id"]
        question = QUESTIONS[number % len(QUESTIONS)]
        seconds.append(await post_seconds(session, f"{base}/{conversation}/messages", {"text": question}))
    return seconds[WARM_UP:]


async def rasa_turns(session: aiohttp.ClientSession) -> list[float]:
    """Seconds of warm turns of bare Rasa over its own REST channel."""
    url = f"http://127.0.0.1:{_BARE_RASA_PORT}/webhooks/rest/webhook"
    seconds = []
    for number in range(WARM_UP + TURNS):
        body = {"sender": f"benchmark-{number}", "message": QUESTIONS[number % len(QUESTIONS)]}
        seconds.append(await post_seconds(session, url, body))
    return seconds[WARM_UP:]


def embeddings(chosen: Settings) -> list[float]:
    """Seconds of warm query embeddings in this process."""
    embedder = Embedder.load(chosen)
    seconds = []
    for number in range(WARM_UP + TURNS):
        begun = time.perf_counter()
        embedder.embed_queries([QUESTIONS[number % len(QUESTIONS)]])
        seconds.append(time.perf_counter() - begun)
    return seconds[WARM_UP:]


async def measure(chosen: Settings, model: Path, folder: Path) -> dict[str, float]:
    """All figures in one run: medians in seconds, and the two ratios."""
    whole, alone = bot(chosen), bare_rasa(model, folder)
    starts: dict[str, list[float]] = {"whole": [], "alone": []}
    for _ in range(STARTS):
        starts["alone"].append(await start_seconds(*alone))
        starts["whole"].append(await start_seconds(*whole))
    async with aiohttp.ClientSession() as session:
        with running(*alone[:2]):
            async with idle_actions():
                await answers(session, alone[2])
                rasa = await rasa_turns(session)
        with running(*whole[:2]):
            await answers(session, whole[2])
            turns = await bot_turns(session, chosen)
    embedding = embeddings(chosen)
    figures = {
        "start_bot_s": statistics.median(starts["whole"]),
        "start_rasa_s": statistics.median(starts["alone"]),
        "turn_bot_s": statistics.median(turns),
        "turn_rasa_s": statistics.median(rasa),
        "embedding_s": statistics.median(embedding),
    }
    figures["start_ratio"] = figures["start_bot_s"] / figures["start_rasa_s"]
    figures["turn_ratio"] = figures["turn_bot_s"] / (figures["turn_rasa_s"] + figures["embedding_s"])
    return figures


def main(_arguments: Sequence[str] = ()) -> None:
    """Measure and print; the last line holds all figures as JSON."""
    chosen = settings()
    model = open_release(chosen).path / DIALOGUE_MODEL
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(measure(chosen, model, Path(folder)))
    print(
        f"start   bot {figures['start_bot_s']:.1f} s, rasa run alone {figures['start_rasa_s']:.1f} s:"
        f" ratio {figures['start_ratio']:.2f} (median of {STARTS}, in turn)\n"
        f"answer  bot {1000 * figures['turn_bot_s']:.0f} ms, bare Rasa turn {1000 * figures['turn_rasa_s']:.0f} ms"
        f" + bare embedding {1000 * figures['embedding_s']:.0f} ms: ratio {figures['turn_ratio']:.2f}"
        f" (median of {TURNS})"
    )
    print(json.dumps({name: round(value, 4) for name, value in figures.items()}))
