"""How much one caller may ask for."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from bot.gateway.errors import ApiError, ErrorCode

TEXT_LENGTH = 1_000
BODY_BYTES = 16 * 1024
MAX_BUCKETS = 10_000
CONNECTIONS = 800  # systems give a process 1024 files, and some of them are needed for the work itself
IDLE_SECONDS = 30.0
LINGERING_SECONDS = 2.0
"""For how long the rest of a refused body is thrown away, so that who sends it reads why."""


@dataclass(frozen=True)
class Rate:
    """`burst` requests at once, then `per_second`."""

    burst: int
    per_second: float


@dataclass(frozen=True)
class Limits:
    """Limits of one gateway; a whole town hall may sit behind one address."""

    conversations: Rate = Rate(burst=300, per_second=10)
    messages: Rate = Rate(burst=300, per_second=20)
    pace: Rate = Rate(burst=60, per_second=2)
    """Messages in one conversation."""
    sources: Rate = Rate(burst=200, per_second=5)
    """Source pages, original files and pictures of their pages."""
    waiting_turns: int = 3
    """Messages that may wait in one conversation behind the one that is being answered."""
    running_turns: int = 400
    """Messages that may be answered or wait in all conversations together."""
    body_seconds: float = 10.0
    heartbeat_seconds: float = 10.0


DEFAULT_LIMITS = Limits()


class Buckets:
    """A token bucket for each address; those of the addresses that were quiet the longest are forgotten."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, address: str) -> None:
        """Let one request of an address pass, or raise the 429 that says when the next one may."""
        now = self._clock()
        key = _network(address)
        tokens = self._tokens(key, now)
        if tokens < 1:
            seconds = max(1, math.ceil((1 - tokens) / self._rate.per_second))
            raise ApiError(ErrorCode.TOO_MANY_REQUESTS, retry_after=seconds, seconds=seconds)
        self._buckets.pop(key, None)
        self._buckets[key] = (tokens - 1, now)
        if len(self._buckets) > MAX_BUCKETS:
            del self._buckets[next(iter(self._buckets))]

    def _tokens(self, key: str, now: float) -> float:
        tokens, since = self._buckets.get(key, (float(self._rate.burst), now))
        return min(self._rate.burst, tokens + (now - since) * self._rate.per_second)


def _network(address: str) -> str:
    """An IPv6 caller owns a whole /64, so that is what counts as one address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return parsed.exploded[:19]
    return address
