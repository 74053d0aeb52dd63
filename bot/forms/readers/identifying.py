"""Numbers that identify somebody: identity card, mobile phone, bank card. Each is proved; each failure has one reason."""

from __future__ import annotations

import re
from datetime import date

from bot.forms.model import Field, Kind, State
from bot.forms.readers.base import Context, Found, Refused, Said
from bot.forms.readers.plain import digits, fold
from bot.people import identity_number_is_valid

_GAP = r"[ \-_.·,，]{0,2}"
_EIGHTEEN = re.compile(rf"(?<!\d)[1-9](?:{_GAP}\d){{16}}{_GAP}[\dXx](?![\dXx])")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[ -]?)?(1[3-9]\d[ -]?\d{4}[ -]?\d{4}|1[3-9]\d[ -]?\d{3}[ -]?\d{5})(?!\d)")
_CARD = re.compile(rf"(?<!\d)\d(?:{_GAP}\d){{15,18}}(?!\d)")
_RUN = re.compile(rf"(?<![\d.])\d(?:{_GAP}[\dXx]){{2,39}}(?!\d)")
_UNBROKEN = re.compile(r"(?<![\d.])\d[\dXx]{2,39}(?!\d)")
_ONE_NUMBER = 22
_HIDDEN = re.compile(r"〔[^〔〕]{0,6}(?:号|号码)已隐去〕|\d{3}\*{4}\d{4}")
_ABROAD = {"81", "82", "83"}
"""Residence permits of people from Hong Kong, Macao and Taiwan begin so; no table of ours has them."""


def find(field: Field, text: str, context: Context) -> Found | None:
    """The number in a text; one that is nearly right is refused with the reason, never mended."""
    plain = digits(fold(text))
    match field.kind:
        case Kind.IDENTITY:
            return _identity(field, plain, context)
        case Kind.PHONE:
            return _phone(plain)
        case _:
            return _bank_card(plain, context.today)


def luhn(number: str) -> bool:
    """The check digit of bank cards (ISO/IEC 7812-1)."""
    doubled = (int(digit) * (1 + index % 2) for index, digit in enumerate(reversed(number)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _identity(field: Field, text: str, context: Context) -> Found | None:
    if whole := _EIGHTEEN.search(text):
        return Found(whole.start(), whole.end(), _eighteen(field, _bare(whole[0]), context))
    run = _longest(text, 12)
    if run is None:
        phone = _MOBILE.fullmatch(text)
        return Found(0, len(text), Refused("form_identity_is_phone")) if phone else _hidden(text)
    number = _bare(run[0])
    if len(number) == 15:
        refused = Refused("form_identity_old")
    elif "X" in number[:-1]:
        refused = Refused("form_identity_x")
    elif len(number) == 18:
        refused = Refused("form_identity_first")
    else:
        refused = _length("form_identity", len(number), 18)
    return Found(run.start(), run.end(), refused)


def _eighteen(field: Field, number: str, context: Context) -> Said | Refused:
    head = number[:2]
    # Only the province is asked for: counties are dissolved and renumbered, and their people keep their numbers.
    if head not in _ABROAD and not _known(context, head + "0000"):
        return Refused("form_identity_region")
    try:
        day = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return Refused("form_identity_birth")
    if not date(1900, 1, 1) <= day <= context.today:
        return Refused("form_identity_birth")
    if not identity_number_is_valid(number, context.today):
        return Refused("form_identity_check")
    own = f"members.{context.member}.{field.key}" if context.member else field.key
    for path, given in context.answers.items():
        if path != own and given.state is State.SAID and given.value == number and _same_kind(field, path):
            return Refused("form_identity_twice")
    return Said(number)


def _same_kind(field: Field, path: str) -> bool:
    """Another member's number of the same field; the applicant may well be asked for theirs in two places."""
    return path.startswith("members.") and path.endswith(f".{field.key}")


def _known(context: Context, code: str) -> bool:
    try:
        context.regions.get(code)
    except LookupError:
        return False
    return True


def _phone(text: str) -> Found | None:
    if found := _MOBILE.search(text):
        return Found(found.start(), found.end(), Said(_bare(found[1])))
    run = _longest(text, 7)
    if run is None:
        return _hidden(text)
    number = re.sub(r"^86(?=1[3-9]\d{9})", "", _bare(run[0]))
    if number.startswith("0") and 10 <= len(number) <= 12:
        refused = Refused("form_phone_landline")
    elif len(number) == 11:
        refused = Refused("form_phone_start")
    elif number.startswith("1") or len(number) > 11:
        refused = _length("form_phone", len(number), 11)
    else:
        refused = Refused("form_phone_landline") if len(number) in (7, 8) else _length("form_phone", len(number), 11)
    return Found(run.start(), run.end(), refused)


def _bank_card(text: str, today: date) -> Found | None:
    if found := _CARD.search(text):
        number = _bare(found[0])
        if identity_number_is_valid(number, today):
            return Found(found.start(), found.end(), Refused("form_card_is_identity"))
        return Found(found.start(), found.end(), Said(number) if luhn(number) else Refused("form_card_check"))
    run = _longest(text, 12)
    if run is None:
        return _hidden(text)
    number = _bare(run[0])
    if identity_number_is_valid(number, today):
        return Found(run.start(), run.end(), Refused("form_card_is_identity"))
    key = "form_card_short" if len(number) < 16 else "form_card_long"
    return Found(run.start(), run.end(), Refused(key))


def _hidden(text: str) -> Found | None:
    """The number was covered before it got here (it came without consent): it has to be sent again."""
    covered = _HIDDEN.search(text)
    return Found(covered.start(), covered.end(), Refused("form_number_hidden")) if covered else None


def _longest(text: str, least: int) -> re.Match[str] | None:
    """The longest row of digits, in groups or not; what is too long for one number counts by its unbroken rows."""
    runs = [run for run in _RUN.finditer(text) if least <= len(_bare(run[0]))]
    if any(len(_bare(run[0])) > _ONE_NUMBER for run in runs):
        runs = [run for run in _UNBROKEN.finditer(text) if least <= len(run[0])]
    return max(runs, key=lambda run: len(run[0]), default=None)


def _bare(said: str) -> str:
    return re.sub(r"[^\dX]", "", said.upper())


def _length(prefix: str, length: int, wanted: int) -> Refused:
    key = "short" if length < wanted else "long"
    return Refused(f"{prefix}_{key}", {"number": str(abs(wanted - length))})
