"""Content as plain files: a folder becomes entries with their places, and entries become the same folder again.

Every scalar of a YAML file is read as the text that stands there: `from: 2026-07-01` and `number: 12345` stay what the
editor wrote, and a phone number never turns into an amount.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.knowledge import contacts, documents, protected, service_hours, standards, stops, subsidies
from bot.knowledge import entry as kinds
from bot.knowledge.entry import Entry
from bot.knowledge.problems import Place, Problems

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
COLUMNS: Mapping[str, tuple[str, Sequence[str]]] = {
    "documents.csv": (kinds.DOCUMENT, documents.COLUMNS),
    "standards.csv": (kinds.STANDARD, standards.COLUMNS),
    "price_subsidy.csv": (kinds.SUBSIDY, subsidies.COLUMNS),
    "hotlines.csv": (kinds.HOTLINE, contacts.HOTLINE_COLUMNS),
    "offices.csv": (kinds.OFFICE, contacts.OFFICE_COLUMNS),
    "hours.csv": (kinds.HOURS, service_hours.COLUMNS),
    "stops.csv": (kinds.STOP, stops.COLUMNS),
    "protected.csv": (kinds.PROTECTED, protected.COLUMNS),
}
OPTIONAL_COLUMNS: Mapping[str, frozenset[str]] = {"documents.csv": frozenset({"region"})}
"""Columns a table need not have; an export leaves them out where no row has them."""
OPTIONAL = frozenset({"hours.csv", "stops.csv", "protected.csv"})
"""Tables a folder need not have."""
WORDS_FILE = "words.yml"
LISTS: Mapping[str, tuple[str, str, str]] = {
    "fields.yml": (kinds.FIELD, "fields", "key"),
    "consents.yml": (kinds.CONSENT, "consents", "id"),
}
"""Files that may be there with one list of entries: file → kind, the file's one key, what an entry is called by."""
FOLDERS: Mapping[str, tuple[str, str]] = {
    "forms": (kinds.FORM, "form"),
    "programmes": (kinds.PROGRAMME, "programme"),
}
"""Folders that may be there with one entry a file: folder → kind, the file's one key."""


@dataclass(slots=True)
class Folder:
    """What a folder of content holds."""

    entries: list[Entry] = field(default_factory=list)
    places: dict[tuple[str, str], Place] = field(default_factory=dict)
    problems: Problems = field(default_factory=Problems)

    def add(self, entry: Entry, place: Place) -> None:
        first = self.places.setdefault((entry.kind, entry.key), place)
        if first is not place:
            self.problems.at(place)(f"和 {first.file} 第{first.line}行的条目重名", "换一个名字，或删去一条")
            return
        self.entries.append(entry)


def read_folder(root: Path) -> Folder:
    """Everything under `root` that is content. Faults of form are collected, not raised."""
    folder = Folder()
    for name, (kind, columns) in COLUMNS.items():
        if name in OPTIONAL and not (root / name).exists():
            continue
        _read_table(folder, root, name, kind, columns)
    for path in sorted((root / "faq").glob("*")):
        name = f"faq/{path.name}"
        if path.suffix == ".yml":
            _read_answers(folder, root, name)
        elif not path.name.startswith("."):
            folder.problems.at(Place(name, 0, ""))("faq 里只读 .yml 文件，这个没有读", "改名为 .yml，或移走")
    if not (root / "faq").is_dir():
        folder.problems.at(Place("faq", 0, ""))("没有这个文件夹", "答案文件放在 faq 里")
    _read_words(folder, root)
    for name, (kind, top, key) in LISTS.items():
        if (root / name).exists():
            _read_list(folder, root, name, kind, top, key)
    for under, (kind, top) in FOLDERS.items():
        for path in sorted((root / under).glob("*")):
            if path.suffix == ".yml":
                _read_one(folder, root, f"{under}/{path.name}", kind, top)
            elif not path.name.startswith("."):
                folder.problems.at(Place(f"{under}/{path.name}", 0, ""))(
                    f"{under} 里只读 .yml 文件，这个没有读", "改名为 .yml，或移走"
                )
    return folder


def _text(folder: Folder, root: Path, name: str) -> str | None:
    try:
        return (root / name).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        folder.problems.at(Place(name, 0, ""))("没有这个文件", "补上；没有内容也要留表头")
    except UnicodeDecodeError:
        folder.problems.at(Place(name, 0, ""))("不是 UTF-8 编码", "用 UTF-8 另存")
    return None


def _read_table(folder: Folder, root: Path, name: str, kind: str, columns: Sequence[str]) -> None:
    text = _text(folder, root, name)
    if text is None:
        return
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    complain = folder.problems.at(Place(name, 1, ""))
    keys: list[str] = []
    try:
        header = [column.strip() for column in next(rows, [])]
        for wrong in [column for column in header if column not in columns]:
            complain(f"列名“{wrong}”不认识", f"改成这些之一：{'、'.join(columns)}")
        may_lack = OPTIONAL_COLUMNS.get(name, frozenset())
        needed = [column for column in columns if column in header or column not in may_lack]
        for missing in [column for column in needed if column not in header]:
            complain(f"缺少“{missing}”这一列", "补上这一列，可以留空")
        if sorted(header) != sorted(needed):
            return
        line = rows.line_num + 1
        for cells in rows:
            if any(cell.strip() for cell in cells):
                keys.append(_add_row(folder, name, line, kind, header, cells))
            line = rows.line_num + 1
    except csv.Error as error:
        folder.problems.at(Place(name, rows.line_num, ""))(f"表格读不下去（{error}）", "检查这一行的引号")
    _add_layout(folder, name, keys)


def _add_row(folder: Folder, name: str, line: int, kind: str, header: Sequence[str], cells: Sequence[str]) -> str:
    data = {column: cell.strip() for column, cell in zip(header, cells, strict=False)}
    place = Place(name, line, row_key(kind, data))
    if len(cells) != len(header):
        folder.problems.at(place)(f"有{len(cells)}格，应当有{len(header)}格", "文字里有英文逗号时，整格加英文引号")
        return place.entry
    folder.add(Entry(kind, place.entry, {column: value for column, value in data.items() if value}), place)
    return place.entry


def row_key(kind: str, data: Mapping[str, Any]) -> str:
    """What a row of a table is called: an id where it has one, else what makes it the only one."""
    parts = {
        kinds.STANDARD: ("region", "programme", "area", "unit", "from", "to"),
        kinds.SUBSIDY: ("region", "month"),
        kinds.OFFICE: ("region", "kind", "name"),
        kinds.HOURS: ("region",),
    }.get(kind, ("id",))
    return " ".join(str(data.get(part) or "-") for part in parts)


def _read_answers(folder: Folder, root: Path, name: str) -> None:
    _read_list(folder, root, name, kinds.ANSWER, "answers", "id")


def _read_list(folder: Folder, root: Path, name: str, kind: str, top: str, key: str) -> None:
    """A file whose one key holds a list of entries of one kind."""
    nodes = _yaml(folder, root, name, top)
    if nodes is None:
        return
    called = kinds.CALLED[kind]
    if not isinstance(nodes, yaml.SequenceNode):
        folder.problems.at(Place(name, nodes.start_mark.line + 1, ""))(
            f"“{top}”不是一列{called}", f"每个{called}前面写“- ”"
        )
        return
    keys: dict[str, int] = {}
    for node in nodes.value:
        line = node.start_mark.line + 1
        data = _plain(folder, name, node)
        id = str(data.get(key, "")) if isinstance(data, dict) else ""
        if not id:
            folder.problems.at(Place(name, line, ""))(
                f"这个{called}没有 {key}", f"写一个别处没用过的 {key}，如 {_EXAMPLES[kind]}"
            )
            continue
        folder.add(Entry(kind, id, data), Place(name, line, id))
        keys[id] = line
    _add_layout(folder, name, list(keys), *_comments(root / name, keys))


def _read_one(folder: Folder, root: Path, name: str, kind: str, top: str) -> None:
    """A file that holds one entry and is called by its id."""
    node = _yaml(folder, root, name, top)
    if node is None:
        return
    data = _plain(folder, name, node)
    stem = Path(name).stem
    place = Place(name, node.start_mark.line, stem)
    if not isinstance(data, dict):
        folder.problems.at(place)(f"“{top}”下面没有内容", "照别的文件写上 id 和别的项")
        return
    if data.get("id") != stem:
        folder.problems.at(place)(f"“id”是“{data.get('id', '')}”，文件名是“{stem}”", "让两个一样")
        return
    folder.add(Entry(kind, stem, data), place)
    _add_layout(folder, name, [stem], *_comments(root / name, {}))


def _read_words(folder: Folder, root: Path) -> None:
    top = _yaml(folder, root, WORDS_FILE, "words")
    if top is None:
        return
    if not isinstance(top, yaml.MappingNode):
        folder.problems.at(Place(WORDS_FILE, top.start_mark.line + 1, ""))(
            "“words”不是“名字: 文字”的写法", "每条写成 名字: 文字"
        )
        return
    keys: dict[str, int] = {}
    for key_node, value_node in top.value:
        value = _plain(folder, WORDS_FILE, value_node)
        data = value if isinstance(value, dict) else {"text": value}
        folder.add(
            Entry(kinds.WORDS, key_node.value, data), Place(WORDS_FILE, key_node.start_mark.line + 1, key_node.value)
        )
        keys[key_node.value] = key_node.start_mark.line + 1
    _add_layout(folder, WORDS_FILE, list(keys), *_comments(root / WORDS_FILE, keys))


_EXAMPLES = {kinds.ANSWER: "dibao-what", kinds.FIELD: "household_size", kinds.CONSENT: "notice"}


def _yaml(folder: Folder, root: Path, name: str, key: str) -> yaml.Node | None:
    """The node under the file's one key."""
    text = _text(folder, root, name)
    if text is None:
        return None
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        folder.problems.at(Place(name, line, ""))(
            f"YAML 读不下去（{getattr(error, 'problem', error)}）", "检查缩进、冒号和引号"
        )
        return None
    if not isinstance(node, yaml.MappingNode) or [one.value for one, _ in node.value] != [key]:
        folder.problems.at(Place(name, 1, ""))(f"最外层应当只有“{key}:”", f"第一行写 {key}:")
        return None
    found: yaml.Node = node.value[0][1]
    return found


def _plain(folder: Folder, name: str, node: yaml.Node) -> Any:
    """A node as strings, lists and mappings; a key written twice is refused, because the first would be lost."""
    if isinstance(node, yaml.SequenceNode):
        return [_plain(folder, name, one) for one in node.value]
    if isinstance(node, yaml.MappingNode):
        data: dict[str, Any] = {}
        for key, value in node.value:
            if key.value in data:
                line = key.start_mark.line + 1
                folder.problems.at(Place(name, line, ""))(f"“{key.value}”写了两次", "留一个")
            data[key.value] = _plain(folder, name, value)
        return data
    return node.value


def _comments(path: Path, keys: Mapping[str, int]) -> tuple[str, dict[str, str]]:
    """The comment a file begins with, and those right above an entry: they explain the file to the next editor, so an
    export keeps them. `keys`: entry → its line."""
    lines = path.read_text(encoding="utf-8-sig").split("\n")
    head = "".join(line + "\n" for line in itertools.takewhile(lambda line: line.startswith("#"), lines))
    above = {}
    for key, line in keys.items():
        found = list(itertools.takewhile(lambda said: said.lstrip().startswith("#"), reversed(lines[: line - 1])))
        if found:
            above[key] = "\n".join(said.strip() for said in reversed(found))
    return head, above


def _add_layout(
    folder: Folder, name: str, keys: list[str], head: str = "", comments: Mapping[str, str] | None = None
) -> None:
    data: dict[str, Any] = {"entries": keys}
    if head:
        data["head"] = head
    if comments:
        data["comments"] = dict(comments)
    folder.entries.append(Entry(kinds.FILE, name, data))
