"""Fill an empty Kith with people of one group and a thread: `python -m bench.filling PEOPLE POSTS`, in a site's own
environment. Prints what is needed to be each of them, as JSON. Nobody signs in: their sessions are put there as signing
in would leave them, since stretching hundreds of passphrases is not what is measured."""

from __future__ import annotations

import json
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
WORDS = "It was a long week, and the kitchen is full of boxes. Does anybody here know how to begin? " * 3


def words_of(nth: int) -> str:
    """The text of one post: the same on every side."""
    return f"{WORDS}\n\nThis is message {nth} of the talk, and *that* is **all** that I want to say today."


def main(people: int, posts: int) -> None:
    """Make them, in the order of a first day."""
    import django

    django.setup()
    from chat.actions.posts import publish_post
    from community import avatars, handles
    from community.models import Persona
    from core import ids
    from tests.people import add_all, make_group, make_thread

    group = make_group(name="harbour")
    known = _accounts(people)
    names = handles.propose(group=group, n=people)
    add_all([(person, group, name, "member") for person, name in zip(known, names, strict=True)])
    for persona, tile in zip(Persona.objects.filter(group=group), avatars.propose(n=people), strict=True):
        persona.avatar_svg = tile.svg
        persona.save(update_fields=["avatar_svg"])
    pairs = ((person, Persona.objects.get(member__owner_tag=person.tag(group))) for person in known)
    threads = {size: make_thread(group, title=f"A talk of {size}") for size in {0, posts}}
    for nth in range(posts):
        here = known[nth % len(known)].here(group)
        publish_post(here=here, thread=threads[posts], text=words_of(nth), client_id=ids.new_public_id())
    made = {
        "group": group.public_id,
        "threads": {size: thread.public_id for size, thread in threads.items()},
        "people": [
            {"cookie": str(next(iter(person.client.cookies.values())).value), "handle": persona.handle}
            for person, persona in pairs
        ],
    }
    print(json.dumps(made))


def _accounts(many: int) -> list:
    from django.test import Client

    from accounts import keys
    from accounts.models import Account
    from tests.people import Person, sign_in

    found = []
    for nth in range(many):
        account = Account(username=f"reader-otter-{nth:04}")
        account.set_unusable_password()
        account.save()
        person = Person(account=account, secret=keys.new_secret(), client=Client())
        sign_in(person.client, account, person.secret, strong=False)
        found.append(person)
    return found


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
