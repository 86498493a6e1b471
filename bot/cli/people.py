"""What `stadtlotse privacy` and `purge` do."""

import json
import sys
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path

import typer
from rich.console import Console
from rich.text import Text

from bot import audit
from bot.additions import own_sets
from bot.cli.tables import plain_table
from bot.gateway.pseudonyms import Pseudonyms
from bot.privacy.copies import forget_copy, note, write_private
from bot.privacy.forgetting import Forgotten
from bot.privacy.forgetting import forget as forget_person
from bot.privacy.forgetting import purge as delete_old
from bot.privacy.people import KeptConversation, KeptOfPerson, People
from bot.wording import source_label
from knowledge.errors import StadtlotseError
from knowledge.settings import settings

_TABLES = {
    "turn": "turns",
    "conversation": "conversations",
    "events": "records of the dialogue's memory",
    "event": "platform events",
    "delivery": "platform deliveries",
    "handover": "records of mailed conversations",
    "question": "logged questions",
    "opinion": "feedback",
}


def find(words: str, *, as_json: bool) -> None:
    """Print the conversations that hold these words; exit code 1 where none does."""
    with People(settings()) as people:
        found = people.containing(words)
    if as_json:
        print(json.dumps([{"conversation": one, "at": at.isoformat()} for one, at in found], indent=2))
    elif found:
        console = Console()
        table = plain_table(console, "Conversation", "Last said")
        for one, at in found:
            table.add_row(one, _local(at))
        console.print(table)
    else:
        print("No conversation holds these words.")
    if not found:
        sys.exit(1)


def show(person: str, *, as_json: bool) -> None:
    """Print what is kept of a person."""
    kept = _kept(person)
    audit.record(settings(), "privacy show", person=_hashed(person), conversations=len(kept.conversations))
    if as_json:
        print(kept.model_dump_json(indent=2))
        return
    console = Console(highlight=False)
    for conversation in kept.conversations:
        _print(console, conversation)
    logged = sum(turn.in_question_log for one in kept.conversations for turn in one.turns)
    console.print(
        f"{len(kept.conversations)} conversations, {sum(len(one.turns) for one in kept.conversations)} turns, "
        f"{logged} of them in the question log (which does not name who asked).",
        soft_wrap=True,
    )


def export(person: str, out: Path | None) -> None:
    """Write what is kept of a person to a file."""
    kept = _kept(person)
    chosen = settings()
    stamp = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H-%M-%SZ")
    path = out.expanduser() if out else chosen.exports / f"{stamp}-{_hashed(person)}.json"
    if out and not path.parent.is_dir():
        raise StadtlotseError(f"There is no folder {path.parent}; make it or name another one with --out.")
    try:
        # Noted before it is written: an export that nobody knows of could not be deleted again.
        note(chosen, "export", path, [conversation.id for conversation in kept.conversations])
        write_private(path, kept.model_dump_json(indent=2).encode())
    except OSError as error:
        forget_copy(chosen, path)
        raise StadtlotseError(f"{path} cannot be written ({error.strerror}); name another file with --out.") from error
    audit.record(chosen, "privacy export", person=_hashed(person), conversations=len(kept.conversations))
    print(f"Written to {path}.")


def forget(person: str, *, yes: bool, as_json: bool) -> None:
    """Delete what is kept of a person; exit code 1 where something could not be reached."""
    if not yes:
        if not sys.stdin.isatty() or not sys.stdout.isatty():
            raise StadtlotseError("Forgetting cannot be undone; add --yes to go on without being asked.")
        if not typer.confirm("Delete all that is kept of this person? This cannot be undone."):
            raise StadtlotseError("Nothing was deleted.")
    chosen = settings()
    done = forget_person(chosen, person)
    audit.record(
        chosen,
        "privacy forget",
        person=_hashed(person),
        conversations=done.conversations,
        files=len(done.files),
        unreachable=len(done.unreachable),
        left=len(done.left),
    )
    _tell(done, as_json=as_json, nothing="Nothing is kept of that person.")
    if done.left or done.unreachable:
        sys.exit(1)


def purge(*, as_json: bool) -> None:
    """Delete what is too old."""
    chosen = settings()
    done = delete_old(chosen)
    audit.record(chosen, "purge", records=sum(done.deleted.values()), files=len(done.files))
    _tell(done, as_json=as_json, nothing="Nothing was too old.")


def _tell(done: Forgotten, *, as_json: bool, nothing: str) -> None:
    if as_json:
        print(json.dumps(asdict(done), indent=2, default=str, ensure_ascii=False))
        return
    if not done.deleted and not done.files:
        print(nothing)
    for table, count in done.deleted.items():
        print(f"Deleted: {count} {_TABLES.get(table, table)}")
    for path in done.files:
        print(f"{'Changed' if path.exists() else 'Deleted'}: {path}")
    if own_sets.UTTERANCES in done.deleted:
        print("The dialogue has learnt from an example of theirs; train it anew.")
    for path in done.unreachable:
        print(f"Not reached, because it was moved or is damaged: {path}. Delete it where it is.")
    for trace in done.left:
        print(f"Their words still stand in {trace.path} ({trace.count} times); delete or change it.")


def _kept(person: str) -> KeptOfPerson:
    with People(settings()) as people:
        conversations = people.conversations(person)
        if not conversations:
            raise StadtlotseError(
                "Nothing is kept under that name; name a person by a conversation's id, or by the platform's: "
                "slack:U… or teams:…."
            )
        return people.kept(conversations)


def _print(console: Console, conversation: KeptConversation) -> None:
    console.print(Text(f"Conversation {conversation.id}", style="bold"), soft_wrap=True)
    console.print(
        f"  channel {conversation.channel}, language {conversation.lang}, begun {_local(conversation.begun_at)}, "
        f"{conversation.dialogue_events} records of the dialogue's memory, "
        f"{conversation.platform_records} of the platform",
        soft_wrap=True,
    )
    for turn in conversation.turns:
        console.print()
        console.print(Text(f"  {_local(turn.at)}  {turn.said}", style="bold"), soft_wrap=True)
        for message in turn.answers:
            console.print(Text(f"    {' '.join(message.text.split())}"), soft_wrap=True)
            for citation in message.citations:
                console.print(Text(f"    Source: {source_label(citation, message.lang)}", style="dim"), soft_wrap=True)
        if turn.opinion:
            reasons = ", ".join(sorted(turn.opinion.reasons))
            said = " – ".join(part for part in (turn.opinion.verdict, reasons, turn.opinion.words) if part)
            console.print(Text(f"    Feedback: {said}"), soft_wrap=True)
        if turn.sent_to:
            console.print(Text(f"    Mailed to the office '{turn.sent_to}', where it cannot be deleted from here"))
    console.print()


def _hashed(person: str) -> str:
    """What stands for a person in the audit log: nobody can guess from it who that was, once the key has changed."""
    return Pseudonyms.open(settings().pseudonym_key).name("audit", person)[-12:]


def _local(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")
