"""Which chats speak for the people of a case, and taking one away for a reason."""

from __future__ import annotations

import re

from bot.audit import Deed
from tests.console.hall import Hall, text
from tests.console.hall import desk as desk
from tests.console.hall import hall as hall


async def test_a_chat_is_taken_away_for_a_reason_and_told(hall: Hall) -> None:
    case = await hall.case()
    chen = await hall.visitor("chen")
    page = await text(chen, f"/cases/{case.id}")
    assert "解除微信的绑定" in page
    (talk,) = re.findall(r'name="conversation" value="(\w+)"', page)
    path = f"/cases/{case.id}/unbind"
    assert (await chen.post(path, conversation=talk, reason="短")).status == 400
    assert (await chen.post(path, conversation="0" * 20, reason="手机丢了，本人来电")).status == 400
    assert (await chen.post(path, conversation=talk, reason="手机丢了，本人来电")).status == 303
    again = await text(chen, f"/cases/{case.id}")
    assert "进度要凭回执号和两样信息查" in again
    assert "解除了微信的绑定" in again
    (line,) = await hall.lines(Deed.CHANGE)
    assert (line.what, line.reason) == (f"person:{case.person}", "手机丢了，本人来电")
    async with hall.office.desk.store.reading() as work:
        assert await work.people.conversations(case.person) == []
        rows = await work.messages.history(talk)
    assert "解除了这里和申请的绑定" in rows[-1].text
    assert (await chen.post(path, conversation=talk, reason="手机丢了，本人来电")).status == 400
