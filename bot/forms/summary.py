"""The numbered list of what was said, for the resident to look over; a number leads back to its question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.forms.asking import who
from bot.forms.model import Form, Given, Kind, State, split_path
from bot.forms.readers.showing import show
from bot.forms.steps import StepAt, applying
from bot.regions import RegionTree

_UNKNOWN, _SKIPPED = "还不清楚", "没说"
_PLAIN = (Kind.NAME, Kind.CHOICE, Kind.TEXT, Kind.ADDRESS)
"""Answers that say by themselves what they are about."""
_LABELS = 2
"""A line of more labels than this is called by its heading."""


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    label: str
    shown: str
    paths: tuple[str, ...]
    section: str


def lines(
    form: Form, answers: Mapping[str, Given], today: date, masked: bool = True, regions: RegionTree | None = None
) -> list[Line]:
    """One line for every question with an answer; what was agreed to is no line."""
    found: list[tuple[str, str, str, tuple[str, ...]]] = []
    for at in applying(form, answers, today):
        paths = tuple(
            path for path, asked in at.fields.items() if path in answers and asked.field.kind is not Kind.AGREE
        )
        if paths:
            found.append((at.step.section, *_line(form, answers, at, paths, masked, regions), paths))
    # A heading may come twice in a form: what stands under it stands together.
    order = {section: index for index, section in enumerate(dict.fromkeys(section for section, *_ in found))}
    found.sort(key=lambda one: order[one[0]])
    return [
        Line(number, label, shown, paths, section) for number, (section, label, shown, paths) in enumerate(found, 1)
    ]


def text(
    form: Form, answers: Mapping[str, Given], today: date, masked: bool = True, regions: RegionTree | None = None
) -> str:
    """The lines under their headings, numbered: 3. 家里几口人：3"""
    out: list[str] = []
    section = ""
    for line in lines(form, answers, today, masked, regions):
        if line.section != section:
            section = line.section
            out.append(f"【{section}】")
        out.append(f"{line.number}. {line.label}：{line.shown}")
    return "\n".join(out)


def paths_of(form: Form, answers: Mapping[str, Given], today: date, number: int) -> tuple[str, ...]:
    """The paths under this number, or none."""
    return next((line.paths for line in lines(form, answers, today) if line.number == number), ())


def _line(
    form: Form,
    answers: Mapping[str, Given],
    at: StepAt,
    paths: tuple[str, ...],
    masked: bool,
    regions: RegionTree | None,
) -> tuple[str, str]:
    """Label and words of one question. Of several members each is named; of several fields each has its label."""
    known = tuple(path for path in paths if answers[path].state is not State.SKIPPED)
    labels = list(dict.fromkeys(at.fields[path].field.label for path in known or paths))
    people = list(dict.fromkeys(split_path(path)[0] for path in known or paths))
    heading = labels[0] if len(labels) == 1 or len(people) == 1 else "、".join(labels)
    if len(labels) > _LABELS and all(at.fields[path].field.kind is Kind.MONEY for path in known):
        heading = at.step.section or labels[0]
    if not known:
        return heading, _SKIPPED
    words = {
        number: _worded(answers, at, [path for path in known if split_path(path)[0] == number], masked, regions)
        for number in people
    }
    if len(people) > 1:
        return heading, "；".join(f"{who(form, answers, number)}：{words[number]}" for number in people)
    (number,) = people
    if number <= 1:
        return heading, words[number]
    name = who(form, answers, number)
    return f"{name}的{heading}" if len(labels) == 1 else name, words[number].removeprefix(f"{name}，")


def _worded(
    answers: Mapping[str, Given], at: StepAt, paths: list[str], masked: bool, regions: RegionTree | None
) -> str:
    """The answers of one person to one question. A chosen option needs no label, nor does what stands first under its
    own; sums that are nothing stand together."""
    parts, nothing = [], []
    sums = sum(at.fields[path].field.kind is Kind.MONEY for path in paths)
    for index, path in enumerate(paths):
        field, given = at.fields[path].field, answers[path]
        bare = len(paths) == 1 or field.kind in _PLAIN or (index == 0 and sums < len(paths))
        shown = _UNKNOWN if given.state is State.UNKNOWN else show(field, given.value, masked, regions)
        if given.state is State.SAID and field.kind is Kind.MONEY and given.value["high"] == "0" and sums > 1:
            nothing.append(field.label)
        else:
            parts.append(shown if bare else f"{field.label}{shown}")
    if nothing:
        parts.append("、".join(nothing) + ("都没有" if len(nothing) > 1 else "没有"))
    return "，".join(parts)
