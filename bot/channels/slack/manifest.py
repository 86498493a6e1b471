"""The Slack app's manifest, from which Slack makes the app in one step."""

from typing import Any

from bot.channels.common.turns import starters
from knowledge.messages import Language
from knowledge.texts import text

NAME = "Stadtlotse"
COLOUR = "#0d4a5a"

# Each scope with what would not work without it.
SCOPES = {
    "app_mentions:read": "hear a mention in a channel",
    "assistant:write": "the assistant pane: offered questions, the line that the bot is busy",
    "channels:history": "edits and deletions of questions in public channels",
    "chat:write": "answer",
    "commands": "/lotse",
    "groups:history": "edits and deletions of questions in private channels",
    "im:history": "direct messages",
}
EVENTS = (
    "app_home_opened",
    "app_mention",
    "assistant_thread_started",
    "assistant_thread_context_changed",
    "message.channels",
    "message.groups",
    "message.im",
)


def manifest(url: str | None, lang: Language) -> dict[str, Any]:
    """The manifest, with texts in `lang`; `url` is where Slack posts its events, None for Socket Mode."""
    address = {"request_url": url} if url else {}
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": NAME,
            "description": text(lang, "channels.app_description"),
            "long_description": text(lang, "channels.app_long_description"),
            "background_color": COLOUR,
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "assistant_view": {
                "assistant_description": text(lang, "channels.app_description"),
                "suggested_prompts": [
                    {"title": question.title, "message": question.payload} for question in starters(lang)
                ],
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "slash_commands": [
                {
                    "command": "/lotse",
                    "description": text(lang, "channels.command_description"),
                    "usage_hint": text(lang, "channels.command_hint"),
                    "should_escape": False,
                    **({"url": url} if url else {}),
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": sorted(SCOPES)}},
        "settings": {
            "event_subscriptions": {**address, "bot_events": sorted(EVENTS)},
            "interactivity": {"is_enabled": True, **address},
            "org_deploy_enabled": False,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,
        },
    }
