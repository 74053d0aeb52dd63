"""Every error code of Weibo we may meet, and what to do about it. The words are for staff.

https://open.weibo.com/wiki/Error_code and 粉丝服务平台 (264xx); the pages are of 2014/15, so an unknown code is named as it is.
"""

from __future__ import annotations

from connectors.verdicts import ALARM_SECONDS, Action, Verdict

_PHONE = "请等居民再发私信，或改用电话联系"
HOUR = 3600.0


def _ours(name: str, staff: str) -> Verdict:
    return Verdict(name, Action.ALARM, staff, ALARM_SECONDS)


def _busy(name: str) -> Verdict:
    return Verdict(name, Action.AGAIN, "微博系统繁忙，系统会再发一次，请稍候。")


def _limit(name: str, what: str) -> Verdict:
    return Verdict(name, Action.REST, f"微博的{what}发送次数用完了，一小时后再发。", HOUR)


OK = Verdict("ok", Action.DONE, "已送达微博。")
EXPIRED = _ours("token_expired", "微博的访问令牌过期，已停止发送，请管理员到粉丝服务平台重新获取。")
_TOKEN = _ours("token_refused", "微博不认访问令牌，已停止发送，请管理员到粉丝服务平台核对。")

TABLE: dict[int, Verdict] = {
    0: OK,
    # passing
    10001: _busy("system_error"),
    10002: _busy("unavailable"),
    10003: _busy("remote_error"),
    10009: _busy("too_many_tasks"),
    10010: _busy("job_expired"),
    # allowances
    10004: _ours("address_limit", "微博限制了服务器的地址，已停止发送，请管理员到开放平台查看。"),
    10022: _limit("address_rate", "本机地址"),
    10023: _limit("account_rate", "本账号"),
    10024: _limit("interface_rate", "本接口"),
    # ours to mend
    10005: _ours("resource_denied", "微博不许这个应用用此接口，已停止发送，请管理员到开放平台申请。"),
    10006: _ours("key_missing", "微博没有认出应用，已停止发送，请管理员核对AppKey。"),
    10011: _ours("legal_request", "微博认为请求不合规则，已停止发送，请管理员到开放平台查看。"),
    10012: _ours("illegal_request", "微博认为请求不合规则，已停止发送，请管理员到开放平台查看。"),
    10013: _ours("application", "微博不认这个应用，已停止发送，请管理员核对应用状态。"),
    10014: _ours("no_permission", "应用没有这个接口的权限，已停止发送，请管理员到开放平台申请。"),
    **dict.fromkeys((*range(21301, 21327), 21332), _TOKEN),
    21327: EXPIRED,
    # what we sent
    10007: Verdict("media_type", Action.GIVE_UP, "无法送达：消息类型不对，请把这条消息报给技术人员。"),
    10008: Verdict("argument", Action.GIVE_UP, "无法送达：消息的参数不对，请把这条消息报给技术人员。"),
    10016: Verdict("argument_missing", Action.GIVE_UP, "无法送达：缺少参数，请把这条消息报给技术人员。"),
    10017: Verdict("argument_wrong", Action.GIVE_UP, "无法送达：参数不对，请把这条消息报给技术人员。"),
    10018: Verdict("too_large", Action.GIVE_UP, "无法送达：消息太大，请把这条消息报给技术人员。"),
    20012: Verdict("too_long", Action.GIVE_UP, "无法送达：文字太长，请把这条消息报给技术人员。"),
    # the person
    20003: Verdict("no_user", Action.GIVE_UP, f"无法送达：找不到这位微博用户，{_PHONE}。"),
    26403: Verdict("window", Action.HOLD, f"微博不让再发了（已回复过，或已超过48小时），{_PHONE}。"),
}

_SERVICE = range(26400, 26500)


def verdict_of(code: int) -> Verdict:
    """Of the fans service's own codes an unknown one is about this message; any other is named and not guessed at."""
    if code in TABLE:
        return TABLE[code]
    name = f"service_{code}" if code in _SERVICE else f"unknown_{code}"
    return Verdict(name, Action.GIVE_UP, f"无法送达：微博返回代码{code}，请把这条消息报给技术人员。")


UNCONFIRMED = Verdict("unconfirmed", Action.GIVE_UP, "微博没有回话，不知是否送到；请先问居民收到没有，再决定重发。")
"""Weibo has no key that would stop a second copy, so a message is never repeated blindly."""
