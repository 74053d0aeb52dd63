"""Notices outside any window: what people agreed to, one by one, and template messages to followers; with their receipts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from connectors.sandbox import pushes, service
from connectors.sandbox.platform import Platform
from connectors.sandbox.screen import Shown
from connectors.sandbox.service import Refused

LONGEST_TEMPLATE = 20
# 参数值限制说明; what a field's kind takes. A value that does not fit is 47003, and nothing is sent.
_TAKES = {
    "thing": r".{1,20}",
    "number": r"[0-9.]{1,32}",
    "letter": r"[A-Za-z]{1,32}",
    "character_string": r"[\x21-\x7e]{1,32}",
    "time": r"(?:[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日)?(?: ?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?",
    "date": r"[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日(?: [0-9]{1,2}:[0-9]{2})?",
    "phrase": r"[\u4e00-\u9fff]{1,5}",
    "name": r"[\u4e00-\u9fff·]{1,10}|[A-Za-z ]{1,20}",
}


class Notices:
    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._numbers = Counter[str]()

    async def subscription(self, _: web.Request, raw: bytes) -> dict[str, Any]:
        """One agreement lets one notice out, unless the template is a lasting one (its id begins with LONG)."""
        fields = service.read_json(raw)
        person, template, data = self._asked(fields)
        for name, value in data.items():
            kind = re.match(r"[a-z_]+?(?=[0-9]*$)", name)
            if not kind or not re.fullmatch(_TAKES.get(kind[0], ""), value):
                raise Refused(47003, f"argument invalid! data.{name}.value invalid")
        if not self._platform.spend_agreement(person, template):
            raise Refused(43101, "user refuse to accept the msg")
        return self._shown(person, template, data, "subscribe_msg_sent_event")

    async def template(self, _: web.Request, raw: bytes) -> dict[str, Any]:
        """Each value is cut at twenty characters, without a word to the account."""
        person, template, data = self._asked(service.read_json(raw))
        if not self._platform.residents[person].follows:
            raise Refused(43004, "require subscribe")
        short = {name: value[:LONGEST_TEMPLATE] for name, value in data.items()}
        return self._shown(person, template, short, "TEMPLATESENDJOBFINISH")

    def _asked(self, fields: Mapping[str, Any]) -> tuple[str, str, dict[str, str]]:
        person, template, data = str(fields.get("touser") or ""), fields.get("template_id"), fields.get("data")
        if person not in self._platform.residents:
            raise Refused(40003, "invalid openid")
        if not isinstance(template, str) or not re.fullmatch(r"[\w-]{3,64}", template):
            raise Refused(40037, "invalid template_id")
        if not isinstance(data, Mapping) or not all(isinstance(one, Mapping) for one in data.values()):
            raise Refused(47003, "argument invalid! data")
        return person, template, {str(name): str(one.get("value", "")) for name, one in data.items()}

    def _shown(self, person: str, template: str, data: Mapping[str, str], receipt: str) -> dict[str, Any]:
        self._numbers["sent"] += 1
        number = int(self._platform.clock.now().timestamp()) * 1000 + self._numbers["sent"]
        lines = "\n".join(data.values())
        self._platform.screens.show(person, Shown("account", "card", text=f"服务通知\n{lines}", via="notice"))
        blocked = self._platform.residents[person].refuses
        form = self._platform.settings.form
        self._platform.start(person, pushes.receipt(receipt, template, number, form, blocked=blocked))
        return {"errcode": 0, "errmsg": "ok", "msgid": number}
