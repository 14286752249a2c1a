"""Many report one message, or one person reports many: the team still has one thing to look at, nothing hides by
itself, and no page asks the database more than before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from django.db import Error, connection, transaction
from django.urls import Resolver404, resolve

from audit.models import AuditEntry
from chat.enums import PostState
from chat.models import Post, Thread
from community.errors import NotHere
from core import ids
from moderation.actions import reports
from moderation.enums import CaseState, Reason
from moderation.models import Case, Report
from moderation.policies import Judge
from moderation.selectors import cases
from proof.harness import Defence, Result, constraint, none_found, swapped

REPORTERS = {"small": 25, "full": 500}
AGAIN = 3  # times somebody reports the same
MANY = 10  # cases beside it
ALLOWED = 10  # reports of one person in an hour
THINGS = 2  # to look at, of one message: by the rules, and for care
AT_FIRST = 12  # reports: among them one after which the record is signed


def prove(size: str) -> Iterator[Result]:
    """Everybody reports one message, some of them again and again, for every reason there is."""
    from tests.chat.saying import send
    from tests.moderation.judging import judge, report
    from tests.people import make_cast, make_thread

    cast = make_cast()
    thread = make_thread(cast.harbour)
    post, mona = send(cast.alice, thread, "You are lazy."), judge(cast.mona, cast.harbour)
    crowd, reasons = _crowd(cast, REPORTERS[size]), list(Reason)
    asked, refused = [], 0
    for number, person in enumerate(crowd):
        told = reasons[number % len(reasons)]
        try:
            asked.append(_queries(lambda person=person, told=told: report(person, post, reason=told)))
        except (Error, NotHere):
            refused += 1
        if number == 1:
            before = _looks(mona, post)
        if number % 5 == 0:
            for _ in range(AGAIN):
                with suppress(NotHere):
                    report(person, post)
    yield from _one_thing(post, mona, len(crowd), refused)
    yield _no_more_queries(cast, thread, mona, before=before, asked=asked)
    yield from _by_one_person(cast, thread)


def _crowd(cast: Any, size: int) -> list[Any]:
    """Members without a browser."""
    from accounts.models import Account
    from community.enums import Role
    from tests.people import Person, add_all

    crowd = [Person(account=Account(), secret=ids.new_secret(), client=cast.nobody) for _ in range(size)]
    add_all([(person, cast.harbour, "", Role.MEMBER) for person in crowd])
    return crowd


def _one_thing(post: Post, mona: Judge, crowd: int, refused: int) -> Iterator[Result]:
    waiting = cases.waiting(judge=mona)
    wrong = abs(Case.objects.count() - THINGS) + abs(len(waiting) - THINGS) + refused
    wrong += Report.objects.count() != crowd
    yield none_found(
        "many reports on one message are one thing to look at, and one to care for; each reporter counts once",
        tried=crowd, found=wrong, part="one case",
    )  # fmt: skip
    post.refresh_from_db()
    acts = AuditEntry.objects.exclude(act="report").count()
    hidden = post.state != PostState.SHOWN or acts > 0 or waiting[0].state != CaseState.OPEN
    yield none_found(
        "no number of reports hides a message", tried=crowd, found=int(hidden), part="nothing hides by itself"
    )
    yield none_found(
        "the database takes no second case about one thing", tried=1, found=_second_case(post), part="past the actions"
    )  # fmt: skip


def _second_case(post: Post) -> int:
    taken = 0
    for again in Case.objects.filter(subject_id=post.public_id):
        again.pk, again.public_id = None, ids.new_public_id()
        with suppress(Error), transaction.atomic():
            again.save(force_insert=True)
            taken += 1
            transaction.set_rollback(True)
    return taken


def _no_more_queries(
    cast: Any, thread: Thread, mona: Judge, *, before: tuple[int, ...], asked: list[int]
) -> Result:
    """The queue, a case and a report cost what they cost at the beginning, with many cases beside it too."""
    from tests.chat.saying import fill
    from tests.moderation.judging import report

    post = Post.objects.get(thread=thread)
    looks = [_looks(mona, post)]
    fill(cast.bob, thread, ["Another one."] * MANY)
    for other in Post.objects.filter(thread=thread, text="Another one.").select_related("thread__group"):
        report(cast.alice, other)
    looks.append(_looks(mona, post))
    grown = sum(now > then for look in looks for now, then in zip(look, before, strict=True))
    first = max(asked[:AT_FIRST])
    grown += sum(later > first for later in asked[AT_FIRST:])
    return none_found(
        f"the queue, a case and a report ask the database no more than at first ({len(asked)} reports)",
        tried=len(looks) * len(before) + len(asked),
        found=grown,
        part="queries",
    )


def _by_one_person(cast: Any, thread: Thread) -> Iterator[Result]:
    """Somebody reports all they can find, by the page: as many in an hour as it allows."""
    from tests.chat.saying import fill

    fill(cast.alice, thread, ["One of many."] * (ALLOWED * 3))
    before, tried = Report.objects.count(), 0
    for post in Post.objects.filter(thread=thread, text="One of many."):
        address = f"/g/{cast.harbour.public_id}/report/post/{post.public_id}/"
        with suppress(Resolver404):
            resolve(address)
            cast.bob.client.post(address, {"reason": Reason.SPAM, "note": "", "then": "send"})
            tried += 1
    if tried:
        filed = Report.objects.count() - before
        yield none_found(
            f"one person files at most {ALLOWED} reports in an hour, and at least one",
            tried=tried,
            found=max(0, filed - ALLOWED) + (filed == 0),
            part="one person",
        )


def _looks(mona: Judge, post: Post) -> tuple[int, ...]:
    case = Case.objects.filter(subject_id=post.public_id, state=CaseState.OPEN)[0]

    def queue() -> None:
        for one in cases.waiting(judge=mona):
            cases.what_happened(one)

    return _queries(queue), _queries(lambda: cases.find(judge=mona, public_id=case.public_id))


def _queries(act: Callable[[], Any]) -> int:
    asked: list[str] = []

    def listen(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(listen):
        act()
    return len(asked)


# --- the defences -------------------------------------------------------------------------------------------------
def _a_case_each(group: Any, subject: Any, told: Any) -> Case:
    """A case that the next report does not find."""
    Case.objects.filter(subject_id=told.subject_id).update(subject_id=ids.new_public_id())
    return _open_case(group, subject, told)


def _hides_by_count(case: Case, told: Any) -> None:
    _settle(case, told)
    if case.reports.count() > 2:
        Post.objects.filter(public_id=case.subject_id).update(state=PostState.HIDDEN)


_open_case, _settle = reports.open_case, reports._settle


DEFENCES = [
    Defence(name="reports on one thing meet", off=swapped(reports, "open_case", _a_case_each)),
    Defence(name="only people decide", off=swapped(reports, "_settle", _hides_by_count)),
    Defence(name="the queue is read at once", off=swapped(cases, "BESIDE", ())),
    constraint(Case, "one_open_case_a_thing"),
    constraint(Case, "one_open_worry_a_thing"),
]
