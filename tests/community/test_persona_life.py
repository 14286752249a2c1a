"""The life of a name: its picture, the line about oneself, another name, none. Refusals first; and nothing that
anybody else can see ties one name to the next."""

from __future__ import annotations

import re
import threading

import pytest
from django.db import connection
from django.urls import reverse

from chat.enums import PostState
from chat.models import Post, Thread
from community import avatars
from community.actions import due
from community.actions import personas as actions
from community.enums import Audience
from community.errors import MayNot, NotHere
from community.models import Disclosure, DueAct, Persona
from core import clock
from tests.chat.saying import alias_key, send, sign_as_alias
from tests.chat.test_pages import without_tokens
from tests.people import Cast, Person, make_cast, make_thread

pytestmark = pytest.mark.django_db
SEED = "stack-" + "ab" * 16
PAGES = ("name", "name_picture", "name_about", "name_change", "name_stop")


def at(cast: Cast, page: str = "name") -> str:
    return reverse(f"community:{page}", args=[cast.harbour.public_id])


def change(cast: Cast, person: Person, own: str = "Fresh Fern", **more: str):
    return person.client.post(at(cast, "name_change"), {"own": own, "handle": "", "avatar": SEED, **more})


def stop(cast: Cast, person: Person, **more: str):
    return person.client.post(at(cast, "name_stop"), more)


def current(cast: Cast, person: Person) -> Persona | None:
    return person.here(cast.harbour).persona


def discloses(cast: Cast, person: Person) -> Disclosure:
    member = person.member(cast.harbour)
    return Disclosure.objects.create(
        member=member, group=member.group, kind="region", level="exact", audience=Audience.GROUP, path="uk"
    )


# --- refusals ---------------------------------------------------------------------------------------------------


def test_outsiders_and_the_barred_change_nothing(cast: Cast) -> None:
    data = {"own": "Free Bird", "avatar": SEED, "about": "x", "which": "1"}
    for client in (cast.nobody, cast.olga.client, cast.barred.client, cast.ned.client):
        for page in PAGES:
            assert (
                client.get(at(cast, page)).status_code == client.post(at(cast, page), data).status_code == 404
            )
        assert client.post(at(cast, "name_keep"), data).status_code == 404
    assert Persona.objects.filter(is_current=False).count() == 0 and not DueAct.objects.exists()


def test_without_a_name_there_is_nothing_to_change(cast: Cast) -> None:
    for page in PAGES[1:]:
        answers = [
            cast.lena.client.get(at(cast, page)),
            cast.lena.client.post(at(cast, page), {"own": "Free Bird"}),
        ]
        assert [answer.status_code for answer in answers] == [404, 404]
    here = cast.lena.here(cast.harbour)
    for act in (
        lambda: actions.change_about(here=here, about="x"),
        lambda: actions.change_picture(here=here, avatar=SEED),
        lambda: actions.stop_using_name(here=here),
        lambda: actions.take_another_name(here=here, handle="Free Bird", avatar=SEED, details_go_along=False),
    ):
        with pytest.raises(NotHere):
            act()
    assert current(cast, cast.lena) is None


def test_one_who_may_not_write_can_only_stop(cast: Cast) -> None:
    shown = cast.muted.client.get(at(cast)).content.decode()
    assert at(cast, "name_change") not in shown and at(cast, "name_stop") in shown
    for page in ("name_picture", "name_about", "name_change"):
        assert cast.muted.client.post(at(cast, page), {"own": "Free Bird", "avatar": SEED}).status_code == 404
    with pytest.raises(NotHere):
        actions.take_another_name(
            here=cast.muted.here(cast.harbour), handle="Free Bird", avatar=SEED, details_go_along=False
        )
    assert stop(cast, cast.muted).status_code == 302 and current(cast, cast.muted) is None


@pytest.mark.parametrize(
    ("own", "why"),
    [
        ("Calm Otter", "name, or one like it"),
        ("Grey Heron", "name, or one like it"),
        ("alice-otter-1234", "sign-in name"),
        ("The Mod", "from the team"),
        ("", "Pick a name"),
        ("Plain Fern", "another group"),
    ],
)
def test_a_name_that_may_not_be_taken_leaves_the_old_one(cast: Cast, own: str, why: str) -> None:
    about = cast.alice.here(cast.harbour).persona
    answer = change(cast, cast.alice, own, written="remove")
    assert answer.status_code == 422 and why in answer.content.decode()
    assert current(cast, cast.alice) == about and not DueAct.objects.exists()


def test_a_lost_race_for_a_name_leaves_the_old_one(cast: Cast) -> None:
    discloses(cast, cast.alice)
    with pytest.raises(actions.HandleTaken):
        actions.take_another_name(
            here=cast.alice.here(cast.harbour), handle="Calm Otter", avatar=SEED,
            details_go_along=False, remove_under=b"k" * 32,
        )  # fmt: skip
    assert current(cast, cast.alice).handle == "Grey Heron"
    assert Disclosure.objects.count() == 1 and not DueAct.objects.exists()


@pytest.mark.parametrize("page", ["name_change", "name_stop", "name_picture"])
def test_pages_ask_and_only_a_press_acts(cast: Cast, page: str) -> None:
    before = Persona.objects.filter(member=cast.alice.member(cast.harbour)).values().get()
    assert cast.alice.client.get(at(cast, page)).status_code == 200
    if page != "name_stop":
        assert cast.alice.client.post(at(cast, page), {"again": "1", "avatar": SEED}).status_code == 200
        assert cast.alice.client.post(at(cast, page), {"avatar": "stack-<svg>"}).status_code == 422
    assert cast.alice.client.post(at(cast, page), {"written": "burn", "own": "Free Bird"}).status_code == 422
    assert Persona.objects.filter(member=cast.alice.member(cast.harbour)).values().get() == before


def test_a_name_is_changed_a_few_times_a_day(cast: Cast) -> None:
    for number in range(3):
        assert change(cast, cast.alice, f"Fresh Fern {number}").status_code == 302
    for answer in (change(cast, cast.alice, "Fresh Fern 4"), stop(cast, cast.alice)):
        assert answer.status_code == 422 and "wait until tomorrow" in answer.content.decode()
    assert current(cast, cast.alice).handle == "Fresh Fern 2"
    assert change(cast, cast.bob, "Other Otter").status_code == 302


def test_nobody_else_keeps_what_is_to_go(cast: Cast) -> None:
    send(cast.alice, make_thread(cast.harbour))
    change(cast, cast.alice, written="remove")
    which = {"which": DueAct.objects.get().pk}
    for person in (cast.bob, cast.mona):
        assert person.client.post(at(cast, "name_keep"), which).status_code == 404
        assert "Grey Heron" not in person.client.get(at(cast)).content.decode()
    for bad in ("", "x", "-1", "9" * 30):
        assert cast.alice.client.post(at(cast, "name_keep"), {"which": bad}).status_code == 404
    meadow = f"/g/{cast.meadow.public_id}/name/"
    assert cast.alice.client.post(f"{meadow}keep/", which).status_code == 404
    assert "Grey Heron" not in cast.alice.client.get(meadow).content.decode()
    assert DueAct.objects.count() == 1


# --- picture and line --------------------------------------------------------------------------------------------


def test_another_picture_has_an_address_of_its_own(cast: Cast) -> None:
    before = current(cast, cast.alice)
    shown = cast.alice.client.get(at(cast, "name_picture")).content.decode()
    tiles = re.findall(r'type="radio" name="avatar" value="([^"]+)"', shown)
    assert len(set(tiles)) == 6
    again = cast.alice.client.post(
        at(cast, "name_picture"), {"again": "1", "avatar": tiles[2]}
    ).content.decode()
    assert not set(re.findall(r'name="avatar" value="([^"]+)"', again)) & set(tiles)
    assert cast.alice.client.post(at(cast, "name_picture"), {"avatar": tiles[2]}).status_code == 302
    after = current(cast, cast.alice)
    assert after.avatar_svg == avatars.draw(choice=tiles[2]) and after.avatar_id != before.avatar_id
    assert (after.pk, after.handle, after.public_id) == (before.pk, before.handle, before.public_id)
    assert cast.bob.client.get(f"/a/{before.avatar_id}.svg").status_code == 404


def test_the_line_about_oneself_is_changed_and_taken_away(cast: Cast) -> None:
    assert (
        cast.alice.client.post(at(cast, "name_about"), {"about": "I am alice-otter-1234"}).status_code == 422
    )
    assert cast.alice.client.post(at(cast, "name_about"), {"about": "x" * 301}).status_code == 422
    for line in ("I like tea.", ""):
        assert cast.alice.client.post(at(cast, "name_about"), {"about": line}).status_code == 302
        assert current(cast, cast.alice).about == line


# --- another name, or none ---------------------------------------------------------------------------------------


def test_the_old_name_keeps_what_it_wrote_and_nothing_else(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    post = send(cast.alice, thread, "by grey heron")
    Persona.objects.filter(handle="Grey Heron").update(about="I like tea.")
    discloses(cast, cast.alice)
    assert change(cast, cast.alice).status_code == 302
    old, new = Persona.objects.get(handle="Grey Heron"), current(cast, cast.alice)
    assert (old.is_current, old.about, new.handle, new.about) == (False, "", "Fresh Fern", "")
    assert new.avatar_id != old.avatar_id and new.public_id != old.public_id
    assert not Disclosure.objects.exists(), "what was shown would tell that both are one"
    assert Post.objects.get(pk=post.pk).byline.persona == old
    assert change(cast, cast.bob, "Grey Heron").status_code == 422, "nobody else takes it"
    card = cast.bob.client.get(f"/g/{cast.harbour.public_id}/who/{old.public_id}/").content.decode()
    assert "not used any more" in card and "tea" not in card and "Fresh" not in card


def test_details_go_along_only_when_asked_for(cast: Cast) -> None:
    discloses(cast, cast.alice)
    assert 'name="along"' in cast.alice.client.get(at(cast, "name_change")).content.decode()
    change(cast, cast.alice, along="on")
    assert Disclosure.objects.count() == 1
    change(cast, cast.alice, "Other Fern")
    assert not Disclosure.objects.exists()
    discloses(cast, cast.alice)
    stop(cast, cast.alice)
    assert not Disclosure.objects.exists()


def test_to_whoever_looks_a_change_changes_nothing(cast: Cast) -> None:
    """Every byte of what others see of the group is as before; and what the new name signs shares nothing with what
    the old one signed."""
    thread = make_thread(cast.harbour)
    for _ in range(2):
        send(cast.alice, thread, "by the old name")
        send(cast.bob, thread, "in between")
    for person in (cast.bob, cast.mona):
        look(person, thread)
    before = [look(person, thread) for person in (cast.bob, cast.mona)]
    assert change(cast, cast.alice).status_code == 302
    assert [look(person, thread) for person in (cast.bob, cast.mona)] == before
    fresh = send(cast.alice, thread, "by the new name")
    shown = look(cast.bob, thread)[0].decode()
    old, other, new = (ids_in(fragments(shown, name)) for name in ("Grey Heron", "Calm Otter", "Fresh Fern"))
    assert fresh.public_id in "".join(new) and old & new == old & other == new & other


def look(person: Person, thread: Thread) -> list[bytes]:
    group = f"/g/{thread.group.public_id}/"
    old = Persona.objects.get(handle="Grey Heron")
    urls = (f"{group}t/{thread.public_id}/", f"{group}t/{thread.public_id}/events/?after=0", group, "/home/",
            f"/a/{old.avatar_id}.svg")  # fmt: skip
    pages = [without_tokens(person.client.get(url).content) for url in urls]
    return [page.split(b'id="composer" method')[0] for page in pages]


def fragments(page: str, name: str) -> list[str]:
    return [part for part in page.split("<li id=") if f">{name}<" in part]


def ids_in(parts: list[str]) -> set[str]:
    """Whatever in fragments looks like an id, but the thread's and the group's own."""
    found = [set(re.findall(r"[A-Za-z0-9_-]{12,}", part)) for part in parts]
    return {word for words in found for word in words if not word.startswith(("data-", "aria-"))} - WORDS


WORDS = {"data-byline", "aria-labelledby", "aria-describedby"}


def test_what_the_old_name_wrote_is_taken_away_at_a_moment_of_its_own(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread, other = make_thread(cast.harbour), make_thread(cast.harbour)
    gone = [send(cast.alice, thread, "secret one"), send(cast.alice, other, "secret two")]
    sign_as_alias(cast.alice, thread)
    stays = [
        send(cast.alice, thread, "in secret", key_for_alias=alias_key(cast.alice, thread)),
        send(cast.bob, thread, "by bob"),
    ]
    assert change(cast, cast.alice, written="remove").status_code == 302
    stays.append(send(cast.alice, thread, "by the new name"))
    row, now = DueAct.objects.get(), clock.now()
    assert now < row.due_at < now + actions.REMOVED_WITHIN
    due.do_due()
    assert Post.objects.filter(state=PostState.DELETED).count() == 0, "not at once"
    assert "goes within 3 days" in cast.alice.client.get(at(cast)).content.decode()
    monkeypatch.setattr(clock, "now", lambda: row.due_at)
    due.do_due()
    left = Post.objects.exclude(state=PostState.DELETED)
    assert set(left) == set(stays) and not DueAct.objects.exists()
    assert not Post.objects.filter(pk__in=[post.pk for post in gone]).exclude(text="").exists()
    assert "Taken away by its writer" in cast.bob.client.get(thread_url(thread)).content.decode()


def thread_url(thread: Thread) -> str:
    return f"/g/{thread.group.public_id}/t/{thread.public_id}/"


@pytest.mark.parametrize("way", ["change", "stop"])
def test_it_stays_after_all(cast: Cast, way: str) -> None:
    send(cast.alice, make_thread(cast.harbour))
    (change if way == "change" else stop)(cast, cast.alice, written="remove")
    if way == "stop":
        actions.create_persona(here=cast.alice.here(cast.harbour), handle="Later Fern", avatar=SEED)
    shown = cast.alice.client.get(at(cast)).content.decode()
    which = re.search(r'name="which" value="(\d+)"', shown)[1]
    assert cast.alice.client.post(at(cast, "name_keep"), {"which": which}).status_code == 302
    assert not DueAct.objects.exists() and Post.objects.get().state == PostState.SHOWN


def test_moments_of_going_tell_nothing_of_when_it_was_asked(cast: Cast) -> None:
    send(cast.alice, make_thread(cast.harbour))
    moments = set()
    for number in range(3):
        change(cast, cast.alice, f"Fern {number}", written="remove")
    moments = set(DueAct.objects.values_list("due_at", flat=True))
    assert len(moments) == 3 and b"Heron" not in b"".join(bytes(row.sealed) for row in DueAct.objects.all())


def test_stopping_shows_what_will_happen_and_leaves_one_reading(cast: Cast) -> None:
    send(cast.alice, make_thread(cast.harbour))
    asked = cast.alice.client.get(at(cast, "name_stop")).content.decode()
    assert "No page ties it to your next one" in asked and 'value="remove"' in asked
    assert stop(cast, cast.alice).status_code == 302
    assert current(cast, cast.alice) is None and Post.objects.get().state == PostState.SHOWN
    assert "Who do you want to be here?" in cast.alice.client.get(at(cast)).content.decode()


def test_a_role_goes_along_and_the_page_says_so(cast: Cast) -> None:
    assert "Your role goes along" in cast.mona.client.get(at(cast, "name_change")).content.decode()
    assert "Your role goes along" not in cast.alice.client.get(at(cast, "name_change")).content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_two_tabs_that_change_at_once_one_does() -> None:
    cast = make_cast()
    here = cast.alice.here(cast.harbour)
    gate, got = threading.Barrier(2), []

    def take(name: str) -> None:
        gate.wait()
        try:
            actions.take_another_name(here=here, handle=name, avatar=SEED, details_go_along=False)
            got.append(name)
        except (MayNot, NotHere):
            got.append("")
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(name,)) for name in ("First Fern", "Second Fern")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(bool, got)) == [False, True]
    assert current(cast, cast.alice).handle == max(got)
