"""Whether who asks about a case knows two things only the people in it know. Pure; one guess a message, whatever it holds."""

from __future__ import annotations

import hmac
import re
import unicodedata
from dataclasses import dataclass

from bot.desk.case_ports import Person

NEEDED = 2
LONGEST = 80
"""A text longer than this is a list of guesses, not an answer."""
_LABELS = re.compile(
    r"(?:身份证(?:号码|号)?|手机(?:号码|号)?|电话(?:号码|号)?|号码|证号|最后|后面|末尾|尾数|尾号|[后末]?[4四]位数?|"
    r"出生(?:日期|年月日|年月|于)?|生日|申请人|姓名|名字|我叫|我是|本人|叫做?)+的?[是为叫：:]{0,2}"
)
_NAME = re.compile(r"[㐀-䶿一-鿿〇]{2,6}(?:·[㐀-䶿一-鿿]{1,10})?")
_BIRTH = re.compile(
    r"(?<!\d)(?P<y>19\d\d|20\d\d)\s?[年./-]?\s?(?P<m>1[0-2]|0?[1-9])\s?[月./-]?\s?(?P<d>3[01]|[12]\d|0?[1-9])\s?[日号]?(?!\d)"
)
_TAIL = re.compile(r"(?<![\dA-Za-z])\d{3}[\dXx](?![\dA-Za-z])")
_WHOLE = re.compile(r"(?<!\d)(?:\d{14}(?P<identity>\d{3}[\dXx])|1[3-9]\d{5}(?P<phone>\d{4}))(?![\dXx])")
"""A whole identity or phone number counts as its end: typed in full it proves no more."""
_COVERED_PHONE = re.compile(r"1\d\d\*{4}(\d{4})")
"""What is left of a phone number once it was masked, as offices write it."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What somebody says to prove who they are; empty: not said."""

    name: str = ""
    tail: str = ""
    """Four characters without a word on what they end: of the identity number, or of the phone number."""
    identity_tail: str = ""
    phone_tail: str = ""
    birth: str = ""
    """19500101."""

    @property
    def enough(self) -> bool:
        return sum(map(bool, (self.name, self.tail or self.identity_tail, self.phone_tail, self.birth))) >= NEEDED


def read_facts(text: str) -> Facts:
    """The first name, the first four digits, the first birth date of a message: a list of guesses is one guess."""
    said = unicodedata.normalize("NFKC", text)[:LONGEST].replace("•", "·").replace("・", "·")
    birth = _BIRTH.search(said)
    born = f"{birth['y']}{int(birth['m']):02}{int(birth['d']):02}" if birth else ""
    rest = said[: birth.start()] + " " + said[birth.end() :] if birth else said
    phone = _COVERED_PHONE.search(rest)
    identity_tail, phone_tail, tail = "", phone[1] if phone else "", ""
    for found in _WHOLE.finditer(rest):
        identity_tail = identity_tail or (found["identity"] or "").upper()
        phone_tail = phone_tail or found["phone"] or ""
    rest = _COVERED_PHONE.sub(" ", _WHOLE.sub(" ", rest))
    for found in _TAIL.finditer(rest):
        before = rest[: found.start()]
        at, word = max((before.rfind(word), word) for word in ("身份证", "证号", "手机", "电话"))
        if at >= 0 and word in ("手机", "电话"):
            phone_tail = phone_tail or found[0]
        elif at >= 0:
            identity_tail = identity_tail or found[0].upper()
        else:
            tail = tail or found[0].upper()
    name = _NAME.search(_LABELS.sub(" ", rest))
    return Facts(name[0] if name else "", tail, identity_tail, phone_tail, born)


def proves(facts: Facts, person: Person) -> bool:
    """Whether two facts are right and none is wrong. Everything is compared, also when the first is wrong already."""
    identity, phone = person.identity.upper(), person.phone
    right = wrong = 0
    for said, known in (
        (facts.name, (_plain(person.name),)),
        (facts.tail, (identity[-4:], phone[-4:])),
        (facts.identity_tail, (identity[-4:],)),
        (facts.phone_tail, (phone[-4:],)),
        (facts.birth, (identity[6:14],)),
    ):
        hit = sum(_same(said, one) for one in known)
        right += bool(said) and hit > 0
        wrong += bool(said) and hit == 0
    return right >= NEEDED and wrong == 0


def _same(said: str, known: str) -> bool:
    return hmac.compare_digest(said.encode(), known.encode()) and bool(known)


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).replace("•", "·").replace("・", "·").replace(" ", "")
