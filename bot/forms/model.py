"""What a form asks, as data: fields, the steps that ask for them, and the sheet on which answers are kept. Pure.

A form belongs to a benefit programme (its application) or stands alone (emergency, look-up, consent, …). Nothing here
knows a programme by name: whatever `content/` describes can be asked, without code and without training.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.logic import Test


class Kind(StrEnum):
    """How an answer is read and shown; see `bot.forms.readers`. The value each one keeps is JSON:"""

    NAME = "name"  # "王桂英"
    IDENTITY = "identity"  # "420106195001011234", proved by checksum and birth date
    PHONE = "phone"  # "13800001234"
    BANK_CARD = "bank_card"  # "6217…", proved by Luhn
    MONEY = "money"  # {"low": "2300", "high": "2300" | null, "about": false, "per": "month"}: yuan as decimal text
    NUMBER = "number"  # 3
    DATE = "date"  # {"first": "2025-12-20", "last": "2026-02-16", "about": true}
    YES_NO = "yes_no"  # true
    CHOICE = "choice"  # "sick": an option's value
    CHOICES = "choices"  # ["car", "deposit"]: any of the options; [] is "none of them"
    ADDRESS = "address"  # {"region": "420111", "detail": "关山街道…"}
    TEXT = "text"  # as written
    PAPER = "paper"  # ["<paper id>", …]: photos
    AGREE = "agree"  # {"version": "…"}: a notice that was accepted


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    words: tuple[str, ...] = ()
    """What residents also call it."""


@dataclass(frozen=True, slots=True)
class Clause:
    """Where the law lets us ask this; `document` is a key of the register."""

    document: str
    clause: str


@dataclass(frozen=True, slots=True)
class Field:
    key: str
    label: str
    """What the summary calls it: 每月工资."""
    kind: Kind
    ask: str
    """The question when it is asked alone. `{who}` is the member's name or relation."""
    why: str = ""
    """Why it is asked, in a resident's words."""
    clause: Clause | None = None
    example: str = ""
    """What a good answer looks like: shown when one was not understood."""
    options: tuple[Option, ...] = ()
    sensitive: bool = False
    """Needs separate consent (个人信息保护法 第29条) and is masked wherever it is shown."""
    private: bool = False
    """A number that identifies somebody: kept out of the transcript (`people.mask`)."""
    kept: str = "case"
    """Retention class."""
    words: tuple[str, ...] = ()
    """What residents call it when they correct it: 身份证, 证号."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A field as one form asks it."""

    field: Field
    required: bool = True
    when: Test | None = None
    """Asked only while this is true; unknown counts as false. Over the keys of the form's answers; in a step for
    members a key means this member's answer where the member has one."""
    default: Any = None
    """Taken without asking, and shown in the summary, where the form says so."""


@dataclass(frozen=True, slots=True)
class Step:
    """One question to the resident. It may fill several fields (name, relation and identity number in one line)."""

    id: str
    ask: str
    fields: tuple[Asked, ...]
    when: Test | None = None
    each: bool = False
    """Asked once for every member of the household."""
    over: bool = False
    """Asked once for all members together (我和老伴都健康，孙子残疾); whoever is missing is then asked alone."""
    section: str = ""
    """The heading it stands under in the summary."""


@dataclass(frozen=True, slots=True)
class Form:
    id: str
    title: str
    steps: tuple[Step, ...]
    members: str = ""
    """The field whose number tells how many people the household has (the applicant is member 1)."""
    intro: str = ""
    confirm: bool = False
    """Whether a numbered summary is shown and must be agreed to at the end."""


class State(StrEnum):
    """What became of a question."""

    SAID = "said"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Given:
    """One answer on a sheet."""

    value: Any
    state: State = State.SAID
    message: str = ""
    """The id of the message it came from, so that an officer sees where a fact was said."""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The answers to one form. A path is a field's key, or `members.<n>.<key>` for member n (from 1)."""

    form: str
    answers: Mapping[str, Given] = field(default_factory=dict)
    asked: str = ""
    """What is being asked: a step's id, `<step>#<n>` for member n, or `:summary`."""
    asked_paths: tuple[str, ...] = ()
    """Which paths the last question wanted; shorter than the step's where part of an answer came already."""
    tries: int = 0
    """How often in a row the answer to it was not understood."""
    last_put: tuple[str, ...] = ()
    """The paths the resident filled last, for 上一个填错了."""


def member_path(number: int, key: str) -> str:
    return f"members.{number}.{key}"


def split_path(path: str) -> tuple[int, str]:
    """(member number or 0, field key)."""
    if path.startswith("members."):
        _, number, key = path.split(".", 2)
        return int(number), key
    return 0, path
