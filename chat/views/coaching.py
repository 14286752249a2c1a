"""Advice before something is sent, once: the writer changes it, or sends it as it is."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext

from chat.selectors.echoes import Signing, own_texts
from chat.selectors.noticed import in_draft
from community import linkage
from community.coaches import echoes
from community.selectors.here import Here, all_group_ids
from community.views.entry import key_of, keys_of
from core.registries import screening
from moderation.selectors import automatic


def advice_on(
    request: HttpRequest, *, here: Here, text: str, signing: Signing, tid: str = "", is_change: bool = False
) -> list[str]:
    """What to look at before these words are sent, in sentences. Nothing of it is kept."""
    found = screening.advice(screening.Draft(group_id=here.group.pk, text=text))
    noticed = in_draft(here=here, text=text, tid=tid, alias_key=signing.alias_key, is_change=is_change)
    found += automatic.advice(noticed, text=text)
    return found + ([_told_again()] if _is_told_again(request, text, signing) else [])


def _is_told_again(request: HttpRequest, text: str, signing: Signing) -> bool:
    if len(echoes.runs(text)) < echoes.ENOUGH:
        return False
    tags = linkage.owner_tags(request, groups=all_group_ids())
    earlier = own_texts(owner_tags=tags, key_of=key_of(request), keys_of=keys_of(request), signing=signing)
    return echoes.is_told_again(text, earlier=earlier)


def _told_again() -> str:
    """Says neither where nor under which name: somebody may be looking on."""
    return gettext(
        "Some of these words are the same as words you wrote under another name. "
        "Someone who reads both could tell that it is you."
    )
