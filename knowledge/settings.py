"""Settings of an installation, from `STADTLOTSE_*` environment variables."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from knowledge.errors import StadtlotseError
from knowledge.validation import reason

PROJECT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What an operator can change without touching a file of the project."""

    model_config = SettingsConfigDict(env_prefix="STADTLOTSE_", extra="ignore")

    var: Path = Field(PROJECT / "var", description="Folder for everything made at run time")
    embedding_model: str = Field(
        "", description="sentence-transformers model or folder; empty: the model that is shipped"
    )
    host: str = Field("127.0.0.1", description="Address on which the gateway listens")
    port: int = Field(8080, ge=1, le=65535, description="Port of the gateway")
    public_url: str = Field(
        "", description="Address at which people reach the gateway, for links in Teams and Slack; empty: this machine"
    )
    widget_origins: str = Field(
        "", description="Origins of the sites that may show the chat, as https://www.example.org, with commas between"
    )
    trusted_proxies: str = Field(
        "", description="Addresses or networks of reverse proxies whose X-Forwarded-… headers count, commas between"
    )
    sign_in: Literal["optional", "required"] = Field(
        "optional", description="Whether the chat and its sources are for signed-in staff alone"
    )
    staff_header: str = Field(
        "", description="Header in which a trusted proxy names who signed in there, such as X-Remote-User; empty: none"
    )
    staff_channels: str = Field(
        "", description="Platforms on which everybody counts as staff: 'teams', 'slack', commas between; empty: none"
    )
    privacy_url: str = Field("", description="The operator's privacy page, linked where the chat says what is stored")
    rasa_port: int = Field(5005, ge=1, le=65535, description="Loopback port of the Rasa server")
    actions_port: int = Field(5055, ge=1, le=65535, description="Loopback port of the action server")
    turn_timeout: float = Field(20.0, gt=0, description="Seconds after which a turn is given up")
    retention_days: int = Field(30, ge=1, description="Days for which conversations and what belongs to them are kept")
    question_retention_days: int = Field(
        0, ge=0, description="Days for which logged questions are kept; 0: as long as conversations"
    )
    feedback_retention_days: int = Field(
        0, ge=0, description="Days for which feedback is kept; 0: as long as questions"
    )
    platform_retention_days: int = Field(
        0, ge=0, description="Days for which events and deliveries of platforms are kept; 0: as long as conversations"
    )
    log_retention_days: int = Field(0, ge=0, description="Days for which logs are kept; 0: as long as conversations")
    export_retention_days: int = Field(
        0, ge=0, description="Days for which exports about people are kept; 0: as long as conversations"
    )

    document_hosts: str = Field("", description="Hosts from which documents may be fetched, separated by commas")
    questions: str = Field("", description="File with the operator's own evaluation questions, one JSON object a line")
    kept_releases: int = Field(10, ge=0, description="Releases that are kept beside the live, previous and pinned ones")

    contacts: str = Field("", description="YAML file with the offices for those who want to talk to somebody")

    @property
    def contacts_file(self) -> Path | None:
        """The file with the offices, where the operator named one."""
        return Path(self.contacts) if self.contacts else None

    @property
    def releases(self) -> Path:
        """Folder of the built releases."""
        return self.var / "releases"

    @property
    def current_release(self) -> Path:
        """Link to the release that answers."""
        return self.var / "current"

    @property
    def state(self) -> Path:
        """SQLite file with conversations and the dialogue's trackers."""
        return self.var / "state.db"

    @property
    def session_key(self) -> Path:
        """File with the key of session cookies; without it, everybody signs in anew."""
        return self.var / "sessions.key"

    @property
    def audit_log(self) -> Path:
        """What admins did, one line each."""
        return self.var / "audit.jsonl"

    @property
    def exports(self) -> Path:
        """Folder for what was handed out of what is kept of people."""
        return self.var / "exports"

    @property
    def accepted_utterances(self) -> Path:
        """Training examples of the dialogue that the operator accepted, in Rasa's format."""
        return self.var / "nlu" / "accepted.yml"

    @property
    def library(self) -> Path:
        """Folder of the operator's own documents and fact sheets."""
        return self.var / "library"

    @property
    def pseudonym_key(self) -> Path:
        """File with the key by which platforms' ids become pseudonyms; without it, all conversations begin anew."""
        return self.var / "pseudonyms.key"

    @property
    def own_questions(self) -> Path:
        """The operator's evaluation set."""
        return Path(self.questions).expanduser() if self.questions else self.var / "evaluation" / "questions.jsonl"

    def under(self, var: Path) -> "Settings":
        """The same settings over a copy of the folder of run-time files; nothing outside of it belongs to that."""
        own, here = self.own_questions.absolute(), self.var.absolute()
        inside = self.questions and own.is_relative_to(here)
        return self.model_copy(update={"var": var, "questions": str(var / own.relative_to(here)) if inside else ""})


@lru_cache
def settings() -> Settings:
    """The settings of this process, read once; raises `StadtlotseError` with the variable that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        variable = f"STADTLOTSE_{str(first['loc'][0]).upper()}"
        raise StadtlotseError(f"{variable} cannot be read ({reason(first)}); correct it.") from error
