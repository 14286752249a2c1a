"""Everybody before every door: who knocks, with what in the address, and what the answer means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from chat.models import Thread
from community.enums import Role
from community.models import Persona, SiteRole, Standing
from tests import limits
from tests.chat.saying import send
from tests.people import Cast, Person, add, make_cast, make_people, make_thread

PART = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass
class Street:
    """Everybody, and what there is to knock at."""

    cast: Cast
    people: dict[str, Person | None]
    thread: Thread
    parts: dict[str, str]

    def address(self, route: str) -> str:
        """A route as an address of what is really there."""
        before = dict(self.parts)
        if "/p/<" in route:
            before["pid"] = self.parts["post"]
        route = route.replace("<int:number>", "1")
        return "/" + PART.sub(lambda found: before.get(found[1], "nosuchthing"), route)


def routes(patterns: list[URLPattern | URLResolver] | None = None, before: str = "") -> Iterator[str]:
    """Every address there is."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def make_street() -> Street:
    """The cast of the other tests, and who is not among them: suspended, researcher, site administrator."""
    cast = make_cast()
    more = make_people({"suspended": False, "researcher": True, "administrator": True})
    add(more["suspended"], cast.harbour, handle="Pale Harbour")
    add(more["researcher"], cast.harbour, handle="Wide Lantern", role=Role.RESEARCHER)
    tag = more["suspended"].tag(cast.harbour)
    Standing.objects.create(group=cast.harbour, owner_tag=tag, may_read=False, may_post=False, site_wide=True)
    SiteRole.objects.create(owner_tag=_site_tag(more["administrator"]))
    thread = make_thread(cast.harbour)
    post = send(cast.alice, thread, "You are lazy.")
    face = Persona.objects.get(handle="Calm Otter")
    parts = {
        "door": "g", "gid": cast.harbour.public_id, "tid": thread.public_id, "post": post.public_id,
        "pid": face.public_id, "name_id": face.public_id,
        "avatar_id": face.avatar_id, "kind": "post", "thing": post.public_id,
    }  # fmt: skip
    people = {"nobody": None, "outsider": cast.olga, "listener": cast.lena, "member": cast.bob} | {
        "muted": cast.muted, "banned": cast.barred, "weak moderator": cast.people["weak"],
        "moderator": cast.mona, "lead": cast.lead, "moderator elsewhere": cast.ned, **more,
    }  # fmt: skip
    return Street(cast=cast, people=people, thread=thread, parts=parts)


def _site_tag(person: Person) -> bytes:
    from core import sealing

    return sealing.tag(key=person.secret, parts=("site",))


def knock(street: Street, who: str, method: str, route: str) -> str:
    """'in', 'sign in' or 'not here'; nothing that was done stays."""
    person, client = street.people[who], Client()
    if person:
        for name, cookie in person.client.cookies.items():
            client.cookies[name] = cookie.value
    limits.forget_all()
    with transaction.atomic():
        answer: Any = getattr(client, method)(street.address(route))
        transaction.set_rollback(True)
    if answer.status_code in (404, 403):
        return "not here"
    if answer.status_code == 302 and answer["Location"].startswith("/sign-in/"):
        return "sign in"
    if answer.status_code == 302 and answer["Location"].endswith("/studies/here/"):
        return "not here"  # a researcher who has not said for which study they read
    return "in" if answer.status_code != 405 else "no such act"
