"""Nothing goes on past the end of the document it stands on: what the checks of answers and programmes do not look at. Pure."""

from __future__ import annotations

from datetime import date

from bot.knowledge import entry as kinds
from bot.knowledge.content import Content
from bot.knowledge.documents import Document, Standing, Status
from bot.knowledge.impact import Citation, impacts, named_in_words
from bot.knowledge.problems import Problems

_TODO = "换现行的文件，写上最后一天，或去掉"
_AT = {
    kinds.STANDARD: "document",
    kinds.SUBSIDY: "notice",
    kinds.HOTLINE: "document",
    kinds.FIELD: "document",
    kinds.CONSENT: "document",
}
"""What is looked at here, and where each names its document."""


def check(content: Content, problems: Problems, warnings: Problems, day: date) -> None:
    ends = {key: one for key, one in content.documents.items() if one.last or one.status is Status.REPEALED}
    # Where nobody knows the last day of a repealed one, it carries no day at all.
    falls = impacts(content, {key: one.last or date.min for key, one in ends.items()})
    for document, citations in falls.items():
        ended = ends[document]
        until = f"用到{ended.last}" if ended.last else "已废止"
        for one in citations:
            if one.kind in _AT and not _named_elsewhere(content, one, ended, day):
                problems.at(content.place(one.kind, one.key))(
                    f"文件“{ended.id}”{until}，这一条以后还在用", _TODO, _AT[one.kind]
                )
        for words, line in named_in_words(content, document):
            warnings.at(content.place(kinds.DOCUMENT, document))(
                f"固定用语“{words}”里还写着它：{line}", "读一读，看还对不对"
            )


def _named_elsewhere(content: Content, one: Citation, ended: Document, day: date) -> bool:
    """Whether another check looks at it: figures of a repealed document, and what is asked on one without force today."""
    if one.kind == kinds.STANDARD:
        return ended.status is Status.REPEALED and (ended.last is None or content.standards[one.key].last is None)
    return one.kind in (kinds.FIELD, kinds.CONSENT) and ended.standing(day) is Standing.REPEALED
