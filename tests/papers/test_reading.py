"""What is read off photos drawn here, of people who do not exist: right, or not at all."""

from __future__ import annotations

import io
from datetime import date

import pytest
from PIL import Image

from bot.papers.card import Line, Read, people_in
from bot.papers.picture import settle
from bot.papers.reading import Reader
from tests.papers.drawn import household_page, identity_card, photographed
from tests.papers.persons import a_number

TODAY = date(2026, 11, 25)
WANG = Read("王桂英", a_number("420106", date(1950, 1, 1), 122))
LI = Read("李建国", a_number("420111", date(1948, 7, 9), 451))


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def seen(reader: Reader, photo: bytes) -> tuple[Read, ...]:
    lines: list[Line] = reader.lines(Image.open(io.BytesIO(settle(photo).content)))
    return people_in(lines, TODAY)


@pytest.mark.parametrize(
    "how",
    [{}, {"turn": 8}, {"turn": 180}, {"light": 0.4, "noise": 40}, {"width": 800}],
    ids=["straight", "askew", "upside down", "dark", "small"],
)
def test_an_identity_card_is_read(reader: Reader, how: dict[str, float]) -> None:
    photo = photographed(identity_card(WANG.name, WANG.identity), **how)  # type: ignore[arg-type]
    assert seen(reader, photo) == (WANG,)


def test_a_card_lying_on_its_side_gives_its_number(reader: Reader) -> None:
    found = seen(reader, photographed(identity_card(LI.name, LI.identity), turn=90))
    assert [one.identity for one in found] == [LI.identity]
    assert found[0].name in (LI.name, "")


def test_a_page_of_the_household_register_is_read(reader: Reader) -> None:
    assert seen(reader, photographed(household_page(WANG.name, WANG.identity))) == (WANG,)


def test_two_cards_on_one_photo_keep_their_names(reader: Reader) -> None:
    both = Image.new("RGB", (1284, 1680), "white")
    both.paste(identity_card(WANG.name, WANG.identity), (0, 0))
    both.paste(identity_card(LI.name, LI.identity), (0, 850))
    assert seen(reader, photographed(both)) == (WANG, LI)


def test_a_number_that_does_not_hold_is_not_proposed(reader: Reader) -> None:
    wrong = WANG.identity[:17] + ("0" if WANG.identity[17] != "0" else "1")
    assert seen(reader, photographed(identity_card(WANG.name, wrong))) == ()


def test_nothing_is_made_up_from_a_table_top(reader: Reader) -> None:
    assert seen(reader, photographed(Image.new("RGB", (400, 300), "white"))) == ()
