"""What `content check` says of the files, said of the page and the table: no name of a file, a column or a code. Pure."""

from __future__ import annotations

import re

from bot.knowledge.workbook.sheets import ANSWERS, DOCUMENTS, HOTLINES, OFFICES_SHEET, STANDARDS, SUBSIDIES, Sheet

_FILES = {
    "documents.csv": DOCUMENTS,
    "standards.csv": STANDARDS,
    "price_subsidy.csv": SUBSIDIES,
    "hotlines.csv": HOTLINES,
    "offices.csv": OFFICES_SHEET,
}
_REGIONS = "查 regions.csv，写六位代码"
_WHERE_FROM = re.compile(r"（[\w/.-]+\.(?:yml|csv)[^（）]*）|（[a-z_]+）")
_QUOTED = re.compile("(“[^”]*”)")
_TOKEN = re.compile(r" ?(?<![\w.{-])([a-z][a-z_]*(?:\.[a-z_]+)*)(?![\w-]) ?", re.ASCII)
_SHAPES = {
    "写成 {from: 2026-07-01} 这样": "填上第一天",
    "每行写成 - {document: 文件, clause: 第几条}": "先选文件，再写第几条",
    "每行一条，前面写“- ”": "一行写一条",
    "lookup: standard 和 lookup_programme": "“先查什么数”和“查哪个事项的标准”",
}


def plainly(text: str, sheet: Sheet = ANSWERS) -> str:
    """`sheet`: that of the entry. What stands in quotes is somebody's own words, and stays."""
    for written, said in _SHAPES.items():
        text = text.replace(written, said)
    text = _WHERE_FROM.sub("", text.replace(_REGIONS, "从列表里选，或写六位代码"))
    names = _names(sheet)
    parts = _QUOTED.split(text)
    return "".join(_quoted(part, names) if part.startswith("“") else _said(part, names) for part in parts)


def _names(sheet: Sheet) -> dict[str, str]:
    """Columns by their whole and their last name, then the codes that stand in them."""
    names = {"scope": "在哪里、哪些天用"} | {name: one.title for name, one in _FILES.items()}
    for column in sheet.columns:
        names |= {column.name: column.title, column.name.rpartition(".")[2]: column.title}
    codes = {code: said for column in sheet.columns for code, said in column.choices.items()}
    return codes | names


def _quoted(part: str, names: dict[str, str]) -> str:
    return f"“{names[part[1:-1]]}”" if part[1:-1] in names else part


def _said(part: str, names: dict[str, str]) -> str:
    return _TOKEN.sub(lambda found: f"“{names[found[1]]}”" if found[1] in names else found[0], part)
