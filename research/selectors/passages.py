"""Words of a message, found by where they stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from chat.models import Post
from chat.selectors import hidden, posts
from community.errors import NotHere
from community.selectors.here import Here
from research import sealed
from research.models import Study
from research.models.notes import Passage
from research.selectors import usable
from research.selectors.desks import KeyOf


def message(*, here: Here, pid: str, key_of: KeyOf) -> Post:
    """A message that is open to a researcher now. Raises NotHere."""
    tid = Post.objects.filter(public_id=pid, thread__group=here.group).values_list(
        "thread__public_id", flat=True
    )
    found = tid.first()
    if found is None:
        raise NotHere
    return posts.find(face=hidden.face_in(here=here, key_of=key_of, tid=found), tid=found, pid=pid)


def locate(*, study: Study, post: Post, words: str) -> Mapping[str, Any] | None:
    """Where these words stand in a message, as the columns of a passage; None where they do not."""
    wanted = words.split()
    found = re.search(r"\s+".join(map(re.escape, wanted)), post.text) if wanted else None
    if found is None:
        return None
    start, length = found.start(), found.end() - found.start()
    return {"start": start, "length": length, "mark": _mark(study, post, found.group())}


def words(passage: Passage, *, study: Study) -> str:
    """What stands there, if it is still the same and may still be used; else nothing."""
    source = usable.source_of(study=study, post=passage.post)
    is_theirs = source is not None and source.pk == passage.source_id
    return said(passage, study=study) if is_theirs else ""


def said(passage: Passage, *, study: Study) -> str:
    """What stands there, if it is still the same; not whether it may be used."""
    found = passage.post.text[passage.start : passage.start + passage.length]
    return found if _mark(study, passage.post, found) == bytes(passage.mark) else ""


def _mark(study: Study, post: Post, said: str) -> bytes:
    return sealed.mark(study=study, of=f"passage|{post.public_id}|{said}")
