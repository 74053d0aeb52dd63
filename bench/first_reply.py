"""How soon the first of an answer is seen in the app (issue 6: within a second on loopback), gateway and engine being processes of
their own as in service: from the POST until it comes on the stream of events, and in Chromium from the key until it stands on
the page.

Alone: `python -m bench.first_reply`, with the model that `make train` made, on a database of its own (about three minutes).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
from rich.console import Console

from bench import report
from bench.load import Timing
from bench.publishing import first_edition
from bench.questions import questions
from bench.report import Line
from bench.servers import answers, free_port, start
from bot.settings import PREFIX, Settings

ASKED, WARM, CEILING = 30, 10, 1000.0
CHROMIUM = Path("/usr/bin/chromium")
_API = "/app/api/v1"
_STILL, _PATIENCE = 0.3, 30.0
"""Seconds in which nothing more of an answer comes; and until it must have begun."""
_WATCHES = """
() => {
  window.__took = [];
  let began = 0;
  addEventListener("keydown", (key) => { if (key.key === "Enter") began = performance.now(); }, true);
  new MutationObserver((changes) => {
    const said = changes.some((one) => [...one.addedNodes].some((node) => node.matches?.(".said.bot")));
    if (!began || !said) return;
    window.__took.push(performance.now() - began);
    began = 0;
  }).observe(document.querySelector("#talk"), { childList: true, subtree: true });
}
"""
_UNTIL = """
(many) => new Promise((done) => {
  const look = () => (window.__took.length < many ? requestAnimationFrame(look) : done());
  look();
})
"""


async def measure(environment: dict[str, str]) -> list[Line]:
    """With the engine of this environment running; the gateway is started before it, and ended."""
    port, ops = free_port(), free_port()
    environment = environment | {
        "JIUZHUTONG_PORT": str(port),
        "JIUZHUTONG_OPS_PORT": str(ops),
        "JIUZHUTONG_SANDBOX": "off",
        "JIUZHUTONG_APP_PER_ADDRESS": "0",
    }
    up = answers(f"http://127.0.0.1:{ops}/health")
    server = start("first-reply", [sys.executable, "-m", "bot", "gateway"], Path.cwd(), environment, up, 60)
    known = [one.text for one in questions()]
    asked = known[:: len(known) // (WARM + ASKED)][: WARM + ASKED]
    try:
        streamed = await _on_the_stream(f"http://127.0.0.1:{port}", asked)
        seen = await _on_the_page(f"http://127.0.0.1:{port}/app/", asked) if _has_a_browser() else None
    finally:
        server.end()
    return [*_lines("on the app's stream", streamed), *_lines("on the app's page", seen)]


def _lines(where: str, timing: Timing | None) -> list[Line]:
    if timing is None:
        return [Line(f"first reply {where}", "ms", None, note=f"not measured: there is no {CHROMIUM}")]
    note = f"{len(timing.turns)} warm questions"
    return [
        Line(f"first reply {where}, p50", "ms", timing.median, note=note),
        Line(f"first reply {where}, p95", "ms", timing.percentile(0.95), ceiling=CEILING),
    ]


async def _on_the_stream(base: str, asked: list[str]) -> Timing:
    timing = Timing()
    async with aiohttp.ClientSession(base) as http:
        for text in asked:  # each by another resident: who was handed to a person hears no more of the bot
            async with _talk(http) as (headers, heard):
                timing.turns.append(await _asked(http, headers, heard, text))
    del timing.turns[:WARM]
    return timing


@contextlib.asynccontextmanager
async def _talk(http: aiohttp.ClientSession) -> AsyncIterator[tuple[dict[str, str], asyncio.Queue[float]]]:
    """A new resident, and the moments at which something is said to them."""
    async with http.post(f"{_API}/sessions") as response:
        headers = {"Authorization": f"Bearer {(await response.json())['token']}"}
    heard: asyncio.Queue[float] = asyncio.Queue()
    forever = aiohttp.ClientTimeout(total=None)
    async with http.get(f"{_API}/stream", params={"after": "0"}, headers=headers, timeout=forever) as stream:
        listens = asyncio.create_task(_listen(stream, heard))
        try:
            yield headers, heard
        finally:
            listens.cancel()
            await asyncio.gather(listens, return_exceptions=True)


async def _listen(stream: aiohttp.ClientResponse, heard: asyncio.Queue[float]) -> None:
    while line := await stream.content.readline():
        if line.startswith(b"data: ") and json.loads(line[6:]).get("author") == "bot":
            heard.put_nowait(time.perf_counter())


async def _asked(http: aiohttp.ClientSession, headers: dict[str, str], heard: asyncio.Queue[float], text: str) -> float:
    """Seconds from the POST until the first reply is read; returns when the whole answer is there."""
    began = time.perf_counter()
    body: dict[str, Any] = {"type": "text", "text": text}
    async with http.post(f"{_API}/messages", json=body, headers=headers | {"Idempotency-Key": uuid4().hex}) as response:
        response.raise_for_status()
    took = await asyncio.wait_for(heard.get(), _PATIENCE) - began
    with contextlib.suppress(TimeoutError):
        while True:
            await asyncio.wait_for(heard.get(), _STILL)
    return took


def _has_a_browser() -> bool:
    return CHROMIUM.exists()


async def _on_the_page(url: str, asked: list[str]) -> Timing:
    """As the page itself sees it: from the key that sends until the bubble is in the document."""
    from playwright.async_api import async_playwright, expect

    timing = Timing()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for text in asked:
            context = await browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
            page = await context.new_page()
            await page.goto(url)
            await expect(page.locator("#talk .said.bot").first).to_be_visible(timeout=_PATIENCE * 1000)
            await page.evaluate(_WATCHES)
            await page.get_by_label("写一句话").fill(text)
            await page.get_by_label("写一句话").press("Enter")
            await asyncio.wait_for(page.evaluate(_UNTIL, 1), _PATIENCE)
            timing.turns += [took / 1000 for took in await page.evaluate("window.__took")]
            await context.close()
        await browser.close()
    del timing.turns[:WARM]
    return timing


async def _alone(folder: Path, say: Console) -> list[Line]:
    """A fresh database with what is published, and an engine."""
    home, settings = folder / "home", Settings.from_environment()
    home.mkdir()
    shutil.copy2(settings.house / "model-key", home)  # the trained model is signed with it
    say.print("publishing content/ in a fresh database (a minute or two) …")
    await first_edition(home, Path(settings.content))
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)} | {
        "JIUZHUTONG_HOME": str(home),
        "JIUZHUTONG_MODELS": settings.models,
        "JIUZHUTONG_ENGINE_PORT": str(port),
        "BENCH_LOGS": str(folder),
        "PYTHONWARNINGS": "ignore",
    }
    up = answers(f"http://127.0.0.1:{port}/health")
    engine = start("engine", [sys.executable, "-m", "bot", "engine"], Path.cwd(), environment, up, 120)
    say.print(f"{ASKED} questions in the app, then in a browser …")
    try:
        return await measure(environment)
    finally:
        engine.end()


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="jiuzhutong-first-reply-") as folder:
        lines = asyncio.run(_alone(Path(folder), Console(highlight=False)))
    report.show(lines, "The first reply in the app")
    return 1 if report.missed(lines) else 0


if __name__ == "__main__":
    sys.exit(main())
