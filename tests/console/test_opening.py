"""An officer fills in a form for somebody on the phone: the same questions and proofs as in a chat, and a case at the end."""

from __future__ import annotations

import re
from typing import Any

from bot.audit import Deed
from bot.desk.casework import opening
from bot.forms.model import Kind
from tests.console.door import Visitor
from tests.console.hall import Hall, hall, text
from tests.desk.cases.conftest import desk as desk

__all__ = ["hall"]
_VERSION = re.compile(r'name="version" value="(\d+)"')


async def begun(hall: Hall, chen: Visitor, what: str, channel: str = "phone") -> str:
    answer = await chen.post("/applications", what=what, channel=channel, agreed="yes")
    assert answer.status == 303, await answer.text()
    return answer.headers["Location"]


async def test_nothing_is_taken_down_before_the_notice_was_agreed_to(hall: Hall) -> None:
    chen = await hall.visitor("chen")
    answer = await chen.post("/applications", what="dibao", channel="phone")
    assert answer.status == 400
    assert "本人同意了再勾上" in await answer.text()
    assert "没有。填了一半的会留在这里" in await text(chen, "/applications")


async def test_an_emergency_by_phone_is_a_case_and_somebody_is_sent(hall: Hall) -> None:
    chen = await hall.visitor("chen")
    place = await begun(hall, chen, "emergency")
    for field, said in (
        ("place_now", ["武汉市洪山区光谷广场旁边"]),
        ("how_many", ["2"]),
        ("tonight", ["food", "bed"]),
        ("frail", []),
        ("phone", ["13800008765"]),
    ):
        page = await text(chen, place)
        assert f'name="f:{field}"' in page, field
        assert await sent(chen, place, page, {field: said}) == 303
    page = await text(chen, place)
    assert "13800008765" not in page
    done = await chen.post(f"{place}/finish", version=version(page))
    told = await done.text()
    assert done.status == 200
    number = re.search(r"\d{4} \d{4} \d{4} \d", told)
    assert number is not None, told
    (case,) = await cases(hall)
    assert (case.programme, case.region, case.priority, case.state) == ("linshi_jinan", "420111", 9, "submitted")
    async with hall.office.desk.store.reading() as work:
        (task,) = await work.tasks.of_case(case.id)
        notes = [line.about for line in await work.cases.timeline(case.id) if line.about.get("opened")]
        assert (await work.people.get(case.person)).phone == "13800008765"
    assert (task.kind, task.phone) == ("emergency", "13800008765")
    assert "光谷广场" in task.text
    assert [note["opened"] for note in notes] == ["phone"]
    assert "电话代填，本人口头同意" in await text(chen, f"/cases/{case.id}")
    assert [line.about["opened"] for line in await hall.lines(Deed.CHANGE) if "opened" in line.about] == [
        "emergency",
        "linshi_jinan",
    ]


async def test_a_whole_application_from_the_counter(hall: Hall) -> None:
    """Every question of the form for somebody who lives alone, as the walks by chat answer it."""
    chen = await hall.visitor("chen")
    place = await begun(hall, chen, "dibao", "counter")
    draft = place.rpartition("/")[2]
    (staff,) = [one for one in await everybody(hall) if one.login == "chen"]
    for _ in range(60):
        here = await opening.look(hall.office.desk, staff, draft)
        if here.step is None:
            break
        page = await text(chen, place)
        told = {path: answered(here, path) for path in here.fields}
        assert await sent(chen, place, page, told) == 303, (here.step.id, told)
    page = await text(chen, place)
    assert "都问完了" in page
    for secret in ("420111195803074122", "13800001234"):
        assert secret not in page
    done = await chen.post(f"{place}/finish", version=version(page))
    assert done.status == 200, await done.text()
    (case,) = await cases(hall)
    assert (case.programme, case.state, case.helper) == ("dibao", "submitted", "")
    async with hall.office.desk.store.reading() as work:
        whole = await work.cases.get(case.id, answers=True)
        consents = await work.consents.of_case(case.id)
    assert [(one.text, one.state, one.channel) for one in consents] == [("check", "given", "counter")]
    assert whole.answers["notice"].value["version"]
    assert (await chen.get(place)).status == 404, "handed in once"


async def test_what_is_not_right_is_said_and_the_rest_is_still_there(hall: Hall) -> None:
    chen = await hall.visitor("chen")
    place = await begun(hall, chen, "emergency")
    page = await text(chen, place)
    refused = await chen.post(place, version=version(page), **{"f:place_now": ""})
    assert refused.status == 400
    assert "还没有填" in await refused.text()
    assert await sent(chen, place, page, {"place_now": ["武汉市洪山区"]}) == 303
    late = await chen.post(place, version=version(page), **{"f:how_many": "3"})
    assert late.status == 409


async def test_an_unfinished_one_is_its_officers_alone_and_can_be_dropped(hall: Hall) -> None:
    chen, li = await hall.visitor("chen"), await hall.visitor("liming")
    place = await begun(hall, chen, "dibao")
    assert (await li.get(place)).status == 404
    assert (await li.post(f"{place}/drop")).status == 404
    assert place in await text(chen, "/applications")
    assert (await chen.post(f"{place}/drop")).status == 303
    assert (await chen.get(place)).status == 404
    assert await cases(hall) == []


def answered(here: opening.At, path: str) -> list[str]:
    """The answer of a walk by chat, field by field; options by their value."""
    field, key = here.fields[path].field, path.rpartition(".")[2]
    told = {
        "name": "王桂英",
        "identity": "420111195803074122",
        "phone": "13800001234",
        "hukou": "武汉市洪山区关山街道南望山社区",
        "apply_as": "self",
        "household_size": "1",
    }
    if field.kind is Kind.AGREE:
        return ["yes"]
    if key in told:
        return [told[key]]
    if key == "lives":
        return [field.options[0].value]
    if field.kind is Kind.CHOICES:
        return []
    if field.kind in (Kind.CHOICE, Kind.YES_NO):
        return [opening.UNSURE]
    return [opening.UNSURE if here.fields[path].required else ""]


def version(page: str) -> str:
    found = _VERSION.search(page)
    assert found is not None
    return found[1]


async def sent(chen: Visitor, place: str, page: str, told: dict[str, list[str]]) -> int:
    """As the browser sends several boxes of one name."""
    fields = [("form_token", chen.form_token), ("version", version(page))]
    fields += [(f"f:{path}", one) for path, said in told.items() for one in said]
    answer = await chen.browser.post(place, data=fields, allow_redirects=False)
    return answer.status


async def cases(hall: Hall) -> list[Any]:
    async with hall.office.desk.store.reading() as work:
        return list(await work.cases.list())


async def everybody(hall: Hall) -> list[Any]:
    async with hall.office.desk.store.reading() as work:
        return list(await work.staff.list())
