"""Runs Rasa with the dialogue model: `python -m bot.processes.dialogue_server <model>`, which the supervisor does.

It is `rasa run` without that command's detours: the token comes from the environment instead of the list of processes,
and a model that cannot be loaded ends the process instead of leaving a server without one.
"""

import logging
import os
import sys
from asyncio import AbstractEventLoop
from pathlib import Path

from sanic import Sanic

from knowledge.settings import settings

_FOLDER = Path(__file__).parent
_GREETING = "Guten Tag"


def main() -> None:
    """Serve on the loopback address until a signal ends it."""
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_file():
        sys.exit("Usage: python -m bot.processes.dialogue_server MODEL, where MODEL is an existing rasa.tar.gz.")
    token = os.environ.get("STADTLOTSE_TOKEN")
    if not token:
        sys.exit("STADTLOTSE_TOKEN is not set; 'stadtlotse serve' starts Rasa with one.")
    serve(sys.argv[1], token)


def serve(model: str, token: str) -> None:
    """Serve the model at a path; `token` guards what of Rasa's own interface is there even so."""
    from rasa.core.run import serve_application
    from rasa.core.utils import AvailableEndpoints
    from rasa.utils.common import configure_logging_and_warnings
    from rasa.utils.log_utils import configure_structlog

    configure_logging_and_warnings(logging.WARNING)
    configure_structlog(logging.WARNING)
    serve_application(
        model_path=model,
        interface="127.0.0.1",
        port=settings().rasa_port,
        credentials=str(_FOLDER / "credentials.yml"),
        endpoints=AvailableEndpoints.read_endpoints(str(_FOLDER / "endpoints.yml")),
        auth_token=token,
        server_listeners=[(_prepare, "after_server_start")],
    )


async def _prepare(app: Sanic, loop: AbstractEventLoop) -> None:
    """Have the model read something: the first time takes seconds, which nobody's question is to wait for."""
    if not app.ctx.agent.is_ready():
        logging.getLogger(__name__).error("The dialogue model could not be loaded; 'stadtlotse train' makes a new one.")
        os._exit(1)  # the server cannot be stopped from inside its own start
    await app.ctx.agent.parse_message(_GREETING)


if __name__ == "__main__":
    main()
