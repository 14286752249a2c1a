"""Messages under one-thread names in a file: what is in it, what is not, and what taking them back reaches."""

from __future__ import annotations

import datetime as dt
import json
from itertools import count, pairwise
from typing import Any

import pytest
from django.db import transaction

from chat.models import Alias, Post
from community.actions import deleting, due, erasing, leaving
from community.errors import MayNot, NotHere
from community.models import DueAct
from core import clock, ledger
from core.registries import holdings
from core.registries.holdings import Apart, Owner
from research.actions import departing, exports, making, once
from research.actions.exports import Asked, Marked
from research.enums import ExportState, ExportTier, Item, Scope, Wanted
from research.files import pipeline
from research.models import ConsentEvent, Export, ExportSubject, OnceName, Participant, Recall, Source, Study
from research.presenters import exports as presenter
from research.selectors import once as reading
from research.selectors.leavers import leavers
from tests.chat.saying import send
from tests.people import Cast, make_group, make_thread
from tests.research.consenting import open_study, part, say
from tests.research.filing import rows_of
from tests.research.naming import LAST, YES, Naming, ends, naming
from tests.scenes import same

pytestmark = pytest.mark.django_db
ONCE: dict[str, Any] = {"once": True, "messages": True, "last_round": 0}


@pytest.fixture
@same
def found(cast: Cast) -> Naming:
    """Eleven said yes; one of them wrote in a second talk, too."""
    made = naming(cast, yes=11, closes=False)
    with made.on(22):
        made.writes(made.yes[0], "And elsewhere it is quiet.", thread=make_thread(cast.harbour))
    with made.on(LAST):
        ends(made.study)
    return made


def test_each_name_has_a_number_of_its_own(found: Naming) -> None:
    _export, files = found.fetched(**ONCE)
    rows = rows_of(files, "messages_once")
    assert len(rows) == 12 == len({row["number"] for row in rows})
    assert set(rows[0]) == {
        "talk",
        "place",
        "number",
        "group",
        "week",
        "words",
    }  # no version, and nobody's week
    others = {row["number"] for row in rows_of(files, "messages")}
    known = {
        *Source.objects.values_list("pid", flat=True),
        *Participant.objects.values_list("pid", flat=True),
    }
    assert not {row["number"] for row in rows} & (others | known)
    assert {row["week"] for row in rows} == {0}
    places = [(row["talk"], row["place"]) for row in [*rows, *rows_of(files, "messages")]]
    assert len(set(places)) == len(places)  # one talk, one order
    book = json.loads(files["codebook.json"])
    assert any(one["table"] == "messages_once" for one in book)


def test_the_report_takes_no_one_thread_name_for_a_person(found: Naming) -> None:
    _export, files = found.fetched(**ONCE)
    told = {one["what"]: one["in this file"] for one in json.loads(files["risk_report.json"])["in short"]}
    people = {row["number"] for row in rows_of(files, "messages")}
    assert told["People whose messages are in it"] == (
        str(len(people)) if len(people) >= 5 else "fewer than 5"
    )


def test_what_the_check_found_leads_to_the_very_message_of_either_table(found: Naming) -> None:
    """Both tables have a message of several lines before the one that is bad; once mended, the file can wait."""
    number = "zero / two / zero / seven / nine / four / six / zero / nine"
    bad, worse = f"Ring me: {number}.", f"Or, {number.replace('two', 'three')}."
    posts = Post.objects.filter(thread=found.thread).order_by("seq")
    handles = [found.veil(who) for who in found.yes]
    veiled = list(posts.filter(byline__alias__handle__in=handles).values_list("pk", flat=True))
    members = Source.objects.filter(study=found.study).values("member")
    named = list(posts.filter(byline__persona__member__in=members).values_list("pk", flat=True))
    Post.objects.filter(pk__in=[veiled[0], named[0]]).update(text="One line.\nAnother.\nAnd a third.")
    Post.objects.filter(pk=named[1]).update(text=bad)
    Post.objects.filter(pk=veiled[3]).update(text=worse)
    export = found.ask(**ONCE)
    found.read_all(export)
    exports.check(desk=found.desk(), fid=export.public_id)
    export.refresh_from_db()
    there = [(one.file, pipeline.to_read(export)[one.message - 1]) for one in presenter.findings(export)]
    seqs = dict(posts.values_list("pk", "seq"))
    assert {(file, row.said.seq) for file, row in there} == {
        ("data/messages.csv", seqs[named[1]]), ("data/messages_once.csv", seqs[veiled[3]]),
    }  # fmt: skip
    done = {row.said.mid: Marked(seen=row.mark, more=row.text) for _file, row in there}
    exports.mark(desk=found.desk(), fid=export.public_id, marked=done)
    exports.check(desk=found.desk(), fid=export.public_id)
    export.refresh_from_db()
    assert export.state == ExportState.WAITING


def test_nothing_in_a_file_names_a_one_thread_name(found: Naming) -> None:
    _export, files = found.fetched(**ONCE)
    held = b"\n".join(files.values()).lower()
    for alias in Alias.objects.all():
        assert alias.handle.lower().encode() not in held and bytes(alias.key).hex().encode() not in held


def test_words_taken_out_get_numbers_within_one_name(found: Naming) -> None:
    """One number for one name of somebody else, in all that a person wrote, would tell which names are one person's."""
    first, second = reading.own(study=found.study, group=found.cast.harbour, key_of=found.yes[0].keyed)
    names = {name.row.pk: name for name in reading.names(study=found.study)}
    ours = [names[row.pk].posts[0].pk for row in (first, second)]
    for pk, other in zip(ours, ("Nora Ashworth", "Clara Ashworth"), strict=True):
        Post.objects.filter(pk=pk).update(text=f"{other} and Mona Whitlock came. Hm.")
    _export, files = found.fetched(**ONCE)
    words = [row["words"] for row in rows_of(files, "messages_once") if "Hm." in row["words"]]
    assert len(words) == 2 and set(words) == {"[NAME_1] and [NAME_2] came. Hm."}


def test_their_owner_alone_reads_which_files_they_are_in(found: Naming) -> None:
    export, files = found.fetched(**ONCE)
    who, other = found.yes[:2]
    mine = {
        reading.number_of(row)
        for row in reading.own(study=found.study, group=found.cast.harbour, key_of=who.keyed)
    }
    url = f"/g/{found.cast.harbour.public_id}/studies/{found.sid}/mine/"
    page, theirs = (one.client.get(url).content.decode() for one in (who, other))
    assert len(mine) == 2 and all(number in page and number not in theirs for number in mine)
    assert mine <= {row["number"] for row in rows_of(files, "messages_once")}
    assert ExportSubject.objects.filter(export=export, once__isnull=False).count() == 12


@pytest.mark.parametrize("scope", [Scope.EXCLUDE, Scope.DELETE])
def test_taken_back_after_a_file_all_of_the_group_go(found: Naming, scope: Scope) -> None:
    export, files = found.fetched(**ONCE)
    numbers = {row["number"] for row in rows_of(files, "messages_once")}
    departing.leave(group=found.cast.harbour, sid=found.sid, scope=scope, key_of=found.yes[0].keyed)
    assert found.rows() == 0 and reading.names(study=found.study) == []
    called = set(Recall.objects.filter(export=export, pid__in=numbers).values_list("pid", flat=True))
    assert called == numbers  # two of one person's would stand together
    assert numbers <= set(leavers(desk=found.desk()).recalls)
    assert exports.fetch(desk=found.desk(), fid=export.public_id) is None
    with pytest.raises(MayNot, match="ten"):
        found.ask(**ONCE)


def test_asked_for_is_as_good_as_seen(found: Naming) -> None:
    found.ask(**ONCE)
    departing.leave(group=found.cast.harbour, sid=found.sid, scope=Scope.EXCLUDE, key_of=found.yes[0].keyed)
    assert found.rows() == 0


def test_before_anybody_saw_them_only_ones_own_go(found: Naming) -> None:
    departing.leave(group=found.cast.harbour, sid=found.sid, scope=Scope.EXCLUDE, key_of=found.yes[0].keyed)
    assert found.rows() == 10 and len(reading.names(study=found.study)) == 10


def test_other_groups_keep_theirs(found: Naming) -> None:
    other = make_group(name="elsewhere")
    row = OnceName.objects.create(study=found.study, group=other, key=b"k" * 32, sealed=b"s")
    Export.objects.create(study=found.study, tier=ExportTier.T0, recipe={"once": True}, asked_by=b"a" * 32)
    once.take_back(found.study, list(OnceName.objects.filter(group=found.cast.harbour))[:1])
    assert list(OnceName.objects.all()) == [row]


def test_who_stops_once_it_is_over_leaves_what_there_is(found: Naming) -> None:
    export, _files = found.fetched(**ONCE)
    departing.leave(group=found.cast.harbour, sid=found.sid, scope=Scope.STOP, key_of=found.yes[0].keyed)
    assert found.rows() == 12 and not Recall.objects.filter(export=export).exists()
    departing.leave(group=found.cast.harbour, sid=found.sid, scope=Scope.DELETE, key_of=found.yes[0].keyed)
    assert found.rows() == 0


def test_a_file_that_lies_ready_is_thrown_away(found: Naming) -> None:
    export = found.let_go(**ONCE)
    making.want(desk=found.desk(), fid=export.public_id, what=Wanted.FETCH)
    making.make_wanted()
    export.refresh_from_db()
    assert export.sealed_made is not None
    departing.leave(group=found.cast.harbour, sid=found.sid, scope=Scope.EXCLUDE, key_of=found.yes[3].keyed)
    assert making.take(desk=found.desk(), fid=export.public_id) is None


def test_a_message_that_changes_has_to_be_read_again(found: Naming) -> None:
    export = found.let_go(**ONCE)
    making.want(desk=found.desk(), fid=export.public_id, what=Wanted.FETCH)
    making.make_wanted()
    Post.objects.filter(byline__alias__isnull=False).update(text="Other words now.")
    assert making.take(desk=found.desk(), fid=export.public_id) is None
    assert exports.fetch(desk=found.desk(), fid=export.public_id) is None
    export.refresh_from_db()
    assert export.state == ExportState.STALE


def test_an_erasure_finds_each_by_itself(found: Naming) -> None:
    who, group = found.yes[0], found.cast.harbour
    owner = Owner(group=group.public_id, tag=who.tag(group), key=who.keyed)
    held = next(one for one in holdings.holdings() if one.model is OnceName)
    assert isinstance(held.erase, Apart) and len(list(held.export(owner))) == 2
    refs = list(held.erase.refs(owner))
    held.erase.erase(refs[0])
    assert not OnceName.objects.filter(pk=refs[0]).exists() and OnceName.objects.filter(pk=refs[1]).exists()
    held.erase.erase(refs[0])  # again: nothing


@pytest.mark.django_db(transaction=True)
def test_an_older_copy_does_not_bring_them_back(cast: Cast) -> None:
    with transaction.atomic():
        study = open_study(cast.harbour)
    given = {"study": study, "group": cast.harbour, "key": b"k" * 32, "sealed": b"s"}
    row, stays = (OnceName.objects.create(**given | {"key": bytes([nth]) * 32}) for nth in (1, 2))
    kept = given | {"pk": row.pk}
    once.forget(str(row.pk))
    OnceName.objects.create(**kept)
    assert ledger.replay() == 1
    assert list(OnceName.objects.all()) == [stays]


def test_leaving_with_all_one_wrote_takes_each_at_a_moment_of_its_own(found: Naming) -> None:
    who, group = found.yes[0], found.cast.harbour
    owner = Owner(group=group.public_id, tag=who.tag(group), key=who.keyed)
    mine = set(erasing.gather(owner).apart)
    assert len([name for name, _ref in mine if name == OnceName._meta.label]) == 2
    deleting.leave_and_delete(owner=owner, key_of=lambda ref: who.keyed("due", ref), at_once=True)
    moments = sorted(at for at in DueAct.objects.values_list("due_at", flat=True) if at)
    assert len(set(moments)) == len(moments)
    gone = [12]
    for moment in moments:
        with clock.held_at(moment):
            due.do_due()
        gone.append(found.rows())
    assert gone[-1] == 10 and all(0 <= before - after <= 1 for before, after in pairwise(gone))


def test_an_account_that_closes_takes_them(found: Naming) -> None:
    found.fetched(**ONCE)
    who, group = found.yes[0], found.cast.harbour
    owner = Owner(group=group.public_id, tag=who.tag(group), key=who.keyed)
    start = clock.now() + dt.timedelta(days=3)
    later = (start + dt.timedelta(hours=nth) for nth in count())
    erasing.plan(owner, tag=owner.tag, key_of=lambda ref: who.keyed("due", ref), moments=later, final=True)
    assert found.rows() == 12
    with clock.held_at(start + dt.timedelta(days=30)):
        due.do_due()
    assert found.rows() == 0  # a file was asked for: all of the group go


def test_an_alias_that_was_emptied_is_nobodys(found: Naming) -> None:
    from chat.actions.posts import erase_alias_posts_of
    from tests.chat.saying import alias_key

    erase_alias_posts_of(keys=[alias_key(found.yes[1], found.thread)])
    assert len(reading.names(study=found.study)) == 11


def test_what_can_be_in_no_file_is_not_kept(found: Naming) -> None:
    once.tidy()
    assert found.rows() == 12
    Study.objects.update(ethics_until=found.study.opened_on)
    once.tidy()
    assert found.rows() == 0


def test_where_a_file_has_them_they_can_still_be_taken_back(found: Naming) -> None:
    found.fetched(**ONCE)
    Study.objects.update(ethics_until=found.study.opened_on)
    once.tidy()
    assert found.rows() == 12


def test_leaving_the_group_while_it_is_on_takes_them(cast: Cast) -> None:
    made = naming(cast, yes=10, closes=False)
    with made.on(30):
        who = made.yes[0]
        departing.leave_all(group=cast.harbour, key_of=who.keyed)
        assert made.rows() == 9
        leaving.forget_member(owner_tag=who.tag(cast.harbour))
        with pytest.raises(NotHere):
            who.here(cast.harbour)


def test_a_name_of_the_study_s_own_days_is_sent_by_a_browser(cast: Cast) -> None:
    """Through the pages: at once, and a little later. To whoever takes no part the same answer."""
    made = naming(cast, yes=10, closes=False)
    yes, no = made.yes[0], made.others[0]
    with made.on(30):
        for who, rows in ((no, 10), (yes, 11)):
            talk = make_thread(cast.harbour)
            answer = _sends(who, cast, talk, {})
            assert answer.status_code == 302 and made.rows() == rows
        answer = _sends(yes, cast, make_thread(cast.harbour), {"when": "24"})
        assert answer.status_code == 302 and made.rows() == 12


def _sends(who: Any, cast: Cast, talk: Any, more: dict[str, str]) -> Any:
    import re

    from tests.chat.saying import fresh
    from tests.people import sign_in

    sign_in(who.client, who.account, who.secret, strong=who.strong)
    url = f"/g/{cast.harbour.public_id}/t/{talk.public_id}/"
    page = who.client.get(url).content.decode()
    once_name = re.search(r'name="once" value="([^"]+)"', page)
    assert once_name, page
    given = {
        "text": "Quiet here.",
        "client_id": fresh(),
        "face": "once",
        "once": once_name.group(1),
        "named": "",
        **more,
    }
    return who.client.post(f"{url}posts/", given)


def test_a_yes_again_after_a_small_change_is_no_break(cast: Cast) -> None:
    made = naming(cast, yes=10, closes=False)
    with made.on(30):
        from research.actions import documents
        from research.selectors import studies

        study = Study.objects.get()
        documents.publish(
            study=study, settings=studies.settings_of(study) | {"contact": "else"}, is_material=False
        )
        say(made.yes[0], cast.harbour, study, YES)
        made.writes(made.yes[0], thread=make_thread(cast.harbour))
        assert made.rows() == 11
        assert part(made.yes[0], cast.harbour, study).says_yes(Item.ALIAS_POSTS)
        assert ConsentEvent.objects.filter(item=Item.ALIAS_POSTS).count() == 11


def test_a_file_without_them_is_as_it_was(found: Naming) -> None:
    with found.on(21):
        send(found.yes[0], found.thread, "In between.")
    _export, files = found.fetched(messages=True, last_round=0)
    assert "data/messages_once.csv" not in files
    with pytest.raises(MayNot):
        exports.ask(desk=found.desk(), asked=Asked(tier=ExportTier.T0))
