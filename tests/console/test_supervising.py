"""The supervisor's pages over HTTP: what is escalated is seen and counts as looked at, work is assigned, every number opens its
list, and a large export needs two people (A-61)."""

from __future__ import annotations

import io
import re
from html import unescape

import pytest
from openpyxl import load_workbook

from bot.audit import Deed
from bot.desk.casework import listing
from bot.desk.supervising.escalating import escalate
from bot.staff import Role
from tests.console.conftest import Office
from tests.console.door import Visitor, inside
from tests.console.hall import Hall
from tests.console.hall import desk as desk
from tests.console.hall import hall as hall
from tests.console.hall import text as page
from tests.console.talking import HERE, officer, queued, reread

_LINK = re.compile(r'href="(/supervising/list\?[^"]+)"')


async def test_an_officer_does_not_find_the_supervisors_pages(office: Office) -> None:
    chen, _ = await officer(office, "chen")
    for path in ("/supervising", "/supervising/figures", "/supervising/list", "/exports"):
        assert (await chen.get(path)).status == 404


async def test_what_is_late_stands_on_the_board_and_counts_as_looked_at(office: Office) -> None:
    boss, zhao = await officer(office, "zhao", role=Role.SUPERVISOR)
    talk = await queued(office.desk, "我的电话13800001234", region=HERE)
    async with office.desk.store.writing() as work:
        await work.conversations.change(talk.id, office.desk.clock.now(), answer_by=office.desk.clock.now())
        await work.commit()
    office.desk.clock.advance(minutes=20)  # type: ignore[attr-defined]
    await escalate(office.desk)
    said = await page(boss, "/supervising")
    assert f'href="/conversations/{talk.id}"' in said
    assert "超时 20 分钟" in said
    assert "13800001234" not in said
    async with office.desk.store.reading() as work:
        (one,) = await work.supervising.open((HERE,), 10)
    assert (one.supervisor, one.seen_at) == (zhao.staff.id, office.desk.clock.now())


async def test_a_supervisor_assigns_what_waits(office: Office) -> None:
    boss, _ = await officer(office, "zhao", role=Role.SUPERVISOR)
    _, chen = await officer(office, "chen")
    talk = await queued(office.desk, region=HERE)
    said = await page(boss, "/supervising")
    assert f'action="/conversations/{talk.id}/assign"' in said
    assert (await boss.post(f"/conversations/{talk.id}/assign", to=chen.staff.id)).status == 303
    assert (await reread(office.desk, talk)).holder_name == chen.staff.id
    refused = await boss.post(f"/conversations/{talk.id}/assign", to="nobody")
    assert refused.status == 400
    assert "没有这位同事" in await refused.text()
    assert (await reread(office.desk, talk)).holder_name == chen.staff.id
    said = await page(boss, "/supervising")
    (link,) = [unescape(one) for one in _LINK.findall(said) if f"who={chen.staff.id}" in one]
    assert f'href="/conversations/{talk.id}"' in await page(boss, link)


async def test_every_number_of_the_charts_opens_a_list_as_long(office: Office) -> None:
    boss, _ = await officer(office, "zhao", role=Role.SUPERVISOR)
    for number in range(3):
        await queued(office.desk, sender=f"o-{number}", region=HERE)
    for span in (7, 30, 91):
        said = await page(boss, f"/supervising/figures?span={span}")
        assert "有 3 次来找人工" in said
        links = {unescape(one) for one in _LINK.findall(said)}
        today = [one for one in links if "what=came" in one and f"value={office.desk.today()}" in one]
        assert len(today) == (1 if span < 91 else 0)
        for link in sorted(links):
            behind = await page(boss, link)
            number = int(re.search(r"<h1>.*?（(\d+)）</h1>", behind)[1])  # type: ignore[index]
            assert behind.count('href="/conversations/') == number > 0, link
    assert (await boss.get("/supervising/figures?span=8")).status == 400
    assert (await boss.get("/supervising/figures?span=%F0%9D%9F%97")).status == 400
    assert (await boss.get("/supervising/list?what=salary")).status == 400
    assert (await boss.get("/supervising/list?what=held&who=nobody")).status == 400


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "LARGE", 1)


async def test_a_large_export_is_asked_by_one_and_released_by_another(hall: Hall, few: None) -> None:
    for _ in range(2):
        await hall.case()
    asks, other = [await hall.visitor(login, Role.SUPERVISOR) for login in ("zhao", "qian")]
    refused = await asks.post("/cases/export", state="open")
    assert refused.status == 400
    assert 'action="/exports"' in await refused.text()
    assert (await asks.post("/exports", state="open", reason="x")).status == 400
    assert (await asks.post("/exports", state="open", reason="月度核对用")).status == 303
    (export,) = await _exports(hall)
    assert (await asks.post(f"/exports/{export}/take")).status == 409, "not released yet"
    assert (await asks.post(f"/exports/{export}/release")).status == 403, "not by oneself"
    assert "等人放行" in await page(asks, "/exports")
    assert "月度核对用" in await page(other, "/exports")
    assert (await other.post(f"/exports/{export}/release")).status == 303
    assert (await other.post(f"/exports/{export}/refuse")).status == 409, "decided"
    assert (await other.post(f"/exports/{export}/take")).status == 403, "whoever asked takes it"
    taken = await asks.post(f"/exports/{export}/take")
    assert len(list(load_workbook(io.BytesIO(await taken.read())).active.iter_rows())) == 3
    assert (await asks.post(f"/exports/{export}/take")).status == 409, "once"
    lines = [(line.about["did"], line.about["rows"], line.about["state"]) for line in await hall.lines(Deed.EXPORT)]
    assert lines == [("ask", 2, "open"), ("release", 2, "open"), ("take", 2, "open")]


async def test_who_does_not_answer_for_the_places_releases_nothing(hall: Hall, few: None) -> None:
    for _ in range(2):
        await hall.case()
    asks = await hall.visitor("zhao", Role.SUPERVISOR, ("420100",))
    narrow = await hall.visitor("qian", Role.SUPERVISOR, ("420111",))
    assert (await asks.post("/exports", reason="月度核对用")).status == 303
    (export,) = await _exports(hall)
    assert (await narrow.post(f"/exports/{export}/release")).status == 403
    assert export not in await page(narrow, "/exports")
    assert (await narrow.post("/exports/none/release")).status == 400


async def test_what_was_released_is_taken_within_a_day_or_asked_anew(hall: Hall, few: None) -> None:
    for _ in range(2):
        await hall.case()
    asks, other = [await hall.visitor(login, Role.SUPERVISOR) for login in ("zhao", "qian")]
    await asks.post("/exports", reason="月度核对用")
    (export,) = await _exports(hall)
    await other.post(f"/exports/{export}/release")
    asks2 = await _a_day_later(hall, "zhao")
    assert (await asks2.post(f"/exports/{export}/take")).status == 409
    assert "过了24小时" in await page(asks2, "/exports")


async def test_a_short_list_needs_nobody(hall: Hall) -> None:
    await hall.case()
    asks = await hall.visitor("zhao", Role.SUPERVISOR)
    assert (await asks.post("/cases/export")).status == 200
    answer = await asks.post("/exports", reason="月度核对用")
    assert answer.status == 400
    assert await _exports(hall) == []


async def _exports(hall: Hall) -> list[str]:
    async with hall.office.desk.store.reading() as work:
        return [one.id for one in await work.supervising.exports(hall.office.desk.clock.now().replace(year=2020))]


async def _a_day_later(hall: Hall, login: str) -> Visitor:
    hall.later(hours=25)
    async with hall.office.desk.store.reading() as work:
        staff = await work.staff.by_login(login)
    assert staff is not None
    return await inside(hall.office, staff)
