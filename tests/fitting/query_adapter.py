"""Learn the adapter of questions: `python -m tests.fitting.query_adapter DIR … [--out FILE] [--hold-out FOLD]`.

Each DIR is a judged set in BEIR layout. Passages and their windows keep their embeddings; the last layers of the
encoder of questions learn to rank the relevant document first, with nearness, windows and words weighed as the search
weighs them (softmax over all documents). So that nothing else changes, the embeddings of the questions, and those of
sentences from the sets' documents and the starter library that are made to look like questions, are held to what they
were. With `--hold-out` one of three folds of the relevant documents is left out; its questions are put below `--held`
as sets of their own, with which `stadtlotse evaluate retrieval` tells what is gained on questions that were not learned
from. The shipped file was learned from the
German and English questions of OMoS-QA's training and development splits (Kleinle et al. 2024, CC BY 4.0).
"""

import argparse
import json
import random
import shutil
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import save_file
from torch.nn.functional import dropout, normalize
from transformers import AutoModel, PreTrainedTokenizerFast

from knowledge import tuning
from knowledge.answering.answers import Answerer
from knowledge.encoding import adapter
from knowledge.encoding.default_model import QUERY_PROMPT, ensure_default_model
from knowledge.encoding.embedding import Embedder
from knowledge.encoding.mean_questions import MeanQuestions
from knowledge.evaluation.beir import JudgedQuery, JudgedSet, read_judged_set
from knowledge.evaluation.indexing import indexed
from knowledge.linguistics.text import sentences
from knowledge.messages import LANGUAGES, Language
from knowledge.releases.release import open_release
from knowledge.releases.store import PassageStore
from knowledge.retrieval.query import Query
from knowledge.retrieval.query_words import Coverage, ideal_score, term_weights
from knowledge.retrieval.search import _by_words
from knowledge.settings import settings

FIRST_LAYER = 8
RANK = 8
DROPOUT = 0.1
EPOCHS = 6
RATE = 6e-4
BATCH = 32
TEMPERATURE = 0.05
# What it costs to move a question, and twice that a sentence, by a cosine of 1.
HELD = 1.5
SENTENCES = 4500
_ASKING: dict[Language, tuple[str, ...]] = {
    "de": ("Wer", "Was", "Wann", "Wo", "Wie", "Warum", "Wie viele", "Welche", "In welchem Jahr", "Woher", "Wie heißt"),
    "en": ("Who", "What", "When", "Where", "How", "Why", "How many", "Which", "In what year", "Whose", "How much"),
}
FOLDS = 3
MATRICES = ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
            "intermediate.dense", "output.dense")  # fmt: skip


class LowRank(torch.nn.Module):
    """A linear layer that stays as it is, and what is learned beside it."""

    def __init__(self, linear: torch.nn.Linear) -> None:
        super().__init__()
        self.linear = linear
        self.down = torch.nn.Parameter(torch.randn(RANK, linear.in_features) * linear.in_features**-0.5)
        self.up = torch.nn.Parameter(torch.zeros(linear.out_features, RANK))

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        return self.linear(states) + dropout(states, DROPOUT, self.training) @ self.down.T @ self.up.T


class QuestionModel:
    """The model's upper layers with low-rank changes; what its lower ones make of a text is computed once."""

    def __init__(self, folder: Path) -> None:
        self._tokenizer = PreTrainedTokenizerFast.from_pretrained(str(folder))
        self.net: Any = AutoModel.from_pretrained(str(folder), dtype=torch.float32, add_pooling_layer=False).eval()
        self.net.requires_grad_(False)
        self.changes: dict[str, LowRank] = {}

    def grow(self) -> list[torch.nn.Parameter]:
        """Put the changes into the upper layers; what is to be learned."""
        for number, layer in enumerate(self.net.encoder.layer[FIRST_LAYER:], FIRST_LAYER):
            for name in MATRICES:
                *way, last = name.split(".")
                parent = layer
                for step in way:
                    parent = getattr(parent, step)
                change = LowRank(getattr(parent, last))
                setattr(parent, last, change)
                self.changes[f"encoder.layer.{number}.{name}.weight"] = change
        return [parameter for change in self.changes.values() for parameter in (change.down, change.up)]

    @torch.no_grad()
    def lower(self, text: str) -> torch.Tensor:
        """What the lower layers make of a question, shape (1, tokens, hidden)."""
        tokens = self._tokenizer(QUERY_PROMPT + text, return_tensors="pt", truncation=True)["input_ids"]
        return self._through(
            self.net.embeddings(tokens), torch.ones(tokens.shape), self.net.encoder.layer[:FIRST_LAYER]
        )

    def embeddings(self, lower: list[torch.Tensor]) -> torch.Tensor:
        """Normalised embeddings from what the lower layers made."""
        longest = max(one.shape[1] for one in lower)
        states = torch.zeros(len(lower), longest, lower[0].shape[2])
        mask = torch.zeros(len(lower), longest)
        for row, one in enumerate(lower):
            states[row, : one.shape[1]] = one[0]
            mask[row, : one.shape[1]] = 1
        states = self._through(states, mask, self.net.encoder.layer[FIRST_LAYER:])
        return normalize((states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True), dim=-1)

    @staticmethod
    def _through(states: torch.Tensor, mask: torch.Tensor, layers: Any) -> torch.Tensor:
        hidden = (1 - mask[:, None, None]) * -1e9
        for layer in layers:
            after = layer(states, hidden)
            states = after[0] if isinstance(after, tuple) else after
        return states


@dataclass
class Judged:
    """What the search knows of a set's passages and questions, as tensors."""

    passages: torch.Tensor
    windows: torch.Tensor
    """(passages, most windows, dimensions), filled up with a passage's first."""
    of_document: torch.Tensor
    """(documents, most passages): the passages of each, filled up with its first."""
    words: torch.Tensor
    """(questions, passages): what words add to a score."""
    is_relevant: torch.Tensor
    """(questions, documents)."""
    texts: list[str]
    langs: list[str]

    @classmethod
    def read(cls, folder: Path, embedder: Embedder, held: int | None) -> "Judged":
        """Index a set and take from its search what does not depend on the encoder of questions."""
        judged = read_judged_set(folder)
        queries = [one for one in learnable(judged) if held is None or fold_of(judged, one) != held]
        with indexed(settings(), embedder, judged.entries.values(), lambda *_: None) as (answerer, count):
            searcher = answerer.library.searcher
            numbers = np.arange(count)
            vectors = searcher._vectors.cosines(np.eye(embedder.dimensions, dtype=np.float32), numbers).T
            starts = np.array(searcher._windows._starts)
            every = np.array(searcher._windows._embeddings, dtype=np.float32)
            most = max(1, int(np.diff(starts).max()))
            rows = [every[starts[at] : starts[at + 1]] if starts[at] < starts[at + 1] else vectors[at : at + 1]
                    for at in range(count)]  # fmt: skip
            windows = np.stack([np.concatenate([one, np.repeat(one[:1], most - len(one), 0)]) for one in rows])
            documents = [passage.document_id for passage in searcher._store.many(numbers)]
            found = [_words(answerer, one.text, numbers) for one in queries]
        places: dict[str, list[int]] = {}
        for at, document in enumerate(documents):
            places.setdefault(document, []).append(at)
        wide = max(map(len, places.values()))
        relevant = [[document in judged.relevant[one.id] for document in places] for one in queries]
        return cls(
            torch.tensor(vectors),
            torch.tensor(windows),
            torch.tensor([(own + own[:1] * wide)[:wide] for own in places.values()]),
            torch.tensor(np.stack([words for words, _ in found]), dtype=torch.float32),
            torch.tensor(relevant),
            [query.text for _, query in found],
            [query.lang for _, query in found],
        )

    def loss(self, embedded: torch.Tensor, rows: list[int], mean: torch.Tensor) -> torch.Tensor:
        """How unlikely the relevant documents are among all, for questions moved to the passages' language."""
        near = embedded @ self.passages.T - tuning.HUBNESS * (self.passages @ mean - tuning.USUAL_HUB)
        flat = self.windows.flatten(0, 1)
        best = embedded @ flat.T - tuning.HUBNESS * (flat @ mean - tuning.USUAL_HUB)
        best = best.view(len(rows), *self.windows.shape[:2]).amax(-1)
        nearness = (1 - tuning.SHARE_OF_WINDOW) * near + tuning.SHARE_OF_WINDOW * best
        scaled = (nearness - tuning.COSINE_FLOOR) / (tuning.COSINE_CEILING - tuning.COSINE_FLOOR)
        scores = (tuning.WEIGHT_DENSE * scaled + self.words[rows])[:, self.of_document].amax(-1) / TEMPERATURE
        right = scores.masked_fill(~self.is_relevant[rows], -1e9)
        return (torch.logsumexp(scores, 1) - torch.logsumexp(right, 1)).mean()


def learnable(judged: JudgedSet) -> list[JudgedQuery]:
    """The queries that have a relevant document."""
    return [one for one in judged.queries if judged.relevant.get(one.id) and one.metadata.answerable is not False]


def fold_of(judged: JudgedSet, query: JudgedQuery) -> int:
    """The fold of a query's first relevant document: all questions on a document, in both languages, are in one."""
    return zlib.crc32(min(judged.relevant[query.id]).encode()) % FOLDS


def write_held(folder: Path, fold: int, target: Path) -> None:
    """A set of its own with the corpus and the queries of one fold."""
    judged = read_judged_set(folder)
    own = [one for one in learnable(judged) if fold_of(judged, one) == fold]
    (target / "qrels").mkdir(parents=True)
    shutil.copy(folder / "corpus.jsonl", target)
    queries = [json.dumps({"_id": one.id, "text": one.text}, ensure_ascii=False) for one in own]
    (target / "queries.jsonl").write_text("\n".join(queries) + "\n")
    grades = [f"{one.id}\t{document}\t{grade}" for one in own for document, grade in judged.relevant[one.id].items()]
    (target / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n" + "\n".join(grades) + "\n")


def _words(answerer: Answerer, text: str, numbers: Any) -> tuple[Any, Query]:
    """What words add to the score of each passage, and the query as the search takes it."""
    taken = answerer.find(text, 1).query
    searcher = answerer.library.searcher
    held = searcher._lexical.held(numbers)
    words = searcher.words(taken)
    nothing = [frozenset()] * len(numbers)
    covered = Coverage.of(words, [word.covers(held, nothing) for word in words], len(numbers))
    weights = term_weights(taken, searcher._lexical)
    lexical = held.scores(weights) / max(ideal_score(weights, searcher._lexical), 1e-9)
    own = np.array([one.lang == taken.lang for one in searcher._store.many(numbers)])
    return _by_words(taken, lexical, covered.coverage) * np.where(own, 1.0, tuning.WORDS_ACROSS_LANGUAGES), taken


def learn(model: QuestionModel, sets: list[Judged], held: list[str]) -> None:
    """Learn the changes; prints the mean loss of each epoch."""
    lower = [[model.lower(text) for text in one.texts] for one in sets]
    free = [model.lower(text) for text in held]
    pairs = MeanQuestions.pairs()
    parallel = {lang: [model.lower(pair[lang]) for pair in pairs] for lang in LANGUAGES}
    with torch.no_grad():
        before = [torch.cat([model.embeddings([text]) for text in texts]) for texts in lower]
        free_before = torch.cat([model.embeddings([text]) for text in free])
    parameters = model.grow()
    steps = EPOCHS * sum(-(-len(one.texts) // BATCH) for one in sets)
    optimizer = torch.optim.AdamW(parameters, lr=RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, steps, pct_start=0.2)
    for epoch in range(EPOCHS):
        model.net.eval()
        with torch.no_grad():
            means = {lang: model.embeddings(texts).mean(0) for lang, texts in parallel.items()}
        model.net.train()
        losses = []
        for number in random.sample(range(len(sets)), len(sets)):
            one = sets[number]
            order = random.sample(range(len(one.texts)), len(one.texts))
            for start in range(0, len(order), BATCH):
                rows = order[start : start + BATCH]
                embedded = model.embeddings([lower[number][row] for row in rows])
                shift = torch.stack(
                    [means["de"] - means["en"] if one.langs[row] == "en" else 0 * means["de"] for row in rows]
                )
                some = random.sample(range(len(free)), min(48, len(free)))
                stayed = (model.embeddings([free[at] for at in some]) * free_before[some]).sum(1)
                loss = one.loss(normalize(embedded + shift, dim=-1), rows, means["de"])
                loss = (
                    loss + HELD * (1 - (embedded * before[number][rows]).sum(1)).mean() + 2 * HELD * (1 - stayed).mean()
                )
                optimizer.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(parameters, 1.0)
                optimizer.step()
                schedule.step()
                losses.append(loss.item())
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.3f}", flush=True)


def sentences_as_questions(folders: list[Path]) -> list[str]:
    """Sentences of 4 to 22 words: German ones of the sets' documents, German and English ones of the current release.

    A third as they are, a third with a question mark, a third with a word of asking for their first.
    """
    judged = [entry.text for folder in folders for entry in read_judged_set(folder).entries.values()]
    own = list(PassageStore(open_release(settings()).path / "passages.db"))
    sources: list[tuple[Language, list[str]]] = [("de", list(dict.fromkeys(judged)))]
    sources += [(lang, [one.text for one in own if one.lang == lang]) for lang in LANGUAGES]
    chosen: list[str] = []
    for lang, texts in sources:
        found = [text[start:end] for text in texts for start, end in sentences(text)]
        fitting = [one.rstrip(".:!?") for one in dict.fromkeys(found) if 4 <= len(one.split()) <= 22]
        some = random.sample(fitting, min(SENTENCES // len(sources), len(fitting)))
        chosen += [_as_question(one, lang, at % 3) for at, one in enumerate(some)]
    return chosen


def _as_question(sentence: str, lang: Language, how: int) -> str:
    if how < 2:
        return sentence + "?" * how
    return f"{random.choice(_ASKING[lang])} {' '.join(sentence.split()[1:])}?"


def main() -> None:
    """Learn from the sets named on the command line and write the adapter."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, default=Path(adapter.__file__).with_name("query_adapter.safetensors"))
    parser.add_argument("--hold-out", type=int, choices=range(FOLDS), help="leave this fold out")
    parser.add_argument("--held", type=Path, help="folder for the questions of that fold, as sets of their own")
    chosen = parser.parse_args()
    for folder in chosen.folders if chosen.held else ():
        write_held(folder, chosen.hold_out, chosen.held / folder.name)
    random.seed(0)
    torch.manual_seed(0)
    torch.set_num_threads(1)
    embedder = Embedder.load(settings())
    model = QuestionModel(ensure_default_model(settings().var / "models"))
    sets = [Judged.read(folder, embedder, chosen.hold_out) for folder in chosen.folders]
    learn(model, sets, sentences_as_questions(chosen.folders))
    parts = {f"{name}.{part}": getattr(change, part).detach().numpy().astype(np.float16)
             for name, change in model.changes.items() for part in ("down", "up")}  # fmt: skip
    save_file(parts, chosen.out)
    print(f"{chosen.out}: {sum(one.size for one in parts.values())} numbers")


if __name__ == "__main__":
    main()
