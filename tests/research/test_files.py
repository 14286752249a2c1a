"""A file from asking to fetching: what is in it, what was taken out, and what everybody is told of it."""

from __future__ import annotations

import base64
import csv
import datetime as dt
import io
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from audit import checkpoints
from audit.models import AuditEntry
from community.errors import MayNot, NotHere
from core import clock
from core.registries import holdings
from core.registries.holdings import Owner
from research.actions import departing, exports, making, quotes
from research.actions.exports import Marked
from research.enums import ExportState, Item, QuoteAnswer, Scope, StudyState
from research.files import pipeline, team, texts
from research.models import Export, Participant, QuoteAsk, Recall, Study
from tests.chat.saying import send, sign_as_alias
from tests.people import Cast, make_thread
from tests.research.consenting import ALL, say
from tests.research.filing import (
    LATER,
    SAID,
    Filing,
    answered,
    filing,
    opened,
    quote_asked,
    rows_of,
    source_of,
    writes,
)
from tests.research.watchers import from_today
from tests.scenes import same

pytestmark = pytest.mark.django_db
ORACLE = Path(".venv-oracle/bin/python")


@pytest.fixture
@same
def made(cast: Cast) -> Filing:
    return filing(cast)


def url(made: Filing, name: str, export: Export | None = None) -> str:
    return reverse(f"research:{name}", args=[made.sid, *([export.public_id] if export else [])])


# --- what is in it --------------------------------------------------------------------------------------------------
def test_answers_with_what_they_mean(made: Filing) -> None:
    export, files = made.fetched()
    people, answers = rows_of(files, "people"), rows_of(files, "answers_round_1")
    known = sorted(Participant.objects.filter(study=made.study).values_list("pid", flat=True))
    assert [row["number"] for row in people] == known == [row["number"] for row in answers]
    assert {row["group"] for row in people} == {"G1"} and export.people == 6
    assert answers[0]["bad_moments_unkind"] == 1 and answers[0]["bad_moments_upset"] is None
    assert "brought_words" in answers[0] and not any("day" in name for name in answers[0])
    book = json.loads(files["codebook.json"])
    about = next(one for one in book if one["column"] == "bad_moments_unkind")
    assert about["values"]["0"] == "Never" and about["values"]["-1"] == "skipped"


def test_the_same_to_the_byte_and_signed(made: Filing) -> None:
    export, files = made.fetched()
    again = exports.fetch(desk=made.desk("remy"), fid=export.public_id)
    assert again is not None and opened(again) == files
    assert exports.fetch(desk=made.desk(), fid=export.public_id) == again
    key = checkpoints.key_from(checkpoints.public_key())
    key.verify(base64.b64decode(files["manifest.sig"]), b"kith-file-1 " + files["manifest.json"])
    assert AuditEntry.objects.filter(act="file left").count() == 3


@pytest.fixture(params=[{}, {"activity": True}], ids=["answers", "counts too"])
def unpacked(request: pytest.FixtureRequest, made: Filing, tmp_path: Path) -> Path:
    for name, data in made.fetched(**request.param)[1].items():
        place = tmp_path / name
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(data)
    return tmp_path


def test_the_script_beside_it_reads_it(unpacked: Path) -> None:
    for folder, script in ((unpacked, "import.py"), (Path("/"), unpacked / "import.py")):
        done = subprocess.run(
            [sys.executable, script], cwd=folder, capture_output=True, text=True, check=True
        )
        assert "people: 6 rows" in done.stdout and "answers_round_1: 6 rows" in done.stdout


@pytest.mark.rscript
def test_so_does_the_one_for_r(unpacked: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "mine.R").write_text(
        f'source("{unpacked / "import.R"}")\ncat(levels(tables$answers_round_1[[2]])[1])\n'
    )
    for folder, script in ((unpacked, "import.R"), (elsewhere, unpacked / "import.R"), (elsewhere, "mine.R")):
        done = subprocess.run(["Rscript", script], cwd=folder, capture_output=True, text=True, check=True)
        assert "people: 6 rows" in done.stdout and "answers_round_1: 6 rows" in done.stdout


@pytest.mark.oracle
def test_others_read_the_description(unpacked: Path) -> None:
    command = [ORACLE.absolute(), "-m", "frictionless", "validate", "datapackage.json"]
    found = subprocess.run(command, cwd=unpacked, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout


def test_made_up_rows_fit_the_same_description(made: Filing) -> None:
    files = made.fetched()[1]
    for name in ("people", "answers_round_1"):
        paths = (f"data/{name}.csv", f"mock/{name}.csv")
        real, made_up = (list(csv.reader(io.StringIO(files[path].decode()))) for path in paths)
        assert real[0] == made_up[0] and len(made_up) == 13
    pids = set(Participant.objects.values_list("pid", flat=True))
    assert not any(pid in files["mock/people.csv"].decode() for pid in pids)


def test_versions_go_by_letters_until_the_study_is_over(cast: Cast) -> None:
    arms = [{"code": code, "title": code, "policy": {}, "weight": 1} for code in "AB"]
    made = filing(cast, size=12, arms=arms)
    for nth, one in enumerate(Participant.objects.order_by("pid")):
        one.arm = made.study.arms.get(code="AB"[nth % 2])
        one.save()
    assert {row["version"] for row in rows_of(made.fetched()[1], "people")} == {"Y", "Z"}
    Study.objects.update(state=StudyState.CLOSED, closed_on=clock.today())
    assert {row["version"] for row in rows_of(made.fetched()[1], "people")} == {"A", "B"}


def test_a_group_of_few_is_not_named_beside_answers(cast: Cast) -> None:
    made = filing(cast, size=9)
    for one in Participant.objects.order_by("pid")[:2]:
        one.group = cast.meadow
        one.save()
    rows = rows_of(made.fetched()[1], "people")
    assert {row["group"] for row in rows} == {
        "few"
    }  # two alone would be told by the rest: nobody else is few


def test_nor_is_it_beside_messages_or_how_many_there_were(cast: Cast, made: Filing) -> None:
    """One of two groups has few writers: with it goes the next, else the rest would tell it."""
    writers = [cast.alice, cast.bob]
    for who in writers:
        writes(who, made, "One.", "Two.")
    _export, files = made.fetched(messages=True, activity=True)
    for table in ("messages", "activity"):
        assert {row["group"] for row in rows_of(files, table)} == {"few"}, table
    assert {row["group"] for row in rows_of(files, "people")} != {"few"}


def cells(*sizes: tuple[str, str, int]) -> tuple[Any, dict[int, str], dict[int, str]]:
    """Writers in each group and version, as a file gathers them."""
    each = [(group, version) for group, version, n in sizes for _ in range(n)]
    groups = {name: pk for pk, name in enumerate(sorted({group for group, _ in each}), 1)}
    arms = {name: pk for pk, name in enumerate(sorted({version for _, version in each}), 1)}
    sources = {
        pk: SimpleNamespace(member=SimpleNamespace(group_id=groups[group]), arm_id=arms[version])
        for pk, (group, version) in enumerate(each)
    }
    found = SimpleNamespace(sources=sources, said=dict.fromkeys(sources), counted={})
    return found, {pk: name for name, pk in groups.items()}, {pk: name for name, pk in arms.items()}


@pytest.mark.parametrize(("sizes", "named"), [
    ([("G1", "A", 5), ("G1", "B", 6), ("G2", "A", 5)], {("G1", "A"), ("G1", "B"), ("G2", "A")}),
    ([("G1", "A", 6), ("G1", "B", 2), ("G2", "A", 5), ("G2", "B", 5)], {("G1", "few"), ("G2", "A"), ("G2", "B")}),
    ([("G1", "A", 3), ("G2", "A", 5), ("G3", "A", 9)], {("few", "few"), ("G3", "A")}),
    ([("G1", "A", 3), ("G2", "A", 3), ("G3", "A", 9)], {("few", "few"), ("G3", "A")}),
])  # fmt: skip
def test_a_talk_tells_the_group_so_all_of_it_is_few(sizes: Any, named: set[tuple[str, str]]) -> None:
    found, places, versions = cells(*sizes)
    assert set(team.writers_of(found, places, versions).values()) == named
    found.counted = dict.fromkeys(list(found.sources)[-1:])  # of these few are in the other table
    last = places[found.sources[len(found.sources) - 1].member.group_id]
    assert last not in {group for group, _version in team.writers_of(found, places, versions).values()}


# --- messages -------------------------------------------------------------------------------------------------------
def test_words_of_others_and_names_are_taken_out(cast: Cast, made: Filing) -> None:
    start = clock.now() - LATER
    with clock.held_at(start + dt.timedelta(days=3)):
        thread = make_thread(cast.harbour)
        send(cast.bob, thread, "I walk round the harbour every single night until my feet hurt.")
        sign_as_alias(cast.alice, thread, handle="Soft Lamp")
    with clock.held_at(start):
        say(cast.alice, cast.harbour, made.study, dict.fromkeys(ALL, True))
        from_today(cast.alice, made)  # type: ignore[arg-type]  # has what is asked of it
    with clock.held_at(start + dt.timedelta(days=9)):
        send(cast.alice, thread, "> every single night\nlazily on\n\nSo do I, Calm Otter. And Soft Lamp?")
        send(cast.alice, thread, "You said you walk round the harbour every single night until morning.")
        send(cast.alice, thread, "=1+1 and my number is 020 7946 0999")
    _export, files = made.fetched(messages=True)
    rows = rows_of(files, "messages")
    words = [row["words"] for row in rows]
    assert words[0].startswith(texts.QUOTED) and "lazily" not in words[0]
    assert "Otter" not in words[0] and "Lamp" not in words[0] and "So do I" in words[0]
    assert words[1] == f"You said you {texts.QUOTED} morning."
    assert "0999" not in words[2] and b"'=1+1" in files["data/messages.csv"]
    assert [row["place"] for row in rows] == [1, 2, 3] and {row["week"] for row in rows} == {1}


def test_answers_and_messages_are_joined_only_for_who_said_so(cast: Cast, made: Filing) -> None:
    writes(cast.alice, made, SAID, items=[*ALL, Item.LINK])
    writes(cast.bob, made, SAID)
    answered(list(Participant.objects.filter(tasks__responses=None).distinct()))
    _export, files = made.fetched(messages=True)
    joined = {
        row["number"]: row["number_messages"] for row in rows_of(files, "people") if row["number_messages"]
    }
    source = source_of(cast.alice, made)
    assert source.participant and joined == {source.participant.pid: source.pid}


def test_everything_is_read_before_it_goes(cast: Cast, made: Filing) -> None:
    (post,) = writes(cast.alice, made, f"{SAID} I drive the blue ice cream van.")
    writes(cast.bob, made, "I hear you.")
    export, ruth = made.ask(messages=True), made.people["ruth"]
    assert export.state == ExportState.READING
    assert ruth.client.post(url(made, "file_step", export), {"check": "1"}).status_code == 302
    making.make_wanted()
    assert "Read every message" in ruth.client.get(url(made, "file", export)).content.decode()
    page = ruth.client.get(url(made, "file_read", export)).content.decode()
    assert SAID in page and "Grey Heron" not in page
    rows = {one.said.mid: one for one in pipeline.to_read(export)}
    form = {"mid": list(rows), **{f"seen-{mid}": one.mark for mid, one in rows.items()}}
    more = f"more-{post.public_id}"
    unticked = ruth.client.post(url(made, "file_read", export), {**form, more: "blue ice cream van"})
    assert unticked.status_code == 422 and ">blue ice cream van</textarea>" in unticked.content.decode()
    wrong = ruth.client.post(url(made, "file_read", export), {**form, "all_read": "1", more: "red van"})
    assert wrong.status_code == 422 and "is not in the message" in wrong.content.decode()
    sent = {
        **form,
        "all_read": "1",
        more: "blue ice cream van",
        "out": [mid for mid in rows if mid != post.public_id],
    }
    assert ruth.client.post(url(made, "file_read", export), sent).status_code == 302
    page = ruth.client.get(url(made, "file_read", export)).content.decode()
    assert "<mark>[words taken out]</mark>" in page and "ice cream" not in page
    assert ruth.client.post(url(made, "file_step", export), {"check": "1"}).status_code == 302
    making.make_wanted()
    assert exports.decide(desk=made.desk("remy"), fid=export.public_id, is_yes=True)
    assert ruth.client.post(url(made, "file_fetch", export)).status_code == 302
    making.make_wanted()
    answer = ruth.client.post(url(made, "file_fetch", export))
    assert (
        answer["Content-Type"] == "application/zip" and "study-file-team.zip" in answer["Content-Disposition"]
    )
    (row,) = rows_of(opened(answer.content), "messages")
    assert "ice cream" not in row["words"] and row["words"].endswith("I drive the [words taken out].")


def test_nobody_else_marks_a_message(cast: Cast, made: Filing) -> None:
    writes(cast.alice, made, SAID)
    export = made.ask(messages=True)
    assert b'name="mid"' not in made.people["remy"].client.get(url(made, "file_read", export)).content
    (row,) = pipeline.to_read(export)
    with pytest.raises(NotHere):
        marked = {row.said.mid: Marked(seen=row.mark)}
        exports.mark(desk=made.desk("remy"), fid=export.public_id, marked=marked)


def test_a_number_left_in_is_refused_and_can_be_taken_out(cast: Cast, made: Filing) -> None:
    """The check sees more than what takes words out."""
    said = "Ring me: zero / two / zero / seven / nine / four / six / zero / nine."
    (post,) = writes(cast.alice, made, said)
    export, ruth = made.checked(messages=True), made.people["ruth"]
    assert export.state == ExportState.REFUSED and not export.digest
    page = ruth.client.get(url(made, "file", export)).content.decode()
    assert (
        "phone number" in page
        and "data/messages.csv" in page
        and "message 1" in page
        and "seven / nine" not in page
    )
    (row,) = pipeline.to_read(export)
    more = "zero / two / zero / seven / nine / four / six / zero / nine"
    marked = {post.public_id: Marked(seen=row.mark, more=more)}
    exports.mark(desk=made.desk(), fid=export.public_id, marked=marked)
    exports.check(desk=made.desk(), fid=export.public_id)
    export.refresh_from_db()
    assert export.state == ExportState.WAITING
    assert "seven / nine" not in str(AuditEntry.objects.values_list("kept__payload", flat=True))


# --- quotes ---------------------------------------------------------------------------------------------------------
def test_only_quotes_with_a_yes_and_none_is_called_back_once_it_left(cast: Cast, made: Filing) -> None:
    posts = [*writes(cast.alice, made, SAID), *writes(cast.bob, made, SAID)]
    asks = [quote_asked(post, made) for post in posts]
    QuoteAsk.objects.filter(pk=asks[0].pk).update(answer=QuoteAnswer.VERBATIM)
    _export, files = made.fetched(last_round=0, quotes=True)
    (row,) = rows_of(files, "quotes")
    assert row == {"number": source_of(cast.alice, made).pid, "how": "as written", "words": SAID}
    asks[0].refresh_from_db()
    asks[1].refresh_from_db()
    assert asks[0].released_on == clock.today() and asks[1].released_on is None
    with pytest.raises(MayNot, match="gone out"):
        quotes.answer(group=cast.harbour, sid=made.sid, qid=asks[0].public_id, answer=QuoteAnswer.TAKEN_BACK,
                      key_of=cast.alice.keyed)  # fmt: skip


# --- who is told ----------------------------------------------------------------------------------------------------
def test_members_see_the_files_they_are_in_and_everybody_that_one_left(cast: Cast, made: Filing) -> None:
    writes(cast.alice, made, SAID)
    say(cast.bob, cast.harbour, made.study)
    group = cast.harbour.public_id
    mine, public = (reverse(f"research:{name}", args=[group, made.sid]) for name in ("mine", "study_here"))
    made.let_go(messages=True)
    assert b"Files that you are in" not in cast.alice.client.get(mine).content
    export, _files = made.fetched(messages=True)
    page = cast.alice.client.get(mine).content.decode()
    pid = source_of(cast.alice, made).pid
    assert "Files that you are in" in page and "Study-team file" in page and page.count(pid) == 2
    assert b"Files that you are in" not in cast.bob.client.get(mine).content
    told = cast.bob.client.get(public).content.decode()
    assert "Files that left" in told and "5 people or more" in told
    Export.objects.update(people=4)
    assert "fewer than 5 people" in cast.bob.client.get(public).content.decode()
    (held,) = [one for one in holdings.holdings() if one.title == "Files you were in"]
    owner = Owner(group=group, tag=cast.alice.tag(cast.harbour), key=cast.alice.keyed)
    assert [row["your number in it"] for row in held.export(owner)] == [pid]
    assert export.fetched_on == clock.today()


@pytest.mark.parametrize("scope", [Scope.EXCLUDE, Scope.DELETE])
def test_whoever_holds_a_file_is_told_which_number_comes_out(cast: Cast, made: Filing, scope: Scope) -> None:
    writes(cast.alice, made, SAID)
    export, _files = made.fetched(messages=True)
    pid = source_of(cast.alice, made).pid
    departing.leave(group=cast.harbour, sid=made.sid, scope=scope, key_of=cast.alice.keyed)
    assert Recall.objects.filter(pid=pid, export=export).count() == 1
    Recall.objects.update(since=clock.today())
    ruth = made.people["ruth"]
    page = ruth.client.get(reverse("research:left", args=[made.sid])).content.decode()
    assert page.count(f"<code>{pid}</code>") == 1 and url(made, "file", export) in page
    ruth.client.post(url(made, "file_step", export), {"forget": "1"})
    assert not Recall.objects.filter(export=export).exists() and Recall.objects.filter(pid=pid).exists()


def test_it_can_be_taken_back_until_somebody_fetched_it(made: Filing) -> None:
    export, ruth = made.let_go(), made.people["ruth"]
    assert ruth.client.post(url(made, "file_step", export), {"take_back": "1"}).status_code == 302
    assert ruth.client.post(url(made, "file_fetch", export)).status_code == 404
    left, _files = made.fetched()
    assert ruth.client.post(url(made, "file_step", left), {"take_back": "1"}).status_code == 404


def test_the_second_person_can_say_no(made: Filing) -> None:
    export, remy = made.checked(), made.people["remy"]
    assert remy.client.post(url(made, "file_step", export), {"no": "1"}).status_code == 302
    export.refresh_from_db()
    assert export.state == ExportState.TURNED_DOWN
    assert remy.client.post(url(made, "file_step", export), {"maybe": "1"}).status_code == 404
