"""What `stadtlotse retrain` does; the summary goes to standard output, progress to standard error."""

import gc

import typer
from rich.console import Console
from rich.text import Text

from bot import audit
from bot.cli.progress import BuildProgress
from bot.cli.release_diff import diff_lines
from bot.cli.tables import wide_console
from bot.processes.priority import step_behind
from bot.retraining.retraining import Retraining, Wishes, retrain
from bot.retraining.taking_up import was_taken_up
from knowledge.evaluation.outcomes import Change
from knowledge.files.build_lock import BuildRunningError
from knowledge.releases.release import current_release
from knowledge.settings import Settings, settings

REFUSED, BUSY, INTERRUPTED = 3, 4, 130
# Hundreds of thousands of records come and stay, among which Python need hardly ever look for unused ones.
_GARBAGE = (100_000, 100, 100)
_TAKE_UP_SECONDS = 10.0
_SHOWN = 20
_SHOWN_CHANGED = 5
_SOURCES = 3
_LONGEST = 300


def run(wishes: Wishes, *, wait: bool, as_json: bool) -> None:
    """Retrain and print what became of it; exits with `REFUSED` or `BUSY` where it did not go live."""
    step_behind()
    gc.set_threshold(*_GARBAGE)
    chosen, errors = settings(), Console(stderr=True)
    live = current_release(chosen, damaged_is_none=True)

    def waiting(sentence: str) -> None:
        errors.print(Text(sentence), soft_wrap=True)

    try:
        with BuildProgress(errors, live.manifest.seconds if live else {}) as progress:
            if live and live.manifest.seconds.get("total"):
                errors.print(f"The last one took {live.manifest.seconds['total']:.0f} s.", highlight=False)
            found = retrain(chosen, wishes, progress, waiting if wait else None)
    except KeyboardInterrupt as error:
        errors.print("Stopped; the live release is as it was before.")
        raise typer.Exit(INTERRUPTED) from error
    except BuildRunningError as error:
        errors.print(Text(str(error)), soft_wrap=True)
        raise typer.Exit(BUSY) from error
    if found.status != "unchanged":
        _record(chosen, found)
    taken_up = (
        was_taken_up(chosen, found.release, _TAKE_UP_SECONDS) if found.status == "live" and found.release else None
    )
    if as_json:
        print(found.model_dump_json(indent=2))
    else:
        _print(wide_console(), found, taken_up)
    if found.status == "refused":
        raise typer.Exit(REFUSED)


def _record(chosen: Settings, found: Retraining) -> None:
    comparison = found.comparison
    audit.record(
        chosen,
        "retrain",
        outcome=found.status,
        release=found.release,
        before=found.base,
        forced=found.forced,
        worse=len(comparison.worse) if comparison else 0,
        better=len(comparison.better) if comparison else 0,
        broken=found.broken_floors,
        pruned=found.pruned,
    )


def _print(console: Console, found: Retraining, taken_up: bool | None) -> None:
    if found.status == "unchanged":
        _say(console, f"Nothing changed since release {found.release}; it stays live.")
        return
    for line in diff_lines(found.diff) if found.diff else ():
        _say(console, line)
    if found.comparison is not None:
        _print_changes(console, "Worse", "red", found.comparison.worse, _SHOWN)
        _print_changes(console, "Better", "green", found.comparison.better, _SHOWN)
        _print_changes(console, "Other words or sources", "", found.comparison.changed, _SHOWN_CHANGED)
        _say(console, _figures(found))
        _print_own(console, found)
    for floor in found.broken_floors:
        _say(console, floor, "red")
    if found.status == "refused":
        _say(console, "It did not go live; the live release stays as it is.", "bold")
        _say(console, "Mend the documents and retrain, or take it live with: stadtlotse retrain --force 'why'")
    else:
        _print_live(console, found, taken_up)


def _print_live(console: Console, found: Retraining, taken_up: bool | None) -> None:
    reason = f", by force: {found.forced}" if found.forced else ""
    _say(console, f"Release {found.release} is live after {found.seconds['total']:.1f} s{reason}.", "bold")
    if taken_up:
        _say(console, "The running bot answers from it.")
    elif taken_up is False:
        _say(console, "The running bot has not taken it up yet; var/logs/actions.log may say why.", "yellow")
    if found.diff is not None and found.diff.dialogue and taken_up is not None:
        _say(console, "It goes over to the new dialogue as soon as a second Rasa is ready.")
    if found.base:
        _say(console, f"To go back: stadtlotse rollback {found.base}")
    if found.pruned:
        _say(console, f"Deleted {len(found.pruned)} old releases; 'stadtlotse releases pin' keeps one.")


def _say(console: Console, line: str, style: str = "") -> None:
    console.print(Text(line, style=style), soft_wrap=True)


def _figures(found: Retraining) -> str:
    comparison = found.comparison
    right = f"{100 * found.accuracy:.1f} %" if found.accuracy is not None else "nothing"
    if comparison is None or found.accuracy_before is None:
        return f"Questions answered right: {right}; there was nothing to compare with."
    return (
        f"Questions answered right: {right}, before {100 * found.accuracy_before:.1f} %."
        f" {len(comparison.better)} better, {len(comparison.worse)} worse, {len(comparison.changed)} in other words,"
        f" {comparison.same} the same."
    )


def _print_own(console: Console, found: Retraining) -> None:
    """How the operator's own questions fare, in full where they are not answered right: nobody else looks at them."""
    if not found.own_asked:
        return
    right = found.own_asked - len(found.own_wrong)
    _say(console, f"Of your own questions {right} of {found.own_asked} are answered right.")
    for one in found.own_wrong[:_SHOWN]:
        asked = f"{one.id}  {' / '.join([*one.dialog, one.question])}"
        _say(console, f"{asked}\n   now:    {_short(one.said)}\n   wrong:  {one.reason or '–'}", "yellow")


def _print_changes(console: Console, heading: str, style: str, changes: list[Change], shown: int) -> None:
    if not changes:
        return
    console.print(Text(f"{heading} ({len(changes)})", style=f"bold {style}".strip()))
    for one in changes[:shown]:
        lines = [f"{one.id}  {' / '.join([*one.dialog, one.question])}"]
        if one.before != one.after:
            lines.append(f"   before: {_short(one.before)}")
            lines.append(f"   now:    {_short(one.after)}")
        elif one.citations_before:
            lines.append(f"   before: {'; '.join(one.citations_before[:_SOURCES])}")
        if one.citations:
            lines.append(f"   from:   {'; '.join(one.citations[:_SOURCES])}")
        if one.reason:
            lines.append(f"   wrong:  {one.reason}")
        console.print(Text("\n".join(lines)), soft_wrap=True)
    if len(changes) > shown:
        console.print(Text(f"… and {len(changes) - shown} more; --json and 'stadtlotse releases show' name all."))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]} …"
