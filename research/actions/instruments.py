"""Taking in a set of questions that Kith does not bring."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from core import clock
from research import instruments
from research.errors import Malformed
from research.models import Instrument


@transaction.atomic
def take_in(*, raw: Any) -> Instrument:
    """Keep it as it is, for good; once more changes nothing. Raises Malformed."""
    made = instruments.of(raw)
    if made.status == "stub":
        raise Malformed(["licence.status: a stub has no questions to take in"])
    if (made.code, made.version) in instruments.bundled():
        raise Malformed(["code: Kith brings this one"])
    row, _ = Instrument.objects.get_or_create(
        code=made.code,
        version=made.version,
        defaults={"digest": made.digest, "definition": made.raw, "taken_in_on": clock.today()},
    )
    if row.digest != made.digest:
        raise Malformed(["version: there is another one with this code and version; give it a new version"])
    return row
