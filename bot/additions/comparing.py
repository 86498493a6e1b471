"""Documents of the library that contradict each other or a fact sheet."""

from collections.abc import Collection as Container
from collections.abc import Iterator, Sequence

from knowledge.indexing.collection import Collection
from knowledge.indexing.contradictions import Claim, claims, contradictions
from knowledge.indexing.prepared import Prepared
from knowledge.indexing.stock import expired, programmes_folder
from knowledge.recognition.attributes import attribute_name
from knowledge.recognition.names import Names
from knowledge.settings import Settings
from knowledge.sheet_files import read_fact_sheet, sheet_files

_LONGEST = 120


def contradicting(
    settings: Settings, read: Sequence[tuple[str, Prepared]], left_out: Container[str]
) -> Iterator[tuple[str, str]]:
    """The documents that give another value than another one or a fact sheet, each with a sentence about it.

    `read` are files with what was read of each. Those `left_out` answer nobody, and are not compared; no more are those
    that do not hold any more.
    """
    files = sheet_files(programmes_folder(settings))
    sheets = Collection.of_sheets({path: sheet for path in files if (sheet := read_fact_sheet(path)[0]) is not None})
    names = Names(sheets.sheets)
    paths = {document.id: document.path for document in sheets.documents}
    found = [
        one
        for document, path in paths.items()
        for one in claims(path, [each for each in sheets.passages if each.document_id == document], names)
    ]
    silent = {*left_out, *expired(settings)}
    for name, prepared in read:
        if name not in silent:
            found += claims(name, prepared.passages, names)
    known, told = {name for name, _ in read}, set()
    for pair in contradictions(found):
        for one, other in (pair, pair[::-1]):
            # A fact sheet says the same in both languages.
            key = (one.document, other.document, one.programme, one.attribute, min(one.values))
            if one.document in known and key not in told:
                told.add(key)
                yield one.document, _sentence(one, other)


def _sentence(one: Claim, other: Claim) -> str:
    what = attribute_name(one.attribute, "en")
    said = " ".join(one.sentence.split())
    said = said if len(said) <= _LONGEST else f"{said[:_LONGEST]} …"
    return (
        f"{what} of {one.programme}: it says {_listed(one)}, but {other.document} says {_listed(other)} (“{said}”);"
        " which holds?"
    )


def _listed(claim: Claim) -> str:
    return " and ".join(f"{int(one):,} €" if one.isdigit() else one for one in sorted(claim.values))
