"""The measuring instruments measure: on a file whose figures are known by counting."""

import json
from pathlib import Path

import pytest

from bot.errors import BadInput
from bot.knowledge.evaluate import evaluate_answers, evaluate_search
from bot.knowledge.search.encoders import UseEncoder

GROUPS = {
    "a": (["低保怎么申请", "怎样申请低保", "想申请低保怎么弄"], ["低保怎么取消"]),
    "b": (["救助站在哪里", "哪里有救助站", "救助站的地址"], []),
    "c": (["孤儿补贴多少钱", "孤儿一个月补多少"], []),
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rows = [
        {"group_id": group, "role": "standard" if at == 0 else "variant", "text": text, "source": "own"}
        for group, (texts, _) in GROUPS.items()
        for at, text in enumerate(texts)
    ] + [
        {"group_id": group, "role": "hard_negative", "text": text, "source": "own"}
        for group, (_, negatives) in GROUPS.items()
        for text in negatives
    ]
    path = tmp_path / "groups.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return path


def test_search_figures_start_with_one_number_and_name_each_source(file: Path) -> None:
    figures = evaluate_search(file, UseEncoder())
    lines = figures.lines()
    assert lines[0] == "recall@1 1.000"
    assert lines[1].startswith("own: recall@1 1.000, recall@3 1.000 of 5, p50 ")
    assert "slow encoder asked 0.000" in lines[1]
    assert "above every hard negative" in lines[1]
    assert lines[-1].startswith("pooled: ")
    assert (figures.pooled.asked, figures.pooled.positives) == (5, 2)


@pytest.mark.parametrize(
    ("line", "words"),
    [("{", "line 1 is not JSON"), ('{"group_id": "a"}', "line 1 needs text under"), ("", "holds no rows")],
)
def test_a_file_it_cannot_use_is_refused_with_its_line(tmp_path: Path, line: str, words: str) -> None:
    path = tmp_path / "broken.jsonl"
    path.write_text(line, "utf-8")
    with pytest.raises(BadInput, match=words):
        evaluate_search(path, UseEncoder())


def test_answers_are_counted_by_style_and_misses_are_shown() -> None:
    rows = [
        {"question": "低保咋办", "title": "低保怎么申请", "also": [], "region": "", "style": "dialect"},
        {"question": "要啥材料", "title": "低保要什么材料", "also": ["特困要什么材料"], "region": "", "style": "terse"},
        {"question": "多少钱", "title": "标准是多少", "also": [], "region": "310000", "style": "terse"},
    ]
    told = {
        "低保咋办": ("answered", "低保怎么申请"),
        "要啥材料": ("answered", "特困要什么材料"),
        "多少钱": ("clarified", ""),
    }
    given = [(row, *told[str(row["question"])]) for row in rows]
    lines_alone = evaluate_answers([({**given[0][0], "before": ["你好"]}, *given[0][1:])], ["低保咋办？"]).lines()
    assert lines_alone[3] == "overlap with phrasings 0.000"
    figures = evaluate_answers(given, ["低保咋办？"])
    lines = figures.lines()
    assert lines[0] == "accuracy 0.667 (2 of 3)"
    assert lines[1] == "by style: dialect 1.000 of 1, terse 0.500 of 2"
    assert lines[3] == "overlap with phrasings 0.333"
    assert lines[4] == "missed: 多少钱 | wanted 标准是多少 | clarified "
