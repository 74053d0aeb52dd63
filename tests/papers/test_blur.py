"""Blurred is said of photos whose small print cannot be read, and not of good ones in bad light."""

from __future__ import annotations

from datetime import date

import pytest
from PIL import Image

from bot.papers.picture import settle
from tests.papers.drawn import household_page, identity_card, photographed
from tests.papers.persons import a_number

NUMBER = a_number("420106", date(1950, 1, 1), 122)
PAPERS = {"card": identity_card("王桂英", NUMBER), "page": household_page("王桂英", NUMBER)}


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize(
    "how",
    [{}, {"noise": 60}, {"light": 0.35}, {"light": 1.6}, {"turn": 8}, {"turn": 90}, {"width": 800}, {"width": 3200}],
    ids=str,
)
def test_a_sharp_photo_is_not_called_blurred(paper: str, how: dict[str, float]) -> None:
    assert not settle(photographed(PAPERS[paper], **how)).blurred  # type: ignore[arg-type]


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize(
    "how", [{"blur": 3.5}, {"blur": 5}, {"blur": 8}, {"blur": 5, "noise": 60}, {"blur": 5, "light": 0.4}], ids=str
)
def test_an_unreadable_photo_is(paper: str, how: dict[str, float]) -> None:
    assert settle(photographed(PAPERS[paper], **how)).blurred  # type: ignore[arg-type]


def test_an_empty_or_tiny_picture_is_nothing_to_read() -> None:
    for image in (Image.new("RGB", (800, 600), "white"), PAPERS["card"].resize((120, 75))):
        assert settle(photographed(image) if image.width > 500 else _png(image)).blurred


def _png(image: Image.Image) -> bytes:
    import io

    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
