"""An application after it was submitted: the states it can be in, the moves it allows, its receipt number. Pure.

The states and what each may become are the office's procedure (民发〔2021〕57号 for 低保; the others run alike). Days are not
written here: a programme's stages name them with their clause, and `due` counts them.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bot.calendar import Deadline, WorkingDays
from bot.errors import Conflict
from bot.people import mask


@dataclass(frozen=True, slots=True)
class State:
    """Where a case stands, in a resident's words."""

    code: str
    name: str
    meaning: str
    who: str
    """Who has it now."""
    next: str
    """What comes next."""
    object: str = ""
    """What can be done against it; empty where nothing was decided yet."""
    final: bool = False
    """Nothing more comes of itself."""


_COUNTY, _TOWN = "县级民政部门", "乡镇（街道）"
_REVIEW = "不同意可在60天内申请行政复议，也可以起诉。"
_TELL = "觉得不对，可以找乡镇（街道）说明。也可以打12345。"

STATES: Mapping[str, State] = {
    state.code: state
    for state in (
        State(
            "draft", "还没提交", "您填的内容已存好，还没交上去。",
            "您自己", "填完后交上去。",
        ),
        State(
            "submitted", "已提交，等受理", "申请已交到办理单位。",
            _TOWN, "先看材料齐不齐，齐了就受理。", _TELL,
        ),
        State(
            "need_more", "等您补材料", "还缺一些材料，要补上。",
            "您自己", "补齐后继续办。", _TELL,
        ),
        State(
            "accepted", "已受理", "办理单位正式收下了申请。",
            _TOWN, "接下来调查家里的情况。", _TELL,
        ),
        State(
            "checking", "正在核对家庭经济状况", "正在查收入、存款、房和车。",
            _COUNTY, "核对完继续办。", "结果不对，可交证明要求复查。",
        ),
        State(
            "investigating", "正在调查", "工作人员会上门，或者打电话、视频。",
            _TOWN, "调查完写出初步意见。", _TELL,
        ),
        State(
            "publicizing", "正在公示", "初步意见贴在村里或社区。",
            _TOWN, "没人提异议就送去确认。", _TELL,
        ),
        State(
            "objection", "有人提了异议，正在复查", "办理单位会再查一遍。",
            _TOWN, "查完再写初步意见。", _TELL,
        ),
        State(
            "reviewing", "等最后确认", "材料已送去做最后确认。",
            _COUNTY, "确认后书面告诉您结果。", _TELL,
        ),
        State(
            "approved", "已确认", "申请通过了。",
            _COUNTY, "接下来发放；低保、特困从下个月算起。", _REVIEW,
        ),
        State(
            "rejected", "没有通过", "这次没有通过，理由会书面告诉您。",
            _COUNTY, "情况变了可以再申请。", _REVIEW, final=True,
        ),
        State(
            "paying", "正在发放", "救助按规定发给您。",
            _COUNTY, "家里有变化要告诉乡镇（街道）。", _REVIEW,
        ),
        State(
            "recheck", "定期核查", "看看家里情况有没有变。",
            _TOWN, "没变化就照常发。", _TELL,
        ),
        State(
            "reducing", "拟调减或停发，先听您的意见", "还没有决定，您可以先说明。",
            _COUNTY, "听完意见再做决定。", "不同意请现在就说，也可交证明。",
        ),
        State(
            "stopped", "已停发", "理由会书面告诉您。",
            _COUNTY, "情况变了可以再申请。", _REVIEW, final=True,
        ),
        State(
            "withdrawn", "您已撤回", "这次申请不再办了。",
            "您自己", "想办可以再申请。", final=True,
        ),
        State(
            "referred", "已转给其他部门", "这件事由别的部门来办。",
            "接手的部门", "由接手的部门联系您。", _TELL, final=True,
        ),
    )
}  # fmt: skip
"""By code. What a notice of refusal must say itself (reasons, in writing) is the office's; this is only where it stands."""

_OPEN = frozenset({"withdrawn", "referred"})
MOVES: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"submitted", "withdrawn"}),
    "submitted": frozenset({"need_more", "accepted", "approved", "rejected"}) | _OPEN,
    "need_more": frozenset({"need_more", "submitted", "accepted", "rejected"}) | _OPEN,
    "accepted": frozenset(
        {"need_more", "checking", "investigating", "publicizing", "reviewing", "approved", "rejected"}
    )
    | _OPEN,
    "checking": frozenset({"need_more", "investigating", "publicizing", "reviewing", "approved", "rejected"}) | _OPEN,
    "investigating": frozenset({"need_more", "checking", "publicizing", "reviewing", "approved", "rejected"}) | _OPEN,
    "publicizing": frozenset({"objection", "reviewing", "approved", "rejected"}) | _OPEN,
    "objection": frozenset({"investigating", "publicizing", "reviewing", "rejected"}) | _OPEN,
    "reviewing": frozenset({"need_more", "investigating", "publicizing", "approved", "rejected"}) | _OPEN,
    # 复议 or a court may turn a refusal; everything else begins anew as a new application.
    "rejected": frozenset({"reviewing", "approved"}),
    "approved": frozenset({"paying", "recheck", "reducing", "stopped"}),
    "paying": frozenset({"recheck", "reducing", "stopped"}),
    "recheck": frozenset({"paying", "reducing", "stopped"}),
    # 社会救助法第48条: a person is heard before a cut, so nothing is stopped or cut without this state before it,
    # except what ends by itself (a death, the end of a term), which goes from paying to stopped.
    "reducing": frozenset({"paying", "stopped"}),
    "stopped": frozenset({"paying"}),
    "withdrawn": frozenset(),
    "referred": frozenset({"submitted"}),
}
"""The one table of what a case may become. Urgent help skips stages: it is approved as soon as it is heard of."""


def check_move(old: str, new: str) -> None:
    """Refuse a change that the procedure does not know."""
    if new not in STATES:
        raise Conflict(f"a case has no state {new!r}; use one of {', '.join(STATES)}")
    if new not in MOVES.get(old, frozenset()):
        allowed = "、".join(sorted(MOVES.get(old, frozenset()))) or "nothing"
        raise Conflict(f"a case cannot go from {old} to {new}; from there it goes to {allowed}: look at it again")


class Stage(Protocol):
    """As much of a programme's stage as a deadline needs; `bot.programmes` has them with their clauses."""

    @property
    def state(self) -> str: ...

    @property
    def days(self) -> int: ...

    @property
    def working(self) -> bool:
        """Working days, or calendar days where the clause says 天 without 工作日."""
        ...

    @property
    def counts_from(self) -> str:
        """The state whose first day it is counted from; empty: its own."""
        ...


def due(
    stages: Iterable[Stage], state: str, since: date, calendar: WorkingDays, began: Mapping[str, date] | None = None
) -> Deadline | None:
    """The statutory last day of the stage a case came into on `since`, a day that does not count itself; None where no
    document sets one, or it counts from a state whose day is not in `began`."""
    for stage in stages:
        if stage.state == state and stage.days > 0:
            first = since if stage.counts_from in ("", state) else (began or {}).get(stage.counts_from)
            return None if first is None else calendar.deadline(first, stage.days, working=stage.working)
    return None


# The receipt number: 12 random digits and the check digit of ISO/IEC 7064 MOD 11,10 (GB/T 17710), which notices every
# single wrong digit and nearly every two that changed places. Guarded by the limits of the look-up, not by its length.
DIGITS = 13
_GAP = r"[\s\-‐-―－_.·,，、　]{0,2}"
# Looked for at every place, because a lone digit before it (3口人 1234 …) would be taken for its first one.
_NUMBER = re.compile(rf"(?<!\d)(?=(\d(?:{_GAP}\d){{{DIGITS - 1}}})(?!\d))", re.ASCII)


def new_number() -> str:
    """A receipt number nobody can guess, and that no mask takes for a phone, card or identity number."""
    while True:
        body = f"{secrets.randbelow(10 ** (DIGITS - 1)):0{DIGITS - 1}}"
        number = body + check_digit(body)
        if all(mask(form)[0] == form for form in (number, show_number(number))):
            return number


def check_digit(body: str) -> str:
    """ISO/IEC 7064 MOD 11,10 over decimal digits."""
    product = 10
    for digit in body:
        product = (product + int(digit)) % 10 or 10
        product = product * 2 % 11
    return str((11 - product) % 10)


def number_is_valid(number: str) -> bool:
    return re.fullmatch(rf"\d{{{DIGITS}}}", number, re.ASCII) is not None and check_digit(number[:-1]) == number[-1]


def show_number(number: str) -> str:
    """In groups of four, as people read it aloud: 1234 5678 9012 3."""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def read_number(text: str) -> str | None:
    """The receipt number in a text, however it was grouped or typed; None when there is none, or its check digit is wrong."""
    folded = unicodedata.normalize("NFKC", "".join(one for one in text if unicodedata.category(one) != "Cf"))
    for found in _NUMBER.finditer(folded):
        number = re.sub(r"\D", "", found[1])
        if number_is_valid(number):
            return number
    return None
