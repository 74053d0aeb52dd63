"""An entry line by line as people read it: its fields called as in the boxes, codes and places by their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.desk.desk import Desk
from bot.desk.publicity import expecting, finding
from bot.desk.publicity.sheets import EDITABLE
from bot.knowledge import entry as kinds
from bot.knowledge.answers import PROGRAMMES
from bot.knowledge.difference import lines_of
from bot.knowledge.fields import NATION, knows
from bot.knowledge.problems import Problem
from bot.knowledge.workbook.cells import BAR, cells_of
from bot.knowledge.workbook.plainly import plainly
from bot.knowledge.workbook.sheets import Sheet

_ELSEWHERE = {
    "id": "编号",
    "title": "标题",
    "name": "名称",
    "text": "正文",
    "short": "短的说法",
    "programme": "事项",
    "region": "地区",
    "from": "第一天",
    "note": "备注",
    "of": "停哪一类",
    "target": "停哪一条",
    "reason": "原因",
    "instead": "改说哪一条",
    "words": "改说的话",
}
"""What has no boxes is read too: stops, fixed words, programmes."""
_OF = {"answer": "答案", "programme": "项目"}
_PLACES = frozenset({"region", "scope.region"})


def lines(desk: Desk, kind: str, data: Mapping[str, Any] | None) -> list[str]:
    """Empty for an entry that is not there. Long texts and lists are a line each, so that a difference shows what was
    touched."""
    if data is None:
        return []
    sheet = EDITABLE.get(kind)
    return _of_sheet(desk, sheet, data) if sheet else _plain(desk, data)


def value(desk: Desk, name: str, said: str) -> str:
    """One value of a field as people read it."""
    if name in _PLACES:
        return "全国" if said == NATION else desk.regions.full_name(said) if knows(desk.regions, said) else said
    if name == "expect":
        return expecting.said(desk.edition, said)
    if name in ("target", "instead"):
        return PROGRAMMES.get(said) or expecting.said(desk.edition, f"answer:{said}")
    return _OF.get(said, said) if name == "of" else said.replace(BAR, " ")


def _of_sheet(desk: Desk, sheet: Sheet, data: Mapping[str, Any]) -> list[str]:
    cells = cells_of(sheet, data)
    found = [
        f"{column.title.removesuffix('代码')}：{value(desk, column.name, line)}"
        for column in sheet.columns
        for line in cells[column.name].strip().split("\n")
        if line
    ]
    known = {column.name.partition(".")[0] for column in sheet.columns}
    rest = {name: one for name, one in data.items() if name not in known}
    return found + (_plain(desk, rest) if rest else [])


def _plain(desk: Desk, data: Mapping[str, Any]) -> list[str]:
    parts = (line.partition(": ") for line in lines_of(data))
    return [f"{_ELSEWHERE.get(name, name)}：{value(desk, name, rest)}" if mark else name for name, mark, rest in parts]


def title(desk: Desk, kind: str, key: str, data: Mapping[str, Any] | None = None) -> str:
    """What people call an entry; its key where nothing else is known."""
    content, told = desk.edition.content, dict(data or {})
    if kind == kinds.STOP and told:
        return f"停用{value(desk, 'target', str(told.get('target', '')))}"
    if kind in finding.TITLES and told:
        return finding.title_of(kind, told)
    for name in ("title", "name", "label"):
        if isinstance(told.get(name), str) and told[name]:
            return str(told[name])
    if kind == kinds.ANSWER and key in content.answers:
        return content.answers[key].title
    if kind == kinds.PROTECTED and key in content.protected:
        return content.protected[key].question
    return content.documents[key].title if kind == kinds.DOCUMENT and key in content.documents else key


def told(desk: Desk, problems: Iterable[Problem]) -> tuple[tuple[str, str, str], ...]:
    """What is wrong with entries, by what people call them: (entry, what, what to do)."""
    return tuple((_called(desk, one.entry), plainly(one.what), plainly(one.todo)) for one in problems)


def _called(desk: Desk, key: str) -> str:
    content = desk.edition.content
    kind = next(
        (
            kind
            for kind, shelf in ((kinds.ANSWER, content.answers), (kinds.DOCUMENT, content.documents))
            if key in shelf
        ),
        kinds.PROTECTED,
    )
    return title(desk, kind, key)
