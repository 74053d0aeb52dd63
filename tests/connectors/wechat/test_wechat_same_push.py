"""The same push twice, pushes that only look the same, and one push in whatever key, mode or characters."""

from __future__ import annotations

from connectors.wechat.settings import Mode
from tests.connectors.wechat.pushes import (
    NOW,
    OLD_KEY,
    event,
    message,
    plain_query,
    push,
    read,
    sealed,
    sealed_query,
    wechat,
    xml,
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
