"""A case as one file for the office's own system: what was said (JSON), the form to print, the photos, and a signed list
of them. The same case gives the same bytes, so that a package fetched twice is known by its id.

Pure: everything is handed in, nothing is read or stored. The format is told in docs/office-exchange.md.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, Template

from bot.clock import SHANGHAI
from bot.desk.case_ports import Case, Consent, Paper, Person
from bot.desk.cases.signing import OfficeKey

FORMAT = "jiuzhutong-case/1"
ALGORITHMS = {"sm3": "HMAC-SM3", "sha256": "HMAC-SHA256"}
CONSENT_STATES = {"asked": "还没答复", "given": "同意", "refused": "不同意", "withdrawn": "收回了同意"}
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""A zip keeps times; ours would make two packages of one case differ."""


@dataclass(frozen=True, slots=True)
class Line:
    """One answer as it is shown: heading, label, words."""

    section: str
    label: str
    shown: str


@dataclass(frozen=True, slots=True)
class Contents:
    """All that goes into a package."""

    case: Case
    number: str
    """As it is written for people, in groups of four."""
    programme: str
    region: str
    applicant: Person
    helper: Person | None
    lines: Sequence[Line]
    labels: Mapping[str, str]
    """What the form calls each path."""
    consents: Sequence[Consent]
    consent_titles: Mapping[str, str]
    papers: Sequence[tuple[Paper, bytes]]
    paper_names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Package:
    id: str
    """The same for the same contents: who has it already need not read it again."""
    name: str
    data: bytes


def pack(contents: Contents, key: OfficeKey) -> Package:
    """The package, signed for the holder of this key."""
    files = {"case.json": _json(_case(contents)), "form.html": _html(contents)}
    for number, (paper, picture) in enumerate(contents.papers, 1):
        files[_paper_name(number, paper)] = picture
    listed = {name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)} for name, data in files.items()}
    made = hashlib.sha256(_json({"case": contents.case.number, "files": listed})).hexdigest()[:32]
    manifest = _json(
        {
            "format": FORMAT,
            "id": made,
            "case": contents.case.number,
            "key": key.name,
            "algorithm": ALGORITHMS[key.digest],
            "files": listed,
        }
    )
    files["manifest.json"] = manifest
    files["manifest.sig"] = (key.sign(manifest) + "\n").encode()
    return Package(made, f"{contents.case.number}-{made[:8]}.zip", _zip(files))


def _zip(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system, entry.external_attr = 3, 0o600 << 16
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".jpg") else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return out.getvalue()


def _json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1).encode()


def _paper_name(number: int, paper: Paper) -> str:
    kind = "".join(char for char in paper.kind if char.isascii() and (char.isalnum() or char in "_-")) or "paper"
    return f"papers/{number:02}-{kind[:40]}.jpg"


def _case(contents: Contents) -> dict[str, Any]:
    case = contents.case
    return {
        "format": FORMAT,
        "number": case.number,
        "programme": {"id": case.programme, "name": contents.programme},
        "region": {"code": case.region, "name": contents.region},
        "state": case.state,
        "submitted_at": moment(case.submitted_at),
        "due": case.due.isoformat() if case.due else None,
        "priority": case.priority,
        "applicant": _person(contents.applicant),
        "helper": _person(contents.helper) if contents.helper else None,
        "answers": [
            {
                "path": path,
                "label": contents.labels.get(path, path),
                "value": given.value,
                "state": given.state.value,
                "message": given.message,
                "said_at": moment(given.at),
            }
            for path, given in sorted(case.answers.items())
        ],
        "form": [{"section": line.section, "label": line.label, "shown": line.shown} for line in contents.lines],
        "consents": [
            {
                "member": one.member,
                "name": one.name,
                "text": one.text,
                "version": one.version,
                "state": one.state,
                "by_guardian": one.by_guardian,
                "channel": one.channel,
                "at": moment(one.at),
            }
            for one in contents.consents
        ],
        "papers": [
            {
                "file": _paper_name(number, paper),
                "kind": paper.kind,
                "member": paper.member,
                "state": paper.state,
                "at": moment(paper.at),
            }
            for number, (paper, _) in enumerate(contents.papers, 1)
        ],
    }


def _person(person: Person) -> dict[str, str]:
    return {"name": person.name, "identity": person.identity, "phone": person.phone}


def moment(at: datetime | None) -> str | None:
    """A moment as the clock on the wall in China shows it, with its offset."""
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds") if at else None


def _html(contents: Contents) -> bytes:
    case = contents.case
    told: Iterable[Person] = (contents.applicant, *([contents.helper] if contents.helper else []))
    applicant = [
        (who + label, value)
        for who, person in zip(("", "代办人"), told, strict=False)
        for label, value in (("姓名", person.name), ("身份证号", person.identity), ("电话", person.phone))
    ]
    sections = [(name or "其他", list(lines)) for name, lines in groupby(contents.lines, lambda line: line.section)]
    consents = [
        {
            "name": one.name,
            "text": contents.consent_titles.get(one.text, one.text),
            "version": one.version,
            "state": CONSENT_STATES.get(one.state, one.state),
            "by_guardian": one.by_guardian,
            "at": (moment(one.at) or "")[:16].replace("T", " "),
        }
        for one in contents.consents
    ]
    papers = [
        {"name": _paper_name(number, paper), "kind": contents.paper_names.get(paper.kind, paper.kind)}
        for number, (paper, _) in enumerate(contents.papers, 1)
    ]
    page = _template().render(
        programme=contents.programme,
        number=contents.number,
        region=contents.region,
        submitted=(moment(case.submitted_at) or "")[:16].replace("T", " "),
        applicant=applicant,
        sections=sections,
        consents=consents,
        papers=papers,
    )
    return page.encode()


@cache
def _template() -> Template:
    source = Path(__file__).with_name("form.html").read_text("utf-8")
    return Environment(autoescape=True).from_string(source)
