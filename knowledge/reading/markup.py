"""Leaves the words of Markdown that readers put into otherwise plain text."""

import html
import re

_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_PILCROW = re.compile(r"\[[¶#§\ufffd]\]\([^)]*\)")
_LINK = re.compile(r"\[([^\[\]]*)\]\((?:[^()\s]|\([^()]*\))*(?:\s+\"[^\"]*\")?\)")
_STRONG = re.compile(r"(\*\*|__|~~)(?=\S)(.+?)(?<=\S)\1", re.DOTALL)
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])")
_CODE = re.compile(r"`([^`\n]*)`")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|~<>])")


def plain(text: str) -> str:
    """Text without link targets, images, emphasis marks, escapes and character references."""
    text = _PILCROW.sub("", _IMAGE.sub("", text))
    for _ in range(2):
        text = _LINK.sub(r"\1", text)
    text = _STRONG.sub(r"\2", _STRONG.sub(r"\2", text))
    text = _CODE.sub(r"\1", _EMPHASIS.sub(r"\1", text))
    return html.unescape(_ESCAPE.sub(r"\1", text)).strip()
