"""A file that somebody reads who has nothing else: what stands beside the data is enough, and true."""

from __future__ import annotations

import base64
import csv
import io
import json
from hashlib import sha256

import pytest
from django.urls import reverse

from audit import checkpoints
from core import clock
from research import instruments
from research.actions import exports
from research.actions.exports import Marked
from research.enums import ExportState, ExportTier, StudyState
from research.files import pipeline
from research.files.identifiers import identifiers
from research.models import Export, Protocol, Study
from research.presenters import exports as presenter
from tests.people import Cast
from tests.research.consenting import ARMS
from tests.research.filing import LATER, Filing, answered, filing, rows_of, writes
from tests.research.questions import crowd
from tests.research.test_files_for_others import TO, telling

pytestmark = pytest.mark.django_db


def told(files: dict[str, bytes]) -> tuple[str, dict, dict]:  # type: ignore[type-arg]  # JSON
    readme = files["README.txt"].decode()
    return readme, json.loads(files["study.json"]), json.loads(files["datapackage.json"])


def both(cast: Cast) -> tuple[dict[str, bytes], dict[str, bytes]]:
    made = telling(cast)
    return made.fetched(**TO)[1], made.fetched()[1]


def test_the_readme_is_for_whom_the_file_is(cast: Cast) -> None:
    outer, ours = both(cast)
    theirs, team = told(outer)[0], told(ours)[0]
    for words in (
        TO["recipient"],
        TO["agreement"],
        "contact text",
        "controller text",
        "24 months",
        "Ask, before each use",
    ):
        assert words in theirs, words
    assert (
        "Who left" not in theirs and "Weeks are counted" not in theirs
    )  # they cannot open it, and it has none
    assert "Who left" in team and "Weeks are counted" in team and TO["recipient"] not in team
    assert "of this file alone" in theirs and "the same in every file of the team" in team


def test_how_to_check_it_is_said_and_holds(cast: Cast) -> None:
    _outer, ours = both(cast)
    readme = told(ours)[0]
    key = checkpoints.public_key()
    printed = readme.split("Fingerprint: ")[1].split("\n")[0].replace(" ", "")
    assert printed == sha256(key.encode()).hexdigest()
    checkpoints.key_from(key).verify(
        base64.b64decode(ours["manifest.sig"]), b"kith-file-1 " + ours["manifest.json"]
    )


def test_versions_are_called_as_the_readme_says(cast: Cast) -> None:
    made = filing(cast, arms=ARMS)
    assert "not those of the protocol" in told(made.fetched()[1])[0]
    Study.objects.update(state=StudyState.CLOSED, closed_on=clock.today())
    assert "letters of the protocol" in told(made.fetched()[1])[0]


def test_the_study_and_its_questions_stand_in_it(cast: Cast) -> None:
    for files in both(cast):
        _readme, study, package = told(files)
        assert study["ethics number"] == "ethics_ref text" and study["to be deleted"].startswith("24 months")
        assert "feasibility" in study["design"] and study["question"] == "question text"
        assert study["what people read"]["about"][0]["question"] == "Who asks?"
        asked = {one["code"]: one for one in study["sets of questions"]}
        known = instruments.bundled()["bad_moments", "1"]
        assert asked["bad_moments"]["SHA-256"] == known.digest and not asked["bad_moments"]["validated"]
        assert (
            asked["bad_moments"]["licence"] == "CC0 1.0"
            and asked["bad_moments"]["scoring"] == known.raw["scoring"]
        )
        assert (
            package["id"]
            and package["version"] == "1.1.0"
            and package["licenses"]
            and package["contributors"]
        )
        assert [one["title"] for one in package["sources"]]


def test_days_stand_in_the_teams_file_alone(cast: Cast) -> None:
    (_r, outer, package), (_r2, ours, ours_package) = map(told, both(cast))
    assert "field work" in ours and "field work" not in outer
    assert "created" in ours_package and "created" not in package
    assert package["id"] != ours_package["id"]


def test_the_codebook_is_enough_to_read_a_column(cast: Cast) -> None:
    for files in both(cast):
        book = list(csv.DictReader(io.StringIO(files["codebook.csv"].decode())))
        row = next(one for one in book if one["column"] == "bad_moments_unkind")
        assert (
            row["before the question"].startswith("In the last four weeks")
            and row["sensitivity"] == "sensitive"
        )
        assert row["set of questions"].endswith("version 1 (not validated)")
        page = files["codebook.html"].decode()
        assert "In the last four weeks" in page and "Set of questions" in page


def test_what_a_study_says_of_itself_never_stops_a_file(cast: Cast) -> None:
    """A day in a protocol is nobody's; and a name worn in the group may be a word of it. In the data both are found."""
    made = telling(cast)
    protocol = Protocol.objects.get(study=made.study)
    worn = min(identifiers(study=made.study).names)
    said = {"contact": f"Ask {worn} on 3 May"}
    Protocol.objects.filter(pk=protocol.pk).delete()
    Protocol.objects.create(
        study=made.study, version=1, settings=protocol.settings | said, digest="", published_on=clock.today()
    )
    assert made.checked(**TO).state == ExportState.WAITING


def test_totals_have_no_duty_of_others(cast: Cast) -> None:
    from research.files import readme

    made: Filing = filing(cast)
    export = Export(study=made.study, tier=ExportTier.T3)
    words = readme.words(export, made.study, [], "Totals.")
    assert "For anyone." in words and "Who left" not in words and "to be deleted" not in words


def test_the_flow_ends_in_the_rows_of_the_file_by_version(cast: Cast) -> None:
    """What is counted stands in the file anyway; why the steps before it do not add up is said in words."""
    made = filing(cast, size=0, arms=ARMS)
    _people_by_version(made, 6, 7)
    files = made.fetched()[1]
    rows, steps = rows_of(files, "people"), json.loads(files["consort_flow.json"])
    counted = {one["step"]: one["people"] for one in steps}
    assert counted["Stand in this file"] == len(rows) == 13
    arms = {step: n for step, n in counted.items() if step.startswith("Of these, version")}
    assert sorted(filter(None, arms.values())) == [6, 7] and sum(filter(None, arms.values())) == len(rows)
    said = json.loads(files["response.json"])
    assert "answered none of its rounds" in said["between"] and "by lot" in said["design"]
    assert said["question"] == "question text"
    rough = [one["step"].split()[0] for one in steps if one.get("at_least")]
    assert rough == ["Members", "Said", "Left"] and said["participation"]["at_least"] is True
    assert "('at_least')" in files["README.txt"].decode()


def test_who_is_left_out_shows_in_the_flow_of_a_file_for_others(cast: Cast) -> None:
    made = telling(cast, loud=2)
    files = made.fetched(**TO)[1]
    counted = {one["step"]: one["people"] for one in json.loads(files["consort_flow.json"])}
    assert counted["Answers are in this file"] - counted["Stand in this file"] == 2


def _people_by_version(made: Filing, *sizes: int) -> None:
    """So many people with each of the versions."""
    with clock.held_at(clock.now() - LATER):
        for arm, size in zip(made.study.arms.order_by("code"), sizes, strict=True):
            answered(crowd(made.study, made.cast.harbour, size=size, arm=arm))


def test_what_the_check_found_leads_to_the_very_message(cast: Cast) -> None:
    """One message has several lines, one is left out, and the last has the number of a telephone."""
    made = filing(cast)
    bad = "Ring me: zero / two / zero / seven / nine / four / six / zero / nine."
    posts = writes(
        cast.alice, made, "One line.\nAnd another.\nAnd a third.", "To be left out.", "Plain.", bad
    )
    export = made.ask(messages=True)
    rows = pipeline.to_read(export)
    marked = {one.said.mid: Marked(seen=one.mark, is_out=one.said.mid == posts[1].public_id) for one in rows}
    exports.mark(desk=made.desk(), fid=export.public_id, marked=marked)
    exports.check(desk=made.desk(), fid=export.public_id)
    export.refresh_from_db()
    nth = [row.said.mid for row in rows].index(posts[3].public_id) + 1
    (found,) = presenter.findings(export)
    assert found.message == nth == 4 and export.state == ExportState.REFUSED
    client = made.people["ruth"].client
    page = client.get(reverse("research:file", args=[made.sid, export.public_id])).content.decode()
    read = reverse("research:file_read", args=[made.sid, export.public_id])
    assert f'{read}?page=1#message-{nth}"' in page
    there = client.get(read).content.decode()
    assert bad in there.split(f'id="message-{nth}"')[1].split("</li>")[0]
