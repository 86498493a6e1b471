"""All releases of an installation: finding one, going back to it, keeping it, deleting old ones."""

import shutil

from knowledge.encoding.model_name import model_id
from knowledge.errors import StadtlotseError
from knowledge.releases.release import PINNED, REMOVED, Release, activate, current_release, open_release, write_durably
from knowledge.settings import Settings


def all_releases(settings: Settings) -> list[Release]:
    """Every release that can be opened, the newest first."""
    found: list[Release] = []
    for path in sorted(settings.releases.glob("[!.]*"), reverse=True):
        try:
            found.append(Release(path))
        except StadtlotseError:
            continue
    return found


def unreadable_releases(settings: Settings) -> list[str]:
    """Names of the releases whose manifest is damaged, the newest first."""
    known = {release.path.name for release in all_releases(settings)}
    return [path.name for path in sorted(settings.releases.glob("[!.]*"), reverse=True) if path.name not in known]


def find_release(settings: Settings, name: str) -> Release:
    """The release of an id, or of the beginning of one; 'current' is the one that answers.

    Raises `StadtlotseError` where there is none, more than one, or it is damaged.
    """
    if name == "current":
        return open_release(settings)
    found = [path for path in settings.releases.glob("[!.]*") if path.name.startswith(name)] if name else []
    exact = [path for path in found if path.name == name] or found
    if not exact:
        raise StadtlotseError(f"There is no release {name}; 'stadtlotse releases list' names them.")
    if len(exact) > 1:
        raise StadtlotseError(f"{len(exact)} releases begin with {name}; give more of the name.")
    return Release(exact[0])


def release_before(settings: Settings, release: Release) -> Release:
    """The release that was live before one; raises `StadtlotseError` where there is none any more."""
    others = {one.id: one for one in all_releases(settings) if one.id != release.id}
    if release.manifest.base in others:
        return others[release.manifest.base]
    older = sorted(name for name in others if name < release.id)
    if not older:
        raise StadtlotseError(f"There is no release before {release.id}; 'stadtlotse releases list' names all.")
    return others[older[-1]]


def go_back(settings: Settings, release: Release) -> None:
    """Make an earlier release the current one; its files are checked first.

    Raises `StadtlotseError` where it is damaged or cannot answer with the model that is set.
    """
    if damage := release.damage():
        raise StadtlotseError(
            f"Release {release.id} is damaged and does not go live: {', '.join(damage[:3])}"
            f"{' …' if len(damage) > 3 else ''}. The live release stays as it is; choose another one."
        )
    knowledge, model = release.manifest.knowledge, model_id(settings)
    if knowledge is None or release.manifest.dialogue is None:
        missing = "dialogue" if knowledge else "index"
        raise StadtlotseError(f"Release {release.id} has no {missing} and cannot answer; choose another one.")
    if knowledge.embedding_model != model:
        raise StadtlotseError(
            f"Release {release.id} was built with the model {knowledge.embedding_model}, but {model} is set;"
            " set STADTLOTSE_EMBEDDING_MODEL to that one or choose another release."
        )
    activate(settings, release.path)


def pin(release: Release, note: str) -> None:
    """Keep a release for good, with a note why."""
    write_durably(release.path / PINNED, note)


def unpin(release: Release) -> None:
    """Let a release be deleted when its time comes."""
    (release.path / PINNED).unlink(missing_ok=True)


def pin_note(release: Release) -> str | None:
    """Why a release is kept for good; None where it is not."""
    try:
        return (release.path / PINNED).read_text(encoding="utf-8")
    except OSError:
        return None


def superfluous(settings: Settings, keep: int) -> list[Release]:
    """The releases that may be deleted, the newest first.

    Not among them are the live one, the one before it, the pinned ones, and of the others the `keep` newest.
    """
    live = current_release(settings, damaged_is_none=True)
    held = {live.id, live.manifest.base} if live else set()
    others = [one for one in all_releases(settings) if one.id not in held and not one.is_pinned]
    return others[keep:] if live else []


def remove_release(release: Release) -> None:
    """Delete a release. What another one shares with it stays there."""
    gone = release.path.with_name(f"{REMOVED}{release.path.name}")
    release.path.rename(gone)  # in one step: a half deleted release would look like a damaged one
    shutil.rmtree(gone, ignore_errors=True)
