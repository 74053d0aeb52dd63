"""Invented people: numbers that hold by their checksum, and belong to nobody we know of."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def a_number(region: str, born: date, order: int) -> str:
    """GB 11643: region, birth date, order (odd: male), check character."""
    body = f"{region}{born:%Y%m%d}{order:03d}"
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]


def numbers(first: date = date(1930, 1, 1), last: date = date(2026, 11, 25)) -> st.SearchStrategy[str]:
    return st.builds(
        a_number, st.sampled_from(["420106", "500101", "440306", "610113"]), st.dates(first, last), st.integers(0, 999)
    )
