"""Questions left open: going back skips nothing, a page not kept says so, and the last page counts them."""

from __future__ import annotations

import re

import pytest

from research.enums import Missing, StudyState
from research.models import Response, Study, WaveTask
from research.views import waves as views
from tests.people import Cast, Person
from tests.research.questions import END, LAST, WAVES, asking, at, joined, send
from tests.scenes import same

pytestmark = pytest.mark.django_db
LOST = "The page you just sent was not kept."
GOES_ON = "Once the study goes on, you find it open."
A_LIST = [WAVES[0] | {"instruments": [["ons4", "1"]]}]  # 0 to 10: lists to open


@pytest.fixture
@same
def study(cast: Cast) -> Study:
    study = asking(cast.harbour)
    joined(cast.alice, cast.harbour, study)
    return study


def rows() -> dict[str, int | None]:
    return {row.item: row.missing if row.value is None else row.value for row in Response.objects.all()}


def shown(who: Person, url: str) -> str:
    answer = who.client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


# --- a page that is not kept ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("then", ["on", "back"])
def test_a_page_sent_in_a_pause_says_that_it_was_not_kept(cast: Cast, study: Study, then: str) -> None:
    url = at(cast.harbour, study)
    send(cast.alice, url, 1, given={"unkind": 1})
    kept = rows()
    Study.objects.update(is_paused=True)
    assert LOST not in shown(cast.alice, url)
    answer = send(cast.alice, url, 2, then=then, given={"pushed": 3})
    said = answer.content.decode()
    assert answer.status_code == 409 and f"{LOST} {GOES_ON}" in said and 'role="alert"' in said
    assert "What you answered before is kept." in said and rows() == kept
    Study.objects.update(is_paused=False)
    assert "I felt pushed" in shown(cast.alice, url) and LOST not in shown(cast.alice, url)


@pytest.mark.parametrize("then", ["finish", "decline"])
def test_who_sent_no_page_lost_none(cast: Cast, study: Study, then: str) -> None:
    Study.objects.update(is_paused=True)
    answer = send(cast.alice, at(cast.harbour, study), END, then=then)
    assert answer.status_code == 409 and LOST not in answer.content.decode()


def test_what_does_not_go_on_promises_nothing(cast: Cast, study: Study) -> None:
    Study.objects.update(state=StudyState.CLOSED)
    answer = send(cast.alice, at(cast.harbour, study), given={"unkind": 3})
    said = answer.content.decode()
    assert answer.status_code == 409 and LOST in said and GOES_ON not in said


def test_a_pause_that_comes_while_a_page_is_taken_in_says_so_too(
    cast: Cast, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = views._form

    def and_a_pause(*given: object, **more: object) -> object:
        Study.objects.update(is_paused=True)
        return real(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(views, "_form", and_a_pause)
    answer = send(cast.alice, at(cast.harbour, study), given={"unkind": 3})
    assert answer.status_code == 409 and f"{LOST} {GOES_ON}" in answer.content.decode() and not rows()


# --- going back -----------------------------------------------------------------------------------------------------
def test_going_back_with_nothing_chosen_skips_nothing(cast: Cast, study: Study) -> None:
    url = at(cast.harbour, study)
    send(cast.alice, url, 1, given={"unkind": 1})
    kept = rows()
    answer = send(cast.alice, url, 2, then="back")
    assert answer.status_code == 302 and answer["Location"] == f"{url}?page=1" and rows() == kept
    again = shown(cast.alice, url)
    assert "I felt pushed" in again and " checked" not in again


def test_going_back_keeps_what_was_chosen_and_what_was_skipped_by_hand(cast: Cast, study: Study) -> None:
    url = at(cast.harbour, study)
    send(cast.alice, url, 1)
    send(cast.alice, url, 2, then="back", given={"pushed": 3})
    assert rows()["pushed"] == 3 and "worse" not in rows()
    again = shown(cast.alice, url)
    assert "I felt pushed" in again and again.count(" checked") == 1
    send(cast.alice, url, 2, then="back", given={"worse": ""})
    assert rows()["worse"] == Missing.REFUSED and rows()["pushed"] == 3


def test_what_was_skipped_on_purpose_stays_skipped(cast: Cast, study: Study) -> None:
    url = at(cast.harbour, study)
    send(cast.alice, url, 1)
    send(cast.alice, url, 2)
    for nth in (2, 1):
        send(cast.alice, url, nth, then="back")
    assert set(rows().values()) == {Missing.REFUSED} and len(rows()) == 6
    assert "I felt pushed" not in shown(cast.alice, url)
    assert shown(cast.alice, f"{url}?page=2").count(" checked") == 2


def test_going_back_from_empty_words_leaves_them_open(cast: Cast, study: Study) -> None:
    url = at(cast.harbour, study)
    cast.alice.client.post(
        url, {"page": str(LAST), "then": "back", "q-words": "", "initial-q-words": "", "q-give": "1"}
    )
    assert rows() == {"give": 1}


def test_a_round_of_which_nothing_is_kept_has_not_begun(cast: Cast, study: Study) -> None:
    send(cast.alice, at(cast.harbour, study), 2, then="back")
    assert not rows() and WaveTask.objects.get(wave__number=1).state == "waiting"


def test_a_list_to_open_is_open_until_something_is_picked(cast: Cast) -> None:
    """As a browser sends it: the line that shows, whether somebody picked it or not."""
    study = asking(cast.harbour, rounds=A_LIST)
    joined(cast.alice, cast.harbour, study)
    url = at(cast.harbour, study)

    def press(then: str, **picked: str) -> int:
        page = shown(cast.alice, f"{url}?page=1")
        data = {"page": "1", "then": then}
        for name, inside in re.findall(r'<select name="(q-\w+)".*?>(.*?)</select>', page, re.DOTALL):
            lines = re.findall(r'<option value="([^"]*)"( selected)?', inside)
            data[name] = next((value for value, is_on in lines if is_on), lines[0][0])
        data |= dict(re.findall(r'type="hidden" name="(initial-q-\w+)" value="([^"]*)"', page))
        return cast.alice.client.post(
            url, data | {f"q-{code}": value for code, value in picked.items()}
        ).status_code

    assert shown(cast.alice, url).count('<option value="-" selected>Not answered yet') == 4
    assert press("back", happy="7") == 302 and rows() == {"happy": 7}
    assert shown(cast.alice, url).count("Not answered yet") == 3
    old = {"page": "1", "then": "on", "q-happy": "-", "initial-q-happy": "-"}  # a tab from before
    for sent in (old, {name: value for name, value in old.items() if "initial" not in name}):
        assert cast.alice.client.post(url, sent | {"then": "back"}).status_code == 302 and rows() == {
            "happy": 7
        }
    assert press("on") == 302 and sorted(rows().values()) == [Missing.REFUSED] * 3 + [7]
    assert "Not answered yet" not in shown(cast.alice, f"{url}?page=1")


# --- before it is final ---------------------------------------------------------------------------------------------
def test_the_last_page_counts_what_is_open_and_skipped(cast: Cast, study: Study) -> None:
    url = at(cast.harbour, study)
    last = f"{url}?page={END}"
    said = shown(cast.alice, last)
    assert "13 questions are still open." in said and "skipped" not in said
    send(cast.alice, url, 1, given={"unkind": 0, "upset": 1, "advice": 1, "left_out": 2})
    send(cast.alice, url, 2, then="back", given={"pushed": 0})
    send(cast.alice, url, 4, given={"same": 1, "ask": 0, "alone": 1, "read": 1})
    send(cast.alice, url, LAST, given={"give": 1})
    said = shown(cast.alice, last)
    assert "1 question is still open." in said and "You skipped 2 questions." in said
    assert '<a class="tap" href="?page=2">' in said and "I felt pushed" in shown(cast.alice, f"{url}?page=2")
    send(cast.alice, url, 2, given={"worse": 2})
    said = shown(cast.alice, last)
    assert "still open" not in said and f'<a class="tap" href="?page={LAST}">' in said


def test_the_last_page_counts_nothing_where_all_is_answered(cast: Cast) -> None:
    study = asking(cast.harbour, rounds=A_LIST)
    joined(cast.alice, cast.harbour, study)
    url = at(cast.harbour, study)
    send(cast.alice, url, given=dict.fromkeys(re.findall(r'name="q-(\w+)"', shown(cast.alice, url)), 0))
    said = shown(cast.alice, url)
    assert "I am done" in said and "skipped" not in said and "without an answer" not in said
