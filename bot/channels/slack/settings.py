"""Settings of the Slack app, from `STADTLOTSE_SLACK_*` environment variables."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class SlackSettings(BaseSettings):
    """What Slack's app pages show after the registration."""

    model_config = SettingsConfigDict(env_prefix="STADTLOTSE_SLACK_", extra="ignore", env_ignore_empty=True)

    bot_token: SecretStr | None = Field(None, description="Bot User OAuth Token, xoxb-…")
    signing_secret: SecretStr | None = Field(None, description="Signing Secret, for events by HTTP")
    app_token: SecretStr | None = Field(None, description="App-Level Token, xapp-…, for Socket Mode")
    api_url: str = Field("https://slack.com/api/", description="Address of Slack's Web API")

    @property
    def is_set(self) -> bool:
        """Whether anybody began to configure Slack."""
        return any((self.bot_token, self.signing_secret, self.app_token))


def problems(settings: SlackSettings) -> list[str]:
    """What is missing or mistaken, one sentence each."""
    found = []
    bot, app = _plain(settings.bot_token), _plain(settings.app_token)
    if not bot:
        found.append("Slack: STADTLOTSE_SLACK_BOT_TOKEN is missing; copy it from the app's page 'Install App'.")
    elif not bot.startswith("xoxb-"):
        found.append("Slack: STADTLOTSE_SLACK_BOT_TOKEN is no bot token; it must begin with xoxb-.")
    if app and not app.startswith("xapp-"):
        found.append("Slack: STADTLOTSE_SLACK_APP_TOKEN is no app-level token; it must begin with xapp-.")
    if not app and not settings.signing_secret:
        found.append(
            "Slack: set STADTLOTSE_SLACK_APP_TOKEN for Socket Mode, or STADTLOTSE_SLACK_SIGNING_SECRET for HTTP."
        )
    if not settings.api_url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        found.append("Slack: STADTLOTSE_SLACK_API_URL must begin with https://.")
    return found


def _plain(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
