"""Mail through the operator's SMTP server."""

import asyncio
import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.variables import read_settings
from knowledge.answering.contacts import is_mail_address
from knowledge.errors import StadtlotseError

_SECONDS = 10.0
_PORTS = {"starttls": 587, "implicit": 465, "none": 25}
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class MailSettings(BaseSettings):
    """Where mail is handed in; off without a host."""

    model_config = SettingsConfigDict(env_prefix="STADTLOTSE_SMTP_", extra="ignore", env_ignore_empty=True)

    host: str = Field("", description="Name of the SMTP server")
    port: int = Field(0, ge=0, le=65535, description="Its port; 0: the usual one")
    tls: Literal["starttls", "implicit", "none"] = Field(
        "starttls", description="How the connection is encrypted; 'none' for a server on this machine alone"
    )
    user: str = Field("", description="Name to sign in with; empty: without signing in")
    password: SecretStr | None = Field(None, description="Password to sign in with")
    sender: str = Field("", validation_alias="STADTLOTSE_SMTP_FROM", description="Address that mail comes from")

    @property
    def is_set(self) -> bool:
        """Whether mail is to be sent at all."""
        return bool(self.host)

    def problems(self) -> list[str]:
        """What is missing or mistaken, one sentence each."""
        found = []
        if not self.host and (self.user or self.password or self.sender):
            found.append("Mail: STADTLOTSE_SMTP_HOST is missing; set it to the name of the SMTP server.")
        if self.host and not is_mail_address(self.sender):
            found.append("Mail: STADTLOTSE_SMTP_FROM must be the address that mail comes from.")
        if bool(self.user) != bool(self.password):
            found.append("Mail: set both STADTLOTSE_SMTP_USER and STADTLOTSE_SMTP_PASSWORD, or neither.")
        if self.host and self.tls == "none" and self.host not in _LOOPBACK:
            found.append("Mail: STADTLOTSE_SMTP_TLS is 'none'; that is for a server on this machine alone.")
        return found


class NotSentError(Exception):
    """The server did not take the mail; it will not arrive."""


class UncertainError(Exception):
    """The connection broke after the mail was on its way: nobody knows whether the server took it."""


class Mailer:
    """Hands mail to the SMTP server."""

    def __init__(self, settings: MailSettings, seconds: float = _SECONDS) -> None:
        self._settings = settings
        self._seconds = seconds

    @classmethod
    def from_environment(cls) -> "Mailer | None":
        """The mailer that the environment configures, if it does; raises `StadtlotseError` on a mistake."""
        settings = read_settings(MailSettings)
        for problem in settings.problems():
            raise StadtlotseError(problem)
        return cls(settings) if settings.is_set else None

    async def send(self, to: str, subject: str, body: str, *, lang: str, reply_to: str = "") -> None:
        """Send a mail in plain text; raises `NotSentError` or `UncertainError`."""
        message = EmailMessage()
        message["From"] = self._settings.sender
        message["To"] = to
        if reply_to:
            message["Reply-To"] = reply_to
        message["Subject"] = subject
        message["Date"] = formatdate(localtime=True)
        message["Message-ID"] = make_msgid(domain=self._settings.sender.rpartition("@")[2])
        message["Content-Language"] = lang
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(body)
        await asyncio.to_thread(self._hand_in, message)

    async def probe(self) -> str:
        """Sign in at the server and leave; a sentence on what was reached, or `StadtlotseError`."""
        try:
            await asyncio.to_thread(self._visit, lambda server: server.noop())
        except (OSError, smtplib.SMTPException) as error:
            raise StadtlotseError(
                f"The SMTP server {self._settings.host} does not let mail be sent ({_reason(error)}); "
                "check the STADTLOTSE_SMTP_ variables."
            ) from error
        return f"The SMTP server {self._settings.host} takes mail."

    def _hand_in(self, message: EmailMessage) -> None:
        is_on_its_way = False

        def hand_in(server: smtplib.SMTP) -> None:
            nonlocal is_on_its_way
            is_on_its_way = True
            server.send_message(message)

        try:
            self._visit(hand_in)
        except smtplib.SMTPServerDisconnected as error:
            raise (UncertainError if is_on_its_way else NotSentError)(_reason(error)) from error
        except smtplib.SMTPException as error:
            raise NotSentError(_reason(error)) from error
        except OSError as error:
            raise (UncertainError if is_on_its_way else NotSentError)(_reason(error)) from error

    def _visit(self, act: Callable[[smtplib.SMTP], object]) -> None:
        chosen = self._settings
        port = chosen.port or _PORTS[chosen.tls]
        server = (
            smtplib.SMTP_SSL(chosen.host, port, timeout=self._seconds, context=ssl.create_default_context())
            if chosen.tls == "implicit"
            else smtplib.SMTP(chosen.host, port, timeout=self._seconds)
        )
        try:
            if chosen.tls == "starttls":
                server.starttls(context=ssl.create_default_context())
            if chosen.user and chosen.password:
                server.login(chosen.user, chosen.password.get_secret_value())
            act(server)
        finally:
            _leave(server)


def _leave(server: smtplib.SMTP) -> None:
    """Say goodbye; what the server answers to that does not matter any more."""
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()


def _reason(error: Exception) -> str:
    """What happened, without addresses and words of the server, which may repeat what was sent."""
    code = getattr(error, "smtp_code", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__
