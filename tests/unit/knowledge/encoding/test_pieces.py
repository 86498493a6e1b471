"""The small tokenizer against the library's own over the shipped model's pieces."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from knowledge.encoding.pieces import PieceTokenizer
from knowledge.evaluation.questions import OWN_QUESTIONS, read_questions

MAX_TOKENS = 64
ODD = [
    "",
    "  ",
    "ﬁ ½ x² a\u200bb \u0000c",
    "😀😀 日本語のテスト",
    "𝔘𝔫𝔦 𓀀𓀁 xx𓀀y",
    "<s> hallo </s> <unk><mask>",
    "▁▁a ▁",
    "wort " * 300,
    "a" * 700,
]


@pytest.fixture(scope="module")
def small(model_folder: Path) -> PieceTokenizer:
    tokenizer = PieceTokenizer.read(model_folder / "tokenizer.json", MAX_TOKENS)
    assert tokenizer is not None
    return tokenizer


def test_pieces_are_those_of_the_library(small: PieceTokenizer, model_folder: Path) -> None:
    library = Tokenizer.from_file(str(model_folder / "tokenizer.json"))
    library.enable_truncation(MAX_TOKENS)
    chance = random.Random(1)
    signs = [chr(chance.choice([chance.randrange(32, 0x3000), chance.randrange(0x1F000, 0x1FA00)])) for _ in range(999)]
    noise = ["".join(chance.choices(signs, k=20)) for _ in range(500)]
    for text in [*ODD, *noise, *(one.question for one in read_questions(OWN_QUESTIONS))]:
        assert small.numbers(text) == library.encode(text).ids, text


def test_a_tokenizer_of_another_kind_is_left_to_the_library(tmp_path: Path) -> None:
    from tokenizers import models

    Tokenizer(models.WordLevel({"<unk>": 0}, "<unk>")).save(str(tmp_path / "tokenizer.json"))
    assert PieceTokenizer.read(tmp_path / "tokenizer.json", MAX_TOKENS) is None


def test_questions_are_embedded_without_the_large_tokenizer(model_folder: Path) -> None:
    """What it takes is anonymous memory, which no other process shares: below what the library's tokenizer needs."""
    program = (
        "import sys; from pathlib import Path; from knowledge.encoding.embedding import Embedder;"
        "from knowledge.settings import Settings;"
        "memory = lambda: int(Path('/proc/self/statm').read_text().split()[1]) // 256;"
        "embedder = Embedder.load(Settings(var=Path(sys.argv[1]), embedding_model=''));"
        "embedder.embed_queries(['Wie hoch ist die Quote?']); few = memory();"
        "embedder.embed_queries(['Wie hoch ist die Quote?'] * 20); print(memory() - few)"
    )
    command = [sys.executable, "-c", program, str(model_folder.parent.parent)]
    grown = int(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    assert grown > 150  # megabytes
