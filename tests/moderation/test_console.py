"""The team's pages: what waits, one thing to look at, deciding, and what nobody gets to see."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEntry
from chat.models import Thread
from community.enums import Role
from community.models import Group, JoinRequest, Persona
from core import clock
from moderation.enums import Act, CaseState, Reason
from moderation.models import Case, Decision, Notice, Report, Strike
from tests.chat.saying import alias_key, send, sign_as_alias
from tests.moderation.console import MESSAGE, Desk, text_of
from tests.moderation.judging import FACTS, claim, decide, report
from tests.people import Cast, add, make_group, make_thread

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def case(cast: Cast, thread: Thread) -> Case:
    send(cast.bob, thread, "Write to me at calm@example.org.")
    post = send(cast.alice, thread, "You are lazy. Ring 07700 900123 or @greyheron99.")
    return report(cast.bob, post, note="It hurt. My number is 07700 900456.").case


@pytest.fixture
def desk(cast: Cast, case: Case) -> Desk:
    return Desk(cast.mona, case)


# --- what waits ----------------------------------------------------------------------------------------------------
def test_worries_come_first_then_the_oldest(cast: Cast, thread: Thread) -> None:
    made = {}
    for hour, reason in ((3, Reason.SPAM), (1, Reason.UNKIND), (2, Reason.UNKIND), (4, Reason.WORRIED)):
        with clock.held_at(NOON - dt.timedelta(hours=hour)):
            made[hour] = report(cast.bob, send(cast.alice, thread, f"number {hour}"), reason=reason).case
    page = text_of(cast.mona.client.get(f"/g/{cast.harbour.public_id}/team/"))
    listed = re.findall(r'data-case="([\w-]+)"', page)
    assert listed == [made[hour].public_id for hour in (4, 2, 1, 3)]
    assert "1 worry about someone" in page and "3 new things to look at" in page


def test_home_counts_what_a_moderator_may_see(cast: Cast, thread: Thread) -> None:
    """Nobody else learns of it there: no member, no team of another group, nobody without a second step, and not
    whoever it is about."""
    report(cast.bob, send(cast.alice, thread, "one"), reason=Reason.WORRIED)
    report(cast.bob, send(cast.alice, thread, "two"))
    about_mona = report(cast.bob, send(cast.mona, thread, "three")).case
    said = {
        who: text_of(getattr(cast, who).client.get("/home/"))
        for who in ("lead", "mona", "alice", "bob", "ned", "weak")
    }
    assert "1 worry about someone, 2 things to look at" in said["lead"]
    assert "1 worry about someone, 1 thing to look at" in said["mona"], about_mona
    for who in ("alice", "bob", "ned", "weak"):
        assert "worry about someone" not in said[who] and "to look at" not in said[who]


def test_home_asks_as_often_whatever_waits_in_however_many_groups(cast: Cast, thread: Thread) -> None:
    report(cast.bob, send(cast.alice, thread, "one"))
    with CaptureQueriesContext(connection) as few:
        cast.mona.client.get("/home/")
    for n in range(3):
        group = make_group(name=f"more {n}")
        add(cast.mona, group, role=Role.MODERATOR)
        add(cast.alice, group, handle="Quiet Reed")
        add(cast.bob, group)
        report(cast.bob, send(cast.alice, make_thread(group), "one"))
    with CaptureQueriesContext(connection) as many:
        page = text_of(cast.mona.client.get("/home/"))
    assert page.count("1 thing to look at") == 4 and len(many) == len(few)


def test_the_age_stands_against_what_the_group_promises(cast: Cast, thread: Thread) -> None:
    Group.objects.filter(pk=cast.harbour.pk).update(response_hours=3)
    with clock.held_at(NOON - dt.timedelta(hours=5)):
        made = report(cast.bob, send(cast.alice, thread)).case
    with clock.held_at(NOON):
        page = Desk(cast.mona, made).page()
    assert (
        "waiting since between 08:00 and 09:00, in team hours we mostly answer within 3 hours" in page
        and "Longer than we promise" in page
    )


def test_what_is_new_is_said_until_it_was_seen(cast: Cast, desk: Desk, thread: Thread) -> None:
    JoinRequest.objects.create(
        group=cast.harbour, owner_tag=cast.olga.tag(cast.harbour), answer="Hello", asked_on=clock.today(),
        accepted_version=1,
    )  # fmt: skip
    other = report(cast.bob, send(cast.alice, thread, "Another."))
    decide(cast.lead, other.case, Act.HIDE)
    page = text_of(cast.mona.client.get(desk.list))
    assert "1 new thing to look at" in page and "1 newcomer waits" in page and "A colleague decided:" in page
    upto = re.search(r'name="seq" value="(\d+)"', page)
    assert upto
    cast.mona.client.post(f"{desk.list}seen/", {"seq": upto[1]})
    page = text_of(cast.mona.client.get(desk.list))
    assert (
        "1 new thing to look at</a></li>" not in page
        and "A colleague decided:" not in page
        and "1 newcomer waits" in page
    )
    assert "1 new thing to look at" in text_of(cast.lead.client.get(desk.list)), "each has their own mark"


def test_a_longer_list_asks_the_database_no_more(cast: Cast, thread: Thread) -> None:
    counts = []
    for wave in (1, 6):
        for number in range(wave):
            made = report(cast.bob, send(cast.alice, thread, f"number {wave} {number}")).case
            decide(
                cast.lead, report(cast.bob, send(cast.alice, thread, f"done {wave} {number}")).case, Act.HIDE
            )
        cast.mona.client.get(f"/g/{cast.harbour.public_id}/team/")  # notes that the page is open
        with CaptureQueriesContext(connection) as asked:
            assert made.public_id in text_of(cast.mona.client.get(f"/g/{cast.harbour.public_id}/team/"))
        counts.append(len(asked))
    assert counts[0] == counts[1] < 60, counts


# --- one thing to look at ------------------------------------------------------------------------------------------
def test_a_copy_has_letters_for_names_and_no_way_to_reach_anybody(cast: Cast, desk: Desk) -> None:
    page = desk.page()
    assert page.index("B wrote") < page.index("<b>A wrote")
    assert "You are lazy." in page and "It hurt." in page
    for hidden in ("calm@example.org", "900123", "greyheron99", "900456", "Grey Heron", "Calm Otter"):
        assert hidden not in page, hidden


def test_the_message_stays_shut_when_it_is_taken(desk: Desk) -> None:
    shut = '<details class="card" data-message><summary>'
    assert shut in desk.page()
    fence = desk.take()
    assert shut in desk.page()
    assert shut in text_of(desk.decide(fence, facts=""))
    assert shut not in text_of(desk.decide(fence, facts="", opened="1")), "it was open when they sent it"
    opened = '<input type="hidden" name="opened" value="1">'
    assert opened in text_of(desk.decide(fence, step="preview", opened="1"))
    assert opened not in text_of(desk.decide(fence, step="preview"))


def test_ways_to_reach_somebody_are_shown_on_the_record(cast: Cast, desk: Desk) -> None:
    shown = text_of(desk.post("look", what="contacts"))
    for piece in ("calm@example.org", "07700 900123", "@greyheron99", "900456"):
        assert piece in shown
    assert "Grey Heron" not in shown and "900123" not in desk.page()
    assert "Letters stand for names, in the words too." in desk.page()
    assert (
        "in the words too" not in shown
        and "are shown in the words now. Letters stand for who wrote." in shown
    )
    assert "look at names and contact details" in list(AuditEntry.objects.values_list("act", flat=True))


def test_names_in_the_words_are_out_of_sight_too(cast: Cast, thread: Thread) -> None:
    Persona.objects.filter(member=cast.lead.member(cast.harbour)).update(handle="Rain")
    send(cast.bob, thread, "grey\n> heron, and Dim Comet, not Grey Herons. It may rain, Rain.")
    sign_as_alias(cast.bob, thread)
    send(cast.bob, thread, "Who are you all?", key_for_alias=alias_key(cast.bob, thread))
    once = "Soft Lamp"
    made = report(cast.bob, send(cast.alice, thread, f"CALM OTTER! {once}!"), note="Grey Heron hurt me.").case
    said = re.sub("<[^>]+>", "", Desk(cast.mona, made).page())
    assert "[A], and [someone], not Grey Herons. It may rain, [someone]." in said
    assert "[B]! [C]!" in said and "[A] hurt me." in said and once not in said
    shown = text_of(Desk(cast.mona, made).post("look", what="contacts"))
    assert f"CALM OTTER! {once}!" in shown and "Dim Comet" in shown


def test_the_name_is_one_press_away_and_on_the_record_once(cast: Cast, desk: Desk) -> None:
    for _ in range(2):
        desk.post("look", what="name")
    assert "Grey Heron" in desk.page() and "Grey Heron" not in Desk(cast.lead, desk.case).page()
    assert list(AuditEntry.objects.values_list("act", flat=True)).count("look at a name") == 1


def test_a_worry_shows_the_name_at_once_and_records_nothing(cast: Cast, thread: Thread) -> None:
    made = report(cast.bob, send(cast.alice, thread), reason=Reason.WORRIED).case
    before = AuditEntry.objects.count()
    assert "Grey Heron" in Desk(cast.mona, made).page()
    assert AuditEntry.objects.count() == before


def test_earlier_problems_by_rule_for_a_name_and_some_or_none_for_a_one_thread_name(
    cast: Cast, thread: Thread
) -> None:
    sign_as_alias(cast.alice, thread)
    with clock.held_at(NOON):
        first = report(cast.bob, send(cast.alice, thread, "You are lazy.")).case
        assert "Earlier problems in this group: none." in Desk(cast.mona, first).page()
        decide(cast.mona, first, Act.HIDE)
        again = report(cast.bob, send(cast.alice, thread, "Lazy again.")).case
        once = report(
            cast.bob, send(cast.alice, thread, "Lazy once more.", key_for_alias=alias_key(cast.alice, thread))
        ).case
        page, hidden = Desk(cast.mona, again).page(), Desk(cast.mona, once).page()
        assert "Be kind." in page and "1 time, fades with the end of August" in page
        assert "Earlier problems: none." in hidden and "1 time" not in hidden, "they are counted apart"
        assert text_of(cast.mona.client.get(Desk(cast.mona, again).list)).count(">Earlier problems<") == 1
    assert "Earlier problems in this group: none." in Desk(cast.mona, again).page(), "it faded"


def test_a_reporter_is_asked_one_thing_without_being_known(cast: Cast, desk: Desk) -> None:
    made = Report.objects.get()
    assert desk.post("ask", report=made.pk, question="").status_code == 422
    assert desk.post("ask", report=made.pk + 1, question="Why?").status_code == 404
    desk.post("ask", report=made.pk, question="What came before?")
    assert "What came before?" in desk.page()
    refused = desk.post("ask", report=made.pk, question="And then?")
    assert refused.status_code == 409 and "One question is enough." in text_of(refused)


def test_no_byte_says_who_it_is(cast: Cast, desk: Desk) -> None:
    """Of the writer, the reporter and colleagues: no account, no tag, no byline, no key of a row about them."""
    fence = desk.take()
    answers = [
        cast.lead.client.get(desk.list), cast.lead.client.get(desk.base), cast.mona.client.get(desk.base),
        desk.decide(fence, step="preview"), desk.post("look", what="contacts"),
    ]  # fmt: skip
    desk.decide(fence)
    answers += [cast.lead.client.get(desk.list), cast.lead.client.get(desk.base)]
    for person in (cast.alice, cast.bob, cast.mona):
        member = person.member(cast.harbour)
        for answer in answers:
            page = answer.content.decode()
            for trace in (
                person.tag(cast.harbour).hex(), person.account.username, str(person.account.pk), str(member.pk),
                person.keyed("report", desk.case.public_id).hex(),
                *(one.public_id for one in member.personas.all()),
            ):  # fmt: skip
                assert trace not in page
    bylines = {line["by"] for line in desk.case.context}
    assert not [one for one in bylines for answer in answers if one in answer.content.decode()]


# --- whose it is ---------------------------------------------------------------------------------------------------
def test_it_is_somebodys_and_the_others_see_that(cast: Cast, desk: Desk) -> None:
    with clock.held_at(NOON.replace(hour=19)):
        desk.take()
        theirs = Desk(cast.lead, desk.case)
        assert "Yours until 20:10" in desk.page()
        assert "A colleague has this until 20:10" in theirs.page() and "Take this" not in theirs.page()
        assert theirs.post("take").status_code == 409
        desk.post("give-back")
        theirs.take()


def test_an_open_page_keeps_it_and_never_takes_it_anew(cast: Cast, desk: Desk) -> None:
    with clock.held_at(NOON):
        fence = desk.take()
    with clock.held_at(NOON + dt.timedelta(minutes=9)):
        assert desk.post("keep", fence=fence).json() == {"until": "13:19"}
    with clock.held_at(NOON + dt.timedelta(minutes=20)):
        late = desk.post("keep", fence=fence)
        assert late.status_code == 409 and "ten minutes are over" in late.json()["message"]
        assert desk.post("keep", fence="x").status_code == 409


# --- deciding ------------------------------------------------------------------------------------------------------
def test_the_person_reads_what_was_shown_before(cast: Cast, desk: Desk) -> None:
    fence = desk.take()
    seen = text_of(desk.decide(fence, message="", step="preview"))
    assert "What they will read" in seen and "We hid your message." in seen and "Be kind." in seen
    assert not Decision.objects.exists()
    changed = text_of(desk.decide(fence, step="preview"))
    assert f'<blockquote dir="auto"><p>{MESSAGE}</p></blockquote>' in changed
    answer = desk.decide(fence)
    assert answer.status_code == 302 and answer["Location"] == desk.list
    decision = Decision.objects.get()
    assert (decision.act, decision.rule_code, decision.facts) == ("hide", "kind", FACTS)
    assert Notice.objects.get().message == MESSAGE


def test_a_suggestion_follows_the_act_until_it_is_changed(desk: Desk) -> None:
    fence = desk.take()
    first = text_of(desk.decide(fence, message="", step="preview"))
    found = re.search(r'name="suggested" value="([^"]+)"', first)
    assert found
    words = found[1].replace("&#x27;", "'")
    other = text_of(desk.decide(fence, act="mute", message=words, suggested=words, step="preview"))
    assert (
        "You can read here, but not write for a while." in other
        and "It holds for 3 days, or up to one more." in other
    )


def test_nothing_is_decided_at_once_and_the_next_takes_the_focus(
    cast: Cast, desk: Desk, thread: Thread
) -> None:
    later = report(cast.bob, send(cast.alice, thread, "Another."), reason=Reason.SPAM).case
    answer = desk.decide(desk.take(), act="nothing", rule="", facts="", message="", step="")
    following = Desk(cast.mona, later)
    assert answer["Location"] == f"{following.base}?after={desk.case.public_id}"
    page = following.page(after=desk.case.public_id)
    assert '<h1 tabindex="-1" autofocus>' in page and f'href="{desk.base}#undo"' in page
    assert "<script>" not in following.page(after="<script>") and "autofocus" not in following.page(after="<")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"act": ""}, "Pick what shall happen."), ({"act": "shout"}, "Pick one of these."),
        ({"rule": ""}, "Pick the line of the group promise"), ({"rule": "x"}, "The promise has changed."),
        ({"facts": "Short."}, "That is too short. Say in a"), ({"act": "ban", "days": "400"}, "1 to 365"),
        ({"act": "heads_up"}, "Pick what the heads-up says."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("step", ["preview", "decide"])
def test_what_is_missing_is_said_and_every_word_is_kept(
    desk: Desk, wrong: dict[str, str], says: str, step: str
) -> None:
    answer = desk.decide(
        desk.take(), **({"facts": FACTS + " Twice.", "message": "My own words."} | wrong), step=step
    )
    page = text_of(answer)
    assert answer.status_code == 422 and says in page
    assert "My own words." in page and (wrong.get("facts") or "Twice.") in page
    assert not Decision.objects.exists() and page.startswith("<!doctype html>")


def test_of_two_at_once_one_decides_and_the_other_keeps_their_words(cast: Cast, desk: Desk) -> None:
    with clock.held_at(NOON):
        fence = desk.take()
    theirs = Desk(cast.lead, desk.case)
    with clock.held_at(NOON + dt.timedelta(minutes=11)):
        theirs.decide(theirs.take(), act="heads_up", heads_up="money")
        answer = desk.decide(fence, act="ban", facts="My long account of it.", message="My own words.")
    page = text_of(answer)
    assert answer.status_code == 409 and "Someone just dealt with this: add a heads-up." in page
    assert "My long account of it." in page and "My own words." in page and "Nothing was sent." in page
    assert Decision.objects.count() == 1


def test_whose_time_ran_out_takes_it_again_with_their_words(desk: Desk) -> None:
    with clock.held_at(NOON):
        fence = desk.take()
    with clock.held_at(NOON + dt.timedelta(minutes=11)):
        late = desk.decide(fence, facts="My long account of it.")
        assert late.status_code == 409 and "Take it again, with these words" in text_of(late)
        back = text_of(
            desk.post("take", act="hide", rule="kind", facts="My long account of it.", fence=fence)
        )
        assert "My long account of it." in back and 'value="hide"' in back
        assert desk.decide(desk.fence(), facts="My long account of it.").status_code == 302


def test_who_does_not_hold_it_decides_nothing(cast: Cast, desk: Desk) -> None:
    fence = desk.take()
    assert Desk(cast.lead, desk.case).decide(fence).status_code == 409
    assert desk.post("answer", fence=fence, outcome="keep", text="No.").status_code == 404
    assert not Decision.objects.exists()


def test_undo_takes_a_reason_and_puts_all_back(cast: Cast, desk: Desk) -> None:
    desk.decide(desk.take())
    listed = text_of(cast.lead.client.get(desk.list))
    assert "Decided lately" in listed and f'href="{desk.base}#undo"' in listed
    theirs = Desk(cast.lead, desk.case)
    assert theirs.post("undo", because="").status_code == 422
    assert theirs.post("undo", because="We misread it.").status_code == 302
    assert Decision.objects.get().undone_because == "We misread it." and not Strike.objects.exists()
    twice = desk.post("undo", because="Again.")
    assert twice.status_code == 409 and "This is undone already." in text_of(twice)
    assert "We misread it." in desk.page()


def test_a_worry_leaves_no_earlier_problem(cast: Cast, thread: Thread) -> None:
    made = report(cast.bob, send(cast.alice, thread), reason=Reason.WORRIED).case
    decide(cast.mona, made, Act.HIDE)
    assert not Strike.objects.exists()
    note = Desk(cast.mona, report(cast.bob, send(cast.alice, thread), reason=Reason.WORRIED).case)
    seen = text_of(note.decide(note.take(), act="note", rule="", facts="", message="", step="preview"))
    assert "You are not in trouble." in seen


def test_a_page_follows_from_where_it_was_made(cast: Cast, desk: Desk) -> None:
    assert 'data-head="1"' in desk.page() and 'data-head="1"' in text_of(cast.mona.client.get(desk.list))
    desk.take()
    assert 'data-head="2"' in desk.page()


def test_a_forged_form_changes_nothing(cast: Cast, desk: Desk) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = cast.mona.client.cookies
    for name in ("take", "decide", "look", "undo"):
        assert strict.post(f"{desk.base}{name}/").status_code == 403
    claim(cast.lead, desk.case)
    assert Case.objects.get(pk=desk.case.pk).state == CaseState.OPEN
