"""Excel in and out through the door: files come only as files, only from those who may, and land whole or not at all."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from aiohttp import ClientResponse, FormData

from bot.audit import Deed
from bot.knowledge.workbook.reading import LARGEST_FILE, read
from bot.staff import Role
from console.security import UPLOADS
from tests.console.conftest import Office
from tests.console.door import Visitor, inside
from tests.console.people import colleague
from tests.knowledge.workbook.books import changed, column, line_of

WINDOW = "县级民政局"


async def editor(office: Office, login: str = "xuan", role: Role = Role.EDITOR, region: str = "000000") -> Visitor:
    return await inside(office, (await colleague(office.desk, office.boss, login, [role], (region,))).staff)


async def windows(visitor: Visitor) -> bytes:
    answer = await visitor.get("/workbooks/content?kind=office")
    assert answer.status == 200
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    return await answer.read()


async def send(visitor: Visitor, content: bytes, name: str = "窗口.xlsx", **fields: str) -> ClientResponse:
    form = FormData()
    for key, value in ({"form_token": visitor.form_token} | fields).items():
        form.add_field(key, value)
    form.add_field("file", io.BytesIO(content), filename=name)
    return await visitor.browser.post("/workbooks", data=form, allow_redirects=False)


def told(text: str) -> Any:
    def change(made: Any) -> None:
        sheet = made["窗口"]
        sheet.cell(line_of(sheet, "name", WINDOW), column(sheet, "serves")).value = text

    return change


async def drafts(office: Office) -> list[Any]:
    async with office.desk.store.reading() as work:
        return list(await work.proposals.list())


async def test_a_file_is_tried_then_lands_then_is_handed_over(office: Office) -> None:
    xuan = await editor(office)
    answer = await send(xuan, changed(await windows(xuan), told("<script>alert(1)</script>低保确认")))
    assert answer.status == 303, await answer.text()
    where = answer.headers["Location"]
    page = await (await xuan.get(where)).text()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert await drafts(office) == []
    assert (await xuan.post(f"{where}/land")).status == 303
    (draft,) = await drafts(office)
    assert (draft.kind, draft.data["serves"]) == ("office", "<script>alert(1)</script>低保确认")
    assert "一起送审" in await (await xuan.get(where)).text()
    assert (await xuan.post(f"{where}/land")).status == 409
    answer = await xuan.post(f"{where}/submit")
    assert answer.status == 303, await answer.text()
    assert [one.state for one in await drafts(office)] == ["submitted"]


async def test_a_wrong_row_is_named_and_the_marked_file_comes_back(office: Office) -> None:
    def wrong(made: Any) -> None:
        sheet = made["窗口"]
        sheet.cell(line_of(sheet, "name", WINDOW), column(sheet, "phone")).value = "打不通"

    xuan = await editor(office)
    where = (await send(xuan, changed(await windows(xuan), wrong))).headers["Location"]
    page = await (await xuan.get(where)).text()
    assert "不是电话号码" in page
    assert "全部成为草稿" not in page
    assert (await xuan.post(f"{where}/land")).status == 400
    marked = await (await xuan.get(f"{where}/errors")).read()
    assert len(read(marked).rows) == len(read(await windows(xuan)).rows)
    assert (await xuan.post(f"{where}/drop")).status == 303
    assert await drafts(office) == []


async def test_what_is_no_file_of_ours_is_one_line(office: Office) -> None:
    xuan = await editor(office)
    for content, said in ((b"hello", "不是 .xlsx"), (b"", "不是 .xlsx"), (b"x" * (LARGEST_FILE + 9), "最多5兆")):
        answer = await send(xuan, content)
        assert (answer.status, said in await answer.text()) == (400, True), said
    answer = await send(xuan, b"x" * (UPLOADS["/workbooks"] + 9))
    assert answer.status == 413
    answer = await xuan.post("/workbooks")
    assert (answer.status, "请先选一个" in await answer.text()) == (400, True)


async def test_a_file_from_elsewhere_is_refused(office: Office) -> None:
    xuan = await editor(office)
    content = await windows(xuan)
    assert (await send(xuan, content, form_token="0" * 64)).status == 403
    form = FormData({"form_token": xuan.form_token})
    form.add_field("file", io.BytesIO(content), filename="x.xlsx")
    answer = await xuan.browser.post("/workbooks", data=form, headers={"Origin": "https://evil.example"})
    assert answer.status == 403


async def test_who_may_not_write_sends_nothing_and_nobody_opens_anothers_file(office: Office) -> None:
    xuan, shen = await editor(office), await editor(office, "shen", Role.APPROVER)
    content = await windows(xuan)
    assert (await send(shen, content)).status == 404
    where = (await send(xuan, content)).headers["Location"]
    other = await editor(office, "bian")
    assert (await other.get(where)).status == 403
    assert (await other.post(f"{where}/land")).status == 403
    assert (await other.post(f"{where}/drop")).status == 403


async def test_a_pack_is_for_ones_own_place(office: Office) -> None:
    xuan = await editor(office, region="420100")
    answer = await xuan.get("/workbooks/pack?place=湖北省武汉市洪山区")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="pack-420111.xlsx"'
    for place, status in (("没有这里", 400), ("", 400), ("310000", 403)):
        assert (await xuan.get(f"/workbooks/pack?place={place}")).status == status, place
    assert (await xuan.get("/workbooks/content?kind=nothing")).status == 400
    async with office.desk.store.reading() as work:
        lines = [line async for line, _ in work.audit.lines() if line.deed is Deed.EXPORT]
    assert [(line.what, line.region) for line in lines] == [("pack:420111", "420111")]


async def test_everything_is_taken_along_as_plain_files(office: Office) -> None:
    xuan = await editor(office)
    answer = await xuan.get("/workbooks/files")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    with zipfile.ZipFile(io.BytesIO(await answer.read())) as parts:
        assert {"documents.csv", "words.yml", ".edition"} <= set(parts.namelist())
    assert "/workbooks/files" in await (await xuan.get("/workbooks")).text()
