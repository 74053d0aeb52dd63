"""The editors' pages over HTTP: who sees and changes what, of which place; what is offered, and posters."""

from __future__ import annotations

from html import unescape
from urllib.parse import urlencode

from bot.audit import Deed
from bot.staff import Role
from tests.console.conftest import Office
from tests.console.editing import KEY, ONE, begun, kept, text, visitor
from tests.console.editing import desk as desk
from tests.desk.publicity.conftest import content as content


async def test_the_list_is_searched_and_filtered(office: Office) -> None:
    lin = await visitor(office, "lin")
    whole = await text(lin, "/answers")
    assert "特困多少天办完" in whole
    assert "新写一条" in whole
    found = await text(lin, "/answers?" + urlencode({"words": "五保报上去了"}))
    assert "特困多少天办完" in found
    assert "低保怎么申请" not in found
    assert "没有这样的内容" in await text(lin, "/answers?" + urlencode({"words": "天外来客"}))
    assert "不是日期" in await text(lin, "/answers?day=tomorrow", 400)
    assert "没有这类内容" in await text(lin, "/answers?kind=form", 400)
    for kind in ("standard", "price_subsidy", "hotline", "office", "hours", "document"):
        await text(lin, f"/answers?kind={'subsidy' if kind == 'price_subsidy' else kind}")


async def test_one_answer_is_read_with_its_previews(office: Office) -> None:
    page = await text(await visitor(office, "lin"), ONE)
    assert "民政部的特困办法分几段定天数" in page
    assert page.count('class="phone ') == 4
    await text(await visitor(office, "wang"), "/answers/one?kind=answer&key=no-such", 404)


async def test_an_officer_and_an_approver_read_and_change_nothing(office: Office) -> None:
    lin, officer = await visitor(office, "lin"), await visitor(office, "chen", Role.OFFICER)
    path = await begun(lin)
    for who in (officer, await visitor(office, "ann", Role.APPROVER)):
        page = await text(who, ONE)
        assert "data-edit" not in page
        assert "去掉这一条" not in page
        draft = await text(who, path)
        assert "保存草稿" not in draft
        assert "readonly" in draft
        assert (await who.post(path, title="改了")).status == 404


async def test_a_county_edits_its_own_and_not_the_nations(office: Office) -> None:
    county = await visitor(office, "hong", Role.EDITOR, "420111")
    page = await text(county, ONE)
    assert "data-edit" not in page
    refused = await county.post("/answers/start", kind="answer", key=KEY)
    assert refused.status in (403, 404)
    made = await county.post("/answers/another", key=KEY, place="420111 湖北省武汉市洪山区", channel="")
    assert made.status == 303, await made.text()
    found = await kept(office, made.headers["Location"])
    assert (found.region, found.key) == ("420111", f"{KEY}-420111")
    draft = unescape(await text(county, made.headers["Location"]))
    assert "和上级说的一样" in draft
    stolen = await county.post(made.headers["Location"], version="1", **{"scope.region": "全国"})
    assert stolen.status in (403, 404)
    assert (await kept(office, made.headers["Location"])).region == "420111"
    elsewhere = await visitor(office, "guang", Role.EDITOR, "440100")
    assert (await elsewhere.get(made.headers["Location"])).status in (403, 404)
    assert KEY not in await text(elsewhere, "/answers?state=draft")


async def test_a_place_is_offered_from_the_tree(office: Office) -> None:
    lin = await visitor(office, "lin")
    assert "420000 湖北省" in await text(lin, "/places?typed=")
    assert "420111 湖北省武汉市洪山区" in await text(lin, "/places?" + urlencode({"typed": "洪山"}))


async def test_a_poster_is_printed_for_an_own_place_only(office: Office) -> None:
    county = await visitor(office, "hong", Role.EDITOR, "420111")
    asked = {"place": "420111", "village": "420111003005", "name": "虎泉社区", "link": "https://example.cn/q/1"}
    page = await text(county, "/posters?" + urlencode(asked))
    assert "data:image/svg+xml" in page
    assert "place-420111003005" in page
    assert "虎泉社区" in page
    cards = await text(county, "/posters?" + urlencode(asked | {"kind": "cards"}))
    assert cards.count('class="share"') == 8
    for wrong in (
        {"link": "javascript:alert(1)"},
        {"link": "https://a.cn/" + "x" * 200},
        {"village": "420106003005"},
        {"place": "全国"},
    ):
        assert 'role="alert"' in await text(county, "/posters?" + urlencode(asked | wrong), 400)
    assert (await county.get("/posters?" + urlencode(asked | {"place": "440100", "village": ""}))).status in (403, 404)


async def test_who_is_refused_stands_in_the_log(office: Office) -> None:
    lin, elsewhere = await visitor(office, "lin"), await visitor(office, "guang", Role.EDITOR, "440100")
    path = await begun(lin)
    assert (await elsewhere.get(path)).status in (403, 404)
    async with office.desk.store.reading() as work:
        assert [line async for line, _ in work.audit.lines() if line.deed is Deed.REFUSED]
