"""What a protected question should get, in words: the program keeps a code, people choose a title."""

from __future__ import annotations

from bot.knowledge.edition import Edition

KINDS = {
    "outcome:clarified": "先反问一句",
    "outcome:declined": "说没有答案",
    "outcome:redirected": "指到别的部门",
    "outcome:person": "转人工",
    "outcome:smalltalk": "客套话",
    "danger:life": "说危急时的话：想不开",
    "danger:violence": "说危急时的话：有人打人",
    "danger:disaster": "说危急时的话：被困、着火",
    "danger:illness": "说危急时的话：病重受伤",
    "danger:missing": "说危急时的话：人不见了",
}
"""What is met without an answer."""
_GONE = {"gone": "不再保护"}


def said(edition: Edition, code: str) -> str:
    """As people read it; a code that is no longer known stays as it is, for somebody to see."""
    key = code.partition(":")[2]
    if code.startswith("stopped:"):
        return f"停用时说的话（{_title(edition, key)}）"
    if code.startswith("answer:"):
        return _title(edition, key)
    return (KINDS | _GONE).get(code, code)


def shown(edition: Edition, code: str) -> str:
    """As its box shows it: two answers of one title are told apart."""
    key = code.removeprefix("answer:")
    return f"{_title(edition, key)}（{key}）" if code.startswith("answer:") else KINDS.get(code, code)


def typed(edition: Edition, text: str) -> str:
    """The code of what was chosen or typed; what means nothing stays, for the check to say so."""
    text = text.strip()
    codes = {name: code for code, name in KINDS.items()}
    if text in codes:
        return codes[text]
    titled = [one.id for one in edition.answers.values() if text in (one.id, one.title)]
    found = [key for key in edition.answers if text == shown(edition, f"answer:{key}")] or titled
    return f"answer:{found[0]}" if len(found) == 1 else text


def offered(edition: Edition) -> list[str]:
    """What can be chosen: answers, then what is met without one."""
    return [*(shown(edition, f"answer:{key}") for key in edition.answers), *KINDS.values()]


def _title(edition: Edition, key: str) -> str:
    return edition.answers[key].title if key in edition.answers else key
