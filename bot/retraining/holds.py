"""Inputs that were refused or gone back from, which no start of the bot is to build and take live by itself."""

import json
from collections.abc import Sequence
from pathlib import Path

from bot.processes.training import dialogue_fingerprint
from knowledge.indexing.sources import fingerprint
from knowledge.releases.release import write_durably
from knowledge.settings import Settings

_FILE = "held.json"


def hold(settings: Settings, folders: Sequence[Path], reason: str) -> None:
    """Keep what the inputs hold now from being built by itself; `reason` is a sentence."""
    held = {"knowledge": fingerprint(settings, folders), "dialogue": dialogue_fingerprint(), "reason": reason}
    write_durably(settings.var / _FILE, json.dumps(held, ensure_ascii=False))


def held(settings: Settings, folders: Sequence[Path]) -> str | None:
    """Why what the inputs hold now is not to be built by itself; None where it may."""
    try:
        known = json.loads((settings.var / _FILE).read_bytes())
        now = {"knowledge": fingerprint(settings, folders), "dialogue": dialogue_fingerprint()}
        return str(known["reason"]) if all(known[part] == stamp for part, stamp in now.items()) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def renew(settings: Settings, folders: Sequence[Path]) -> None:
    """Hold what is held also where it came to lie elsewhere, with other times of change, as after a move."""
    try:
        reason = str(json.loads((settings.var / _FILE).read_bytes())["reason"])
    except (OSError, ValueError, KeyError, TypeError):
        return
    hold(settings, folders, reason)


def release(settings: Settings) -> None:
    """Hold nothing any more: somebody had it built."""
    (settings.var / _FILE).unlink(missing_ok=True)
