"""The resident's page with a scripted house behind it, and one phone that looks at it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.desk.desk import Desk
from tests.browser.app_words import script
from tests.browser.resident import Phone, a_bare_desk, a_phone
from tests.fakes.app_api import Served, an_app_page


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with a_bare_desk(tmp_path_factory.mktemp("page")) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def served(desk: Desk) -> AsyncIterator[Served]:
    async with an_app_page(desk, script) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def phone(browser: Browser, served: Served) -> AsyncIterator[Phone]:
    async with a_phone(browser, served.url) as made:
        await expect(made.last).to_contain_text("这里是救助通")
        yield made
        await made.sound()
