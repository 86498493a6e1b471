"""`python -m bot.gateway`: run the gateway until it is told to stop."""

import logging
import sys

from aiohttp import web

from bot.gateway.app import DRAIN_SECONDS, create_app
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
        web.run_app(
            create_app(chosen),
            host=chosen.host,
            port=chosen.port,
            shutdown_timeout=DRAIN_SECONDS,
            access_log=None,
            print=None,
        )
    except StadtlotseError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(_sentence(error, chosen.host, chosen.port), file=sys.stderr)
        return 1
    return 0


def _sentence(error: OSError, host: str, port: int) -> str:
    reason = error.strerror or str(error)
    return f"The gateway cannot listen on {host}, port {port} ({reason}); set STADTLOTSE_HOST or STADTLOTSE_PORT."


if __name__ == "__main__":
    sys.exit(main())
