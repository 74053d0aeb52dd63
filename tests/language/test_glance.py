"""A glance never denies what a rule would find, and what is heard is the same with it and without."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language import distress
from bot.language import distress_figures as figures
from bot.language.glance import Glance, _ways

ROOT = Path(__file__).parents[2]
GLANCES = (distress._GLANCE, figures.GLANCE)
RULES = [(glance, rule, way) for glance in GLANCES for rule in glance.rules for way in _ways(rule.pattern)]


@pytest.fixture(scope="module", autouse=True)
def _sharp() -> None:
    distress.sharpening().join()


def _sentences() -> list[str]:
    """Everything the house knows of danger and of what only sounds like it."""
    files = [*(ROOT / "tests" / "samples").glob("distress*.yml"), *(ROOT / "data" / "danger").glob("*.yml")]
    found: list[str] = []

    def collect(node: object) -> None:
        if isinstance(node, str):
            found.append(node)
        elif isinstance(node, dict):
            for one in node.values():
                collect(one)
        elif isinstance(node, list):
            for one in node:
                collect(one)

    for file in files:
        collect(yaml.safe_load(file.read_text(encoding="utf-8")))
    return found


def test_the_ways_are_the_rule() -> None:
    for glance in GLANCES:
        for rule in glance.rules:
            assert "|".join(_ways(rule.pattern)) == rule.pattern
            for way in _ways(rule.pattern):
                re.compile(way)


@pytest.mark.parametrize("pattern", ["a[|)]b|c", "(?:a|b)|c\\||d", "[^|]|\\[|x", "a"])
def test_only_what_stands_outside_parts_the_ways(pattern: str) -> None:
    assert "|".join(_ways(pattern)) == pattern
    for way in _ways(pattern):
        re.compile(way)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_whatever_a_rule_matches_the_glance_lets_it_see(data: st.DataObject) -> None:
    glance, rule, way = data.draw(st.sampled_from(RULES))
    said = data.draw(st.text("我他孩子低保，没钱打人", max_size=30)) + data.draw(st.from_regex(way, fullmatch=True))
    assert glance.may_match(rule, said) or not rule.search(said)


@pytest.mark.parametrize("every", [17, pytest.param(1, marks=pytest.mark.proof)])
def test_on_sentences_written_for_danger(every: int) -> None:
    sentences = [piece for text in _sentences()[::every] for piece in distress.pieces(text)]
    assert len(sentences) > 20_000 / every
    passed = 0
    for text in sentences:
        for glance in GLANCES:
            for rule in glance.rules:
                if glance.may_match(rule, text):
                    passed += 1
                else:
                    assert not rule.search(text), (rule.pattern[:40], text)
    assert passed < len(sentences) * 3, "a glance that always says yes is none"


def test_what_is_heard_is_the_same_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    sentences = _sentences()[::17]
    heard = [distress.listen(text) for text in sentences]
    for glance in GLANCES:
        monkeypatch.setattr(glance, "may_match", lambda rule, text: True)
    assert [distress.listen(text) for text in sentences] == heard


def test_a_glance_not_sharpened_skips_nothing() -> None:
    rule = re.compile("死|活")
    glance = Glance(rule)
    assert glance.may_match(rule, "x")
    assert [found.group() for found in glance.finditer(rule, "死去活来")] == ["死", "活"]
    glance.sharpen()
    assert not glance.may_match(rule, "x")
    assert glance.sub(rule, "，", "死去活来") == "，去，来"
    assert glance.sub(rule, "，", "老来") == "老来"
