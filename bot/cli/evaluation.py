"""What `stadtlotse evaluate` does; figures go to standard output, progress to standard error."""

import json
import sys
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bot.cli.progress import BuildProgress
from bot.cli.tables import plain_table
from bot.evaluation.nlu import OWN_UTTERANCES, NluReport, read
from bot.evaluation.nlu import report as nlu_report
from bot.evaluation.picture import draw_confusions
from bot.processes.parts import address
from bot.processes.private_bot import private_bot
from bot.retraining.building import stale_dialogue
from bot.retraining.replay import replay
from knowledge.errors import StadtlotseError
from knowledge.evaluation.questions import OWN_QUESTIONS, read_questions
from knowledge.evaluation.report import Failure, Replayed, Report, report
from knowledge.messages import Language
from knowledge.releases.release import DIALOGUE_MODEL, PASSAGES, open_release
from knowledge.releases.store import PassageStore
from knowledge.settings import Settings, settings
from knowledge.texts import text


def retrieval(folder: Path, *, as_json: bool, run: Path | None, limit: int | None, lang: Language) -> None:
    """Measure a judged set in BEIR layout."""
    from knowledge.encoding.embedding import Embedder  # what follows loads the model's libraries
    from knowledge.evaluation.beir import read_judged_set
    from knowledge.evaluation.indexing import indexed
    from knowledge.evaluation.retrieval import measure, run_queries, write_run

    errors = Console(stderr=True)
    judged = read_judged_set(folder)
    if judged.unknown:
        said = text(lang, "terminal.unknown_ids", count=len(judged.unknown), name=judged.unknown[0])
        errors.print(Text(said), soft_wrap=True)
    with BuildProgress(errors) as progress:
        embedder = Embedder.load(settings(), lambda done, of: progress("model", done, of))
        with indexed(settings(), embedder, judged.entries.values(), progress) as (answerer, passages):
            ranked = run_queries(answerer, judged, judged.queries[:limit], lambda done, of: progress("ask", done, of))
    if run is not None:
        write_run(run, ranked)
    figures = measure(judged, ranked) | {"documents": len(judged.entries), "passages": passages}
    if as_json:
        print(json.dumps(figures))
        return
    console = Console()
    table = plain_table(console, text(lang, "terminal.measure"), text(lang, "terminal.value"))
    for name, value in figures.items():
        table.add_row(name, "–" if value is None else f"{value:g}")
    console.print(table)


def conversations(file: Path | None, *, documents: Path | None, url: str | None, as_json: bool, lang: Language) -> None:
    """Replay a file of questions against a private bot, or the one at `url`, and judge the answers."""
    questions = read_questions(file or OWN_QUESTIONS)
    if url is not None and documents is not None:
        raise StadtlotseError("A running bot keeps its documents; give either --documents or --url.")
    if documents is not None and not documents.is_dir():
        raise StadtlotseError(f"There is no folder {documents}; give --documents the folder with your documents.")
    with ExitStack() as stack:
        progress = stack.enter_context(BuildProgress(Console(stderr=True)))
        files = None
        if url is None:
            progress("start", 0, 0)
            own = stack.enter_context(private_bot(settings(), documents, sys.stderr))
            url, files = address(own), _files(own)
        replayed, milliseconds = replay(url, questions, files, lambda done, of: progress("ask", done, of))
    found = report(replayed, milliseconds)
    if as_json:
        print(found.model_dump_json())
    else:
        _print(Console(), found, replayed, lang)


def nlu(file: Path | None, *, as_json: bool, picture: Path | None, lang: Language) -> None:
    """Measure the dialogue model of the current release on held-out utterances."""
    path = file or OWN_UTTERANCES
    if not path.is_file():
        raise StadtlotseError(f"There is no file {path}; give one with utterances in Rasa's format.")
    model = open_release(settings()).path / DIALOGUE_MODEL
    if stale_dialogue(settings()):
        raise StadtlotseError("The dialogue is not trained from what bot/data holds now; run 'stadtlotse train'.")
    drawn = picture or settings().var / "evaluation" / "intents.svg"
    if drawn.suffix not in (".svg", ".png"):
        raise StadtlotseError(f"{drawn} is no picture this can draw; end its name in .svg or .png.")
    with BuildProgress(Console(stderr=True)) as progress:
        progress("start", 0, 0)
        utterances = read(model, path, lambda done, of: progress("ask", done, of))
    draw_confusions(utterances, drawn, lang)
    found = nlu_report(utterances).model_copy(update={"picture": str(drawn)})
    if as_json:
        print(found.model_dump_json())
    else:
        _print_nlu(Console(), found, lang)


def _print_nlu(console: Console, found: NluReport, lang: Language) -> None:
    for confusion in found.confusions:
        said = f"{confusion.text}: {confusion.intent} → {confusion.taken_for}"
        console.print(Text(said), soft_wrap=True)
    for one in found.missed_entities:
        wrong = f"{text(lang, 'terminal.found_instead')}: {', '.join(one.wrong) or '–'}"
        missed = f"{text(lang, 'terminal.missed')}: {', '.join(one.missed) or '–'}"
        console.print(Text(f"{one.text}: {missed}; {wrong}"), soft_wrap=True)
    headings = ("name", "asked", "precision", "recall", "f1")
    for title, scores in (("intents", found.intents), ("entities", found.entities)):
        table = plain_table(console, *(text(lang, f"terminal.{heading}") for heading in headings))
        table.title = text(lang, f"terminal.{title}")
        for name, told in scores.items():
            table.add_row(name, str(told.n), f"{told.precision:.2f}", f"{told.recall:.2f}", f"{told.f1:.2f}")
        console.print(table)
    figures = text(lang, "terminal.nlu_figures", count=found.n, intents=found.intent_f1, entities=found.entity_f1)
    console.print(figures, highlight=False)
    console.print(text(lang, "terminal.picture", path=found.picture), highlight=False, soft_wrap=True)


def _files(own: Settings) -> dict[str, str]:
    """The file that each document of the current release was read from, by the document's id."""
    store = PassageStore(open_release(own).path / PASSAGES)
    try:
        return {document.id: document.path for document in store.documents()}
    finally:
        store.close()


def _print(console: Console, found: Report, replayed: list[Replayed], lang: Language) -> None:
    for title, failures in (("failures", found.failures), ("wrong_pages", found.wrong_pages)):
        if failures:
            console.print(Text(text(lang, f"terminal.{title}", count=len(failures)), style="bold"))
            for failure in failures:
                _print_failure(console, failure, lang)
    headings = (text(lang, f"terminal.{name}") for name in ("kind", "language", "right", "asked", "share"))
    table = plain_table(console, *headings)
    everything = text(lang, "terminal.all")
    groups = sorted({(one.question.kind, one.question.lang) for one in replayed})
    for kind, language in groups:
        group = [one for one in replayed if (one.question.kind, one.question.lang) == (kind, language)]
        table.add_row(kind, language, *_shares(sum(one.verdict.is_right for one in group), len(group)))
    for name, share in found.by_language.items():
        table.add_row(everything, name, *_shares(share.right, share.n))
    table.add_row(everything, everything, *_shares(sum(one.verdict.is_right for one in replayed), found.n))
    console.print(table)
    if found.right_page is not None:
        console.print(text(lang, "terminal.right_page", share=f"{found.right_page:.1%}"), highlight=False)
    console.print(text(lang, "terminal.turn_time", milliseconds=round(found.ms_per_turn)), highlight=False)


def _shares(right: int, of: int) -> tuple[str, str, str]:
    return str(right), str(of), f"{right / of:.1%}"


def _print_failure(console: Console, failure: Failure, lang: Language) -> None:
    asked = " > ".join([*failure.dialog, failure.question])
    console.print(Text(f"{failure.id} ({failure.kind}, {failure.lang}): {asked}"), soft_wrap=True)
    for key, value in (
        ("reason", failure.reason),
        ("answered", failure.answer),
        *(("source", one) for one in failure.citations),
    ):
        console.print(Text(f"    {text(lang, f'terminal.{key}')}: {' '.join(value.split())}"), soft_wrap=True)
    console.print()
