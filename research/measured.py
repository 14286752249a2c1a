"""What is counted of a study, round by round. Each measure puts each person into one band; a count is of people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

FEW, SOME = 3, 10  # messages from which on somebody wrote some, or many
SOON, WEEK = 1, 7  # days within which somebody answers


class Kind(StrEnum):
    """What a measure is about. SCORE and CHANGE are of one set of questions."""

    WROTE = "wrote"
    ANSWERED = "answered"
    SPOKE = "spoke"
    SHARED = "shared"
    LABELLED = "labelled"
    SCORE = "score"
    CHANGE = "change"


BANDS: dict[Kind, tuple[str, ...]] = {
    Kind.WROTE: ("few", "some", "many"),
    Kind.ANSWERED: ("soon", "week", "later"),
    Kind.SPOKE: ("wrote", "silent"),
    Kind.SHARED: ("half", "rest"),
    Kind.LABELLED: ("yes", "no"),
    Kind.SCORE: ("low", "high"),  # few bands: an empty one hides another
    Kind.CHANGE: ("lower", "same", "higher"),
}
# In words, for pages and for the codebook of totals.
TITLES: dict[Kind, Any] = {
    Kind.WROTE: _("How much people wrote"),
    Kind.ANSWERED: _("How soon a first message was answered"),
    Kind.SPOKE: _("Who spoke, and who did not"),
    Kind.SHARED: _("How the talk was shared out"),
    Kind.LABELLED: _("Who wrote something that was marked as misleading"),
}
NOTES: dict[Kind, Any] = {
    Kind.WROTE: _("Of people who wrote at all in this time."),
    Kind.ANSWERED: _(
        "Only answers by others who take part are counted. Many get an answer sooner than it says here."
    ),
    Kind.SPOKE: _("Of people who wrote in this time, or took part in all of it and did not."),
    Kind.SHARED: _(
        "Of people who wrote, in each group by itself. The fewer wrote the first half, the less evenly it was shared."
    ),
    Kind.LABELLED: _(
        "Marked as not in line with guidance, or as corrected. Of people who let the study read their messages."
    ),
    Kind.SCORE: _("Low and high are the two halves of all the scores that there can be."),
    Kind.CHANGE: _("Of people who answered both times. A change says nothing of what caused it."),
}
WORDS: dict[Kind, dict[str, Any]] = {
    Kind.WROTE: {
        "few": _("1 or 2 messages"), "some": _("3 to 9"), "many": _("10 or more"),
    },
    Kind.ANSWERED: {
        "soon": _("on that day or the next"), "week": _("within a week"),
        "later": _("later, or not"),
    },
    Kind.SPOKE: {"wrote": _("wrote"), "silent": _("wrote nothing")},
    Kind.SHARED: {
        "half": _("the most active: half of all messages"), "rest": _("the others: the other half"),
    },
    Kind.LABELLED: {"yes": _("yes"), "no": _("no")},
    Kind.SCORE: {"low": _("low"), "high": _("high")},
    Kind.CHANGE: {
        "lower": _("lower than at first"), "same": _("the same"),
        "higher": _("higher than at first"),
    },
}  # fmt: skip

OF_WRITERS = frozenset({Kind.WROTE, Kind.ANSWERED, Kind.SHARED})  # of the same people: all who wrote


@dataclass(frozen=True, order=True)
class Measure:
    """One measure. `asked` is the code of a set of questions where there is one, else ''."""

    kind: Kind
    asked: str = ""

    @property
    def key(self) -> str:
        """How it is stored."""
        return f"{self.kind}:{self.asked}" if self.asked else str(self.kind)

    @property
    def bands(self) -> tuple[str, ...]:
        """What somebody can be counted as."""
        return BANDS[self.kind]


def of_key(key: str) -> Measure:
    """The measure that is stored like this."""
    kind, _colon, asked = key.partition(":")
    return Measure(Kind(kind), asked)


def wrote(messages: int) -> str:
    """The band of somebody who wrote so many messages, at least one."""
    return "few" if messages < FEW else "some" if messages < SOME else "many"


def answered(days: int | None) -> str:
    """The band of somebody whose first message was answered after so many days, if it was."""
    if days is None or days > WEEK:
        return "later"
    return "soon" if days <= SOON else "week"


def shared(messages: Mapping[str, int]) -> dict[str, str]:
    """The bands of all who wrote in one group, by how many messages each wrote. The fewest who together wrote half of
    them are one band, the rest the other; of people with as many messages the one whose key comes first goes first."""
    found, before, half = dict[str, str](), 0, sum(messages.values()) / 2
    for who, count in sorted(messages.items(), key=lambda one: (-one[1], one[0])):
        found[who] = "half" if before < half else "rest"
        before += count
    return found


def score(value: int | Decimal, *, low: int, high: int) -> str:
    """The half of its range in which a score lies; the middle is in the lower one."""
    return "high" if 2 * value > low + high else "low"


def change(before: int | Decimal, now: int | Decimal) -> str:
    """How a score stands to an earlier one."""
    return "same" if now == before else "lower" if now < before else "higher"
