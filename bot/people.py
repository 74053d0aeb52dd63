"""What identifies a person, and how it is masked. Pure: nothing here stores or logs what it sees."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

# Digits as people type them, perhaps in groups: 4201 0619 5001 01 1234. Full-width forms are folded first.
_GAP = r"[\s\-_.·,，]{0,2}"
# Each begins with a digit and then looks at what stands before it: a page without digits is passed over at once.
_IDENTITY = re.compile(rf"[1-9](?<!\d.)(?:{_GAP}\d){{16}}{_GAP}[\dXx](?![\dXx])", re.DOTALL)
_SPOKEN = re.compile(r"[〇零○一二三四五六七八九幺](?:[ -]?[〇零○一二三四五六七八九幺0-9Xx]){14,}")
"""A number told digit by digit, as by whoever dictates."""
_RUN = re.compile(r"\d{19,}[Xx]?")
"""Longer than any of them: a number with a slip of the thumb, or two in one."""
_OLD_IDENTITY = re.compile(r"[1-9](?<!\d.)\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)", re.DOTALL)
_CARD = re.compile(rf"[456](?<!\d.)(?:(?<=6)2|(?<!6))(?:{_GAP}\d){{14,18}}(?!\d)", re.DOTALL)
_PHONE = re.compile(
    r"[+81](?<!\d.)(?:(?:(?<=\+)86|(?<=8)6)[\s-]?1|(?<=1))[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)", re.DOTALL
)
_NUMERAL = re.compile(r"[\d〇零○一二三四五六七八九幺]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def identity_number_is_valid(number: str, today: date) -> bool:
    """Whether 18 characters are an identity number: checksum (GB 11643) and a birth date that can be."""
    number = number.upper()
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", number, re.ASCII):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    if _CHECKS[total % 11] != number[17]:
        return False
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return date(1900, 1, 1) <= born <= today


def mask(text: str) -> tuple[str, bool]:
    """The text with identity, card and phone numbers covered, and whether an identity or card number was there.

    A wrong digit does not make a number public, so the checksum is not asked. A phone number keeps three and four
    digits, as offices write it; everything else keeps nothing but its length's word.
    """
    folded = _UNFOLDED.sub(lambda found: found.group().translate(_FOLDED), text)
    if not _NUMERAL.search(folded):
        return text, False
    covered = _IDENTITY.sub("〔身份证号已隐去〕", folded)
    covered = _CARD.sub("〔卡号已隐去〕", covered)
    covered = _RUN.sub("〔号码已隐去〕", covered)
    covered = _OLD_IDENTITY.sub("〔身份证号已隐去〕", covered)
    covered = _SPOKEN.sub("〔号码已隐去〕", covered)
    secret = covered != folded
    phones = _PHONE.sub(lambda found: _cover_phone(found.group()), covered)
    if not secret and phones == folded:
        return text, False
    return phones, secret


def _cover_phone(phone: str) -> str:
    digits = "".join(filter(str.isdigit, phone))[-11:]
    return f"{digits[:3]}****{digits[-4:]}"


class _Folded(dict[int, str]):
    """Full-width digits as digits, and nothing invisible between them; remembered, so that a page takes a millisecond."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        plain = "" if unicodedata.category(character) == "Cf" else unicodedata.normalize("NFKC", character)
        folded = plain if plain.isascii() else character
        if len(self) < 20_000:  # of a million that could be sent
            self[code] = folded
        return folded


_FOLDED = _Folded()
_UNFOLDED = re.compile("[^\x00-\x7f\u4e00-\u9fff]+")
"""What folding might change: neither plain letters nor what most of a page consists of."""
