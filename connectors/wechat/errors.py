"""Every WeChat error code we may meet, and what to do about it. The words are for staff.

https://developers.weixin.qq.com/doc/service/guide/dev/errorcode.html ; `errmsg` changes and is never matched on.
"""

from __future__ import annotations

from connectors.verdicts import ALARM_SECONDS, Action, Verdict

_PHONE = "请改用电话联系，或等居民再次发来消息"


def _ours(name: str, staff: str) -> Verdict:
    return Verdict(name, Action.ALARM, staff, ALARM_SECONDS)


def _person(name: str, staff: str) -> Verdict:
    return Verdict(name, Action.GIVE_UP, f"无法送达：{staff}，{_PHONE}。")


def _payload(name: str, what: str) -> Verdict:
    return Verdict(name, Action.GIVE_UP, f"无法送达：{what}，请把这条消息报给技术人员。")


def _token(name: str) -> Verdict:
    return Verdict(name, Action.REFRESH, "微信的通行凭证失效，系统正在重新获取，请稍候。", 30.0)


def _agent(name: str, what: str) -> Verdict:
    return Verdict(name, Action.GIVE_UP, f"微信客服账号出错：{what}，请在公众平台的客服功能里处理。")


OK = Verdict("ok", Action.DONE, "已送达微信。")

TABLE: dict[int, Verdict] = {
    0: OK,
    # token: refresh once, repeat once
    40001: _token("token_invalid"),
    40014: _token("token_malformed"),
    42001: _token("token_expired"),
    # passing
    -1: Verdict("busy", Action.AGAIN, "微信系统繁忙，系统会再发一次，请稍候。"),
    45011: Verdict("too_fast", Action.AGAIN, "发得太快，微信要求稍等，系统会再发一次。", 2.0),
    61450: Verdict("system_error", Action.AGAIN, "微信系统出错，系统会再发一次，请稍候。"),
    # the day's allowance
    45009: Verdict("day_quota", Action.PAUSE, "今天的微信接口次数已用完，到零点自动恢复；急事请打电话。"),
    # the person's window: the row is held and leaves with their next message
    45015: Verdict("window_closed", Action.HOLD, f"无法送达：居民超过48小时没有来消息，{_PHONE}。"),
    45047: Verdict("quota_spent", Action.HOLD, f"无法送达：对同一条来信的回复条数已用完，{_PHONE}。"),
    # the person, for good
    40003: _person("unknown_person", "微信不认识这个用户"),
    43004: _person("not_follower", "对方没有关注公众号"),
    43019: _person("blocked_by_us", "对方在公众号的黑名单里"),
    43101: _person("refused", "对方没有同意接收这类通知"),
    48002: _person("refuses_messages", "对方关闭了接收消息"),
    50005: _person("unfollowed", "对方已取消关注"),
    # our account, secret, address
    40002: _ours("grant_type", "微信凭证的申请方式不对，已停止发送，请报技术人员。"),
    40013: _ours("appid_invalid", "公众号的AppID不对，已停止发送，请管理员核对设置。"),
    40125: _ours("secret_invalid", "公众号的AppSecret不对，已停止发送，请管理员核对设置。"),
    40243: _ours("secret_frozen", "公众号的AppSecret被冻结，已停止发送，请管理员到公众平台解冻。"),
    40164: _ours("address_not_allowed", "服务器地址不在公众号的IP白名单里，已停止发送，请管理员加入白名单。"),
    41001: _ours("token_missing", "发送时缺少通行凭证，已停止发送，请报技术人员。"),
    41002: _ours("appid_missing", "缺少公众号的AppID，已停止发送，请管理员核对设置。"),
    41004: _ours("secret_missing", "缺少公众号的AppSecret，已停止发送，请管理员核对设置。"),
    48001: _ours("not_authorised", "公众号没有这个接口的权限（多为未认证），已停止发送，请管理员到公众平台查看。"),
    48004: _ours("banned", "公众号的这个接口被封禁，已停止发送，请管理员登录公众平台查看原因。"),
    48008: _ours("type_not_authorised", "公众号没有发送这类消息的权限，已停止发送，请管理员到公众平台查看。"),
    50001: _ours("not_granted", "公众号没有授权这个接口，已停止发送，请管理员到公众平台授权。"),
    50002: _ours("restricted", "公众号被限制使用，已停止发送，请管理员登录公众平台查看原因。"),
    40200: _ours("account_type", "这类公众号不能用这个功能（多为测试号或未认证），请管理员核对账号类型。"),
    61007: _ours("not_authorised_by_owner", "公众号没有把这项权限授给本系统，已停止发送，请管理员授权。"),
    89503: _ours("address_to_confirm", "服务器地址要由公众号管理员确认，已停止发送，请管理员在手机上确认。"),
    89506: _ours("address_refused", "公众号管理员拒绝了服务器地址，已停止发送，请与管理员联系。"),
    89507: _ours("address_refused_hour", "公众号管理员刚拒绝过服务器地址，一小时后再申请，请与管理员联系。"),
    # a mini program's login: about this one person
    40029: Verdict("login_code", Action.GIVE_UP, "登录凭证无效，请让居民重新打开小程序。"),
    40163: Verdict("login_code_used", Action.GIVE_UP, "登录凭证用过了，请让居民重新打开小程序。"),
    40226: Verdict("login_risky", Action.GIVE_UP, "微信认为这个用户有风险，不能登录，请让居民到窗口办。"),
    # what we sent
    40004: _payload("media_type", "文件类型不对"),
    40005: _payload("file_type", "文件格式不对"),
    40006: _payload("file_size", "文件大小不对"),
    40007: _payload("media_id", "图片或语音已过期"),
    40008: _payload("message_type", "消息类型不对"),
    40009: _payload("image_size", "图片太大"),
    40035: _payload("argument", "消息的参数不对"),
    40037: _payload("template", "通知模板不对"),
    41030: _payload("page", "小程序页面不对"),
    44002: _payload("empty_body", "消息是空的"),
    44003: _payload("empty_news", "图文消息是空的"),
    44004: _payload("empty_text", "文字是空的"),
    45002: _payload("too_long", "文字太长"),
    45003: _payload("title_too_long", "标题太长"),
    45004: _payload("description_too_long", "描述太长"),
    45005: _payload("link_too_long", "链接太长"),
    45006: _payload("picture_link_too_long", "图片链接太长"),
    45007: _payload("voice_too_long", "语音太长"),
    45008: _payload("too_many_articles", "图文条数太多"),
    47001: _payload("malformed", "消息格式不对"),
    47003: _payload("template_argument", "通知的内容不合模板要求"),
    43116: _payload("template_retired", "通知模板已停用"),
    # WeChat's own agent console
    61452: _agent("agent_argument", "参数不对"),
    61453: _agent("agent_exists", "客服账号已存在"),
    61454: _agent("agent_name_length", "客服账号名太长"),
    61455: _agent("agent_name", "客服账号名有不允许的字"),
    61456: _agent("agent_limit", "客服账号数已满"),
    61457: _agent("agent_picture", "客服头像格式不对"),
    61458: _agent("agent_state", "客服账号状态不对"),
    61459: _agent("agent_unavailable", "客服账号暂不能用"),
    # broadcasts
    45028: Verdict("mass_quota", Action.GIVE_UP, "平台的群发次数用完了，没有发送；下个月（订阅号是明天）再发。"),
    45159: Verdict("tag", Action.GIVE_UP, "平台上没有这个标签了，没有发送；请重新选发给谁。"),
    # sent before
    45065: Verdict("already_sent", Action.DONE, "这条群发以前已经发过，没有重发。"),
    45066: Verdict("repeated_too_soon", Action.GIVE_UP, "这条群发与刚才的重复，没有发送，请稍后核对。"),
    45067: Verdict("repeat_id_too_long", Action.GIVE_UP, "群发的编号太长，没有发送，请报技术人员。"),
    # words
    87014: Verdict("content_refused", Action.GIVE_UP, "微信认为内容不合规，没有发送，请改用平实的说法。"),
}

UNCONFIRMED = Verdict("unconfirmed", Action.GIVE_UP, "微信没有回话，不知是否送到；请先问居民收到没有，再决定重发。")
"""WeChat has no key that would stop a second copy, so a message is never repeated blindly."""


def verdict_of(code: int) -> Verdict:
    """An unknown code is named as it is and not guessed at: nothing was delivered, and a person should look."""
    return TABLE.get(code) or _payload(f"unknown_{code}", f"微信返回未知代码{code}")
