"""Telling a writer, and nobody else, that their words helped. Nothing is told to open pages: nobody sees it there."""

from __future__ import annotations

from django.db import transaction

from chat.actions import posts as posting
from chat.models import Post, Thanks
from chat.policies import Act, Face, may
from chat.selectors import posts as reading
from chat.selectors import thanks
from chat.selectors.reading import KeyOf
from community.actions import leaving
from community.errors import NotHere


def set_thanks(*, face: Face, post: Post, helped: bool, key_of: KeyOf) -> None:
    """Say that it helped, or take that back. Saying it twice is the same as once. Raises NotHere."""
    key = thanks.key_for(key_of=key_of, post=post)
    with transaction.atomic():
        leaving.keep_in(here=face.here)
        posting.lock(post.thread)
        now = Face(here=posting.look_again(face.here), alias_key=face.alias_key)
        if not may(Act.THANK, face=now, post=reading.to_show().get(pk=post.pk)):
            raise NotHere
        if helped:
            Thanks.objects.bulk_create([Thanks(post=post, key=key)], ignore_conflicts=True)
        else:
            Thanks.objects.filter(post=post, key=key).delete()
