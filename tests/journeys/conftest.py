"""Every journey in the YAML files beside this one is a test, under the name an officer gave it."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from bot.messages import Kind

if TYPE_CHECKING:
    from tests.journeys.town import Seen, Town

DOES = {"居民", "点", "位置", "图片", "语音", "链接", "事件", "菜单"}
EXPECTS = {"答", "结果", "含", "不含", "在谁手上", "选项", "有出处", "无应答"}


@dataclass
class Opened:
    """The one town of a session; opened by whoever needs it first."""

    town: Town | None = None
    folder: tempfile.TemporaryDirectory[str] | None = None

    def get(self) -> Town:
        if self.town is None:
            from tests.journeys.town import Town

            self.folder = tempfile.TemporaryDirectory(prefix="journeys-")
            with warnings.catch_warnings(record=True):
                warnings.simplefilter("ignore")  # Rasa and what it brings, on being imported
                self.town = Town(Path(self.folder.name))
        return self.town

    def close(self) -> None:
        if self.town is not None and self.folder is not None:
            self.town.close()
            self.folder.cleanup()
        self.town = self.folder = None


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
            yield Journey.from_parent(self, name=told["名称"], steps=told["步骤"])


def journeys(path: Path) -> list[dict[str, Any]]:
    """The journeys of a file; a key nobody knows is refused, or a misspelt expectation would expect nothing."""
    told: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    for one in told:
        if set(one) != {"名称", "步骤"}:
            raise ValueError(f"{path.name}: a journey has exactly 名称 and 步骤, not {sorted(one)}")
        for step in one["步骤"]:
            if len(DOES & set(step)) != 1 or set(step) - DOES - EXPECTS:
                raise ValueError(f"{path.name}，{one['名称']}：看不懂这一步 {step}")
    return told


class Journey(pytest.Item):
    def __init__(self, *, steps: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._steps = steps

    def runtest(self) -> None:
        from tests.journeys.town import someone

        town, who = self.config.stash[OPENED].get(), someone()
        before: list[Seen] = []
        for number, step in enumerate(self._steps, 1):
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
    if step.get("有出处") and not seen.sources:
        yield "应有出处"
    if step.get("无应答") and seen.rows:
        yield "不应有回答"
    if not step.get("无应答") and not seen.rows:
        yield "没有任何回答"


def many(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


@pytest.fixture(scope="session")
def town(request: pytest.FixtureRequest) -> Town:
    return request.config.stash[OPENED].get()
