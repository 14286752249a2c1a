"""A table shows no small count and gives none away: held against every table that could have been."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from research.release.suppress import SUM, Cell, protect, with_sums

INTERVAL = 5


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ({}, "cells"),
        ({(): 3}, "axes"),
        ({("a", "b", "c", "d"): 3}, "axes"),
        ({("a",): 3, ("a", "b"): 3}, "axes"),
        ({("a",): -1}, "below"),
        ({(SUM,): 30}, "sum"),
    ],
)
def test_what_is_no_table_is_an_error(table: dict[Cell, int], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        protect(table)


def test_zeros_and_small_sums_are_hidden_too() -> None:
    assert protect({("a",): 0, ("b",): 9}).shown == {}
    found = protect({("a", "x"): 0, ("a", "y"): 4, ("b", "x"): 40, ("b", "y"): 50})
    assert found.figure("a", SUM) is None
    with pytest.raises(KeyError):
        found.figure("c", SUM)


def test_a_small_cell_is_not_left_alone_under_its_sum() -> None:
    found = protect({("a",): 3, ("b",): 20, ("c",): 30})
    assert found.hidden == {("a",), ("b",)}
    assert found.shown == {("c",): 30, (SUM,): 55}


def test_two_empty_cells_do_not_hide_each_other() -> None:
    found = protect({("a",): 0, ("b",): 0, ("c",): 20, ("d",): 30})
    assert ("c",) in found.hidden


def test_nothing_is_hidden_where_nothing_is_small_and_all_is_rounded() -> None:
    table = {cell: 12 + nth for nth, cell in enumerate(product("ab", "xy", "mn"))}
    found = protect(table)
    assert not found.hidden
    assert all(
        count % 5 == 0 and abs(count - with_sums(table)[cell]) <= 2 for cell, count in found.shown.items()
    )
    assert protect(table, base=1).shown == with_sums(table)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 14), min_size=2, max_size=3))
def test_in_a_row_every_hidden_cell_could_be_quite_different(counts: list[int]) -> None:
    _could_be_different({(name,): count for name, count in zip("abc", counts, strict=False)})


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(0, 14), min_size=4, max_size=4))
def test_in_a_square_every_hidden_cell_could_be_quite_different(counts: list[int]) -> None:
    _could_be_different(dict(zip(product("ab", "xy"), counts, strict=True)))


def _could_be_different(table: Mapping[Cell, int]) -> None:
    full, found = with_sums(table), protect(table, base=1)
    assert {cell for cell, count in full.items() if count < 10} <= found.hidden
    ranges: dict[Cell, set[int]] = {cell: set() for cell in found.hidden}
    for other in _near(table):
        sums = with_sums(other)
        if all(sums[cell] == count for cell, count in found.shown.items()):
            for cell, values in ranges.items():
                values.add(sums[cell])
    assert all(max(values) - min(values) >= INTERVAL for values in ranges.values())


def _near(table: Mapping[Cell, int]) -> Iterator[dict[Cell, int]]:
    """Every table whose cells differ from this one's by no more than the interval."""
    spans = [range(max(count - INTERVAL, 0), count + INTERVAL + 1) for count in table.values()]
    for counts in product(*spans):
        yield dict(zip(table, counts, strict=True))
