"""What both systems are asked: the project's own labelled questions, and the approved texts that would be right."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.stock.generate import CONTENT, answers

LABELLED = Path("tests/samples/questions/open.jsonl")
GREETINGS = ("你好", "谢谢", "您好", "再见", "在吗", "谢谢你啊", "早上好", "拜拜")


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    right: tuple[str, ...]
    """Texts any of which is the right answer, without blanks and line ends."""


def questions(labelled: Path = LABELLED, content: Path = CONTENT) -> list[Question]:
    """Those whose title is an answer of ours; figures of one place are no answers of the stock system."""
    texts = {entry["title"]: bare(entry["text"]) for entry in answers(content)}
    rows = [json.loads(line) for line in labelled.read_text("utf-8").splitlines() if line.strip()]
    found = (
        Question(row["question"], tuple(texts[title] for title in (row["title"], *row["also"]) if title in texts))
        for row in rows
    )
    return [question for question in found if question.right]


def bare(text: str) -> str:
    return "".join(text.split())


def is_right(replies: Sequence[str], question: Question) -> bool:
    """Whether a right text is among the replies, whatever stands around it."""
    return any(right in bare(reply) for reply in replies for right in question.right)
