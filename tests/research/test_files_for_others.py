"""Files for a named recipient: fresh numbers, nobody who stands out, no day, and no word but agreed quotes."""

from __future__ import annotations

import dataclasses
import json

import pytest
from django.urls import reverse

from community.errors import MayNot
from research.actions import departing, exports
from research.enums import ExportState, ExportTier, QuoteAnswer, Scope
from research.files import pipeline, recipient
from research.models import Export, ExportSubject, Participant, QuoteAsk, Recall, Response, Study, WaveTask
from research.release.risk import k_anonymity
from tests.people import Cast, sign_in
from tests.research.filing import SAID, Filing, filing, quote_asked, rows_of, writes
from tests.scenes import same

pytestmark = pytest.mark.django_db
TO = {"tier": ExportTier.T1, "recipient": "Dr Other, a college", "agreement": "No. 7"}


def telling(cast: Cast, *, size: int = 24, loud: int = 0) -> Filing:
    """A study whose answers differ; `loud` people say something nobody else says."""
    made = filing(cast, size=size, outside=[TO["recipient"]])
    tasks = WaveTask.objects.order_by("participant__pid")
    Response.objects.all().delete()
    Response.objects.bulk_create(
        Response(task=task, instrument=code, item=item, value=value, study_day=2)
        for nth, task in enumerate(tasks)
        for code, item, value in (
            ("brought", "same", 1 if nth < loud else 0), ("bad_moments", "unkind", nth % 3),
            ("bad_moments", "upset", nth % 2),
            *(("bad_moments", one, nth % 4) for one in ("advice", "left_out", "pushed", "worse")),
        )
    )  # fmt: skip
    return made


@pytest.fixture
@same
def made(cast: Cast) -> Filing:
    return telling(cast)


@pytest.mark.parametrize(
    "more",
    [{"recipient": ""}, {"recipient": "Dr Else"}, {"agreement": ""}, {"messages": True}, {"activity": True}],
)
def test_what_is_refused(made: Filing, more: dict[str, object]) -> None:
    with pytest.raises(MayNot):
        made.ask(**(TO | more))  # type: ignore[arg-type]  # fields by name
    form = {"last_round": "1", **{key: str(value) for key, value in (TO | more).items()}}
    page = made.people["ruth"].client.post(reverse("research:files", args=[made.sid]), form)
    assert page.status_code == 422 and not Export.objects.exists()


def test_nor_one_that_joins_people_across_groups(made: Filing) -> None:
    Study.objects.update(joins=True)
    with pytest.raises(MayNot, match="across groups"):
        made.ask(**TO)


def test_fresh_numbers_in_each_file(made: Filing) -> None:
    first, second = (made.fetched(**TO)[1] for _ in range(2))
    pids = set(Participant.objects.values_list("pid", flat=True))
    numbers = [{row["number"] for row in rows_of(files, "people")} for files in (first, second)]
    assert len(numbers[0]) == len(numbers[1]) == 24 and not numbers[0] & numbers[1]
    for files in (first, second):
        assert not any(pid.encode() in data for data in files.values() for pid in pids)
        assert b"Dr Other" in files["manifest.json"]


def test_nobody_stands_out(cast: Cast) -> None:
    made = telling(cast, loud=2)
    _export, files = made.fetched(**TO)
    people = rows_of(files, "people")
    assert k_anonymity(people, [name for name in people[0] if name != "number"]) >= 5
    report = json.loads(files["risk_report.json"])
    assert report["people left out"] == 2 and len(report["tried"]) > 1
    answers = rows_of(files, "answers_round_1")
    assert "brought_words" not in answers[0] and "brought_same" not in answers[0]
    assert len(answers) == len(people)


def test_too_few_have_no_file(cast: Cast) -> None:
    few = telling(cast, size=8)
    with pytest.raises(MayNot, match="stand out"):
        few.ask(**TO)


def test_one_in_which_somebody_stands_out_is_refused_by_the_check(
    cast: Cast, made: Filing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever made it: here what makes columns coarser lets everybody through."""

    def nothing(rows, *_args, **_more):
        return recipient.Chosen(rows=[dict(row) for row in rows], levels={}, suppressed=[], nodes=())

    monkeypatch.setattr(recipient.lattice, "generalise", nothing)
    one = Response.objects.filter(item="same").first()
    assert one is not None
    Response.objects.filter(pk=one.pk).update(value=1)
    export = made.ask(**TO)
    export.refresh_from_db()
    assert export.state == ExportState.REFUSED and "alike" in {what for _file, _line, what in export.found}


def test_who_leaves_is_taken_out_by_the_number_of_that_file(cast: Cast, made: Filing) -> None:
    posts = writes(cast.alice, made, SAID)
    ask = quote_asked(posts[0], made)
    QuoteAsk.objects.filter(pk=ask.pk).update(answer=QuoteAnswer.REWORDED)
    export, files = made.fetched(**TO, quotes=True)
    (row,) = rows_of(files, "quotes")
    assert row["words"] == "Nights are hard." and row["how"] == "reworded"
    assert ExportSubject.objects.filter(export=export, source__isnull=False).get().number == row["number"]
    departing.leave(group=cast.harbour, sid=made.sid, scope=Scope.EXCLUDE, key_of=cast.alice.keyed)
    assert Recall.objects.filter(export=export).get().pid == row["number"]


@pytest.mark.parametrize("scope", list(Scope))
def test_the_receipt_has_each_file_with_its_own_number(cast: Cast, made: Filing, scope: Scope) -> None:
    """Once all is deleted no other page knows the number that somebody else's copy has."""
    posts = writes(cast.alice, made, SAID)
    ask = quote_asked(posts[0], made)
    QuoteAsk.objects.filter(pk=ask.pk).update(answer=QuoteAnswer.REWORDED)
    outer, _files = made.fetched(**TO, quotes=True)
    ours, _files = made.fetched(quotes=True)
    numbers = [
        ExportSubject.objects.get(export=one, source__member=cast.alice.member(cast.harbour)).number
        for one in (outer, ours)
    ]
    url = reverse("research:leave", args=[cast.harbour.public_id, made.sid])
    sign_in(cast.alice.client, cast.alice.account, cast.alice.secret, strong=cast.alice.strong)
    receipt = cast.alice.client.post(url, {"scope": scope}).content.decode()
    for export, number in zip((outer, ours), numbers, strict=True):
        assert number in receipt and f"{export.fetched_on:%B %Y}" in receipt
    assert TO["recipient"] in receipt and numbers[0] != numbers[1]
    assert ("is outside" in receipt) == (scope != Scope.STOP)
    told = set(Recall.objects.values_list("pid", flat=True))
    assert (set(numbers) <= told) == (scope != Scope.STOP)
    mine = reverse("research:mine", args=[cast.harbour.public_id, made.sid])
    if scope == Scope.DELETE:
        assert "may still be with someone" in cast.alice.client.get(mine).content.decode()


def test_a_day_in_a_quote_is_refused(cast: Cast, made: Filing) -> None:
    said = "It began on 3 May, at night."
    (post,) = writes(cast.alice, made, said)
    ask = quote_asked(post, made, said)
    QuoteAsk.objects.filter(pk=ask.pk).update(answer=QuoteAnswer.VERBATIM)
    export = made.checked(**TO, quotes=True)
    assert export.state == ExportState.REFUSED
    assert ["data/quotes.csv", 2, "date"] in export.found
    team = made.checked(quotes=True)
    assert team.state == ExportState.WAITING


def test_the_second_person_sees_what_was_asked(made: Filing) -> None:
    export = made.checked(**TO)
    page = (
        made.people["remy"]
        .client.get(reverse("research:file", args=[made.sid, export.public_id]))
        .content.decode()
    )
    assert "Dr Other, a college" in page and "No. 7" in page
    assert exports.decide(desk=made.desk("remy"), fid=export.public_id, is_yes=True)
    first = pipeline.make(export, reading={})
    assert dataclasses.replace(first).digest == pipeline.make(export, reading={}).digest
