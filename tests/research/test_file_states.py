"""How a file stands is said as it is, and what cannot be had is refused when it is asked for."""

from __future__ import annotations

import pytest
from django.urls import reverse

from community.errors import MayNot, NotHere
from research.actions import exports
from research.actions.exports import Asked
from research.enums import ExportState, ExportTier
from research.files import totals
from research.models import Export, Response
from tests.people import Cast
from tests.research.filing import SAID, Filing, filing, writes
from tests.research.test_files_for_others import TO, telling

pytestmark = pytest.mark.django_db
TO_READ = "essages are to be read first"


def page(made: Filing, export: Export, who: str = "ruth") -> str:
    url = reverse("research:file", args=[made.sid, export.public_id])
    return made.people[who].client.get(url).content.decode()


def asked(made: Filing, **more: object) -> Export:
    given = {"tier": ExportTier.T0, "last_round": 1} | more
    return exports.ask(desk=made.desk(), asked=Asked(**given))  # type: ignore[arg-type]  # fields by name


def test_no_messages_are_to_be_read_where_none_are_in_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    made = filing(cast)
    monkeypatch.setattr(totals, "why_none", lambda *_, **__: "")  # as if something were counted
    for more in ({}, {"tier": ExportTier.T3}):
        export = asked(made, **more)
        every = made.people["ruth"].client.get(reverse("research:files", args=[made.sid])).content.decode()
        for text in (page(made, export), every):
            assert TO_READ not in text and "eing made" in text
        Export.objects.filter(pk=export.pk).update(wanted="", refusal="There is no total yet.")
        assert TO_READ not in (there := page(made, export)) and "It could not be made" in there
    writes(cast.alice, made, SAID)
    assert TO_READ in page(made, asked(made, messages=True))


def test_too_few_answers_are_refused_before_anybody_reads(cast: Cast) -> None:
    made = filing(cast, size=4)
    writes(cast.alice, made, SAID)
    with pytest.raises(MayNot, match="fewer than 5"):
        asked(made, messages=True)
    assert not Export.objects.exists()


def test_nor_is_there_a_file_with_no_message_to_read(cast: Cast) -> None:
    made = filing(cast)
    with pytest.raises(MayNot, match="no messages that may be read"):
        asked(made, messages=True)
    assert not Export.objects.exists()


@pytest.mark.parametrize("state", [ExportState.STALE, ExportState.TURNED_DOWN, ExportState.TAKEN_BACK])
def test_the_same_can_be_asked_for_again(cast: Cast, state: ExportState) -> None:
    made = telling(cast)
    export = made.checked(**TO)
    assert "Ask for the same again" not in page(made, export)
    Export.objects.filter(pk=export.pk).update(state=state)
    assert "Ask for the same again" in page(made, export)
    step = reverse("research:file_step", args=[made.sid, export.public_id])
    answer = made.people["ruth"].client.post(step, {"again": "1"})
    new = Export.objects.exclude(pk=export.pk).get()
    assert answer["Location"].endswith(f"/{new.public_id}/") and new.recipient == export.recipient
    assert new.tier == export.tier and new.recipe["last_round"] == export.recipe["last_round"] and new.wanted


def test_but_not_by_an_analyst_nor_of_one_that_stands(cast: Cast) -> None:
    made = filing(cast)
    export = made.checked()
    with pytest.raises(NotHere):
        exports.again(desk=made.desk(), fid=export.public_id)
    Export.objects.update(state=ExportState.STALE)
    assert "Ask for the same again" not in page(made, export, "ana")
    with pytest.raises(NotHere):
        exports.again(desk=made.desk("ana"), fid=export.public_id)
    Response.objects.all().delete()
    with pytest.raises(MayNot):
        exports.again(desk=made.desk(), fid=export.public_id)
