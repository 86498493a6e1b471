"""What a question says that was done: 'Wer hat die Halle gebaut?' asks of building."""

import re

from knowledge.linguistics.terms import STOPWORDS
from knowledge.linguistics.text import folded
from knowledge.linguistics.words import word_list

_LIGHT = frozenset(map(folded, word_list("light_participles")))
_ENDS = re.compile(r"([^\W\d_]+)\W*$")
# Participles as German forms them; infinitives and other words have these forms too where they begin otherwise.
_PARTICIPLE = re.compile(
    r"(?:(?:ab|an|auf|aus|bei|dar|durch|ein|fest|her|hin|mit|nach|vor|weg|zu|zurueck|zusammen)?ge[a-z]{3,}(?:t|en)"
    r"|(?:be|ent|er|hinter|miss|ueber|unter|ver|wider|zer)[a-z]{3,}t|[a-z]{3,}iert)"
)
_ASKS = re.compile(
    r"(?:und )?(?:wer|wann|von wem|durch wen|seit wann"
    r"|welche[rs]? \w+ (?:hat|haben|hatte|hatten))\b"
)
# Strong verbs have the infinitive's form, so that an auxiliary must tell ('Wer hat das entworfen?').
_STRONG = re.compile(r"(?:be|ent|er|hinter|miss|ueber|unter|ver|wider|zer)[a-z]{4,}en")
_AUXILIARY = re.compile(r"\b(?:hat|haben|hatte|hatten|wurde|wurden|worden)\b")
# 'Who built the hall?'
_ENGLISH = re.compile(
    r"(?:and )?(?:who|which \w+|what) (?P<verb>[a-z]{3,}ed|built|made|led|wrote|paid|won|sold|drew)\b"
)


def done(question: str) -> str | None:
    """The folded participle or past tense that says what was done, where a question asks who did it or when; else None.

    German participles end the question.
    """
    plain = folded(question).strip()
    if match := _ENGLISH.match(plain):
        verb = match["verb"]
    else:
        ends = _ENDS.search(plain) if _ASKS.match(plain) else None
        last = ends[1] if ends is not None else ""
        is_strong = bool(_STRONG.fullmatch(last) and _AUXILIARY.search(plain))
        verb = last if is_strong or _PARTICIPLE.fullmatch(last) else ""
    return verb if verb and verb not in STOPWORDS | _LIGHT else None
