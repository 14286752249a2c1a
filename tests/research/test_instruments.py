"""Sets of questions: each says whose it is, scores what was worked out by hand, and nothing malformed is taken in."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from community.errors import NotHere
from research import instruments, scoring
from research.actions.instruments import take_in
from research.errors import Malformed
from research.models import Instrument
from research.selectors import instruments as selector

ALL = list(instruments.bundled().values())
ASKED = [one for one in ALL if one.status == "bundled"]
# A set that people answered stays as it is: what changes gets a new version, and its own file.
DIGESTS = {
    "bad_moments-1": "58afc852d9a0ae55",
    "brought-1": "24346335fe7fda04",
    "felt_anonymity-1": "d1df9297d25e1679",
    "gad7-1": "aee2263e2c1e2b2e",
    "heard-1": "bea8fbb07cee08b6",
    "mos_sss-0": "60a123a4690c3d5d",
    "ons4-1": "a7d3c14fe265a2a1",
    "ons_lonely-1": "45bf9a2daf8bad17",
    "osss-0": "2629a629674ece1f",
    "outcomes6-1": "26c69209f5ba8b1d",
    "outside_support-1": "f0dd2e85a8e4206c",
    "pam13-0": "9f1988dc3afd8ad0",
    "phq4-1": "b24af7e2d1b58b4e",
    "phq8-1": "e094ef788d0a5b4e",
    "regret-1": "0a9bd0d8e018439b",
    "swemwbs-0": "a286422f86d09aa5",
    "ucla3-1": "f7a2f074d5e62a11",
    "who5-1998": "d6684f3ac1f93ca1",
}


def raw(code: str = "ucla3", version: str = "1") -> dict[str, Any]:
    """A file's content, to be changed."""
    return copy.deepcopy(dict(instruments.bundled()[code, version].raw))


def other(**changed: Any) -> dict[str, Any]:
    """A set that Kith does not bring."""
    return raw() | {"code": "other"} | changed


# --- what Kith brings -----------------------------------------------------------------------------------------------
def test_those_promised_are_here() -> None:
    asked = {one.code for one in ASKED}
    assert asked == {
        "ucla3", "ons_lonely", "ons4", "phq4", "phq8", "gad7", "who5", "outcomes6", "outside_support",
        "felt_anonymity", "regret", "bad_moments", "heard", "brought",
    }  # fmt: skip


@pytest.mark.parametrize("one", ASKED, ids=lambda one: one.code)
def test_scores_are_those_worked_out_by_hand(one: instruments.Definition) -> None:
    assert len(one.raw["test_vectors"]) >= 5
    for vector in one.raw["test_vectors"]:
        found = one.scored(vector["answers"])
        assert {
            code: value if isinstance(value, int | None) else str(value) for code, value in found.items()
        } == (vector["scores"])


@pytest.mark.parametrize("one", ASKED, ids=lambda one: one.code)
def test_a_seeded_wrong_score_is_caught(one: instruments.Definition) -> None:
    for nth, vector in enumerate(one.raw["test_vectors"]):
        for code, right in vector["scores"].items():
            for wrong in {1, 99, None, "1.01"} - {right}:
                bad = copy.deepcopy(dict(one.raw))
                bad["test_vectors"][nth]["scores"][code] = wrong
                with pytest.raises(Malformed, match=rf"test_vectors\[{nth}\].scores.{code}"):
                    instruments.of(bad)


@pytest.mark.parametrize("op", scoring.OPS)
def test_a_wrong_way_to_count_is_caught(op: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right = scoring.Score.of

    def off_by_one(self: scoring.Score, answers: scoring.Answers) -> scoring.Value:
        value = right(self, answers)
        return value + 1 if value is not None and self.op == op else value

    monkeypatch.setattr(scoring.Score, "of", off_by_one)
    for one in ASKED:
        if op in {score.op for score in one.scores}:
            with pytest.raises(Malformed):
                instruments.of(one.raw)


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.code)
def test_each_says_whose_it_is_and_who_may_use_it(one: instruments.Definition) -> None:
    licence = one.raw["licence"]
    assert (
        licence["status"] in {"bundled", "stub"} and len(licence["terms"]) > 3 and one.raw["citation"]["text"]
    )
    if licence["terms"].startswith("CC0"):
        assert not one.is_validated and "Not validated" in licence["evidence"]
    elif one.status == "bundled":
        assert licence["evidence"].startswith("http")
    assert (one.status == "stub") == (not one.questions)


def test_what_is_brought_stays_as_it_is() -> None:
    assert {f"{one.code}-{one.version}": one.digest[:16] for one in ALL} == DIGESTS


def test_one_letter_makes_another() -> None:
    changed = raw()
    changed["languages"]["en"]["items"]["left_out"] += " "
    with pytest.raises(Malformed):
        instruments.of(changed)
    changed["languages"]["en"]["items"]["left_out"] = "How often do you feel left out"
    assert instruments.of(changed).digest != instruments.of(raw()).digest
    assert instruments.of(json.loads(json.dumps(raw(), indent=9))).digest == instruments.of(raw()).digest


def test_words_are_in_ones_language_where_they_are_there() -> None:
    made = raw()
    made["languages"]["fr"] = copy.deepcopy(made["languages"]["en"])
    made["languages"]["fr"]["items"]["left_out"] = "À l'écart ?"
    one = instruments.of(made)
    assert one.words("fr-ca")["items"]["left_out"] == "À l'écart ?"
    assert one.words("de") == one.words("en")


# --- refusals -------------------------------------------------------------------------------------------------------
SCORE = {"code": "total", "op": "sum", "items": ["isolated"], "min_answered": 1, "range": [1, 3]}
BAD: list[tuple[bytes, str]] = [
    (b"", "line 1"),
    (b"{", "line 1"),
    (b'{"a":1,\n"b":}', "line 2"),
    (b"\xff\xfe", "UTF-8"),
    (b"[]", "group of named values"),
    (b'{"a": 1, "a": 2}', "comes twice"),
    (b'{"a": 1.5}', "whole numbers"),
    (b'{"a": NaN}', "whole numbers"),
    (b"[" * 100_000, "recursion"),
    (b"9" * 5000, "digits"),
    (b" " * (instruments.MOST_BYTES + 1), "larger"),
]


@pytest.mark.parametrize(("data", "says"), BAD, ids=range(len(BAD)))
def test_what_is_no_file_of_questions_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(Malformed, match=says):
        instruments.read(data)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"code": "../x"}, "code"), ({"code": "x" * 41}, "code"), ({"code": 7}, "code"), ({"version": ""}, "version"),
        ({"title": "a\u202eb"}, "title"), ({"title": "a\ud800"}, "title"), ({"title": "x" * 601}, "title"),
        ({"run": "import os"}, "does not know 'run'"), ({"languages": {}}, "languages"), ({"items": []}, "items"),
        ({"items": [{"code": "a", "type": "code", "sensitivity": "safe"}]}, "type"),
        ({"options": {"often": [1, 1, 2]}}, "options.often"), ({"options": {"often": [-1, 1, 2]}}, "options.often"),
        ({"options": {"often": [True, 1, 2]}}, "options.often"), ({"options": []}, "options"),
        ({"scoring": [SCORE | {"op": "eval"}]}, "op"), ({"scoring": [SCORE | {"range": [0, 3]}]}, "range"),
        ({"scoring": [SCORE | {"items": ["x"]}]}, "items"), ({"scoring": [SCORE | {"values": [1]}]}, "values"),
        ({"scoring": [SCORE | {"min_answered": 0}]}, "min_answered"), ({"test_vectors": []}, "5 or more"),
        ({"licence": {"status": "bundled"}}, "licence"), ({"validated": 1}, "validated"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_it_is_said_with_its_place(change: dict[str, Any], says: str) -> None:
    with pytest.raises(Malformed, match=says):
        instruments.of(raw() | change)


def test_a_sum_over_fewer_is_none() -> None:
    """Somebody who left something out would look better than they are."""
    changed = raw()
    changed["scoring"][0]["min_answered"] = 2
    with pytest.raises(Malformed, match="min_answered"):
        instruments.of(changed)


def places(value: Any, so_far: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value inside."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [so_far] * bool(so_far) + [way for key, one in inner for way in places(one, (*so_far, key))]


def test_whatever_is_changed_it_is_taken_or_refused() -> None:
    """Anything at any place: no other error ever comes."""
    junk = [None, True, -1, 10**30, "", "x" * 9999, [], [[]], {}, {"a": {}}, [{}], ["isolated"], 1, "1"]
    refused = 0
    for way in places(raw()):
        for one in junk:
            changed: Any = raw()
            inside = changed
            for key in way[:-1]:
                inside = inside[key]
            inside[way[-1]] = one
            try:
                instruments.of(changed)
            except Malformed as error:
                refused += 1
                assert error.faults
    assert refused > 1000


# --- taking one in --------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_what_an_operator_takes_in_is_found_by_its_digest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "other.json"
    file.write_text(json.dumps(other()))
    call_command("instrument", str(file))
    call_command("instrument", str(file))  # once more changes nothing
    row = Instrument.objects.get()
    assert row.digest in capsys.readouterr().out
    found = selector.find(code="other", version="1", digest=row.digest)
    assert found.scored({"companionship": 1, "left_out": 2, "isolated": 3}) == {"total": 6}
    assert found in selector.known() and instruments.bundled()["gad7", "1"] in selector.known()
    for wrong in ({"digest": "0" * 64}, {"version": "2"}, {"code": "ucla3"}):
        with pytest.raises(NotHere):
            selector.find(**({"code": "other", "version": "1", "digest": row.digest} | wrong))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"title": "Another title"}, "new version"),
        ({"code": "ucla3"}, "Kith brings"),
        ({"items": []}, "items"),
    ],
)
def test_nothing_takes_the_place_of_another(changed: dict[str, Any], says: str) -> None:
    take_in(raw=other())
    with pytest.raises(Malformed, match=says):
        take_in(raw=other(**changed))
    assert Instrument.objects.count() == 1


@pytest.mark.django_db
def test_a_stub_is_not_taken_in() -> None:
    with pytest.raises(Malformed, match="stub"):
        take_in(raw=raw("osss", "0") | {"code": "other"})


@pytest.mark.django_db
def test_what_was_taken_in_never_changes() -> None:
    take_in(raw=other())
    with pytest.raises(IntegrityError), transaction.atomic():
        Instrument.objects.update(definition=raw())


@pytest.mark.django_db
@pytest.mark.parametrize("data", [data for data, _ in BAD], ids=range(len(BAD)))
def test_the_command_takes_in_nothing_of_a_bad_file(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "bad"
    file.write_bytes(data)
    for more in ([], ["--from", "fhir"], ["--from", "redcap"]):
        with pytest.raises(CommandError, match="Nothing was taken in"):
            call_command("instrument", str(file), *more)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("instrument", str(tmp_path / "nowhere"))
    assert not Instrument.objects.exists()
