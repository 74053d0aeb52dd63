"""Broadcasts through the door: two people, the limit on the page, escaped words, a stop."""

from __future__ import annotations

from bot.clock import FixedClock
from bot.desk.broadcast_ports import LIMITS, Audience, Stage, Taken
from bot.desk.publicity import sending
from bot.staff import Role
from tests.console.conftest import Office
from tests.console.door import Visitor, inside
from tests.console.people import colleague

TEXT = "<b>低保</b>标准调整，打12345问。"


class Phone:
    account, limits = "wechat:wx1", LIMITS["service"]

    def __init__(self) -> None:
        self.shown: list[str] = []

    async def audiences(self) -> list[Audience]:
        return [Audience("7", "武汉市", 3)]

    async def broadcast(self, text: str, audience: str, token: str) -> Taken:
        self.shown.append(text)
        return Taken("55")


async def visitor(office: Office, login: str, role: Role, region: str = "000000") -> Visitor:
    return await inside(office, (await colleague(office.desk, office.boss, login, [role], (region,))).staff)


async def written(xuan: Visitor, **fields: str) -> str:
    answer = await xuan.post("/broadcasts", **({"kind": "news", "text": TEXT, "audience": ""} | fields))
    assert answer.status == 303, await answer.text()
    return answer.headers["Location"]


async def version(office: Office, where: str) -> str:
    async with office.desk.store.reading() as work:
        return str((await work.broadcasts.get(where.rpartition("/")[2])).version)


async def handed_over(office: Office, xuan: Visitor) -> str:
    where = await written(xuan)
    fields = {"kind": "news", "text": TEXT, "audience": "", "then": "submit", "version": await version(office, where)}
    answer = await xuan.post(where, **fields)
    assert answer.status == 303, await answer.text()
    return where


async def test_one_writes_another_approves_and_it_goes_out(office: Office) -> None:
    xuan, shen = await visitor(office, "xuan", Role.EDITOR), await visitor(office, "shen", Role.APPROVER)
    where = await handed_over(office, xuan)
    page = await (await shen.get(where)).text()
    assert "&lt;b&gt;低保&lt;/b&gt;" in page
    assert "<b>低保" not in page
    assert "服务号：一个人每月最多收到 4 次群发" in page
    assert (await xuan.post(f"{where}/approve", version=await version(office, where))).status == 404
    answer = await shen.post(f"{where}/approve", version=await version(office, where))
    assert answer.status == 303, await answer.text()
    assert isinstance(office.desk.clock, FixedClock)
    office.desk.clock.advance(minutes=3)
    phone = Phone()
    assert await sending.send_due(office.desk, phone) == 1
    assert phone.shown == [TEXT]
    page = await (await shen.get(where)).text()
    assert "已发出" in page
    assert "还能发 <strong>3</strong> 次" in await (await xuan.get("/broadcasts")).text()


async def test_two_editors_and_nothing_is_lost(office: Office) -> None:
    xuan, bian = await visitor(office, "xuan", Role.EDITOR), await visitor(office, "bian", Role.EDITOR)
    where = await written(xuan)
    seen = await version(office, where)
    first = {"kind": "reminder", "text": "第一个人写的，打12345。", "audience": "", "version": seen}
    assert (await xuan.post(where, **first)).status == 303
    answer = await bian.post(where, **(first | {"text": "第二个人写的，打12345。"}))
    assert answer.status == 409
    assert "第二个人写的" in await answer.text()


async def test_what_may_not_go_out_stays_with_its_words(office: Office) -> None:
    xuan = await visitor(office, "xuan", Role.EDITOR)
    where = await written(xuan)
    fields = {"kind": "news", "text": "您不符合条件", "audience": "", "then": "submit"}
    answer = await xuan.post(where, version=await version(office, where), **fields)
    assert answer.status == 400
    page = await answer.text()
    assert "写了“您不符合”" in page
    for wrong in ({"kind": "x"}, {"send_at": "明天"}, {"send_at": "2020-01-01T09:00"}, {"text": "字" * 6000}):
        answer = await xuan.post("/broadcasts", **({"kind": "news", "text": TEXT, "audience": ""} | wrong))
        assert answer.status == 400, wrong


async def test_a_county_writes_to_its_tag_and_officers_stop_nothing(office: Office) -> None:
    await sending.note_audiences(office.desk, Phone())
    wuhan = await visitor(office, "wuhan", Role.EDITOR, "420100")
    page = await (await wuhan.get("/broadcasts")).text()
    assert "武汉市（3 人）" in page
    assert "所有关注的人" not in page
    assert (await wuhan.post("/broadcasts", kind="news", text=TEXT, audience="")).status == 403
    where = await written(wuhan, audience="7")
    officer = await visitor(office, "chen", Role.OFFICER, "420100")
    assert (await officer.get(where)).status == 200
    assert (await officer.post(f"{where}/stop")).status == 404
    elsewhere = await visitor(office, "bei", Role.APPROVER, "110000")
    assert (await elsewhere.get(where)).status == 403
    assert (await elsewhere.post(f"{where}/stop")).status == 403
    assert (await wuhan.post(f"{where}/stop", why="写错了")).status == 303
    async with office.desk.store.reading() as work:
        assert (await work.broadcasts.get(where.rpartition("/")[2])).stage is Stage.STOPPED


async def test_a_planned_moment_is_that_of_china(office: Office) -> None:
    xuan = await visitor(office, "xuan", Role.EDITOR)
    where = await written(xuan, send_at="2026-11-27T09:30")
    async with office.desk.store.reading() as work:
        found = await work.broadcasts.get(where.rpartition("/")[2])
    assert found.send_at is not None
    assert found.send_at.isoformat() == "2026-11-27T01:30:00+00:00"
