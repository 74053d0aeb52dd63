"""The published test vectors of WeChat, 企业微信 and the mini program: computed by the platform or its SDKs."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.errors import Forged
from bot.messages import Kind
from connectors.proving import signature_of
from connectors.wechat import mini, parse, verify
from connectors.wechat.crypto import Envelope
from connectors.wechat.settings import Mode
from tests.connectors.wechat.pushes import wechat, wrapper

VECTORS: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "samples" / "wechat" / "vectors.json").read_text(encoding="utf-8")
)


def of_kind(*kinds: str) -> Any:
    return pytest.mark.parametrize("name", [name for name, vector in VECTORS.items() if vector["kind"] in kinds])


def the_moment(vector: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(int(vector["timestamp"][:10]), UTC)


@of_kind("plain_sig")
def test_signature_over_token_timestamp_and_nonce(name: str) -> None:
    vector = VECTORS[name]
    assert signature_of(vector["token"], vector["timestamp"], vector["nonce"]) == vector["signature"]


@of_kind("sha1_sorted")
def test_parts_are_sorted_before_they_are_joined(name: str) -> None:
    assert signature_of(*VECTORS[name]["parts"]) == VECTORS[name]["signature"]


@of_kind("decrypt")
def test_sealed_text_is_proved_and_opened(name: str) -> None:
    vector = VECTORS[name]
    query = {key: vector[key] for key in ("timestamp", "nonce", "msg_signature")}
    verify.check_sealed(query, vector["token"], vector["encrypt"])
    opened = Envelope.of(vector["receiver_id"], vector["aes_key"]).open(vector["encrypt"]).content.decode()
    if "plaintext" in vector:
        assert opened == vector["plaintext"]
    if "expect_fields" in vector:
        assert vector["expect_fields"].items() <= parse.fields_of(opened.strip()).items()


@of_kind("decrypt")
def test_a_signature_nonce_or_receiver_of_another_is_refused(name: str) -> None:
    vector = VECTORS[name]
    query = {key: vector[key] for key in ("timestamp", "nonce", "msg_signature")}
    for wrong in ({**query, "nonce": str(int(query["nonce"]) - 1)}, {**query, "msg_signature": "0" * 40}):
        with pytest.raises(Forged):
            verify.check_sealed(wrong, vector["token"], vector["encrypt"])
    with pytest.raises(Forged):
        Envelope.of(vector["receiver_id"][:-1] + "X", vector["aes_key"]).open(vector["encrypt"])


@of_kind("encrypt")
def test_sealing_with_the_given_randomness_gives_the_published_text(name: str) -> None:
    vector = VECTORS[name]
    envelope = Envelope.of(vector["receiver_id"], vector["aes_key"])
    sealed = envelope.seal(vector["plaintext"].encode(), randomness=vector["random16"].encode())
    assert sealed == vector["encrypt"]
    parts = (vector["token"], vector["timestamp"], vector["nonce"], sealed)
    assert signature_of(*parts) == vector["msg_signature"]


def test_s3_the_address_check_echoes() -> None:
    vector = VECTORS["S3"]
    query = [(key, vector[key]) for key in ("signature", "timestamp", "nonce", "echostr")]
    assert wechat(token=vector["token"]).verify_url(query, the_moment(vector)) == vector["return"]


def test_s4_a_plain_json_push_is_read_in_plain_mode_only() -> None:
    vector = VECTORS["S4"]
    query = [(key, vector[key]) for key in ("signature", "timestamp", "nonce")]
    body = json.dumps(vector["body"]).encode()
    (inbound,) = wechat(mode=Mode.PLAIN).read(query, {}, body, the_moment(vector)).inbounds
    assert (inbound.kind, inbound.event, inbound.account) == (Kind.EVENT, "debug_demo", "gh_97417a04a28d")
    with pytest.raises(Forged):
        wechat().read(query, {}, body, the_moment(vector))


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize("name", ["O1", "A1", "L1"])
def test_account_vectors_pass_through_the_whole_channel(name: str, as_json: bool) -> None:
    vector = VECTORS[name]
    channel = wechat(appid=vector["receiver_id"], token=vector["token"], aes_key=vector["aes_key"])
    query = [(key, vector[key]) for key in ("timestamp", "nonce", "msg_signature")] + [("encrypt_type", "aes")]
    if name == "O1":
        query.append(("signature", vector["signature_do_not_use"]))
    (inbound,) = channel.read(query, {}, wrapper(vector["encrypt"], as_json), the_moment(vector)).inbounds
    if name == "L1":
        assert inbound.text == "低保怎么申请😀"
        assert inbound.message_id.startswith("m:24542388571234567:")
    elif name == "A1":
        assert (inbound.text, inbound.sender) == ("hello", "asdasdasdsadasd")
    else:
        assert (inbound.kind, inbound.event) == (Kind.EVENT, "debug_demo")


def test_m1_user_data_is_opened_only_for_the_marked_appid() -> None:
    vector = VECTORS["M1"]
    sealed = (vector["session_key"], vector["iv"], vector["encrypted_data"])
    assert vector["expect_fields"].items() <= mini.user_data(vector["appid"], *sealed).items()
    for appid, parts in (
        ("wx0000000000000000", sealed),
        (vector["appid"], (sealed[0], sealed[1], sealed[2][:-4] + "AAA=")),
    ):
        with pytest.raises(Forged, match=r"^decrypt$"):
            mini.user_data(appid, *parts)


def test_m2_raw_data_is_proved_by_the_session_key() -> None:
    vector = VECTORS["M2"]
    mini.check_raw_data(vector["rawData"], vector["session_key"], vector["signature"])
    with pytest.raises(Forged):
        mini.check_raw_data(vector["rawData"] + " ", vector["session_key"], vector["signature"])
