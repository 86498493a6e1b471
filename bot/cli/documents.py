"""`stadtlotse documents`: your own documents in the bot's library. Imports what is heavy where it is needed."""

from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="Put your own documents into the library; 'stadtlotse retrain' then takes them live.", no_args_is_help=True
)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would become of it.")]


class GroupName(str, Enum):
    """Who may read a document."""

    public = "public"
    internal = "internal"


@app.command()
def add(
    sources: Annotated[
        list[str], typer.Argument(metavar="SOURCE…", help="Files, folders, or web addresses on hosts that are allowed.")
    ],
    into: Annotated[str, typer.Option(metavar="FOLDER", help="Folder in the library to put them in.")] = "",
    title: Annotated[str | None, typer.Option(help="Its title, where the file shows a wrong one.")] = None,
    stand: Annotated[str | None, typer.Option(help="Its date ('Stand'), such as 2024-05-01 or 'Mai 2024'.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Who published it.")] = None,
    group: Annotated[GroupName, typer.Option(help="Who may read it.")] = GroupName.public,
    valid_until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day it holds; then it is set aside.")
    ] = None,
    pages: Annotated[int, typer.Option(min=1, help="Of a web address, so many pages below it at most.")] = 1,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Read documents and copy them into the library. What cannot be read is named and not taken.

    Of files that are the same one is taken: the newest by its Stand, then by format, then by name. What is marked as
    internal, or lists people, is taken with a hint; everybody may read it unless you give --group internal.

    Web addresses need STADTLOTSE_DOCUMENT_HOSTS to name their host. Ends with 1 where a file could not be read.

    Example: stadtlotse documents add ~/richtlinien flyer.pdf --stand 2024-05-01 --dry-run
    """
    from bot.cli.stock import add

    said = {"title": title, "stand": stand, "publisher": publisher, "group": group.value}
    notes = said | {"valid_until": valid_until.date() if valid_until else None}
    add(sources, into=into, said=notes, pages=pages, dry_run=dry_run, as_json=as_json)


@app.command()
def remove(
    names: Annotated[
        list[str], typer.Argument(metavar="NAME…", help="Documents or folders, as 'documents list' names them.")
    ],
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Take documents out of the library. The live release keeps them until the next retraining.

    Example: stadtlotse documents remove richtlinien/2019 flyer.pdf
    """
    from bot.cli.stock import remove

    remove(names, dry_run=dry_run, as_json=as_json)


@app.command()
def watch(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder outside of STADTLOTSE_VAR.")],
    stop: Annotated[bool, typer.Option("--stop", help="Watch it no more.")] = False,
) -> None:
    """Read a folder where it lies, as it is at each retraining: what comes, changes or goes there is taken over then.

    Let the system retrain by the clock, such as with cron: 0 3 * * * stadtlotse retrain

    Example: stadtlotse documents watch /mnt/ablage/smart-city
    """
    from bot.cli.stock import watch_folder

    watch_folder(folder, stop=stop)


@app.command("list")
def list_documents(as_json: AsJson = False) -> None:
    """List the documents of the library with title, Stand, group and whether they are live.

    Example: stadtlotse documents list
    """
    from bot.cli.holdings import list_documents

    list_documents(as_json)


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A document of the library, or a file to try.")],
    passages: Annotated[int, typer.Option(min=0, help="Show so many passages; 0 shows all.")] = 10,
    as_json: AsJson = False,
) -> None:
    """Show how a document was read: title, Stand, and its passages with pages and headings.

    Example: stadtlotse documents show flyer.pdf --passages 0
    """
    from bot.cli.holdings import show

    show(name, passages, Path(name).expanduser(), as_json=as_json)


@app.command()
def check(as_json: AsJson = False) -> None:
    """Name documents worth a look: outdated, undated, not read, hardly any text, internal, there twice, contradicting.

    Contradictions are looked for in one thing alone: other rates, sums or deadlines of a programme that has a fact
    sheet than the sheet or another document gives. Whatever else contradicts each other is not found.

    Ends with 1 where one is not read.

    Example: stadtlotse documents check
    """
    from bot.cli.holdings import check

    check(as_json)
