"""急难快报: five questions at most, no identity, straight to the priority list; also for somebody else.

The queue hears of it with the first word, before a question is answered: whoever stops half-way is looked for, too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.conversations import URGENT, Conversation
from bot.desk.case_ports import Draft
from bot.desk.desk import Desk
from bot.desk.filling.kinds import Finished, Noticed, Plain, Start
from bot.desk.ports import Work
from bot.desk.referring import refer
from bot.desk.words import say
from bot.forms import readers, steps
from bot.forms.model import Form, Kind, State, Step
from bot.forms.moves import Change, Correct
from bot.forms.readers.plain import asks, clauses, fold, told, without
from bot.knowledge.fields import knows
from bot.language.third_person import about_somebody_else
from bot.messages import Author, Choice, Outcome, Reply

PRIORITY = URGENT
DUE = timedelta(hours=1)
"""By when somebody should have looked: the law says 立即 (社会救助法 第50条) and names no hour; this one is ours."""
NOTICE, PLACE = "emergency_notice", "place_now"
APPLY = "linshi_jinan"
_NEEDS = ("bed", "food", "heat", "medicine")
_OFFICE_NEEDS = ("food", "heat", "medicine")
_ASKED_WHERE = "asked_where"
"""In `about`: the place was asked for once more; whatever is said now is taken."""
_SPOT = (
    "[路街巷弄村屯寨镇乡区县市站桥号栋楼院门洞棚庙]|旁边?|附近|对面|[下里外]面|底下|边上|路口|工地|广场|公园|学校|宾馆|旅馆"
    "|宿舍|网吧|店|超市|银行|商场|机场|码头|[河江湖海]边|隧道|车[上里]"
)
_NO_SPOT = re.compile("[没不饿哭冷痛疼]|病(?!房)|门路|楼上|[出上]门|一路|区别")
"""家门都出不去, 楼上老人没饭吃 tell of what is wrong, and of no place; 在桥洞底下没饭吃 tells of both."""
_THERE = re.compile(rf"(?:(?<!现)在|到).*(?:{_SPOT})")
_BESIDE = re.compile(r"我们?|俺们?|人|他们?|她们?|现在|就|这会儿|这里|这边|那边|住|在|是|的|哦|啊|呢|了|\W")
"""What is said around the name of a place: 我人在贵阳云岩这边."""


class Emergency(Plain):
    name = "emergency"
    urgent = True

    def form(self, desk: Desk, draft: Draft) -> Form:
        form = desk.edition.form(self.name)
        if not isinstance(answer_of(draft, PLACE), dict):
            # 武昌火车站: the words are taken as they are. Somebody can find it, and nobody is asked twice tonight.
            form = replace(form, steps=tuple(_in_words(step) for step in form.steps))
        if not draft.about.get("other"):
            return form
        # Whoever reports is called back; everything else is asked about the other person.
        return replace(form, steps=tuple(_of_other(step) for step in form.steps))

    async def begin(self, desk: Desk, work: Work, conversation: Conversation, programme: str) -> Start:
        rows = await work.messages.history(conversation.id, 5)
        said = next((row.text for row in reversed(rows) if row.author is Author.RESIDENT), "")
        return Start({"other": about_somebody_else(said), "notice": desk.edition.consents[NOTICE].version})

    async def opening(self, desk: Desk, work: Work, draft: Draft) -> Sequence[Reply]:
        conversation = await work.conversations.get(draft.conversation)
        await work.conversations.change(conversation.id, desk.clock.now(), priority=PRIORITY)
        first = say(desk, "emergency_first", Outcome.PERSON, reason=self.name, region=conversation.region)
        notice = desk.edition.consents[NOTICE].text.strip()
        return (replace(first, text=f"{first.text}\n{notice}"),)

    async def noticed(self, desk: Desk, work: Work, draft: Draft) -> Noticed:
        """娃娃饿得哭 at the question where they are: that is asked once more, and then whatever is said is taken."""
        place = answer_of(draft, PLACE)
        if not isinstance(place, str) or draft.about.get(_ASKED_WHERE) or _names_a_spot(desk, place):
            return Noticed()
        answers = {path: given for path, given in draft.sheet.answers.items() if path != PLACE}
        open_ = replace(draft.sheet, answers=answers, asked="", asked_paths=(), last_put=())
        sheet = steps.advance(self.form(desk, draft), open_, desk.today())
        return Noticed((say(desk, "emergency_where"),), sheet, {**draft.about, _ASKED_WHERE: True})

    def elsewhere(self, desk: Desk, draft: Draft, text: str) -> Correct | None:
        """我在贵阳云岩, said late: it belongs to the place as long as that is in no county."""
        if PLACE not in draft.sheet.answers or draft.sheet.asked == PLACE or isinstance(answer_of(draft, PLACE), dict):
            return None
        known = region_of(desk, draft)
        if (known and desk.regions.get(known).level == 3) or not _only_a_place(desk, fold(text)):
            return None
        before = str(answer_of(draft, PLACE) or "")
        return Correct((Change(PLACE, "，".join(filter(None, (before, fold(text))))),))

    async def finish(self, desk: Desk, work: Work, draft: Draft, conversation: Conversation) -> Finished:
        now = desk.clock.now()
        region = region_of(desk, draft) or conversation.region
        told = summary_of(desk, self.form(desk, draft), draft)
        phone = str(answer_of(draft, "phone") or "")
        text = "；".join([*(["替别人说的"] if draft.about.get("other") else []), *told])
        await work.tasks.add("emergency", draft.person, "", region, text, phone, now + DUE, now)
        await work.conversations.change(conversation.id, now, priority=PRIORITY)
        reply = say(
            desk,
            "emergency_done",
            Outcome.PERSON,
            reason=self.name,
            region=region,
            told="；".join(told) or "您的急难",
            now="\n".join(_now(desk, draft, region)),
            choices=_next(desk, draft, region),
        )
        return Finished((reply,))


def _names_a_spot(desk: Desk, text: str) -> bool:
    """A region, or words by which somebody can be found: 老桥底下, 人民医院门口."""
    if any(region.level for match in desk.regions.find(text) for region in match.candidates):
        return True
    return any(_THERE.search(clause.text) or _is_a_spot(clause.text) for clause in clauses(fold(text)))


def _only_a_place(desk: Desk, said: str) -> bool:
    """A region with nothing beside it but a spot there."""
    found = [match for match in desk.regions.find(said) if any(region.level for region in match.candidates)]
    if not found or asks(said):
        return False
    rest = without(said, [(match.start, match.end) for match in found])
    return all(not told(_BESIDE.sub("", clause.text)) or _is_a_spot(clause.text) for clause in clauses(rest))


def _is_a_spot(clause: str) -> bool:
    return re.search(_SPOT, clause) is not None and not _NO_SPOT.search(clause)


def _in_words(step: Step) -> Step:
    fields = tuple(
        replace(one, field=replace(one.field, kind=Kind.TEXT)) if one.field.key == PLACE else one for one in step.fields
    )
    return replace(step, fields=fields)


def _of_other(step: Step) -> Step:
    if any(one.field.key == "phone" for one in step.fields):
        return step
    fields = tuple(replace(one, field=replace(one.field, ask=one.field.ask.replace("您", "他"))) for one in step.fields)
    return replace(step, ask=step.ask.replace("您", "他"), fields=fields)


def answer_of(draft: Draft, key: str) -> Any:
    given = draft.sheet.answers.get(key)
    return given.value if given and given.state is State.SAID else None


def region_of(desk: Desk, draft: Draft) -> str:
    """The division the place lies in, where its words name exactly one."""
    place = answer_of(draft, PLACE)
    if isinstance(place, dict):
        return str(place.get("region", ""))
    found = [match for match in desk.regions.find(str(place or "")) if len(match.candidates) == 1]
    return found[-1].candidates[0].code if found else ""


def summary_of(desk: Desk, form: Form, draft: Draft) -> list[str]:
    """What was said, in the order of the questions: the place in full, because somebody goes there; the number to call
    stands apart."""
    told = []
    for one in (asked.field for step in form.steps for asked in step.fields):
        value = answer_of(draft, one.key)
        if value is None or one.key == "phone":
            continue
        place = isinstance(value, dict) and "region" in value
        shown = f"{_place(desk, value)}{value.get('detail', '')}" if place else readers.show(one, value)
        told.append(f"{one.label}：{shown}")
    return told


def _place(desk: Desk, value: dict[str, Any]) -> str:
    region = str(value.get("region") or "")
    return desk.regions.full_name(region) if region and knows(desk.regions, region) else ""


def _now(desk: Desk, draft: Draft, region: str) -> list[str]:
    """What can be done this minute, for what was said to be missing."""
    needs = [need for need in _NEEDS if need in (answer_of(draft, "tonight") or ())]
    frail = answer_of(draft, "frail") or ()
    labels = {option.value: option.label for option in desk.edition.fields["tonight"].options}
    lines = []
    if "sick" in frail or "medicine" in needs:
        lines.append(desk.edition.words("emergency_ill").strip())
    if "bed" in needs:
        lines.append(say(desk, "emergency_bed", office=refer(desk, "bed", region).line).text)
        if frail:
            lines.append(desk.edition.words("emergency_bed_frail").strip())
    # Who said nothing of tonight is told where to go as well.
    if not needs or set(needs) & set(_OFFICE_NEEDS):
        wanting = "、".join(labels[need] for need in needs if need in _OFFICE_NEEDS) or labels["food"]
        lines.append(say(desk, "emergency_food", list=wanting, office=refer(desk, "food", region).line).text)
    return lines


def _next(desk: Desk, draft: Draft, region: str) -> tuple[Choice, ...]:
    programme = desk.edition.programme(APPLY, desk.today())
    if programme is None or not programme.form or draft.about.get("other"):
        return ()
    return (Choice(desk.edition.words("emergency_apply").strip(), {"form": "application", "programme": APPLY}),)
