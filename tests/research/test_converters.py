"""Questions out of other programs' files: all of it as it was, or nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from research import instruments
from research.converters import from_fhir, from_redcap
from research.errors import Malformed
from research.models import Instrument

HEAD = (
    "Variable / Field Name,Form Name,Section Header,Field Type,Field Label,"
    '"Choices, Calculations, OR Slider Labels",Field Note,Text Validation Type OR Show Slider Number,'
    '"Branching Logic (Show field only if...)"'
)
ROWS = [
    'sleep_1,day,"Think of today.",radio,How did you sleep?,"0, Badly | 1, Well",,,',
    'rest_2,day,,dropdown,"Did you rest?","0, Badly | 1, Well",,,',
    "again,day,,yesno,Would you again?,,,,",
    "more,day,,notes,<b>Anything</b> else?,,,,",
]
ABOUT = {
    "code": "day", "version": "1", "title": "A day", "citation": {"text": "Ours", "doi": ""},
    "licence": {"status": "permission", "terms": "By letter", "attribution": "Us", "evidence": "The letter",
                "checked_on": "2026-11-29"},
}  # fmt: skip
WEIGHT = "http://hl7.org/fhir/StructureDefinition/ordinalValue"


def redcap(*rows: str) -> bytes:
    return "\r\n".join((HEAD, *rows)).encode()


def fhir(*items: dict[str, Any]) -> bytes:
    return json.dumps({"resourceType": "Questionnaire", "item": list(items)}).encode()


def choice(code: str, display: str, weight: int | None = None) -> dict[str, Any]:
    hint = [{"url": WEIGHT, "valueDecimal": weight}] if weight is not None else []
    return {"valueCoding": {"code": code, "display": display}, "extension": hint}


SLEEP = {"linkId": "Sleep/1", "type": "choice", "text": "How did you sleep?",
         "answerOption": [choice("LA1", "Badly", 0), choice("LA2", "Well", 1)]}  # fmt: skip


def test_a_dictionary_of_redcap() -> None:
    made = instruments.of(from_redcap(redcap(*ROWS), ABOUT))
    words = made.words("en")
    assert words["preamble"] == "Think of today." and words["items"]["sleep_1"] == "How did you sleep?"
    assert [(one.code, one.values) for one in made.questions] == [
        ("sleep_1", (0, 1)), ("rest_2", (0, 1)), ("again", (1, 0)), ("more", ()),
    ]  # fmt: skip
    assert made.questions[0].options == made.questions[1].options and made.questions[3].is_text
    assert made.status == "permission" and made.is_distressing and not made.scores


@pytest.mark.parametrize(
    "row",
    [
        "total,day,,calc,Sum,[a]+[b],,,", "which,day,,checkbox,Which?,\"0, A | 1, B\",,,", "photo,day,,file,Photo,,,,",
        "born,day,,text,Born,,,date_ymd,", 'sleep,day,,radio,Sleep,"0, A | 1, B",,,[a]=1', "x,day,,radio,X,no,,,",
        'sleep,day,,radio,Sleep,"0, A | 0, B",,,', ",day,,yesno,X,,,,",
        "again,day,,yesno,X,,,,,more,cells",
    ],
)  # fmt: skip
def test_what_could_not_be_asked_here_is_named_by_its_line(row: str) -> None:
    with pytest.raises(Malformed, match="line 3"):
        from_redcap(redcap("again,day,,yesno,Would you again?,,,,", row), ABOUT)


def test_a_dictionary_that_ends_too_soon_is_refused() -> None:
    with pytest.raises(Malformed, match="unexpected end"):
        from_redcap(redcap(*ROWS, 'x,day,,radio,X,"0, A'), ABOUT)


def test_a_questionnaire_of_fhir() -> None:
    shown = {"linkId": "0", "type": "display", "text": "Think of today."}
    inside = {
        "linkId": "G",
        "type": "group",
        "item": [shown, SLEEP, {"linkId": "b", "type": "boolean", "text": "Again?"}],
    }
    made = instruments.of(from_fhir(fhir(inside, {"linkId": "more", "type": "text", "text": "More?"}), ABOUT))
    assert made.words("en")["preamble"] == "Think of today."
    assert [one.code for one in made.questions] == ["sleep_1", "b", "more"]
    assert made.words("en")["options"][made.questions[0].options] == ["Badly", "Well"]


@pytest.mark.parametrize(
    ("item", "says"),
    [
        (SLEEP | {"repeats": True}, "Sleep/1"), (SLEEP | {"enableWhen": [{}]}, "Sleep/1"),
        (SLEEP | {"answerOption": [choice("LA1", "Badly"), choice("LA2", "Well")]}, "whole number"),
        (SLEEP | {"answerOption": [choice("1", "Badly"), choice("1", "Well")]}, "of its own"),
        ({"linkId": "x", "type": "attachment"}, "attachment"), ({"type": "text"}, "linkId"), ({}, "Questionnaire"),
    ],
)  # fmt: skip
def test_what_fhir_asks_otherwise_is_named(item: dict[str, Any], says: str) -> None:
    with pytest.raises(Malformed, match=says):
        from_fhir(fhir(item), ABOUT)
    with pytest.raises(Malformed):
        from_fhir(b'{"resourceType": "Patient"}', ABOUT)


@pytest.mark.django_db
def test_the_command_is_told_whose_they_are(tmp_path: Path) -> None:
    file = tmp_path / "day.csv"
    file.write_bytes(redcap(*ROWS))
    told = {"--code": "day", "--release": "1", "--title": "A day", "--cite": "Ours", "--terms": "By letter",
            "--attribution": "Us", "--evidence": "The letter"}  # fmt: skip
    call_command(
        "instrument", str(file), "--from", "redcap", *[word for pair in told.items() for word in pair]
    )
    assert Instrument.objects.get().definition["licence"]["terms"] == "By letter"
