"""How well the people in a file are hidden, by what else somebody may know of them. One row is one person, with all of
their rounds: a course over time is as telling as anything else.

Definitions: k-anonymity (Sweeney 2002), distinct l-diversity (Machanavajjhala and others 2007), and the risks of the
prosecutor and the marketer (El Emam 2013). A value that is missing (None) is a value like others: others see that it is
missing. `proof/anonymous.py` holds all of it against pycanon."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

Value = str | int | None
Row = Mapping[str, Value]


@dataclass(frozen=True, kw_only=True)
class Risks:
    """How likely people are recognised by somebody who knows their `quasi`. All but the first are from 0 to 1."""

    sample_uniques: int  # people whom nobody in the file resembles
    highest: float  # of whoever is hidden worst: the prosecutor's
    marketer: float  # on average over people: the share who are found when everybody is looked for
    average: float  # on average over classes, whatever their size


def classes(rows: Sequence[Row], quasi: Sequence[str]) -> list[list[int]]:
    """The places of people whom `quasi` does not tell apart, in the order of the file. Raises ValueError for a file
    without people, or without one of the columns."""
    if not rows:
        raise ValueError("There is nobody in the file.")
    found: dict[tuple[Value, ...], list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        found[tuple(_value(row, name) for name in quasi)].append(place)
    return list(found.values())


def k_anonymity(rows: Sequence[Row], quasi: Sequence[str]) -> int:
    """How many people, at least, share what anybody's `quasi` say. Raises as `classes`."""
    return min(len(places) for places in classes(rows, quasi))


def l_diversity(rows: Sequence[Row], quasi: Sequence[str], sensitive: Collection[str]) -> int:
    """How many different values, at least, each of the `sensitive` columns has among people who are not told apart; as
    many as there are people where no column is sensitive. Raises as `classes`."""
    return min(variety(rows, places, sensitive) for places in classes(rows, quasi))


def variety(rows: Sequence[Row], places: Collection[int], sensitive: Collection[str]) -> int:
    """The least number of different values that a `sensitive` column has at these places."""
    counts = (len({_value(rows[place], name) for place in places}) for name in sensitive)
    return min(counts, default=len(rows))


def risks(rows: Sequence[Row], quasi: Sequence[str]) -> Risks:
    """All risks of a file. Raises as `classes`."""
    return of_sizes([len(places) for places in classes(rows, quasi)])


def of_sizes(sizes: Sequence[int]) -> Risks:
    """All risks, from how many people are in each class; none where nobody is in any."""
    if not sizes:
        return Risks(sample_uniques=0, highest=0.0, marketer=0.0, average=0.0)
    return Risks(
        sample_uniques=sum(size == 1 for size in sizes),
        highest=1 / min(sizes),
        marketer=len(sizes) / sum(sizes),
        average=sum(1 / size for size in sizes) / len(sizes),
    )


def _value(row: Row, name: str) -> Value:
    try:
        return row[name]
    except KeyError:
        raise ValueError(f"A row has no column {name!r}.") from None
