"""`stadtlotse status`: what is built, and what runs."""

import asyncio
import json
from typing import Any

from rich.console import Console

from bot.cli.tables import plain_table
from bot.processes import parts
from bot.processes.dialogue_port import dialogue_port
from bot.retraining import building
from knowledge.releases.release import current_release
from knowledge.settings import Settings, settings


def status(as_json: bool) -> None:
    """Print the current release and the state of each part, for a person or as JSON."""
    chosen = settings()
    found = _release(chosen) | asyncio.run(_parts(chosen))
    if as_json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
        return
    console = Console()
    table = plain_table(console, "What", "State")
    for name, value in found.items():
        for part, state in value.items() if isinstance(value, dict) else [(name, value)]:
            table.add_row(part.replace("_", " "), _words(state))
    console.print(table)


def _release(chosen: Settings) -> dict[str, Any]:
    release = current_release(chosen)
    if release is None:
        return {"release": None}
    manifest = release.manifest
    found: dict[str, Any] = {"release": manifest.id, "built_at": manifest.built_at.isoformat(timespec="seconds")}
    if manifest.knowledge is not None:
        found["knowledge"] = manifest.knowledge.model_dump(
            include={"folders", "embedding_model", "fact_sheets", "facts", "documents", "passages"}
        ) | {
            "vector_index": f"{manifest.knowledge.vector_index}, {manifest.knowledge.passages:,} passages",
            "set_aside": len(manifest.knowledge.set_aside),
            "knowledge_is_stale": building.stale_knowledge(chosen, building.folders_in_use(chosen)),
        }
    if manifest.dialogue is not None:
        found["dialogue"] = {
            "dialogue_model": manifest.dialogue.fingerprint[:12],
            "dialogue_is_stale": building.stale_dialogue(chosen),
        }
    return found


async def _parts(chosen: Settings) -> dict[str, Any]:
    places = parts.listening(chosen.model_copy(update={"rasa_port": dialogue_port(chosen)}))
    are_listening = await asyncio.gather(*(parts.is_listening(host, port) for host, port, _ in places.values()))
    running = {f"{name}_runs": is_listening for name, is_listening in zip(places, are_listening, strict=True)}
    return {"parts": running, "ready": await parts.is_ready(chosen)}


def _words(state: Any) -> str:
    if isinstance(state, bool):
        return "yes" if state else "no"
    if isinstance(state, list):
        return "\n".join(map(str, state))
    return "nothing is built yet" if state is None else str(state)
