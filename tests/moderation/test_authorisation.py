"""Every door and everybody: a table says who gets in, and a door that it does not list fails.

The longest beginning of an address decides; "GET " or "POST " before it narrows it. A line in LATER_MORE is about pages
whose subject somebody must own or hold first: nobody gets in who is not named there.
"""

from __future__ import annotations

from itertools import product

import pytest
from asgiref.sync import sync_to_async

from chat.models import Block
from config import sockets
from moderation import policies
from moderation.actions import appeals
from moderation.enums import Act, Reason
from moderation.models import Case
from moderation.selectors import cases
from tests import rotation
from tests.live.conftest import Socket, headers_of
from tests.moderation.doors import PART, Street, knock, make_street, routes
from tests.moderation.judging import decide, report
from tests.people import Cast, make_thread

READERS = {"listener", "member", "muted", "weak moderator", "moderator", "lead", "researcher"}
TALKERS = READERS - {"researcher"}  # a talk opens for who says first for which study they read it
NAMED = READERS - {"listener", "muted"}
ROLES = {"weak moderator", "moderator", "lead", "researcher"}
TEAM = {"moderator", "lead"}
LEAD = {"lead"}
STRONG = TEAM | {"moderator elsewhere", "researcher", "administrator"}
STRANGERS = {"outsider", "banned", "moderator elsewhere", "administrator"}
FREE = READERS | STRANGERS  # signed in, and kept from nothing
ACCOUNTS = FREE | {"suspended"}
ANYONE = ACCOUNTS | {"nobody"}
NOBODY: set[str] = set()  # nobody without what it is about: somebody's own row, request or invitation
G = "g/<gid>/"
DOORS: dict[str, set[str]] = {
    "": ANYONE,
    **dict.fromkeys(("safety/", "cover-your-tracks/", "about-kith/", "leave/", "healthz", "help/", "now/"), ANYONE),
    **dict.fromkeys(("sign-up/", "sign-in/", "sign-out/", "way-back/", "stop/", "groups/", "a/", "join/"), ANYONE),
    "trade-offs/": ANYONE,
    "trade-offs/<slug>/": NOBODY,
    "sign-up/device/": ACCOUNTS,
    "sign-in/second-step/": ACCOUNTS,
    "account/": ACCOUNTS,
    "home/": ACCOUNTS,
    "yours/": ACCOUNTS,
    # --- the site
    "operator/": {"administrator"},
    "operator/code/": STRONG,
    "operator/services": {"administrator"},
    # --- studies: none of them works on one
    "research/": FREE,
    "research/<sid>/": NOBODY,
    "research/code/": STRONG,
    "research/begin/": {"administrator"},
    G + "studies/asked/": LEAD,
    "POST " + G + "studies/asked/": NOBODY,  # without the part of the page that is meant
    **dict.fromkeys((G + "studies/asked/<sid>/", G + "studies/<sid>/"), NOBODY),
    # --- a group
    G: READERS,
    **dict.fromkeys((G + "about/", G + "names/", G + "join/", G + "ask/", G + "record/"), ANYONE),
    **dict.fromkeys((G + "promise/change/", G + "names/change/"), LEAD),
    **dict.fromkeys((G + "name/picture/", G + "name/about/", G + "name/change/"), NAMED),
    G + "name/stop/": NAMED | {"muted"},
    G + "name/keep/": NOBODY,
    **dict.fromkeys((G + "copy/", G + "leave/delete/"), READERS | {"banned", "suspended"}),
    **dict.fromkeys((G + "leave/undo/", G + "leave/now/"), NOBODY),
    **dict.fromkeys((G + "requests/", G + "invitations/", G + "off-duty/"), TEAM),
    G + "requests/<rid>/accept/": NOBODY,
    G + "invitations/<iid>/end/": NOBODY,
    G + "roles/": ROLES,
    G + "checked/": TEAM,
    G + "checked/<bid>/": NOBODY,
    "POST " + G + "name/checked/": NOBODY,  # none of them holds one
    G + "announcements/new/": LEAD,
    G + "announcements/<nid>/": NOBODY,
    G + "t/<tid>/statement/": LEAD,
    **dict.fromkeys((G + "t/<tid>/statement/sign/", G + "t/<tid>/statement/say/"), NOBODY),
    "GET " + G + "t/<tid>/statement/sign/": TALKERS,  # one step up
    "n/<nid>/": NOBODY,
    "POST " + G + "rota/": TEAM,
    G + "rota/remove/": NOBODY,
    G + "record/<quarter>/": NOBODY,
    # --- talk
    G + "t/<tid>/": TALKERS,
    G + "studies/here/": {"researcher"},
    G + "studies/here/open/": NOBODY,
    **dict.fromkeys((G + "studies/here/note/", G + "studies/here/quote/"), NOBODY),
    G + "studies/<sid>/quotes/": NOBODY,
    **dict.fromkeys((G + "t/<tid>/p/<pid>/edit/", G + "t/<tid>/p/<pid>/delete/"), NOBODY),
    G + "t/<tid>/p/<pid>/react/": NOBODY,
    "GET " + G + "hidden/show/": READERS,  # one step up
    "GET " + G + "t/<tid>/p/<pid>/react/": TALKERS,  # one step up
    "POST " + G + "t/<tid>/p/<pid>/about/": TEAM,
    "POST " + G + "t/<tid>/p/<pid>/thanks/": TALKERS,
    G + "t/<tid>/p/<pid>/about/<lid>/": NOBODY,
    "GET " + G + "t/<tid>/p/<pid>/about/<lid>/": TALKERS,  # one step up
    G + "advice/": TEAM,
    **dict.fromkeys((G + "t/<tid>/propose/", G + "t/<tid>/propose/answer/"), NOBODY),
    "GET " + G + "t/<tid>/propose/": TALKERS,  # one step up
    "GET " + G + "t/<tid>/propose/answer/": NOBODY,
    G + "library/suggest/": READERS - {"muted"},
    G + "library/<rid>/": NOBODY,
    "GET " + G + "t/<tid>/pin/": TALKERS,  # one step up
    G + "t/<tid>/pin/": TEAM,
    G + "t/<tid>/slow/": TEAM,
    G + "hidden/show/": NOBODY,
    G + "hidden/add/": READERS - {"member"},  # it is their own name
}  # fmt: skip
LATER_MORE: dict[str, set[str]] = {
    G + "report/": READERS,
    G + "fold/": NAMED,
    G + "reports/": READERS,
    G + "notes/": READERS,
    "<door>/<gid>/": READERS | {"banned", "suspended"},
    "limits/": {"banned", "suspended"},
    "GET limits/": ACCOUNTS,
    G + "team/": TEAM,
    G + "care/": TEAM,
    "operator/waiting/": {"administrator"},
}
SOCKETS: dict[str, set[str]] = {
    "live/g/<gid>/t/<tid>/": TALKERS,
    "live/g/<gid>/team/": TEAM,
}
EXACT = {""}  # an address that only stands for itself


def line_for(method: str, route: str) -> tuple[str, set[str], bool] | None:
    """The line that decides, whom it names, and whether all of them must get in."""
    plain = PART.sub(r"<\1>", route)
    table = DOORS | LATER_MORE
    found = [
        line
        for line in table
        if plain.startswith(line.partition(" ")[2] if " " in line else line)
        and line.partition(" ")[0] in {method.upper(), line}
        and (line not in EXACT or plain == line)
    ]
    if not found:
        return None
    best = max(found, key=lambda line: (len(line.removeprefix("GET ").removeprefix("POST ")), " " in line))
    return best, table[best], best in DOORS


def wrong_at(street: Street, method: str, route: str) -> str:
    """What is wrong at one door, or nothing."""
    line = line_for(method, route)
    assert line, f"{route}: say in the table who may get in"
    name, expected, all_of_them = line
    answers = {who: knock(street, who, method, route) for who in street.people}
    came_in = {who for who, answer in answers.items() if answer == "in"}
    closed = "no such act" in answers.values()  # it takes no forms, or is nothing to look at
    if came_in - expected or (all_of_them and not closed and expected - came_in):
        return f"{method} {route} ({name or 'front'}): {sorted(came_in ^ expected)}"
    return ""


def test_every_door_is_listed() -> None:
    missing = [route for route in routes() if line_for("get", route) is None]
    assert not missing, f"say in the table who may get in: {missing}"


def test_a_door_that_is_not_listed_is_noticed() -> None:
    assert line_for("get", "new-page/<slug:gid>/") is None


def test_the_longest_line_decides() -> None:
    assert line_for("get", "g/<slug:gid>/rota/") == (G, READERS, True)
    assert line_for("post", "g/<slug:gid>/rota/") == ("POST " + G + "rota/", TEAM, True)


@pytest.mark.django_db
def test_who_gets_in_at_the_doors_of_moderation() -> None:
    street = make_street()
    ours = [route for route in routes() if route.startswith("g/<str:gid>/record/")]
    ours += ["g/<slug:gid>/requests/", "operator/services.csv"]
    wrong = [wrong_at(street, "get", route) for route in ours]
    assert not any(wrong), [found for found in wrong if found]


@pytest.mark.late
@pytest.mark.django_db
@pytest.mark.sqlite  # a door is the same on both
def test_who_gets_in_at_every_door() -> None:
    street = make_street()
    todays = [route for route in routes() if rotation.is_todays(route, days=6)]
    wrong = [wrong_at(street, method, route) for route in todays for method in ("get", "post")]
    assert not any(wrong), [found for found in wrong if found]


# --- sockets ------------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
async def test_who_gets_in_at_every_socket() -> None:
    street = await sync_to_async(make_street)()
    for found in sockets._routes.routes:
        route = str(found.pattern)
        if not route:
            continue
        expected = SOCKETS.get(PART.sub(r"<\1>", route))
        assert expected is not None, f"{route}: say in the table who may listen"
        came_in = set()
        for who, person in street.people.items():
            socket = await Socket(f"{street.address(route)}?after=0", headers_of(person)).connect()
            if socket.is_open:
                came_in.add(who)
                await socket.leave()
        assert came_in == expected, route


# --- cases: roles and relations ---------------------------------------------------------------------------------------
RELATIONS = ["none", "author", "reporter", "mentioned", "blocked", "decider"]


def case_with(cast: Cast, relation: str, reason: Reason) -> Case:
    """A case that mona is part of in one way."""
    from tests.chat.saying import send

    thread = make_thread(cast.harbour)
    writer = cast.mona if relation == "author" else cast.alice
    reporter = cast.mona if relation == "reporter" else cast.bob
    if relation == "blocked":
        mona, alice = (person.here(cast.harbour).persona for person in (cast.mona, cast.alice))
        Block.objects.create(by=mona, blocked=alice)
    text = "Clear Brook is lazy." if relation == "mentioned" else "You are lazy."
    case = report(reporter, send(writer, thread, text), reason=reason).case
    if relation == "decider":
        decision = decide(cast.mona, case, Act.HIDE)
        tag = cast.alice.tag(cast.harbour)
        case = appeals.appeal(notice=decision.notice, owner_tag=tag, words="I was joking.").case
    return case


@pytest.mark.django_db
@pytest.mark.parametrize("relation", RELATIONS)
def test_who_may_do_what_with_a_case(cast: Cast, relation: str) -> None:
    for reason in (Reason.UNKIND, Reason.WORRIED):
        case = case_with(cast, relation, reason)
        mona, lead = (policies.judge_of(person.here(cast.harbour)) for person in (cast.mona, cast.lead))
        outside = policies.Judge(group=cast.harbour, member=None, tag=b"outside")
        near = case.is_worry and relation != "author"
        expected = {
            "mona": relation == "none" or near,
            "lead": True,
            "elsewhere": False,
            "outside": cases.is_outside(case),
        }
        judges = {
            "mona": mona,
            "lead": lead,
            "elsewhere": policies.judge_of(cast.ned.here(cast.meadow)),
            "outside": outside,
        }
        for action, who in product(policies.TABLE, judges):
            may = expected[who]
            if action == "care":
                may = may and case.is_worry
            if action == "restrict" and who == "mona":
                may = relation == "none"
            if action == "restrict" and relation == "decider":
                continue  # an appeal is never a worry: who sees it answers it
            assert policies.may(action, judges[who], case) is may, (action, who, reason)
        assert not policies.may("no such action", lead, case)
        Block.objects.all().delete()
