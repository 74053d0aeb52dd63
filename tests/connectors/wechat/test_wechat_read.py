"""Every kind of push becomes one `Inbound`, from XML and from JSON alike."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.messages import Agreed, Inbound, Kind, Receipt
from connectors.wechat.settings import Mode
from tests.connectors.wechat.pushes import (
    NOW,
    OLD_KEY,
    event,
    message,
    plain_query,
    push,
    sealed,
    sealed_query,
    wechat,
    xml,
)


def read(fields: dict[str, Any], as_json: bool = False) -> Inbound:
    query, body = push(fields, as_json)
    (inbound,) = wechat().read(query, {}, body, NOW).inbounds
    return inbound


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


# ---- the same push twice, and pushes that only look the same


def test_a07_one_number_of_two_people_or_two_accounts_is_two_messages() -> None:
    ids = {
        read(message(Content="x", MsgId=1, FromUserName=who, ToUserName=where)).message_id
        for who in ("oUser_A", "oUser_B")
        for where in ("gh_0123456789ab", "gh_ba9876543210")
    }
    assert len(ids) == 4


def test_a08_two_events_of_one_second_are_two_and_an_exact_copy_is_one() -> None:
    pushes = [
        event("subscribe", EventKey="qrscene_1"),
        event("SCAN", EventKey="1"),
        event("SCAN", EventKey="2"),
        event("CLICK", EventKey="2"),
        event("TEMPLATESENDJOBFINISH", MsgID=1, Status="success"),
        event("TEMPLATESENDJOBFINISH", MsgID=2, Status="success"),
    ]
    ids = [read(fields).message_id for fields in [*pushes, *pushes]]
    assert len(set(ids)) == len(pushes)
    assert all(found.startswith("e:") for found in ids)


def test_a_message_without_a_number_is_known_by_its_second_and_its_words() -> None:
    bare = {name: value for name, value in message(Content="x").items() if name != "MsgId"}
    assert read(bare).message_id == read(bare).message_id != read({**bare, "Content": "y"}).message_id


def test_a_number_of_nineteen_digits_and_one_of_letters_stay_whole() -> None:
    assert read(message(MsgId=9223372036854775807), as_json=True).message_id.startswith("m:9223372036854775807:")
    assert read(message(MsgId="cloud-7f3a"), as_json=True).message_id.startswith("m:cloud-7f3a:")


def test_the_key_of_a_message_does_not_name_its_sender() -> None:
    for fields in (message(Content="x"), event("CLICK", EventKey="k")):
        assert "oUser_A" not in read(fields).message_id


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


# ---- keys, modes, and characters


def test_a_push_under_the_previous_key_is_read_while_the_key_changes() -> None:
    query, body = push(message(Content="x"), key=OLD_KEY)
    (inbound,) = wechat(previous_aes_key=OLD_KEY).read(query, {}, body, NOW).inbounds
    assert inbound.text == "x"


def test_compatible_mode_believes_the_sealed_half_of_a_push() -> None:
    encrypt = sealed(xml(message(Content="sealed")))
    body = xml({**message(Content="in clear"), "ScanCodeInfo": {"ScanType": "q"}, "Encrypt": encrypt}).encode()
    (inbound,) = wechat(mode=Mode.COMPATIBLE).read(sealed_query(encrypt), {}, body, NOW).inbounds
    assert inbound.text == "sealed"
    (plain,) = (
        wechat(mode=Mode.COMPATIBLE).read(plain_query(), {}, xml(message(Content="plain")).encode(), NOW).inbounds
    )
    assert plain.text == "plain"


def test_plain_mode_reads_plain_pushes_of_both_kinds() -> None:
    channel = wechat(mode=Mode.PLAIN, aes_key="")
    (inbound,) = channel.read(
        [*plain_query(), ("encrypt_type", "raw")], {}, xml(message(Content="x")).encode(), NOW
    ).inbounds
    assert inbound.text == "x"


def test_enterprise_and_bare_proofs_need_no_plain_signature() -> None:
    query, body = push(message(Content="x"))
    without = [(name, value) for name, value in query if name != "signature"]
    assert wechat().read(without, {}, body, NOW).inbounds == wechat().read(query, {}, body, NOW).inbounds


def test_characters_no_database_takes_are_left_out() -> None:
    encrypt = sealed(
        '{"ToUserName":"gh_1","FromUserName":"u","CreateTime":1,"MsgType":"text","MsgId":1,'
        '"Content":"a\\u0000b\\ud800c\\u001bd\\r\\ne"}'
    )
    body = b'{"Encrypt":"' + encrypt.replace("/", "\\/").encode() + b'"}'
    (inbound,) = wechat().read(sealed_query(encrypt), {}, body, NOW).inbounds
    assert inbound.text == "abcd\ne"


def test_an_xml_declaration_changes_nothing() -> None:
    encrypt = sealed('<?xml version="1.0" encoding="gbk"?>\n' + xml(message(Content="低保")))
    body = (
        b'<?xml version="1.0"?>\n<xml><ToUserName>gh</ToUserName><Encrypt>' + encrypt.encode() + b"</Encrypt></xml>\n"
    )
    (inbound,) = wechat().read(sealed_query(encrypt), {}, body, NOW).inbounds
    assert inbound == read(message(Content="低保"))
