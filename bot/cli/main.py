"""The commands of `python -m bot`; each is imported only when called, because Rasa takes seconds."""

from __future__ import annotations

import asyncio
import importlib
import io
import sys
import warnings
from collections.abc import Coroutine, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from bot.errors import JiuzhutongError
from bot.settings import Settings

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)
evaluate = typer.Typer(no_args_is_help=True, help="Measure search and answers on questions.")
app.add_typer(evaluate, name="evaluate")

_GROUPS = {
    "cases": ("bot.cli.cases", "List, show, move, import and export applications that were handed in."),
    "audit": ("bot.cli.audit", "Prove that nobody changed the audit log."),
    "wechat": ("bot.cli.wechat", "Set up the official account: menu, QR codes of places, articles."),
    "content": ("bot.cli.workbooks", "Check, load, publish, roll back and export what the assistant knows."),
}

OnDay = Annotated[str, typer.Option("--on", metavar="DATE", help="Work as if it were this day (2026-11-25).")]
Region = Annotated[
    str, typer.Option("--region", metavar="CODE", help="Six-digit code of the place the questions come from.")
]


def main() -> None:
    """Run one command; what is refused on purpose is one clear line, not a traceback."""
    for name in _groups(sys.argv[1:2]):
        module, told = _GROUPS[name]
        app.add_typer(importlib.import_module(module).app, name=name, help=told)
    bear_anything(sys.stdin, sys.stdout)
    if not sys.warnoptions:
        # Third parties' deprecations are for our tests (pyproject.toml names them), not for operators.
        warnings.simplefilter("ignore")
    try:
        app()
    except JiuzhutongError as refused:
        print(str(refused), file=sys.stderr)
        sys.exit(1)


def _groups(asked: Sequence[str]) -> Sequence[str]:
    """The groups of commands this call may need: each imports a second's worth, and `run` starts five processes."""
    everything = not asked or asked[0].startswith("-")
    return [name for name in _GROUPS if everything or name == asked[0]]


def bear_anything(given: TextIO, said: TextIO) -> None:
    """One broken character must not end a run over a thousand questions: read as a mark, written as JSON's escape."""
    for stream, errors in ((given, "replace"), (said, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=errors)


def settings() -> Settings:
    return Settings.from_environment()


def day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a day; write it like 2026-11-25") from error


def run(work: Coroutine[Any, Any, None]) -> None:
    import uvloop

    uvloop.run(work)


@app.command("run")
def run_all() -> None:
    """Start gateway, console and engine on this machine and keep them alive (what `make run` does); publish the files first, if nothing was."""
    from bot.cli.everything import everything

    asyncio.run(everything(settings()))


@app.command()
def demo(
    who: Annotated[list[str] | None, typer.Argument(help="Whose story (刘姐); none: everybody's.")] = None,
    at: Annotated[str, typer.Option(metavar="URL", help="A running service's sandbox; empty: one of its own.")] = "",
    pace: Annotated[float, typer.Option(help="Seconds to read each answer in.", min=0, max=60)] = 2.0,
) -> None:
    """Invented people live through their stories on the simulated phones; exit code 1 where one goes otherwise."""
    from bot.cli.demo import demo as play

    if asyncio.run(play(settings(), at.rstrip("/"), who or [], pace)):
        sys.exit(1)


@app.command()
def gateway() -> None:
    """The public door: webhooks, turns, outbox, sandbox."""
    from bot.cli.serve import gateway as serve

    run(serve(settings()))


@app.command()
def console() -> None:
    """The office's pages: conversations, cases, accounts, audit."""
    from bot.cli.console import console as serve

    run(serve(settings()))


@app.command("console-link")
def console_link(login: Annotated[str, typer.Argument(help="Whose account: the name they sign in with.")]) -> None:
    """A new set-up link for an account, when nobody who could invite gets in any more."""
    from bot.cli.console import link_again

    run(link_again(settings(), login))


@app.command()
def engine() -> None:
    """The dialogue engine, on loopback."""
    from bot.cli.engine import engine as serve

    serve(settings(), run)


@app.command()
def migrate() -> None:
    """Make or update the database's tables."""
    from bot import store

    run(store.migrate(settings().database, print))


@app.command()
def train() -> None:
    """Train the dialogue model on the files in the root and sign it."""
    from bot.cli.engine import train as train_model

    train_model(settings())


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})
def rasa(context: typer.Context) -> None:
    """Rasa's own command line (train, test, shell, data validate) with our guards in place."""
    from bot.cli.engine import rasa as run_rasa

    run_rasa(settings(), context.args)


@app.command()
def ask(
    region: Region = "",
    on: OnDay = "",
    limit: Annotated[int, typer.Option(help="Characters of a question read.")] = 600,
) -> None:
    """Read questions from stdin (one a line, or JSON lines with "question"), print one JSON line each."""
    from bot.cli.ask import ask as ask_all

    run(ask_all(settings(), region, day(on), limit))


@app.command()
def converse() -> None:
    """Read JSON lines {conversation, channel, text} from stdin, print the replies and who holds the conversation."""
    from bot.cli.converse import converse as talk

    run(talk(settings()))


@app.command()
def waiting() -> None:
    """Who waits for a person: distress first, then the longest wait."""
    from bot.cli.waiting import waiting as show

    run(show(settings()))


@app.command()
def erasures(
    again: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A list printed before: erase what it names, then print the list."),
    ] = None,
) -> None:
    """The list of erasures (pseudonyms only) as a table, to be kept apart from all backups; --again replays a kept one."""
    from bot.cli.erasures import erasures as show

    run(show(settings(), again))


@evaluate.command("search")
def evaluate_search(file: Path) -> None:
    """Recall and latency on groups of paraphrases (JSON lines group_id, role, text); first line `recall@1 0.xxx`."""
    from bot.cli.evaluate import search

    search(file)


@evaluate.command("distress")
def evaluate_distress(
    file: Annotated[Path, typer.Argument(help="YAML distress and ordinary, each with kinds of sentences.")] = Path(
        "tests/samples/distress_province.yml"
    ),
) -> None:
    """How many sentences of danger are heard, by rules and by the second ear, and how many ordinary ones ring falsely."""
    from bot.cli.evaluate_distress import measure

    run(measure(settings(), file))


@evaluate.command("answers")
def evaluate_answers(
    file: Annotated[Path, typer.Argument(help="JSON lines question, title, also.")] = Path(
        "tests/samples/questions/open.jsonl"
    ),
    off_topic: Annotated[
        Path | None, typer.Option(help="JSON lines text: none of them should get a policy answer.")
    ] = None,
) -> None:
    """How many labelled questions get the right answer, and how many off-topic ones get any."""
    from bot.cli.evaluate import answers

    run(answers(settings(), file, off_topic))
