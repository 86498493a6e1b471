"""What `stadtlotse doctor` says of who counts as staff and how it signs in."""

from collections.abc import Iterator

from bot.channels.common.discovery import read_staff_channels
from bot.doctor.finding import Finding
from bot.gateway.openid import OpenIdSettings
from bot.gateway.sign_in import sign_in_required
from bot.variables import read_settings
from knowledge.errors import StadtlotseError
from knowledge.releases.release import current_release
from knowledge.settings import Settings

_CHECK = "sign-in"


def findings(settings: Settings) -> Iterator[Finding]:
    """Whether staff can sign in, and is told apart as the operator means it."""
    try:
        openid = read_settings(OpenIdSettings)
        sign_in_required(settings, can_sign_in=openid.is_on)
        channels = read_staff_channels(settings.staff_channels)
    except StadtlotseError as error:
        yield Finding(_CHECK, "wrong", str(error))
        return
    problems = [*openid.problems(), *_header_problems(settings)]
    for problem in problems:
        yield Finding(_CHECK, "wrong", problem)
    if openid.is_on and not problems:
        yield from _of_provider(settings, openid)
    elif settings.staff_header and not problems:
        yield Finding(
            _CHECK,
            "ok",
            f"Staff is whom {settings.staff_header} names; the proxy must take that header from everybody else.",
        )
    elif not problems and not channels:
        yield _off(settings)
    if channels:
        yield Finding(_CHECK, "ok", f"Everybody counts as staff on: {', '.join(sorted(channels))}.")


def _header_problems(settings: Settings) -> Iterator[str]:
    if settings.staff_header and not settings.trusted_proxies:
        yield (
            "STADTLOTSE_STAFF_HEADER counts for nothing without STADTLOTSE_TRUSTED_PROXIES; set it to your proxy's "
            "address."
        )


def _of_provider(settings: Settings, openid: OpenIdSettings) -> Iterator[Finding]:
    if not settings.public_url:
        yield Finding(
            _CHECK,
            "note",
            "STADTLOTSE_PUBLIC_URL is not set, so that the way back from there is guessed; set it.",
        )
    if not openid.staff:
        yield Finding(
            _CHECK,
            "note",
            f"Everybody who can sign in at {openid.issuer} counts as staff; STADTLOTSE_OIDC_STAFF narrows it.",
        )
    yield Finding(_CHECK, "ok", f"Staff signs in at {openid.issuer}.")


def _off(settings: Settings) -> Finding:
    release = current_release(settings)
    knowledge = release.manifest.knowledge if release else None
    if knowledge is None or not knowledge.internal:
        return Finding(_CHECK, "ok", "Off, and none is needed: no document is for staff alone.")
    return Finding(
        _CHECK,
        "note",
        f"{knowledge.internal} documents are for staff alone, and nobody can sign in to read them; set "
        "STADTLOTSE_OIDC_ISSUER or STADTLOTSE_STAFF_HEADER.",
    )
