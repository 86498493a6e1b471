"""`stadtlotse serve`: from whatever is there to a running bot."""

import asyncio
import os
import sys
import time

from rich.console import Console
from rich.status import Status

from bot.channels.common.discovery import platforms_in_use
from bot.cli.build import bring_up_to_date
from bot.gateway.mail import Mailer
from bot.processes import parts
from bot.processes.dialogue_port import reset_dialogue_port
from bot.processes.supervisor import Supervisor
from bot.processes.switching import DialogueSwitch
from knowledge.answering.contacts import Contacts
from knowledge.releases.release import DIALOGUE_MODEL, Release, open_release
from knowledge.settings import Settings, settings
from knowledge.texts import text


def serve() -> None:
    """Build what is stale, start all parts and keep them running until a signal ends them."""
    chosen = settings()
    console = Console()
    parts.check_ports(chosen)
    platforms_in_use()  # a mistake in the configuration is told before minutes of building
    Contacts.read(chosen.contacts_file)
    Mailer.from_environment()
    if bring_up_to_date(chosen, console):
        # Building took the model's libraries into memory; a fresh process does not keep them while the bot runs.
        os.execv(sys.executable, [sys.executable, "-m", "bot.cli", "serve"])  # noqa: S606  # our own command
    parts.prepare_state(chosen)
    reset_dialogue_port(chosen)
    asyncio.run(_supervise(chosen, Console(), open_release(chosen)))


async def _supervise(chosen: Settings, console: Console, release: Release) -> None:
    begun = time.monotonic()
    spinner = console.status("Starting Rasa, the action server and the gateway") if console.is_terminal else None
    _start(spinner, console)

    def announce() -> None:
        if spinner is not None:
            spinner.stop()
        console.print(f"Ready after {time.monotonic() - begun:.1f} s: {parts.address(chosen)}", soft_wrap=True)
        console.print(f"Try: {text('de', 'dialogue.greet_suggestion_2')}", soft_wrap=True, highlight=False)
        console.print("Ctrl-C ends it.")

    def notice(sentence: str) -> None:
        console.print(sentence, soft_wrap=True, highlight=False)

    children = parts.children(chosen, release.path / DIALOGUE_MODEL)
    switch = DialogueSwitch(chosen, children[0], release, notice)
    try:
        await Supervisor(children, notice).run(lambda: parts.is_ready(chosen), announce, switch.follow)
    finally:
        if spinner is not None:
            spinner.stop()
    console.print("Ended.")


def _start(spinner: Status | None, console: Console) -> None:
    if spinner is not None:
        spinner.start()
    else:
        console.print("Starting Rasa, the action server and the gateway")
