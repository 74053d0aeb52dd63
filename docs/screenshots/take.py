"""Take the pictures of this folder anew from a running assistant: `python docs/screenshots/take.py http://127.0.0.1:8080`.

Start it with a fresh JIUZHUTONG_HOME, so that the conversations begin here.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
SIZES = {"1280": {"width": 1280, "height": 900}, "390": {"width": 390, "height": 844}}
HERE = Path(__file__).parent


def shoot(page: Page, name: str) -> None:
    page.screenshot(path=HERE / f"{name}.png", animations="disabled")


def ask(page: Page, question: str) -> None:
    answers = page.locator("#talk .account")
    before = answers.count()
    page.get_by_label("写一句话").fill(question)
    page.keyboard.press("Enter")
    expect(answers).to_have_count(before + 1, timeout=15_000)


def take(page: Page, base: str, size: str) -> None:
    page.goto(f"{base}/sandbox/")
    become(page, size, "老李" if size == "390" else "王奶奶")
    shoot(page, f"sandbox-{size}-empty")
    for question in [button.inner_text() for button in page.locator("#questions button").all()][:2]:
        ask(page, question)
    shoot(page, f"sandbox-{size}")
    if size == "390":
        page.get_by_role("button", name="更多").click()
        shoot(page, f"sandbox-{size}-kinds")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="记录").click()
        shoot(page, f"sandbox-{size}-log")
        page.keyboard.press("Escape")
        become(page, size, "张叔")
        ask(page, page.locator("#questions button").first.inner_text())
        shoot(page, f"sandbox-{size}-large")
    else:
        become(page, size, "小陈")
        ask(page, page.locator("#questions button").first.inner_text())
        shoot(page, f"sandbox-{size}-options")


def become(page: Page, size: str, name: str) -> None:
    if size == "390":
        page.get_by_role("button", name="换居民").click()
    page.locator("#people").get_by_role("button", name=re.compile(name)).click()
    expect(page.locator("#me")).to_contain_text(name)
    expect(page.locator("#empty")).to_be_visible()


def main() -> None:
    base = sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8080"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        for size, viewport in SIZES.items():
            context = browser.new_context(viewport=viewport, locale="zh-CN")  # type: ignore[arg-type]
            take(context.new_page(), base, size)
        browser.close()


if __name__ == "__main__":
    main()
