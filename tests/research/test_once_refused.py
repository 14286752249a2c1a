"""One-thread names that a study may not read: who said no, came late, left, is one of few, or wrote on other days."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from chat.actions.posts import delete_post
from chat.models import Post
from community.errors import MayNot
from core import clock
from research.actions import departing, documents, studies
from research.actions.exports import Asked, ask, check
from research.enums import ExportState, ExportTier, Item, PausedBy, Scope, StudyState
from research.models import ConsentEvent, OnceName, Source, Study
from research.selectors import once
from research.selectors import studies as reading
from tests.chat.saying import face
from tests.people import Cast, make_thread
from tests.research.consenting import part, say
from tests.research.naming import FIRST, LAST, RUNS, YES, Naming, naming

pytestmark = pytest.mark.django_db
NO = {**YES, Item.ALIAS_POSTS: False}


def words(found: Naming) -> list[str]:
    study = Study.objects.get(pk=found.study.pk)
    pks = [post.pk for name in once.names(study=study) for post in name.posts]
    return list(Post.objects.filter(pk__in=pks).values_list("text", flat=True))


@pytest.mark.parametrize("state", [StudyState.INVITING, StudyState.RUNNING])
def test_nothing_of_them_leaves_before_the_study_is_over(cast: Cast, state: StudyState) -> None:
    found = naming(cast)
    Study.objects.update(state=state)
    assert words(found) == []
    with pytest.raises(MayNot, match="over"):
        ask(desk=found.desk(), asked=Asked(tier=ExportTier.T0, once=True))


@pytest.mark.parametrize(("yes", "others"), [(9, 12), (10, 9)])
def test_nobody_is_one_of_few(cast: Cast, yes: int, others: int) -> None:
    found = naming(cast, yes=yes, others=others)
    assert words(found) == []
    with pytest.raises(MayNot, match="ten"):
        ask(desk=found.desk(), asked=Asked(tier=ExportTier.T0, once=True))


def test_a_file_of_which_nothing_is_left_is_refused_before_anybody_decides(cast: Cast) -> None:
    found = naming(cast)
    export = found.ask(once=True, last_round=0)
    found.read_all(export, is_out=True)
    with pytest.raises(MayNot, match="Nothing is left"):
        check(desk=found.desk(), fid=export.public_id)
    export.refresh_from_db()
    assert export.state == ExportState.READING and export.digest == ""


def test_one_who_writes_much_is_not_ten(cast: Cast) -> None:
    found = naming(cast, yes=10, closes=False)
    OnceName.objects.filter(
        pk=once.own(study=found.study, group=cast.harbour, key_of=found.yes[1].keyed)[0].pk
    ).delete()
    with found.on(25):
        for _ in range(3):
            found.writes(found.yes[0], thread=make_thread(cast.harbour))
    with found.on(LAST):
        Study.objects.update(state=StudyState.CLOSED, closed_on=clock.today())
    assert found.rows() == 12 and words(found) == []


@pytest.mark.parametrize("tier", [ExportTier.T1, ExportTier.T3])
def test_they_stay_with_the_team(cast: Cast, tier: ExportTier) -> None:
    found = naming(cast)
    more = {"last_round": 1, "recipient": "A college", "agreement": "Number 7"}
    with pytest.raises(MayNot):
        ask(desk=found.desk(), asked=Asked(tier=tier, once=True, **more))  # type: ignore[arg-type]


def test_who_said_no_or_nothing_or_reads_only_is_noted_nowhere(cast: Cast) -> None:
    found = naming(cast, closes=False)
    no, nothing = found.others[:2]
    with found.on(5):
        Study.objects.update(state=StudyState.INVITING)
        say(no, cast.harbour, found.study, NO)
        Study.objects.update(state=StudyState.RUNNING)
    with found.on(22):
        for who in (no, nothing):
            found.writes(who)
            assert once.own(study=found.study, group=cast.harbour, key_of=who.keyed) == []
    assert found.rows() == 10


def test_a_yes_that_came_once_they_are_read_is_too_late(cast: Cast) -> None:
    found = naming(cast, closes=False)
    who, talk = found.yes[0], make_thread(cast.harbour)
    with found.on(FIRST + 4):
        say(who, cast.harbour, found.study, NO)
        assert found.rows() == 9  # taken back at once
        say(who, cast.harbour, found.study, YES)
    with found.on(FIRST + 5):
        found.writes(who, thread=talk)
    assert found.rows() == 9


def test_who_takes_part_and_says_yes_to_it_later_is_too_late(cast: Cast) -> None:
    found = naming(cast, closes=False)
    who = found.others[0]
    with found.on(5):
        Study.objects.update(state=StudyState.INVITING)
        say(who, cast.harbour, found.study, NO)
        Study.objects.update(state=StudyState.RUNNING)
    with found.on(FIRST + 4):
        say(who, cast.harbour, found.study, YES)
        found.writes(who, thread=make_thread(cast.harbour))
    assert found.rows() == 10


@pytest.mark.parametrize("day", [RUNS - 1, FIRST - 1])
def test_what_was_written_before_a_week_is_over_is_not_read(cast: Cast, day: int) -> None:
    found = naming(cast, closes=False)
    talk = make_thread(cast.harbour)
    with found.on(day):
        found.writes(found.yes[0], "too early", thread=talk)
    with found.on(FIRST + 9):
        found.writes(found.yes[0], "by halves", thread=talk)
    with found.on(LAST):
        Study.objects.update(state=StudyState.CLOSED, closed_on=clock.today())
    assert found.rows() == 11 and len(words(found)) == 10  # no name is in it by halves


def test_what_was_written_once_it_is_over_is_not_read(cast: Cast) -> None:
    found = naming(cast)
    with found.on(LAST):
        found.writes(found.yes[0], "too late")
        found.writes(found.yes[0], "and nothing new", thread=make_thread(cast.harbour))
    assert found.rows() == 10 and len(words(found)) == 10


def test_days_of_a_pause_are_nobodys(cast: Cast) -> None:
    found = naming(cast, closes=False)
    with found.on(30):
        studies.stop(Study.objects.get(), because=PausedBy.TEAM, by="study lead")
        found.writes(found.yes[0], "in a pause")
        found.writes(found.yes[0], "in a pause, too", thread=make_thread(cast.harbour))
    with found.on(31):
        studies.go_on(desk=found.desk(), why="All is well.")
    with found.on(LAST):
        studies.close(desk=found.desk())
    assert found.rows() == 10 and "in a pause" not in words(found) and len(words(found)) == 10


def test_a_change_that_asks_again_ends_it_for_everybody(cast: Cast) -> None:
    found = naming(cast, closes=False)
    with found.on(30):
        study = Study.objects.get()
        documents.publish(
            study=study, settings=reading.settings_of(study) | {"why": "else"}, is_material=True
        )
        say(found.yes[0], cast.harbour, study, YES)
        found.writes(found.yes[0], "after it")
    with found.on(LAST):
        Study.objects.update(state=StudyState.CLOSED, closed_on=clock.today())
    assert len(words(found)) == 10 and "after it" not in words(found)


@pytest.mark.parametrize("scope", Scope)
def test_who_leaves_while_it_is_on_is_in_none(cast: Cast, scope: Scope) -> None:
    found = naming(cast, yes=11, closes=False)
    with found.on(30):
        departing.leave(group=cast.harbour, sid=found.sid, scope=scope, key_of=found.yes[0].keyed)
        assert found.rows() == 10
        found.writes(found.yes[0], "and on", thread=make_thread(cast.harbour))
        assert found.rows() == 10
    with found.on(LAST):
        Study.objects.update(state=StudyState.CLOSED, closed_on=clock.today())
    assert len(words(found)) == 10


def test_a_message_that_was_taken_away_is_not_in_it(cast: Cast) -> None:
    found = naming(cast, closes=False)
    with found.on(21):
        post = found.writes(found.yes[0], "gone")
        delete_post(face=face(found.yes[0], found.thread), post=post)
    with found.on(LAST):
        Study.objects.update(state=StudyState.CLOSED, closed_on=clock.today())
    assert len(words(found)) == 10


def test_no_row_says_of_a_member_that_they_said_yes(cast: Cast) -> None:
    found = naming(cast, yes=10)
    with_member = [bytes(key) for key in Source.objects.values_list("key", flat=True)]
    yes = ConsentEvent.objects.filter(item=Item.ALIAS_POSTS)
    assert yes.count() == 10 and Source.objects.count() == 2 and not yes.filter(key__in=with_member).exists()
    assert {one.name for one in OnceName._meta.get_fields() if one.is_relation and not one.auto_created} == {
        "study", "group",
    }  # fmt: skip
    assert len(set(OnceName.objects.values_list("key", flat=True))) == found.rows()
    assert len({len(bytes(row.sealed)) for row in OnceName.objects.all()}) == 1


def test_who_says_yes_to_nothing_else_of_messages_has_no_row_with_a_member(cast: Cast) -> None:
    found = naming(cast, yes=0, others=1, closes=False)
    Study.objects.update(state=StudyState.INVITING)
    who = found.others[0]
    own = say(who, cast.harbour, found.study, {Item.ALIAS_POSTS: True})
    assert own.source is None and own.says_yes(Item.ALIAS_POSTS)
    with pytest.raises(MayNot, match="yes to both"):
        say(who, cast.harbour, found.study, {Item.SURVEYS: True, Item.ALIAS_POSTS: True, Item.LINK: True})
    assert part(who, cast.harbour, found.study).says_yes(Item.ALIAS_POSTS)


@pytest.mark.parametrize("who", ["alice", "bob", "olga", "nobody", "ned", "ana"])
def test_nobody_else_reads_or_asks(cast: Cast, who: str) -> None:
    found = naming(cast)
    export = found.ask(once=True, last_round=0)
    person = found.people.get(who) or cast.people.get(who)
    client = person.client if person else cast.nobody
    page = reverse("research:file_read", args=[found.sid, export.public_id])
    assert client.get(page).status_code in {302, 404}
    asked = client.post(reverse("research:files", args=[found.sid]), {"tier": "t0", "once": "on"})
    assert asked.status_code in {302, 404} and "/research/" not in asked.headers.get("Location", "")


def test_two_studies_do_not_read_one_name(cast: Cast) -> None:
    found = naming(cast, closes=False)
    more = naming_in_another(found)
    with found.on(24):
        found.writes(found.yes[0], "once more")
    assert OnceName.objects.filter(study=more).count() == 0


def naming_in_another(found: Naming) -> Study:
    """A second study in the same group, to which the same ten said yes."""
    from tests.research.consenting import open_study
    from tests.research.naming import runs

    with found.on(0):
        study = open_study(found.cast.harbour)
        for who in found.yes:
            say(who, found.cast.harbour, study, YES)
    with found.on(RUNS):
        runs(study)
    return study


def test_the_days_are_the_same_for_everybody(cast: Cast) -> None:
    found = naming(cast)
    days = once.window(Study.objects.get())
    opened = clock.today() - dt.timedelta(days=60)
    assert days == once.Window(start=opened + dt.timedelta(days=FIRST), end=opened + dt.timedelta(days=LAST))
    assert found.study.closed_on == days.end
