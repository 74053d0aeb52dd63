"""What stands beside an answer and asks for nothing: that one receives some help, and whose help it is."""

from __future__ import annotations

import re

from bot.forms.readers.kin import ANY_OF_KIN
from bot.forms.readers.plain import plain, without
from bot.language import programmes

_RECEIVES = re.compile("(?:领|拿|吃|享受)(?:着|到|了)|(?:在|正)(?:领|拿|吃|享受)")
_AGAINST = "不同意"
_HAPPENED = re.compile("[被给没不了]")
_WHOSE = re.compile(rf"{ANY_OF_KIN}|[被给把还又]")


def beside(rest: str, said: str, question: str) -> str:
    """What is left of `rest`, the words of a message around its answer. 我领着残疾人补贴 tells. Where one is asked what one
    does not agree with, 低保被停了 and 我爸的临时救助没批 say what happened, and beside it stands only whose help it was;
    asked about a shop, 失业补助金停了没 is a question of its own."""
    rest = _RECEIVES.sub("", plain(rest))
    if _AGAINST not in question or not _HAPPENED.search(said):
        return rest
    return _WHOSE.sub("", without(rest, [(one.start, one.end) for one in programmes.find(rest)]))
