"""A picture of which intents are taken for which."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bot.evaluation.nlu import Utterance, decided
from knowledge.messages import Language
from knowledge.texts import text

_INCHES_PER_INTENT = 0.34
_MARGIN_INCHES = 3.2
_RIGHT, _WRONG = "#1b5e85", "#b3261e"


def draw_confusions(utterances: Sequence[Utterance], path: Path, lang: Language) -> None:
    """Draw the confusion matrix into a file, SVG or PNG by its name.

    A row is what the utterances are, a column what they were taken for; every number is a count, right ones are blue on
    the diagonal and wrong ones red.
    """
    import matplotlib as mpl  # takes a second

    mpl.use("Agg")
    from matplotlib import pyplot as plt
    from matplotlib.patches import Rectangle

    counts = Counter((one.intent, decided(one)) for one in utterances)
    intents = sorted({name for pair in counts for name in pair})
    of_intent = Counter(one.intent for one in utterances)
    side = len(intents) * _INCHES_PER_INTENT + _MARGIN_INCHES
    figure, axes = plt.subplots(figsize=(side, side), layout="constrained")
    for (intent, taken_for), count in counts.items():
        row, column = intents.index(intent), intents.index(taken_for)
        colour = _RIGHT if intent == taken_for else _WRONG
        share = 1.0 if intent == taken_for else min(1.0, 0.25 + count / of_intent[intent])
        axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor=colour, alpha=share, linewidth=0))
        dark = intent == taken_for or share > 0.5
        axes.text(column, row, str(count), ha="center", va="center", size=9, color="white" if dark else "black")
    ticks = range(len(intents))
    axes.set_xticks(ticks, intents, rotation=90, size=9)
    axes.set_yticks(ticks, intents, size=9)
    axes.set_xlim(-0.5, len(intents) - 0.5)
    axes.set_ylim(len(intents) - 0.5, -0.5)
    axes.set_xticks([tick + 0.5 for tick in ticks], minor=True)
    axes.set_yticks([tick + 0.5 for tick in ticks], minor=True)
    axes.grid(which="minor", color="#d0d0d0", linewidth=0.5)
    axes.tick_params(which="both", length=0)
    axes.set_ylabel(text(lang, "terminal.is_intent"))
    axes.set_xlabel(text(lang, "terminal.taken_for"))
    wrong = sum(count for (intent, taken_for), count in counts.items() if intent != taken_for)
    axes.set_title(text(lang, "terminal.confusions", wrong=wrong, count=len(utterances)))
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=150)
    plt.close(figure)
