"""The resident's page with hostile text in every field it shows: nothing runs, nothing is fetched, and the browser's own guard
has nothing to report (A-54, T-25)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.app_words import CASE, TO_SIGN
from tests.browser.office import EVERY, ROOT
from tests.browser.resident import a_bare_desk, a_phone
from tests.fakes.app_api import Served, an_app_page

PAYLOADS = (ROOT / "tests" / "samples" / "xss.txt").read_text(encoding="utf-8").splitlines()
STRANGE = (
    "#talk script, #talk iframe, #talk svg, #talk img, #talk style, #talk a, .page iframe, .page img, .page script"
)
pytestmark = pytest.mark.asyncio(loop_scope="module")


def echo(said: dict[str, Any]) -> Sequence[dict[str, Any]]:
    """Whatever is said comes back in every field of an answer."""
    words = said.get("text", "")
    if not words:
        return []
    source = {"title": words, "number": words, "clause": words, "date": "2026-07-01"}
    card = {"title": words, "sources": [source], "place": words, "as_of": words}
    return [{"text": words, "card": card, "options": [{"id": "1-1", "label": words}]}]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def served(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with a_bare_desk(tmp_path_factory.mktemp("hostile")) as desk, an_app_page(desk, echo) as made:
        yield made


@EVERY
async def test_hostile_words_are_only_words(browser: Browser, served: Served, every: int) -> None:
    async with a_phone(browser, served.url) as phone:
        for payload in PAYLOADS[::every]:
            await phone.say(payload)
            bubble = phone.last.locator("summary").get_by_text(payload[:20], exact=False)
            await expect(bubble.first).to_be_attached()
            served.api.say(author="officer", text=payload)
            served.api.say(author="system", text=payload)
            await expect(phone.said("system").last).to_contain_text(" ".join(payload.split())[:20])
            assert await phone.page.locator(STRANGE).count() == 0
            await phone.sound()
        mine = await phone.mine.evaluate_all("all => all.map(one => one.querySelector('p').textContent)")
        assert mine == [payload.strip() for payload in PAYLOADS[::every]]


@EVERY
async def test_hostile_cases_and_papers_are_only_words(browser: Browser, served: Served, every: int) -> None:
    async with a_phone(browser, served.url) as phone:
        for payload in PAYLOADS[::every]:
            step = {**CASE["timeline"][0], "state_name": payload, "text": payload}  # type: ignore[index]
            case = {**CASE["case"], "programme": payload, "number": payload, "who": payload, "state_name": payload}  # type: ignore[dict-item]
            served.api.cases = [{"case": case, "text": payload, "timeline": [step]}]
            served.api.to_sign = {**TO_SIGN, "title": payload, "text": payload, "version": payload}
            for view, place in (("cases", ".case h3"), ("sign", "#sign-body h3")):
                await phone.page.evaluate(f"location.hash = '#/{view}'")
                await expect(phone.page.locator(place)).to_contain_text(" ".join(payload.split())[:20])
                assert await phone.page.locator(STRANGE).count() == 0
                await phone.sound()
                await phone.page.evaluate("location.hash = ''")


async def test_hostile_words_that_wait_for_the_network(browser: Browser, served: Served) -> None:
    async with a_phone(browser, served.url) as phone:
        await phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        await phone.context.set_offline(True)
        for payload in PAYLOADS[::9]:
            await phone.say(payload)
        await phone.page.reload()
        await expect(phone.mine).to_have_count(len(PAYLOADS[::9]))
        assert await phone.page.locator(STRANGE).count() == 0
        await phone.sound()
