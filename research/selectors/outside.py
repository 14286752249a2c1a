"""Who outside a study's team may have a file: whom its approved protocol names, of people who read that name and then
said yes."""

from __future__ import annotations

from collections.abc import Sequence

from research.enums import Answer
from research.models import ConsentDocument, ConsentEvent, Study
from research.selectors import studies


def named(study: Study) -> list[str]:
    """Whom the protocol in force names."""
    return list(studies.settings_of(study)["outside"])


def documents(*, study: Study, recipient: str) -> frozenset[str]:
    """The digests of what people read that names this recipient."""
    rows = ConsentDocument.objects.filter(study=study).values_list("digest", "body")
    return frozenset(digest for digest, body in rows if recipient in body.get("outside", []))


def is_in(*, events: Sequence[ConsentEvent], item: str, read: frozenset[str]) -> bool:
    """Whether the last yes of one key to an item, of its events in order, was to one of these documents."""
    given = [one.document.digest for one in events if one.item == item and one.answer == Answer.GIVEN]
    return bool(given) and given[-1] in read
