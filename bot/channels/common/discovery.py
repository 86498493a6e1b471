"""Which platforms there are."""

import pkgutil
from importlib import import_module

import bot.channels
from bot.channels.common.platform import Platform
from knowledge.errors import StadtlotseError


def platforms() -> list[Platform]:
    """Every module or package below `bot.channels` that has a `PLATFORM`, by name."""
    modules = (import_module(f"bot.channels.{found.name}") for found in pkgutil.iter_modules(bot.channels.__path__))
    found = [module.PLATFORM for module in modules if hasattr(module, "PLATFORM")]
    return sorted(found, key=lambda platform: platform.name)


def read_staff_channels(listed: str) -> frozenset[str]:
    """The platforms in a list with commas or spaces; `StadtlotseError` names what is none."""
    known = {platform.name for platform in platforms()}
    named = frozenset(listed.lower().replace(",", " ").split())
    for name in sorted(named - known):
        raise StadtlotseError(
            f"STADTLOTSE_STAFF_CHANNELS holds '{name}', which is no platform; name some of: {', '.join(sorted(known))}."
        )
    return named


def platforms_in_use() -> list[Platform]:
    """The platforms that are configured; raises `StadtlotseError` with the first thing wrong with one of them."""
    used = [platform for platform in platforms() if platform.is_on()]
    for platform in used:
        for problem in platform.problems():
            raise StadtlotseError(problem)
    return used
