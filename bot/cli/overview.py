"""What `stadtlotse --help` shows: the commands by what they are for, a line each."""

import typer
from typer.core import TyperCommand, TyperGroup

COMMANDS = {
    "Every day": {
        "serve": "Start the bot and keep it running.",
        "status": "Show what is built and which parts run.",
        "documents": "Your documents: add, list, check, remove …",
        "programmes": "Your fact sheets: begin, check, list, remove.",
        "retrain": "Take what changed live, if no known question breaks.",
        "rollback": "Go back to an earlier release at once.",
    },
    "Asking and looking": {
        "ask": "Answer one question; no bot needs to run.",
        "chat": "Talk to the running bot.",
        "report": "What people asked, and what they asked in vain.",
        "questions": "Make something of what was asked in vain.",
        "nlu": "Teach the dialogue what people mean.",
    },
    "Looking after": {
        "doctor": "Check everything and say what is missing.",
        "backup": "Write all that cannot be made again to a file.",
        "restore": "Bring a backup back.",
        "privacy": "What is kept of a person: find, show, forget …",
        "purge": "Delete now what is too old to be kept.",
        "audit": "What admins did, and whether the log is whole.",
        "releases": "Look at releases, compare, pin and delete them.",
    },
    "Channels": {
        "slack": "Set up Slack.",
        "teams": "Set up Microsoft Teams.",
    },
    "Building and measuring by hand": {
        "index": "Read documents without asking known questions.",
        "train": "Train the dialogue anew.",
        "evaluate": "Measure how well is found, understood, answered.",
    },
}
"""A line for each command, by what they are for, in the order in which they are shown."""

_PANELS = {name: panel for panel, commands in COMMANDS.items() for name in commands}


class Overview(TyperGroup):
    """All commands, grouped in a terminal and in plain text."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]  # the context that typer gives
        """Names of the commands in the order of `COMMANDS`."""
        order = list(_PANELS)
        return sorted(super().list_commands(ctx), key=order.index)

    def get_command(self, ctx, cmd_name):  # type: ignore[no-untyped-def]
        """The command of that name with its line and its group."""
        command = super().get_command(ctx, cmd_name)
        if isinstance(command, (TyperCommand, TyperGroup)):
            panel = _PANELS[cmd_name]
            command.short_help, command.rich_help_panel = COMMANDS[panel][cmd_name], panel
        return command

    def format_commands(self, ctx, formatter):  # type: ignore[no-untyped-def]
        """Write the commands where no boxes are drawn."""
        for panel, lines in COMMANDS.items():
            with formatter.section(panel):
                formatter.write_dl(list(lines.items()))
