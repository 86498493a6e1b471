"""Pictures of a report as SVG: no scripts, readable in print, each with a title and a description in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from markupsafe import Markup, escape

_WIDTH = 760
_ROW = 28
_LABELS = 250
_NUMBERS = 70
_HEIGHT = 220
_LEFT, _BOTTOM, _TOP = 44, 34, 12
_TICKS = 4
_LETTER = 7.6
"""Width of a letter at the size of labels, about."""
# Each stands out against white by 3:1 or more, and from its neighbours by its pattern where colours are not seen.
PATTERNS = """<svg class="patterns" aria-hidden="true" width="0" height="0"><defs>
<pattern id="choice" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="#2f7fae"/>
<path d="M0 3h6" stroke="#fff" stroke-width="1"/></pattern>
<pattern id="abstention" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect width="7" height="7" fill="#b45309"/><path d="M0 0v7" stroke="#fff" stroke-width="2"/></pattern>
<pattern id="error" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="#9f1239"/>
<circle cx="3" cy="3" r="1.2" fill="#fff"/></pattern></defs></svg>"""
FILLS = {
    "answer": "#12486b",
    "choice": "url(#choice)",
    "abstention": "url(#abstention)",
    "error": "url(#error)",
    "plain": "#12486b",
}
_numbers = count(1)


@dataclass(frozen=True)
class Bar:
    """A bar with its parts in their order: the name of the fill, and how much."""

    label: str
    parts: Sequence[tuple[str, float]]
    note: str = ""
    """What stands behind a lying bar."""

    @property
    def total(self) -> float:
        """How long it is."""
        return sum(amount for _, amount in self.parts)


def columns(bars: Sequence[Bar], title: str, description: str) -> Markup:
    """Standing bars side by side, such as one a day."""
    top = _nice(max((bar.total for bar in bars), default=0))
    plot = _WIDTH - _LEFT - 8
    high = _HEIGHT - _TOP - _BOTTOM
    step = plot / max(len(bars), 1)
    wide = max(1.5, min(step * 0.72, 48))
    drawn: list[str] = []
    for tick in range(_TICKS + 1):
        value, y = top * tick / _TICKS, _TOP + high * (1 - tick / _TICKS)
        if value == int(value):
            drawn.append(f'<path class="grid" d="M{_LEFT} {y:.1f}H{_WIDTH - 8}"/>')
            drawn.append(f'<text class="tick" x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>')
    every = max(1, -(-len(bars) * 52 // int(plot)))
    for place, bar in enumerate(bars):
        x = _LEFT + step * place + (step - wide) / 2
        y = _TOP + float(high)
        for fill, amount in bar.parts:
            part = high * amount / top
            if amount:
                y -= part
                drawn.append(_rect(x, y, wide, part, fill))
        if place % every == 0:
            drawn.append(
                f'<text class="tick" x="{x + wide / 2:.1f}" y="{_HEIGHT - 12}" text-anchor="middle">'
                f"{escape(bar.label)}</text>"
            )
    return _picture(_HEIGHT, drawn, title, description)


def rows(bars: Sequence[Bar], title: str, description: str) -> Markup:
    """Lying bars below each other, with labels before and numbers behind."""
    longest = max((bar.total for bar in bars), default=0) or 1
    plot = _WIDTH - _LABELS - _NUMBERS - 12
    drawn: list[str] = []
    for place, bar in enumerate(bars):
        y = 4 + place * _ROW
        label = _cut(bar.label, int(_LABELS / _LETTER))
        drawn.append(
            f'<text class="label" x="{_LABELS - 8}" y="{y + 15}" text-anchor="end">{escape(label)}'
            f"{f'<title>{escape(bar.label)}</title>' if label != bar.label else ''}</text>"
        )
        x = float(_LABELS)
        for fill, amount in bar.parts:
            part = plot * amount / longest
            if amount:
                drawn.append(_rect(x, y, max(part, 1.0), _ROW - 8, fill))
                x += part
        drawn.append(f'<text class="label" x="{x + 6:.1f}" y="{y + 15}">{escape(bar.note or f"{bar.total:g}")}</text>')
    return _picture(len(bars) * _ROW + 8, drawn, title, description)


def _picture(height: float, drawn: Sequence[str], title: str, description: str) -> Markup:
    number = next(_numbers)
    return Markup(  # noqa: S704  # every text in it is escaped
        f'<svg role="img" viewBox="0 0 {_WIDTH} {height:g}" aria-labelledby="t{number} d{number}">'
        f'<title id="t{number}">{escape(title)}</title><desc id="d{number}">{escape(description)}</desc>'
        f"{''.join(drawn)}</svg>"
    )


def _rect(x: float, y: float, width: float, height: float, fill: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{FILLS[fill]}" '
        'stroke="#fff" stroke-width="0.8"/>'
    )


def _nice(value: float) -> float:
    """A round number that is not below `value` and can be divided by the ticks."""
    size = float(_TICKS)
    while size < value:
        size = size * 2 if str(int(size))[0] in "14" else size * 2.5 if str(int(size))[0] == "2" else size * 1.25
        size = float(-(-int(size) // _TICKS) * _TICKS)
    return size


def _cut(label: str, letters: int) -> str:
    return label if len(label) <= letters else f"{label[: letters - 1].rstrip()}…"
