"""One-thread names that a study may read: found by keys that only their owner's session makes, each erased apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from core import ledger
from core.registries import holdings
from core.registries.holdings import Apart, Owner, Row
from research.actions import once as actions
from research.models import OnceName
from research.selectors import once, parts


def _own(owner: Owner) -> Iterator[OnceName]:
    assert owner.key is not None
    return once.all_own(gid=owner.group, key_of=owner.key)


def _exported(owner: Owner) -> Iterator[Row]:
    for row in _own(owner):
        yield {"study": parts.title(row.study), "the number of this name in it": once.number_of(row)}


def refs(owner: Owner) -> list[str]:
    """The rows of one's own in a group, by their keys."""
    return [str(row.pk) for row in _own(owner)]


def _there() -> Iterable[str]:
    return map(str, OnceName.objects.values_list("pk", flat=True).iterator())


def register() -> None:
    """Register the model, and what the ledger of erasures can name."""
    ledger.register(once.KIND, refs=_there, erase=actions.drop)
    holdings.hold(
        OnceName,
        export=_exported,
        erase=Apart(refs=refs, erase=actions.forget),
        title="One-thread names that a study may read",
    )
