"""axe-core run in a page: what somebody with a screen reader, a keyboard or weak eyes would stumble over."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from playwright.async_api import Page

AXE = Path(__file__).with_name("axe") / "axe.min.js"
_RUN = """async () => (await axe.run(document, { resultTypes: ["violations"] })).violations.flatMap(found =>
  found.nodes.map(node => `${found.id} (${found.impact}): ${node.target.join(" ")} ${node.any.concat(node.all, node.none)
    .map(one => one.message).join("; ").slice(0, 200)}`))"""


@cache
def _source() -> str:
    return AXE.read_text(encoding="utf-8")


async def stumbles(page: Page) -> list[str]:
    """Every violation of every rule, with where it is; the best practices too."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(_source())
    found: list[str] = await page.evaluate(_RUN)
    return found
