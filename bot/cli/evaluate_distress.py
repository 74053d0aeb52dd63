"""How well danger is heard, measured on labelled sentences: by rules, by the second ear, by either."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import yaml

from bot.desk import danger
from bot.errors import BadInput
from bot.language import distress, tonight
from bot.settings import Settings

_WAYS = ("rules", "second ear", "help tonight", "alarm", "line offered")


async def measure(settings: Settings, file: Path) -> None:
    """An alarm is what calls a person: rules, the ear where it is sure, or the emergency report for who has no food or bed."""
    from bot.cli.engine import open_engine

    wanted, ordinary = _sentences(file)
    async with open_engine(settings) as (agent, _):
        for name, texts in (("distress", wanted), ("ordinary", ordinary)):
            heard: Counter[str] = Counter()
            for text in texts:
                told = await agent.parse_message(text)
                heard.update(_ways(text, float(told.get(danger.DESPAIR) or 0.0)))
            print(f"{name}: {len(texts)} sentences")
            for way in _WAYS:
                print(f"  {way:<13}{heard[way] / len(texts):.3f} ({heard[way]})")


def _ways(text: str, chance: float) -> list[str]:
    found = {
        "rules": distress.listen(text) is not None,
        "second ear": chance >= danger.SURE,
        "help tonight": tonight.needs_help_now(text),
    }
    ways = [way for way, heard in found.items() if heard]
    if ways:
        return [*ways, "alarm"]
    return ["line offered"] if chance >= danger.LIKELY else []


def _sentences(file: Path) -> tuple[Sequence[str], Sequence[str]]:
    try:
        kinds = yaml.safe_load(file.read_text(encoding="utf-8"))
        wanted, ordinary = (
            [str(text) for texts in kinds[label].values() for text in texts] for label in ("distress", "ordinary")
        )
    except (OSError, yaml.YAMLError, KeyError, AttributeError, TypeError) as error:
        raise BadInput(f"{file} needs `distress` and `ordinary`, each with kinds of sentences ({error})") from error
    return wanted, ordinary
