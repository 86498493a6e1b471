"""What `stadtlotse rollback` does; imports little, because people wait for it."""

import json
import time

from rich.text import Text

from bot import audit
from bot.cli.tables import wide_console
from bot.retraining import holds
from bot.retraining.building import folders_in_use
from bot.retraining.taking_up import was_taken_up
from knowledge.errors import StadtlotseError
from knowledge.files.disk import writing_to
from knowledge.releases.release import DIALOGUE_MODEL, current_release
from knowledge.releases.releases import find_release, go_back, release_before
from knowledge.settings import settings

_TAKE_UP_SECONDS = 5.0


def rollback(name: str | None, as_json: bool) -> None:
    """Make an earlier release the live one, the one before without a name, and say what the running bot does of it."""
    chosen, began = settings(), time.monotonic()
    live = current_release(chosen, damaged_is_none=True)
    if name is not None:
        target = find_release(chosen, name)
    elif live is not None:
        target = release_before(chosen, live)
    elif not chosen.current_release.is_symlink():
        raise StadtlotseError(f"Nothing is built in {chosen.var} yet; run 'stadtlotse retrain' or 'make run' first.")
    else:
        raise StadtlotseError("The live release is damaged; name the one to go back to ('stadtlotse releases list').")
    is_live = live is not None and live.id == target.id
    if not is_live:
        folders = folders_in_use(chosen)
        with writing_to(chosen.var):
            go_back(chosen, target)
            holds.hold(chosen, folders, f"Release {target.id} was gone back to.")
        audit.record(chosen, "rollback", release=target.id, before=live.id if live else None)
    taken_up = was_taken_up(chosen, target.id, _TAKE_UP_SECONDS)
    switches = live is not None and live.manifest.files.get(DIALOGUE_MODEL) != target.manifest.files.get(DIALOGUE_MODEL)
    seconds = time.monotonic() - began
    if as_json:
        found = {"release": target.id, "before": live.id if live else None, "changed": not is_live}
        print(json.dumps(found | {"taken_up": taken_up, "dialogue_changes": switches, "seconds": round(seconds, 2)}))
        return
    console = wide_console()
    if is_live:
        console.print(Text(f"Release {target.id} is live already."), soft_wrap=True)
        return
    was = f" in place of {live.id}" if live else ""
    console.print(Text(f"Release {target.id} is live{was}, after {seconds:.1f} s."), soft_wrap=True)
    if taken_up is False:
        console.print("The running bot has not taken it up yet; var/logs/actions.log says why.", soft_wrap=True)
    if switches and taken_up is not None:
        console.print(
            "Its dialogue differs: the running bot goes over as soon as a second Rasa is ready.", soft_wrap=True
        )
    console.print("It stays live until the next 'stadtlotse retrain'.", soft_wrap=True)
