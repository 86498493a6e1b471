"""Settings of the Teams app, from `STADTLOTSE_TEAMS_*` environment variables."""

import re
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class TeamsSettings(BaseSettings):
    """What the Azure portal shows after the registration."""

    model_config = SettingsConfigDict(env_prefix="STADTLOTSE_TEAMS_", extra="ignore", env_ignore_empty=True)

    app_id: str = Field("", description="Application (client) ID of the app registration")
    tenant_id: str = Field("", description="Directory (tenant) ID")
    client_secret: SecretStr | None = Field(None, description="Value of a client secret")
    certificate_file: Path | None = Field(None, description="PFX file with certificate and key, instead of a secret")
    managed_identity: bool = Field(False, description="Whether a user-assigned managed identity stands in for a secret")
    hosts: str = Field("", description="Further hosts to which answers may be sent, separated by commas")
    issuer: str = Field("https://api.botframework.com", description="Who issues the tokens of incoming requests")
    keys_url: str = Field(
        "https://login.botframework.com/v1/.well-known/keys", description="Where the keys of these tokens are published"
    )
    authority: str = Field("", description="Where tokens are requested; empty: Microsoft's login page of the tenant")
    local: bool = Field(
        False, description="For development: requests from this machine without a token are taken, answers stay on it"
    )

    @property
    def is_set(self) -> bool:
        """Whether anybody began to configure Teams."""
        return bool(
            self.app_id
            or self.tenant_id
            or self.client_secret
            or self.certificate_file
            or self.managed_identity
            or self.local
        )

    @property
    def is_registered(self) -> bool:
        """Whether requests with a token can be taken."""
        return bool(self.app_id)

    @property
    def further_hosts(self) -> list[str]:
        """The hosts that the operator added."""
        return [host.strip().lower() for host in self.hosts.split(",") if host.strip()]


def problems(settings: TeamsSettings) -> list[str]:
    """What is missing or mistaken, one sentence each."""
    found: list[str] = []
    if settings.local and not (settings.app_id or settings.tenant_id):
        return found
    for name, value in (("APP_ID", settings.app_id), ("TENANT_ID", settings.tenant_id)):
        if not value:
            found.append(f"Teams: STADTLOTSE_TEAMS_{name} is missing; copy it from the app registration's overview.")
        elif not _GUID.fullmatch(value):
            found.append(f"Teams: STADTLOTSE_TEAMS_{name} is no GUID; copy it from the app registration's overview.")
    credentials = [settings.client_secret, settings.certificate_file, settings.managed_identity]
    if sum(bool(credential) for credential in credentials) != 1:
        found.append(
            "Teams: set exactly one of STADTLOTSE_TEAMS_CLIENT_SECRET, STADTLOTSE_TEAMS_CERTIFICATE_FILE and "
            "STADTLOTSE_TEAMS_MANAGED_IDENTITY."
        )
    if settings.certificate_file and not settings.certificate_file.is_file():
        found.append("Teams: the file that STADTLOTSE_TEAMS_CERTIFICATE_FILE names is not there; correct the path.")
    return found
