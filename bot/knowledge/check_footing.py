"""Nothing goes on past the end of the document it stands on: what the checks of answers and programmes do not look at. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.forms.files import clauses_of
from bot.knowledge import entry as kinds
from bot.knowledge.content import Content
from bot.knowledge.documents import Document, Standing, Status
from bot.knowledge.impact import named_in_words, succeeded
from bot.knowledge.problems import Problems

_TODO = "换现行的文件，写上最后一天，或去掉"


def check(content: Content, problems: Problems, warnings: Problems, day: date) -> None:
    ends = {key: one for key, one in content.documents.items() if one.last or one.status is Status.REPEALED}
    for kind, key, document in _standing(content):
        ended = ends.get(document)
        if ended is None or not _goes_on(content, kind, key, ended, day):
            continue
        until = f"用到{ended.last}" if ended.last else "已废止"
        at = {kinds.SUBSIDY: "notice"}.get(kind, "document")
        problems.at(content.place(kind, key))(f"文件“{ended.id}”{until}，这一条以后还在用", _TODO, at)
    for key in ends:
        for words, line in named_in_words(content, key):
            warnings.at(content.place(kinds.DOCUMENT, key))(
                f"固定用语“{words}”里还写着它：{line}", "读一读，看还对不对"
            )


def _standing(content: Content) -> Iterator[tuple[str, str, str]]:
    yield from ((kinds.STANDARD, key, row.document) for key, row in content.standards.items())
    yield from ((kinds.SUBSIDY, key, row.notice) for key, row in content.subsidies.items())
    yield from ((kinds.HOTLINE, key, row.document) for key, row in content.hotlines.items() if row.document)
    for kind, shelf in ((kinds.FIELD, content.fields), (kinds.CONSENT, content.consents)):
        for key, one in shelf.items():
            yield from ((kind, key, document) for document in {clause.document for clause in clauses_of(one)})


def _goes_on(content: Content, kind: str, key: str, ended: Document, day: date) -> bool:
    if kind == kinds.STANDARD:
        last = content.standards[key].last
        if last is not None:
            return ended.last is not None and last > ended.last
        # One without a last day on a repealed document is named by the check of figures.
        return ended.status is not Status.REPEALED and not succeeded(content, key, ended.last or day)
    if kind == kinds.SUBSIDY:
        return ended.last is None or content.subsidies[key].month > f"{ended.last:%Y-%m}"
    # What is asked on a document without force today is refused by the check of forms.
    return kind == kinds.HOTLINE or ended.standing(day) is not Standing.REPEALED
