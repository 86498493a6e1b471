"""`stadtlotse backup` and `restore`."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import typer

from bot import audit
from bot.backup.backup import make
from bot.backup.backup import restore as bring_back
from knowledge.errors import StadtlotseError
from knowledge.settings import settings


def backup(target: Path, *, as_json: bool) -> None:
    """Write a backup and say what is in it."""
    chosen = settings()
    if target.resolve().is_relative_to(chosen.var.resolve()):
        raise StadtlotseError(f"{target} lies in {chosen.var}, which it is to save; name a file outside of it.")
    replaced = target.exists()
    made = make(chosen, target)
    audit.record(chosen, "backup", files=made.files, bytes=made.size)
    if as_json:
        print(json.dumps(asdict(made), indent=2, default=str, ensure_ascii=False))
        return
    written = "Written anew" if replaced else "Written"
    print(f"{written} to {made.path}: {made.files} files, {made.releases} releases, {made.size / 1e6:.1f} MB.")
    for folder in made.folders:
        print(f"The documents in {folder} are in it.")


def restore(source: Path, *, yes: bool, as_json: bool) -> None:
    """Bring a backup back."""
    chosen = settings()
    if not source.is_file():
        raise StadtlotseError(f"There is no file {source}; name a backup.")
    if not yes and (chosen.state.exists() or chosen.releases.exists()):
        if not sys.stdin.isatty() or not sys.stdout.isatty():
            raise StadtlotseError(f"{chosen.var} is not empty; add --yes to replace what is there without being asked.")
        if not typer.confirm(f"Replace what is in {chosen.var}?"):
            raise StadtlotseError("Nothing was changed.")
    done = bring_back(chosen, source)
    audit.record(chosen, "restore", made_at=done.made_at, files=done.files, release=done.release)
    if as_json:
        print(json.dumps(asdict(done), indent=2, ensure_ascii=False))
        return
    print(f"Restored {done.files} files of the backup from {done.made_at} ({done.made_by}).")
    print(f"Release: {done.release}" if done.release else "No release was in it; run 'make run' to build one.")
    if done.forgotten_again:
        print(f"Forgotten again: {done.forgotten_again} conversations that had been forgotten since.")
    if done.too_old:
        print(f"Deleted: {done.too_old} records that were too old.")
    print("Start the bot with 'stadtlotse serve'.")
