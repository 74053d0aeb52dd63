"""What an officer sees of answers before they say why they need more (T-35): over every form that is published."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.desk.casework.masking import HIDDEN, answers_of, fields_of
from bot.forms.model import Field, Form, Given, Kind
from bot.knowledge.entry import Entry
from bot.knowledge.files import read_folder
from bot.knowledge.keeper import EditionKeeper
from bot.regions import RegionTree
from tests.desk.conftest import CONTENT

DAY = date(2026, 11, 25)
SECRETS = (
    "420106195001011234",
    "6222020200112233445",
    "13800008765",
    "2317",
    "1987",
    "关山街道虎泉",
    "每周透析",
    "欧阳桂英",
)
_KINDS: dict[Kind, Any] = {
    Kind.NAME: "欧阳桂英",
    Kind.IDENTITY: "420106195001011234",
    Kind.PHONE: "13800008765",
    Kind.BANK_CARD: "6222020200112233445",
    Kind.MONEY: {"low": "2317", "high": "2317", "about": False, "per": "month"},
    Kind.NUMBER: 3,
    Kind.DATE: {"first": "1987-03-05", "last": "1987-03-05", "about": False},
    Kind.YES_NO: True,
    Kind.ADDRESS: {"region": "420111", "detail": "关山街道虎泉社区3栋"},
    Kind.TEXT: "尿毒症，每周透析，欧阳桂英陪着",
    Kind.PAPER: ["p1"],
    Kind.AGREE: {"version": "1"},
}


@cache
def entries() -> tuple[Entry, ...]:
    return tuple(
        one
        for one in read_folder(CONTENT).entries
        if one.kind in ("field", "form", "consent", "programme", "words", "document")
    )


def value(field: Field) -> Any:
    if field.kind is Kind.CHOICE:
        return field.options[0].value
    if field.kind is Kind.CHOICES:
        return [field.options[0].value]
    return _KINDS[field.kind]


async def forms(store: Any, regions: RegionTree) -> dict[str, Form]:
    from bot.clock import FixedClock

    async with store.writing() as work:
        await work.editions.publish(entries(), 0, "test", "real content", FixedClock.on(DAY).now())
        await work.commit()
    keeper = EditionKeeper(store, regions)
    await keeper.refresh()
    return dict(keeper.current.forms)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("of_three", range(3))
async def test_no_form_shows_more_than_ends_before_a_reason(store: Any, regions: RegionTree, of_three: int) -> None:
    published = await forms(store, regions)
    assert len(published) >= 10
    for name, form in published.items():
        fields = fields_of(form)
        told = {key: Given(value(field)) for key, field in fields.items()}
        told |= {f"members.{number}.{key}": Given(value(field)) for number in (1, 2) for key, field in fields.items()}
        masked = answers_of(form, told, DAY, regions)
        shown = " ".join(f"{one.label} {one.shown}" for one in masked)
        assert [secret for secret in SECRETS if secret in shown] == [], name
        assert all(one.hidden for one in masked if one.shown == HIDDEN)
        for one in masked[of_three::3]:  # each is opened alone, and reads the whole form for it
            opened = next(each for each in answers_of(form, told, DAY, regions, (one.path,)) if each.path == one.path)
            assert not opened.hidden
            assert opened.shown != HIDDEN


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_an_answer_of_a_form_that_is_gone_is_hidden_too(store: Any, regions: RegionTree) -> None:
    (line,) = answers_of(None, {"old_question": Given("尿毒症，每周透析")}, DAY, regions)
    assert (line.shown, line.hidden) == (HIDDEN, True)
    (line,) = answers_of(None, {"old_question": Given("尿毒症，每周透析")}, DAY, regions, ("section:其他回答",))
    assert "每周透析" in line.shown


def test_it_is_by_kind_not_by_luck() -> None:
    assert set(_KINDS) | {Kind.CHOICE, Kind.CHOICES} == set(Kind)
    assert Path(CONTENT, "fields.yml").exists()
