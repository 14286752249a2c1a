"""A scene that is played back is the one that was made: rows, keys and people, and nothing of another test's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path

import pytest
from django.db import transaction

from community.models import Group, Member
from core import keyring
from tests.people import Cast, Person, add, make_person, same_cast
from tests.scenes import same

pytestmark = pytest.mark.django_db
Own = Callable[[], AbstractContextManager[Cast]]


@pytest.fixture
def own_test(settings, tmp_path: Path) -> Own:
    """The cast and a key ring, as a test of its own has them; all of it is undone."""
    numbers = count()

    @contextmanager
    def begun() -> Iterator[Cast]:
        with transaction.atomic():
            settings.KITH_KEY_RING = str(tmp_path / str(next(numbers)) / "ring.json")
            yield same_cast()
            transaction.set_rollback(True)

    return begun


@pytest.fixture
def guest() -> Callable[[Cast], Person]:
    @same
    def found(cast: Cast) -> Person:
        """Somebody comes into meadow, which is renamed, and a key is made for this month."""
        person = make_person(name="gale")
        add(person, cast.meadow, handle="Late Guest")
        cast.meadow.name = "Upper meadow"
        cast.meadow.save()
        keyring.key_of(epoch=keyring.current_epoch())
        return person

    return found


def there() -> tuple[list[tuple[int, str]], bytes]:
    """The rows and the key."""
    rows = Member.objects.order_by("pk").values_list("pk", "group__name")
    return list(rows), keyring.key_of(epoch=keyring.current_epoch())


def test_rows_keys_and_people_are_the_same(own_test: Own, guest: Callable[[Cast], Person]) -> None:
    with own_test() as cast:
        first, found = guest(cast), there()
    with own_test() as cast:
        second = guest(cast)
        assert there() == found
        assert second.secret == first.secret and second.here(cast.meadow).persona
        assert second.client.get("/").wsgi_request.user.pk == first.account.pk


def test_what_it_changed_is_changed_and_what_a_test_changed_is_not(
    own_test: Own, guest: Callable[[Cast], Person]
) -> None:
    seen = list[Person]()
    for _ in range(3):
        with own_test() as cast:
            seen.append(guest(cast))
            assert cast.meadow.name == "Upper meadow" == Group.objects.get(pk=cast.meadow.pk).name
            assert seen[-1].account.username == "gale-otter-1234"
            seen[-1].account.username = cast.meadow.name = "of this test"
    assert len({id(person.client) for person in seen}) == 3


def test_it_is_made_anew_where_something_came_before_it(
    own_test: Own, guest: Callable[[Cast], Person]
) -> None:
    with own_test() as cast:
        first = guest(cast)
    with own_test() as cast:
        kept = keyring.key_of(epoch=keyring.current_epoch())
        assert guest(cast).secret != first.secret
        assert keyring.key_of(epoch=keyring.current_epoch()) == kept


@pytest.mark.django_db(transaction=True)
def test_it_is_made_anew_where_a_test_commits(
    own_test: Own, guest: Callable[[Cast], Person], settings, tmp_path: Path
) -> None:
    with own_test() as cast:
        first = guest(cast)
    settings.KITH_KEY_RING = str(tmp_path / "committed" / "ring.json")
    assert guest(same_cast()).secret != first.secret


def test_each_way_to_make_it_is_a_scene_of_its_own(own_test: Own) -> None:
    made = list[str]()

    @same
    def found(cast: Cast, *, name: str = "gale", whom: object = None) -> Person:
        made.append(name)
        keyring.key_of(epoch=keyring.current_epoch())
        return make_person(name=name)

    for how in ({}, {"name": "wren"}, {}, {"name": "wren"}, {"whom": object()}, {"whom": object()}):
        with own_test() as cast:
            assert found(cast, **how).account.username.startswith(how.get("name", "gale"))
    assert made == ["gale", "wren", "gale", "gale"], (
        "of what is not plain nobody knows whether it is the same"
    )


def test_a_scene_may_begin_with_another(own_test: Own, guest: Callable[[Cast], Person]) -> None:
    @same
    def both(cast: Cast) -> tuple[Person, Person]:
        return guest(cast), make_person(name="wren")

    with own_test() as cast:
        first, found = both(cast), there()
    with own_test() as cast:
        second = both(cast)
        assert there() == found
        assert [one.secret for one in second] == [one.secret for one in first]
