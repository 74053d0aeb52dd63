"""`content check`: refuses what must never reach a resident and warns of what could be plainer. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.forms.consents import ConsentText
from bot.forms.files import clauses_of, texts_of
from bot.forms.model import Field, Form
from bot.knowledge import check_answers, check_cells, check_figures, check_footing, check_guards, check_programmes
from bot.knowledge import entry as kinds
from bot.knowledge.content import Content, parse
from bot.knowledge.documents import Standing, Status
from bot.knowledge.entry import Entry
from bot.knowledge.fields import knows
from bot.knowledge.files import FOLDERS, read_folder
from bot.knowledge.plain_language import refused_words
from bot.knowledge.problems import Place, Problem, Problems, Refused
from bot.regions import RegionTree


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found. Nothing with refusals may be published; warnings are for the editor to weigh."""

    content: Content
    entries: tuple[Entry, ...]
    refusals: tuple[Problem, ...]
    warnings: tuple[Problem, ...]

    def refuse(self) -> None:
        if self.refusals:
            raise Refused(self.refusals)


def check_folder(root: Path, regions: RegionTree, day: date) -> Report:
    """The plain files of a folder, as they would be published on `day`."""
    folder = read_folder(root)
    return _check(folder.entries, folder.places, folder.problems, regions, day)


def check_entries(
    entries: Iterable[Entry],
    regions: RegionTree,
    day: date,
    known: Mapping[tuple[str, str], Place] | None = None,
) -> Report:
    """An edition or draft from the store; places are named by the files it would be exported to, or as they are `known`."""
    entries = tuple(entries)
    folders = {"faq": kinds.ANSWER, **{folder: kind for folder, (kind, _) in FOLDERS.items()}}
    places = {
        (folders[folder], str(key)): Place(entry.key, 0, str(key))
        for entry in entries
        if entry.kind == kinds.FILE and (folder := entry.key.partition("/")[0]) in folders
        for key in entry.data["entries"]
    }
    return _check(entries, {**places, **(known or {})}, Problems(), regions, day)


def _check(
    entries: Iterable[Entry],
    places: Mapping[tuple[str, str], Place],
    problems: Problems,
    regions: RegionTree,
    day: date,
) -> Report:
    entries = tuple(entries)
    content = parse(entries, regions, problems, places)
    # A document that could not be read is reported once, not again at every clause that names it.
    documents = {entry.key for entry in entries if entry.kind == kinds.DOCUMENT}
    warnings = Problems()
    check_documents(content, documents, regions, problems, day)
    check_contacts(content, documents, problems)
    check_words(content, problems)
    check_answers.check(content, documents, regions, problems, warnings, day)
    check_figures.check(content, documents, regions, problems, warnings)
    check_guards.check(content, problems)
    check_cells.check(entries, content, problems)
    check_footing.check(content, problems, warnings, day)
    _asked(kinds.FIELD, content.fields, content, documents, problems, warnings, day)
    _asked(kinds.CONSENT, content.consents, content, documents, problems, warnings, day)
    _asked(kinds.FORM, content.forms, content, documents, problems, warnings, day)
    written = frozenset((entry.kind, entry.key) for entry in entries)
    check_programmes.check(content, written, problems, warnings)
    return Report(content, entries, tuple(sorted(set(problems.found))), tuple(sorted(set(warnings.found))))


def check_documents(content: Content, known: set[str], regions: RegionTree, problems: Problems, day: date) -> None:
    for key, document in content.documents.items():
        note = problems.at(content.place(kinds.DOCUMENT, key))
        if document.first and document.last and document.last < document.first:
            note(
                f"最后一天{document.last}在第一天{document.first}之前",
                "核对 in_force_from 和 in_force_to",
                "in_force_to",
            )
        if document.region and not knows(regions, document.region):
            note(f"地区“{document.region}”不在行政区划表里", "查 regions.csv，写六位代码，全国的空着", "region")
        if document.replaced_by and document.replaced_by not in known:
            note(f"代替它的“{document.replaced_by}”没有登记", "先在 documents.csv 登记那份文件", "replaced_by")
        if document.status is Status.IN_FORCE and document.last and document.last < day:
            note(f"{document.last}已到期，状态还写着 in_force", "改成 repealed，或改最后一天", "status")


def check_contacts(content: Content, known: set[str], problems: Problems) -> None:
    for key, hotline in content.hotlines.items():
        note = problems.at(content.place(kinds.HOTLINE, key))
        if hotline.document and hotline.document not in known:
            note(f"文件“{hotline.document}”没有登记", "先在 documents.csv 登记，或改用登记过的名称", "document")
        if not hotline.needs:
            note("没写这个号码管什么（needs）", "写上用途代码，如 assistance", "needs")


def check_words(content: Content, problems: Problems) -> None:
    for key, words in content.words.items():
        note = problems.at(content.place(kinds.WORDS, key))
        for word, reason in refused_words(words.text + "\n" + words.short):
            note(f"写了“{word}”，{reason}", "改写这一句")


def _asked(
    kind: str,
    nouns: Mapping[str, Field | ConsentText | Form],
    content: Content,
    documents: Collection[str],
    problems: Problems,
    warnings: Problems,
    day: date,
) -> None:
    """What is asked and agreed to: on a clause that lets us, in plain words."""
    for key, noun in nouns.items():
        place = content.place(kind, key)
        note = problems.at(place)
        check_programmes.texts(texts_of(noun), note, warnings.at(place))
        for clause in () if isinstance(noun, Form) else clauses_of(noun):
            if clause.document not in documents:
                note(f"文件“{clause.document}”没有登记", "先在 documents.csv 登记，或改用登记过的名称")
            document = content.documents.get(clause.document)
            if document and document.standing(day) in (Standing.REPEALED, Standing.NOT_YET):
                note(f"依据“{document.id}”今天没有效力，凭它不能问", "换现行的依据")
