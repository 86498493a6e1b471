"""What stands on pages only because they are pages: running heads and feet, page numbers, tables of contents."""

import re

_LEADERS = re.compile(r"\.{4,}|(?:\. ){4,}|…{2,}|(?:_ ?){8,}")
_PAGE_NUMBER = re.compile(r"^(?:[-–] ?)?(?:(?:Seite|Page|S\.)\s*)?\d{1,4}(?:\s*(?:/|von|of)\s*\d{1,4})?(?: ?[-–])?$")
_SAYS_PAGE = re.compile(r"\b(?:Seite|Page|S\.) ?(\d{1,4})\b")
_EDGE_LINES = 3
# Heads that change with the chapter stand on that many pages in a row.
_CHAPTER_PAGES = 4


def _shape(line: str) -> str:
    return re.sub(r"\d+", "#", line)


def _at_edge(place: int, count: int) -> bool:
    edge = min(_EDGE_LINES, max(1, count // 4))
    return place < edge or place >= count - edge


def running_lines(pages: dict[int, list[str]]) -> set[str]:
    """Shapes of lines that stand at the edge of half of the pages, the same or counting with them: heads and feet.

    Three pages must have them; two will do where the line says which page it is ('Vorlage 17 – Seite 2').
    """
    seen: dict[str, dict[int, str]] = {}
    outermost: dict[str, set[int]] = {}
    for number, page in pages.items():
        for place, line in enumerate(page):
            if _at_edge(place, len(page)):
                seen.setdefault(_shape(line), {})[number] = line
            if place in (0, len(page) - 1):
                outermost.setdefault(_shape(line), set()).add(number)
    often = max(3, len(pages) / 2)
    chapters = {shape for shape, numbers in outermost.items() if _in_a_row(numbers) >= _CHAPTER_PAGES}
    numbered = {
        shape for shape, lines in seen.items() if len(lines) > 1 and all(map(_says_page, lines, lines.values()))
    }
    frequent = {shape for shape, lines in seen.items() if len(lines) >= often or shape in chapters}
    return {shape for shape in frequent | numbered if _runs(seen[shape])}


def _says_page(number: int, line: str) -> bool:
    return (found := _SAYS_PAGE.search(line)) is not None and int(found[1]) == number


def _in_a_row(numbers: set[int]) -> int:
    """How many pages follow each other without a gap."""
    longest = 0
    for number in numbers:
        if number - 1 not in numbers:
            length = 1
            while number + length in numbers:
                length += 1
            longest = max(longest, length)
    return longest


def _runs(lines: dict[int, str]) -> bool:
    """Whether lines of one shape are all the same or differ by the page's number alone."""
    if len(set(lines.values())) == 1:
        return True
    counted = [[int(figure) - number for figure in re.findall(r"\d+", line)] for number, line in lines.items()]
    return any(len(set(offsets)) == 1 for offsets in zip(*counted, strict=True))


def is_running(line: str, place: int, count: int, running: set[str]) -> bool:
    """Whether a page's line, given its place among the page's `count` lines, is a head or foot."""
    return _at_edge(place, count) and _shape(line) in running


def is_furniture(line: str, place: int, count: int, running: set[str]) -> bool:
    """Whether a page's line, given its place among the page's `count` lines, belongs to no text."""
    if _LEADERS.search(line):
        return True
    return is_running(line, place, count, running) or (_at_edge(place, count) and bool(_PAGE_NUMBER.match(line)))
