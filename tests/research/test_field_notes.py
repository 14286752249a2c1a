"""Field notes: who may not write or read them, what must not stand in them, and what goes with a writer's part."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from chat.actions.posts import delete_post, edit_post
from chat.models import Post, Thread
from community.errors import MayNot, NotHere
from core import clock
from core.registries import holdings
from core.registries.holdings import Owner
from research.actions import departing, notes
from research.actions.notes import Unfit, Words
from research.enums import Item, NoteKind, Scope, StudyRole
from research.models import Anchor, Colleague, FieldNote, FieldNoteRevision, Source, Study
from research.selectors import notes as reading
from research.selectors import quoting, usable
from tests.chat.saying import alias_key, face, send, sign_as_alias
from tests.people import Cast, make_person, make_thread
from tests.research.consenting import open_study, say
from tests.research.watchers import SAID, Field, desk_of, from_today, in_the_field, said_by, works_on
from tests.scenes import same

pytestmark = pytest.mark.django_db
SEEN = Words(text="People answer each other slowly, and kindly.", codes=["kindness", "pace"])


@pytest.fixture
@same
def field(cast: Cast) -> Field:
    return in_the_field(cast)


@pytest.fixture
def post(cast: Cast, field: Field) -> Post:
    """Alice said yes to all, wrote, and the talk is open to the researcher today."""
    return said_by(cast.alice, field)


def anchor(field: Field, post: Post, passage: str = "The nights are long", **more: object) -> None:
    given = {"kind": NoteKind.OBSERVATIONAL, "words": SEEN} if "nid" not in more else {}
    notes.note_on(
        here=field.rosa.here(field.cast.harbour), pid=post.public_id, passage=passage, key_of=field.rosa.keyed,
        **{**given, **more},  # type: ignore[arg-type]
    )  # fmt: skip


def write(field: Field, text: str = SEEN.text, codes: tuple[str, ...] = ()) -> FieldNote:
    words = Words(text=text, codes=codes)
    gid = field.cast.harbour.public_id
    return notes.write(desk=field.desk, gid=gid, kind=NoteKind.REFLEXIVE, words=words)


def about(field: Field) -> list[tuple[str, str]]:
    return [(one.pid, one.words) for note in reading.written(desk=field.desk) for one in note.about]


# --- refusals -------------------------------------------------------------------------------------------------------
def desk_pages(field: Field, nid: str) -> list[str]:
    return [
        reverse("research:notes", args=[field.sid]), reverse("research:note_new", args=[field.sid]),
        reverse("research:note", args=[field.sid, nid]),
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["alice", "mona", "lead", "weak", "olga", "nobody"])
def test_nobody_else_reads_or_writes_them(field: Field, who: str) -> None:
    note = write(field)
    client = field.cast.nobody if who == "nobody" else getattr(field.cast, who).client
    form = {"gid": field.cast.harbour.public_id, "kind": "reflexive", "text": "Something"}
    for url in desk_pages(field, note.public_id):
        assert client.get(url).status_code == 404 and client.post(url, form).status_code in {404, 405}
    assert FieldNoteRevision.objects.count() == 1


def test_neither_an_analyst_nor_who_has_no_second_factor(field: Field) -> None:
    note = write(field)
    ana, weak = make_person(name="ana", strong=True), make_person(name="weak-remy")
    works_on(ana, field.study, role=StudyRole.ANALYST)
    works_on(weak, field.study)
    form = {"gid": field.cast.harbour.public_id, "kind": "reflexive", "text": "Something"}
    for who in (ana, weak):
        for url in desk_pages(field, note.public_id):
            assert who.client.get(url).status_code == 404 and who.client.post(url, form).status_code in {
                404,
                405,
            }
    with pytest.raises(NotHere):
        notes.revise(desk=desk_of(ana, field.study), nid=note.public_id, words=SEEN)
    assert FieldNoteRevision.objects.count() == 1


def test_another_study_finds_none_of_it(field: Field) -> None:
    note = write(field)
    other = open_study(field.cast.harbour, field_notes=True)
    works_on(field.rosa, other)
    assert not reading.written(desk=desk_of(field.rosa, other))
    with pytest.raises(NotHere):
        reading.find(desk=desk_of(field.rosa, other), nid=note.public_id)


@pytest.mark.parametrize("stops", [{"is_paused": True}, {"state": "closed"}])
def test_nothing_is_noted_while_the_study_stands_still(
    field: Field, post: Post, stops: dict[str, object]
) -> None:
    Study.objects.update(**stops)
    with pytest.raises(NotHere):
        write(field)
    with pytest.raises(NotHere):
        anchor(field, post)
    assert not FieldNote.objects.exists()


def test_only_messages_of_who_said_yes(field: Field) -> None:
    """Not of who never answered, who said no to messages, or who wrote under a one-thread name."""
    cast = field.cast
    never = said_by(cast.bob, field, yes=False)
    say(cast.alice, cast.harbour, field.study, {Item.SURVEYS: True, Item.ACTIVITY: True})
    from_today(cast.alice, field)
    counted = said_by(cast.alice, field, yes=False)
    url = reverse("research:note_on", args=[cast.harbour.public_id, never.public_id])
    for post in (never, counted):
        with pytest.raises(MayNot):
            anchor(field, post)
    page = field.rosa.client.get(url).content.decode()
    assert "You cannot note anything about this message" in page and "<textarea" not in page
    form = {"passage": "The nights", "kind": "observational", "text": "Something", "nid": ""}
    assert field.rosa.client.post(url, form).status_code == 422
    say(cast.bob, cast.harbour, field.study)
    thread = make_thread(cast.harbour)
    sign_as_alias(cast.bob, thread)
    hidden = send(cast.bob, thread, SAID, key_for_alias=alias_key(cast.bob, thread))
    field.enter(thread)
    with pytest.raises(MayNot):
        anchor(field, hidden)
    assert not Anchor.objects.exists() and not FieldNote.objects.exists()


def test_not_what_was_written_before_the_yes(field: Field) -> None:
    early = said_by(field.cast.alice, field, yes=False)
    Post.objects.filter(pk=early.pk).update(posted_on=clock.today() - dt.timedelta(days=2))
    said_by(field.cast.alice, field)
    with pytest.raises(MayNot):
        anchor(field, early)


def test_not_what_was_written_after_their_part_ended(
    field: Field, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends on a day by lot before they said so, and that day counts."""
    written = clock.today()
    tomorrow = written + dt.timedelta(days=1)
    monkeypatch.setattr(clock, "today", lambda: tomorrow)
    monkeypatch.setattr(departing.secrets, "randbelow", lambda _: 0)
    departing.leave(group=field.cast.harbour, sid=field.sid, scope=Scope.STOP, key_of=field.cast.alice.keyed)
    fresh = Post.objects.select_related("byline__persona").get(pk=post.pk)
    Source.objects.update(until=written)
    assert usable.source_of(study=field.study, post=fresh) == Source.objects.get()
    Source.objects.update(until=written - dt.timedelta(days=1))
    assert usable.source_of(study=field.study, post=fresh) is None


def test_only_in_a_talk_that_is_open_to_them(field: Field, post: Post) -> None:
    Thread.objects.update(watched_on=None)
    with pytest.raises(NotHere):
        anchor(field, post)
    url = reverse("research:note_on", args=[field.cast.harbour.public_id, post.public_id])
    assert field.rosa.client.get(url).status_code == 404
    for who in ("alice", "mona", "lead"):
        assert getattr(field.cast, who).client.get(url).status_code == 404


def test_the_words_have_to_stand_in_the_message(field: Field, post: Post) -> None:
    for passage in ("The days are long", "", "  "):
        with pytest.raises(MayNot):
            anchor(field, post, passage)


# --- what must not stand in a note ----------------------------------------------------------------------------------
SEVEN = "nights are long and I walk around"


@pytest.mark.parametrize(
    "text", [f"They said: {SEVEN} THE house.", "the NIGHTS: are  long,\nand i walk around a"]
)
def test_eight_words_of_a_message_in_a_row_are_refused(field: Field, post: Post, text: str) -> None:
    with pytest.raises(Unfit, match="repeats a message"):
        write(field, text)
    url = reverse("research:note_new", args=[field.sid])
    assert ">Note it</button>" in field.rosa.client.get(url).content.decode()
    form = {"gid": field.cast.harbour.public_id, "kind": "reflexive", "text": text, "codes": "sleep"}
    answer = field.rosa.client.post(url, form)
    assert answer.status_code == 422 and "repeats a message" in answer.content.decode()
    assert "walk around" in answer.content.decode().split("<textarea")[1]  # nothing typed is lost
    assert not FieldNoteRevision.objects.exists()


def test_seven_are_not(field: Field, post: Post) -> None:
    write(field, f"They said: {SEVEN} a house.")


def test_nor_hidden_in_codes_or_a_new_wording(field: Field, post: Post) -> None:
    with pytest.raises(Unfit):
        write(field, "Something", codes=("nights are long and", "I walk around the"))
    note = write(field)
    with pytest.raises(Unfit):
        notes.revise(desk=field.desk, nid=note.public_id, words=Words(text=f"{SEVEN} the kitchen"))
    assert FieldNoteRevision.objects.count() == 1


def test_names_and_numbers_are_refused(field: Field, post: Post) -> None:
    cast = field.cast
    sign_as_alias(cast.bob, post.thread, handle="Soft Lamp")
    pid = Source.objects.get().pid
    for text in ("What grey heron said.", "Old ANCHOR was away.", "Soft Lamp asked.", f"Person {pid} again."):
        with pytest.raises(Unfit):
            write(field, text)
    write(field, "A heron, grey, on the anchor of a boat; an old lamp.")


@pytest.mark.parametrize("text", [f"They said: {SEVEN} the house.", "What grey heron said."])
def test_nor_in_a_note_that_is_put_under_another_group(field: Field, post: Post, text: str) -> None:
    assert quoting.faults(study=field.study, group=field.cast.meadow, text=text)
    assert not quoting.faults(study=field.study, group=field.cast.meadow, text="People answer slowly.")


# --- what is kept ---------------------------------------------------------------------------------------------------
def test_a_note_about_a_message_shows_a_number_and_never_the_name(field: Field, post: Post) -> None:
    url = reverse("research:note_on", args=[field.cast.harbour.public_id, post.public_id])
    page = reverse("chat:post", args=[field.cast.harbour.public_id, post.thread.public_id, post.public_id])
    assert url in field.rosa.client.get(page).content.decode()
    assert url not in field.cast.bob.client.get(page).content.decode()
    form = {
        "passage": "The nights\n are long",
        "kind": "observational",
        "text": SEEN.text,
        "codes": "sleep, pace",
    }
    assert field.rosa.client.post(url, form).status_code == 302
    pid = Source.objects.get().pid
    assert about(field) == [(pid, "The nights are long")]
    shown = field.rosa.client.get(reverse("research:notes", args=[field.sid])).content.decode()
    assert pid in shown and "The nights are long" in shown and "Grey Heron" not in shown


def test_words_are_sealed_and_passages_hold_none(field: Field, post: Post) -> None:
    anchor(field, post)
    revision, where = FieldNoteRevision.objects.get(), Anchor.objects.get()
    stored = bytes(revision.sealed) + bytes(where.mark)
    for word in (b"kindly", b"kindness", b"nights"):
        assert word not in stored


def test_each_wording_is_kept_and_none_can_be_changed(field: Field) -> None:
    note = write(field, "First.", codes=("one",))
    notes.revise(desk=field.desk, nid=note.public_id, words=Words(text="Second.", codes=["two"]))
    notes.revise(desk=field.desk, nid=note.public_id, words=Words(text="Second.", codes=["two"]))
    assert [one.text for one in reading.wordings(reading.find(desk=field.desk, nid=note.public_id).note)] == [
        "Second.", "First.",
    ]  # fmt: skip
    page = field.rosa.client.get(reverse("research:note", args=[field.sid, note.public_id])).content.decode()
    assert "First." in page
    for change in (lambda: FieldNoteRevision.objects.update(nth=9),):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_log_of_talks_cannot_be_changed(field: Field, post: Post) -> None:
    from research.models import Presence

    with pytest.raises(DatabaseError), transaction.atomic():
        Presence.objects.update(on_day=clock.today() - dt.timedelta(days=1))


def test_they_are_found_by_code(field: Field) -> None:
    write(field, "First.", codes=("pace",))
    write(field, "Second.", codes=("kindness", "pace"))
    url = reverse("research:notes", args=[field.sid])
    page = field.rosa.client.get(url, {"code": "kindness"}).content.decode()
    assert "Second." in page and "First." not in page
    assert [one.now.text for one in reading.written(desk=field.desk, code="kindness")] == ["Second."]


def test_it_outlives_the_one_who_wrote_it(field: Field) -> None:
    note = write(field)
    Colleague.objects.all().delete()
    note.refresh_from_db()
    assert note.colleague is None


# --- what goes with a writer's part ---------------------------------------------------------------------------------
@pytest.mark.parametrize("scope", [Scope.EXCLUDE, Scope.DELETE])
def test_passages_go_with_who_does_not_want_it_on_their_day(field: Field, post: Post, scope: Scope) -> None:
    anchor(field, post)
    departing.leave(group=field.cast.harbour, sid=field.sid, scope=scope, key_of=field.cast.alice.keyed)
    Source.objects.update(goes_on=clock.today())
    departing.let_show()
    assert not Anchor.objects.exists() and about(field) == []
    assert FieldNote.objects.exists()  # the note itself says nothing of them
    with pytest.raises(MayNot):
        anchor(field, post)


def test_who_stops_leaves_what_there_is(field: Field, post: Post) -> None:
    anchor(field, post)
    departing.leave(group=field.cast.harbour, sid=field.sid, scope=Scope.STOP, key_of=field.cast.alice.keyed)
    assert Anchor.objects.exists()


def test_words_that_were_changed_or_taken_away_are_not_shown(field: Field, post: Post) -> None:
    anchor(field, post)
    mine = face(field.cast.alice, post.thread)
    edit_post(face=mine, post=post, text=SAID.replace("nights", "days"))
    assert [words for _, words in about(field)] == [""]
    delete_post(face=mine, post=post)
    assert [words for _, words in about(field)] == [""]


def test_one_can_have_what_was_noted_about_one(field: Field, post: Post) -> None:
    anchor(field, post)
    alice = field.cast.alice
    owner = Owner(group=field.cast.harbour.public_id, tag=alice.tag(field.cast.harbour), key=alice.keyed)
    (held,) = [one for one in holdings.holdings() if one.model is Anchor]
    assert list(held.export(owner)) == [
        {"study": "plain_title text", "these words were noted": "The nights are long"}
    ]
