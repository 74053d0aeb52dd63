"""What people say at the published questions, in everyday words, and the option that is meant: everyday_words.yml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.forms.model import Kind
from bot.forms.readers import Context, Said, read
from tests.forms.published import DAY, form, regions, report

TABLE: dict[str, dict[str, Any]] = yaml.load(
    (Path(__file__).parent / "everyday_words.yml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader
)
ROWS = [pytest.param(key, said, value, id=f"{key} {said}") for key, row in TABLE.items() for said, value in row.items()]


@pytest.mark.parametrize(("key", "said", "value"), ROWS)
def test_everyday_words_are_understood(key: str, said: str, value: Any) -> None:
    field = report().content.fields[key]
    result = read(field, said, Context(DAY, regions(), form("shared")))
    assert isinstance(result, Said), result
    assert result.value == (int(value) if field.kind is Kind.NUMBER else value)


@pytest.mark.parametrize("said", ["三千块存款 没车 公租房", "没房", "没工作", "没有收入", "没存款，没地"])
@pytest.mark.parametrize("key", ["supporters", "delegation"])
def test_no_to_something_else_is_no_to_nothing_here(key: str, said: str) -> None:
    field = report().content.fields[key]
    assert not isinstance(read(field, said, Context(DAY, regions(), form("shared"))), Said)


@pytest.mark.parametrize("key", [key for key, one in report().content.fields.items() if one.kind is Kind.CHOICE])
def test_a_label_and_a_number_choose(key: str) -> None:
    field = report().content.fields[key]
    for number, option in enumerate(field.options, 1):
        for said in (option.label, str(number)):
            result = read(field, said, Context(DAY, regions(), form("shared")))
            assert result == Said(option.value), said
