"""A file is made coarser until nobody stands out, or it is refused; refusals first."""

from __future__ import annotations

import random
from itertools import product

import pytest

from research.release import lattice
from research.release.lattice import ANY, Step, TooFew, generalise
from research.release.risk import Row, k_anonymity, l_diversity, risks

HIERARCHIES: dict[str, list[Step]] = {
    "age": [lambda age: int(age or 0) // 10 * 10],
    "place": [{"leeds": "north", "york": "north", "bath": "south"}],
}


def people(count: int, *, seed: int = 1, moods: tuple[int, ...] = (1, 2, 3)) -> list[Row]:
    dice = random.Random(seed)
    return [
        {
            "pid": f"P{nth}",
            "age": dice.randrange(20, 50),
            "place": dice.choice(["leeds", "york", "bath"]),
            "mood": dice.choice(moods),
        }
        for nth in range(count)
    ]


@pytest.mark.parametrize("count", [1, 4, 9])
def test_fewer_than_ten_people_get_no_file(count: int) -> None:
    with pytest.raises(TooFew) as refused:
        generalise(people(count), HIERARCHIES, ["mood"])
    assert refused.value.nodes
    assert not any(node.is_safe for node in refused.value.nodes)


def test_where_everybody_said_the_same_no_file_hides_what_anybody_said() -> None:
    with pytest.raises(TooFew):
        generalise(people(100, moods=(1,)), HIERARCHIES, ["mood"])


def test_what_is_wrong_is_said_without_a_value() -> None:
    with pytest.raises(ValueError, match="nobody"):
        generalise([], HIERARCHIES, ["mood"])
    with pytest.raises(ValueError, match="'height'"):
        generalise(people(20), {**HIERARCHIES, "height": []}, ["mood"])
    with pytest.raises(ValueError, match="not both"):
        generalise(people(20), HIERARCHIES, ["place"])
    with pytest.raises(ValueError, match="'place'") as refused:
        generalise(people(20), {"place": [{"leeds": "north"}]}, ["mood"])
    assert not {"york", "bath"} & set(str(refused.value).replace("'", " ").split())


def test_ten_people_get_a_file_that_says_nothing_of_them_but_their_answers() -> None:
    chosen = generalise(people(10), HIERARCHIES, ["mood"])
    assert {(row["age"], row["place"]) for row in chosen.rows} == {(ANY, ANY)}
    assert [row["mood"] for row in chosen.rows] == [row["mood"] for row in people(10)]


@pytest.mark.parametrize("most_nodes", [lattice.MOST_NODES, 1], ids=["every node", "from the coarsest down"])
@pytest.mark.parametrize("count", [40, 200])
def test_a_file_keeps_to_every_limit(count: int, most_nodes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lattice, "MOST_NODES", most_nodes)
    rows = people(count)
    chosen = generalise(rows, HIERARCHIES, ["mood"])
    assert k_anonymity(chosen.rows, ["age", "place"]) >= 5
    assert l_diversity(chosen.rows, ["age", "place"], ["mood"]) >= 2
    assert risks(chosen.rows, ["age", "place"]).marketer <= 0.10
    assert len(chosen.suppressed) <= count // 10
    kept = [row["pid"] for place, row in enumerate(rows) if place not in chosen.suppressed]
    assert [row["pid"] for row in chosen.rows] == kept


def test_the_safe_node_that_loses_least_is_taken_and_all_are_told() -> None:
    chosen = generalise(people(200), HIERARCHIES, ["mood"])
    assert len(chosen.nodes) == len(list(product(range(3), range(3))))
    (taken,) = (node for node in chosen.nodes if node.levels == chosen.levels)
    assert taken.is_safe
    assert taken.loss == min(node.loss for node in chosen.nodes if node.is_safe) < 1
    assert taken.suppressed == len(chosen.suppressed)
    finest = next(node for node in chosen.nodes if not any(node.levels.values()))
    assert (finest.is_safe, finest.loss) == (False, 0)
    assert finest.risk > 0.10


def test_whoever_stands_out_is_left_out_with_the_whole_row() -> None:
    rows = [{"place": "leeds", "mood": nth % 2} for nth in range(19)] + [{"place": "bath", "mood": 1}]
    chosen = generalise(rows, {"place": []}, ["mood"])
    assert chosen.suppressed == [19]
    assert chosen.levels == {"place": 0}
    with pytest.raises(TooFew):
        generalise(rows, {"place": []}, ["mood"], most_suppressed=0.01, k=21)


def test_what_is_missing_stays_missing() -> None:
    rows: list[Row] = [{"age": [None, 31, 37][nth % 3], "mood": nth % 2} for nth in range(60)]
    chosen = generalise(rows, {"age": HIERARCHIES["age"]}, ["mood"], k=25)
    assert {row["age"] for row in chosen.rows} == {ANY}
    chosen = generalise(rows, {"age": HIERARCHIES["age"]}, ["mood"], k=20)
    assert {row["age"] for row in chosen.rows} == {None, 31, 37}
    rows = [{"age": [None, 30, 31, 32, 33][nth % 5], "mood": nth % 2} for nth in range(100)]
    chosen = generalise([*rows, *rows[::5]], {"age": HIERARCHIES["age"]}, ["mood"], k=40)
    assert {row["age"] for row in chosen.rows} == {None, 30}


def test_no_column_by_which_anybody_is_known_leaves_a_file_as_it_is() -> None:
    rows = people(12)
    assert generalise(rows, {}, ["mood"]).rows == rows
