"""Every kind of push becomes one `Inbound`, from XML and from JSON alike."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.messages import Agreed, Kind, Receipt
from tests.connectors.wechat.pushes import event, message, read

MESSAGES = [
    ("text", {"Content": "低保怎么申请😀"}, Kind.TEXT, {"text": "低保怎么申请😀"}),
    ("text", {"Content": ""}, Kind.TEXT, {"text": ""}),
    ("text", {"Content": '/inform{"x":1}'}, Kind.TEXT, {"text": '/inform{"x":1}'}),
    ("text", {"Content": "临时救助", "bizmsgmenuid": "12-2"}, Kind.TEXT, {"text": "临时救助", "choice": "12-2"}),
    ("text", {"Content": "【收到不支持的消息类型，暂无法显示】"}, Kind.UNKNOWN, {}),
    ("image", {"PicUrl": "http://mmbiz.qpic.cn/x", "MediaId": "MEDIA"}, Kind.IMAGE, {"media": "MEDIA", "text": ""}),
    (
        "voice",
        {"MediaId": "V", "Format": "amr", "MediaId16K": "V16", "Recognition": ""},
        Kind.VOICE,
        {"media": "V", "text": ""},
    ),
    ("voice", {"MediaId": "V", "Recognition": "低保"}, Kind.VOICE, {"media": "V", "text": "低保"}),
    ("video", {"MediaId": "D", "ThumbMediaId": "T"}, Kind.VIDEO, {"media": "D"}),
    ("shortvideo", {"MediaId": "D", "ThumbMediaId": "T"}, Kind.VIDEO, {"media": "D"}),
    (
        "link",
        {"Title": "通知", "Description": "说明", "Url": "https://example.gov.cn"},
        Kind.LINK,
        {"text": "通知\nhttps://example.gov.cn"},
    ),
    ("miniprogrampage", {"Title": "申请进度", "PagePath": "pages/case"}, Kind.LINK, {"text": "申请进度"}),
    ("hologram", {"Anything": "x"}, Kind.UNKNOWN, {"text": ""}),
]


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize(("kind_name", "fields", "kind", "expected"), MESSAGES)
def test_messages(kind_name: str, fields: dict[str, Any], kind: Kind, expected: dict[str, Any], as_json: bool) -> None:
    inbound = read(message(MsgType=kind_name, **fields), as_json)
    assert (inbound.channel, inbound.account, inbound.sender) == ("wechat", "gh_0123456789ab", "oUser_A")
    assert inbound.kind is kind
    assert inbound.sent_at == datetime.fromtimestamp(1714112445, UTC)
    assert {name: getattr(inbound, name) for name in expected} == expected


@pytest.mark.parametrize("as_json", [False, True])
def test_a_place_is_kept_in_words_and_never_in_coordinates(as_json: bool) -> None:
    where = {"Location_X": "23.134521", "Location_Y": "113.358803", "Scale": 20, "Label": "洪山区某某街道"}
    for inbound in (
        read(message(MsgType="location", **where), as_json),
        read(event("location_select", EventKey="k", SendLocationInfo={**where, "Poiname": "某处"}), as_json),
    ):
        assert inbound.place == "洪山区某某街道"
        assert "23.13" not in repr(inbound)
        assert "113.35" not in repr(inbound)
    reported = read(event("LOCATION", Latitude="23.137466", Longitude="113.352425", Precision="119.3"), as_json)
    assert (reported.event, reported.place, reported.event_key) == ("LOCATION", "", "")
    assert "23.13" not in repr(reported)


EVENTS: list[tuple[str, dict[str, Any], str]] = [
    ("subscribe", {"EventKey": ""}, ""),
    ("subscribe", {"EventKey": "qrscene_street_0231", "Ticket": "T"}, "street_0231"),
    ("unsubscribe", {"EventKey": ""}, ""),
    ("SCAN", {"EventKey": "street_0231", "Ticket": "T"}, "street_0231"),
    ("CLICK", {"EventKey": "menu_dibao"}, "menu_dibao"),
    ("VIEW", {"EventKey": "https://example.gov.cn", "MenuId": "1"}, "https://example.gov.cn"),
    ("view_miniprogram", {"EventKey": "pages/apply", "MenuId": "1"}, "pages/apply"),
    ("scancode_push", {"EventKey": "k", "ScanCodeInfo": {"ScanType": "qrcode", "ScanResult": "1"}}, "k"),
    ("scancode_waitmsg", {"EventKey": "k", "ScanCodeInfo": {"ScanType": "qrcode", "ScanResult": "1"}}, "k"),
    ("pic_sysphoto", {"EventKey": "k", "SendPicsInfo": {"Count": 1, "PicList": {"item": {"PicMd5Sum": "a"}}}}, "k"),
    ("TEMPLATESENDJOBFINISH", {"MsgID": 200163836, "Status": "success"}, "200163836:success"),
    ("TEMPLATESENDJOBFINISH", {"MsgID": 200163836, "Status": "failed:user block"}, "200163836:failed: user block"),
    (
        "TEMPLATESENDJOBFINISH",
        {"MsgID": 200163836, "Status": "failed: system failed"},
        "200163836:failed: system failed",
    ),
    ("MASSSENDJOBFINISH", {"MsgID": 1000001625, "Status": "err(30003)", "TotalCount": 0}, "1000001625:err(30003)"),
    ("PUBLISHJOBFINISH", {"PublishEventInfo": {"publish_id": "7", "publish_status": 0}}, "7:0"),
    ("kf_create_session", {"KfAccount": "test1@test"}, "test1@test"),
    ("kf_close_session", {"KfAccount": "test1@test"}, "test1@test"),
    ("kf_switch_session", {"FromKfAccount": "a@t", "ToKfAccount": "b@t"}, "a@t>b@t"),
    ("user_info_modified", {"OpenID": "oUser_B", "AppID": "wx1", "RevokeInfo": "1"}, "1"),
    ("user_authorization_revoke", {"OpenID": "oUser_B", "AppID": "wx1", "RevokeInfo": "301", "PluginID": "p"}, "301"),
    ("user_enter_tempsession", {"SessionFrom": "page=apply&case=LB-01"}, "page=apply&case=LB-01"),
    ("wxa_media_check", {"isrisky": 0, "trace_id": "t"}, ""),
    ("debug_demo", {"debug_str": "hello"}, ""),
    ("an_event_of_tomorrow", {"New": {"Thing": "x"}}, ""),
]


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize(("name", "fields", "key"), EVENTS)
def test_events(name: str, fields: dict[str, Any], key: str, as_json: bool) -> None:
    inbound = read(event(name, **fields), as_json)
    assert (inbound.kind, inbound.event, inbound.event_key, inbound.text) == (Kind.EVENT, name, key, "")
    assert inbound.sender == ("oUser_B" if "OpenID" in fields else "oUser_A")


LISTED = [
    {"TemplateId": "TPL_A", "SubscribeStatusString": "accept", "PopupScene": "2"},
    {"TemplateId": "TPL_B", "SubscribeStatusString": "reject", "PopupScene": "2"},
]


@pytest.mark.parametrize(
    ("fields", "as_json", "key"),
    [
        ({"SubscribeMsgPopupEvent": {"List": LISTED}}, False, "TPL_A:accept,TPL_B:reject"),
        ({"SubscribeMsgPopupEvent": {"List": LISTED[:1]}}, False, "TPL_A:accept"),
        ({"List": LISTED}, True, "TPL_A:accept,TPL_B:reject"),
        ({"List": LISTED[0]}, True, "TPL_A:accept"),
        ({}, True, ""),
    ],
)
def test_consent_to_notices_comes_nested_or_flat_one_or_many(fields: dict[str, Any], as_json: bool, key: str) -> None:
    assert read(event("subscribe_msg_popup_event", **fields), as_json).event_key == key


def test_a_receipt_of_a_notice() -> None:
    sent = {"TemplateId": "T", "MsgID": "1", "ErrorCode": "0", "ErrorStatus": "success"}
    assert read(event("subscribe_msg_sent_event", SubscribeMsgSentEvent={"List": sent})).event_key == "T:success"


@pytest.mark.parametrize("as_json", [True, False])
def test_who_wants_notices_and_who_no_more(as_json: bool) -> None:
    nested: dict[str, Any] = {"SubscribeMsgPopupEvent": {"List": LISTED}}
    inbound = read(event("subscribe_msg_popup_event", **({"List": LISTED} if as_json else nested)), as_json)
    assert inbound.agreed == (Agreed("TPL_A", True), Agreed("TPL_B", False))
    off = {"TemplateId": "TPL_A", "SubscribeStatusString": "reject"}
    inbound = read(event("subscribe_msg_change_event", SubscribeMsgChangeEvent={"List": off}))
    assert (inbound.agreed, inbound.receipts) == ((Agreed("TPL_A", False),), ())
    for broken in ({}, {"List": "x"}, {"List": [{"SubscribeStatusString": "accept"}]}):
        assert read(event("subscribe_msg_popup_event", **broken), True).agreed == ()


@pytest.mark.parametrize(
    ("status", "ok", "reason"),
    [
        ("success", True, ""),
        ("failed:user block", False, "user block"),
        ("failed: system failed", False, "system failed"),
    ],
)
def test_what_became_of_a_template_message(status: str, ok: bool, reason: str) -> None:
    inbound = read(event("TEMPLATESENDJOBFINISH", MsgID=200163836, Status=status))
    assert inbound.receipts == (Receipt("200163836", ok, reason),)


def test_what_became_of_subscription_notices() -> None:
    items = [
        {"TemplateId": "T", "MsgID": "1", "ErrorCode": "0", "ErrorStatus": "success"},
        {"TemplateId": "T", "MsgID": "2", "ErrorCode": "3", "ErrorStatus": "user refuse"},
    ]
    assert read(event("subscribe_msg_sent_event", List=items), True).receipts == (
        Receipt("1", True, ""),
        Receipt("2", False, "user refuse"),
    )


# ---- what it allows us to send (protocols.md 3.4)


@pytest.mark.parametrize(
    ("fields", "allowed"),
    [
        (message(Content="x"), (5, 172_800.0)),
        (message(MsgType="image", MediaId="m"), (5, 172_800.0)),
        (message(Content="临时救助", bizmsgmenuid="12-2"), (3, 60.0)),
        (event("CLICK", EventKey="k"), (3, 60.0)),
        (event("scancode_waitmsg", EventKey="k"), (3, 60.0)),
        (event("subscribe"), (3, 60.0)),
        (event("SCAN", EventKey="1"), (3, 60.0)),
        (event("user_enter_tempsession"), (2, 60.0)),
        (event("VIEW", EventKey="https://example.gov.cn"), (0, 0.0)),
        (event("unsubscribe"), (0, 0.0)),
        (event("LOCATION"), (0, 0.0)),
        (event("TEMPLATESENDJOBFINISH", MsgID=1, Status="success"), (0, 0.0)),
    ],
)
def test_what_a_push_lets_us_send(fields: dict[str, Any], allowed: tuple[int, float]) -> None:
    inbound = read(fields)
    assert (inbound.may_send, inbound.may_send_seconds) == allowed
