"""An attribute is added in one place: nothing but `attributes.yml` and a fact that tells it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from knowledge.settings import PROJECT

ENTRY = """
accessibility:
  de: Barrierefreiheit
  en: Accessibility
  asked by:
  - barrierefrei\\w*
  - accessib\\w*
"""
FACT = """
  - id: VKU-97
    label:
      de: Barrierefreiheit der Angebote
      en: Accessibility of what is offered
    attribute: accessibility
    status: verified
    as_of: "2026-01"
    value:
      de: Alle Angebote des VKU sind barrierefrei nach BITV 2.0.
      en: All that the VKU offers is accessible under BITV 2.0.
    sources:
      - https://example.org/vku
"""


def test_an_attribute_is_asked_for_told_and_compared_after_one_entry(tmp_path: Path, model_folder: Path) -> None:
    for part in ("knowledge", "bot", "actions", "config.yml", "domain.yml"):
        source = PROJECT / part
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, tmp_path / part)
    shutil.copytree(model_folder.parent, tmp_path / "var" / "models", copy_function=os.link)
    with (tmp_path / "knowledge" / "attributes.yml").open("a", encoding="utf-8") as file:
        file.write(ENTRY)
    with (tmp_path / "knowledge" / "programmes" / "vku.yml").open("a", encoding="utf-8") as file:
        file.write(FACT.removeprefix("\n"))

    def stadtlotse(*arguments: str) -> str:
        environment = os.environ | {"PYTHONPATH": str(tmp_path), "STADTLOTSE_VAR": str(tmp_path / "var")}
        command = [sys.executable, "-m", "bot.cli", *arguments]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        return done.stdout

    stadtlotse("index")
    assert "barrierefrei nach BITV 2.0" in stadtlotse("ask", "Wie barrierefrei ist der VKU?")
    assert "Barrierefreiheit" in stadtlotse("ask", "Vergleiche VKU und KTS")
