"""`stadtlotse doctor`: what is configured wrongly or missing, one sentence each."""

import asyncio
import json
import sys
from dataclasses import asdict

from rich.console import Console
from rich.text import Text

from bot.doctor.checks import findings, live_findings
from bot.doctor.finding import Finding
from knowledge.settings import settings

_SIGNS = {"ok": ("ok", "green"), "note": ("note", "yellow"), "wrong": ("wrong", "bold red")}


def doctor(*, live: bool, as_json: bool) -> None:
    """Print every finding, for a person or as JSON; exit code 1 where something is wrong."""
    found = list(findings(settings()))
    if live:
        found += asyncio.run(live_findings())
    if as_json:
        print(json.dumps([asdict(finding) for finding in found], indent=2, ensure_ascii=False))
    else:
        _print(found)
    if any(finding.state == "wrong" for finding in found):
        sys.exit(1)


def _print(found: list[Finding]) -> None:
    console = Console()
    width = max(len(finding.check) for finding in found)
    for finding in found:
        sign, style = _SIGNS[finding.state]
        line = Text(f"{sign:<5} ", style=style) + Text(f"{finding.check:<{width}}  {finding.sentence}", style="default")
        console.print(line, soft_wrap=True)
