"""Imports run one way: the architecture that the folders show is the one that holds."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from knowledge.indexing.sources import INDEX_PACKAGES
from knowledge.settings import PROJECT


def imported(path: Path) -> set[str]:
    """The modules of ours that a file names in its imports, those inside functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return {name for name in found if name.split(".")[0] in ("bot", "knowledge", "actions")}


def part_of(path: Path) -> str:
    """A file's package below `knowledge`, or its own name where it lies in none."""
    return path.relative_to(PROJECT / "knowledge").parts[0].removesuffix(".py")


def parts() -> dict[str, set[str]]:
    """Which packages and modules of `knowledge` each of them imports."""
    files = list((PROJECT / "knowledge").rglob("*.py"))
    known = {part_of(path) for path in files}
    graph: dict[str, set[str]] = {part: set() for part in known}
    for path in files:
        names = {name.split(".")[1] for name in imported(path) if name.startswith("knowledge.")}
        graph[part_of(path)] |= names & known - {part_of(path)}
    return graph


@pytest.mark.parametrize(
    ("package", "others"), [("knowledge", {"bot", "actions"}), ("actions", {"bot"}), ("bot", {"actions"})]
)
def test_packages_meet_in_knowledge_only(package: str, others: set[str]) -> None:
    used = {path: {name.split(".")[0] for name in imported(path)} for path in (PROJECT / package).rglob("*.py")}
    assert used
    assert not [path for path, packages in used.items() if packages & others]


def test_no_package_of_knowledge_needs_one_that_needs_it() -> None:
    order = list(TopologicalSorter(parts()).static_order())
    assert order.index("linguistics") < order.index("indexing") < order.index("retrieval") < order.index("answering")


def test_an_index_depends_on_no_more_than_its_fingerprint_covers() -> None:
    graph = parts()
    modules = {part for part in graph if (PROJECT / "knowledge" / f"{part}.py").is_file()}
    assert set().union(*(graph[package] for package in INDEX_PACKAGES)) <= modules | set(INDEX_PACKAGES)
