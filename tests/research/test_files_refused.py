"""Who gets no file, and what is never in one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from chat.actions.posts import delete_post, edit_post
from chat.models import Post
from community.errors import MayNot, NotHere
from core import clock
from research.actions import codes, departing, exports
from research.enums import ExportState, ExportTier, Item, Part, Scope, StudyRole, StudyState
from research.models import Colleague, Export, ExportSubject, Participant, Source, Study
from tests.chat.saying import alias_key, face, send, sign_as_alias
from tests.people import Cast, make_people, make_thread
from tests.research.consenting import ALL, open_study, say
from tests.research.filing import SAID, Filing, answered, filing, rows_of, source_of, writes
from tests.research.questions import crowd
from tests.research.studies import desk_of
from tests.research.watchers import works_on
from tests.scenes import same

pytestmark = pytest.mark.django_db
PAGES = ["file", "file_read"]
PRESSES = [("file_step", {"yes": "1"}), ("file_step", {"take_back": "1"}), ("file_fetch", {})]


@pytest.fixture
@same
def made(cast: Cast) -> Filing:
    return filing(cast)


def url(made: Filing, name: str, export: Export | None = None) -> str:
    return reverse(f"research:{name}", args=[made.sid, *([export.public_id] if export else [])])


# --- who ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["alice", "mona", "lead", "weak", "olga", "nobody", "other"])
def test_whoever_does_not_work_on_it_finds_nothing(cast: Cast, made: Filing, who: str) -> None:
    writes(cast.alice, made, SAID)
    export = made.checked(messages=True)
    client = cast.nobody if who == "nobody" else getattr(cast, who, cast.olga).client
    if who == "other":
        (other,) = make_people({"other": True}).values()
        works_on(other, open_study(cast.meadow), role=StudyRole.LEAD)
        client = other.client
    assert client.get(url(made, "files")).status_code == 404
    assert client.post(url(made, "files"), {"tier": "t0", "last_round": "1"}).status_code == 404
    for name in PAGES:
        assert client.get(url(made, name, export)).status_code == 404
    for name, form in PRESSES:
        assert client.post(url(made, name, export), form).status_code == 404
    export.refresh_from_db()
    assert export.state == ExportState.WAITING and Export.objects.count() == 1


def test_an_analyst_sees_which_files_there_are_and_no_more(cast: Cast, made: Filing) -> None:
    writes(cast.alice, made, SAID)
    export, ana = made.let_go(messages=True), made.people["ana"]
    assert ana.client.get(url(made, "files")).status_code == 200
    assert ana.client.get(url(made, "file", export)).status_code == 200
    assert ana.client.get(url(made, "file_read", export)).status_code == 404
    assert ana.client.post(url(made, "files"), {"tier": "t0", "last_round": "1"}).status_code == 404
    for name, form in PRESSES:
        assert ana.client.post(url(made, name, export), form).status_code == 404


def test_nobody_lets_their_own_go(made: Filing) -> None:
    export = made.checked()
    with pytest.raises(NotHere):
        exports.decide(desk=made.desk(), fid=export.public_id, is_yes=True)
    ruth = made.people["ruth"]
    assert ruth.client.post(url(made, "file_step", export), {"yes": "1"}).status_code == 404
    assert b"Let it go" not in ruth.client.get(url(made, "file", export)).content
    assert b"Let it go" in made.people["remy"].client.get(url(made, "file", export)).content


def test_nor_does_who_left_the_team_and_came_back(made: Filing) -> None:
    export, ruth = made.checked(), made.people["ruth"]
    Colleague.objects.filter(key=ruth.keyed("study", made.sid)).delete()
    code = codes.make(desk=made.desk("leo"), role=StudyRole.LEAD)
    codes.use(typed=code, label="Somebody new", key_of=ruth.keyed)
    with pytest.raises(NotHere):
        exports.decide(desk=desk_of(ruth, made.study), fid=export.public_id, is_yes=True)


def test_the_database_wants_two(made: Filing) -> None:
    export = made.checked()
    with pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.filter(pk=export.pk).update(decided_by=bytes(export.asked_by))
    with pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.filter(pk=export.pk).update(state=ExportState.APPROVED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.filter(pk=export.pk).update(tier=ExportTier.T1)


def test_only_what_waits_is_let_go_and_only_what_was_let_go_is_fetched(made: Filing) -> None:
    export = made.checked()
    for state in set(ExportState) - {ExportState.WAITING, ExportState.APPROVED}:
        Export.objects.update(state=state)
        with pytest.raises(NotHere):
            exports.decide(desk=made.desk("remy"), fid=export.public_id, is_yes=True)
        with pytest.raises(NotHere):
            exports.fetch(desk=made.desk(), fid=export.public_id)


def test_after_three_days_nobody_fetches_it(made: Filing) -> None:
    export = made.let_go()
    with clock.held_at(clock.now() + dt.timedelta(days=3)):
        assert exports.fetch(desk=made.desk(), fid=export.public_id)
    with clock.held_at(clock.now() + dt.timedelta(days=4)), pytest.raises(NotHere):
        exports.fetch(desk=made.desk(), fid=export.public_id)


# --- when -----------------------------------------------------------------------------------------------------------
STOPS = [
    ({"is_paused": True}, "paused"), ({"ethics_until": dt.date(2020, 1, 1)}, "board"),
    ({"ethics_until": None}, "board"), ({"state": StudyState.APPROVED}, "open"),
]  # fmt: skip


def test_nothing_leaves_while_the_study_stands_still(made: Filing) -> None:
    waits, ready = made.checked(), made.let_go()
    as_before = Study.objects.values("is_paused", "ethics_until", "state").get()
    calls: list[Callable[[], object]] = [
        made.ask,
        lambda: exports.decide(desk=made.desk("remy"), fid=waits.public_id, is_yes=True),
        lambda: exports.fetch(desk=made.desk(), fid=ready.public_id),
    ]
    for stops, says in STOPS:
        Study.objects.update(**as_before | stops)
        for call in calls:
            with pytest.raises(MayNot, match=says):
                call()
        page = made.people["ruth"].client.post(url(made, "file_fetch", ready))
        assert page.status_code == 409 and says in page.content.decode()


# --- who left, and what was taken back ------------------------------------------------------------------------------
def _leaves(scope: Scope) -> Callable[[Filing], None]:
    def leave(made: Filing) -> None:
        cast = made.cast
        departing.leave(group=cast.harbour, sid=made.sid, scope=scope, key_of=cast.alice.keyed)

    return leave


def _takes_back(made: Filing) -> None:
    say(made.cast.alice, made.cast.harbour, made.study, dict.fromkeys([Item.SURVEYS, Item.ACTIVITY], True))


def _edits(made: Filing) -> None:
    post = _post(made)
    with clock.held_at(clock.now() - dt.timedelta(days=3)):  # later nobody changes it
        edit_post(face=face(made.cast.alice, post.thread), post=post, text="Other words.")


def _deletes(made: Filing) -> None:
    post = _post(made)
    delete_post(face=face(made.cast.alice, post.thread), post=post)


def _post(made: Filing) -> Post:
    return Post.objects.get(byline__persona__member=made.cast.alice.member(made.cast.harbour))


CHANGES = {
    "stop": _leaves(Scope.STOP), "exclude": _leaves(Scope.EXCLUDE), "delete": _leaves(Scope.DELETE),
    "takes back": _takes_back, "edits": _edits, "deletes": _deletes,
}  # fmt: skip


LATE = pytest.param("before it is let go", marks=pytest.mark.late)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("when", [LATE, "before it is fetched"])
def test_what_changes_in_between_makes_it_void(
    cast: Cast, made: Filing, change: str, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person, or the message, is in no file that is fetched."""
    monkeypatch.setattr("secrets.randbelow", lambda n: n - 1)  # what is taken back is so from six days ago on
    for who in (cast.alice, cast.bob):
        writes(who, made, SAID, day=57)
    export = made.checked(messages=True) if when == "before it is let go" else made.let_go(messages=True)
    CHANGES[change](made)
    if when == "before it is let go":
        assert not exports.decide(desk=made.desk("remy"), fid=export.public_id, is_yes=True)
    else:
        assert exports.fetch(desk=made.desk(), fid=export.public_id) is None
    export.refresh_from_db()
    assert export.state == ExportState.STALE and export.fetched_on is None
    with pytest.raises(NotHere):
        exports.fetch(desk=made.desk(), fid=export.public_id)
    page = made.people["ruth"].client.get(url(made, "file", export)).content.decode()
    assert "ask for it again" in page


@pytest.mark.parametrize("scope", Scope)
def test_the_next_file_is_without_who_left(cast: Cast, made: Filing, scope: Scope) -> None:
    for who in (cast.alice, cast.bob):
        writes(who, made, SAID)
    pid = source_of(cast.alice, made).pid
    assert pid in str(rows_of(made.fetched(messages=True)[1], "messages"))
    _leaves(scope)(made)
    rows = rows_of(made.fetched(messages=True)[1], "messages")
    assert [row["number"] for row in rows] == [source_of(cast.bob, made).pid]


# --- what is never in one -------------------------------------------------------------------------------------------
def test_messages_under_one_thread_names_are_never_in_it(cast: Cast, made: Filing) -> None:
    """Also of those who said yes to that: nothing could tell which they are."""
    for who in (cast.alice, cast.bob):
        writes(who, made, SAID)
    with clock.held_at(clock.now() - dt.timedelta(days=40)):
        thread = make_thread(cast.harbour)
        sign_as_alias(cast.alice, thread)
        send(cast.alice, thread, "Under another name.", key_for_alias=alias_key(cast.alice, thread))
    _export, files = made.fetched(messages=True, activity=True)
    assert all(b"Under another name" not in data and b"Soft Lamp" not in data for data in files.values())
    assert sum(row["messages"] for row in rows_of(files, "activity")) == 2


@pytest.mark.parametrize("item", [Item.POSTS, Item.ACTIVITY])
def test_who_said_no_to_messages_is_not_in_them(cast: Cast, made: Filing, item: Item) -> None:
    writes(cast.alice, made, SAID, items=[one for one in ALL if one != item])
    writes(cast.bob, made, "I hear you.")
    table = "messages" if item == Item.POSTS else "activity"
    rows = rows_of(made.fetched(**{table: True})[1], table)
    assert [row["number"] for row in rows] == [source_of(cast.bob, made).pid]


def test_fewer_than_five_people_have_no_file(cast: Cast) -> None:
    few = filing(cast, size=4)
    with pytest.raises(MayNot, match="fewer than 5"):
        few.ask()
    form = {"tier": "t0", "last_round": "1"}
    answer = few.people["ruth"].client.post(reverse("research:files", args=[few.sid]), form)
    assert answer.status_code == 422 and b"fewer than 5" in answer.content and not Export.objects.exists()


def test_nor_do_five_once_one_of_them_has_left(cast: Cast) -> None:
    """There is a file up to this day, so that nobody came too late: the file has a floor of its own."""
    few = filing(cast, size=5)
    few.fetched()
    one = Participant.objects.order_by("pid")[0]
    Participant.objects.filter(pk=one.pk).update(part=Part.EXCLUDED)
    with pytest.raises(MayNot, match="fewer than 5"):
        few.ask()


def test_who_came_later_is_not_in_it(cast: Cast, made: Filing) -> None:
    """Answers that are not there yet would tell when somebody came. And so would how many rows were left out."""
    writes(cast.bob, made, *(f"Day {n} was short." for n in range(7)))
    before = made.fetched(messages=True, activity=True)[1]["trace.json"]
    with clock.held_at(clock.now() - dt.timedelta(days=10)):
        late = crowd(made.study, cast.harbour, size=4)
        answered(late)
    writes(cast.alice, made, *(f"Night {n} was long." for n in range(7)))
    Source.objects.filter(pk=source_of(cast.alice, made).pk).update(part=Part.STOPPED)
    _export, files = made.fetched(messages=True, activity=True)
    assert len(rows_of(files, "people")) == 6 and not any(one.pid in str(files) for one in late)
    assert files["trace.json"] == before


def test_two_files_never_differ_by_a_few_who_came_later(cast: Cast, made: Filing) -> None:
    """Whoever holds both would know when these came."""
    with clock.held_at(clock.now() - dt.timedelta(days=40)):
        answered(crowd(made.study, cast.harbour, size=5))
    assert len(rows_of(made.fetched()[1], "people")) == 11
    with clock.held_at(clock.now() + dt.timedelta(days=1)):
        with clock.held_at(clock.now() - dt.timedelta(days=14)):
            answered(crowd(made.study, cast.harbour, size=4))
        assert len(rows_of(made.fetched()[1], "people")) == 11
        with clock.held_at(clock.now() - dt.timedelta(days=14)):
            answered(crowd(made.study, cast.harbour, size=1))
        assert len(rows_of(made.fetched()[1], "people")) == 16


def test_once_a_file_is_over_nothing_is_kept_of_how_it_was_read(cast: Cast, made: Filing) -> None:
    writes(cast.alice, made, SAID)
    export = made.let_go(messages=True)
    exports.tidy()
    export.refresh_from_db()
    assert export.sealed_reading is not None
    with clock.held_at(clock.now() + dt.timedelta(days=4)):
        exports.tidy()
    export.refresh_from_db()
    assert export.sealed_reading is None


def test_a_subject_goes_with_its_part(cast: Cast, made: Filing) -> None:
    export, _files = made.fetched()
    assert ExportSubject.objects.filter(export=export).count() == 6
    pk = str(ExportSubject.objects.filter(export=export).values_list("participant", flat=True)[0])
    departing.forget(Participant, pk)
    assert ExportSubject.objects.filter(export=export).count() == 5
