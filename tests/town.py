"""What surrounds a gateway that runs as a process of its own: Slack, Teams, and a dialogue that repeats questions."""

import asyncio
import collections
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from aiohttp import ClientError, ClientSession, web
from aiohttp.test_utils import TestServer

from knowledge.messages import Kind, Message, Reply
from knowledge.settings import PROJECT
from tests import slack, teams
from tests.processes import free_ports, process

KEY = teams.new_key("k1")


class Dialogue:
    """Stands where Rasa stands; repeats the question under the name of its conversation after some `seconds`."""

    def __init__(self) -> None:
        self.senders: dict[str, set[str]] = collections.defaultdict(set)
        self.seconds = 0.01
        app = web.Application()
        app.router.add_post("/webhooks/dialogue/webhook", self._answer)
        self.server = TestServer(app)

    async def _answer(self, request: web.Request) -> web.Response:
        question = await request.json()
        self.senders[question["sender"]].add(question["message"])
        await asyncio.sleep(self.seconds)
        message = Message(kind=Kind.TEXT, text=f"Antwort: {question['message']}", lang="de", confidence=1)
        return web.json_response([{"custom": Reply(message=message).model_dump(mode="json")}])


class Town:
    """The gateway's surroundings, and how it is started."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.slack = slack.SlackServer()
        self.teams = teams.TeamsServer(folder)
        self.teams.keys = [KEY.published]
        self.dialogue = Dialogue()
        (self.port, self.actions_port) = free_ports(2)
        self.url = f"http://127.0.0.1:{self.port}"

    async def open(self) -> None:
        """Start the surroundings."""
        await self.slack.server.start_server()
        await self.teams.start()
        await self.dialogue.server.start_server()

    async def close(self) -> None:
        """Stop them."""
        await self.slack.server.close()
        await self.teams.close()
        await self.dialogue.server.close()

    def gateway(self, stack: ExitStack) -> subprocess.Popen[bytes]:
        """A gateway that runs until the stack is left."""
        variables = {
            **os.environ,
            **self.teams.variables,
            "STADTLOTSE_SLACK_BOT_TOKEN": "xoxb-test",
            "STADTLOTSE_SLACK_SIGNING_SECRET": slack.SECRET,
            "STADTLOTSE_SLACK_API_URL": self.slack.api_url,
            "STADTLOTSE_VAR": str(self.folder / "var"),
            "STADTLOTSE_PORT": str(self.port),
            "STADTLOTSE_RASA_PORT": str(self.dialogue.server.port),
            "STADTLOTSE_ACTIONS_PORT": str(self.actions_port),
            "STADTLOTSE_TOKEN": "t",
        }
        command = [sys.executable, "-m", "bot.gateway"]
        return stack.enter_context(process(command, variables, PROJECT, self.folder / "gateway.log"))

    async def wait(self, session: ClientSession) -> None:
        """Wait until the gateway answers."""
        async with slack.timeout(30):
            while True:
                try:
                    async with session.get(f"{self.url}/healthz") as response:
                        if response.status == 200:
                            return
                except ClientError:
                    pass
                await asyncio.sleep(0.1)

    @property
    def log(self) -> str:
        """What the gateway wrote."""
        return (self.folder / "gateway.log").read_text()
