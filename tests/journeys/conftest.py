"""Every journey in the YAML files beside this one is a test, under the name an officer gave it."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from bot.messages import Kind
from tests.databases import apart, kinds, postgres_url, sql

if TYPE_CHECKING:
    from tests.journeys.town import Seen, Town

DOES = {"居民", "点", "位置", "图片", "语音", "链接", "事件", "菜单"}
EXPECTS = {"答", "结果", "含", "不含", "在谁手上", "选项", "有出处", "无应答", "问", "记下", "没记", "表单"}
BEFORE = {"过": "days that pass before the step"}


@dataclass
class Opened:
    """The towns of a session, one for each kind of database; opened by whoever needs one first."""

    towns: dict[str, Town] = field(default_factory=dict)
    ends: ExitStack = field(default_factory=ExitStack)

    def get(self, kind: str = "sqlite") -> Town:
        if kind not in self.towns:
            from tests.journeys.town import Town

            folder = self.ends.enter_context(tempfile.TemporaryDirectory(prefix="journeys-"))
            url = "" if kind == "sqlite" else self.ends.enter_context(emptied())
            with warnings.catch_warnings(record=True):
                warnings.simplefilter("ignore")  # Rasa and what it brings, on being imported
                self.towns[kind] = self.ends.enter_context(closing(Town(Path(folder), url)))
        return self.towns[kind]

    def close(self) -> None:
        self.ends.close()
        self.towns.clear()


@contextmanager
def emptied(of: str = "journeys") -> Iterator[str]:
    """A PostgreSQL database of its own, gone afterwards."""
    name = f"jzt_{os.getpid()}_{of}"
    apart(sql(f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}"))
    yield postgres_url(name)
    apart(sql(f"DROP DATABASE {name} WITH (FORCE)"))


OPENED = pytest.StashKey[Opened]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[OPENED] = Opened()


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[OPENED].close()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.suffix == ".yml" and file_path.parent == Path(__file__).parent:
        return JourneyFile.from_parent(parent, path=file_path)
    return None


class Unlike(Exception):
    """A step did not go as told."""


class JourneyFile(pytest.File):
    def collect(self) -> Iterator[pytest.Item]:
        for told in journeys(self.path):
            for kind in kinds() if told.get("两种数据库") else ["sqlite"]:
                name = told["名称"] if kind == "sqlite" else f"{told['名称']}[{kind}]"
                yield Journey.from_parent(self, name=name, steps=told["步骤"], kind=kind)


def journeys(path: Path) -> list[dict[str, Any]]:
    """The journeys of a file; a key nobody knows is refused, or a misspelt expectation would expect nothing."""
    told: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    for one in told:
        if set(one) - {"先", "两种数据库"} != {"名称", "步骤"}:
            raise ValueError(f"{path.name}: a journey has 名称 and 步骤, perhaps 先 or 两种数据库, not {sorted(one)}")
        for step in one["步骤"]:
            if len(DOES & set(step)) != 1 or set(step) - DOES - EXPECTS - set(BEFORE):
                raise ValueError(f"{path.name}，{one['名称']}：看不懂这一步 {step}")
        one["步骤"] = [*begun(path, one), *one["步骤"]]
    return told


def begun(path: Path, told: dict[str, Any]) -> list[dict[str, Any]]:
    """The first steps of another journey (先: {旅程: its name, 到: the question asked then}), for what happens half-way."""
    if "先" not in told:
        return []
    name, until = told["先"]["旅程"], told["先"]["到"]
    steps = next(one["步骤"] for file in sorted(path.parent.glob("*.yml")) for one in _raw(file) if one["名称"] == name)
    numbers = [number for number, step in enumerate(steps, 1) if step.get("问") == until]
    if not numbers:
        raise ValueError(f"{path.name}，{told['名称']}：“{name}”里没有问到 {until}")
    return list(steps[: numbers[0]])


@cache
def _raw(file: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


class Journey(pytest.Item):
    def __init__(self, *, steps: list[dict[str, Any]], kind: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._steps, self._kind = steps, kind

    def runtest(self) -> None:
        from tests.journeys.town import someone

        town, who = self.config.stash[OPENED].get(self._kind), someone()
        before: list[Seen] = []
        for number, step in enumerate(self._steps, 1):
            if "过" in step:
                town.do(town.later(float(step["过"])))
            seen = town.do(town.step(who, **done(step, before)))
            wrong = list(unlike(step, seen))
            if wrong:
                said = next(f"{name}：{step[name]}" for name in DOES if name in step)
                raise Unlike(
                    f"第{number}步（{said}）\n  " + "\n  ".join(wrong) + f"\n回答（{seen.outcomes} {seen.entries}）："
                    f"\n{seen.text}"
                )
            before.append(seen)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        return str(excinfo.value) if isinstance(excinfo.value, Unlike) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, self.name


def done(step: dict[str, Any], before: list[Seen]) -> dict[str, Any]:
    """What the resident does, as a channel would deliver it."""
    if "居民" in step:
        return {"text": str(step["居民"])}
    if "点" in step:
        return tapped(str(step["点"]), before)
    if "位置" in step:
        return {"kind": Kind.LOCATION, "place": str(step["位置"])}
    if "事件" in step:
        return {"kind": Kind.EVENT, "event": str(step["事件"]), "may_send": 3, "may_send_seconds": 60.0}
    if "菜单" in step:
        return {"kind": Kind.EVENT, "event": "CLICK", "event_key": str(step["菜单"])}
    kind = next(kind for name, kind in (("图片", "image"), ("语音", "voice"), ("链接", "link")) if name in step)
    return {"kind": Kind(kind), "media": "media-1"}


def tapped(label: str, before: list[Seen]) -> dict[str, Any]:
    """The newest option with these words in it; the client sends its words and its id."""
    for seen in reversed(before):
        for row in reversed(seen.rows):
            for number, choice in enumerate(row.choices, 1):
                if label in choice.label:
                    return {"text": choice.label, "choice": f"{row.seq}-{number}"}
    raise Unlike(f"没有可点的选项：{label}；有的是 {[seen.options for seen in before]}")


def unlike(step: dict[str, Any], seen: Seen) -> Iterator[str]:
    if "答" in step and not set(many(step["答"])) & set(seen.entries):
        yield f"应答 {step['答']}，答了 {seen.entries or '别的'}"
    if "结果" in step and not set(many(step["结果"])) & set(seen.outcomes):
        yield f"结果应是 {step['结果']}，是 {seen.outcomes}"
    for word in many(step.get("含", [])):
        if word not in seen.text:
            yield f"应含“{word}”"
    for word in many(step.get("不含", [])):
        if word in seen.text or word in seen.kept:
            yield f"不应含“{word}”"
    if "在谁手上" in step and step["在谁手上"] != seen.holder:
        yield f"应在 {step['在谁手上']} 手上，在 {seen.holder}"
    for word in many(step.get("选项", [])):
        if not any(word in option for option in seen.options):
            yield f"应有选项“{word}”，有 {seen.options}"
    yield from unlike_form(step, seen)
    if step.get("有出处") and not seen.sources:
        yield "应有出处"
    if step.get("无应答") and seen.rows:
        yield "不应有回答"
    if not step.get("无应答") and not seen.rows:
        yield "没有任何回答"


def unlike_form(step: dict[str, Any], seen: Seen) -> Iterator[str]:
    """What is asked now (a step of the form, or 确认 for the summary), what was noted, and what became of the form."""
    answers = seen.draft.sheet.answers if seen.draft else {}
    if "问" in step and step["问"] != seen.asked:
        yield f"应问 {step['问']}，问的是 {seen.asked or '没问'}"
    for path, wanted in step.get("记下", {}).items():
        kept = answers[path].value if path in answers else "没有记"
        if not alike(kept, wanted):
            yield f"{path} 应记下 {wanted}，是 {kept}"
    for path in many(step.get("没记", [])):
        if path in answers and answers[path].value is not None:
            yield f"{path} 不应记下，记了 {answers[path].value}"
    if "表单" in step and step["表单"] != (seen.draft.state if seen.draft else "none"):
        yield f"表单应是 {step['表单']}，是 {seen.draft.state if seen.draft else 'none'}"


def alike(kept: Any, wanted: Any) -> bool:
    """A part of a value is enough: {low: 130} of a sum."""
    if isinstance(wanted, dict) and isinstance(kept, dict):
        return all(alike(kept.get(key), value) for key, value in wanted.items())
    return str(kept) == str(wanted)


def many(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


@pytest.fixture(scope="session")
def town(request: pytest.FixtureRequest) -> Town:
    return request.config.stash[OPENED].get()
