"""What a copy of the database tells of talks that wait: not which of them are one person's."""

from __future__ import annotations

import pytest

from chat.models import Alias, Post
from chat.selectors import later
from community.models import DueAct
from core.registries import holdings
from tests.chat.test_later import ONCE, open_later, settle_opening
from tests.chat.test_pages import at
from tests.people import Cast

pytestmark = pytest.mark.django_db


def test_talks_under_one_thread_names_share_no_key(cast: Cast, monkeypatch) -> None:
    """Else a copy of the database would tie two names that are one person's."""
    monkeypatch.setattr(later, "MOST_TALKS", 3)
    for name in (ONCE, "Quiet Maple", "Warm Candle"):
        assert open_later(cast.alice, cast.harbour, title=name, face="once", once=name).status_code == 302
    assert len({bytes(row.key) for row in DueAct.objects.all()}) == 3
    more = {"title": "Fourth", "face": "once", "once": "Calm River"}
    assert open_later(cast.alice, cast.harbour, **more).status_code == 403
    own = cast.alice.client.get(at("thread_new", cast.harbour)).content.decode()
    assert all(name in own for name in (ONCE, "Quiet Maple", "Warm Candle"))
    pk = DueAct.objects.order_by("pk")[1].pk
    assert settle_opening(cast.alice, cast.harbour, back=str(pk)).status_code == 200
    assert open_later(cast.alice, cast.harbour, **more).status_code == 302
    assert len({bytes(row.key) for row in DueAct.objects.all()}) == DueAct.objects.count() == 3
    owner = holdings.Owner(
        group=cast.harbour.public_id, tag=cast.alice.tag(cast.harbour), key=cast.alice.keyed
    )
    [held] = [held for held in holdings.holdings() if held.model is Alias]
    [written] = [held for held in holdings.holdings() if held.model is Post]
    assert sum(1 for row in written.export(owner) if row.get("waits to appear")) == 3
    held.erase(owner)
    assert not DueAct.objects.exists()
