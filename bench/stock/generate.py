"""Makes a stock Rasa project out of our own answers: both systems learn from the same phrasings and say the same words.

Every answer becomes the retrieval intent `faq/<id>`; what the answers lack (greetings, stories) is in small_talk.yml. Stock
learns PHRASINGS of each answer's, taken evenly from all of them: with all six thousand it was still training after 55
minutes of processor time. That makes its training look faster beside ours, which learns all, and its answers are judged with
that in mind.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
CONTENT = HERE.parent.parent / "content" / "faq"
WORK = HERE / "work"
PHRASINGS = 16
"""How many wordings of an answer stock learns."""


def answers(folder: Path) -> list[dict[str, Any]]:
    """Every answer of the plain files that has phrasings, in file order."""
    files = sorted(folder.glob("*.yml"))
    entries = [entry for file in files for entry in yaml.safe_load(file.read_text("utf-8"))["answers"]]
    return [entry for entry in entries if entry.get("phrasings")]


def learnt(phrasings: list[str]) -> list[str]:
    """At most PHRASINGS of them, evenly from first to last."""
    count = min(PHRASINGS, len(phrasings))
    return [phrasings[number * len(phrasings) // count] for number in range(count)]


def nlu(entries: list[dict[str, Any]]) -> dict[str, Any]:
    def examples(entry: dict[str, Any]) -> str:
        return "".join(f"- {' '.join(phrasing.split())}\n" for phrasing in learnt(entry["phrasings"]))

    return {"version": "3.1", "nlu": [{"intent": f"faq/{e['id']}", "examples": examples(e)} for e in entries]}


def responses(entries: list[dict[str, Any]]) -> dict[str, list[dict[str, str]]]:
    """Rasa reads a response as a format template: a brace that is meant must be doubled."""
    return {
        f"utter_faq/{e['id']}": [{"text": e["text"].strip().replace("{", "{{").replace("}", "}}")}] for e in entries
    }


def generate(content: Path = CONTENT, work: Path = WORK) -> int:
    """Write the project into `work`, from nothing; returns how many answers it holds."""
    entries = answers(content)
    talk = yaml.safe_load((HERE / "small_talk.yml").read_text("utf-8"))
    domain = {key: talk[key] for key in ("version", "intents", "session_config")}
    domain["responses"] = talk["responses"] | responses(entries)
    shutil.rmtree(work / "data", ignore_errors=True)
    (work / "data").mkdir(parents=True)
    written = {
        "domain.yml": domain,
        "data/answers.yml": nlu(entries),
        "data/talk.yml": {key: talk[key] for key in ("version", "nlu", "rules", "stories")},
    }
    for name, data in written.items():
        (work / name).write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")
    for name in ("config.yml", "credentials.yml"):
        shutil.copy(HERE / name, work / name)
    return len(entries)


if __name__ == "__main__":
    sys.stdout.write(f"{generate()} answers written to {WORK.relative_to(Path.cwd())}\n")
