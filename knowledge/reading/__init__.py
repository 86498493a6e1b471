"""Reading files of any office format into titled blocks of text."""

from knowledge.reading.blocks import Block, Heading, Paragraph, ReadFile, Table
from knowledge.reading.files import Unreadable, read_file

__all__ = ["Block", "Heading", "Paragraph", "ReadFile", "Table", "Unreadable", "read_file"]
