"""举报 from the first word to those who read it: above the office it is about, and in no transcript that its people see."""

from __future__ import annotations

import pytest

from bot.audit import Deed
from bot.conversations import Holder
from bot.desk.casework.theirs import NotThere
from bot.desk.desk import Desk
from bot.desk.handoff import holding, queue, tips
from bot.errors import BadInput, Conflict
from bot.messages import WITHHELD
from bot.staff import Role
from console.talks import lines
from tests.desk.filling.talk import Talk
from tests.desk.handoff.conftest import officer

FIRST = "我要举报，村里的会计给自己小舅子办了低保"
SAID = ("武汉市洪山区某某街道南湖村", "南湖村的刘会计", "他小舅子有两辆车，去年还领着低保")


async def told(talk: Talk, *last: str) -> str:
    await talk.say(FIRST)
    assert "不给被举报的单位看" in await text_of(talk)
    await talk.tap("干部或工作人员")
    for words in (*SAID, *last):
        await talk.say(words)
    return await talk.say("确认")


async def text_of(talk: Talk) -> str:
    return "\n".join(row.text for row in talk.rows)


async def test_an_anonymous_one_leads_back_to_nobody(talk: Talk, desk: Desk) -> None:
    said = await told(talk, "匿名")
    assert "湖北省武汉市的人看，被举报的单位看不到" in said
    boss = await officer(desk, "shi", "市局", Role.SUPERVISOR, "420100")
    (tip,) = await tips.waiting(desk, boss)
    tip = await tips.opened(desk, boss, tip.id)
    assert (tip.region, tip.level, tip.named, tip.conversation, tip.contact) == ("420111", "420100", False, "", "")
    assert tip.who.startswith("南湖村的刘会计")
    assert "南湖村" in tip.who
    assert FIRST in tip.what
    assert "两辆车" in tip.what
    async with desk.store.reading() as work:
        assert await work.drafts.of_conversation(talk.conversation) == []
        lines_ = [line async for line, _ in work.audit.lines() if line.what == f"tip:{tip.id}"]
    assert [line.deed for line in lines_] == [Deed.READ]


async def test_a_named_one_can_be_answered(talk: Talk, desk: Desk) -> None:
    said = await told(talk, "愿意留", "13800001234")
    assert "有人联系您" in said
    boss = await officer(desk, "shi", "市局", Role.SUPERVISOR, "420100")
    (tip,) = await tips.waiting(desk, boss)
    assert (tip.named, tip.conversation) == (True, talk.conversation)
    with pytest.raises(BadInput, match="为什么要看"):
        await tips.contact(desk, boss, tip.id, "看")
    assert (await tips.contact(desk, boss, tip.id, "核实结果要告诉本人")).contact == "13800001234"


async def test_whoever_is_complained_of_does_not_find_it(talk: Talk, desk: Desk) -> None:
    await told(talk, "匿名")
    city = await officer(desk, "shi", "市局", Role.SUPERVISOR, "420100")
    (tip,) = await tips.waiting(desk, city)
    for login, role, region in (
        ("qu", Role.SUPERVISOR, "420111"),
        ("wuchang", Role.SUPERVISOR, "420106"),
        ("shenzhen", Role.SUPERVISOR, "440300"),
        ("chen", Role.OFFICER, "420100"),
    ):
        other = await officer(desk, login, login, role, region)
        assert await tips.waiting(desk, other) == []
        with pytest.raises(NotThere):
            await tips.opened(desk, other, tip.id)
        with pytest.raises(NotThere):
            await tips.move(desk, other, tip.id, "taken", "")
    province = await officer(desk, "sheng", "省厅", Role.SUPERVISOR, "420000")
    assert [one.id for one in await tips.waiting(desk, province)] == [tip.id]


async def test_the_transcript_keeps_it_from_the_officers_of_the_place(talk: Talk, desk: Desk) -> None:
    await talk.say("低保怎么申请")
    await told(talk, "匿名")
    await talk.say("转人工")
    chen = await officer(desk, "chen", "陈工", region="420111")
    shown = await queue.opened(desk, chen, talk.conversation)
    told_lines = " ".join([line.text + " ".join(line.under) for line in lines.lines(shown, [], {}, {})])
    for secret in ("小舅子", "刘会计", "两辆车", "南湖村"):
        assert secret not in told_lines
        assert secret not in str(shown.facts)
        assert secret not in shown.row.preview
    assert "举报的内容，由上一级的人看" in told_lines
    assert "低保怎么申请" in told_lines, "what else was said is there"
    rows = await queue.waiting(desk, chen, "queue")
    assert "小舅子" not in str(rows)


async def test_while_it_is_filled_in_it_is_no_fact_of_theirs(talk: Talk, desk: Desk) -> None:
    await talk.say(FIRST)
    await talk.tap("干部或工作人员")
    await talk.say(SAID[0])
    chen = await officer(desk, "chen", "陈工", region="420111")
    shown = await queue.opened(desk, chen, talk.conversation)
    assert (list(shown.facts), shown.form) == ([], "")


async def test_told_to_an_officer_in_person_it_reaches_them(talk: Talk, desk: Desk) -> None:
    await talk.say("转人工")
    chen = await officer(desk, "chen", "陈工")
    await holding.claim(desk, chen, talk.conversation)
    taken = await talk.take("我要举报你们村的会计")
    assert WITHHELD not in taken.message.about


async def test_who_waits_for_an_officer_and_reports_something_is_heard_by_the_bot(talk: Talk, desk: Desk) -> None:
    """Else those of the place, who look at the queue, would read it first."""
    await talk.say("转人工")
    said = await talk.say(FIRST)
    assert "不给被举报的单位看" in said
    chen = await officer(desk, "chen", "陈工", region="420111")
    shown = await queue.opened(desk, chen, talk.conversation)
    assert shown.conversation.holder is Holder.BOT
    assert "小舅子" not in " ".join(line.text for line in lines.lines(shown, [], {}, {}))
    assert "小舅子" not in shown.row.preview


async def test_it_is_taken_up_once_and_done_with_a_result(talk: Talk, desk: Desk) -> None:
    await told(talk, "匿名")
    city = await officer(desk, "shi", "市局", Role.SUPERVISOR, "420100")
    (tip,) = await tips.waiting(desk, city)
    await tips.move(desk, city, tip.id, "taken", "")
    with pytest.raises(Conflict):
        await tips.move(desk, city, tip.id, "taken", "")
    with pytest.raises(BadInput):
        await tips.move(desk, city, tip.id, "done", "")
    done = await tips.move(desk, city, tip.id, "done", "查过，属实，已停发并追回")
    assert (done.state, done.outcome, done.who) == ("done", "查过，属实，已停发并追回", tip.who)
    with pytest.raises(Conflict):
        await tips.move(desk, city, tip.id, "done", "再办一次看看")
