"""A resident writes on WeChat and is answered once, however slow the engine and however often WeChat delivers."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.desk.ports import Message, Store, Turn
from bot.errors import TryAgain
from bot.messages import Author, Choice, Outcome, Reply, State
from connectors import gateway
from connectors.sandbox import FAULT, LineFault, Prepared, pushes
from connectors.sandbox.pushes import push
from tests.connectors.door_to_door import CUT_OFF, PASSIVE_SECONDS, Site, a_site
from tests.fakes.engine import Mood
from tests.fakes.wechat import SEND


async def test_the_answer_goes_back_in_the_same_exchange(site: Site) -> None:
    who = site.resident()
    began = time.monotonic()
    delivered = await site.wechat.say(who, "低保怎么申请")
    assert time.monotonic() - began < CUT_OFF
    assert delivered.bubble is not None
    assert (delivered.bubble.text, delivered.bubble.via) == ("答：低保怎么申请", "passive")
    (ours,) = await site.until_rows(who, State.SENT)
    assert ours.reply_to == (await site.inbound(who))[0].id


async def test_the_real_seconds_of_the_service() -> None:
    """The figures the short ones of these tests stand for."""
    from connectors import engine, gateway
    from connectors.wechat.reply import CAPABILITIES

    assert CAPABILITIES.passive_seconds == 3.5
    assert gateway.BODY_BYTES == 64 * 1024
    assert (gateway.READ_SECONDS, gateway.POLL_SECONDS, engine.TURN_SECONDS) == (5.0, 0.25, 9.0)


async def test_a_slow_answer_is_announced_and_follows_once_by_customer_service(site: Site) -> None:
    """A-09: the engine takes longer than all deliveries of WeChat together."""
    await site.only_door(turn_seconds=10.0)
    who = site.resident()
    site.engine.mood, site.engine.slow_seconds = Mood.SLOW, 2.4 * CUT_OFF
    delivered = await site.wechat.say(who, "低保怎么申请", faults=(LineFault.LOST, LineFault.LOST, None))
    assert delivered.answers[-1] is not None, "every delivery is acknowledged"
    assert await site.until_answered(who) == ["答：低保怎么申请"]
    assert site.wechat.received(who)[-1].via == "service"
    assert site.busy(who) == 1
    assert FAULT not in [shown.text for shown in site.wechat.received(who)]
    assert len(site.engine.asked) == 1
    assert len(await site.inbound(who)) == 1


async def test_a_delivery_after_the_first_is_acknowledged_without_waiting(site: Site) -> None:
    await site.only_door(passive=3.0, turn_seconds=9.0)
    who = site.resident()
    site.engine.mood, site.engine.slow_seconds = Mood.SLOW, 1.5
    act = site.wechat.act(who, pushes.text("低保怎么申请"))
    first = asyncio.create_task(site.post(act))
    await asyncio.sleep(0.15)
    began = time.monotonic()
    assert (await site.post(act)).status == 200
    assert time.monotonic() - began < 1.0
    assert not first.done()
    assert (await first).status == 200


@pytest.mark.parametrize("copies", [1, 3, 50])
async def test_copies_at_the_same_moment_are_one_turn(site: Site, copies: int) -> None:
    """A-04"""
    await site.only_door(passive=3.5)
    who = site.resident()
    act = site.wechat.act(who, pushes.text("低保怎么申请"))
    answers = await asyncio.gather(*(site.wechat.deliver(act, deliveries=1) for _ in range(copies)))
    assert all(one.answers[0] and not one.answers[0].fault for one in answers)
    assert await site.until_answered(who) == ["答：低保怎么申请"]
    assert len(await site.inbound(who)) == 1
    assert len(site.engine.asked) == 1
    assert len(await site.until_rows(who, State.SENT)) == 1


async def test_a_copy_that_comes_later_gets_the_same_answer_again(site: Site) -> None:
    who = site.resident()
    act = site.wechat.act(who, pushes.text("低保怎么申请"))
    said = [(await site.wechat.deliver(act, deliveries=1)).bubble for _ in range(3)]
    assert [one.text for one in said if one] == ["答：低保怎么申请"] * 3
    assert site.answers(who) == ["答：低保怎么申请"], "WeChat shows one of them"
    assert len(site.engine.asked) == 1


async def test_an_answer_lost_on_the_way_back_comes_with_the_next_delivery(site: Site) -> None:
    who = site.resident()
    await site.wechat.say(who, "低保怎么申请", faults=(LineFault.LOST,))
    assert site.answers(who) == ["答：低保怎么申请"]
    (ours,) = await site.until_rows(who, State.SENT)
    assert ours.attempts == 1


async def test_a_line_cut_before_the_answer_costs_nothing(site: Site) -> None:
    who = site.resident()
    site.engine.mood, site.engine.slow_seconds = Mood.SLOW, 0.2
    delivered = await site.wechat.say(who, "低保怎么申请", faults=(LineFault.DROPPED,))
    assert delivered.answers[0] is None
    assert site.answers(who) == ["答：低保怎么申请"]
    await site.until_rows(who, State.SENT)
    assert len(site.engine.asked) == 1


async def test_the_same_number_from_two_people_is_two_messages(site: Site) -> None:
    """A-07"""
    wang, li = site.resident(), site.resident()
    now = int(site.desk.clock.now().timestamp())
    for who in (wang, li):
        act = push(pushes.text(f"我是{who[-12:]}"), site.settings.account, who, now, "7001")
        await site.wechat.deliver(act)
    assert len(await site.until_answered(wang)) == len(await site.until_answered(li)) == 1
    assert len(site.engine.asked) == 2


async def test_events_are_told_apart_by_second_name_and_key(site: Site) -> None:
    """A-08"""
    who = site.resident()
    now = int(site.desk.clock.now().timestamp())
    acts = [pushes.click("低保怎么申请"), pushes.click("临时救助是什么"), pushes.scan("hall", "ticket")]
    made = [push(act, site.settings.account, who, now, "0") for act in acts]
    for one in (*made, *made):
        assert (await site.post(one)).status == 200
    rows = await site.inbound(who)
    assert sorted(str(row.about.get("event_key")) for row in rows) == ["hall", "临时救助是什么", "低保怎么申请"]
    assert {turn.text for turn in site.engine.asked} == {"低保怎么申请", "临时救助是什么"}


async def test_messages_out_of_order_are_answered_in_the_order_they_came(site: Site) -> None:
    """A-10"""
    who = site.resident()
    early, late = (site.wechat.act(who, pushes.text(text)) for text in ("第一句", "第二句"))
    for act in (late, early):
        await site.wechat.deliver(act)
    assert await site.until_answered(who, 2) == ["答：第二句", "答：第一句"]
    assert [row.about["sent_at"] is not None for row in await site.inbound(who)] == [True, True]


async def test_a_long_reply_is_cut_and_all_of_it_arrives(site: Site) -> None:
    """More than one passive text can hold must not end as an empty acknowledgement."""
    who = site.resident()
    sentences = [f"第{n}点：到户籍所在地的乡镇人民政府或者街道办事处提出书面申请。" for n in range(60)]
    site.engine.says = lambda turn: [Reply("".join(sentences), outcome=Outcome.ANSWERED)]
    await site.wechat.say(who, "材料")
    rows = await site.until_rows(who, State.SENT)
    seen = site.answers(who)
    assert all(sentence in "".join(seen) for sentence in sentences)
    assert len(rows) == len(seen) > 1, "each part is a row, and one message of the quota"
    assert [shown.via for shown in site.wechat.received(who)] == ["passive", "service", "service"]


async def test_several_replies_go_together_as_far_as_one_text_holds(site: Site) -> None:
    who = site.resident()
    site.engine.says = lambda turn: [Reply("一" * 300), Reply("二" * 300), Reply("三" * 300)]
    began = time.monotonic()
    await site.wechat.say(who, "几件事")
    await site.until_answered(who, 2)
    assert time.monotonic() - began < 3.0
    assert [shown.via for shown in site.wechat.received(who)] == ["passive", "service"]
    assert "".join(site.answers(who)).replace("\n", "") == "一" * 300 + "二" * 300 + "三" * 300


async def test_options_are_tapped_and_typed(site: Site) -> None:
    def says(turn: Turn) -> list[Reply]:
        if turn.meaning:
            return [Reply(f"选了{turn.meaning['answer']}")]
        options = (Choice("低保怎么申请", {"answer": "dibao-apply"}), Choice("特困是什么", {"answer": "tekun-what"}))
        return [Reply("哪一个？", options, Outcome.CLARIFIED)]

    who = site.resident()
    site.engine.says = says
    await site.wechat.say(who, "那个")
    await site.wechat.tap(who, "特困是什么")
    await site.wechat.say(who, "那个")
    await site.wechat.say(who, "１")
    seen = await site.until_answered(who, 4)
    assert seen[1::2] == ["选了tekun-what", "选了dibao-apply"]


async def test_what_could_not_leave_goes_with_the_next_message(site: Site) -> None:
    who = site.resident()
    site.engine.mood, site.engine.slow_seconds = Mood.SLOW, PASSIVE_SECONDS + 0.2
    site.wechat.prepared.always(SEND, Prepared(errcode=45047))
    await site.wechat.say(who, "低保怎么申请")
    rows = await site.until_rows(who, State.HELD, State.SENT)
    assert [row.reason for row in rows if row.author is Author.BOT] == ["quota_spent"]
    site.wechat.prepared.always(SEND, None)
    site.engine.mood = Mood.WELL
    delivered = await site.wechat.say(who, "在吗")
    assert delivered.bubble is not None
    assert delivered.bubble.text == "答：低保怎么申请\n\n答：在吗"
    assert len(await site.until_rows(who, State.SENT)) == 2


async def test_subscribers_are_greeted_and_leavers_left_alone(site: Site) -> None:
    who = "oNewcomer00000000000000000001"
    delivered = await site.wechat.follow(who)
    assert delivered.bubble is not None
    assert "这里是救助通" in delivered.bubble.text
    await site.wechat.unfollow(who)
    assert len(site.wechat.received(who)) == 1
    assert site.engine.asked == []


async def test_pictures_voices_links_and_places_are_met(site: Site) -> None:
    who = site.resident()
    picture = b"\x89PNG\r\n\x1a\n" + bytes(64)
    said = [
        await site.wechat.send_image(who, picture),
        await site.wechat.send_voice(who),
        await site.wechat.send_link(who, "标题", "https://example.org"),
        await site.wechat.send_location(who, "湖北省武汉市洪山区珞喻路"),
        await site.wechat.send_location(who, "鼓楼区"),
        await site.wechat.send_location(who, "月亮背面"),
    ]
    texts = [one.bubble.text for one in said if one.bubble]
    for text, word in zip(texts, ["图片", "语音", "看不了", "答：", "请选", "没查到"], strict=True):
        assert word in text
    (turn,) = site.engine.asked
    assert turn.meaning == {"region": "420111"}


async def test_two_gateways_answer_one_conversation_in_order(store: Store, second_store: Store, short: None) -> None:
    async with a_site(store) as site:
        await site.open_door(second_store)
        who, site.engine.slow_seconds, site.engine.mood = site.resident(), 0.02, Mood.SLOW
        acts = [site.wechat.act(who, pushes.text(f"第{n}句")) for n in range(12)]
        for n, act in enumerate(acts):
            site.wechat.deliver_to = f"{site.doors[n % 2].url}/wechat"
            assert (await site.wechat.deliver(act)).answers[0] is not None
        seen = await _all(site, who, 12)
        assert [text for one in seen for text in one.split("\n\n")] == [f"答：第{n}句" for n in range(12)]
        assert max(site.engine.most_at_once.values()) == 1


async def _all(site: Site, who: str, count: int) -> list[str]:
    async with asyncio.timeout(15):
        while sum(text.count("答：") for text in site.answers(who)) < count:
            await asyncio.sleep(0.05)
    return site.answers(who)


async def test_what_is_stored_is_acknowledged_though_the_database_is_too_busy_to_answer_at_once(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refused push would come again, and make a busy database busier."""

    async def busy(*args: object) -> list[Message]:
        raise TryAgain("the database is locked")

    monkeypatch.setattr(gateway, "claim_passive", busy)
    who = site.resident()
    delivered = await site.wechat.say(who, "低保怎么申请")
    assert delivered.bubble is None
    assert await site.until_answered(who) == ["答：低保怎么申请"]
    assert not [entry for entry in site.wechat.log if entry.about.get("why")], "one delivery was enough"
