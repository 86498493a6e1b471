"""Which action answers which intent, as the rules in bot/data say."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from knowledge.settings import PROJECT

_RULES = PROJECT / "bot" / "data" / "rules"


@lru_cache(maxsize=1)
def routes(folder: Path = _RULES) -> Mapping[str, str]:
    """The action by the intent, of the rules that hold at any time and need one step."""
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.yml")):
        for rule in YAML(typ="safe").load(path.read_text(encoding="utf-8")).get("rules") or []:
            if not rule.get("condition") and (route := _route(rule.get("steps") or [])):
                found.setdefault(*route)
    return found


def _route(steps: list[dict[str, Any]]) -> tuple[str, str] | None:
    match steps[:2]:
        case [{"intent": str(intent)}, {"action": str(action)}]:
            return intent, action
        case _:
            return None
