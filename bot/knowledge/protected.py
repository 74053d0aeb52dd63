"""Protected questions: what must go on getting its answer. Asked before each publication, on the old edition and the new."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.knowledge.fields import NATION, Fields
from bot.messages import Outcome
from bot.regions import RegionTree

COLUMNS = ("id", "question", "region", "expect", "why")
_EXPECT = re.compile(r"(answer|outcome|danger):([a-z0-9][a-z0-9_-]*)")
_DANGERS = frozenset({"life", "violence", "disaster", "illness", "missing"})
LONGEST = 100


@dataclass(frozen=True, slots=True)
class Protected:
    """One question as a resident would ask it."""

    id: str
    question: str
    region: str
    """Where it is asked from; the nation: a resident whose place is not known."""
    expect: str
    """`answer:dibao-apply`, `outcome:clarified`, `danger:life`."""
    why: str

    @classmethod
    def read(cls, fields: Fields, tree: RegionTree) -> Protected:
        one = cls(
            id=fields.text("id"),
            question=fields.text("question"),
            region=fields.region("region", tree, default=NATION),
            expect=fields.text("expect"),
            why=fields.text("why"),
        )
        if one.expect and not _known(one.expect):
            fields.complain(
                "expect",
                f"“{one.expect}”看不懂",
                "写成 answer:答案编号、outcome:clarified 或 danger:life 这样",
            )
        if len(one.question) > LONGEST:
            fields.complain("question", f"有{len(one.question)}个字，最多{LONGEST}个", "写成居民会说的一句话")
        fields.end()
        return one

    @property
    def answer(self) -> str:
        """The id of the answer it should get; empty where it should get none."""
        return self.expect.removeprefix("answer:") if self.expect.startswith("answer:") else ""


def _known(expect: str) -> bool:
    found = _EXPECT.fullmatch(expect)
    if found is None:
        return False
    if found[1] == "outcome":
        return found[2] in {outcome.value for outcome in Outcome}
    return found[1] == "answer" or found[2] in _DANGERS
