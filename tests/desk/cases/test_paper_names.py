"""A paper is called by what it is wherever an officer or the office's system reads of it, whatever it is kept as."""

from __future__ import annotations

import re

from bot.desk.cases.gathering import gather
from bot.desk.cases.naming import paper_name
from bot.desk.casework.looking import seen_of
from bot.desk.handwriting import SIGNATURE
from bot.forms.model import Kind
from console.talks.showing import paper_lines
from tests.desk.cases.conftest import Town

KEPT = {"identity": "身份证照片", "hukou": "户口簿照片", "medical": "看病的证明和票据", SIGNATURE: "手写的签名"}


async def test_every_paper_is_called_by_its_name_on_every_page(town: Town) -> None:
    talk = await town.chat()
    case = await town.case(await town.person(talk), talk)
    async with town.desk.store.writing() as work:
        for kind in (*KEPT, "other"):
            await work.papers.add_to(case.id, 1, kind, b"jpg", town.now)
        await work.commit()
    async with town.desk.store.reading() as work:
        seen = await seen_of(town.desk, work, case)
        handed_over = await gather(town.desk, work, case)
        papers = list(await work.papers.of_case(case.id))
    names = {*KEPT.values(), "别的材料"}
    assert {name for _, name in seen.papers} == names
    assert {handed_over.paper_names[paper.kind] for paper, _ in handed_over.papers} == names
    assert set(paper_lines(town.desk, papers)) == {f"{name}：1张" for name in names}


async def test_no_paper_that_a_form_asks_for_is_without_a_name(town: Town) -> None:
    asked = [field for field in town.desk.edition.fields.values() if field.kind is Kind.PAPER]
    assert asked
    for field in asked:
        name = paper_name(town.desk, field.key.removeprefix("paper_"))
        assert name == field.label
        assert not re.search(r"[A-Za-z]", name)
