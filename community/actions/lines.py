"""The line about oneself: it is a column of a name, and what was taken back of it stays gone, also when an older copy
of the database comes back."""

from __future__ import annotations

from django.db.models import QuerySet

from community.models import Persona
from core import ids, ledger

KIND = "line"  # in the ledger


def put(names: QuerySet[Persona], *, about: str) -> int:
    """Write another line beside these names, or none, and write down that the one before is gone: by a random key that
    each line has, so that the ledger tells nothing of its words. Within a transaction. Returns how many names were
    there."""
    before = names.exclude(about="").values_list("line", flat=True)
    ledger.note_all(kind=KIND, refs=map(str, list(before)))
    return names.update(about=about, line=ids.new_key())


def there() -> list[str]:
    """The keys of all lines that are there."""
    return [str(line) for line in Persona.objects.exclude(about="").values_list("line", flat=True).iterator()]


def forget(line: str) -> None:
    """Take one line away: for a replay of the ledger."""
    Persona.objects.filter(line=int(line)).update(about="")
