"""What `stadtlotse releases` does."""

import json
from typing import Any

from rich.console import Console
from rich.text import Text

from bot import audit
from bot.cli.release_diff import diff_lines
from bot.cli.tables import counted, plain_table, wide_console
from knowledge.evaluation.outcomes import compare, read_evaluation
from knowledge.files.build_lock import sole_builder
from knowledge.files.disk import writing_to
from knowledge.releases.release import Release, current_release
from knowledge.releases.release_diff import release_diff
from knowledge.releases.releases import (
    all_releases,
    find_release,
    pin_note,
    remove_release,
    superfluous,
    unpin,
    unreadable_releases,
)
from knowledge.releases.releases import pin as pin_release
from knowledge.settings import settings


def list_releases(as_json: bool) -> None:
    """Print all releases, the newest first."""
    chosen = settings()
    live = current_release(chosen, damaged_is_none=True)
    rows = [_row(one, live) for one in all_releases(chosen)]
    damaged = unreadable_releases(chosen)
    if as_json:
        print(json.dumps({"releases": rows, "damaged": damaged}, indent=2, ensure_ascii=False))
        return
    console = wide_console()
    if not rows:
        console.print(
            Text(f"Nothing is built in {chosen.var} yet; run 'stadtlotse retrain' or 'make run'."), soft_wrap=True
        )
    else:
        table = plain_table(console, "Release", "Live", "Documents", "Passages", "Right", "Dialogue", "Remarks")
        for row in rows:
            right = "–" if row["accuracy"] is None else f"{100 * row['accuracy']:.1f} %"
            table.add_row(
                *(row["id"], "live" if row["live"] else "", str(row["documents"]), str(row["passages"]), right),
                *(row["dialogue"] or "–", _remarks(row)),
            )
        console.print(table)
    for name in damaged:
        console.print(
            Text(f"{name}: its manifest is damaged; delete the folder {chosen.releases / name}."), soft_wrap=True
        )


def show(name: str, as_json: bool) -> None:
    """Print one release in full."""
    chosen = settings()
    release, live = find_release(chosen, name), current_release(chosen, damaged_is_none=True)
    evaluation, damage = read_evaluation(release), release.damage()
    if as_json:
        found = _row(release, live) | {
            "manifest": release.manifest.model_dump(mode="json"),
            "damage": damage,
            "evaluation": evaluation.model_dump(mode="json") if evaluation else None,
        }
        print(json.dumps(found, indent=2, ensure_ascii=False))
        return
    console, manifest = wide_console(), release.manifest
    table = plain_table(console, "What", "Value")
    table.add_row("Release", release.id)
    table.add_row("Live", "yes" if live is not None and live.id == release.id else "no")
    table.add_row("Built", manifest.built_at.astimezone().isoformat(sep=" ", timespec="seconds"))
    table.add_row("By version", manifest.version)
    table.add_row("After", manifest.base or "–")
    if manifest.knowledge is not None:
        known = manifest.knowledge
        table.add_row(
            "Documents",
            f"{known.documents}, {counted(known.passages, 'passage')}, {counted(known.fact_sheets, 'fact sheet')}",
        )
        table.add_row("Folders", "\n".join(known.folders))
        table.add_row("Set aside", "\n".join(f"{one.path}: {one.reason}" for one in known.set_aside) or "–")
        table.add_row("Embedding model", known.embedding_model)
    table.add_row("Dialogue", manifest.dialogue.fingerprint[:12] if manifest.dialogue else "–")
    if evaluation is not None:
        table.add_row("Answered right", f"{evaluation.right} of {evaluation.questions}")
        wrong = [one.id for one in evaluation.outcomes if not one.right]
        table.add_row("Answered wrong", ", ".join(wrong) or "–")
    if manifest.forced is not None:
        table.add_row(
            "By force", f"{manifest.forced.reason} (breaks {', '.join(manifest.forced.broken) or 'no question'})"
        )
    if (note := pin_note(release)) is not None:
        table.add_row("Pinned", note or "yes")
    table.add_row("Files", "as they were built" if not damage else "\n".join(damage))
    console.print(table)


def diff(before: str, after: str, as_json: bool) -> None:
    """Print how two releases differ, their answers to known questions too where both were asked."""
    chosen = settings()
    old, new = find_release(chosen, before), find_release(chosen, after)
    found = release_diff(old, new)
    evaluations = read_evaluation(old), read_evaluation(new)
    comparison = None
    if evaluations[0] and evaluations[1]:
        comparison = compare(evaluations[0].outcomes, evaluations[1].outcomes, old.id)
    if as_json:
        answers = comparison.model_dump(mode="json") if comparison else None
        print(json.dumps(found.model_dump(mode="json") | {"answers": answers}, indent=2, ensure_ascii=False))
        return
    console = wide_console()
    console.print(Text(f"{old.id} → {new.id}"), soft_wrap=True)
    lines = list(diff_lines(found))
    for title, changes in (("better", comparison.better), ("worse", comparison.worse)) if comparison else ():
        if changes:
            lines.append(f"Answered {title} ({len(changes)}): {', '.join(one.id for one in changes)}")
    for line in lines or ["They hold the same."]:
        console.print(Text(line), soft_wrap=True)


def pin(name: str, note: str, *, remove: bool) -> None:
    """Keep a release for good, or not any more."""
    chosen = settings()
    with writing_to(chosen.var):
        release = find_release(chosen, name)
        unpin(release) if remove else pin_release(release, note)
    audit.record(chosen, "releases pin", release=release.id, removed=remove, note=note)
    said = "is not pinned any more" if remove else "is kept for good"
    wide_console().print(Text(f"Release {release.id} {said}."), soft_wrap=True)


def prune(keep: int | None, *, dry_run: bool, as_json: bool) -> None:
    """Delete old releases."""
    chosen = settings()
    with writing_to(chosen.var), sole_builder(chosen, lambda said: Console(stderr=True).print(Text(said))):
        found = superfluous(chosen, chosen.kept_releases if keep is None else keep)
        for release in () if dry_run else found:
            remove_release(release)
    if found and not dry_run:
        audit.record(chosen, "releases prune", deleted=[one.id for one in found])
    if as_json:
        print(json.dumps({"deleted": [] if dry_run else [one.id for one in found], "found": [one.id for one in found]}))
        return
    console = wide_console()
    for release in found:
        console.print(Text(f"{'Would delete' if dry_run else 'Deleted'} {release.id}"), soft_wrap=True)
    if not found:
        console.print("There is nothing to delete.")


def _row(release: Release, live: Release | None) -> dict[str, Any]:
    manifest, evaluation = release.manifest, read_evaluation(release)
    return {
        "id": release.id,
        "live": live is not None and live.id == release.id,
        "built_at": manifest.built_at.isoformat(timespec="seconds"),
        "documents": manifest.knowledge.documents if manifest.knowledge else 0,
        "passages": manifest.knowledge.passages if manifest.knowledge else 0,
        "accuracy": evaluation.accuracy if evaluation else None,
        "dialogue": manifest.dialogue.fingerprint[:8] if manifest.dialogue else None,
        "pinned": pin_note(release),
        "forced": manifest.forced.reason if manifest.forced else None,
    }


def _remarks(row: dict[str, Any]) -> str:
    pinned = None if row["pinned"] is None else f"pinned: {row['pinned']}" if row["pinned"] else "pinned"
    forced = f"forced: {row['forced']}" if row["forced"] else None
    return "; ".join(part for part in (pinned, forced) if part)
