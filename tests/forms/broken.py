"""Breaks a good field, form or consent in one way, and tells what an editor is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.forms.files import read_consent, read_field, read_form
from bot.forms.model import Field, Form
from bot.knowledge.fields import Fields

BROKEN = Path(__file__).parents[1] / "samples" / "broken_forms"


@cache
def good() -> Mapping[str, Any]:
    text = (BROKEN / "good.yml").read_text(encoding="utf-8")
    data: Mapping[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)
    return data


@cache
def library() -> Mapping[str, Field]:
    fields = [read_field(Fields(data, fail)) for data in good()["library"]]
    return {one.key: one for one in fields}


def changed(kind: str, change: Mapping[str, Any]) -> dict[str, Any]:
    """The good one with `change` on top; an empty text takes the value away."""
    data = {**good()[kind], **change}
    return {name: value for name, value in data.items() if value not in ("null", "")}


def told(kind: str, change: Mapping[str, Any]) -> list[str]:
    """What an editor is told of the changed field, form or consent, line by line."""
    lines: list[str] = []
    data = Fields(changed(kind, change), lambda what, todo, at="": lines.append(f"{what}；{todo}。"))
    if kind == "form":
        read_form(data, library(), good()["shared"])
    else:
        {"field": read_field, "consent": read_consent}[kind](data)
    return lines


def form(change: Mapping[str, Any]) -> Form:
    """The good form, changed and still good."""
    return read_form(Fields(changed("form", change), fail), library(), good()["shared"])


def fail(what: str, todo: str, at: str = "") -> None:
    raise AssertionError(f"{what}；{todo}")
