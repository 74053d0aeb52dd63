"""What a programme must hold before it is published: live clauses on all its days, facts somebody can be asked for,
options that exist, no two rules for one place and day, kind words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import combinations
from typing import Any, TypeAlias

from bot.cases import STATES
from bot.forms.model import Kind
from bot.knowledge import entry as kinds
from bot.knowledge.answers import PROGRAMMES
from bot.knowledge.content import Content
from bot.knowledge.documents import Status
from bot.knowledge.fields import NATION
from bot.knowledge.plain_language import long_sentences, refused_words, says_you_plainly, unexplained
from bot.knowledge.problems import Note, Problems
from bot.programmes.assess import LIKELY_OF, PARAMETER
from bot.programmes.facts import BEHIND, FIGURE, PLACE, PUBLISHED, SIDE
from bot.programmes.model import Programme
from bot.programmes.parts import Reaching, common_days

_OF_PLACE = (FIGURE, PUBLISHED)
_GIVEN = (Kind.PAPER, Kind.AGREE)


Written: TypeAlias = frozenset[tuple[str, str]]
"""Kind and key of every entry: one that could not be read is reported once, not again wherever it is named."""


def check(content: Content, written: Written, problems: Problems, warnings: Problems) -> None:
    for programme in content.programmes.values():
        place = content.place(kinds.PROGRAMME, programme.id)
        note, warn = problems.at(place), warnings.at(place)
        if programme.reach.first is None:
            note("没写从哪天起有（from）", "写上最早的依据开始生效的那天")
        _clauses(programme, content, written, note, warn)
        _covered(programme, note)
        _rivals(programme, note)
        _facts(programme, content, written, note)
        _parts(programme, content, written, note)
        texts(programme.texts, note, warn)
    _circles(content, problems)


def texts(said: Iterable[str], note: Note, warn: Note) -> None:
    """The language of the house, in what residents read."""
    for text in dict.fromkeys(said):
        for word, reason in refused_words(text):
            note(f"写了“{word}”，{reason}", "改写这一句")
        for sentence in long_sentences(text):
            warn(f"这句有{len(sentence)}个字：“{sentence}”", "拆成短句，25 个字以内")
        if says_you_plainly(text):
            warn("称呼居民用了“你”", "改成“您”")
    for term, gloss in unexplained("\n".join(said)):
        warn(f"“{term}”没有解释", f"第一次用时加上（{gloss}）")


def _clauses(programme: Programme, content: Content, written: Written, note: Note, warn: Note) -> None:
    for basis, first, last in programme.grounds:
        if (kinds.DOCUMENT, basis.document) not in written:
            note(f"文件“{basis.document}”没有登记", "先在 documents.csv 登记，或改用登记过的名称")
        document = content.documents.get(basis.document)
        if document is None or first is None:
            continue
        if gap := document.gap(first, last):
            days = f"{first}起" + (f"到{last}" if last else "")
            note(f"依据“{document.id}”{gap}，管不到这一条的日子（{days}）", "给这个依据写上 from、to，或换现行的依据")
        elif document.status is Status.UNKNOWN and last is None:
            warn(f"依据“{document.id}”的效力没有查明，会对居民说明", "查到效力后改 documents.csv，或换现行的依据")


def _covered(programme: Programme, note: Note) -> None:
    """A condition without a clause on some day would be said without its ground."""
    for condition in programme.conditions:
        first, last = common_days(condition.reach, programme.reach)
        edges = {first, *(basis.reach.first for basis in condition.bases)}
        edges |= {basis.reach.last + timedelta(1) for basis in condition.bases if basis.reach.last}
        days = sorted(day for day in edges if day and first and first <= day and (last is None or day <= last))
        chain = (condition.reach.region, NATION)
        bare = next((day for day in days if condition.basis(chain, day) is None), None)
        if bare:
            note(f"条件“{condition.id}”从{bare}起没有依据", "补上那时生效的依据，或给条件写上 to")


def _rivals(programme: Programme, note: Note) -> None:
    """Two rules on one thing for the same place and day: which holds would be chance."""
    shelves: dict[str, list[Reaching]] = {}
    for one in programme.conditions:
        shelves.setdefault(f"条件“{one.id}”", []).append(one)
    for stage in programme.stages:
        shelves.setdefault(f"阶段“{stage.state}”", []).append(stage)
    for parameter in programme.parameters:
        shelves[f"参数“{parameter.name}”"] = list(parameter.values)
    shelves["申请的地方（apply）"] = list(programme.apply)
    for name, same in shelves.items():
        if any(one.reach.meets(other.reach) for one, other in combinations(same, 2)):
            note(f"{name}有两条，地方和日子重叠", "改 region、from、to 让它们错开，或合成一条")


def _facts(programme: Programme, content: Content, written: Written, note: Note) -> None:
    listed = [need.fact for need in programme.needs]
    for fact in listed:
        if (kinds.FIELD, fact) not in written:
            note(f"facts 里的“{fact}”不是字段", "先在 fields.yml 里加这个字段，或改正名字")
    wanted: set[str] = set()
    for name in sorted(programme.reads | programme.mentions):
        found = _base(name, programme, content, written)
        if found is None:
            note(
                f"条件里的“{name}”不认识", "用 fields.yml 里的字段，或算得出的数（如 per_person_income、figure.dibao）"
            )
        elif name in programme.reads:
            wanted |= found
    for fact in sorted(wanted - set(listed)):
        note(f"条件要用“{fact}”，facts 里没有写", "在 facts 里加上，排在该问的位置")
    tests = [one.test for one in programme.conditions]
    tests += [need.when for need in programme.needs if need.when]
    tests += [paper.when for paper in programme.papers.sometimes if paper.when]
    for test in tests:
        _options(test.data, content, note)


def _base(name: str, programme: Programme, content: Content, written: Written) -> set[str] | None:
    """The fields behind a fact, or None for one that does not exist."""
    kind, dot, rest = name.partition(".")
    if not dot:
        behind = set(BEHIND.get(name, (name,)))
        return behind if all((kinds.FIELD, one) in written for one in behind) else None
    if kind in _OF_PLACE:
        return {PLACE, SIDE} if any(row.programme == rest for row in content.standards.values()) else None
    if kind == PARAMETER:
        return set() if programme.parameter(rest) else None
    return set() if kind == LIKELY_OF and (kinds.PROGRAMME, rest) in written else None


def _options(test: Any, content: Content, note: Note) -> None:
    """A value that no option has would make a condition silently never true."""
    if not isinstance(test, Mapping):
        return
    for word, said in test.items():
        if word in ("is", "in", "has") and isinstance(said, list) and said[0] in content.fields:
            field = content.fields[said[0]]
            values = said[1] if isinstance(said[1], list) else [said[1]]
            if field.kind in (Kind.CHOICE, Kind.CHOICES):
                known = [option.value for option in field.options]
                for value in values:
                    if value not in known:
                        note(f"字段“{field.key}”没有“{value}”这个选项", f"从这些里选：{'、'.join(known)}")
        for part in said if isinstance(said, list) else [said]:
            _options(part, content, note)


def _parts(programme: Programme, content: Content, written: Written, note: Note) -> None:
    if programme.form and (kinds.FORM, programme.form) not in written:
        note(f"表“{programme.form}”没有", "先写 forms 里的那个文件，或删去 form")
    for paper in (*programme.papers.needed, *programme.papers.sometimes):
        if paper.field and (paper.field not in content.fields or content.fields[paper.field].kind not in _GIVEN):
            note(
                f"材料的字段“{paper.field}”不是照片，也不是同意书",
                "改用 fields.yml 里 kind: paper 或 agree 的字段，或删去 field",
            )
    for stage in programme.stages:
        for state in filter(None, (stage.state, stage.counts_from)):
            if state not in STATES:
                note(f"阶段“{state}”不认识", f"从这些里选：{'、'.join(STATES)}")
    for amount in programme.amounts:
        if amount.figure and all(row.programme != amount.figure for row in content.standards.values()):
            note(
                f"金额要用的标准“{PROGRAMMES[amount.figure]}”在 standards.csv 里一行也没有", "先登记标准，或删去 figure"
            )


def _circles(content: Content, problems: Problems) -> None:
    """Programmes that wait for each other's verdict would never have one."""
    waits = {
        key: [name.partition(".")[2] for name in sorted(one.reads) if name.startswith(f"{LIKELY_OF}.")]
        for key, one in content.programmes.items()
    }
    for key in waits:
        circle = _way_back(key, waits, (key,))
        if circle and key == min(circle):
            problems.at(content.place(kinds.PROGRAMME, key))(
                f"“likely”绕成了圈：{' → '.join(circle)}", "改掉其中一个条件"
            )


def _way_back(key: str, waits: Mapping[str, Sequence[str]], way: tuple[str, ...]) -> tuple[str, ...]:
    for other in waits.get(key, ()):
        if other == way[0]:
            return (*way, other)
        if other not in way and (found := _way_back(other, waits, (*way, other))):
            return found
    return ()
