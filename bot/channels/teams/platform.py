"""Teams as the operator sees it; Microsoft's libraries are loaded only where it is configured."""

from collections.abc import Callable

from bot.channels.common.platform import Channel, House, Platform
from bot.channels.teams.settings import TeamsSettings, problems
from bot.variables import read_settings
from knowledge.settings import settings as own_settings

_PATH = "/api/messages"
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class TeamsPlatform(Platform):
    """Teams' variables and what they make."""

    name = "teams"

    def is_on(self) -> bool:
        """Whether any of Teams' variables is set."""
        return read_settings(TeamsSettings).is_set

    @property
    def path(self) -> str | None:
        """The messaging endpoint of the bot."""
        return _PATH

    def problems(self) -> list[str]:
        """What is wrong with them, one sentence each."""
        settings = read_settings(TeamsSettings)
        found = problems(settings)
        if settings.local and own_settings().host not in _LOOPBACK:
            found.append("Teams: STADTLOTSE_TEAMS_LOCAL is for development on 127.0.0.1; unset it, or STADTLOTSE_HOST.")
        return found

    def open(self) -> Callable[[House], Channel]:
        """What makes the channel."""
        from bot.channels.teams.channel import TeamsChannel

        settings = read_settings(TeamsSettings)
        return lambda house: TeamsChannel(settings, house)

    async def probe(self) -> str:
        """Ask Microsoft for a token and for the keys of incoming requests."""
        from bot.channels.teams.connector import Connector
        from bot.channels.teams.tokens import KeySet

        settings = read_settings(TeamsSettings)
        if not settings.is_registered:
            return "Teams: local development only; there is nothing to ask Microsoft for."
        await Connector(settings).request_token()
        keys = KeySet(settings.keys_url)
        try:
            await keys.load()
        finally:
            await keys.close()
        return "Teams: Microsoft gave a token for the app, and the keys of incoming requests were read."
