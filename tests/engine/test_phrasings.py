"""What editors write teaches the classifier, through Rasa's own door for training data."""

from __future__ import annotations

import shutil
from pathlib import Path

from rasa.shared.importers.importer import TrainingDataImporter

from bot.engine.phrasings import INTENT, Phrasings, wordings
from bot.knowledge.entry import ANSWER
from bot.knowledge.files import read_folder
from tests.engine.conftest import HOUSE


def test_every_title_and_phrasing_is_learned_once_as_a_question() -> None:
    learned = wordings(HOUSE / "content")
    answers = [entry.data for entry in read_folder(HOUSE / "content").entries if entry.kind == ANSWER]
    assert len(learned) == len(set(learned))
    assert set(learned) == {text for one in answers for text in (one["title"], *one["phrasings"])}


def test_rasa_reads_them_beside_the_files_in_data() -> None:
    config = str(HOUSE / "config.yml")
    read = TrainingDataImporter.load_from_config(config, str(HOUSE / "domain.yml"), [str(HOUSE / "data")])
    examples = {example.get("text"): example.get("intent") for example in read.get_nlu_data("zh").intent_examples}
    assert examples["低保的基本条件是什么"] == INTENT
    assert examples["公积金怎么提取"] == "nearby"


def test_what_data_gives_to_another_intent_stays_there(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    title = wordings(HOUSE / "content")[0]
    said = f'version: "3.1"\nnlu:\n  - intent: complaint\n    examples: |\n      - {title}\n'
    (tmp_path / "data" / "nlu.yml").write_text(said, "utf-8")
    shutil.copytree(HOUSE / "content", tmp_path / "content")
    read = Phrasings(str(tmp_path / "config.yml"), None, [str(tmp_path / "data")], "content")
    texts = [example.get("text") for example in read.get_nlu_data("zh").intent_examples]
    assert texts
    assert title not in texts


def test_without_content_there_is_nothing_more_to_learn(tmp_path: Path) -> None:
    assert not Phrasings(str(tmp_path / "config.yml"), None, [], "content").get_nlu_data("zh").intent_examples
