"""What `stadtlotse doctor` looks at: each check is one sentence, with the remedy where something is wrong."""

import asyncio
import contextlib
import difflib
import os
import sys
from collections.abc import Coroutine, Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Any
from urllib.parse import urlsplit

from packaging.requirements import Requirement
from pydantic_settings import BaseSettings

from bot.channels.common.discovery import platforms
from bot.channels.common.platform import Platform
from bot.channels.slack.settings import SlackSettings
from bot.channels.teams.settings import TeamsSettings
from bot.doctor import admission, soundness
from bot.doctor.finding import Finding
from bot.gateway.mail import Mailer, MailSettings
from bot.gateway.openid import OpenIdSettings, Provider
from bot.processes import parts
from bot.retraining import building
from bot.variables import read_settings
from knowledge.answering.contacts import Contacts
from knowledge.errors import StadtlotseError
from knowledge.releases.release import current_release
from knowledge.settings import Settings
from knowledge.sheet_files import SHEETS

_PYTHON = (3, 10)
_SETTINGS: tuple[type[BaseSettings], ...] = (Settings, MailSettings, OpenIdSettings, SlackSettings, TeamsSettings)
_INTERNAL = frozenset({"STADTLOTSE_TOKEN", "STADTLOTSE_STATE"})  # what the supervisor tells its children


def findings(settings: Settings) -> Iterator[Finding]:
    """All checks that need no network, one after another."""
    yield _versions()
    yield from _variables()
    yield from soundness.findings(settings)
    yield from _ports(settings)
    yield from _release(settings)
    yield _recognition()
    yield _public_url(settings)
    yield from admission.findings(settings)
    yield from _contacts(settings)
    yield from _mail()
    for platform in platforms():
        yield from _configuration(platform)


async def live_findings() -> list[Finding]:
    """A round trip to every platform, and to the mail server, that is configured without mistakes."""
    found: list[Finding] = []
    with contextlib.suppress(StadtlotseError):  # told among the findings
        if mailer := Mailer.from_environment():
            found.append(await _reached("mail", mailer.probe()))
    with contextlib.suppress(StadtlotseError):
        if provider := Provider.from_environment():
            found.append(await _reached("sign-in", provider.probe()))
    for platform in platforms():
        with contextlib.suppress(StadtlotseError):
            if platform.is_on() and not platform.problems():
                found.append(await _reached(platform.name, platform.probe()))
    return found


async def _reached(name: str, probe: Coroutine[Any, Any, str]) -> Finding:
    try:
        return Finding(f"{name} live", "ok", await probe)
    except StadtlotseError as error:
        return Finding(f"{name} live", "wrong", str(error))


def _versions() -> Finding:
    if sys.version_info[:2] != _PYTHON:
        here = ".".join(map(str, sys.version_info[:3]))
        return Finding("versions", "wrong", f"This is Python {here}; Rasa needs 3.10: 'make run' installs it.")
    missing = [name for name in _required() if not _is_installed(name)]
    if missing:
        return Finding("versions", "wrong", f"Packages are missing ({', '.join(missing)}); 'make run' installs them.")
    return Finding("versions", "ok", f"Stadtlotse {version('stadtlotse')} has all packages it needs.")


def _variables() -> Iterator[Finding]:
    """Variables that look like ours and are none, which a slip of the pen makes."""
    known = {name for model in _SETTINGS for name in _names(model)} | _INTERNAL
    for name in sorted(name for name in os.environ if name.startswith("STADTLOTSE_") and name not in known):
        like = difflib.get_close_matches(name, known, 1)
        meant = f"; did you mean {like[0]}" if like else ""
        yield Finding("variables", "note", f"{name} is no setting of Stadtlotse{meant}; correct or remove it.")


def _names(model: type[BaseSettings]) -> Iterator[str]:
    prefix = model.model_config.get("env_prefix", "")
    for name, field in model.model_fields.items():
        yield field.validation_alias if isinstance(field.validation_alias, str) else f"{prefix}{name}".upper()


def _ports(settings: Settings) -> Iterator[Finding]:
    if asyncio.run(parts.is_ready(settings)):
        yield Finding("ports", "ok", f"The bot runs and answers at {parts.address(settings)}.")
        return
    try:
        parts.check_ports(settings)
    except StadtlotseError as error:
        yield Finding("ports", "wrong", str(error))
        return
    yield Finding("ports", "ok", "The bot does not run; its ports are free.")


def _release(settings: Settings) -> Iterator[Finding]:
    try:
        yield from _parts_of_release(settings)
    except StadtlotseError as error:  # a model or a release that cannot be used
        yield Finding("index", "wrong", str(error))


def _parts_of_release(settings: Settings) -> Iterator[Finding]:
    models = list((settings.var / "models").glob("*/config.json"))
    if settings.embedding_model:
        yield Finding("model", "ok", f"STADTLOTSE_EMBEDDING_MODEL names {settings.embedding_model}.")
    elif models:
        yield Finding("model", "ok", "The shipped embedding model is unpacked.")
    else:
        yield Finding("model", "note", "The embedding model is not unpacked yet; the first build does it.")
    release = current_release(settings)
    if release is None or release.manifest.knowledge is None:
        yield Finding("index", "wrong", "Nothing is built yet; run 'stadtlotse retrain' or 'make run'.")
        return
    knowledge = release.manifest.knowledge
    if building.stale_knowledge(settings, building.folders_in_use(settings)):
        yield Finding("index", "note", "Documents or fact sheets changed since the build; run 'stadtlotse retrain'.")
    else:
        yield Finding("index", "ok", f"{knowledge.documents} documents, {knowledge.passages} passages, up to date.")
    if release.manifest.dialogue is None:
        yield Finding("dialogue", "wrong", "The dialogue is not trained yet; run 'stadtlotse train'.")
    elif building.stale_dialogue(settings):
        yield Finding("dialogue", "note", "The training data changed since the training; run 'stadtlotse train'.")
    else:
        yield Finding("dialogue", "ok", "The dialogue is trained and up to date.")


def _recognition() -> Finding:
    from knowledge.reading.ocr import language_data  # loads the reader

    folder = language_data()
    if folder is None:
        return Finding(
            "text recognition", "note", "Scans cannot be read; install tesseract-ocr-deu or set TESSDATA_PREFIX."
        )
    return Finding("text recognition", "ok", f"Scans are read with the German data in {folder}.")


def _public_url(settings: Settings) -> Finding:
    used = [platform.name for platform in platforms() if _is_on(platform)]
    if not settings.public_url:
        if not used:
            return Finding("public address", "ok", "None is set, and none is needed without Teams or Slack.")
        return Finding(
            "public address",
            "note",
            "STADTLOTSE_PUBLIC_URL is not set, so that links to sources work on this machine alone; set it.",
        )
    if urlsplit(settings.public_url).scheme != "https" or not urlsplit(settings.public_url).netloc:
        return Finding("public address", "wrong", "STADTLOTSE_PUBLIC_URL must begin with https://; correct it.")
    return Finding("public address", "ok", f"Links to sources lead to {settings.public_url}.")


def _contacts(settings: Settings) -> Iterator[Finding]:
    if settings.contacts_file is None:
        yield Finding(
            "contacts", "note", "STADTLOTSE_CONTACTS names no file, so that nobody can be told whom to talk to; set it."
        )
        return
    try:
        contacts = Contacts.read(settings.contacts_file)
    except StadtlotseError as error:
        yield Finding("contacts", "wrong", str(error))
        return
    if unknown := contacts.unknown_programmes({path.stem for path in SHEETS.glob("*.yml")}):
        yield Finding(
            "contacts",
            "wrong",
            f"{settings.contacts_file} names programmes that have no fact sheet ({', '.join(unknown)}); correct them.",
        )
    elif not any(contact.is_general for contact in contacts.contacts):
        yield Finding(
            "contacts", "note", f"{settings.contacts_file} has no office for everything else; add one without topics."
        )
    else:
        yield Finding("contacts", "ok", f"{len(contacts.contacts)} offices can be named to those who want to talk.")


def _mail() -> Iterator[Finding]:
    try:
        settings = read_settings(MailSettings)
        problems = settings.problems()
    except StadtlotseError as error:
        problems = [str(error)]
    for problem in problems:
        yield Finding("mail", "wrong", problem)
    if not problems and not settings.is_set:
        yield Finding("mail", "ok", "Off: none of its variables is set, so that conversations can be saved only.")
    elif not problems:
        yield Finding("mail", "ok", f"Conversations can be sent through {settings.host}.")


def _configuration(platform: Platform) -> Iterator[Finding]:
    try:
        if not platform.is_on():
            yield Finding(platform.name, "ok", "Off: none of its variables is set.")
            return
        problems = platform.problems()
    except StadtlotseError as error:
        problems = [str(error)]
    for problem in problems:
        yield Finding(platform.name, "wrong", problem)
    if not problems:
        where = f"; its events come to {platform.path}" if platform.path else ""
        yield Finding(platform.name, "ok", f"On{where}.")


def _is_on(platform: Platform) -> bool:
    try:
        return platform.is_on()
    except StadtlotseError:
        return True


def _required() -> list[str]:
    return [Requirement(line).name for line in requires("stadtlotse") or [] if "extra ==" not in line]


def _is_installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True
