"""A form counts only from our own page, in the session it was shown in: on every route that changes something (A-57)."""

from __future__ import annotations

from bot.audit import Deed
from bot.staff import RIGHTS, Role
from console import rights
from tests.console.conftest import Office
from tests.console.door import Visitor, inside, outside
from tests.console.people import colleague
from tests.databases import sqlite_first

POSTS = sorted(path for method, path in rights.table() if method == "POST")


async def nothing_happened(office: Office, before: int) -> bool:
    """No deed but refusals since."""
    async with office.desk.store.reading() as work:
        return {line.deed async for line, _ in work.audit.lines(before)} <= {Deed.REFUSED}


async def head(office: Office) -> int:
    async with office.desk.store.reading() as work:
        found = await work.audit.head()
    return found.seq if found else 0


async def whoever_may(office: Office, path: str, name: str) -> Visitor:
    """Somebody for whom this form is meant, so that only the forgery stands in the way."""
    right = rights.table()[("POST", path)]
    if right == rights.PUBLIC:
        return await outside(office)
    role = next(role for role in Role if right == rights.SIGNED_IN or right in RIGHTS[role])
    return await inside(office, (await colleague(office.desk, office.boss, name, [role])).staff)


def asked(path: str) -> str:
    return path.replace("{", "").replace("}", "")


@sqlite_first
async def test_no_forged_form_counts(office: Office) -> None:
    for number, path in enumerate(POSTS):
        mine, other = [await whoever_may(office, path, f"{name}{number}") for name in ("chen", "wugong")]
        before = await head(office)
        await forge(office, path, mine, other)
        assert await nothing_happened(office, before), path


async def forge(office: Office, path: str, mine: Visitor, other: Visitor) -> None:
    url, good, own = asked(path), {"form_token": mine.form_token}, str(office.server.make_url("/").origin())
    forged: list[tuple[dict[str, str], object]] = [
        ({}, {}),
        ({}, {"form_token": ""}),
        ({}, {"form_token": other.form_token}),
        ({}, {"form_token": mine.form_token[:-1]}),
        ({}, {"form_token": mine.form_token.upper() + "é"}),
        ({"Origin": "https://evil.example"}, good),
        ({"Origin": "null"}, good),
        ({"Origin": own.replace("http://", "http://x.")}, good),
        ({"Origin": f"{own}.evil.example"}, good),
        ({"Origin": own, "Sec-Fetch-Site": "cross-site"}, good),
        ({"Sec-Fetch-Site": "same-site"}, good),
        ({"Content-Type": "text/plain"}, f"form_token={mine.form_token}"),
        ({"Content-Type": "application/json"}, f'{{"form_token": "{mine.form_token}"}}'),
        ({"Content-Type": "text/plain; x=application/x-www-form-urlencoded"}, f"form_token={mine.form_token}"),
    ]
    for headers, body in forged:
        async with mine.browser.post(url, data=body, headers=headers, allow_redirects=False) as answer:
            assert answer.status == 403, (path, headers, body)
    async with mine.browser.post(url, allow_redirects=False, params=good) as answer:
        assert answer.status == 403, "a token in the address is none"


async def test_no_form_is_sent_by_a_link(office: Office) -> None:
    for number, path in enumerate(path for path in POSTS if ("GET", path) not in rights.table()):
        visitor = await whoever_may(office, path, f"chen{number}")
        before = await head(office)
        assert (await visitor.get(f"{asked(path)}?form_token={visitor.form_token}")).status == 404
        assert await nothing_happened(office, before), path


async def test_our_own_form_counts(office: Office) -> None:
    visitor = await inside(office, office.boss.staff)
    own = {"Origin": str(office.server.make_url("/").origin()), "Sec-Fetch-Site": "same-origin"}
    assert (await visitor.post("/sign-out", headers=own)).status == 303


async def test_a_form_from_before_signing_in_is_none_after_it(office: Office) -> None:
    stranger = await outside(office)
    visitor = await inside(office, office.boss.staff)
    visitor.browser.cookie_jar.update_cookies({"console-before": stranger.token}, office.server.make_url("/"))
    assert (await visitor.post("/sign-out", form_token=stranger.form_token)).status == 403


async def test_a_forged_form_of_a_colleague_leaves_a_line(office: Office) -> None:
    """A-49: an admin's form, sent again by somebody else."""
    chen = await colleague(office.desk, office.boss, "chen", [Role.EDITOR])
    boss, editor = await inside(office, office.boss.staff), await inside(office, chen.staff)
    before = await head(office)
    answer = await editor.post(f"/staff/{chen.staff.id}", form_token=boss.form_token, roles="operator", version="2")
    assert answer.status == 403
    answer = await editor.post(f"/staff/{chen.staff.id}", roles="operator", version="2")
    assert answer.status == 404
    answer = await editor.post("/me/password", old="x", new="y", again="y", roles="operator", state="active")
    assert answer.status == 400
    answer = await editor.post(f"/me/sessions/{boss.session}/end")
    assert answer.status == 403
    async with office.desk.store.reading() as work:
        lines = [line async for line, _ in work.audit.lines(before)]
        assert (await work.staff.get(chen.staff.id)).roles == chen.staff.roles
    assert [(line.actor, line.what) for line in lines] == [(chen.staff.id, "route:POST /staff/{staff}")] * 2
