"""What a resident does, as the fields the platform pushes for it. Pure.

Field names and shapes: https://developers.weixin.qq.com/doc/service/guide/product/message/Receiving_standard_messages.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.sandbox.ledger import Trigger
from connectors.sandbox.settings import Form


@dataclass(frozen=True, slots=True)
class Act:
    """One thing a resident does: a message (it gets a MsgId) or an event (it gets none)."""

    name: str
    """What the engineer's log calls it."""
    fields: Mapping[str, Any]
    trigger: Trigger | None = None
    """Which budget it opens for the account's own messages."""
    visible: bool = True
    """Whether a passive reply to it can be seen at all."""
    said: str = ""
    """The words of the resident's own bubble; events have none."""
    media: str = ""

    @property
    def is_event(self) -> bool:
        return bool(self.fields["MsgType"] == "event")


@dataclass(frozen=True, slots=True)
class Push:
    """An act with its number and its moment: every delivery of it carries the same two."""

    openid: str
    act: Act
    created: int
    message_id: str
    fields: Mapping[str, Any] = field(repr=False)

    @property
    def id(self) -> str:
        """What tells two pushes apart: the MsgId, or for events sender, second and event."""
        if self.message_id:
            return self.message_id
        return f"{self.created}:{self.fields['Event']}:{self.fields.get('EventKey', '')}"


def push(act: Act, account: str, openid: str, created: int, message_id: str) -> Push:
    fields: dict[str, Any] = {"ToUserName": account, "FromUserName": openid, "CreateTime": created, **act.fields}
    if act.is_event:
        message_id = ""
    else:
        fields["MsgId"] = int(message_id)
    return Push(openid, act, created, message_id, fields)


def text(words: str) -> Act:
    return Act("文字", {"MsgType": "text", "Content": words}, Trigger.MESSAGE, said=words)


def tap(option_id: str, label: str) -> Act:
    """A tapped line arrives as a text that carries the line's id."""
    fields = {"MsgType": "text", "Content": label, "bizmsgmenuid": option_id}
    return Act("点选项", fields, Trigger.TAP, said=label)


def image(media_id: str, url: str) -> Act:
    fields = {"MsgType": "image", "PicUrl": url, "MediaId": media_id}
    return Act("图片", fields, Trigger.MESSAGE, said="[图片]", media=media_id)


def voice(media_id: str) -> Act:
    """The platform no longer transcribes: Recognition arrives empty."""
    fields = {"MsgType": "voice", "MediaId": media_id, "Format": "amr", "MediaId16K": f"{media_id}-16k"}
    return Act("语音", {**fields, "Recognition": ""}, Trigger.MESSAGE, said="[语音]", media=media_id)


def video(media_id: str, thumb_id: str) -> Act:
    fields = {"MsgType": "video", "MediaId": media_id, "ThumbMediaId": thumb_id}
    return Act("视频", fields, Trigger.MESSAGE, said="[视频]", media=media_id)


def location(label: str, latitude: float, longitude: float) -> Act:
    """Location_X is the latitude, Location_Y the longitude: the platform's own order."""
    fields = {"MsgType": "location", "Location_X": latitude, "Location_Y": longitude, "Scale": 16, "Label": label}
    return Act("位置", fields, Trigger.MESSAGE, said=f"[位置] {label}")


def link(title: str, description: str, url: str) -> Act:
    fields = {"MsgType": "link", "Title": title, "Description": description, "Url": url}
    return Act("链接", fields, Trigger.MESSAGE, said=f"[链接] {title}")


def _event(name: str, event: str, trigger: Trigger | None, *, visible: bool = True, said: str = "", **more: Any) -> Act:
    return Act(name, {"MsgType": "event", "Event": event, **more}, trigger, visible, said)


def follow(scene: str = "", ticket: str = "") -> Act:
    """A first follow; through a scene code it carries the scene with a prefix."""
    if not scene:
        return _event("关注", "subscribe", Trigger.FOLLOW, EventKey="")
    return _event("扫码关注", "subscribe", Trigger.FOLLOW, EventKey=f"qrscene_{scene}", Ticket=ticket)


def unfollow() -> Act:
    return _event("取消关注", "unsubscribe", None, visible=False, EventKey="")


def scan(scene: str, ticket: str) -> Act:
    """A scan by somebody who follows already: the scene without a prefix."""
    return _event("扫码", "SCAN", Trigger.SCAN, EventKey=scene, Ticket=ticket)


def enter(session_from: str = "") -> Act:
    """A mini program's service window is opened."""
    return _event("进入客服", "user_enter_tempsession", Trigger.ENTER, SessionFrom=session_from)


def mention(words: str) -> Act:
    """The account is called in a post everybody can read (Weibo)."""
    return Act("提及", {"MsgType": "mention", "Content": words}, Trigger.MENTION, said=words)


def click(key: str, label: str = "") -> Act:
    return _event("点菜单", "CLICK", Trigger.MENU, EventKey=key, said=f"[菜单] {label}" if label else "")


def view(url: str) -> Act:
    """The resident leaves for a page: whatever is answered is not seen."""
    return _event("打开网页", "VIEW", None, visible=False, EventKey=url, MenuId="1")


def privacy(event: str, appid: str, openid: str) -> Act:
    """`user_authorization_revoke` or `user_info_modified`: the resident changed what the account may keep."""
    return _event("隐私变更", event, None, visible=False, OpenID=openid, AppID=appid, RevokeInfo="1")


def agreed(template: str, accept: bool, form: Form) -> Act:
    """What somebody said when asked whether notices of a template may come."""
    said = {"TemplateId": template, "SubscribeStatusString": "accept" if accept else "reject", "PopupScene": "0"}
    return _event("订阅通知", "subscribe_msg_popup_event", None, visible=False, **_listed("Popup", said, form))


def receipt(event: str, template: str, number: int, form: Form, *, blocked: bool = False) -> Act:
    """What became of a notice, told a moment after it was taken."""
    if event == "TEMPLATESENDJOBFINISH":
        status = "failed:user block" if blocked else "success"
        return _event("模板回执", event, None, visible=False, MsgID=number, Status=status)
    sent = {"TemplateId": template, "MsgID": str(number), "ErrorCode": "0", "ErrorStatus": "success"}
    return _event("通知回执", event, None, visible=False, **_listed("Sent", sent, form))


def _listed(name: str, item: dict[str, str], form: Form) -> dict[str, Any]:
    """The list stands inside an element in XML, and at the top in JSON: the platform's own two ways."""
    return {"List": item} if form is Form.JSON else {f"SubscribeMsg{name}Event": {"List": item}}


def mass_finished(job: int, sent: int, missed: int) -> Act:
    """What the account is told when a broadcast is through."""
    counts: dict[str, Any] = {
        "TotalCount": sent + missed,
        "FilterCount": sent + missed,
        "SentCount": sent,
        "ErrorCount": missed,
    }
    return _event("群发完成", "MASSSENDJOBFINISH", None, visible=False, MsgID=job, Status="send success", **counts)


def other(fields: Mapping[str, Any], *, trigger: Trigger | None = None, visible: bool = True) -> Act:
    """Any push the platform may invent tomorrow, field by field."""
    return Act(str(fields.get("Event") or fields["MsgType"]), dict(fields), trigger, visible)
