"""Slack as the operator sees it; what talks to Slack is loaded only where it is configured."""

from collections.abc import Callable

from bot.channels.common.platform import Channel, House, Platform
from bot.channels.slack.settings import SlackSettings, problems
from bot.variables import read_settings

PATH = "/slack/events"


class SlackPlatform(Platform):
    """Slack's variables and what they make."""

    name = "slack"

    def is_on(self) -> bool:
        """Whether any of Slack's variables is set."""
        return read_settings(SlackSettings).is_set

    @property
    def path(self) -> str | None:
        """The one address for events, clicks and commands; with Socket Mode alone there is none."""
        return PATH if read_settings(SlackSettings).signing_secret else None

    def problems(self) -> list[str]:
        """What is wrong with them, one sentence each."""
        return problems(read_settings(SlackSettings))

    def open(self) -> Callable[[House], Channel]:
        """What makes the channel."""
        from bot.channels.slack.channel import SlackChannel

        settings = read_settings(SlackSettings)
        return lambda house: SlackChannel(settings, house)

    async def probe(self) -> str:
        """Ask Slack who the tokens belong to."""
        from bot.channels.slack.api import SlackApi

        settings = read_settings(SlackSettings)
        api = SlackApi(settings)
        try:
            team = await api.workspace()
            if settings.app_token:
                await api.open_socket(settings.app_token.get_secret_value())
        finally:
            await api.close()
        socket = " and Socket Mode can be opened" if settings.app_token else ""
        return f"Slack: the bot token belongs to the workspace {team}{socket}."
