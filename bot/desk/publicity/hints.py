"""What is said beside the boxes while somebody writes: refusals as in `content check`, warnings, and answers that are asked for
in nearly the same words."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.desk.desk import Desk
from bot.desk.publicity import fixed_words
from bot.desk.publicity.sheets import EDITABLE
from bot.knowledge import entry as kinds
from bot.knowledge.answers import Answer
from bot.knowledge.applying import region_of
from bot.knowledge.check_entry import EDITED, look
from bot.knowledge.documents import Status
from bot.knowledge.entry import Entry
from bot.knowledge.fields import NATION, knows
from bot.knowledge.impact import impact
from bot.knowledge.near import Alike, wordings
from bot.knowledge.plain_language import SENTENCE, long_sentences, says_you_plainly
from bot.knowledge.problems import Problem
from bot.knowledge.workbook.plainly import plainly
from bot.knowledge.workbook.sheets import ANSWERS

MOST_ALIKE = 5
_CLOSE = 0.8
"""Score of search from which a meaning counts as the same."""


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing beside a box. `refuses`: it may not be published so."""

    at: str
    what: str
    todo: str
    refuses: bool


@dataclass(frozen=True, slots=True)
class Near:
    """Another answer that residents could get for the same words."""

    answer: Answer
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Hints:
    all: tuple[Hint, ...]
    near: tuple[Near, ...] = ()

    def at(self, name: str) -> tuple[Hint, ...]:
        """Those of one box, or (`scope`, for its region) of the group it stands in."""
        return tuple(one for one in self.all if _box(one.at) == name)

    def elsewhere(self, names: Iterable[str]) -> tuple[Hint, ...]:
        """Those that belong to no box of the page."""
        shown = set(names)
        return tuple(one for one in self.all if _box(one.at) not in shown)

    @property
    def refusals(self) -> int:
        return sum(one.refuses for one in self.all)


async def hints(desk: Desk, kind: str, key: str, data: Mapping[str, Any] | None, replaces: str = "") -> Hints:
    """`replaces`: the key of the published entry this would take the place of."""
    if data is None or kind not in EDITED:
        return Hints(())
    return await asyncio.to_thread(_hints, desk, kind, key, data, replaces, await _by_meaning(desk, kind, data))


def _hints(
    desk: Desk, kind: str, key: str, data: Mapping[str, Any], replaces: str, meant: Sequence[tuple[str, str]]
) -> Hints:
    edition = desk.edition
    found = look(edition.content, Entry(kind, key or "-", data), replaces, desk.regions, desk.today())
    said = (*_said(kind, found.refusals, True), *_said(kind, found.warnings, False))
    if kind == kinds.DOCUMENT:
        said += _falls(desk, key, data)
    if kind == kinds.WORDS:
        said += _of_words(desk, key, data)
    return Hints(said, _near(desk, key, data, meant) if kind == kinds.ANSWER else ())


def _said(kind: str, problems: Iterable[Problem], refuses: bool) -> tuple[Hint, ...]:
    """As the check says it, but of boxes: 缺少“标题”, where a file's editor reads 缺少“title”."""
    sheet = EDITABLE.get(kind, ANSWERS)
    return tuple(Hint(one.at, plainly(one.what, sheet), plainly(one.todo, sheet), refuses) for one in problems)


def _of_words(desk: Desk, key: str, data: Mapping[str, Any]) -> tuple[Hint, ...]:
    """What is gone that somebody may have relied on, and what could be plainer."""
    text, words = str(data.get("text", "")), desk.edition.content.words.get(key)
    before = {"text": words.text} if words else {}
    gone = [(f"原来写着“{one}”，现在没有了", "不是有意的，就写回来") for one in fixed_words.lost(before, data)]
    long = [(f"这句有{len(one)}个字：“{one}”", f"拆成短句，{SENTENCE} 个字以内") for one in long_sentences(text)]
    plain = [("称呼居民用了“你”", "改成“您”")] if says_you_plainly(text) else []
    return tuple(Hint("text", what, todo, refuses=False) for what, todo in (*gone, *long, *plain))


def _falls(desk: Desk, key: str, data: Mapping[str, Any]) -> tuple[Hint, ...]:
    """What loses its footing with the end that is being typed: nobody ends a law without knowing it."""
    content, said = desk.edition.content, str(data.get("in_force_to", ""))
    ended = data.get("status") == Status.REPEALED
    if key not in content.documents or not (said or ended):
        return ()
    try:
        day = date.fromisoformat(said) if said else desk.today()
    except ValueError:
        return ()
    falls = {(one.kind, one.key) for one in impact(content, key, day)}
    what, todo = f"{day}以后，有{len(falls)}条失去依据", "到“文件和废止”里逐条定，和这份一起送审"
    return (Hint("in_force_to", what, todo, refuses=False),) if falls else ()


def _box(at: str) -> str:
    """basis.document → basis: a clause is mended in the box of clauses; `scope` is mended at its place."""
    if at == "scope":
        return "scope.region"
    return at if at.startswith("scope.") else at.partition(".")[0]


def _near(desk: Desk, key: str, data: Mapping[str, Any], meant: Sequence[tuple[str, str]]) -> tuple[Near, ...]:
    """Only of other topics, where a resident could meet both: a local answer asks in the words of the wider one."""
    edition = desk.edition
    topic, region = (data.get("programme"), data.get("aspect")), region_of(kinds.ANSWER, data)
    skip = frozenset(one.id for one in edition.answers.values() if one.topic == topic or one.id == key)
    alike = wordings(edition).like(_wordings(data), skip)
    alike += [Alike(ours, "", answer, 0.0) for ours, answer in meant if answer not in skip]
    found: dict[str, Near] = {}
    for one in alike:
        other = edition.answers[one.answer]
        if _meet(desk, region, other.scope.region):
            found.setdefault(other.id, Near(other, one.ours, one.theirs or other.title))
    return tuple(found.values())[:MOST_ALIKE]


def _meet(desk: Desk, one: str, other: str) -> bool:
    tree = desk.regions
    one = one if knows(tree, one) else NATION
    return tree.is_within(one, other) or tree.is_within(other, one)


async def _by_meaning(desk: Desk, kind: str, data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Answers the title comes close to by meaning: (our words, their id). Nothing where no encoder is at hand."""
    title = str(data.get("title", "")).strip()
    if desk.meaning is None or kind != kinds.ANSWER or not title:
        return []
    found = await desk.meaning.near(desk.edition, title)
    return [(title, one.entry) for one in found if one.score >= _CLOSE and one.entry in desk.edition.answers]


def _wordings(data: Mapping[str, Any]) -> list[str]:
    said = [data.get("title"), *(data.get("phrasings") or ())]
    return [text for text in said if isinstance(text, str) and text.strip()]
