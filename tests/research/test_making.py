"""Files are made beside requests: what waits outlives a restart, is given out once, and not once it has changed."""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from chat.actions.posts import delete_post
from community.errors import MayNot, NotHere
from core import clock
from research import beside
from research.actions import departing, exports, making
from research.actions.exports import Asked
from research.enums import ExportState, ExportTier, Scope, Wanted
from research.files import pipeline
from research.models import Colleague, Export, Study
from tests.chat.saying import face
from tests.people import Cast
from tests.research.consenting import ALL, say
from tests.research.filing import SAID, Filing, filing, opened, writes
from tests.scenes import same

pytestmark = pytest.mark.django_db


@pytest.fixture
@same
def made(cast: Cast) -> Filing:
    return filing(cast)


def url(made: Filing, name: str, export: Export) -> str:
    return reverse(f"research:{name}", args=[made.sid, export.public_id])


def asked(made: Filing) -> Export:
    return exports.ask(desk=made.desk(), asked=Asked(tier=ExportTier.T0, last_round=1))


def ready(made: Filing, **more: Any) -> Export:
    """A file that was made to be fetched."""
    export = made.let_go(**more)
    making.want(desk=made.desk(), fid=export.public_id, what=Wanted.FETCH)
    making.make_wanted()
    return export


def now(export: Export) -> Export:
    return Export.objects.get(pk=export.pk)


# --- who may not ----------------------------------------------------------------------------------------------------
def test_only_who_may_has_it_made(made: Filing) -> None:
    export = made.checked()
    for who, what in (
        ("ruth", Wanted.DECIDE),
        ("ana", Wanted.DECIDE),
        ("ana", Wanted.FETCH),
        ("remy", Wanted.CHECK),
    ):
        with pytest.raises(NotHere):
            making.want(desk=made.desk(who), fid=export.public_id, what=what)
    assert not making.is_wanted()


def test_nor_while_the_study_stands_still(made: Filing) -> None:
    export = made.checked()
    Study.objects.update(is_paused=True)
    with pytest.raises(MayNot, match="paused"):
        making.want(desk=made.desk("remy"), fid=export.public_id, what=Wanted.DECIDE)


def test_who_left_the_team_meanwhile_decides_nothing(made: Filing) -> None:
    export = made.checked()
    making.want(desk=made.desk("remy"), fid=export.public_id, what=Wanted.DECIDE)
    Colleague.objects.filter(key=bytes(now(export).wanted_by or b"")).delete()
    making.make_wanted()
    assert now(export).state == ExportState.WAITING and not now(export).wanted


# --- what waits -----------------------------------------------------------------------------------------------------
def test_the_page_says_that_it_is_being_made(made: Filing, monkeypatch: pytest.MonkeyPatch) -> None:
    stepped_back: list[int] = []
    monkeypatch.setattr(os, "nice", stepped_back.append)  # the tests after this one do not
    export, ruth = asked(made), made.people["ruth"]
    page = ruth.client.get(url(made, "file", export)).content.decode()
    assert "It is being made now" in page and "Look again" in page and 'name="check"' not in page
    call_command("files")
    page = ruth.client.get(url(made, "file", export)).content.decode()
    assert "It is being made now" not in page and now(export).state == ExportState.WAITING
    assert stepped_back == [10], "pages come first"


def test_what_was_begun_and_not_ended_is_begun_again(made: Filing, monkeypatch: pytest.MonkeyPatch) -> None:
    export = asked(made)

    class Ends(BaseException):
        """The process is ended."""

    def ends(*_: Any, **__: Any) -> None:
        raise Ends

    with monkeypatch.context() as patched:
        patched.setattr(pipeline, "make", ends)
        with pytest.raises(Ends):
            making.make_wanted()
    assert now(export).wanted == Wanted.CHECK and now(export).tries == 1
    making.make_wanted()
    assert now(export).state == ExportState.WAITING and not now(export).wanted


def test_not_for_ever(made: Filing) -> None:
    export = asked(made)
    Export.objects.update(tries=making.MOST_TRIES)
    making.make_wanted()
    assert now(export).state == ExportState.READING and "could not be made" in now(export).refusal


def test_what_goes_wrong_is_told_without_a_word_of_it(
    made: Filing, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*_: Any, **__: Any) -> None:
        raise ValueError(SAID)

    export = asked(made)
    monkeypatch.setattr(pipeline, "make", breaks)
    making.make_wanted()
    assert "could not be made" in now(export).refusal and not now(export).wanted
    assert SAID not in caplog.text and "ValueError" in caplog.text


def test_one_process_at_a_time_and_none_for_nothing(made: Filing, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[list[str]] = []

    class Child:
        over: int | None = None

        def __init__(self, command: list[str], **_: Any) -> None:
            begun.append(command)

        def poll(self) -> int | None:
            return self.over

    monkeypatch.setattr(beside.subprocess, "Popen", Child)
    monkeypatch.setattr(beside, "_child", None)
    beside.start()
    assert not begun
    asked(made)
    beside.start()
    beside.start()
    assert len(begun) == 1 and begun[0][-1] == "files"
    Child.over = 0
    beside.start()
    assert len(begun) == 2


# --- what was made --------------------------------------------------------------------------------------------------
def test_it_is_given_out_once(made: Filing) -> None:
    export, ruth = ready(made), made.people["ruth"]
    assert b"Save the file" in ruth.client.get(url(made, "file", export)).content
    answer = ruth.client.post(url(made, "file_fetch", export))
    assert answer.status_code == 200 and "manifest.json" in opened(answer.content)
    assert (
        now(export).sealed_made is None
        and b"Save the file" not in ruth.client.get(url(made, "file", export)).content
    )
    assert ruth.client.post(url(made, "file_fetch", export)).status_code == 302
    assert now(export).wanted == Wanted.FETCH


def test_not_to_who_may_not_fetch(cast: Cast, made: Filing) -> None:
    export = ready(made)
    for client in (made.people["ana"].client, cast.alice.client, cast.nobody):
        assert client.post(url(made, "file_fetch", export)).status_code == 404
    assert now(export).sealed_made is not None


def test_not_once_somebody_has_left(cast: Cast, made: Filing) -> None:
    writes(cast.alice, made, SAID)
    export = ready(made, messages=True)
    departing.leave(group=cast.harbour, sid=made.sid, scope=Scope.EXCLUDE, key_of=cast.alice.keyed)
    assert now(export).sealed_made is None  # at once, whoever asks for it
    assert making.take(desk=made.desk(), fid=export.public_id) is None


def test_nor_once_something_was_taken_back(cast: Cast, made: Filing) -> None:
    writes(cast.alice, made, SAID)
    export = ready(made, messages=True)
    say(cast.alice, cast.harbour, made.study, dict.fromkeys(ALL, False))
    assert making.take(desk=made.desk(), fid=export.public_id) is None and now(export).sealed_made is None


def test_nor_once_a_message_was_taken_away(cast: Cast, made: Filing) -> None:
    (post,) = writes(cast.alice, made, SAID)
    export = ready(made, messages=True)
    delete_post(face=face(cast.alice, post.thread), post=post)
    assert making.take(desk=made.desk(), fid=export.public_id) is None


def test_nor_while_the_study_is_paused_nor_after_an_hour(made: Filing) -> None:
    export = ready(made)
    Study.objects.update(is_paused=True)
    with pytest.raises(MayNot):
        making.take(desk=made.desk(), fid=export.public_id)
    Study.objects.update(is_paused=False)
    with clock.held_at(clock.now() + making.LIES + dt.timedelta(seconds=1)):
        assert making.take(desk=made.desk(), fid=export.public_id) is None
        making.forget_made()
    assert now(export).sealed_made is None


def test_it_lies_sealed(made: Filing) -> None:
    export = ready(made)
    held = bytes(now(export).sealed_made or b"")
    assert held and not held.startswith(b"PK") and b"manifest.json" not in held
