"""The canaries as residents tell them, in every way there is."""

from __future__ import annotations

from tests.canary import IDENTITY, NAME, OPENID, PHONE, TOKEN

WORDS = (
    f"我叫{NAME}，身份证{IDENTITY}，电话{PHONE}，低保怎么申请",
    f"{IDENTITY}",
    f'/inform{{"id_number":"{IDENTITY}","name":"{NAME}","openid":"{OPENID}"}}',
    f"{NAME}不想活了，电话{PHONE}",
    f"我的微信号{OPENID}，口令{TOKEN}，要带什么材料",
    " ".join(IDENTITY),
    "".join(chr(ord(digit) + 0xFEE0) for digit in IDENTITY) + NAME,
    f"{NAME}" * 300 + f"{PHONE}",
)
