"""A-01 … A-17: callbacks with something wrong, each by the row of the attack table it belongs to."""

from __future__ import annotations

import base64
import json
import struct
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from connectors.wechat.crypto import aes_key
from connectors.wechat.settings import Mode
from tests.connectors.wechat.pushes import (
    APPID,
    KEY,
    NONCE,
    NOW,
    OLD_KEY,
    STAMP,
    event,
    message,
    plain_query,
    push,
    sealed,
    sealed_query,
    wrapper,
    xml,
)

Query = list[tuple[str, str]]
GOOD_QUERY, GOOD_BODY = push(message(Content="低保怎么申请"))


@dataclass(frozen=True)
class Case:
    name: str
    query: Query
    body: bytes
    by_query_alone: bool = False
    """The query is enough to refuse: the body must not even be looked at."""
    mode: Mode = Mode.SECURE
    headers: dict[str, str] = field(default_factory=dict)


def changed(**values: str | None) -> Query:
    return [(k, values.get(k, v)) for k, v in GOOD_QUERY if values.get(k, v) is not None]


def query_cases() -> list[Case]:
    right = dict(GOOD_QUERY)["signature"]
    proof = dict(GOOD_QUERY)["msg_signature"]
    bad: dict[str, Query] = {
        "A-01 wrong signature": changed(signature="0" * 40),
        "A-01 empty signature": changed(signature=""),
        "A-01 upper-case signature": changed(signature=right.upper()),
        "A-01 over-long signature": changed(signature=right + "0"),
        "A-01 huge signature": changed(signature="a" * 100_000),
        "A-01 short signature": changed(signature=right[:-1]),
        "A-01 signature with blanks": changed(signature=f" {right}"),
        "A-01 signature in full-width digits": changed(
            signature=right.translate({ord("0") + i: 0xFF10 + i for i in range(10)})
        ),
        "A-01 no body signature": changed(msg_signature=None),
        "A-01 empty body signature": changed(msg_signature=""),
        "A-01 upper-case body signature": changed(msg_signature=proof.upper()),
        "A-01 over-long body signature": changed(msg_signature=proof + "a"),
        "A-01 signature given twice": [*GOOD_QUERY, ("signature", right)],
        "A-01 body signature given twice": [*GOOD_QUERY, ("msg_signature", proof)],
        "A-01 timestamp given twice": [*GOOD_QUERY, ("timestamp", STAMP)],
        "A-01 mode given twice": [*GOOD_QUERY, ("encrypt_type", "raw")],
        "A-01 signature as an array": [
            ("msg_signature[]", v) if k == "msg_signature" else (k, v) for k, v in GOOD_QUERY
        ],
        "A-01 fifty parameters": GOOD_QUERY + [(f"p{i}", "x") for i in range(50)],
        "A-01 nothing at all": [],
        "A-01 no nonce": changed(nonce=None),
        "A-01 no timestamp": changed(timestamp=None),
        "A-01 unknown mode": changed(encrypt_type="des"),
        "A-02 plain mode": plain_query(),
        "A-02 plain mode said aloud": [*plain_query(), ("encrypt_type", "raw")],
        "A-05 a digit moved from nonce to timestamp": changed(timestamp=STAMP + NONCE[0], nonce=NONCE[1:]),
        "A-05 a digit moved from timestamp to nonce": changed(timestamp=STAMP[:-1], nonce=STAMP[-1] + NONCE),
        "A-05 two digits swapped around": changed(timestamp=STAMP[1:] + NONCE[0], nonce=STAMP[0] + NONCE[1:]),
    }
    return [Case(name, query, GOOD_BODY, True) for name, query in bad.items()]


def moment_cases() -> list[Case]:
    now = int(NOW.timestamp())
    stamps = {
        "A-03 ten minutes old": str(now - 600),
        "A-06 301 s old": str(now - 301),
        "A-06 301 s early": str(now + 301),
        "A-06 negative": f"-{now}",
        "A-06 eleven digits": f"{now}0",
        "A-06 nine digits": str(now)[:-1],
        "A-06 leading zero": f"0{now}",
        "A-06 exponent": "1e9",
        "A-06 full-width": str(now).translate({ord("0") + i: 0xFF10 + i for i in range(10)}),
        "A-06 Arabic digits": str(now).translate({ord("0") + i: 0x660 + i for i in range(10)}),
        "A-06 with a line end": f"{now}\n",
        "A-06 fraction": f"{now}.0",
        "A-06 milliseconds": f"{now}000",
        "A-06 empty": "",
    }
    encrypt = sealed(xml(message(Content="x")))
    cases = [Case(name, sealed_query(encrypt, stamp=stamp), wrapper(encrypt), True) for name, stamp in stamps.items()]
    nonces = {"empty": "", "too long": "1" * 33, "with a sign": "12-34", "Chinese": "随机", "line end": "1234\n"}
    return cases + [
        Case(f"A-05 nonce {name}", sealed_query(encrypt, nonce=nonce), wrapper(encrypt), True)
        for name, nonce in nonces.items()
    ]


def bombs() -> dict[str, str]:
    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    quadratic = f'<!ENTITY q "{"q" * 20_000}">'
    text = "<ToUserName>gh_1</ToUserName><FromUserName>u</FromUserName><CreateTime>1</CreateTime>"
    text += "<MsgType>text</MsgType><MsgId>1</MsgId>"
    return {
        "A-12 file entity": f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><xml>{text}<Content>&e;</Content></xml>',
        "A-12 http entity": f'<!DOCTYPE x [<!ENTITY e SYSTEM "http://127.0.0.1:9/">]><xml>{text}<Content>&e;</Content></xml>',
        "A-12 parameter entity": f'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/d">%p;]><xml>{text}</xml>',
        "A-12 billion laughs": f'<!DOCTYPE x [<!ENTITY l0 "lol">{laughs}]><xml>{text}<Content>&l9;</Content></xml>',
        "A-12 quadratic": f"<!DOCTYPE x [{quadratic}]><xml>{text}<Content>{'&q;' * 9_000}</Content></xml>",
        "A-12 bare DOCTYPE": f"<!DOCTYPE xml><xml>{text}</xml>",
        "A-12 external DTD": f'<!DOCTYPE xml SYSTEM "http://127.0.0.1:9/x.dtd"><xml>{text}</xml>',
        "A-12 unknown entity": f"<xml>{text}<Content>&nothing;</Content></xml>",
        "A-13 deep": "<xml>" + "<a>" * 9_000 + "</a>" * 9_000 + "</xml>",
        "A-13 deep and never closed": "<xml>" + "<a>" * 20_000,
        "A-13 seven deep": f"<xml>{text}" + "<a>" * 7 + "</a>" * 7 + "</xml>",
        "A-13 siblings": f"<xml>{text}" + "<a/>" * 15_000 + "</xml>",
        "A-13 distinct tags": f"<xml>{text}" + "".join(f"<t{i}/>" for i in range(7_000)) + "</xml>",
        "A-13 attributes": f"<xml>{text}<a " + " ".join(f'a{i}=""' for i in range(5_000)) + "/></xml>",
        "A-13 one attribute": f'<xml a="1">{text}</xml>',
        "A-14 not XML": "hello",
        "A-14 half an element": "<xml><ToUserName>gh",
        "A-14 empty root": "<xml/>",
        "A-14 another root": f"<a>{text}</a>",
        "A-14 two roots": f"<xml>{text}</xml><xml>{text}</xml>",
        "A-14 duplicate MsgType": f"<xml>{text}<MsgType>event</MsgType></xml>",
        "A-14 duplicate sender": f"<xml>{text}<FromUserName>v</FromUserName></xml>",
        "A-14 empty MsgType": xml(message(MsgType="", Content="x")),
        "A-14 MsgType of words": xml(message(MsgType="te xt", Content="x")),
        "A-14 nested MsgType": f"<xml>{text.replace('<MsgType>text', '<MsgType><a>text</a>')}</xml>",
        "A-14 empty Event": xml(event("")),
        "A-14 no sender": xml(message(FromUserName="")),
        "A-14 sender with a slash": xml(message(FromUserName="../etc")),
        "A-14 sender of 200": xml(message(FromUserName="o" * 200)),
        "A-14 no account": xml(message(ToUserName="")),
        "A-14 CreateTime of letters": xml(message(CreateTime="now")),
        "A-14 CreateTime of 40 digits": xml(message(CreateTime="1" * 40)),
        "A-14 MsgId with blanks": xml(message(MsgId="1 2", Content="x")),
        "A-14 MsgId of 100": xml(message(MsgId="1" * 100, Content="x")),
        "A-14 a forbidden character": xml(message(Content="a\x01b")),
        "A-14 JSON list": "[1]",
        "A-14 JSON cut off": '{"ToUserName":"gh_1"',
        "A-14 JSON duplicate key": json.dumps(message())[:-1] + ',"MsgType":"event"}',
        "A-14 JSON NaN": json.dumps({**message(), "CreateTime": float("nan")}),
        "A-14 JSON exponent": '{"ToUserName":"gh_1","FromUserName":"u","CreateTime":1e9,"MsgType":"text"}',
        "A-14 JSON deep": '{"a":' + "[" * 20_000,
        "A-14 JSON deep and closed": '{"a":' + "[" * 9_000 + "]" * 9_000 + "}",
        "A-14 JSON eight deep": json.dumps({**message(), "a": [[[[[[[1]]]]]]]}),
        "A-14 JSON huge number": '{"ToUserName":"gh_1","FromUserName":"u","CreateTime":' + "9" * 5_000 + "}",
    }


def inner_cases() -> list[Case]:
    """Sealed by one who knows our key: what is inside is still not trusted."""
    cases = []
    for name, inner in bombs().items():
        encrypt = sealed(inner)
        cases.append(Case(f"{name}, inside", sealed_query(encrypt), wrapper(encrypt)))
    return cases


def outer_cases() -> list[Case]:
    """Around a good sealed text, or instead of it."""
    encrypt = sealed(xml(message(Content="x")))
    element = f"<Encrypt><![CDATA[{encrypt}]]></Encrypt>"
    bodies: dict[str, bytes] = {f"{name}, as the wrapper": inner.encode() for name, inner in bombs().items()}
    bodies |= {
        "A-12 DTD around": f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><xml>{element}</xml>'.encode(),
        "A-12 comment around": f"<xml><!-- -->{element}</xml>".encode(),
        "A-12 instruction around": f"<?php x?><xml>{element}</xml>".encode(),
        "A-13 deep around": ("<xml>" + "<a>" * 1_000 + element + "</a>" * 1_000 + "</xml>").encode(),
        "A-13 siblings around": ("<xml>" + "<a/>" * 1_000 + element + "</xml>").encode(),
        "A-14 empty body": b"",
        "A-14 <a/>": b"<a/>",
        "A-14 Encrypt twice": f"<xml>{element}{element}</xml>".encode(),
        "A-14 Encrypt twice, one empty": f"<xml><Encrypt/>{element}</xml>".encode(),
        "A-14 Encrypt in another root": f"<a>{element}</a>".encode(),
        "A-14 bytes that are no UTF-8": wrapper(encrypt).replace(b"gh_", b"\xff\xfe"),
        "A-14 UTF-16 with its mark": wrapper(encrypt).decode().encode("utf-16"),
        "A-14 NUL between": wrapper(encrypt).replace(b"CDATA", b"CD\x00ATA"),
        "A-14 words after the end": wrapper(encrypt) + b"x",
        "A-11 more than 64 KB": wrapper(encrypt) + b" " * 70_000,
        "A-14 JSON Encrypt twice": json.dumps({"Encrypt": encrypt})[:-1].encode()
        + f',"Encrypt":"{encrypt}"}}'.encode(),
        "A-14 JSON Encrypt in a list": json.dumps({"Encrypt": [encrypt]}).encode(),
        "A-14 JSON cut off, sealed": json.dumps({"Encrypt": encrypt}).encode()[:-1],
        "A-01 another's body": wrapper(sealed(xml(message(Content="y")))),
    }
    cases = [Case(name, sealed_query(encrypt), body) for name, body in bodies.items()]
    return [*cases, Case("A-15 gzip", GOOD_QUERY, GOOD_BODY, headers={"content-encoding": "gzip"})]


def encrypted(plain: bytes, key: str = KEY) -> str:
    """AES alone: the padding is the caller's."""
    raw = aes_key(key)
    encryptor = Cipher(algorithms.AES(raw), modes.CBC(raw[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def padded(pad: int, content: bytes = b"<xml/>", length: int | None = None, receiver: str = APPID) -> bytes:
    plain = b"r" * 16 + struct.pack(">I", len(content) if length is None else length) + content + receiver.encode()
    plain += b"." * (-(len(plain) + 1) % 32)
    return plain + bytes([pad])


def right(content: bytes = b"<xml/>", length: int | None = None, receiver: str = APPID) -> bytes:
    plain = b"r" * 16 + struct.pack(">I", len(content) if length is None else length) + content + receiver.encode()
    pad = 32 - len(plain) % 32
    return plain + bytes([pad]) * pad


def cipher_cases() -> dict[str, str]:
    good = base64.b64decode(encrypted(right()))
    return {
        "not base64": "!!!!",
        "base64 with a stray sign": encrypted(right())[:-4] + "*" + encrypted(right())[-3:],
        "base64 cut off": encrypted(right())[:-1],
        "empty": "",
        "fifteen bytes": base64.b64encode(good[:15]).decode(),
        "seventeen bytes": base64.b64encode(good[:17]).decode(),
        "one block": base64.b64encode(good[:16]).decode(),
        "last block gone": base64.b64encode(good[:-32]).decode(),
        "wrong key": encrypted(right(), OLD_KEY),
        "wrong appid": encrypted(right(receiver="wx0000000000000000")),
        "appid in other case": encrypted(right(receiver=APPID.upper())),
        "appid cut": encrypted(right(receiver=APPID[:-1])),
        "appid longer": encrypted(right(receiver=APPID + "0")),
        "no appid": encrypted(right(receiver="")),
        "padding 0": encrypted(padded(0)),
        "padding 33": encrypted(padded(33)),
        "padding 255": encrypted(padded(255)),
        "padding of unequal bytes": encrypted(padded(9)),
        "inner length one too big": encrypted(right(length=7)),
        "inner length huge": encrypted(right(length=2**32 - 1)),
        "inner length too small": encrypted(right(length=1)),
        "random bytes": base64.b64encode(bytes(range(96))).decode(),
    }


def sealed_cases() -> list[Case]:
    return [Case(f"A-16 {name}", sealed_query(encrypt), wrapper(encrypt)) for name, encrypt in cipher_cases().items()]


CORPUS = [*query_cases(), *moment_cases(), *inner_cases(), *outer_cases(), *sealed_cases()]
