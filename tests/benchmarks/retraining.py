"""What people notice of an admin's work: `python -m tests.benchmarks retraining [--quick] [--calm S] [--pause S]`.

A bot of its own is asked from 20 conversations, all together 5 questions a second unless another pause is given, while
its admin retrains with changes of every kind, goes back, and gives it broken inputs. Prints what each step did, failed,
wrong, lost and doubled answers, the slowest answers against the median, and the memory of the bot's processes before
and after; the last line is JSON.
"""

import argparse
import asyncio
import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import aiohttp

from bot.additions.own_sets import AcceptedUtterance, decide
from bot.processes.parts import address
from knowledge.evaluation.judging import judge
from knowledge.evaluation.questions import OWN_QUESTIONS, KnownQuestion, read_questions
from knowledge.indexing.stock import documents_folder, programmes_folder
from knowledge.messages import Message
from knowledge.releases.release import DIALOGUE_MODEL, candidate
from knowledge.settings import PROJECT, Settings
from tests.processes import environment, free_ports, serving, status

CACHE = PROJECT / "tests" / ".cache"
TALKERS = 20
PAUSE = 4.0
POOL = 60
CALM = 60.0
SLOW = 3.0
NAMED = 15
PATIENCE = 60
SWITCHED = 300
LIVE, FAILED, REFUSED = 0, 1, 3


@dataclass
class Answered:
    """One answer: when it was asked for, how long it took, what the admin did at the time."""

    at: float
    seconds: float
    step: str
    words: str
    fault: str | None = None


@dataclass
class Load:
    """Twenty people who ask, each a dialogue after the other in a conversation of its own."""

    url: str
    dialogues: list[KnownQuestion]
    pause: float = PAUSE
    answers: list[Answered] = field(default_factory=list)
    step: str = "calm"
    begun: float = field(default_factory=time.monotonic)

    async def calibrate(self, session: aiohttp.ClientSession) -> None:
        """Ask each dialogue once, and keep those that are answered right."""
        kept = []
        for one in self.dialogues:
            conversation = await self._begin(session)
            said: list[Message] = []
            for number, words in enumerate((*one.dialog, one.question)):
                _, said = await self._ask(session, conversation, f"m{number}", words)
            if judge(one, said, None).is_right:
                kept.append(one)
        self.dialogues = kept
        self.answers.clear()

    @asynccontextmanager
    async def running(self, session: aiohttp.ClientSession) -> AsyncIterator[None]:
        """Everybody talks, until the block is left and the last answers are there."""
        stop = asyncio.Event()
        talkers = [asyncio.create_task(self._talk(session, number, stop)) for number in range(TALKERS)]
        try:
            yield
        finally:
            stop.set()
            await asyncio.gather(*talkers)

    async def _talk(self, session: aiohttp.ClientSession, number: int, stop: asyncio.Event) -> None:
        due = time.monotonic() + self.pause * number / TALKERS
        turn = number * len(self.dialogues) // TALKERS
        while not stop.is_set():
            one = self.dialogues[turn % len(self.dialogues)]
            turn += 1
            conversation, told = await self._begin(session), []
            for place, words in enumerate((*one.dialog, one.question)):
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                due = max(due + self.pause, time.monotonic())
                answered, said = await self._ask(session, conversation, f"m{place}", words)
                told.append([message.text for message in said])
                if words == one.question and answered.fault is None:
                    verdict = judge(one, said, None)
                    answered.fault = None if verdict.is_right else f"wrong: {verdict.reason}"
            await self._compare(session, conversation, told)

    async def _begin(self, session: aiohttp.ClientSession) -> str:
        async with session.post(f"{self.url}/api/conversations", json={}) as response:
            return str((await response.json())["id"])

    async def _ask(
        self, session: aiohttp.ClientSession, conversation: str, turn: str, words: str
    ) -> tuple[Answered, list[Message]]:
        url, began, said = f"{self.url}/api/conversations/{conversation}/messages", time.monotonic(), []
        fault = None
        try:
            async with session.post(url, json={"text": words, "id": turn}) as response:
                body = await response.json()
                said = [Message.model_validate(one) for one in body.get("messages", [])]
                if response.status != 200 or not said:
                    fault = f"failed: {response.status} {body}"
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
            fault = f"failed: {error!r}"
        answered = Answered(began - self.begun, time.monotonic() - began, self.step, words, fault)
        self.answers.append(answered)
        return answered, said

    async def _compare(self, session: aiohttp.ClientSession, conversation: str, told: list[list[str]]) -> None:
        """What is kept of a conversation must be what was told, each answer once."""
        async with session.get(f"{self.url}/api/conversations/{conversation}/messages") as response:
            turns = (await response.json())["turns"]
        kept = [[message["text"] for message in turn["messages"]] for turn in turns]
        doubled = any(len(set(texts)) < len(texts) for texts in kept)
        if kept != told or doubled:
            fault = f"lost or doubled: told {told}, kept {kept}"
            self.answers.append(Answered(time.monotonic() - self.begun, 0.0, self.step, "", fault))


@dataclass(frozen=True)
class Step:
    """What the admin does: a change of the inputs, a command, and how that must end."""

    name: str
    change: Callable[[Settings], None]
    command: tuple[str, ...] = ("retrain", "--json")
    code: int = LIVE
    new_dialogue: bool = False


def _written(name: str, words: str) -> Callable[[Settings], None]:
    def write(settings: Settings) -> None:
        path = documents_folder(settings) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(words, encoding="utf-8")

    return write


def _removed(name: str) -> Callable[[Settings], None]:
    return lambda settings: (documents_folder(settings) / name).unlink()


def _example(words: str) -> Callable[[Settings], None]:
    return lambda settings: decide(settings, AcceptedUtterance(text=words, intent="greet"))


def _sheet(old: str, new: str) -> Callable[[Settings], None]:
    """One of the shipped fact sheets as the operator's own, changed."""

    def write(settings: Settings) -> None:
        folder = programmes_folder(settings)
        folder.mkdir(parents=True, exist_ok=True)
        words = (PROJECT / "knowledge" / "programmes" / "lorawan.yml").read_text(encoding="utf-8")
        assert old in words
        (folder / "lorawan.yml").write_text(words.replace(old, new, 1), encoding="utf-8")

    return write


def _questions(line: str) -> Callable[[Settings], None]:
    def write(settings: Settings) -> None:
        settings.own_questions.parent.mkdir(parents=True, exist_ok=True)
        settings.own_questions.write_text(line, encoding="utf-8")

    return write


def _repacked(settings: Settings) -> None:
    """A dialogue model in another file goes live, which costs no training: the switch alone."""
    with candidate(settings, version("stadtlotse")) as draft:
        model = draft.path / DIALOGUE_MODEL
        content = gzip.decompress(model.read_bytes())
        model.unlink()
        model.write_bytes(gzip.compress(content, 1))
        draft.activate()


def _nothing(_: Settings) -> None: ...


_QUESTION = (
    '{"id": "own-1", "lang": "de", "kind": "single", "question": "Was kostet der Radweg nach Altendorf?", '
    '"answer_keywords": ["4,7 Millionen"]}\n'
)
_RADWEGE = "# Radwegekonzept\n\nDer Radweg zwischen Musterau und Altendorf kostet {} Millionen Euro.\n"
_WRONG = "# Fahrplan der Buslinien in Erfurt\n\nBus timetable Erfurt: on Sunday the bus leaves at nine.\n"
_BACK, _LOOK = ("rollback", "--json"), ("status", "--json")
_STEPS = (
    Step("a document comes", _written("radwege.md", _RADWEGE.format("4,7"))),
    Step("broken: a file that is no PDF", _written("kaputt.pdf", "%PDF-1.7 and no more")),
    Step("back", _nothing, _BACK),
    Step("an example for the dialogue", _example("Moin moin aus Musterau"), new_dialogue=True),
    Step("broken: a wrong document", _written("falsch.md", _WRONG), code=REFUSED),
    Step("a document goes", _removed("falsch.md"), ("retrain", "--json", "--all")),
    Step("broken: a question that is no JSON", _questions('{"id":\n'), ("retrain", "--json", "--all"), FAILED),
    Step("own questions", _questions(_QUESTION), ("retrain", "--json", "--all")),
    Step("broken: a fact sheet", _sheet("key: ", "kay: "), code=FAILED),
    Step("a fact sheet of one's own", _sheet('as_of: "2023"', 'as_of: "2024"')),
    Step("a document changes", _written("radwege.md", _RADWEGE.format("4,7").replace("zwischen", "von"))),
    Step("another example", _example("Tachschön aus Altendorf"), new_dialogue=True),
    Step("back from a dialogue", _nothing, _BACK, new_dialogue=True),
    Step("forward again", _nothing, new_dialogue=True),
    Step("the documents go", _removed("kaputt.pdf")),
    Step("back once more", _nothing, _BACK),
    Step("another dialogue, untrained", _repacked, _LOOK, new_dialogue=True),
    Step("back from that", _nothing, _BACK, new_dialogue=True),
)
_QUICK = (16, 17, 0, 1, 2, 4)


@contextmanager
def installation() -> Iterator[Settings]:
    """Run-time files of its own: the tests' release, copied."""
    with tempfile.TemporaryDirectory(prefix="stadtlotse-") as name:
        var, release = Path(name), (CACHE / "current").resolve()
        (var / "models").symlink_to(CACHE / "models")
        shutil.copytree(CACHE / "cache", var / "cache")
        shutil.copytree(release, var / "releases" / release.name)
        (var / "current").symlink_to(Path("releases", release.name))
        port, rasa_port, actions_port = free_ports(3)
        yield Settings(var=var, embedding_model="", port=port, rasa_port=rasa_port, actions_port=actions_port)


async def do(step: Step, settings: Settings) -> dict[str, Any]:
    """Do a step; what became of it."""
    began = time.monotonic()
    before = await asyncio.to_thread(dialogues, settings)
    await asyncio.to_thread(step.change, settings)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli", *step.command),
        cwd=PROJECT,
        env=os.environ | environment(settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,  # as cron or another terminal would
    )
    out, errors = await process.communicate()
    taken = time.monotonic() - began
    deadline = time.monotonic() + SWITCHED
    while step.new_dialogue and await asyncio.to_thread(dialogues, settings) in (before, None):
        if time.monotonic() > deadline:
            break
        await asyncio.sleep(0.5)
    found = json.loads(out) if out else {"error": errors.decode().strip().splitlines()[-1:]}
    said = {key: found[key] for key in ("status", "broken_floors", "error", "release", "seconds") if key in found}
    switched = round(time.monotonic() - began - taken, 1) if step.new_dialogue else None
    expected = process.returncode == step.code
    return {"step": step.name, "as_expected": expected, "took": round(taken, 1), "switched": switched, **said}


def dialogues(settings: Settings) -> str | None:
    """The port of the dialogue that new turns go to; None where it does not answer."""
    from bot.processes.dialogue_port import dialogue_port

    port = dialogue_port(settings)
    return str(port) if status(f"http://127.0.0.1:{port}/webhooks/dialogue/") == 200 else None


def memory(supervisor: int) -> dict[str, float]:
    """Megabytes of the bot's processes by what they run: shared pages are shared out (PSS)."""
    found: dict[str, float] = {}
    waiting = [supervisor]
    while waiting:
        pid = waiting.pop()
        try:
            waiting += [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
            arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        name = next((one.decode() for one in arguments if one.startswith((b"bot.", b"actions"))), "other")
        pss = next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        found[name] = round(found.get(name, 0.0) + pss / 1024, 1)
    return found


async def measure(
    settings: Settings, steps: Sequence[Step], calm: float, pause: float, supervisor: int
) -> dict[str, Any]:
    """All figures of one run."""
    pool = [one for one in read_questions(OWN_QUESTIONS) if one.kind in ("single", "followup", "unanswerable")]
    load = Load(address(settings), pool[:: max(1, len(pool) // POOL)], pause)
    done = []
    timeout = aiohttp.ClientTimeout(total=PATIENCE)
    async with aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0)) as session:
        await load.calibrate(session)
        async with load.running(session):
            await asyncio.sleep(calm)
            before = memory(supervisor)
            for step in steps:
                load.step = step.name
                done.append(await do(step, settings))
                print(json.dumps(done[-1], ensure_ascii=False), flush=True)
                load.step = "between"
                await asyncio.sleep(3)
            load.step = "calm after"
            await asyncio.sleep(calm)
        after = memory(supervisor)
    return figures(load.answers) | {"memory_before": before, "memory_after": after, "steps": done}


def figures(answers: Sequence[Answered]) -> dict[str, Any]:
    """What is to be said of the answers."""
    seconds = [one.seconds for one in answers if one.seconds]
    calm = [one.seconds for one in answers if one.step == "calm"]
    middle = statistics.median(seconds)
    slow = sorted((one for one in answers if one.seconds > SLOW * middle), key=lambda one: -one.seconds)
    by_step = {
        step: (
            len(of := [one.seconds for one in answers if one.step == step and one.seconds]),
            round(1000 * statistics.median(of)),
            round(1000 * max(of)),
        )
        for step in dict.fromkeys(one.step for one in answers if one.seconds)
    }
    return {
        "answers": len(seconds),
        "faults": [(round(one.at, 1), one.step, one.words, one.fault) for one in answers if one.fault],
        "median_ms": round(1000 * middle),
        "calm_median_ms": round(1000 * statistics.median(calm)),
        "calm_max_ms": round(1000 * max(calm)),
        "max_ms": round(1000 * max(seconds)),
        "slow": len(slow),
        "slowest": [(round(one.at, 1), one.step, round(1000 * one.seconds), one.words) for one in slow[:NAMED]],
        "count_median_max_by_step": by_step,
    }


def main(arguments: Sequence[str] = ()) -> None:
    """Measure and print; the last line holds all figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks retraining")
    parser.add_argument("--quick", action="store_true", help="what needs no training, once")
    parser.add_argument("--calm", type=float, default=CALM, help="seconds of load before and after")
    parser.add_argument("--pause", type=float, default=PAUSE, help="seconds between two questions of a conversation")
    chosen = parser.parse_args(arguments)
    steps = [_STEPS[number] for number in _QUICK] if chosen.quick else _STEPS
    with installation() as settings, serving(settings, settings.var / "output") as supervisor:
        found = asyncio.run(measure(settings, steps, chosen.calm, chosen.pause, supervisor.pid))
    for key, value in found.items():
        print(f"{key:25} {value}" if not isinstance(value, list) else f"{key}: {len(value)}")
        for line in value if isinstance(value, list) else ():
            print(f"    {line}")
    print(json.dumps(found, ensure_ascii=False))
