"""Answering questions over time: refusals first, then each answer there once, whatever happens on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from community.errors import MayNot, NotHere
from core import clock
from core.sealing import SealBroken
from core.text import tidy
from research import sealed
from research.actions import departing, documents, waves
from research.enums import Agreement, Item, Missing, Scope, StudyState, TaskState
from research.models import Participant, Response, Study, StudyGroup, Wave, WaveTask
from research.selectors import parts
from tests.hostile import corpora, pages
from tests.people import Cast, Person
from tests.research.consenting import say, settings
from tests.research.questions import CALM, END, LAST, WAVES, asking, at, in_days, joined, send
from tests.scenes import same

pytestmark = pytest.mark.django_db


@pytest.fixture
@same
def study(cast: Cast) -> Study:
    """Alice said yes to questions; bob said no to all of it."""
    study = asking(cast.harbour)
    joined(cast.alice, cast.harbour, study)
    say(cast.bob, cast.harbour, study, {})
    return study


def where(who: Person, cast: Cast, study: Study, number: int = 1) -> dict[str, Any]:
    return {
        "here": who.here(cast.harbour),
        "sid": study.public_id,
        "number": number,
        "key_of": who.keyed,
    }


def rows() -> dict[tuple[str, str], Any]:
    """Every answer, as it is stored."""
    return {
        (row.instrument, row.item): row.value if row.value is not None else row.missing or bytes(row.sealed)
        for row in Response.objects.all()
    }


def page(who: Person, url: str) -> str:
    answer = who.client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


# --- refusals -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "who", ["bob", "lena", "muted", "mona", "lead", "barred", "weak", "ned", "olga", "nobody"]
)
def test_whoever_has_no_round_finds_none(cast: Cast, study: Study, who: str) -> None:
    client = cast.nobody if who == "nobody" else getattr(cast, who).client
    missing = client.get(at(cast.harbour, study).replace(study.public_id, "NoSuchStudyHere"))
    for answer in (
        client.get(at(cast.harbour, study)),
        client.post(at(cast.harbour, study), {"then": "finish"}),
    ):
        assert answer.status_code == missing.status_code == 404
    assert client.get(at(cast.harbour, study)).content == missing.content
    assert not Response.objects.exists()


def test_a_round_that_is_not_there_is_not_there(cast: Cast, study: Study) -> None:
    for number in ("0", "3", "999999999999999999", "x", "1x", "01x", "-1"):
        url = at(cast.harbour, study).replace("/1/", f"/{number}/")
        assert url.endswith(f"questions/{number}/") and cast.alice.client.get(url).status_code == 404
    assert cast.alice.client.get(at(cast.meadow, study)).status_code == 404


def test_no_action_answers_for_somebody_else(cast: Cast, study: Study) -> None:
    for act in (
        lambda: waves.save(**where(cast.bob, cast, study), page=0, given={}),
        lambda: waves.finish(**where(cast.bob, cast, study)),
        lambda: waves.decline(**where(cast.bob, cast, study)),
        lambda: waves.finish(**where(cast.alice, cast, study) | {"key_of": cast.bob.keyed}),
    ):
        with pytest.raises(NotHere):
            act()


def _pause(cast: Cast, study: Study) -> None:
    Study.objects.update(is_paused=True)


def _close(cast: Cast, study: Study) -> None:
    Study.objects.update(state=StudyState.CLOSED, closed_on=clock.today())


def _group_ends(cast: Cast, study: Study) -> None:
    StudyGroup.objects.update(state=Agreement.ENDED)


def _change(cast: Cast, study: Study) -> None:
    documents.publish(
        study=study, settings=settings(cast.harbour, waves=WAVES, reads="More."), is_material=True
    )


def _no_questions(cast: Cast, study: Study) -> None:
    say(cast.alice, cast.harbour, study, {})


def _stop(cast: Cast, study: Study) -> None:
    departing.leave(group=cast.harbour, sid=study.public_id, scope=Scope.STOP, key_of=cast.alice.keyed)


CLOSED: list[tuple[Callable[[Cast, Study], None], str]] = [
    (_pause, "stopped for now"), (_close, "over here"), (_group_ends, "over here"), (_change, "has changed"),
    (_no_questions, "said no to questions"), (_stop, "left this study"),
]  # fmt: skip


@pytest.mark.parametrize(("close", "says"), CLOSED, ids=[close.__name__ for close, _ in CLOSED])
def test_what_takes_no_answers_says_so_kindly(
    cast: Cast, study: Study, close: Callable[[Cast, Study], None], says: str
) -> None:
    url = at(cast.harbour, study)
    send(cast.alice, url, given={"unkind": 1})
    kept = rows()
    close(cast, study)
    shown = page(cast.alice, url)
    assert says in shown and "<fieldset" not in shown
    for then in ("on", "back", "finish", "decline"):
        answer = send(cast.alice, url, then=then, given={"unkind": 3})
        assert answer.status_code == 409 and says in answer.content.decode()
    assert rows() == kept and WaveTask.objects.get(wave__number=1).done_on is None


def test_who_left_with_everything_has_nothing_left(cast: Cast, study: Study) -> None:
    send(cast.alice, at(cast.harbour, study), given={"unkind": 1})
    departing.leave(group=cast.harbour, sid=study.public_id, scope=Scope.DELETE, key_of=cast.alice.keyed)
    assert cast.alice.client.get(at(cast.harbour, study)).status_code == 404
    assert not Response.objects.exists() and not WaveTask.objects.exists()


# --- days -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("number", "days", "opens"),
    [
        (1, 0, True),
        (1, 13, True),
        (1, 14, False),
        (2, 27, False),
        (2, 28, True),
        (2, 34, True),
        (2, 35, False),
    ],
)
def test_it_opens_and_closes_by_its_days_alone(
    cast: Cast, study: Study, number: int, days: int, opens: bool
) -> None:
    url = at(cast.harbour, study, number)
    with in_days(days, cast.alice):
        assert ("<fieldset" in page(cast.alice, url)) is opens
        assert send(cast.alice, url).status_code == (302 if opens else 409)
        assert Response.objects.exists() is opens


def test_each_has_a_clock_of_their_own(cast: Cast, study: Study) -> None:
    with in_days(10):
        joined(cast.mona, cast.harbour, study)
    for who, days in ((cast.alice, 28), (cast.mona, 38)):
        with in_days(days, who):
            assert "<fieldset" in page(who, at(cast.harbour, study, 2))
        with in_days(days - 1, who):
            assert "These questions open on" in page(who, at(cast.harbour, study, 2))


def test_rounds_are_made_once_and_come_back_to_who_says_yes_again(cast: Cast, study: Study) -> None:
    send(cast.alice, at(cast.harbour, study), given={"unkind": 1})
    before = list(WaveTask.objects.order_by("id").values())
    participant = Participant.objects.get(tasks__isnull=False, tasks__wave__number=1)
    with in_days(3):
        waves.begin(participant=participant, on=clock.today())
        assert list(WaveTask.objects.order_by("id").values()) == before
        say(cast.alice, cast.harbour, study, {Item.ACTIVITY: True})
        assert set(WaveTask.objects.values_list("state", flat=True)) == {TaskState.CANCELLED}
        joined(cast.alice, cast.harbour, study)
        assert list(WaveTask.objects.order_by("id").values()) == before
    with pytest.raises(IntegrityError), transaction.atomic():
        WaveTask.objects.create(
            participant=participant, wave=Wave.objects.get(number=1), opens_on=clock.today(),
            closes_on=clock.today(),
        )  # fmt: skip


def test_what_was_approved_is_what_is_asked(cast: Cast, study: Study) -> None:
    waves.prepare(study=study, settings={"waves": WAVES})
    assert Wave.objects.count() == 2
    for changed, says in (
        ({"week": 1}, "fixed already"), ({"number": 3, "instruments": [["nothing", "1"]]}, "not here"),
        ({"number": 3, "instruments": [["osss", "0"]]}, "not here"),
        ({"number": 3, "instruments": [["gad7", "1"], ["gad7", "1"]]}, "twice"),
    ):  # fmt: skip
        with pytest.raises(MayNot, match=says):
            waves.prepare(study=study, settings={"waves": [WAVES[0] | changed]})
    with pytest.raises(IntegrityError), transaction.atomic():
        Wave.objects.update(week=9)
    assert Wave.objects.count() == 2


def test_another_set_under_the_same_name_is_not_asked(cast: Cast) -> None:
    study = asking(cast.harbour, rounds=[])
    sets = [["gad7", "1", "0" * 64]]
    Wave.objects.create(study=study, number=1, week=0, open_days=9, instruments=sets)
    joined(cast.alice, cast.harbour, study)
    assert cast.alice.client.get(at(cast.harbour, study)).status_code == 404


# --- answering ------------------------------------------------------------------------------------------------------
def test_a_whole_round(cast: Cast, study: Study) -> None:
    url = at(cast.harbour, study)
    assert "how often did this happen in this group?" in page(cast.alice, url)
    assert "What brought you to this group?" in page(cast.alice, f"{url}?page={LAST}")
    answer = send(cast.alice, url, 1, given={"unkind": 1, "upset": "", "advice": 0})
    assert answer.status_code == 302 and answer["Location"] == f"{url}?page=2"
    assert WaveTask.objects.get(wave__number=1).state == TaskState.STARTED
    send(cast.alice, url, 2, given={"pushed": 3, "worse": 2})
    assert "Take a moment" in page(cast.alice, f"{url}?page={CALM}")
    send(cast.alice, url, 4, given={"same": 1, "ask": 0, "alone": 1, "read": 1})
    answer = send(cast.alice, url, LAST, given={"give": 1, "words": "A friend,\r\nyears ago."})
    assert answer["Location"] == f"{url}?page={END}" and "That was the last page" in page(cast.alice, url)
    assert send(cast.alice, url, END, then="finish").status_code == 302
    found = rows()
    assert found.pop(("brought", "words")) not in (b"", None)
    assert found == {
        ("bad_moments", "unkind"): 1, ("bad_moments", "upset"): Missing.REFUSED, ("bad_moments", "advice"): 0,
        ("bad_moments", "left_out"): Missing.REFUSED, ("bad_moments", "pushed"): 3, ("bad_moments", "worse"): 2,
        ("brought", "same"): 1, ("brought", "ask"): 0, ("brought", "alone"): 1, ("brought", "read"): 1,
        ("brought", "give"): 1, ("brought", "elsewhere"): Missing.REFUSED,
    }  # fmt: skip
    task = WaveTask.objects.get(wave__number=1)
    assert task.state == TaskState.DONE and task.done_on == clock.today()
    assert "You are done" in page(cast.alice, url)


def test_one_comes_back_to_what_was_not_asked_yet(cast: Cast, study: Study) -> None:
    url = at(cast.harbour, study)
    send(cast.alice, url, 1, given={"unkind": 1})
    assert "I felt pushed" in page(cast.alice, url)
    assert send(cast.alice, url, 2, then="back")["Location"] == f"{url}?page=1"
    shown = page(cast.alice, f"{url}?page=1")
    assert shown.count(" checked") == 4  # one choice, three times "skip"
    for odd in ("0", "7", "999999", "-1", "x", "²", ""):
        assert "I read advice" not in page(cast.alice, f"{url}?page={odd}")


def test_free_words_are_sealed_for_their_round_and_shown_to_their_writer(cast: Cast, study: Study) -> None:
    url = at(cast.harbour, study)
    send(cast.alice, url, LAST, given={"words": "Only <b>Ruth</b> knew."})
    row = Response.objects.select_related("task__participant__study").get(item="words")
    part = row.task.participant
    assert row.value is None and row.missing is None and b"Ruth" not in bytes(row.sealed)
    opened = sealed.unseal(study=part.study, sealed=row.sealed, place=parts.place_of(part.pid, row))
    assert opened == b"Only <b>Ruth</b> knew."
    assert "Only &lt;b&gt;Ruth&lt;/b&gt; knew." in page(cast.alice, f"{url}?page={LAST}")
    row.task = WaveTask.objects.get(wave__number=2)
    with pytest.raises(SealBroken):
        sealed.unseal(study=part.study, sealed=row.sealed, place=parts.place_of(part.pid, row))
    send(cast.alice, url, 1, given={"unkind": 2})
    said = {one["question"]: one["answer"] for one in parts.answers(participant=part)}
    assert said["Is there anything else? Say it in your own words."] == opened.decode()
    assert said["Someone was unkind to me."] == "A few times" and said["To help others"] == ""


@pytest.mark.parametrize(
    "given", [{"give": "99"}, {"give": "x"}, {"words": "x" * 2001}, {"give": "1", "words": "y" * 9999}]
)
def test_bad_input_loses_nothing_and_keeps_nothing(cast: Cast, study: Study, given: dict[str, str]) -> None:
    answer = send(cast.alice, at(cast.harbour, study), LAST, given={"elsewhere": 1, "words": "Some."} | given)
    shown = answer.content.decode()
    assert answer.status_code == 422 and 'id="errors"' in shown
    assert given.get("words", "Some.") in shown and " checked" in shown
    assert not Response.objects.exists()


def test_whatever_is_typed_is_kept_as_text_and_runs_nowhere(cast: Cast, study: Study) -> None:
    url, kept = at(cast.harbour, study), 0
    for line in corpora.for_field(3):
        typed = line.encode(errors="replace").decode()  # no browser sends half a letter
        answer = send(cast.alice, url, LAST, given={"words": typed})
        shown = (
            answer.content.decode() if answer.status_code == 422 else page(cast.alice, f"{url}?page={LAST}")
        )
        found = pages.read(shown)
        assert not found.dangers and answer.status_code in {302, 422}
        if answer.status_code == 302:
            kept += 1
            assert pages.plain(tidy(typed)) in {pages.plain(one) for one in found.shown}
    assert kept > 5


def test_two_tabs_and_a_second_press_leave_one_answer(cast: Cast, study: Study) -> None:
    url = at(cast.harbour, study)
    for value in (1, 1, 2):
        send(cast.alice, url, given={"unkind": value})
    assert rows()["bad_moments", "unkind"] == 2 and Response.objects.count() == 4
    row = Response.objects.get(item="unkind")
    with pytest.raises(IntegrityError), transaction.atomic():
        Response.objects.create(task=row.task, instrument="bad_moments", item="unkind", value=1, study_day=0)
    for _ in range(2):
        assert send(cast.alice, url, then="finish").status_code == 302
    kept = rows()
    assert kept["brought", "words"] == kept["bad_moments", "worse"] == Missing.NOT_SHOWN
    assert (
        send(cast.alice, url, given={"unkind": 3}).status_code == 409
    )  # the other tab, which was open still
    assert rows() == kept and len(kept) == 13


def test_an_empty_tab_takes_nothing_away_and_a_changed_one_does(cast: Cast, study: Study) -> None:
    """What a tab said nothing to stays as another one kept it: a choice, and words."""
    url, words = at(cast.harbour, study), "A quiet night."
    last = {"page": str(LAST), "then": "on", "q-words": ""}
    send(cast.alice, url, given={"unkind": 1})
    send(cast.alice, url, LAST, given={"words": words})
    send(cast.alice, url)
    cast.alice.client.post(url, last | {"initial-q-words": ""})
    assert rows()["bad_moments", "unkind"] == 1
    assert (
        f'name="initial-q-words" value="{words}"'
        in cast.alice.client.get(f"{url}?page={LAST}").content.decode()
    )
    send(cast.alice, url, given={"unkind": ""})
    cast.alice.client.post(url, last | {"initial-q-words": words})
    assert rows()["bad_moments", "unkind"] == rows()["brought", "words"] == Missing.REFUSED


def test_what_breaks_off_leaves_the_page_as_it_was(
    cast: Cast, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = at(cast.harbour, study)
    send(cast.alice, url, 1, given={"unkind": 1})
    kept, real = rows(), waves._row

    def cut(*given: Any, code: str, **more: Any) -> Any:
        if code in {"worse", "words"}:
            raise ConnectionError
        return real(*given, code=code, **more)

    monkeypatch.setattr(waves, "_row", cut)
    for then in ("on", "finish"):
        with pytest.raises(ConnectionError):
            send(cast.alice, url, 2, then=then, given={"pushed": 1})
    assert rows() == kept and WaveTask.objects.get(wave__number=1).state == TaskState.STARTED


def test_leaving_one_round_out_needs_no_reason(cast: Cast, study: Study) -> None:
    url = at(cast.harbour, study)
    send(cast.alice, url, 1, given={"unkind": 1})
    kept = rows()
    for _ in range(2):
        assert send(cast.alice, url, 2, then="decline", given={"pushed": 3}).status_code == 302
    assert rows() == kept and "You left these questions out" in page(cast.alice, url)
    with in_days(28, cast.alice):
        assert "<fieldset" in page(cast.alice, at(cast.harbour, study, 2))


def test_a_calm_page_follows_what_can_hurt_and_nothing_else(cast: Cast, study: Study) -> None:
    url = at(cast.harbour, study)
    calm = [nth for nth in range(1, END + 1) if "Take a moment" in page(cast.alice, f"{url}?page={nth}")]
    assert calm == [CALM]
    shown = page(cast.alice, f"{url}?page={CALM}")
    for said in ("Get help now", "Need help now?", "Tell the team of this group", 'class="strip"'):
        assert said in shown


def test_a_longer_round_asks_the_database_no_more(cast: Cast) -> None:
    sets = [[code, "1"] for code in ("gad7", "phq8", "ucla3", "ons4", "heard")]
    one = asking(cast.harbour, rounds=[WAVES[0] | {"instruments": sets[:1]}])
    many = asking(cast.meadow, rounds=[WAVES[0] | {"instruments": sets}])
    costs = []
    for study, group in ((one, cast.harbour), (many, cast.meadow)):
        joined(cast.alice, group, study)
        send(cast.alice, at(group, study), 1)
        for act in (lambda url: page(cast.alice, url), lambda url: send(cast.alice, url, 1)):
            with CaptureQueriesContext(connection) as queries:
                act(at(group, study))
            costs.append(len(queries))
    assert costs[:2] == costs[2:]
