"""What is noted about people is looked at once more where it names somebody, or says how to reach them: a warning, and
never a refusal."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from audit.models import AuditEntry, AuditPayload
from chat.models import Post
from community.errors import NotHere
from core import clock
from research.actions import harm as noting
from research.actions import studies
from research.models import Anchor, FieldNote, FieldNoteRevision, SafetyEntry, Study, StudyGroup, WentOn
from research.selectors import harm, quoting
from tests.people import Cast, Person
from tests.research.studies import Team, make_study
from tests.research.watchers import Field, in_the_field, said_by

pytestmark = pytest.mark.django_db
ONCE = "Not noted yet. Look at this once."
WHY = "Grey Heron, 07700 900123, said it was fine."
REACHED = ["Ring 07700 900123 first.", "She wrote from jo@example.com."]


@pytest.fixture
def team(cast: Cast) -> Team:
    return make_study((cast.harbour, cast.lead))


@pytest.fixture
def field(cast: Cast) -> Field:
    return in_the_field(cast)


def log(team: Team, told: str, who: Person | None = None, **more: str) -> HttpResponse:
    given = {
        "happened_on": clock.today().isoformat(),
        "severity": "mild",
        "related": "no",
        "told": told,
        **more,
    }
    answer: HttpResponse = (who or team.remy).client.post(
        reverse("research:harm", args=[team.study.public_id]), given
    )
    return answer


# --- refusals -------------------------------------------------------------------------------------------------------
def test_nobody_finds_out_by_the_log_who_is_there(cast: Cast, team: Team) -> None:
    """Not an analyst, who sees none of it; and nobody, of a group that was asked and did not say yes."""
    assert {log(team, told, team.ana).status_code for told in ("What grey heron said.", "Words.")} == {404}
    assert not quoting.to_look_at(study=team.study, text="A note about Lone Gull and Meadow Lark.")
    StudyGroup.objects.update(state="asked")
    assert not quoting.to_look_at(study=team.study, text="What grey heron said.")
    StudyGroup.objects.update(state="ended")
    assert quoting.to_look_at(study=team.study, text="What grey heron said.")


# --- the safety log -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("told", ["It was grey HERON who could not sleep.", *REACHED])
def test_a_name_or_a_number_in_the_safety_log_is_asked_about_once_and_can_stay(team: Team, told: str) -> None:
    answer = log(team, told)
    text = answer.content.decode()
    assert answer.status_code == 409 and ONCE in text and not SafetyEntry.objects.exists()
    assert told in text.rpartition("<textarea")[2] and 'href="#id_told"' in text  # nothing typed is lost
    assert log(team, told, as_it_is="1").status_code == 302
    assert [one.what for one in harm.log(desk=team.desk("remy"))] == [told]


def test_other_words_are_noted_at_once(team: Team) -> None:
    assert log(team, "Someone could not sleep. A heron, grey; 24 of them; 0800 1111.").status_code == 302


def test_what_was_done_is_looked_at_too(team: Team) -> None:
    log(team, "Someone could not sleep.")
    entry = SafetyEntry.objects.get()
    url = reverse("research:harm_entry", args=[team.study.public_id, entry.public_id])
    given: dict[str, Any] = {"done": "We wrote to Grey Heron."}
    answer = team.remy.client.post(url, given)
    text = answer.content.decode()
    assert answer.status_code == 409 and text.count(ONCE) == 1 and f'href="#done-{entry.public_id}"' in text
    entry.refresh_from_db()
    assert entry.handled_on is None and "We wrote to Grey Heron." in text
    assert team.remy.client.post(url, given | {"as_it_is": "1"}).status_code == 302


# --- words of an entry taken out --------------------------------------------------------------------------------------
def anew(team: Team, who: Person, **given: str) -> HttpResponse:
    address = reverse("research:harm_entry", args=[team.study.public_id, SafetyEntry.objects.get().public_id])
    answer: HttpResponse = who.client.post(address, given)
    return answer


def test_an_entry_is_worded_anew_by_whoever_may_log_and_by_nobody_else(cast: Cast, team: Team) -> None:
    log(team, WHY, as_it_is="1")
    for who in (team.ana, cast.alice, cast.lead, cast.mona):
        assert anew(team, who, what="Other words.").status_code == 404
    with pytest.raises(NotHere):
        noting.reword(desk=team.desk("ana"), eid=SafetyEntry.objects.get().public_id, words="Other words.")
    with pytest.raises(NotHere):
        noting.reword(desk=team.desk(), eid="zzzz", words="Other words.")
    assert [one.what for one in harm.log(desk=team.desk())] == [WHY]
    assert anew(team, team.ruth, what=" ").status_code == 422


def test_the_words_before_are_gone_and_that_they_were_changed_stays(team: Team) -> None:
    log(team, WHY, as_it_is="1")
    anew(team, team.remy, done="We rang.")
    answer = anew(team, team.ruth, what="It was Calm Otter.")
    eid = SafetyEntry.objects.get().public_id
    text = answer.content.decode()
    assert answer.status_code == 409 and text.count(ONCE) == 1 and f'href="#what-{eid}"' in text
    answer = anew(team, team.ruth, what="Somebody said it was fine.")
    assert answer.status_code == 302
    (one,) = harm.log(desk=team.desk())
    assert (one.what, one.done, one.anew_on) == ("Somebody said it was fine.", "We rang.", clock.today())
    assert WHY not in str(harm.words(one.entry))
    page = team.remy.client.get(reverse("research:harm", args=[team.study.public_id])).content.decode()
    assert "Heron" not in page and "Worded anew on" in page
    anew(team, team.remy, done="We rang again.")
    assert [row.anew_on for row in harm.log(desk=team.desk())] == [clock.today()]
    assert AuditEntry.objects.filter(act="something bad worded anew").count() == 1


# --- a pause, and going on ------------------------------------------------------------------------------------------


def turn(team: Team, who: Person, **given: str) -> HttpResponse:
    address = reverse("research:turn", args=[team.study.public_id])
    answer: HttpResponse = who.client.post(address, given)
    return answer


def to_group(team: Team, cast: Cast, **given: str) -> HttpResponse:
    address = reverse("research:asked_one", args=[cast.harbour.public_id, team.study.public_id])
    answer: HttpResponse = cast.lead.client.post(address, given)
    return answer


def test_nobody_but_its_lead_finds_out_by_a_reason_who_is_there(team: Team) -> None:
    studies.pause(desk=team.desk())
    for who in (team.remy, team.ana):
        assert {turn(team, who, go_on="1", why=why).status_code for why in (WHY, "Words.")} == {404}


def test_why_it_goes_on_is_asked_about_once_and_sealed_beside_the_log(cast: Cast, team: Team) -> None:
    """Lead and researchers read it there; no analyst, no member, and not the record."""
    studies.pause(desk=team.desk())
    answer = turn(team, team.ruth, go_on="1", why=WHY)
    text = answer.content.decode()
    assert answer.status_code == 409 and text.count(ONCE) == 1 and 'href="#id_why"' in text
    assert 'name="as_it_is" value="go_on"' in text and WHY in text.rpartition("<textarea")[2]
    assert Study.objects.get().is_paused and not WentOn.objects.exists()
    assert turn(team, team.ruth, as_it_is="go_on", why=WHY).status_code == 302
    assert not Study.objects.get().is_paused and WHY.encode() not in bytes(WentOn.objects.get().sealed)
    assert not [one for one in AuditPayload.objects.values_list("payload", flat=True) if "Heron" in one]
    url = reverse("research:harm", args=[team.study.public_id])
    for who in (team.ruth, team.remy):
        assert WHY in who.client.get(url).content.decode()
    assert [who.client.get(url).status_code for who in (team.ana, cast.alice, cast.lead)] == [404] * 3
    with pytest.raises(NotHere):
        harm.reasons(desk=team.desk("ana"))


def test_a_pause_holds_at_once_and_its_word_is_looked_at(cast: Cast, team: Team) -> None:
    answer = to_group(team, cast, pause="1", note=WHY)
    text = answer.content.decode()
    assert answer.status_code == 409 and text.count(ONCE) == 1 and WHY in text.rpartition("<textarea")[2]
    assert 'name="as_it_is" value="pause"' in text and "Send the word" in text
    assert Study.objects.get().is_paused and StudyGroup.objects.get().note == ""
    assert to_group(team, cast, as_it_is="pause", note=WHY).status_code == 302
    assert StudyGroup.objects.get().note == WHY


def test_taking_the_yes_back_is_looked_at_and_nothing_else_is_done(cast: Cast, team: Team) -> None:
    assert to_group(team, cast, back="1", note=WHY).status_code == 409
    assert StudyGroup.objects.get().state == "agreed"
    assert to_group(team, cast, as_it_is="nonsense", note="x").status_code == 404
    assert to_group(team, cast, back="1", note="Other words.").status_code == 302


def test_a_lead_finds_out_of_no_name_in_another_group(cast: Cast, team: Team) -> None:
    """Words with a name of another group of the study are sent at once, as any others are."""
    theirs = "We asked High Stone."
    StudyGroup.objects.create(study=team.study, group=cast.meadow, state="agreed", asked_on=clock.today())
    assert quoting.to_look_at(study=team.study, text=theirs)
    assert not quoting.to_look_at(study=team.study, text=theirs, here=cast.harbour)
    assert to_group(team, cast, pause="1", note=theirs).status_code == 302


# --- field notes ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("text", REACHED)
def test_a_number_in_a_note_is_asked_about_once_and_can_stay(field: Field, text: str) -> None:
    new = reverse("research:note_new", args=[field.sid])
    given = {"gid": field.cast.harbour.public_id, "kind": "reflexive", "text": text, "codes": "nights"}
    answer = field.rosa.client.post(new, given)
    assert answer.status_code == 409 and ONCE in answer.content.decode() and not FieldNote.objects.exists()
    assert field.rosa.client.post(new, given | {"as_it_is": "1"}).status_code == 302
    note = reverse("research:note", args=[field.sid, FieldNote.objects.get().public_id])
    given = {"text": "Other words.", "codes": text}
    assert field.rosa.client.post(note, given).status_code == 409 and FieldNoteRevision.objects.count() == 1
    assert field.rosa.client.post(note, given | {"as_it_is": "1"}).status_code == 302


def test_beside_a_message_too_and_a_name_is_refused_all_the_same(field: Field) -> None:
    post: Post = said_by(field.cast.alice, field)
    url = reverse("research:note_on", args=[field.cast.harbour.public_id, post.public_id])
    given = {"passage": "The nights are long", "kind": "observational", "nid": ""}
    assert field.rosa.client.post(url, given | {"text": REACHED[0]}).status_code == 409
    named = field.rosa.client.post(url, given | {"text": "What grey heron said.", "as_it_is": "1"})
    assert named.status_code == 422 and not Anchor.objects.exists()
    assert field.rosa.client.post(url, given | {"text": REACHED[0], "as_it_is": "1"}).status_code == 302
