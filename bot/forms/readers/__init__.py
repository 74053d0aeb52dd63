"""Reads what residents write into the fields of a form, and shows it back. Pure: nothing is guessed, nothing is kept.

read(field, text, context)        the whole text is the answer to this one field
read_step(asked, text, context)   one message, several fields and members: 王桂英 420106…, 都健康，孙子残疾
show(field, value, masked=True)   a value in words
valid(field, value, today)        whether a value may be kept: what `steps.put` asks before it writes
"""

from bot.forms.readers.base import Context, NotAnAnswer, Reading, Refused, Result, Said
from bot.forms.readers.reading import read, read_step
from bot.forms.readers.shape import valid
from bot.forms.readers.showing import show

__all__ = [
    "Context",
    "NotAnAnswer",
    "Reading",
    "Refused",
    "Result",
    "Said",
    "read",
    "read_step",
    "show",
    "valid",
]
