"""Publishes in the bench's own database, and times how long a changed answer takes to reach a resident.

Two times: of the publication itself, in which all content is checked and every protected question is asked, and from there on
until the engine, another process, says the new words.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from pathlib import Path
from uuid import uuid4

import aiohttp
import yaml

from bench.questions import bare
from bench.systems import Ours
from bot.desk import content
from bot.settings import Settings
from bot.wiring import open_house

PATIENCE = 30.0
ANSWER = "dibao-conditions"


async def first_edition(home: Path, folder: Path) -> None:
    async with open_house(Settings(home=str(home))) as house:
        await content.ensure_published(house, folder, "bench")


async def seconds_until_live(home: Path, folder: Path, copy: Path, engine: Ours) -> tuple[float, float]:
    """Of the publication, and from its end until the engine says the new words."""
    marker = "这一句是刚刚发布的。"
    phrasing = _change(folder, copy, marker)
    async with open_house(Settings(home=str(home))) as house, aiohttp.ClientSession() as session:
        await content.load(house, copy, "bench", "one answer changed")
        if marker in await _said(engine, session, phrasing):
            raise RuntimeError("a draft reached a resident before it was published")
        began = time.perf_counter()
        await content.publish(house, "the bench's second person")
        published = time.perf_counter()
        while marker not in await _said(engine, session, phrasing):
            if time.perf_counter() - published > PATIENCE:
                raise RuntimeError(f"a published answer was not live after {PATIENCE:.0f} s")
            await asyncio.sleep(0.01)
        return published - began, time.perf_counter() - published


def _change(folder: Path, copy: Path, marker: str) -> str:
    """A copy of the content with one answer's text changed; returns a wording that asks for it."""
    # .edition says which edition a folder came from: this copy came from none.
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(".edition"))
    for file in sorted((copy / "faq").glob("*.yml")):
        written = yaml.safe_load(file.read_text("utf-8"))
        for entry in written["answers"]:
            if entry["id"] == ANSWER:
                entry["text"] = entry["text"].rstrip() + "\n" + marker + "\n"
                file.write_text(yaml.safe_dump(written, allow_unicode=True, sort_keys=False), "utf-8")
                return str(entry["phrasings"][0])
    raise RuntimeError(f"content/faq has no answer {ANSWER}")


async def _said(engine: Ours, session: aiohttp.ClientSession, phrasing: str) -> str:
    return bare(" ".join(await engine.ask(session, uuid4().hex, phrasing)))
