"""The catalogue of what people can tell: values from rough to exact, and files with mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import override_settings

from community import fact_kinds
from community.fact_kinds import BadCatalogue

KINDS = fact_kinds.kinds()
GOOD = """
[faith]
name = "Faith"
type = "tree"
levels = ["faith", "exact"]
known_by = "Someone from where you pray"
[faith.values]
christian = "Christian"
"christian/methodist" = "Methodist"
[region.values]
"gb/north/hull" = "Hull"
"""


def _words(kind: str, value: str) -> list[str]:
    return [step.words for step in KINDS[kind].steps(value)]


def test_all_that_the_design_names_is_there() -> None:
    assert list(KINDS) == [
        "role", "diagnosis", "years_since", "treatment", "age", "gender", "region", "languages", "profession",
        "about",
    ]  # fmt: skip


def test_a_value_gets_coarser_step_by_step() -> None:
    assert _words("diagnosis", "mood/bipolar/2") == ["A mood condition", "Bipolar", "Bipolar type II"]
    assert _words("age", "1988") == ["Adult", "Born from 1980 to 1989", "Born in 1988"]
    assert _words("region", "gb/north/leeds") == ["United Kingdom", "North of England", "Leeds"]
    assert _words("region", "gb") == ["United Kingdom"]
    assert _words("about", " I sail. ") == ["I sail."]
    assert [step.path for step in KINDS["age"].steps("1988")] == [
        "adult/", "adult/1980-1989/", "adult/1980-1989/1988/"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "value"),
    [("age", "88"), ("age", "2020"), ("age", "1850"), ("age", "١٩٨٨"), ("age", ""), ("diagnosis", "mood/flu"),
     ("diagnosis", ""), ("about", " "), ("about", "x" * 301)],
)  # fmt: skip
def test_what_is_no_value_has_no_steps(kind: str, value: str) -> None:
    assert KINDS[kind].steps(value) == []


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_step_knows_its_level_and_its_words(kind: fact_kinds.Kind) -> None:
    values = list(getattr(kind, "values", {})) or ["1988", "I sail."]
    found = [step for value in values for step in kind.steps(value)]
    assert found
    assert all(kind.level_of(step.path) == step.level and step.words for step in found)


@pytest.mark.parametrize(
    ("kind", "path"),
    [("diagnosis", "mood"), ("diagnosis", "mood/flu/"), ("age", "adult/1980-1989/1991/"), ("age", "1988/"),
     ("age", "adult"), ("years_since", "2010-2019/2010-2012/"), ("about", "x"), ("about", "")],
)  # fmt: skip
def test_what_is_no_path_has_no_level(kind: str, path: str) -> None:
    assert KINDS[kind].level_of(path) == ""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "more.toml"


def test_an_operator_adds_kinds_and_values(file: Path) -> None:
    file.write_text(GOOD)
    with override_settings(KITH_FACT_KINDS=str(file)):
        found = fact_kinds.kinds()
    assert list(found)[-1] == "faith"
    assert [step.words for step in found["faith"].steps("christian/methodist")] == ["Christian", "Methodist"]
    assert [step.words for step in found["region"].steps("gb/north/hull")][1:] == ["North of England", "Hull"]
    assert "gb/north/hull" not in getattr(KINDS["region"], "values", {})


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('"Christian"\n', '"Christian"\nno equals sign', "is not TOML"),
        ('"christian/methodist"', '"jewish/reform"', "'jewish/reform' has nothing above it. Add 'jewish' first"),
        ('"christian/methodist"', '"Christian/Methodist"', "is no good code"),
        ('"christian/methodist"', '"christian/methodist/x"', "is 3 levels deep, but only 2 are named"),
        ('"Methodist"', "7", "needs words"),
        ('"Methodist"', f'"{"x" * 81}"', "needs words"),
        ('type = "tree"', 'type = "map"', "'map' is not known. Known are: tree, year, text"),
        ('type = "tree"', 'type = "year"', "levels: name one for top"),
        ('type = "tree"', 'type = "text"', "a text has one"),
        ('type = "tree"', "", "needs type"),
        ('name = "Faith"', "", "needs name"),
        ('levels = ["faith", "exact"]', 'levels = "faith"', "needs levels, as a list"),
        ('levels = ["faith", "exact"]', 'levels = ["a", "b", "c", "d", "e"]', "more than 4 levels"),
        ('name = "Faith"', 'name = "Faith"\ncolour = "red"', "'colour', which is not known"),
        ("[faith]", "[Faith]", "is no good code"),
        ("[region.values]", '[region]\nlevels = ["a", "b", "c"]\n[region.values]', "cannot be changed"),
        ("[faith]", "faith2 = 1\n[faith]", "stands alone"),
    ],
)  # fmt: skip
def test_a_file_with_a_mistake_says_where_and_what(file: Path, old: str, new: str, why: str) -> None:
    assert old in GOOD
    written = GOOD.replace(old, new, 1)
    file.write_text(written.replace("[faith.values]", "[Faith.values]") if "[Faith]" in new else written)
    with override_settings(KITH_FACT_KINDS=str(file)), pytest.raises(BadCatalogue, match=str(file)) as caught:
        fact_kinds.kinds()
    assert why in str(caught.value)


@pytest.mark.parametrize(
    ("line", "why"),
    [("bands = [10, 3]", "fit whole"), ("bands = [1]", "how many years"), ('bands = ["x"]', "how many years"),
     ('says = "Since"', "with {year} in it"), ('oldest = "old"', "a number of years")],
)  # fmt: skip
def test_years_with_a_mistake(file: Path, line: str, why: str) -> None:
    given = {"bands": "bands = [10]", "says": 'says = "Here since {year}"', "oldest": "oldest = 50"}
    given[line.split(maxsplit=1)[0]] = line
    file.write_text(
        '[arrived]\nname = "Here since"\ntype = "year"\nknown_by = "A"\nlevels = ["ten", "exact"]\n'
        'says_band = "{first} {last}"\n' + "\n".join(given.values())
    )
    with override_settings(KITH_FACT_KINDS=str(file)), pytest.raises(BadCatalogue) as caught:
        fact_kinds.kinds()
    assert why in str(caught.value)


def test_a_file_that_is_not_there_and_too_many_kinds(file: Path) -> None:
    with override_settings(KITH_FACT_KINDS=str(file)), pytest.raises(BadCatalogue, match="cannot be read"):
        fact_kinds.kinds()
    text = '[kind{0}]\nname = "A"\ntype = "text"\nlevels = ["a"]\nknown_by = "A"\n'
    file.write_text("".join(text.format(number) for number in range(15)))
    with override_settings(KITH_FACT_KINDS=str(file)), pytest.raises(BadCatalogue, match="too many"):
        fact_kinds.kinds()
