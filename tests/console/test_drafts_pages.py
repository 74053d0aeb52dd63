"""The editors' drafts over HTTP: nothing typed is lost, nothing is kept by looking, and each kind is kept by one page."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode

from bot.desk.publicity import proposals
from bot.desk.publicity_ports import State
from bot.staff import Role
from tests.console.conftest import Office
from tests.console.door import inside
from tests.console.editing import KEY, begun, kept, text, visitor
from tests.console.editing import desk as desk
from tests.console.people import colleague
from tests.desk.publicity.conftest import content as content


async def test_what_is_typed_is_kept_as_the_files_have_it(office: Office) -> None:
    lin = await visitor(office, "lin")
    path = await begun(lin)
    answer = await lin.post(
        path, version="1", title="特困几天办好", text="2026年起20天。\r\n问街道。", note="改短", then="save"
    )
    assert (answer.status, answer.headers["Location"]) == (303, path)
    found = await kept(office, path)
    assert found.data is not None
    assert (found.data["title"], found.data["text"]) == ("特困几天办好", "2026年起20天。\n问街道。\n")
    assert len(found.data["phrasings"]) > 6, "boxes that were not sent stay"
    assert (found.note, found.state) == ("改短", State.DRAFT)
    page = await text(lin, path)
    assert "特困几天办好" in page
    async with office.desk.store.reading() as work:
        lines = [line async for line, _ in work.audit.lines() if line.what == f"answer:{KEY}"]
    assert [line.about["step"] for line in lines] == ["draft", "saved"]


async def test_the_second_save_is_refused_with_the_difference_and_nothing_is_lost(office: Office) -> None:
    """T-46, A-84: two editors on one answer."""
    lin, wang = await visitor(office, "lin"), await visitor(office, "wang")
    path = await begun(lin)
    assert await begun(wang) == path, "they meet in one draft"
    assert (await lin.post(path, version="1", text="林写的。\r\n问街道。")).status == 303
    late = await wang.post(path, version="1", text="王写的。\r\n打12345。", title="王的标题", note="王的说明")
    page = re.sub("</?mark>", "", unescape(await late.text()))
    assert late.status == 409
    for said in ("林写的。", "王写的。", "王的标题", "王的说明", "别人刚保存的"):
        assert said in page
    assert re.search(r'<textarea id="box-text"[^>]*>\n王写的。\n打12345。', page), "what was typed is still in its box"
    assert 'name="version" value="2"' in page
    found = await kept(office, path)
    assert found.data is not None
    assert found.data["text"].startswith("林写的")
    assert (await wang.post(path, version="2", text="合起来的。\r\n问街道。")).status == 303


async def test_what_the_check_refuses_stays_a_draft_and_says_where(office: Office) -> None:
    lin = await visitor(office, "lin")
    path = await begun(lin)
    answer = await lin.post(path, version="1", text="您必须去。\r\n问街道。", then="submit")
    page = unescape(await answer.text())
    assert answer.status == 400
    assert "还不能送审" in page
    beside = page[page.index('id="hints-text"') :]
    assert "写了“必须”，像在命令，改成“要”或“请”" in beside[: beside.index("</div>")]
    assert (await kept(office, path)).state is State.DRAFT


async def test_submitted_taken_back_and_given_up(office: Office) -> None:
    lin = await visitor(office, "lin")
    path = await begun(lin)
    good = "2026年的规定：一般45天内办完。\r\n等久了，问街道。"
    assert (await lin.post(path, version="1", text=good, then="submit")).status == 303
    assert (await kept(office, path)).state is State.SUBMITTED
    page = await text(lin, path)
    assert "撤回来再改" in page
    assert "保存草稿" not in page
    version = str((await kept(office, path)).version)
    assert (await lin.post(f"{path}/step", step="take_back", version=version)).status == 303
    version = str((await kept(office, path)).version)
    assert (await lin.post(f"{path}/step", step="withdraw", version=version, why="不用了")).status == 303
    assert (await kept(office, path)).state is State.WITHDRAWN


async def test_looking_keeps_nothing(office: Office) -> None:
    lin = await visitor(office, "lin")
    path = await begun(lin)
    answer = await lin.post(f"{path}/look", text="您必须去。", title="特困几天办好")
    page = unescape(await answer.text())
    assert "写了“必须”" in page
    assert "您必须去。" in page[page.index('id="previews"') :]
    found = await kept(office, path)
    assert found.version == 1
    near = await lin.post(
        "/drafts/new/look", kind="answer", programme="general", phrasings="请问特困审批时间", text="问街道。"
    )
    assert "特困多少天办完" in await near.text(), "an answer that is asked for in nearly the same words"
    new = await lin.post("/drafts/new/look", kind="answer", title="孩子上学怎么办", text="问学校。", programme="jiaoyu")
    assert new.status == 200
    async with office.desk.store.reading() as work:
        assert len(await work.proposals.list()) == 1


async def test_a_new_answer_is_named_when_it_is_kept(office: Office) -> None:
    lin = await visitor(office, "lin")
    page = await text(lin, "/drafts/new?kind=answer&programme=tekun")
    assert "要改：" not in page, "nobody is scolded for boxes they have not come to"
    answer = await lin.post("/drafts/new", kind="answer", title="特困老人看牙", programme="tekun", text="问街道。")
    assert answer.status == 303
    found = await kept(office, answer.headers["Location"])
    assert found.data is not None
    assert found.key == found.data["id"]
    assert re.fullmatch("tekun-[a-z2-9]{6}", found.key)
    assert found.data["scope"] == {"from": "2026-11-25"}
    assert "特困老人看牙" in await text(lin, "/answers?state=draft")


async def test_taking_an_entry_away_needs_a_word_and_another_person(office: Office) -> None:
    lin = await visitor(office, "lin")
    assert (await lin.post("/answers/remove", kind="answer", key=KEY, note="")).status == 400
    made = await lin.post("/answers/remove", kind="answer", key=KEY, note="办法废止了")
    found = await kept(office, made.headers["Location"])
    assert (found.removes, found.state) == (True, State.DRAFT)
    assert "要去掉这一条" in await text(lin, made.headers["Location"])


async def test_each_kind_is_kept_by_the_same_page(office: Office) -> None:
    lin, content = await visitor(office, "lin"), office.desk.edition.content
    for kind, shelf, name, value in (
        ("standard", content.standards, "urban", "1234"),
        ("hotline", content.hotlines, "purpose", "问一问"),
        ("office", content.offices, "serves", "低保受理"),
        ("hours", content.hours, "note", "夏天"),
        ("document", content.documents, "issuer", "某部"),
        ("subsidy", content.subsidies, "amount", "60"),
    ):
        key = next(iter(shelf))
        path = await begun(lin, key, kind)
        before = await kept(office, path)
        answer = await lin.post(path, version="1", **{name: value})
        assert answer.status == 303, (kind, await answer.text())
        after = await kept(office, path)
        assert after.data == {**(before.data or {}), name: value}, kind


async def test_a_standard_that_ends_is_another_row_once_it_is_published(office: Office) -> None:
    """Its last day is part of its name: the draft goes by the old one, the edition by the new one."""
    lin, desk = await visitor(office, "lin"), office.desk
    rows = desk.edition.content.standards
    key = max((key for key, row in rows.items() if row.start and row.last is None), key=lambda key: rows[key].start)  # type: ignore[type-var,arg-type,return-value]
    path = await begun(lin, key, "standard")
    page = await lin.post(f"{path}/look", to="2027-06-30")
    assert "日子重叠" not in await page.text(), "it is not in its own way"
    assert (await lin.post(path, version="1", to="2027-06-30", then="submit")).status == 303


async def test_drafts_made_elsewhere_open_here(office: Office) -> None:
    lin = (await colleague(office.desk, office.boss, "lin", [Role.EDITOR], ("000000",))).staff
    data = {
        "id": "q-1",
        "title": "孩子没人带怎么办",
        "programme": "ertong",
        "aspect": "q-1",
        "scope": {"from": "2026-11-25"},
    }
    made = await proposals.start(office.desk, lin, "answer", "q-1", data, source="question:7")
    page = await text(await inside(office, lin), f"/drafts/{made.id}")
    assert "孩子没人带怎么办" in page
    assert "缺少“答案”" in unescape(page)


async def test_fixed_words_are_written_on_the_same_page(office: Office) -> None:
    lin = await visitor(office, "lin")
    listed = await text(lin, "/answers?kind=words")
    assert "新写一条" not in listed
    assert "危急的时候" in listed
    assert (await lin.get("/drafts/new?kind=words")).status == 404
    one = await text(lin, "/answers/one?" + urlencode({"kind": "words", "key": "distress_life"}))
    assert "去掉这一条" not in one
    draft = await begun(lin, "distress_life", "words")
    assert "居民看到的样子" in await text(lin, draft)
    looked = await (await lin.post(f"{draft}/look", text="先别急。", short="")).text()
    assert "原来写着“12356”，现在没有了" in looked
    assert (await lin.post(draft, version="1", text="先别急，打12356。", short="", then="save")).status == 303
    assert (await kept(office, draft)).data == {"text": "先别急，打12356。\n"}
