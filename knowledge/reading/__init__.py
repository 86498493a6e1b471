"""Reading files of any office format into titled blocks of text."""

from knowledge.reading.blocks import Block, Heading, Paragraph, ReadFile, Table
from knowledge.reading.files import read_file
from knowledge.reading.opening import Unreadable
from knowledge.reading.pipe import ReadResult
from knowledge.reading.reader import Reader, read_files

__all__ = [
    "Block",
    "Heading",
    "Paragraph",
    "ReadFile",
    "ReadResult",
    "Reader",
    "Table",
    "Unreadable",
    "read_file",
    "read_files",
]
