"""The graph with 8-bit weights against the same model on PyTorch, for every architecture it is built for."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from knowledge.encoding.embedding import Embedder, Vectors
from knowledge.encoding.pytorch import PytorchEncoder
from knowledge.files.made_folder import is_whole
from knowledge.settings import Settings

TEXTS = [
    "eins",
    "zwei drei vier",
    "fünf sechs sieben acht neun zehn elf zwölf " * 3,
    "Die Förderquote beträgt 65 Prozent.",
    "zwölf eins " * 300,
]
WORDS = sorted({word for text in TEXTS for word in text.split()})
SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]
SIZES: dict[str, Any] = {
    "vocab_size": len(SPECIAL) + len(WORDS),
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "max_position_embeddings": 130,
    "pad_token_id": 1,
    "initializer_range": 0.4,  # as wide as trained weights, so that positions and attention matter
}


def save_model(
    folder: Path,
    kind: str,
    pooling: "dict[str, object]",
    modules: "tuple[str, ...]" = ("Normalize",),
    **changes: object,
) -> Path:
    """A small sentence-transformers folder with random weights, as older versions of the library wrote them."""
    import torch
    import transformers

    torch.manual_seed(1)
    config_class = {"bert": transformers.BertConfig, "xlm-roberta": transformers.XLMRobertaConfig}[kind]
    model_class = {"bert": transformers.BertModel, "xlm-roberta": transformers.XLMRobertaModel}[kind]
    folder.mkdir()
    model_class(config_class(**SIZES | changes)).save_pretrained(folder)
    tokenizer = Tokenizer(models.WordLevel({word: number for number, word in enumerate(SPECIAL + WORDS)}, "<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    parts = ("Transformer", "Pooling", *modules)
    places = ["", *(f"{number}_{part}" for number, part in enumerate(parts[1:], start=1))]
    for place in places[1:]:
        (folder / place).mkdir()
    files: dict[str, object] = {
        "modules.json": [
            {"idx": number, "name": str(number), "path": place, "type": f"sentence_transformers.models.{part}"}
            for number, (part, place) in enumerate(zip(parts, places, strict=True))
        ],
        "sentence_bert_config.json": {"max_seq_length": 128, "do_lower_case": False},
        "1_Pooling/config.json": {"word_embedding_dimension": SIZES["hidden_size"], **pooling},
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": 128,
            **{f"{role}_token": SPECIAL[number] for number, role in enumerate(("bos", "pad", "eos", "unk"))},
        },
    }
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content))
    return folder


def on_pytorch(folder: Path) -> Vectors:
    return PytorchEncoder(str(folder), may_download=False).encode(TEXTS)


def embedded(folder: Path, var: Path) -> Vectors:
    return Embedder.load(Settings(var=var, embedding_model=str(folder))).embed_passages(TEXTS)


def modules_after(folder: Path, var: Path) -> "set[str]":
    """The libraries that a process holds when it has embedded a text."""
    script = (
        "import sys; from knowledge.encoding.embedding import Embedder; from knowledge.settings import settings;"
        "Embedder.load(settings()).embed_queries(['eins']);"
        "print(*({'torch', 'transformers', 'openvino', 'openvino_telemetry', 'faiss'} & set(sys.modules)))"
    )
    variables = {"STADTLOTSE_EMBEDDING_MODEL": str(folder) if folder.name else "", "STADTLOTSE_VAR": str(var)}
    run = subprocess.run([sys.executable, "-c", script], env=variables, check=True, capture_output=True, text=True)
    assert run.stderr == ""
    return set(run.stdout.split())


@pytest.mark.parametrize("kind", ["bert", "xlm-roberta"])
@pytest.mark.parametrize("pooling", [{"pooling_mode_mean_tokens": True}, {"pooling_mode_cls_token": True}])
def test_the_graph_embeds_as_pytorch_does(
    tmp_path: Path, kind: str, pooling: "dict[str, object]", caplog: pytest.LogCaptureFixture
) -> None:
    folder = save_model(tmp_path / "model", kind, pooling)
    ours, theirs = embedded(folder, tmp_path / "var"), on_pytorch(folder)
    assert (ours * theirs).sum(axis=1).min() > 0.99
    assert (ours @ ours.T).min() < 0.9  # the texts are told apart
    assert caplog.text == ""


def test_the_shipped_model_embeds_as_on_pytorch(model_folder: Path, embedder: Embedder) -> None:
    texts = ["query: Wie hoch ist die Förderquote?", "query: Until when can we apply?", "query: " + "Text " * 600]
    theirs = PytorchEncoder(str(model_folder), may_download=False).encode(texts)
    ours = embedder.embed_alike([text.removeprefix("query: ") for text in texts])
    assert (ours * theirs).sum(axis=1).min() > 0.998


@pytest.mark.parametrize(
    ("pooling", "changes", "reason"),
    [
        ({"pooling_mode_max_tokens": True}, {}, "pooling"),
        ({"pooling_mode_mean_tokens": True}, {"hidden_act": "relu"}, "activation is relu"),
        ({"pooling_mode_mean_tokens": True}, {"position_embedding_type": "relative_key"}, "relative_key"),
    ],
)
def test_what_the_graph_cannot_express_runs_on_pytorch(
    tmp_path: Path,
    pooling: "dict[str, object]",
    changes: "dict[str, object]",
    reason: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    folder = save_model(tmp_path / "model", "bert", pooling, **changes)
    np.testing.assert_allclose(embedded(folder, tmp_path / "var"), on_pytorch(folder), atol=1e-5)
    assert "runs on PyTorch" in caplog.text
    assert reason in caplog.text


def test_the_shipped_model_needs_neither_pytorch_nor_the_vendors_tools(model_folder: Path) -> None:
    assert modules_after(Path(), model_folder.parent.parent) == {"openvino"}


def test_a_process_in_which_models_came_and_went_still_ends_in_order(model_folder: Path) -> None:
    script = (
        "import collections, os, signal;"
        "from knowledge.encoding.embedding import Embedder; from knowledge.settings import settings;"
        "signal.signal(signal.SIGTERM, lambda number, frame: print('ended in order'));"
        "models = collections.deque(maxlen=2);"
        "[(models.append(Embedder.load(settings())), models[-1].embed_queries(['eins'])) for _ in range(4)];"
        "models.clear(); os.kill(os.getpid(), signal.SIGTERM)"
    )
    variables = {"STADTLOTSE_VAR": str(model_folder.parent.parent)}
    run = subprocess.run([sys.executable, "-c", script], env=variables, capture_output=True, text=True)
    assert (run.returncode, run.stdout) == (0, "ended in order\n")


@pytest.mark.parametrize("name", ["encoder.bin", "encoder.xml", "complete.json"])
def test_a_damaged_graph_is_built_anew(tmp_path: Path, name: str) -> None:
    folder = save_model(tmp_path / "model", "bert", {"pooling_mode_mean_tokens": True})
    before = embedded(folder, tmp_path / "var")
    (graph,) = (tmp_path / "var" / "models").glob("model@*")
    content = (graph / name).read_bytes()
    (graph / name).write_bytes(content[: len(content) // 2])
    assert not is_whole(graph)
    np.testing.assert_array_equal(embedded(folder, tmp_path / "var"), before)
    assert is_whole(graph)
    assert [path.name for path in graph.parent.iterdir() if path.name.endswith(".part")] == []
