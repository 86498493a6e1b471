"""`stadtlotse rollback` is quick: it is what an admin runs while people read wrong answers."""

import json
import os
import subprocess
import sys
from pathlib import Path

from knowledge.settings import PROJECT, Settings
from tests.unit.knowledge.releases.test_releases import build, live

_HEAVY = ("numpy", "faiss", "openvino", "pypdfium2", "kreuzberg", "jinja2", "rasa", "aiohttp")


def test_going_back_loads_no_heavy_library(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path / "var", embedding_model="")
    first, _ = build(settings, "eins"), build(settings, "zwei")
    program = (
        "import sys\nfrom bot.cli import app\napp(['rollback', '--json'], standalone_mode=False)\n"
        f"print([name for name in {_HEAVY} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"STADTLOTSE_VAR": str(settings.var), "STADTLOTSE_ACTIONS_PORT": "1"},
        cwd=PROJECT,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    said, loaded = done.stdout.splitlines()
    assert json.loads(said)["release"] == first == live(settings)
    assert loaded == "[]"
