"""Everything the office's system gets of a case, read in one unit of work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.desk.case_ports import Case, Paper
from bot.desk.cases.naming import form_of, number_of, paper_name, place_name, programme_name
from bot.desk.cases.package import Contents, Line
from bot.desk.cases.whose import applicant_of, person_of
from bot.desk.desk import Desk
from bot.desk.ports import Work
from bot.forms import summary
from bot.forms.model import Field, Form, Kind, split_path

_REST = "其他回答"


async def gather(desk: Desk, work: Work, case: Case, pictures: bool = True) -> Contents:
    """`pictures`: open the photos too."""
    whole = await work.cases.get(case.id, answers=True)
    form = form_of(desk, case.programme)
    papers: Sequence[Paper] = [paper for paper in await work.papers.of_case(case.id) if paper.state != "blurred"]
    fields = _fields(form)
    return Contents(
        case=whole,
        number=number_of(case),
        programme=programme_name(desk, case.programme),
        region=place_name(desk, case.region),
        applicant=await applicant_of(work, whole),
        helper=await person_of(work, case.helper),
        lines=_lines(desk, whole, form, fields),
        labels={path: fields[key].label for path in whole.answers if (key := split_path(path)[1]) in fields},
        consents=await work.consents.of_case(case.id),
        consent_titles={key: text.title for key, text in desk.edition.consents.items()},
        papers=[(paper, await work.papers.read(paper.id) if pictures else b"") for paper in papers],
        paper_names={paper.kind: paper_name(desk, paper.kind) for paper in papers},
    )


def _fields(form: Form | None) -> dict[str, Field]:
    return {asked.field.key: asked.field for step in form.steps for asked in step.fields} if form else {}


def _lines(desk: Desk, case: Case, form: Form | None, fields: Mapping[str, Field]) -> list[Line]:
    """The form as it was filled in. What it does not ask any more (another edition) stands at its end: nothing that was
    said is lost on the way to paper."""
    shown = summary.lines(form, case.answers, desk.today(), masked=False, regions=desk.regions) if form else []
    lines = [Line(line.section, line.label, line.shown) for line in shown]
    printed = {path for line in shown for path in line.paths}
    for path, given in sorted(case.answers.items()):
        field = fields.get(split_path(path)[1])
        if path not in printed and not (field and field.kind is Kind.AGREE):
            lines.append(
                Line(_REST, field.label if field else path, str(given.value) if given.value is not None else "没说")
            )
    return lines
