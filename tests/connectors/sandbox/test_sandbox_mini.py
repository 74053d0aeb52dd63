"""A simulated mini program against the connector to a real one, written apart: its window, its login, its notices."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.clock import FixedClock
from bot.desk.notices.ports import REFUSED, Letter, Template
from bot.errors import Forged, QuotaSpent, Undeliverable
from bot.messages import Inbound, Kind, Reply
from connectors.sandbox import PLATFORMS, Form, Phone, Platform, SandboxSettings, Simulated, mount_phones
from connectors.wechat.mini_channel import Mini
from connectors.wechat.notices import SubscriptionSender, TemplateSender
from connectors.wechat.settings import WeChatSettings
from tests.connectors.sandbox.account import Account, OneToken
from tests.connectors.wechat.test_wechat_reply import row
from tests.connectors.wechat.test_wechat_send import PERSON

ME = "oMini0000001resident"


@dataclass
class Program:
    clock: FixedClock
    platform: Platform = field(init=False)
    channel: Mini = field(init=False)
    inbox: list[Inbound] = field(default_factory=list)
    answer: bytes | None = None
    forged: int = 0

    async def receive(self, request: web.Request) -> web.Response:
        try:
            body = await request.read()
            callback = self.channel.read(request.query.items(), request.headers, body, self.clock.now())
        except Forged:
            self.forged += 1
            return web.Response(status=403)
        self.inbox.extend(callback.inbounds)
        return web.Response(body=self.answer or callback.respond([Reply("到街道申请。")]).body)

    async def send(self, words: str, *options: str) -> str:
        return await self.channel.send(replace(PERSON, channel="mini", sender=ME), row(words, *options))

    def seen(self) -> list[str]:
        return [shown.text for shown in self.platform.received(ME)]


@pytest.fixture(params=[Form.JSON, Form.XML])
async def program(clock: FixedClock, request: pytest.FixtureRequest) -> AsyncIterator[Program]:
    made = SandboxSettings.fresh_mini(cut_off=0.25, form=request.param)
    program = Program(clock)
    app = web.Application()
    app.router.add_post("/mini", program.receive)
    mount_phones(app, (Simulated(made, "http://127.0.0.1/mini"),), clock)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    base = str(server.make_url("")).rstrip("/")
    program.platform = app[PLATFORMS][Phone.MINI]
    program.platform.deliver_to = f"{base}/mini"
    settings = WeChatSettings(
        made.appid, made.secret, made.token, made.aes_key, account=made.account, api_base=f"{base}/wxm"
    )
    program.channel = Mini(settings, OneToken(), clock)  # type: ignore[arg-type]
    yield program
    await program.channel.close()
    await server.close()


async def test_who_opens_the_window_lets_two_messages_out_and_who_writes_five(program: Program) -> None:
    await program.platform.enter(ME, "page=apply")
    assert (program.inbox[0].event, program.inbox[0].event_key) == ("user_enter_tempsession", "page=apply")
    for words in ("您好。", "想问什么？"):
        await program.send(words)
    with pytest.raises(QuotaSpent):
        await program.send("第三条")
    await program.platform.say(ME, "低保怎么申请")
    for number in range(5):
        await program.send(f"第{number}条")
    with pytest.raises(QuotaSpent):
        await program.send("第六条")
    assert program.seen()[:2] == ["您好。", "想问什么？"]
    assert len(program.seen()) == 7
    assert program.forged == 0


async def test_options_are_numbers_to_type(program: Program) -> None:
    await program.platform.say(ME, "救助")
    await program.send("想问哪一项？", "低保", "临时救助")
    (shown,) = program.platform.received(ME)
    assert shown.text == "想问哪一项？\n\n1. 低保\n2. 临时救助"
    assert shown.options == ()


async def test_pictures_come_in_and_are_fetched(program: Program) -> None:
    await program.platform.send_image(ME, b"\xff\xd8\xffpicture")
    (inbound,) = program.inbox
    assert inbound.kind is Kind.IMAGE
    assert await program.channel.fetch(inbound.media) == b"\xff\xd8\xffpicture"


async def test_an_answer_in_the_exchange_would_be_seen_by_nobody(program: Program) -> None:
    delivered = await program.platform.say(ME, "低保")
    assert delivered.answers[-1] is not None
    assert delivered.answers[-1].fault == ""
    program.answer = b"<xml><MsgType>text</MsgType></xml>"
    delivered = await program.platform.say(ME, "低保")
    assert delivered.answers[-1] is not None
    assert "nothing else" in delivered.answers[-1].fault
    assert program.seen() == []


async def test_a_code_is_good_once_and_for_five_minutes(program: Program, clock: FixedClock) -> None:
    code = program.platform.login_code(ME)
    assert (await program.channel.client.login(code)).openid == ME
    for spent in (code, "never given"):
        with pytest.raises(Undeliverable, match=r"^login_code"):
            await program.channel.client.login(spent)
    late = program.platform.login_code(ME)
    clock.advance(seconds=301)
    with pytest.raises(Undeliverable):
        await program.channel.client.login(late)


def letter(template: str, **values: str) -> Letter:
    return Letter("01JDXK3E9GZ4Q2W7N8M5R6T1VB", "gh_sandbox00002", ME, Template(template, {}), values)


async def test_a_notice_needs_a_yes_and_uses_it_up(program: Program) -> None:
    sender = SubscriptionSender(program.channel.client)
    program.platform.welcome(ME)
    with pytest.raises(Undeliverable) as refused:
        await sender.send(letter("TPL_A", thing1="低保"))
    assert refused.value.reason == REFUSED
    await program.platform.agree(ME, "TPL_A")
    number = await sender.send(letter("TPL_A", thing1="最低生活保障的申请", phrase2="审核中", time3="2026年7月28日"))
    assert number.isdigit()
    await program.platform.idle()
    assert [(one.event, one.event_key) for one in program.inbox] == [
        ("subscribe_msg_popup_event", "TPL_A:accept"),
        ("subscribe_msg_sent_event", "TPL_A:success"),
    ]
    with pytest.raises(Undeliverable):
        await sender.send(letter("TPL_A", thing1="又一条"))
    assert program.seen() == ["服务通知\n最低生活保障的申请\n审核中\n2026年7月28日"]


async def test_a_lasting_yes_lets_many_out_until_it_is_taken_back(program: Program) -> None:
    sender = SubscriptionSender(program.channel.client)
    await program.platform.agree(ME, "LONG_A")
    for _ in range(3):
        await sender.send(letter("LONG_A", thing1="进度"))
    await program.platform.agree(ME, "LONG_A", accept=False)
    with pytest.raises(Undeliverable):
        await sender.send(letter("LONG_A", thing1="进度"))


async def test_a_template_message_is_cut_where_the_platform_would(account: Account) -> None:
    sender = TemplateSender(account.channel.client)
    account.platform.welcome(ME)
    await sender.send(letter("TPL_B", keyword1="字" * 40))
    await account.platform.idle()
    (shown,) = account.platform.received(ME)
    assert shown.text == "服务通知\n" + "字" * 19 + "…"
    assert account.inbox[-1].event == "TEMPLATESENDJOBFINISH"
    account.platform.residents[ME].follows = False
    with pytest.raises(Undeliverable, match=r"^not_follower"):
        await sender.send(letter("TPL_B", keyword1="x"))
