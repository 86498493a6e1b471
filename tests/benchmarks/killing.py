"""What `kill -9` does to a retraining: `python -m tests.benchmarks killing [--kills 50] [--seed 7]`.

Beside a running bot, a retraining is killed at random moments of the time it takes, every fifth one with another
dialogue within its first minute, in which it trains. After each kill the live release must be whole and as before, and
the bot must answer; after every tenth the next retraining must succeed and leave nothing behind. Prints each kill, and
a line of JSON in the end.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.additions.own_sets import AcceptedUtterance, decide
from bot.processes.parts import address
from knowledge.indexing.stock import documents_folder
from knowledge.releases.release import current_release, open_release
from knowledge.settings import PROJECT, Settings
from tests.benchmarks.retraining import installation
from tests.processes import environment, eventually, post, serving

KILLS, SEED = 50, 7
EVERY_DIALOGUE, EVERY_WHOLE = 5, 10
TRAINING = 60.0
QUESTION, ANSWER = "Wie hoch ist die Förderquote bei MPSC?", "65 Prozent"
_LEFTOVERS = (".draft-*", ".removed-*", ".current-*", ".training-*", "asking-*", ".*.part")


class Admin:
    """Somebody who changes the inputs and retrains, with a folder of temporary files of their own."""

    def __init__(self, settings: Settings, temporary: Path) -> None:
        self._settings = settings
        self._temporary = temporary
        self._changes = 0

    def change(self, *, dialogue: bool) -> None:
        """Give the next retraining something to do."""
        self._changes += 1
        if dialogue:
            words = f"Moin moin aus Musterau, Haus {self._changes}"
            decide(self._settings, AcceptedUtterance(text=words, intent="greet"))
        path = documents_folder(self._settings) / "linden.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# Linden\n\nDer Marktplatz von Musterau hat {self._changes} Linden.\n", encoding="utf-8")

    def forget_examples(self) -> None:
        """Have the dialogue as it was, so that the next retraining need not train."""
        shutil.rmtree(self._settings.accepted_utterances.parent, ignore_errors=True)

    def begin(self) -> "subprocess.Popen[bytes]":
        """Start a retraining."""
        return subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "retrain", "--json"],
            cwd=PROJECT,
            env=os.environ | environment(self._settings) | {"TMPDIR": str(self._temporary)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def whole(self) -> float:
        """Retrain to the end; the seconds. Fails where it does not go live."""
        began = time.monotonic()
        code = self.begin().wait()
        assert code == 0, f"a retraining ended with {code}"
        return time.monotonic() - began

    def leftovers(self) -> list[str]:
        """What builds left behind in the installation and among the temporary files."""
        found = [path for pattern in _LEFTOVERS for path in self._settings.var.rglob(pattern)]
        return [str(path) for path in (*found, *self._temporary.iterdir())]


def kill(admin: Admin, settings: Settings, seconds: float) -> dict[str, Any]:
    """Kill a retraining after so many seconds, and look at what is there then."""
    before = open_release(settings).id
    process = admin.begin()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
    live = current_release(settings, damaged_is_none=True)
    return {
        "after_s": round(seconds, 1),
        "ended": process.returncode,
        "whole": live is not None and live.damage() == [],
        "as_before": live is not None and live.id == before,
        "answers": answers(settings),
    }


def answers(settings: Settings) -> bool:
    """Whether the bot answers a question right."""
    _, begun = post(f"{address(settings)}/api/conversations", {})
    code, body = post(f"{address(settings)}/api/conversations/{begun['id']}/messages", {"text": QUESTION})
    return code == 200 and ANSWER in "".join(message["text"] for message in body["messages"])


def measure(settings: Settings, kills: int, seed: int, temporary: Path) -> dict[str, Any]:
    """Kill as often as wanted."""
    chance, admin = random.Random(seed), Admin(settings, temporary)
    admin.change(dialogue=False)
    admin.whole()
    admin.change(dialogue=False)
    lasts = admin.whole()
    print(f"One that is left alone takes {lasts:.1f} s.", flush=True)
    counts: Counter[str] = Counter()
    left: list[str] = []
    for number in range(1, kills + 1):
        dialogue = number % EVERY_DIALOGUE == 0
        admin.change(dialogue=dialogue)
        found = kill(admin, settings, chance.uniform(0, TRAINING if dialogue else lasts))
        print(number, found, flush=True)
        is_through = found["ended"] == 0
        counts["through before"] += is_through
        counts["broken"] += not found["whole"] or not (found["as_before"] or is_through)
        counts["unanswered"] += not found["answers"]
        if number % EVERY_WHOLE == 0 or number == kills:
            admin.forget_examples()
            admin.change(dialogue=False)
            admin.whole()
            eventually(lambda: answers(settings), 60)
            left += admin.leftovers()
    return {"kills": kills, "seconds": round(lasts, 1), **counts, "left": left}


def main(arguments: Sequence[str] = ()) -> None:
    """Measure and print; the last line holds all figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks killing")
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--seed", type=int, default=SEED)
    chosen = parser.parse_args(arguments)
    with (
        tempfile.TemporaryDirectory() as temporary,
        installation() as settings,
        serving(settings, settings.var / "output"),
    ):
        found = measure(settings, chosen.kills, chosen.seed, Path(temporary))
    print(json.dumps(found, ensure_ascii=False))
