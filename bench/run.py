"""`make bench`: this product beside stock Rasa, on the same questions, in one run, on loopback only.

Stock is Rasa 3.6 with the real TensorFlow as `rasa init` sets it up, trained on sixteen of our phrasings an answer (why:
stock/generate.py). Its training takes long (about 20 minutes): its model is kept in bench/stock/work under the hash of what
it learned from, and trained again only when that changes. Everything else is measured anew every time.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from bench import cases, console, precheck, report
from bench.measuring import Bench
from bench.report import Line

WHAT_HOLDS = (
    "ours: python -m bot engine, one turn through understanding, dialogue, action and store; "
    "stock: rasa run, REST channel, one turn through DIET, TED and ResponseSelector, tracker in memory"
)


async def measure(bench: Bench, out: Console) -> list[Line]:
    """Everything, in an order in which nothing disturbs what is measured next."""
    out.print("[bold]training[/]")
    bench.train()
    out.print("[bold]starting[/]")
    await bench.prepare()
    try:
        bench.start()
        out.print("[bold]asking[/]")
        talked = await bench.talk()
        out.print("[bold]filling in[/]")
        forms = await bench.forms()
        out.print("[bold]publishing[/]")
        bench.stock.end()
        live = await bench.publish()
        out.print("[bold]the first reply[/]")
        first = await bench.first_reply()
    finally:
        bench.end()
    out.print("[bold]the gateway alone[/]")
    alone = await bench.gateway_alone()
    out.print("[bold]cases and programmes[/]")
    bench.say(f"{cases.COUNT:,} cases are made, on SQLite and on PostgreSQL (some minutes) …")
    found = await cases.both(bench.folder)
    bench.say(f"{console.COUNT:,} conversations are made, on SQLite and on PostgreSQL (some minutes) …")
    watched = await console.both(bench.folder)
    return [*bench.weights(), *talked, *forms, *live, *first, *alone, *found, *watched, *precheck.measure()]


def main() -> int:
    out = Console(highlight=False)
    with tempfile.TemporaryDirectory(prefix="jiuzhutong-bench-") as folder:
        bench = Bench(Path(folder), dict(os.environ), lambda line: out.print(f"  {line}"))
        try:
            lines = asyncio.run(measure(bench, out))
        except Exception:
            out.print(bench.last_words())
            raise
    report.show(lines, "救助通 beside stock Rasa 3.6", WHAT_HOLDS)
    if missed := report.missed(lines):
        out.print(f"targets missed: {', '.join(missed)}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
