"""How well people in a file are hidden, worked out by hand; `proof/anonymous.py` asks somebody else."""

from __future__ import annotations

import pytest

from research.release.risk import Row, classes, k_anonymity, l_diversity, risks

ROWS: list[Row] = [
    {"age": 30, "place": "north", "mood": 1, "calm": 1},
    {"age": 30, "place": "north", "mood": 2, "calm": 1},
    {"age": 30, "place": "south", "mood": 1, "calm": 2},
    {"age": None, "place": "south", "mood": 1, "calm": 2},
]


def test_people_fall_into_classes_and_a_missing_value_is_one() -> None:
    assert classes(ROWS, ["age", "place"]) == [[0, 1], [2], [3]]
    assert classes(ROWS, []) == [[0, 1, 2, 3]]


def test_k_is_the_smallest_class() -> None:
    assert k_anonymity(ROWS, ["place"]) == 2
    assert k_anonymity(ROWS, ["age", "place"]) == 1


def test_l_is_the_least_variety_of_any_sensitive_column() -> None:
    assert l_diversity(ROWS, ["place"], ["mood"]) == 1
    assert l_diversity(ROWS, [], ["mood", "calm"]) == 2
    assert l_diversity(ROWS, ["place"], []) == len(ROWS), "where nothing is sensitive, nothing is given away"


def test_risks_are_those_of_the_worst_the_average_person_and_the_average_class() -> None:
    found = risks(ROWS, ["age", "place"])
    assert (found.sample_uniques, found.highest) == (2, 1.0)
    assert found.marketer == pytest.approx(3 / 4)
    assert found.average == pytest.approx((1 / 2 + 1 + 1) / 3)


@pytest.mark.parametrize("count", [k_anonymity, risks, classes])
def test_an_empty_file_and_a_missing_column_are_errors(count) -> None:
    with pytest.raises(ValueError, match="nobody"):
        count([], ["age"])
    with pytest.raises(ValueError, match="'height'"):
        count(ROWS, ["height"])
