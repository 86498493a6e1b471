"""Whether the running bot answers from a release."""

import json
import time
import urllib.request

from knowledge.settings import Settings

_POLL_SECONDS = 0.1
_PROBE_SECONDS = 1.0


def answering_release(settings: Settings) -> str | None:
    """Id of the release that the running action server answers from; None where none runs on this machine."""
    try:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{settings.actions_port}/health", timeout=_PROBE_SECONDS
        ) as answer:
            release = json.load(answer).get("release")
    except (OSError, ValueError, AttributeError):
        return None
    return release if isinstance(release, str) else None


def was_taken_up(settings: Settings, release_id: str, seconds: float) -> bool | None:
    """Whether the running bot answers from a release within so many seconds; None where no bot runs here."""
    deadline = time.monotonic() + seconds
    while (now := answering_release(settings)) != release_id:
        if now is None or time.monotonic() > deadline:
            return None if now is None else False
        time.sleep(_POLL_SECONDS)
    return True
