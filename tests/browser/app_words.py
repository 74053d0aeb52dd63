"""What the scripted house answers on the resident's page: enough for every kind of bubble."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

LAW = {"title": "社会救助法", "number": "", "clause": "第18条", "date": "2026-07-01"}
CARD = {
    "title": "低保看哪些条件",
    "sources": [LAW, {**LAW, "clause": "第23条"}],
    "place": "湖北省武汉市",
    "as_of": "2026-11-26",
}
CONDITIONS = {
    "text": "低保看一家人，不是只看一个人。\n主要看两样，两样都要够得上：\n1. 收入：全家人均收入，低于当地低保标准。\n"
    "2. 财产：存款、房、车等，在当地规定的范围里。\n够不够，要由工作人员核对以后才算数。\n"
    "觉得自家困难，可以先到乡镇（街道）窗口问，或打12345。",
    "card": CARD,
}
WELCOME = {
    "text": "您好，这里是救助通。\n我可以帮您查：低保、特困、临时救助这些政策。\n直接打字问就行。",
    "options": [{"id": "1-1", "label": "低保怎么申请"}, {"id": "1-2", "label": "临时救助是什么"}],
}
WHICH = {
    "text": "想问哪一项？",
    "options": [
        {"id": "7-1", "label": "低保怎么申请"},
        {"id": "7-2", "label": "临时救助怎么申请"},
        {"id": "7-3", "label": "找人工"},
    ],
}
TO_SIGN = {
    "draft": "d1",
    "consent": "check",
    "title": "授权查收入和财产",
    "text": "我同意民政部门为这次救助，查我的收入和财产。\n会查：户籍、纳税、社保、公积金、房产、车船、执照，\n"
    "存款、保险、股票、网上理财和支付账户。\n只查，不动钱。\n我可以收回同意。",
    "version": "2026-11-25",
    "sha256": "a" * 64,
}
CASE = {
    "case": {
        "id": "c1",
        "number": "4201-1126-0007",
        "programme": "最低生活保障",
        "state": "publicised",
        "state_name": "公示中",
        "who": "关山街道",
        "due": "2026-12-24",
        "at": "2026-11-20T02:00:00+00:00",
    },
    "text": "您的低保申请，正在公示。最晚12月24日前会有下一步。",
    "timeline": [
        {"at": "2026-11-10T02:00:00+00:00", "state_name": "收到申请", "text": ""},
        {"at": "2026-11-14T02:00:00+00:00", "state_name": "要补材料", "text": "身份证照片看不清，请再拍一张。"},
        {"at": "2026-11-20T02:00:00+00:00", "state_name": "公示中", "text": ""},
    ],
}


def script(said: dict[str, Any]) -> Sequence[dict[str, Any]]:
    words = said.get("text", "")
    if said["type"] == "enter":
        return [WELCOME]
    if said["type"] == "image":
        return [{"text": "照片收到了，看得清。"}]
    if said["type"] == "location":
        return [{"text": f"记下了，您在{said['place']}。\n您想问什么？"}]
    if said["type"] == "choice" or "条件" in words:
        return [CONDITIONS]
    if "怎么" in words or "救助" in words:
        return [WHICH]
    return [{"text": f"您说的是“{words}”。请写一句话，或者回复“人工”。"}]
