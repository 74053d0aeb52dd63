"""The file of routes is read whole or refused, and says where it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.desk.notices.files import read_routes
from bot.desk.notices.ports import Template
from bot.errors import BadInput

GOOD = """
subscription:
  channel: mini
  templates:
    notice_move: {id: TPL_1, page: pages/case, lasting: true, fields: {thing1: programme, phrase2: state}}
    "*": {id: TPL_2}
sms:
  templates:
    "*": {id: SMS_1, fields: {state: state}}
"""


def test_routes_are_read(tmp_path: Path) -> None:
    (tmp_path / "routes.yml").write_text(GOOD, encoding="utf-8")
    subscription, sms = read_routes(tmp_path / "routes.yml")
    assert (subscription.channel, subscription.consent, sms.channel, sms.consent) == ("mini", True, "", False)
    move = Template("TPL_1", {"thing1": "programme", "phrase2": "state"}, "pages/case", lasting=True)
    assert subscription.template("notice_move") == move
    assert subscription.template("notice_decided") == Template("TPL_2", {})


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "must name one or more"),
        ("pigeon: {}", "must name one or more"),
        ("sms: {channel: mini, templates: {'*': {id: a}}}", "only sms has no channel"),
        ("template: {templates: {'*': {id: a}}}", "only sms has no channel"),
        ("sms: {templates: {}}", "has no templates"),
        ("sms: {templates: {'*': {fields: {}}}}", "must have an id"),
        ("sms: {templates: {'*': {id: a, colour: red}}}", "must have an id"),
        ("sms: {templates: {'*': {id: a, fields: {x: identity}}}}", "filled with one of"),
        ("sms: {templates: {'*': {id: a, lasting: 3}}}", "true or false"),
        ("sms: [", "cannot be read"),
        ("sms: 3", "must be a channel and templates"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "routes.yml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=why):
        read_routes(tmp_path / "routes.yml")
