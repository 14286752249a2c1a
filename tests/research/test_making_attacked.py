"""A file that lies ready holds nothing that was taken away since, and nothing of whoever left as it was made."""

from __future__ import annotations

from typing import Any

import pytest

from chat.actions.posts import delete_post
from research.actions import departing, exports, making
from research.enums import QuoteAnswer, Scope, Wanted
from research.models import Export, QuoteAsk
from tests.chat.saying import face
from tests.people import Cast
from tests.research.filing import SAID, Filing, filing, quote_asked, writes
from tests.scenes import same

pytestmark = pytest.mark.django_db


@pytest.fixture
@same
def made(cast: Cast) -> Filing:
    return filing(cast)


@pytest.mark.parametrize("last_round", [0, 1])
def test_a_quote_whose_message_is_gone_leaves_in_no_file(cast: Cast, made: Filing, last_round: int) -> None:
    (post,) = writes(cast.alice, made, SAID)
    ask = quote_asked(post, made)
    QuoteAsk.objects.filter(pk=ask.pk).update(answer=QuoteAnswer.VERBATIM)
    export = made.let_go(last_round=last_round, quotes=True)
    making.want(desk=made.desk(), fid=export.public_id, what=Wanted.FETCH)
    making.make_wanted()
    delete_post(face=face(cast.alice, post.thread), post=post)
    assert making.take(desk=made.desk(), fid=export.public_id) is None


def test_who_leaves_as_it_is_laid_ready_is_in_nothing_that_lies_there(
    cast: Cast, made: Filing, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes(cast.alice, made, SAID)
    export = made.let_go(messages=True)
    fetch = exports.fetch

    def meanwhile(**given: Any) -> bytes | None:
        data = fetch(**given)
        departing.leave(group=cast.harbour, sid=made.sid, scope=Scope.DELETE, key_of=cast.alice.keyed)
        return data

    monkeypatch.setattr(exports, "fetch", meanwhile)
    making.want(desk=made.desk(), fid=export.public_id, what=Wanted.FETCH)
    making.make_wanted()
    assert Export.objects.get(pk=export.pk).sealed_made is None
