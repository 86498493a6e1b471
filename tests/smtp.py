"""A real SMTP server on loopback, with and without encryption and passwords."""

import ssl
from datetime import datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.processes import free_ports

SENDER = "stadtlotse@stadt.example"
USER, PASSWORD = "lotse", "geheim-und-lang"


class MailServer:
    """Takes mail until it is told to refuse it; remembers what it took."""

    def __init__(self, folder: Path, *, tls: str = "none", signed_in: bool = False) -> None:
        self.taken: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.refusal: str | None = None
        self.hangs_up = False
        self._tls = tls
        self._signed_in = signed_in
        self.certificate = folder / "certificate.pem"
        context = _context(folder, self.certificate) if tls != "none" else None
        (self._port,) = free_ports(1)
        options: dict[str, Any] = {"hostname": "127.0.0.1", "port": self._port}
        if signed_in:
            options |= {"auth_required": True, "authenticator": self._authenticate, "auth_require_tls": tls != "none"}
        if tls == "starttls":
            options |= {"tls_context": context, "require_starttls": True}
        elif tls == "implicit":
            options |= {"ssl_context": context}
        self._controller = Controller(self, **options)

    def __enter__(self) -> "MailServer":
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    @property
    def variables(self) -> dict[str, str]:
        """What an operator sets to send through this server."""
        own = {
            "STADTLOTSE_SMTP_HOST": "127.0.0.1",
            "STADTLOTSE_SMTP_PORT": str(self._port),
            "STADTLOTSE_SMTP_TLS": self._tls,
            "STADTLOTSE_SMTP_FROM": SENDER,
        }
        if self._signed_in:
            own |= {"STADTLOTSE_SMTP_USER": USER, "STADTLOTSE_SMTP_PASSWORD": PASSWORD}
        return own | ({"SSL_CERT_FILE": str(self.certificate)} if self._tls != "none" else {})

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()), handled=False)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take a mail, refuse it, or take it and hang up before saying so."""
        if self.refusal:
            return self.refusal
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.taken.append(mail)
        self.recipients.append(envelope.rcpt_tos)
        if self.hangs_up:
            server.transport.abort()
        return "250 OK"


def _context(folder: Path, path: Path) -> ssl.SSLContext:
    """A server's context with a certificate of its own for this machine, written to `path`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file = folder / "key.pem"
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path, key_file)
    return context
