"""The accounts this service has on other people's platforms: the real ones, or simulated ones; never both."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.clock import Clock
from bot.desk.broadcast_ports import LIMITS, Broadcaster
from bot.desk.notices.ports import SUBSCRIPTION, TEMPLATE, NoticeSender
from bot.errors import BadInput
from bot.settings import Settings
from bot.wiring import House
from connectors.app.limits import Limits
from connectors.app.sessions import Sessions
from connectors.channel import Channel
from connectors.sandbox import SandboxSettings, Simulated
from connectors.wechat import notices
from connectors.wechat.broadcasting import WeChatBroadcaster
from connectors.wechat.channel import WeChat
from connectors.wechat.client import WeChatClient
from connectors.wechat.login import mount_login
from connectors.wechat.mini_channel import Mini
from connectors.wechat.settings import WeChatSettings
from connectors.weibo.channel import Weibo
from connectors.weibo.settings import WeiboSettings

_LOGINS_A_MINUTE = 60
"""Of one address: many people stand behind one of a telephone company's."""


@dataclass
class Platforms:
    channels: dict[str, Channel] = field(default_factory=dict)
    broadcaster: Broadcaster | None = None
    notices: dict[str, NoticeSender] = field(default_factory=dict)
    simulated: tuple[Simulated, ...] = ()
    mini: Mini | None = None
    mini_appid: str = ""

    def mount(self, app: web.Application, session_secret: str, clock: Clock) -> None:
        """What a platform needs of our server beside its callbacks: the mini program's login."""
        if self.mini is None:
            return
        limits = Limits()
        mount_login(
            app,
            self.mini.client,
            self.mini_appid,
            _opener(Sessions(session_secret), clock),
            lambda address: limits.wait(address, _LOGINS_A_MINUTE) == 0,
        )


def open_platforms(settings: Settings, house: House) -> Platforms:
    """Raises BadInput for an account that cannot work, and for a simulated one beside a real one."""
    simulated = _simulated(settings) if settings.with_sandbox else ()
    wechat, mini, weibo = _invented(settings, simulated) if simulated else _real(settings)
    made = Platforms(simulated=simulated)
    if wechat:
        account = WeChat(wechat, house.store, house.clock)
        made.channels[account.name] = account
        made.broadcaster = WeChatBroadcaster(account.client, wechat.appid, LIMITS[settings.wechat_kind])
        made.notices[TEMPLATE] = notices.TemplateSender(account.client)
        made.notices[SUBSCRIPTION] = notices.SubscriptionSender(account.client, notices.ACCOUNT)
    if mini:
        made.mini, made.mini_appid = Mini(mini, house.store, house.clock), mini.appid
        made.channels[made.mini.name] = made.mini
        # Where there is a mini program, its notices are the ones that can be lasting.
        made.notices[SUBSCRIPTION] = notices.SubscriptionSender(made.mini.client)
    if weibo:
        fans = Weibo(weibo, house.clock)
        made.channels[fans.name] = fans
    return made


def open_account(settings: Settings, house: House) -> WeChatClient:
    """The official account alone, for what an office sets up there."""
    wechat, _, _ = _real(settings)
    if wechat is None:
        raise BadInput("no official account is set: give JIUZHUTONG_WECHAT_APPID and its secrets (docs/settings.md)")
    return WeChatClient(wechat, house.store, house.clock)


_Accounts = tuple[WeChatSettings | None, WeChatSettings | None, WeiboSettings | None]


def _real(settings: Settings) -> _Accounts:
    wechat = mini = weibo = None
    if settings.wechat_appid:
        wechat = WeChatSettings(
            appid=settings.wechat_appid,
            secret=settings.wechat_secret,
            token=settings.wechat_token,
            aes_key=settings.wechat_aes_key,
            previous_aes_key=settings.wechat_previous_aes_key,
            account=settings.wechat_account,
            mode=settings.wechat_mode,  # type: ignore[arg-type]
            api_base=settings.wechat_api_base,
        )
    if settings.mini_appid:
        mini = WeChatSettings(
            appid=settings.mini_appid,
            secret=settings.mini_secret,
            token=settings.mini_token,
            aes_key=settings.mini_aes_key,
            account=settings.mini_account,
            api_base=settings.wechat_api_base,
        )
    if settings.weibo_uid:
        weibo = WeiboSettings.of(
            uid=settings.weibo_uid,
            app_secret=settings.weibo_app_secret,
            token=settings.weibo_token,
            path=settings.weibo_path,
            token_expires=settings.weibo_token_expires,
            api_base=settings.weibo_api_base,
        )
    return wechat, mini, weibo


def _simulated(settings: Settings) -> tuple[Simulated, ...]:
    bind: Mapping[str, str] = {
        "bind": settings.host,
        "real_appid": settings.wechat_appid or settings.mini_appid or settings.weibo_uid,
    }
    here = f"http://127.0.0.1:{settings.port}"
    return (
        Simulated(SandboxSettings.fresh(**bind), f"{here}/wechat"),
        Simulated(SandboxSettings.fresh_mini(**bind), f"{here}/mini"),
        Simulated(SandboxSettings.fresh_weibo(**bind), f"{here}/weibo/{secrets.token_hex(16)}"),
    )


def _invented(settings: Settings, simulated: tuple[Simulated, ...]) -> _Accounts:
    """Our side of the simulated accounts; nobody else knows their secrets."""
    here = f"http://127.0.0.1:{settings.port}"
    wechat, mini, weibo = (one.settings for one in simulated)
    fans = WeiboSettings(
        weibo.account,
        weibo.secret,
        weibo.token,
        simulated[2].deliver_to.rpartition("/")[2],
        api_base=f"{here}/wb",
        upload_base=f"{here}/wb",
    )
    return _account(wechat, f"{here}/wx"), _account(mini, f"{here}/wxm"), fans


def _account(made: SandboxSettings, api_base: str) -> WeChatSettings:
    return WeChatSettings(made.appid, made.secret, made.token, made.aes_key, account=made.account, api_base=api_base)


def _opener(sessions: Sessions, clock: Clock) -> Callable[[str], Mapping[str, Any]]:
    """The app's own sessions, for whoever WeChat says opened the mini program."""

    def opened(openid: str) -> Mapping[str, Any]:
        now = clock.now()
        session = sessions.named(f"mini:{openid}", now)
        return {
            "session_id": session.id,
            "token": sessions.token(session),
            "expires_in": session.ends - int(now.timestamp()),
            "rights": list(session.rights),
        }

    return opened
