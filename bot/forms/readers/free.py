"""What is kept as written, a notice agreed to, and photos that words cannot replace."""

from __future__ import annotations

import re

from bot.forms.model import Field, Kind
from bot.forms.readers.base import LONGEST, Context, Found, Refused, Said
from bot.forms.readers.choices import yes_or_no
from bot.forms.readers.plain import clauses, fold, told

_COMMAND = re.compile(r"\s*/\w")
_LETTER = re.compile(r"[^\W_]")
_AGREED = re.compile(
    r"(?:我们?|都|全|好的?|嗯|当然|是的?|行|可以|这样|看过|看了|看完)*(?:同意|愿意|保证|承诺|授权|答应|是这样|知道|清楚|属实|说的是真的|都是真的)"
    r"(?:了|的|啊|呀|哦|吧|这样|承诺|是真的|如实|属实|说的|查|用|他|她)*"
)
_MARKED = re.compile(r"〔[^〔〕]{0,8}已隐去〕")


def find(field: Field, text: str, context: Context) -> Found | None:
    if field.kind is Kind.PAPER:
        return None
    if field.kind is Kind.AGREE:
        return _agreed(field, text)
    return _written(text)


def _written(text: str) -> Found | None:
    """The text less its questions; a command of the dialogue engine (/inform) is no answer."""
    said = fold(text)
    if _COMMAND.match(said) or not _LETTER.search(_MARKED.sub("", said)):
        return None
    pieces = [clause for clause in clauses(said) if not clause.asks]
    if not pieces or not told("".join(clause.text for clause in pieces)):
        return None
    start, end = pieces[0].start, pieces[-1].end
    value = (
        said[start:end]
        if all(not clause.asks for clause in clauses(said[start:end]))
        else "，".join(clause.text for clause in pieces)
    )
    return Found(start, end, Said(value[:LONGEST].strip()))


def _agreed(field: Field, text: str) -> Found | None:
    said = fold(text)
    agreed = next((one for one in clauses(said) if _AGREED.fullmatch(re.sub(r"\W", "", one.text))), None)
    answer = Found(agreed.start, agreed.end, Said(True)) if agreed else yes_or_no(field, said, consent=True)
    if answer is None or not isinstance(answer.result, Said):
        return answer
    if not answer.result.value:
        return Found(answer.start, answer.end, Refused("refused_consent"))
    version = field.options[0].value if field.options else ""
    return Found(answer.start, answer.end, Said({"version": version}))
