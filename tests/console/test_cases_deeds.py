"""What leaves the pages of cases, what is done there, and what is counted (A-55, T-29, T-30): tables, packages, letters, tasks,
reports."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from openpyxl import load_workbook

from bot.audit import Deed
from bot.clock import FixedClock
from bot.desk.casework import listing, spreadsheet
from bot.desk.casework.asking_after import ask_due
from bot.desk.ports import Store
from bot.regions import RegionTree
from bot.staff import RIGHTS, Role
from tests.chain import first_break
from tests.console.hall import IDENTITY, NAME, PHONE, SECRETS, Hall, everything, text
from tests.console.hall import desk as desk
from tests.console.hall import hall as hall

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "=cmd|' /C calc'!A0", "\x01=1", "'=1")


async def test_every_cell_of_the_spreadsheet_is_text(hall: Hall) -> None:
    """A-55, T-29."""
    case = await hall.case()
    async with hall.office.desk.store.writing() as work:
        await work.cases.change(case.id, hall.town.now, office_number="=HYPERLINK(1)")
        await work.commit()
    boss = await hall.visitor("zhao", Role.SUPERVISOR)
    answer = await boss.post("/cases/export")
    data = await answer.read()
    assert answer.status == 200
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    sheet = load_workbook(io.BytesIO(data)).active
    assert [row[-1].value for row in sheet.iter_rows()][1:] == ["=HYPERLINK(1)"]
    for row in sheet.iter_rows():
        assert all(cell.data_type in ("s", "inlineStr") for cell in row)
    for secret in SECRETS:
        assert secret not in str([cell.value for row in sheet.iter_rows() for cell in row])
    (line,) = await hall.lines(Deed.EXPORT)
    assert (line.what, line.about) == ("cases", {"rows": 1})
    assert [(await boss.post("/cases/export")).status for _ in range(listing.EXPORTS)][-1] == 409


def test_no_formula_lives_in_a_spreadsheet() -> None:
    data = spreadsheet.write(["=A1"], [[formula] for formula in FORMULAS])
    cells = [row[0] for row in load_workbook(io.BytesIO(data)).active.iter_rows()]
    assert [cell.data_type for cell in cells] == ["s"] * (len(FORMULAS) + 1)
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


async def test_the_package_is_handed_out_for_a_reason(hall: Hall) -> None:
    case = await hall.case()
    chen = await hall.visitor("chen")
    assert (await chen.post(f"/cases/{case.id}/package", reason="")).status == 400
    answer = await chen.post(f"/cases/{case.id}/package", reason="交给市里系统")
    with zipfile.ZipFile(io.BytesIO(await answer.read())) as made:
        assert {"case.json", "form.html", "manifest.json", "manifest.sig"} <= set(made.namelist())
    (line,) = await hall.lines(Deed.EXPORT)
    assert (line.what, line.reason, line.about["key"]) == (f"case:{case.id}", "交给市里系统", "shi")
    assert (await hall.town.timeline(case))[-1].about["revealed"] == "交给市里系统"


async def test_a_package_needs_a_key_for_the_place(hall: Hall) -> None:
    case = await hall.case(region="330106")
    far = await hall.visitor("zhou", regions=("330100",))
    answer = await far.post(f"/cases/{case.id}/package", reason="交给市里系统")
    assert answer.status == 400
    assert await hall.lines(Deed.EXPORT) == []


async def test_a_letter_goes_out_and_is_followed_up(hall: Hall) -> None:
    case = await hall.case()
    chen = await hall.visitor("chen")
    there = await everything(hall, chen, case)
    letter = await text(chen, f"/referrals/{there['{referral}']}/letter")
    assert NAME in letter
    assert PHONE in letter
    assert IDENTITY not in letter
    assert "请减免学费" in letter
    assert [line.reason for line in await hall.lines(Deed.EXPORT)] == ["转介函"]
    assert NAME not in await text(chen, "/referrals")
    path = f"/referrals/{there['{referral}']}"
    assert (await chen.post(path, state="done", outcome="")).status == 400
    assert (await chen.post(path, state="done", outcome="学费已减免")).status == 303
    assert (await chen.post(path, state="returned", outcome="再退一次")).status == 409
    assert there["{referral}"] not in await text(chen, "/referrals")


async def test_a_letter_names_its_ground_its_papers_and_whom_to_answer(hall: Hall) -> None:
    """S17."""
    case, other, chen = await hall.case(), await hall.case(), await hall.visitor("chen")
    async with hall.office.desk.store.reading() as work:
        (mine,), (foreign,) = await work.papers.of_case(case.id), await work.papers.of_case(other.id)
    assert mine.id in await text(chen, f"/cases/{case.id}")
    path, fields = f"/cases/{case.id}/referrals", {"office": "school", "what": "请减免学费", "follow_up": "2026-12-09"}
    refused = await chen.post(path, **fields, papers=foreign.id)
    assert refused.status == 400
    assert "已经不在这个案件里" in await refused.text()
    assert (await chen.post(path, **fields, papers=mine.id)).status == 303
    async with hall.office.desk.store.reading() as work:
        (made,) = await work.referrals.of_case(case.id)
    assert made.papers == (mine.id,)
    letter = re.sub(r"\s+", "", await text(chen, f"/referrals/{made.id}/letter"))
    for said in (
        "依据《中华人民共和国社会救助法》第64条",
        "随函材料</th><td>身份证照片1张",
        "答复给</th><td>",
        "2026年12月9日前",
        "回执号",
    ):
        assert said in letter, said


async def test_what_residents_say_of_an_office_is_shown_and_each_number_opens_its_list(hall: Hall) -> None:
    cases, chen = [await hall.case(), await hall.case()], await hall.visitor("chen")
    for case in cases:
        await everything(hall, chen, case)
    assert "还没有问过" in await text(chen, "/referrals")
    hall.later(days=14)
    desk = hall.office.desk
    assert await ask_due(desk) == 2
    async with desk.store.writing() as work:
        (one,) = await work.referrals.of_case(cases[0].id)
        await work.referrals.helped(one, "nobody", "open", one.task, hall.town.now)
        await work.cases.note(cases[0], "resident:p", "", hall.town.now, referral=one.id, helped="nobody")
        await work.commit()
    chen = await hall.visitor("wang")
    page = await text(chen, "/referrals")
    assert "居民说还没人找过" in page
    assert "问过居民，还没答" in page
    links = dict(re.findall(r'href="/referrals\?office=school&amp;said=(\w+)">(\d+)', page))
    assert links == {"asked": "2", "nobody": "1", "silent": "1"}
    for said, number in links.items():
        listed = await text(chen, f"/referrals?office=school&said={said}")
        assert listed.count('href="/cases/') == int(number)
        assert NAME not in listed
    assert (await chen.get("/referrals?office=school&said=x")).status == 400
    far = await hall.visitor("zhou", regions=("330100",))
    assert "还没有问过" in await text(far, "/referrals")
    assert 'href="/cases/' not in await text(far, "/referrals?office=school&said=asked")
    one_case = await text(chen, f"/cases/{cases[0].id}")
    assert "转介：居民说还没人找过" in one_case
    assert "近半年1位回话，帮上0位" in one_case


async def test_another_kind_of_office_needs_the_resident_s_own_consent(hall: Hall) -> None:
    """个人信息保护法 第23条."""
    case = await hall.case()
    chen = await hall.visitor("chen")
    path, fields = f"/cases/{case.id}/referrals", {"what": "请给点衣物", "follow_up": "2026-12-09", "office": "other"}
    assert (await chen.post(path, other="洪山区慈善会", **fields)).status == 400
    assert (await chen.post(path, consent="11月25日电话里同意", **fields)).status == 400
    assert (await chen.post(path, other="洪山区慈善会", consent="11月25日电话里同意", **fields)).status == 303
    assert "单独同意：11月25日电话里同意" in await text(chen, f"/cases/{case.id}")


async def test_the_resident_is_asked_in_the_chat_before_anything_goes_to_another_kind_of_office(hall: Hall) -> None:
    case, chen = await hall.case(), await hall.visitor("chen")
    path = f"/cases/{case.id}/referrals"
    fields = {"what": "请给点衣物", "follow_up": "2026-12-09", "office": "other", "other": "洪山区慈善会", "ask": "yes"}
    assert (await chen.post(path, **(fields | {"office": "school"}))).status == 400
    assert (await chen.post(path, **fields)).status == 303
    async with hall.office.desk.store.reading() as work:
        (made,) = await work.referrals.of_case(case.id)
    assert made.state == "asking"
    page = await text(chen, "/referrals")
    assert "等本人同意" in page
    assert f"/referrals/{made.id}/letter" not in page
    assert (await chen.get(f"/referrals/{made.id}/letter")).status == 404
    assert "问本人同不同意转介" in await text(chen, f"/cases/{case.id}")
    assert (await chen.post(f"/referrals/{made.id}", state="done", outcome="送到了")).status == 409
    assert (await chen.post(f"/referrals/{made.id}", said="yes", outcome="")).status == 400
    assert (await chen.post(f"/referrals/{made.id}", said="yes", outcome="11月25日电话里同意")).status == 303
    assert "洪山区慈善会" in await text(chen, f"/referrals/{made.id}/letter")
    assert "单独同意：本人同意：11月25日电话里同意" in await text(chen, f"/cases/{case.id}")
    far = await hall.visitor("zhou", regions=("330100",))
    assert (await far.post(f"/referrals/{made.id}", said="no", outcome="11月25日电话里说的")).status == 404


async def test_a_task_is_done_once_and_its_number_is_hidden(hall: Hall) -> None:
    case = await hall.case()
    chen = await hall.visitor("chen")
    task = (await everything(hall, chen, case))["{task}"]
    page = await text(chen, "/tasks")
    assert "上门看房" in page
    assert "138****8765" in page
    assert PHONE not in page
    page = await (await chen.post(f"/tasks/{task}/phone", reason="按约定打电话")).text()
    assert PHONE in page
    assert (await hall.lines(Deed.REVEAL))[-1].what == f"task:{task}"
    assert (await chen.post(f"/tasks/{task}/done", outcome="")).status == 400
    assert (await chen.post(f"/tasks/{task}/done", outcome="看过了，房子漏雨")).status == 303
    assert (await chen.post(f"/tasks/{task}/done", outcome="又看一次")).status == 409
    assert task not in await text(chen, "/tasks")
    assert "看过了，房子漏雨" in await text(chen, f"/cases/{case.id}")


@pytest.mark.parametrize(
    "fields",
    [{"kind": "party"}, {"day": "2020-01-01"}, {"day": "x"}, {"hour": ""}, {"text": " "}, {"text": "长" * 301}],
)
async def test_a_booking_says_what_is_missing(hall: Hall, fields: dict[str, str]) -> None:
    case = await hall.case()
    chen = await hall.visitor("chen")
    good = {"kind": "callback", "day": "2026-12-01", "hour": "09:30", "text": "问收入"}
    answer = await chen.post(f"/cases/{case.id}/tasks", **(good | fields))
    assert answer.status == 400
    assert 'role="alert"' in await answer.text()
    assert await hall.town.tasks(case) == []


async def test_every_number_of_the_report_opens_the_list_behind_it(hall: Hall) -> None:
    slow, quick, elsewhere = await hall.case(), await hall.case(), await hall.case(region="420103")
    await hall.case(region="420100")
    await hall.case(region="")
    boss = await hall.visitor("zhao", Role.SUPERVISOR, ("420111", "420100"))
    await hall.town.set(quick, "accepted", "checking")
    slow = await hall.town.set(slow, "accepted")
    await hall.town.set(elsewhere, "accepted")
    page = await text(boss, "/reports")
    assert "2026-11 收到 5 件" in page
    counted = 0
    for link, inner in re.findall(r'<a [^>]*?href="(/cases[^"]*)"[^>]*>(.*?)</a>', page, re.DOTALL):
        number = re.search(r"\d+", re.sub(r"<[^>]+>", " ", inner))
        if number is None:
            continue
        behind = await text(boss, link.replace("&amp;", "&"))
        assert len(re.findall(r'<td class="number"><a href="/cases/', behind)) == int(number[0]), (link, inner)
        counted += 1
    assert counted >= 9


async def test_days_taken_are_counted_against_the_days_the_rules_give(hall: Hall) -> None:
    """低保审核确认办法: the office has so many working days; who was later is counted, and named behind the number."""
    case, quick = await hall.case(), await hall.case()
    await hall.town.set(quick, "accepted", "investigating", "publicizing", "reviewing")
    case = await hall.town.set(case, "accepted", "investigating", "publicizing")
    hall.later(days=28)
    await hall.town.set(case, "reviewing")
    boss = await hall.visitor("zhao", Role.SUPERVISOR)
    page = await text(boss, "/reports?month=2026-12")
    late = re.findall(r'href="(/cases\?left=2026-12[^"]*late=1)"', page)
    assert late, page
    behind = await text(boss, late[0].replace("&amp;", "&"))
    assert case.id in behind
    assert quick.id not in behind
    for wrong in ("2026-13", "x", "0000-00", "9999-99"):
        assert (await boss.get(f"/reports?month={wrong}")).status == 400


async def test_who_only_publishes_or_runs_the_machine_sees_no_case(hall: Hall) -> None:
    case = await hall.case()
    for role in (Role.EDITOR, Role.APPROVER, Role.OPERATOR, Role.AUDITOR):
        assert not any(right.startswith(("cases.", "referrals.", "reports.")) for right in RIGHTS[role])
        visitor = await hall.visitor(f"x{role}", role)
        assert (await visitor.get(f"/cases/{case.id}")).status == 404
    assert (await (await hall.visitor("chen")).post("/cases/export")).status == 404


async def test_no_line_of_all_this_names_anybody_and_the_chain_holds(hall: Hall) -> None:
    case = await hall.case()
    chen = await hall.visitor("chen")
    there = await everything(hall, chen, case)
    await chen.post(f"/cases/{case.id}/reveal", part="section:家庭成员", reason="核对家里人口")
    await chen.post("/cases/search", number=IDENTITY)
    await text(chen, f"/referrals/{there['{referral}']}/letter")
    async with hall.office.desk.store.reading() as work:
        rows = [row async for row in work.audit.lines()]
        assert first_break(rows, work.audit.mac, await work.audit.head()) is None
    assert not any(secret in str(rows) for secret in SECRETS)


async def test_numbers_from_before_there_were_hashes_are_made_up_for(
    store: Store, clock: FixedClock, regions: RegionTree
) -> None:
    from sqlalchemy import update

    from bot.store.people_tables import people

    async with store.writing() as work:
        person = await work.people.make("", clock.now(), "test")
        await work.people.change(person.id, clock.now(), identity=IDENTITY)
        await work.people._link.run(update(people).values(identity_hash=None, phone_hash=None))  # type: ignore[attr-defined]
        await work.commit()
    async with store.writing() as work:
        assert await work.people.find("identity", IDENTITY) == []
        await work.people.tidy(clock.now())
        assert [one.id for one in await work.people.find("identity", IDENTITY)] == [person.id]
        await work.commit()
