"""What the trained dialogue takes texts for: in a process of its own, as Rasa takes seconds and much memory to load.

Run as `python -m bot.evaluation.intents MODEL`, it reads texts as a JSON list and writes their intents as one.
"""

import asyncio
import hashlib
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.processes.supervisor import dying_with
from bot.processes.training import rasa_environment
from knowledge.errors import StadtlotseError
from knowledge.releases.release import DIALOGUE_MODEL, SHEETS, Release, write_durably
from knowledge.settings import PROJECT, Settings

_KEPT_FILES = 8
_ASKING = "asking-"


def intents(settings: Settings, release: Release, texts: Sequence[str]) -> Mapping[str, str]:
    """The intent of each text by the dialogue model of a release; what it was asked before is not asked again.

    Raises `StadtlotseError` where the model cannot be loaded.
    """
    kept = settings.var / "cache" / "intents" / f"{_state(release)}.json"
    known = _read(kept)
    missing = sorted(set(texts).difference(known))
    if missing:
        kept.parent.mkdir(parents=True, exist_ok=True)
        known |= zip(missing, _ask(settings, kept.parent, release, missing), strict=True)
        write_durably(kept, json.dumps(known, ensure_ascii=False))
        _remove_old(kept.parent)
    return known


def _state(release: Release) -> str:
    """Hash of what decides how a text is read: the model, and the names in the fact sheets."""
    files = release.manifest.files
    parts = [
        files.get(name) or hashlib.sha256((release.path / name).read_bytes()).hexdigest()
        for name in (DIALOGUE_MODEL, SHEETS)
    ]
    return hashlib.sha256("".join(parts).encode()).hexdigest()[:24]


def _read(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _remove_old(folder: Path) -> None:
    files = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in files[_KEPT_FILES:]:
        path.unlink(missing_ok=True)


def _ask(settings: Settings, beside: Path, release: Release, texts: Sequence[str]) -> list[str]:
    for left in beside.glob(f"{_ASKING}*"):  # one build at a time: nobody uses it any more
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=beside, prefix=_ASKING) as folder:
        # The pipeline looks names up in the current release of its `var`, and embeds with the model there.
        (Path(folder) / "current").symlink_to(release.path)
        (Path(folder) / "models").symlink_to(settings.var.resolve() / "models")
        own = str(Path(folder).resolve())
        done = subprocess.run(  # noqa: S603  # our own command
            [
                *dying_with(os.getpid()),
                sys.executable,
                "-m",
                "bot.evaluation.intents",
                str(release.path.resolve() / DIALOGUE_MODEL),
            ],
            check=False,
            cwd=PROJECT,
            env=os.environ | rasa_environment() | {"STADTLOTSE_VAR": own, "TMPDIR": own},
            input=json.dumps(list(texts)),
            capture_output=True,
            text=True,
        )
    try:
        found = json.loads(done.stdout.splitlines()[-1])
    except (ValueError, IndexError) as error:
        last = (done.stderr.strip().splitlines() or ["it said nothing."])[-1]
        raise StadtlotseError(f"The dialogue model of release {release.id} cannot be asked: {last}") from error
    return [str(one) for one in found]


def main() -> None:
    """Read texts from standard input and write what the model takes them for."""
    texts = json.load(sys.stdin)
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.ERROR)
    agent = Agent.load(sys.argv[1])

    async def parse() -> list[str]:
        return [str((await agent.parse_message(text))["intent"]["name"]) for text in texts]

    print(json.dumps(asyncio.run(parse())))


if __name__ == "__main__":
    main()
