"""Fields, forms and consents as editors write them: `content/fields.yml`, `content/forms/*.yml`, `content/consents.yml`.

Read into `bot.forms.model`; what cannot be used is noted in one line: what is wrong, what to do. A form may take steps
over from `content/forms/shared.yml` (`- {use: hukou}`); what it writes beside `use` replaces what stands there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.errors import BadInput
from bot.forms.consents import ConsentText
from bot.forms.defaults import default_of
from bot.forms.model import Asked, Clause, Field, Form, Kind, Option, Step
from bot.knowledge.fields import Fields
from bot.logic import Test

KEPT = ("case", "request", "form")
"""Retention: as long as the case's file; until the request is dealt with; not beyond the end of the form."""
SENSITIVE_CONSENT = "sensitive"
"""The separate consent (个人信息保护法 第29条) that stands before the first sensitive question of a form."""
_DERIVED = ("member", "age", "sex", "minors")
"""Facts that no field holds: a member's number, what an identity number tells, and how many are not yet 18."""
_KEY = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_CHOOSING = (Kind.CHOICE, Kind.CHOICES)


def read_field(data: Fields) -> Field:
    """One entry of the library."""
    kind = data.one_of("kind", tuple(Kind))
    guard = data.several("guard", ("sensitive", "private"))
    clause = data.value("clause")
    field = Field(
        key=_key(data, "key"),
        label=data.text("label"),
        kind=Kind(kind or Kind.TEXT),
        ask=_said(data, "ask"),
        why=data.text("why"),
        clause=_clause(data.part("clause", clause)) if isinstance(clause, Mapping) else None,
        example=data.text("example", required=False),
        options=_options(data, kind),
        sensitive="sensitive" in guard,
        private="private" in guard,
        kept=data.one_of("kept", KEPT, required=False) or KEPT[0],
        words=tuple(data.text("words", required=False).split()),
    )
    if clause is not None and field.clause is None:
        data.complain("clause", "的写法不对", "写成 {document: 文件, clause: 第几条}")
    elif field.sensitive and field.clause is None:
        data.complain("clause", "没有写，敏感信息要写明凭哪一条才能问", "写成 {document: 文件, clause: 第几条}")
    data.end()
    return field


def read_form(data: Fields, library: Mapping[str, Field], shared: Sequence[Mapping[str, Any]] = ()) -> Form:
    """One form. `library` holds the fields by key, `shared` the steps of the shared form as they were written."""
    form_id, title = _key(data, "id"), data.text("title")
    household = data.has("members")
    members = data.one_of("members", [key for key, one in library.items() if one.kind is Kind.NUMBER], required=False)
    intro = _said(data, "intro", required=False)
    confirm = bool(data.one_of("end", ("summary",), required=False))
    reader = _Steps(library, household, strict=confirm)
    steps = tuple(reader.read(one) for one in _written_steps(data, shared))
    reader.end()
    if steps and members and members not in reader.asked:
        data.complain("members", f"写了“{members}”，可是没有一步问它", "加上问几口人的那一步")
    data.end()
    return Form(form_id, title, steps, members, intro, confirm)


def read_consent(data: Fields) -> ConsentText:
    """One text of `content/consents.yml`."""
    day = data.day("version", required=True)
    consent = ConsentText(
        id=_key(data, "id"),
        version=day.isoformat() if day else "",
        title=data.text("title"),
        text=data.text("text"),
        clauses=tuple(_clause(one) for one in data.groups("clauses")),
    )
    if not consent.clauses:
        data.complain("clauses", "没有写，要写明凭哪一条请人同意", "每行写成 - {document: 文件, clause: 第几条}")
    data.end()
    return consent


def texts_of(noun: Field | Form | ConsentText) -> tuple[str, ...]:
    """What residents may read of it, for the check of its language."""
    if isinstance(noun, Field):
        texts = [noun.label, noun.ask, noun.why, noun.example, *(option.label for option in noun.options)]
    elif isinstance(noun, Form):
        texts = [noun.title, noun.intro, *(text for step in noun.steps for text in (step.section, step.ask))]
    else:
        texts = [noun.title, noun.text]
    return tuple(text for text in texts if text)


def clauses_of(noun: Field | ConsentText) -> tuple[Clause, ...]:
    """What it stands on, for the check that the documents are registered and in force."""
    if isinstance(noun, ConsentText):
        return noun.clauses
    return (noun.clause,) if noun.clause else ()


class _Steps:
    """The steps of one form, read in order: a step may only rest on what was asked before it."""

    def __init__(self, library: Mapping[str, Field], household: bool, strict: bool) -> None:
        self._library, self._household, self._strict = library, household, strict
        self.asked: set[str] = set()
        self._ids: set[str] = set()
        self._ahead: list[tuple[Fields, str]] = []

    def read(self, data: Fields) -> Step:
        step_id = _key(data, "id")
        if step_id in self._ids:
            data.complain("id", f"“{step_id}”写了两次", "换一个名字")
        self._ids.add(step_id)
        mode = data.one_of("members", ("each", "together"), required=False)
        if mode and not self._household:
            data.complain("members", "要先知道一家几口人", "在表上写 members: 问人数的字段")
        when = self._test(data)
        written = data.value("fields")
        if not isinstance(written, list) or not written:
            data.complain("fields", "不是一列字段", "写成 [name, {field: phone, need: optional}]")
            written = []
        fields = tuple(one for part in written if (one := self._field(data, part, again=when is not None)))
        ask = _said(data, "ask", required=False)
        if not ask and any(one.default is None for one in fields):
            if len(fields) > 1:
                data.complain("ask", "没有写，几个字段一起问要写明怎么问", "补上问题")
            ask = fields[0].field.ask
        section = data.text("section", required=False)
        data.end()
        return Step(step_id, ask, fields, when, mode == "each", mode == "together", section)

    def end(self) -> None:
        """Every step is read: what rests on a later question could never be true in time."""
        for data, fact in self._ahead:
            if fact in self.asked:
                data.complain("when", f"里的“{fact}”后面才问", "把问它的那一步移到前面")

    def _field(self, step: Fields, written: Any, again: bool) -> Asked | None:
        """`again`: the step has a condition, so that another step may ask the same of somebody else."""
        data = step.part("fields", written if isinstance(written, Mapping) else {"field": written})
        key = data.text("field")
        field = self._library.get(key)
        if field is None:
            data.complain("field", f"“{key}”不在字段库里", "先写进 fields.yml，或改正名字")
            return None
        if key in self.asked and not again:
            data.complain("field", f"“{key}”前面问过了", "留一处，或写上 when")
        if field.sensitive and self._strict and SENSITIVE_CONSENT not in self.asked:
            data.complain("field", f"“{key}”是敏感信息，前面没有单独同意", f"先加上问 {SENSITIVE_CONSENT} 的那一步")
        required = data.one_of("need", ("required", "optional"), required=False) != "optional"
        when, default = self._test(data), data.value("default")
        if default is not None:
            try:
                default = default_of(field, default)
            except ValueError:
                data.complain("default", f"“{default}”不能作“{key}”的答案", "改成这个字段能有的答案，或删去")
        data.end()
        self.asked.add(key)
        return Asked(field, required, when, default)

    def _test(self, data: Fields) -> Test | None:
        written = data.value("when")
        if written is None:
            return None
        try:
            test = Test.read(written)
        except BadInput as error:
            what, _, todo = str(error).partition("；")
            data.complain("when", f"看不懂：{what}", todo)
            return None
        for fact in sorted({name.removeprefix("members.").removesuffix(".region") for name in test.reads}):
            if fact not in self._library and fact not in _DERIVED:
                data.complain("when", f"里的“{fact}”不在字段库里", "改正名字")
            elif fact not in self.asked:
                self._ahead.append((data, fact))
        return test


def _written_steps(data: Fields, shared: Sequence[Mapping[str, Any]]) -> Iterator[Fields]:
    """The steps to be read: each with its own words, on top of those of the shared step it names."""
    written = data.value("steps")
    if not isinstance(written, list) or not written or not all(isinstance(one, Mapping) for one in written):
        data.complain("steps", "不是一列步骤", "每步写成 - {id: 名字, ask: 问题, fields: [字段]}")
        return
    known = {str(step.get("id")): step for step in shared}
    for one in written:
        name = str(one.get("use") or one.get("id") or "")
        if "use" in one and name not in known:
            data.complain(f"steps.{name}", "不是共用的步骤", "看 forms/shared.yml 里有哪些 id")
            continue
        own = {key: value for key, value in one.items() if key != "use"}
        yield data.part(f"steps.{name}", {**(known[name] if "use" in one else {}), **own})


def _key(data: Fields, name: str) -> str:
    key = data.text(name)
    if key and not _KEY.fullmatch(key):
        data.complain(name, f"“{key}”不能作名字", "用小写英文字母、数字和下划线，字母开头")
    return key


def _said(data: Fields, name: str, required: bool = True) -> str:
    """Words for a resident, in which only {who} is filled in."""
    text = data.text(name, required)
    for mark in re.findall(r"\{([^{}]*)\}", text):
        if mark != "who":
            data.complain(name, f"里的“{{{mark}}}”不认识", "只能用 {who}")
    return text


def _clause(data: Fields) -> Clause:
    clause = Clause(data.text("document"), data.text("clause"))
    data.end()
    return clause


def _options(data: Fields, kind: str) -> tuple[Option, ...]:
    options, seen, named = [], set[str](), set[str]()
    for one in data.groups("options"):
        value = _key(one, "value")
        option = Option(value, one.text("label"), tuple(one.text("words", required=False).split()))
        one.end()
        if value in seen:
            one.complain("value", f"“{value}”写了两次", "留一个")
        seen.add(value)
        for name in dict.fromkeys((option.label, *option.words)):
            if name in named:
                one.complain("words", f"“{name}”指着两个选项", "只留在一个选项里")
            named.add(name)
        options.append(option)
    if kind in _CHOOSING and not options:
        data.complain("options", "没有写，选择题要有选项", "每行写成 - {value: 名字, label: 说法, words: 别的 叫法}")
    elif options and kind and kind not in _CHOOSING:
        data.complain("options", f"写了选项，可是“{kind}”不是选择题", "删去选项，或把 kind 改成 choice、choices")
    return tuple(options)
