"""Microsoft Teams: personal chats, group chats and channels, through the Azure Bot service."""

from bot.channels.teams.platform import TeamsPlatform

PLATFORM = TeamsPlatform()
