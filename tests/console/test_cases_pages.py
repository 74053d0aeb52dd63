"""The pages of cases over HTTP: whose they are, what they hide, what each look and deed leaves behind (A-47, A-54, A-55, A-61,
T-27, T-29, T-30, T-35)."""

from __future__ import annotations

import re

import pytest

from bot.audit import Deed
from bot.cases import new_number
from bot.desk.casework import listing, revealing
from bot.desk.handoff.asking import _CALL_BACK
from console import rights
from tests.console.hall import IDENTITY, NAME, PHONE, PICTURE, SECRETS, Hall, everything, text
from tests.console.hall import desk as desk
from tests.console.hall import hall as hall

ELSEWHERE = ("420103",)


async def test_the_list_and_the_case_are_masked_and_the_look_is_recorded(hall: Hall) -> None:
    case = await hall.case()
    chen = await hall.visitor("chen")
    listed, shown = await text(chen, "/cases"), await text(chen, f"/cases/{case.id}")
    for page in (listed, shown):
        assert "王**" in page
        for secret in SECRETS:
            assert secret not in page
    assert f'href="/cases/{case.id}"' in listed
    assert "420***********1234" in shown
    assert "138****8765" in shown
    assert "李**" in shown
    assert "还缺 1 项" in shown
    (line,) = await hall.lines(Deed.READ)
    assert (line.what, line.region) == (f"case:{case.id}", "420111")


def own_routes() -> list[tuple[str, str]]:
    marks = ("{case}", "{task}", "{referral}")
    parts = ("/cases", "/tasks", "/referrals")
    return [route for route in rights.table() if route[1].startswith(parts) and any(mark in route[1] for mark in marks)]


GOOD = {
    "reason": "核对收入情况", "part": "applicant.phone", "to": "accepted", "version": "1", "kind": "visit", "day": "2026-12-02",
    "hour": "10:00", "text": "上门", "office": "school", "what": "请减免学费", "follow_up": "2026-12-10", "outcome": "办好了",
    "state": "done",
}  # fmt: skip


async def test_what_is_another_place_s_is_not_there_on_any_route(hall: Hall) -> None:
    """A-47, T-27: the same page as for what does not exist; nothing is shown, nothing happens, and it is recorded."""
    case = await hall.case()
    there = await everything(hall, await hall.visitor("chen"), case)
    stranger = await hall.visitor("wugong", regions=ELSEWHERE)
    nobody = await hall.visitor("ligong", regions=())
    seen_before, before = await hall.lines(Deed.REVEAL, Deed.EXPORT, Deed.MOVE, Deed.CHANGE), await hall.now(case)
    assert len(own_routes()) >= 11
    for visitor in (stranger, nobody):
        for method, path in own_routes():
            mine, missing = path, re.sub(r"\{\w+\}", "0" * 20, path)
            for mark, value in there.items():
                mine = mine.replace(mark, value)
            ask = visitor.get if method == "GET" else lambda asked, visitor=visitor: visitor.post(asked, **GOOD)
            answer, other = await ask(mine), await ask(missing)
            assert (answer.status, await answer.text()) == (404, await other.text()), (method, path)
        for path in ("/cases", "/tasks", "/referrals"):
            page = await text(visitor, path)
            assert case.id not in page
            assert there["{task}"] not in page
            assert there["{referral}"] not in page
    assert await hall.lines(Deed.REVEAL, Deed.EXPORT, Deed.MOVE, Deed.CHANGE) == seen_before
    assert await hall.now(case) == before
    assert {line.what for line in await hall.lines(Deed.REFUSED)} >= {f"case:{case.id}"}


async def test_a_part_is_shown_for_a_reason_that_stays(hall: Hall) -> None:
    case = await hall.case()
    chen = await hall.visitor("chen")
    path = f"/cases/{case.id}/reveal"
    for reason in ("", "看", "   "):
        answer = await chen.post(path, part="applicant.phone", reason=reason)
        assert answer.status == 400
        assert PHONE not in await answer.text()
    assert await hall.lines(Deed.REVEAL) == []
    for part, secret in (
        ("applicant.phone", PHONE), ("applicant.identity", IDENTITY), ("applicant.name", NAME), ("health_detail", "透析"),
    ):  # fmt: skip
        answer = await chen.post(path, part=part, reason="电话核对住址")
        page = await answer.text()
        assert answer.status == 200, page
        assert secret in page
        for other in set(SECRETS) - {secret}:
            assert other not in page, (part, other)
        line = (await hall.lines(Deed.REVEAL))[-1]
        assert (line.what, line.reason, line.about) == (f"case:{case.id}", "电话核对住址", {"fields": [part]})
    assert (await chen.post(path, part="members.9.identity", reason="电话核对住址")).status == 400
    assert len(await hall.lines(Deed.REVEAL)) == 4


async def test_reveals_have_a_limit_an_hour(hall: Hall) -> None:
    """A-61."""
    case = await hall.case()
    chen = await hall.visitor("chen")

    async def ask() -> int:
        return (await chen.post(f"/cases/{case.id}/reveal", part="applicant.phone", reason="电话核对住址")).status

    assert [await ask() for _ in range(revealing.REVEALS + 2)] == [200] * revealing.REVEALS + [409] * 2
    assert len(await hall.lines(Deed.REVEAL)) == revealing.REVEALS
    hall.later(minutes=29)
    await text(chen, "/cases")
    hall.later(minutes=29)
    await text(chen, "/cases")
    hall.later(minutes=3)
    assert await ask() == 200


async def test_a_photo_is_saved_never_opened_in_place(hall: Hall) -> None:
    case, other = await hall.case(), await hall.case()
    chen = await hall.visitor("chen")
    async with hall.office.desk.store.reading() as work:
        (paper,) = await work.papers.of_case(case.id)
    answer = await chen.post(f"/cases/{case.id}/papers/{paper.id}", reason="核对证件照片")
    assert (answer.status, await answer.read()) == (200, PICTURE)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="paper-{paper.id}.jpg"'
    assert (answer.headers["X-Content-Type-Options"], answer.headers["Cache-Control"]) == ("nosniff", "no-store")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert (await chen.post(f"/cases/{other.id}/papers/{paper.id}", reason="核对证件照片")).status == 404
    assert (await chen.post(f"/cases/{case.id}/papers/{paper.id}", reason="")).status == 400
    (line,) = await hall.lines(Deed.REVEAL)
    assert (line.what, line.about["paper"]) == (f"case:{case.id}", paper.id)


async def test_a_move_is_made_once_and_told(hall: Hall) -> None:
    case = await hall.case()
    chen = await hall.visitor("chen")
    path = f"/cases/{case.id}/move"
    refused = await chen.post(path, to="need_more", version=str(case.version), reason="")
    assert (refused.status, (await hall.now(case)).state) == (400, "submitted")
    answer = await chen.post(
        path, to="need_more", version=str(case.version), reason="请补一下", missing="户口簿\n\n收入证明"
    )
    assert answer.status == 303, await answer.text()
    assert (await hall.now(case)).state == "need_more"
    late = await chen.post(path, to="accepted", version=str(case.version), reason="写好的理由")
    assert late.status == 409
    assert "写好的理由" in await late.text(), "what was typed is kept"
    assert (await chen.post(path, to="paying", version=str((await hall.now(case)).version))).status == 409
    (line,) = await hall.lines(Deed.MOVE)
    assert line.about == {"from": "submitted", "to": "need_more"}
    page = await text(chen, f"/cases/{case.id}")
    assert "材料：户口簿、收入证明" in page
    assert "已发消息" in page


async def test_what_became_of_a_notice_on_each_way_stands_in_the_timeline(hall: Hall) -> None:
    case = await hall.case()
    chen = await hall.visitor("chen")
    async with hall.office.desk.store.writing() as work:
        now = hall.office.desk.clock.now()
        notice = await work.notices.add(case.id, case.person, "notice_move", "", (), {}, now)
        for route, outcome, reason in (("subscription", "passed", "not_agreed"), ("sms", "undelivered", "<b>off</b>")):
            await work.notices.tried(notice, route, outcome, reason, now)
        await work.commit()
    page = await text(chen, f"/cases/{case.id}")
    assert "小程序订阅通知：没走这条路（本人没有订阅）" in page
    assert "短信：没有送到，改走下一条路（&lt;b&gt;off&lt;/b&gt;）" in page


async def test_a_case_is_found_by_whole_numbers_only(hall: Hall) -> None:
    """By keyed hash: a part of a number, or a name, finds nothing."""
    case, foreign = await hall.case(), await hall.case(region="420103")
    chen = await hall.visitor("chen")
    for said in (case.number, IDENTITY, IDENTITY[:6] + " " + IDENTITY[6:], PHONE, f"+86 {PHONE}"):
        page = await (await chen.post("/cases/search", number=said)).text()
        assert case.id in page, said
        assert foreign.id not in page
        assert IDENTITY not in page
    for said in (foreign.number, new_number(), "110101199003070011", "13900001111"):
        page = await (await chen.post("/cases/search", number=said)).text()
        assert "没有找到，或者不归您管" in page
    for said in (NAME, IDENTITY[:17], PHONE[-4:], "", "%", "' OR 1=1 --"):
        assert (await chen.post("/cases/search", number=said)).status == 400, said
    found = await hall.lines(Deed.SEARCH)
    assert [line.about for line in found][:2] == [{"by": "number", "found": 1}, {"by": "identity", "found": 1}]
    assert not any(secret in str(found) for secret in SECRETS)


async def test_somebody_s_new_number_finds_them_and_the_old_one_does_not(hall: Hall) -> None:
    case = await hall.case()
    async with hall.office.desk.store.writing() as work:
        await work.people.change(case.person, hall.town.now, phone="13911112222")
        await work.commit()
    async with hall.office.desk.store.reading() as work:
        assert [one.id for one in await work.people.find("phone", "13911112222")] == [case.person]
        assert await work.people.find("phone", PHONE) == []
        assert await work.people.find("phone", "") == []
    async with hall.office.desk.store.writing() as work:
        await work.people.erase(case.person, new_number(), hall.town.now)
        await work.commit()
    async with hall.office.desk.store.reading() as work:
        assert await work.people.find("identity", IDENTITY) == []


async def test_the_list_narrows_and_goes_on(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    late, soon = await hall.case(due=-3), await hall.case(due=2)
    plain = await hall.case(region="420106")
    chen = await hall.visitor("chen", regions=("420100",))

    async def listed(query: str) -> set[str]:
        return set(re.findall(r'href="/cases/([0-9A-Z]{26})"', await text(chen, f"/cases?{query}")))

    assert await listed("") == {late.id, soon.id, plain.id}
    assert await listed("due=overdue") == {late.id}
    assert await listed("due=week") == {soon.id}
    assert await listed("place=420106") == await listed("place=武汉市武昌区") == {plain.id}
    assert await listed("state=accepted") == await listed("programme=tekun") == await listed("month=2026-10") == set()
    assert await listed("state=open&programme=dibao&month=2026-11") == {late.id, soon.id, plain.id}
    page = await text(chen, "/cases")
    assert "超期 3 个工作日" in page or "超期 2 个工作日" in page or "超期 1 个工作日" in page
    for wrong in (
        "state=nonsense",
        "due=x",
        "place=火星",
        "month=2026-13",
        "month=9999-12",
        "place=999999",
        "programme='",
    ):
        assert (await chen.get(f"/cases?{wrong}")).status == 400, wrong
    monkeypatch.setattr(listing, "PAGE", 2)
    pages, path = [], "/cases"
    while path:
        page = await text(chen, path)
        pages.append(re.findall(r'<td class="number"><a href="/cases/([0-9A-Z]{26})"', page))
        more = re.search(r'href="(/cases\?after=[^"]+)"', page)
        path = more[1] if more else ""
    assert [len(ids) for ids in pages] == [2, 1]
    assert {one for ids in pages for one in ids} == {late.id, soon.id, plain.id}


async def test_a_call_back_leads_into_its_conversation(hall: Hall) -> None:
    talk, now = "01M8D22TEE8ZXBD98C10M7WVW7", hall.office.desk.clock.now()
    async with hall.office.desk.store.writing() as work:
        text = _CALL_BACK.format(conversation=talk)
        await work.tasks.add("callback", "", "", "420111", text, "", now, now)
        await work.commit()
    page = await (await (await hall.visitor("chen")).get("/tasks")).text()
    assert f'<a href="/conversations/{talk}">打开会话</a>' in page
    assert "请在会话里回复" in page
