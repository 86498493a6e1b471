"""Slack: direct messages, mentions, assistant pane, home tab and `/lotse`, by HTTP or Socket Mode."""

from bot.channels.slack.platform import SlackPlatform

PLATFORM = SlackPlatform()
