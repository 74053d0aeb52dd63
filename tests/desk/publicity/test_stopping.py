"""Stopped at once, in a place and below it; what residents get instead; back to an earlier text, and forward again."""

from __future__ import annotations

import pytest

from bot.desk.giving import give
from bot.desk.publicity import going_back, proposals, publishing, stopping
from bot.errors import BadInput, Conflict, NotYours
from bot.knowledge.entry import STOP
from bot.knowledge.problems import Refused
from bot.messages import Outcome
from tests.desk.publicity.conftest import KEY, Team
from tests.desk.publicity.test_proposals import worded

WUHAN, HONGSHAN, JINGZHOU = "420100", "420111", "421000"


def said(team: Team, region: str, key: str = KEY) -> tuple[str, str]:
    reply = give(team.desk, key, region, team.desk.today(), "wechat", 1.0).reply
    return reply.entry, reply.text


async def test_a_stop_holds_in_its_place_and_below_and_nowhere_else(team: Team) -> None:
    text = said(team, WUHAN)[1]
    await stopping.stop(team.desk, team.ann, "answer", KEY, WUHAN, "标准有误，正在核对")
    await team.live()
    assert said(team, HONGSHAN) == (KEY, stopping.WORDS)
    reply = give(team.desk, KEY, HONGSHAN, team.desk.today(), "wechat", 1.0).reply
    assert (reply.outcome, reply.reason, reply.sources) == (Outcome.DECLINED, "stopped", ())
    assert said(team, JINGZHOU)[1] == said(team, "")[1] == text
    assert KEY not in {one.id for one in team.desk.edition.answers_in_scope(HONGSHAN, team.desk.today())}
    (key,) = team.desk.edition.content.stops
    await stopping.lift(team.desk, team.ann, key, "核对完了")
    await team.live()
    assert said(team, HONGSHAN)[1] == text
    with pytest.raises(Conflict, match="已经恢复"):
        await stopping.lift(team.desk, team.ann, key, "再来一次")
    reasons = [about["step"] for about in await team.steps() if about.get("step") in ("stop", "lift")]
    assert reasons == ["stop", "lift"]


async def test_another_answer_stands_in_for_it(team: Team) -> None:
    await stopping.stop(team.desk, team.ann, "answer", KEY, "000000", "正在改写", instead="tekun-apply")
    await team.live()
    assert said(team, WUHAN)[0] == "tekun-apply"
    with pytest.raises(Refused, match="自己也停了"):
        await stopping.stop(team.desk, team.ann, "answer", "tekun-apply", "000000", "也停", instead=KEY)


async def test_a_whole_programme_is_stopped_but_for_what_stands_apart(team: Team) -> None:
    await stopping.stop(
        team.desk, team.ann, "programme", "tekun", WUHAN, "当地规定变了", words="特困的事请先打12345问。"
    )
    await team.live()
    assert said(team, WUHAN) == (KEY, "特困的事请先打12345问。")
    assert said(team, WUHAN, "tekun-apply")[1] == "特困的事请先打12345问。"
    assert said(team, WUHAN, "dibao-apply")[0] == "dibao-apply"


async def test_who_may_stop_and_what_is_refused(team: Team) -> None:
    with pytest.raises(NotYours):
        await stopping.stop(team.desk, team.ed, "answer", KEY, WUHAN, "因为错了")
    with pytest.raises(BadInput, match="为什么"):
        await stopping.stop(team.desk, team.ann, "answer", KEY, WUHAN, " ")
    with pytest.raises(Refused, match="没有"):
        await stopping.stop(team.desk, team.ann, "answer", "no-such", WUHAN, "因为错了")
    with pytest.raises(Refused, match="一定"):
        await stopping.stop(team.desk, team.ann, "answer", KEY, WUHAN, "因为错了", words="您一定能通过。")
    with pytest.raises(BadInput, match="行政区划"):
        await stopping.stop(team.desk, team.ann, "answer", KEY, "999999", "因为错了")
    assert len(await team.entries()) == len(await team.entries(1))


async def test_an_answer_goes_back_to_any_text_it_had_and_forward(team: Team) -> None:
    first = await team.entry()
    good = await team.approved(KEY, worded(first, "第二版的话。"))
    await publishing.publish(team.desk, team.ann, {good.id: good.version})
    open_draft = await proposals.start(team.desk, team.eve, "answer", KEY)
    assert await going_back.one(team.desk, team.ann, "answer", KEY, 1, "第二版写错了") == 3
    assert await team.entry() == first
    await team.live()
    assert said(team, "")[1] == first["text"].strip()
    had = await going_back.history(team.desk, team.ed, "answer", KEY)
    assert [one.edition for one in had] == [3, 2, 1]
    assert had[0].data == had[2].data == first
    with pytest.raises(BadInput, match="一样"):
        await going_back.one(team.desk, team.ann, "answer", KEY, 1, "再退一次")
    assert await going_back.one(team.desk, team.ann, "answer", KEY, 2, "还是要第二版") == 4
    moves = (await proposals.show(team.desk, team.eve, open_draft.id))[1]
    assert [one.what for one in moves] == ["moved", "moved"]


async def test_a_whole_edition_goes_back_and_no_stop_is_lifted_by_it(team: Team) -> None:
    good = await team.approved(KEY, worded(await team.entry(), "第二版的话。"))
    await publishing.publish(team.desk, team.ann, {good.id: good.version})
    await stopping.stop(team.desk, team.ann, "answer", "tekun-apply", WUHAN, "正在核对")
    await going_back.whole(team.desk, team.ann, 1, "第二版有误")
    now = await team.entries()
    assert {(one.kind, one.key): one.data for one in now if one.kind not in (STOP, "file")} == {
        (one.kind, one.key): one.data for one in await team.entries(1) if one.kind not in (STOP, "file")
    }
    assert [one.key for one in now if one.kind == STOP] == ["answer-tekun-apply-420100"]
    with pytest.raises(BadInput, match="一样"):
        await going_back.whole(team.desk, team.ann, 1, "再退一次")
    with pytest.raises(NotYours):
        await going_back.whole(team.desk, team.ed, 2, "想退回去")
