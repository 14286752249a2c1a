"""What people are told before they say yes: a new version of it, and what that means for who said yes before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core import clock
from research import consent_text, digests
from research.enums import Answer, Item
from research.models import ConsentDocument, Study
from research.selectors import consent as reading

__all__ = ["publish"]


def publish(*, study: Study, settings: Mapping[str, Any], is_material: bool) -> ConsentDocument:
    """Write the next version. In the transaction that writes the protocol's. Where the change matters, every yes is to
    be given again: until then nothing new of that person is asked, read or used."""
    body = consent_text.body(settings=settings)
    version = study.consent_version + 1
    made = ConsentDocument.objects.create(
        study=study, version=version, body=body, digest=digests.digest(body), is_material=is_material,
        published_on=clock.today(),
    )  # fmt: skip
    Study.objects.filter(pk=study.pk).update(consent_version=version)
    study.consent_version = version
    if is_material:
        _ask_again(study, made)
    return made


def _ask_again(study: Study, document: ConsentDocument) -> None:
    from research.actions.consent import write_event

    for key in reading.keys_taking_part(study=study):
        for item, last in reading.answers(key=key).items():
            if last.answer == Answer.GIVEN:
                write_event(
                    study=study, key=key, item=Item(item), answer=Answer.SUPERSEDED, document=document
                )
