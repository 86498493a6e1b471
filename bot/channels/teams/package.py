"""The Teams app package: a manifest and two icons, as the admin centre takes it."""

import json
import uuid
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from knowledge.errors import StadtlotseError
from knowledge.messages import LANGUAGES, Language
from knowledge.texts import text

SCHEMA = "https://developer.microsoft.com/json-schemas/teams/v1.19/MicrosoftTeams.schema.json"
_VERSION = "1.19"
_ICONS = Path(__file__).parent / "icons"
COLOR, OUTLINE, MANIFEST = "color.png", "outline.png", "manifest.json"
_ACCENT = "#0D4A5A"
_NAME = "Stadtlotse"
_DEFAULT: Language = "de"
# Names of files are part of the package; a fixed date makes equal contents equal packages.
_DATE = (2026, 1, 1, 0, 0, 0)


def manifest(app_id: str, website: str, developer: str, privacy: str, terms: str) -> dict[str, Any]:
    """The app's manifest; the addresses must begin with https://, which raises `StadtlotseError` where they do not."""
    for name, address in (("website", website), ("privacy", privacy), ("terms", terms)):
        if urlsplit(address).scheme != "https" or not urlsplit(address).netloc:
            raise StadtlotseError(
                f"Teams wants an address that begins with https:// for the {name}; set STADTLOTSE_PUBLIC_URL "
                f"or give --{name}."
            )
    return {
        "$schema": SCHEMA,
        "manifestVersion": _VERSION,
        "version": version("stadtlotse"),
        # A name of its own, so that another registration of the bot is still the same app.
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"stadtlotse:{app_id.lower()}")),
        "developer": {"name": developer, "websiteUrl": website, "privacyUrl": privacy, "termsOfUseUrl": terms},
        "name": {"short": _NAME, "full": _NAME},
        "description": _description(_DEFAULT),
        "localizationInfo": {
            "defaultLanguageTag": _DEFAULT,
            "additionalLanguages": [
                {"languageTag": lang, "file": f"{lang}.json"} for lang in LANGUAGES if lang != _DEFAULT
            ],
        },
        "icons": {"color": COLOR, "outline": OUTLINE},
        "accentColor": _ACCENT,
        "bots": [
            {
                "botId": app_id,
                "scopes": ["personal", "team", "groupChat"],
                "isNotificationOnly": False,
                "supportsFiles": False,
                "commandLists": [
                    {
                        "scopes": ["personal", "team", "groupChat"],
                        "commands": [
                            {
                                "title": text(_DEFAULT, "channels.help_command"),
                                "description": text(_DEFAULT, "channels.help_command_description"),
                            }
                        ],
                    }
                ],
            }
        ],
        "validDomains": [urlsplit(website).netloc],
    }


def localization(lang: Language) -> dict[str, str]:
    """The manifest's texts in another language, by their places."""
    described = _description(lang)
    place = "bots[0].commandLists[0].commands[0]"
    return {
        "$schema": SCHEMA.replace("MicrosoftTeams.schema", "MicrosoftTeams.Localization.schema"),
        "name.short": _NAME,
        "name.full": _NAME,
        "description.short": described["short"],
        "description.full": described["full"],
        f"{place}.title": text(lang, "channels.help_command"),
        f"{place}.description": text(lang, "channels.help_command_description"),
    }


def write_package(path: Path, described: dict[str, Any]) -> None:
    """Write the package; the same manifest gives the same bytes."""
    files = {MANIFEST: _json(described)}
    files |= {f"{lang}.json": _json(localization(lang)) for lang in LANGUAGES if lang != _DEFAULT}
    files |= {icon: (_ICONS / icon).read_bytes() for icon in (COLOR, OUTLINE)}
    try:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
            for name, content in files.items():
                package.writestr(zipfile.ZipInfo(name, _DATE), content, zipfile.ZIP_DEFLATED)
    except OSError as error:
        raise StadtlotseError(f"{path} cannot be written ({error.strerror}); give --out another place.") from error


def _description(lang: Language) -> dict[str, str]:
    return {"short": text(lang, "channels.app_description"), "full": text(lang, "channels.app_long_description")}


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode()
