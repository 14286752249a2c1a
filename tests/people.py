"""Named people in fixed relations, who sign in as people do: with a session that carries S.

Two groups: *harbour* (closed) and *meadow* (open), and *cellar* (hidden).

| person  | harbour            | meadow     | who they are                                             |
|---------|--------------------|------------|----------------------------------------------------------|
| alice   | member, Grey Heron | member     | writes                                                   |
| bob     | member, Calm Otter |            | writes back                                              |
| lena    | just reading       |            | has no persona                                           |
| muted   | member, Dim Comet  |            | may read, may not post                                   |
| barred  | member, Old Anchor |            | may not read                                             |
| mona    | moderator          |            | signed in with a second factor                           |
| weak    | moderator          |            | the role, but no second factor in this session           |
| lead    | lead               |            | signed in with a second factor                           |
| ned     |                    | moderator  | second factor, but of another group                      |
| olga    |                    |            | an outsider with an account                              |
| nobody  |                    |            | signed out                                               |
"""

from __future__ import annotations

import copyreg
import datetime as dt
from copy import deepcopy
from dataclasses import dataclass, field
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction
from django.test import Client

from accounts import keys
from accounts.models import Account
from chat.models import Thread
from community import handles
from community.enums import GroupKind, Role, Visibility
from community.models import Charter, Group, Member, Persona, Rule, Standing
from community.selectors import here as places
from community.selectors.here import Here
from core import clock, sealing
from tests import again
from tests.again import Said

PASSPHRASE = "seven quiet boats at noon"


@dataclass
class Person:
    """Somebody with an account, S and a browser."""

    account: Account
    secret: bytes
    client: Client
    strong: bool = False

    def tag(self, group: Group) -> bytes:
        return sealing.tag(key=self.secret, parts=("member", group.public_id))

    def keyed(self, kind: str, ref: str) -> bytes:
        return sealing.tag(key=self.secret, parts=(kind, ref))

    def here(self, group: Group) -> Here:
        return places.find(owner_tag=self.tag(group), strong=self.strong)

    def member(self, group: Group) -> Member:
        return Member.objects.get(owner_tag=self.tag(group))


def make_person(*, name: str, strong: bool = False) -> Person:
    """An account with S, signed in, as the sign-in page would leave it."""
    (person,) = make_people({name: strong}).values()
    return person


def make_people(strong: dict[str, bool]) -> dict[str, Person]:
    """Several at once, with their names and whether they have a second factor."""
    people = {}
    for name, has_second_factor in strong.items():
        account = Account(username=f"{name}-otter-1234")
        account.set_password(PASSPHRASE)
        people[name] = Person(
            account=account, secret=keys.new_secret(), client=Client(), strong=has_second_factor
        )
    Account.objects.bulk_create([person.account for person in people.values()])
    for person in people.values():
        sign_in(person.client, person.account, person.secret, strong=person.strong)
    return people


def sign_in(client: Client, account: Account, secret: bytes, *, strong: bool) -> None:
    """Put a signed-in session's cookie into the client."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store.exists = lambda _: False  # its key was drawn this moment
    store[SESSION_KEY] = str(account.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = account.get_session_auth_hash()
    methods = [{"method": "password"}] + ([{"method": "mfa", "type": "totp"}] if strong else [])
    store["account_authentication_methods"] = methods
    keys.carry(store, secret)
    store.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = store.session_key


def make_group(*, name: str, visibility: Visibility = Visibility.CLOSED) -> Group:
    """A group with a charter of two rules."""
    group = Group.objects.create(
        name=name,
        kind=GroupKind.CONDITION,
        visibility=visibility,
        summary=f"About {name}.",
        heads_ups=["hospital", "money"],
        join_question="What brings you here?",
        requests_looked_at="Mondays",
    )
    charter = Charter.objects.create(
        group=group, version=1, purpose="To talk.", what_it_is_not=["Not a crisis service."],
        who_can_see="People in the group.", third_party_privacy="No names of others.",
        published_on=dt.date(2026, 1, 1),
    )  # fmt: skip
    codes = ["kind", "privacy"]
    Rule.objects.bulk_create(
        Rule(charter=charter, code=code, position=nth, text=f"Be {code}.") for nth, code in enumerate(codes)
    )
    return group


def add(person: Person, group: Group, *, handle: str = "", role: Role = Role.MEMBER) -> Member:
    """Make somebody a member, with a persona if a handle is given."""
    (member,) = add_all([(person, group, handle, role)])
    return member


def add_all(places: list[tuple[Person, Group, str, Role]]) -> list[Member]:
    """Make several people members at once."""
    members, personas = [], []
    for person, group, handle, role in places:
        member = Member(group=group, owner_tag=person.tag(group), role=role, accepted_version=1)
        members.append(member)
        if handle:
            personas.append(Persona(
                member=member, group=group, handle=handle, handle_key=handles.key_of(handle),
                avatar_svg="<svg xmlns='http://www.w3.org/2000/svg'/>",
            ))  # fmt: skip
    Member.objects.bulk_create(members)
    Persona.objects.bulk_create(personas)
    return members


@dataclass
class Cast:
    """Everybody, and where they are."""

    harbour: Group
    meadow: Group
    cellar: Group
    people: dict[str, Person] = field(default_factory=dict)
    nobody: Client = field(default_factory=Client)

    def __getattr__(self, name: str) -> Person:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None


@transaction.atomic
def make_cast() -> Cast:
    """Everybody in the table above."""
    cast = Cast(
        harbour=make_group(name="harbour"),
        meadow=make_group(name="meadow", visibility=Visibility.OPEN),
        cellar=make_group(name="cellar", visibility=Visibility.HIDDEN),
    )
    weak = dict.fromkeys(("alice", "bob", "lena", "muted", "barred", "weak", "olga"), False)
    cast.people = make_people(weak | dict.fromkeys(("mona", "lead", "ned"), True))
    add_all([
        (cast.alice, cast.harbour, "Grey Heron", Role.MEMBER),
        (cast.alice, cast.meadow, "Plain Fern", Role.MEMBER),
        (cast.bob, cast.harbour, "Calm Otter", Role.MEMBER),
        (cast.lena, cast.harbour, "", Role.MEMBER),
        (cast.muted, cast.harbour, "Dim Comet", Role.MEMBER),
        (cast.barred, cast.harbour, "Old Anchor", Role.MEMBER),
        (cast.mona, cast.harbour, "Clear Brook", Role.MODERATOR),
        (cast.weak, cast.harbour, "Slow Cloud", Role.MODERATOR),
        (cast.lead, cast.harbour, "Broad Field", Role.LEAD),
        (cast.ned, cast.meadow, "High Stone", Role.MODERATOR),
    ])  # fmt: skip
    standings = [(cast.muted, True, False), (cast.barred, False, False)]
    Standing.objects.bulk_create(
        Standing(group=cast.harbour, owner_tag=who.tag(cast.harbour), may_read=read, may_post=post)
        for who, read, post in standings
    )
    return cast


_written: dict[dt.date, tuple[Cast, Said]] = {}


@transaction.atomic
def same_cast() -> Cast:
    """Everybody as this process made them first today: their rows are written again, and nobody's keys are new. A test
    may change its copy."""
    day = clock.today()
    if day in _written:
        again.say(_written[day][1])
    else:
        with again.heard() as said:
            _written[day] = make_cast(), said
    return deepcopy(_written[day][0])


def _browser(session: str) -> Client:
    """A browser that carries this session; none, if it is empty."""
    client = Client()
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    return client


def _session_of(client: Client) -> str:
    held = client.cookies.get(settings.SESSION_COOKIE_NAME)
    return held.value if held else ""


# A copy of somebody has a browser of their own, which knows nothing but who is signed in.
copyreg.pickle(Client, lambda client: (_browser, (_session_of(client),)))


def make_thread(group: Group, *, title: str = "A thread") -> Thread:
    """An empty thread."""
    return Thread.objects.create(group=group, title=title, ask="advice_welcome")
