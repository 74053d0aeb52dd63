"""One text for many: two people, the platform's limit, and never twice whatever breaks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.audit import Deed
from bot.clock import FixedClock
from bot.desk.broadcast_ports import LIMITS, Audience, Broadcast, Limits, Stage, Taken
from bot.desk.publicity import broadcasting, sending
from bot.desk.publicity.broadcasting import GRACE, Wanted
from bot.errors import BadInput, Conflict, JiuzhutongError, Misconfigured, NotYours, TryAgain, Undeliverable
from bot.knowledge.entry import Entry
from bot.staff import Role
from tests.desk.publicity.conftest import Team, hired
from tests.knowledge.workbook.books import small

TEXT = "低保标准从7月1日起调整。\n不清楚的，打12345问。"
SERVICE = LIMITS["service"]
TAGS = (Audience("101", "武汉市", 12), Audience("102", "洪山区", 3), Audience("103", "志愿者", 40))


@dataclass
class Platform:
    """Remembers tokens as WeChat does; `next` says what the coming calls end with."""

    limits: Limits = SERVICE
    account: str = "wechat:wx1"
    next: list[JiuzhutongError | Callable[[], JiuzhutongError | None]] = field(default_factory=list)
    jobs: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)

    async def audiences(self) -> Sequence[Audience]:
        return TAGS

    async def broadcast(self, text: str, audience: str, token: str) -> Taken:
        self.asked.append((audience, token))
        end = self.next.pop(0) if self.next else None
        if isinstance(end, JiuzhutongError):
            raise end
        if token in self.jobs:
            return Taken(self.jobs[token], True)
        self.jobs[token] = str(1000 + len(self.jobs))
        self.shown.append(text)
        if end and (lost := end()):
            raise lost
        return Taken(self.jobs[token])


@pytest.fixture(scope="session")
def content() -> tuple[Entry, ...]:
    return small()


@pytest.fixture
async def wechat(team: Team) -> Platform:
    made = Platform()
    await sending.note_audiences(team.desk, made)
    return made


async def written(team: Team, audience: str = "", text: str = TEXT) -> Broadcast:
    return await broadcasting.write(team.desk, team.ed, Wanted("news", text, audience, None))


async def approved(team: Team, audience: str = "", text: str = TEXT) -> Broadcast:
    draft = await written(team, audience, text)
    sent = await broadcasting.submit(team.desk, team.ed, draft.id, draft.version, SERVICE)
    return await broadcasting.approve(team.desk, team.ann, sent.id, sent.version, SERVICE)


async def now(team: Team, one: Broadcast) -> Broadcast:
    return (await broadcasting.show(team.desk, team.ed, one.id))[0]


def later(team: Team, span: timedelta) -> None:
    clock = team.desk.clock
    assert isinstance(clock, FixedClock)
    clock.advance(seconds=span.total_seconds())


async def test_written_by_one_approved_by_another_sent_once(team: Team, wechat: Platform) -> None:
    one = await approved(team, "101")
    assert (one.stage, one.approver, one.region) == (Stage.APPROVED, team.ann.id, "420100")
    assert await sending.send_due(team.desk, wechat) == 0, "there is time to stop it"
    later(team, GRACE)
    assert await sending.send_due(team.desk, wechat) == 1
    assert await sending.send_due(team.desk, wechat) == 0
    gone = await now(team, one)
    assert (gone.stage, gone.outcome, gone.platform_id, gone.attempts) == (Stage.SENT, "ok", "1000", 1)
    assert (wechat.shown, wechat.asked) == ([TEXT], [("101", one.token)])
    async with team.desk.store.writing() as work:
        await sending.finished(work, "1000:send success:11:1", team.desk.clock.now())
        await work.commit()
    told = await now(team, one)
    assert (told.reached, told.missed, told.said) == (11, 1, "平台报告：发完了。")
    async with team.desk.store.reading() as work:
        steps = [line.about["step"] async for line, _ in work.audit.lines() if line.what == f"broadcast:{one.id}"]
        published = [line.actor async for line, _ in work.audit.lines() if line.deed is Deed.PUBLISH]
    assert steps == ["draft", "submitted", "approved", "sent"]
    assert published == [team.ann.id, "system"]


async def test_nobody_approves_what_they_wrote(team: Team, wechat: Platform) -> None:
    draft = await written(team)
    sent = await broadcasting.submit(team.desk, team.ed, draft.id, draft.version, SERVICE)
    async with team.desk.store.writing() as work:
        both = await work.staff.change(team.ed, "test", team.desk.clock.now(), roles=["editor", "approver"])
        await work.commit()
    with pytest.raises(NotYours, match="您自己写的"):
        await broadcasting.approve(team.desk, both, sent.id, sent.version, SERVICE)
    with pytest.raises(NotYours):
        await broadcasting.approve(team.desk, team.ed, sent.id, sent.version, SERVICE)
    with pytest.raises(Conflict):
        await broadcasting.approve(team.desk, team.ann, sent.id, sent.version - 1, SERVICE)
    back = await broadcasting.return_(team.desk, team.ann, sent.id, sent.version, "写上电话")
    with pytest.raises(BadInput, match="退回修改"):
        await broadcasting.approve(team.desk, team.ann, back.id, back.version, SERVICE)


async def test_a_stop_comes_before_the_sending_or_too_late(team: Team, wechat: Platform) -> None:
    one, other = await approved(team, "101"), await approved(team, "102")
    await broadcasting.stop(team.desk, team.ed, one.id, "写错了")
    later(team, GRACE)
    assert await sending.send_due(team.desk, wechat) == 1
    assert [audience for audience, _ in wechat.asked] == ["102"]
    with pytest.raises(Conflict, match="来不及了"):
        await broadcasting.stop(team.desk, team.ed, other.id)


async def test_a_stop_between_looking_and_taking_wins(team: Team, wechat: Platform) -> None:
    one = await approved(team)
    later(team, GRACE)
    await broadcasting.stop(team.desk, team.ann, one.id)
    with pytest.raises(Conflict):
        await sending._take(team.desk, wechat, one)
    assert wechat.asked == []


async def test_who_dies_in_between_leaves_nothing_sent_twice(team: Team, wechat: Platform) -> None:
    one = await approved(team)
    later(team, GRACE)
    taken = await sending._take(team.desk, wechat, one)
    assert taken is not None
    await wechat.broadcast(taken.text, taken.audience, taken.token)
    # Here the process dies: the platform has it, and we do not know.
    assert await sending.send_due(team.desk, wechat) == 0, "somebody may still be at it"
    later(team, sending.STUCK)
    assert await sending.send_due(team.desk, wechat) == 1
    found = await now(team, one)
    assert (found.stage, found.said) == (Stage.SENT, "平台以前收到过，没有重发。")
    assert wechat.shown == [TEXT]


async def test_an_answer_that_got_lost_is_asked_for_again_under_the_same_token(team: Team, wechat: Platform) -> None:
    one = await approved(team)
    later(team, GRACE)
    wechat.next = [lambda: Undeliverable("unconfirmed: 没有回话", "unconfirmed"), TryAgain("busy: 忙")]
    await sending.send_due(team.desk, wechat)
    assert (await now(team, one)).stage is Stage.SENDING
    later(team, sending.STUCK)
    await sending.send_due(team.desk, wechat)
    assert (await now(team, one)).stage is Stage.APPROVED
    later(team, timedelta(minutes=1))
    await sending.send_due(team.desk, wechat)
    assert ((await now(team, one)).stage, wechat.shown) == (Stage.SENT, [TEXT])
    assert len({token for _, token in wechat.asked}) == 1


async def test_a_day_later_nobody_asks_again(team: Team, wechat: Platform) -> None:
    """The platform forgets a token after a day: what may have gone out then is for a person to look at."""
    one = await approved(team)
    later(team, GRACE)
    wechat.next = [
        lambda: Undeliverable("unconfirmed: 没有回话", "unconfirmed"),
        Misconfigured("banned: 被封禁", 80_000),
    ]
    await sending.send_due(team.desk, wechat)
    later(team, sending.STUCK)
    await sending.send_due(team.desk, wechat)
    waits = await now(team, one)
    assert (waits.stage, waits.outcome) == (Stage.APPROVED, "unconfirmed")
    later(team, timedelta(seconds=80_000))
    wechat.jobs.clear()
    assert await sending.send_due(team.desk, wechat) == 0
    assert (await now(team, one)).stage is Stage.UNCONFIRMED
    assert wechat.shown == [TEXT]


async def test_what_the_platform_refuses_is_said_and_not_repeated(team: Team, wechat: Platform) -> None:
    one = await approved(team)
    later(team, GRACE)
    wechat.next = [Undeliverable("content_refused: 微信认为内容不合规", "content_refused")]
    await sending.send_due(team.desk, wechat)
    later(team, timedelta(hours=3))
    assert await sending.send_due(team.desk, wechat) == 0
    found = await now(team, one)
    assert (found.stage, found.outcome, found.said) == (Stage.FAILED, "content_refused", "微信认为内容不合规")


async def test_a_service_account_sends_four_a_month_and_says_so_before(team: Team, wechat: Platform) -> None:
    for number in range(SERVICE.most):
        one = await approved(team, "101" if number else "")
        later(team, GRACE)
        await sending.send_due(team.desk, wechat)
        assert (await now(team, one)).stage is Stage.SENT
    here = await broadcasting.room(team.desk, SERVICE, "101")
    assert (here.used, here.left) == (4, 0)
    assert (await broadcasting.room(team.desk, SERVICE, "103")).left == 3, "the one to everybody counts with them too"
    with pytest.raises(BadInput, match="每月最多收到4次群发，已经发了4次；12月01日起"):
        await approved(team, "101")
    later(team, timedelta(days=7))
    assert (await approved(team, "101")).stage is Stage.APPROVED, "a new month"


async def test_a_subscription_account_sends_one_a_day(team: Team, wechat: Platform) -> None:
    wechat.limits = LIMITS["subscription"]
    first, second = await approved(team), await approved(team)
    later(team, GRACE)
    await sending.send_due(team.desk, wechat)
    stages = sorted([(await now(team, first)).stage, (await now(team, second)).stage])
    assert stages == [Stage.FAILED, Stage.SENT]
    assert len(wechat.shown) == 1


async def test_whom_one_may_write_to(team: Team, wechat: Platform) -> None:
    assert [one.name for one in await broadcasting.audiences(team.desk, team.ed)] == [
        "所有关注的人",
        "志愿者",
        "武汉市",
        "洪山区",
    ]
    assert [one.name for one in await broadcasting.audiences(team.desk, team.wuhan)] == ["武汉市", "洪山区"]
    with pytest.raises(NotYours):
        await broadcasting.write(team.desk, team.wuhan, Wanted("news", TEXT, "", None))
    one = await broadcasting.write(team.desk, team.wuhan, Wanted("reminder", TEXT, "102", None))
    elsewhere = await hired(team.desk, "bei", Role.EDITOR, ("110000",))
    assert await broadcasting.listed(team.desk, elsewhere) == []
    with pytest.raises(NotYours):
        await broadcasting.show(team.desk, elsewhere, one.id)
    with pytest.raises(NotYours):
        await broadcasting.stop(team.desk, elsewhere, one.id)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "正文是空的"),
        ("字" * 601, "最多600个"),
        ("您不符合条件，打12345。", "写了“您不符合”"),
        ("王某420106195001011234请来领钱，打12345。", "身份证号"),
    ],
)
async def test_words_that_may_not_go_out(team: Team, wechat: Platform, text: str, said: str) -> None:
    draft = await written(team, text=text)
    with pytest.raises(BadInput, match=said):
        await broadcasting.submit(team.desk, team.ed, draft.id, draft.version, SERVICE)


async def test_a_planned_moment_is_kept(team: Team, wechat: Platform) -> None:
    at = team.desk.clock.now() + timedelta(hours=5)
    draft = await broadcasting.write(team.desk, team.ed, Wanted("reminder", TEXT, "", at))
    sent = await broadcasting.submit(team.desk, team.ed, draft.id, draft.version, SERVICE)
    one = await broadcasting.approve(team.desk, team.ann, sent.id, sent.version, SERVICE)
    assert one.due_at == at
    with pytest.raises(BadInput, match="60天以内"):
        await broadcasting.write(team.desk, team.ed, Wanted("news", TEXT, "", at + timedelta(days=90)))


async def test_the_report_may_be_faster_than_the_answer(team: Team, wechat: Platform) -> None:
    one = await approved(team)
    later(team, GRACE)
    taken = await sending._take(team.desk, wechat, one)
    assert taken is not None
    async with team.desk.store.writing() as work:
        await sending.finished(work, "777:send success:5:0", team.desk.clock.now())
        await work.commit()
    await sending._keep(team.desk, taken, sending._taken(Taken("777")))
    found = await now(team, one)
    assert (found.stage, found.platform_id, found.reached) == (Stage.SENT, "777", 5)
    async with team.desk.store.writing() as work:
        for told in ("", "x", "777", "778:err(10001)", "777:failed: user block"):
            await sending.finished(work, told, team.desk.clock.now())
        await work.commit()
    assert (await now(team, one)).stage is Stage.FAILED
