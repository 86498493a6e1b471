"""`python -m bot.gateway`: run the gateway until it is told to stop."""

import asyncio
import logging
import signal
import sys
from typing import cast

from aiohttp import web

from bot.gateway.app import DRAIN_SECONDS, create_app
from bot.gateway.limits import CONNECTIONS, IDLE_SECONDS, LINGERING_SECONDS
from knowledge.errors import StadtlotseError
from knowledge.settings import settings

_LOG_FORMAT = "%(asctime)s gateway %(levelname)s %(message)s"


def main() -> int:
    """Serve until SIGINT or SIGTERM; 1 where that is not possible, with one sentence that says why."""
    logging.basicConfig(level=logging.INFO, format=_LOG_FORMAT)
    # It writes tracebacks of requests that are no HTTP at all; what our own handlers raise is logged in errors.py.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    chosen = settings()
    try:
        asyncio.run(serve(create_app(chosen), chosen.host, chosen.port))
    except StadtlotseError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(_sentence(error, chosen.host, chosen.port), file=sys.stderr)
        return 1
    return 0


async def serve(app: web.Application, host: str, port: int, connections: int = CONNECTIONS) -> None:
    """Serve until SIGINT or SIGTERM, no more than so many connections at once; `OSError` where it cannot listen."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    runner = web.AppRunner(
        app,
        access_log=None,
        shutdown_timeout=DRAIN_SECONDS,
        keepalive_timeout=IDLE_SECONDS,
        lingering_time=LINGERING_SECONDS,
        handler_cancellation=False,
    )
    await runner.setup()
    try:
        accept = cast("web.Server", runner.server)  # there is one after the set-up

        def connected() -> asyncio.BaseProtocol:
            return accept() if len(accept.connections) < connections else _Full()

        listening = await loop.create_server(connected, host, port, backlog=128)
        await stop.wait()
        listening.close()
    finally:
        await runner.cleanup()


class _Full(asyncio.Protocol):
    """Turns a connection away: one more would take the file handles that the others need."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say so in HTTP and close."""
        if isinstance(transport, asyncio.WriteTransport):
            transport.write(b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\n\r\n")
            transport.close()


def _sentence(error: OSError, host: str, port: int) -> str:
    reason = error.strerror or str(error)
    return f"The gateway cannot listen on {host}, port {port} ({reason}); set STADTLOTSE_HOST or STADTLOTSE_PORT."


if __name__ == "__main__":
    sys.exit(main())
