"""Choosing a name in a group, and what is not a good one."""

from __future__ import annotations

import functools
import re
import threading

import pytest
from django.db import connection

from community import avatars, handles
from community.actions import personas as actions
from community.errors import MayNot, NotHere
from community.models import Persona
from tests.people import Cast, add, make_cast, make_person

SEED = "stack-" + "ab" * 16


def _page(cast: Cast) -> str:
    return f"/g/{cast.harbour.public_id}/name/"


def _choose(cast: Cast, **data: str):
    return cast.lena.client.post(_page(cast), {"avatar": SEED, "handle": "", **data})


def _also_in_meadow(cast: Cast, handle: str) -> None:
    add(cast.lena, cast.meadow, handle=handle)


def _name(cast: Cast) -> str | None:
    return (
        Persona.objects.filter(member=cast.lena.member(cast.harbour)).values_list("handle", flat=True).first()
    )


def test_outsiders_and_the_barred_have_no_name_to_choose(cast: Cast) -> None:
    for client in (cast.nobody, cast.olga.client, cast.barred.client, cast.ned.client):
        assert client.get(_page(cast)).status_code == 404
        assert client.post(_page(cast), {"own": "Free Bird", "avatar": SEED}).status_code == 404


def test_one_who_may_not_post_chooses_no_name(cast: Cast) -> None:
    Persona.objects.filter(member=cast.muted.member(cast.harbour)).delete()
    assert "not write for now" in cast.muted.client.get(_page(cast)).content.decode()
    cast.muted.client.post(_page(cast), {"own": "Free Bird", "avatar": SEED})
    assert not Persona.objects.filter(handle="Free Bird").exists()
    with pytest.raises(NotHere):
        actions.create_persona(here=cast.muted.here(cast.harbour), handle="Free Bird", avatar=SEED)


def test_six_names_and_six_pictures_are_offered(cast: Cast) -> None:
    page = cast.lena.client.get(_page(cast)).content.decode()
    assert len(re.findall(r'type="radio" name="handle" value="[A-Z]', page)) == 6
    assert len(re.findall(r'type="radio" name="avatar"', page)) == 6
    assert page.count("data:image/svg+xml;base64,") == 6


def test_a_name_on_offer_is_taken_with_one_press(cast: Cast) -> None:
    page = cast.lena.client.get(_page(cast)).content.decode()
    offered = re.search(r'name="handle" value="([A-Z][^"]+)"', page)[1]
    picture = re.search(r'name="avatar" value="([^"]+)"', page)[1]
    response = cast.lena.client.post(_page(cast), {"handle": offered, "avatar": picture, "about": "Hello."})
    assert response.headers["Location"] == f"/g/{cast.harbour.public_id}/"
    persona = Persona.objects.get(handle=offered)
    assert persona.about == "Hello."
    assert persona.avatar_svg == avatars.draw(choice=picture)
    assert picture.split("-")[1] not in persona.avatar_svg


def test_after_choosing_one_goes_on_to_where_one_was(cast: Cast) -> None:
    there = f"/g/{cast.harbour.public_id}/new/"
    assert _choose(cast, own="Free Bird", next=there).headers["Location"] == there


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_going_on_stays_on_this_site(cast: Cast, away: str) -> None:
    assert _choose(cast, own="Free Bird", next=away).headers["Location"] == f"/g/{cast.harbour.public_id}/"


def test_asking_for_others_keeps_nothing_and_offers_new_ones(cast: Cast) -> None:
    first = set(
        re.findall(r'name="handle" value="([A-Z][^"]+)"', cast.lena.client.get(_page(cast)).content.decode())
    )
    response = _choose(cast, own="Free Bird", again="1")
    second = set(re.findall(r'name="handle" value="([A-Z][^"]+)"', response.content.decode()))
    assert response.status_code == 200
    assert len(second - first) > 3
    assert _name(cast) is None


def _on_offer(page: str) -> tuple[list[str], list[str]]:
    return tuple(  # type: ignore[return-value]
        re.findall(rf'type="radio" name="{field}" value="([^"]+)"', page) for field in ("handle", "avatar")
    )


def _stood(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(offered|pictures)" value="([^"]*)"', page))


@pytest.mark.parametrize("wrong", [{"own": "Jo 1988"}, {"own": "Free Bird", "avatar": ""}])
def test_what_was_on_offer_is_still_there_after_an_error(cast: Cast, wrong: dict[str, str]) -> None:
    """The name somebody liked is not gone because they mistyped another."""
    before = cast.lena.client.get(_page(cast)).content.decode()
    names, pictures = _on_offer(before)
    assert len(names) == len(pictures) == 6
    picked = {"handle": names[3], "avatar": pictures[2], **_stood(before)}
    answer = cast.lena.client.post(_page(cast), picked | wrong)
    after = answer.content.decode()
    assert answer.status_code == 422 and _on_offer(after) == (names, pictures)
    assert _stood(after) == _stood(before)
    again = cast.lena.client.post(_page(cast), picked | wrong | {"again": "1"}).content.decode()
    assert not set(_on_offer(again)[0]) & set(names) and not set(_on_offer(again)[1]) & set(pictures)
    assert cast.lena.client.post(_page(cast), picked).status_code == 302 and _name(cast) == names[3]


@pytest.mark.parametrize(
    "forged",
    [
        {"offered": "The Team|Calm Fern"},
        {"offered": "<b>"},
        {"pictures": "x"},
        {"offered": "", "pictures": ""},
    ],
)
def test_what_is_not_ours_does_not_come_back_as_an_offer(cast: Cast, forged: dict[str, str]) -> None:
    answer = cast.lena.client.post(_page(cast), {"own": "Jo 1988", **forged})
    names, pictures = _on_offer(answer.content.decode())
    assert answer.status_code == 422 and len(set(names)) == len(set(pictures)) == 6
    assert all(map(handles.is_ours, names)) and all(map(avatars.is_choice, pictures))


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("lena-otter-1234", "sign-in name"),
        ("Lena Otter 1234", "sign-in name"),
        ("jo@example.org", "email"),
        ("jo.example.org", "email"),
        ("Jo 07700900123", "4 numbers"),
        ("Jo 0770 0900", "4 numbers"),
        ("Jo 1988", "year"),
        ("19 Jo 88", "year"),
        ("Jo ١٩٨٨", "year"),
        ("x", "2 letters"),
        ("A" * 31, "Keep it to 30"),
        ("Jo 😀", "letters, numbers"),
        ("Moderator Jo", "team"),
        ("M0derat0r", "team"),
        ("The Mod", "team"),
        ("Mods", "team"),
        ("Team lead", "team"),
        ("Kith Team", "team"),
        ("TheMod", "team"),
        ("kithteam", "team"),
        ("m-o-d", "team"),
        ("Mod2", "team"),
        ("Nurse Jo", "team"),
        ("Lead", "team"),
        ("Adm\u0131n", "team"),
        ("Ca\ua4e1m Otter", "one alphabet"),
        ("Calm \u13a9tter", "one alphabet"),
        ("Calm \u0585tter", "one alphabet"),
        ("\ua4da\ua4ee\ua4e1\ua4df \ua4f3\ua4d4\ua4d4\ua4f0\ua4e3", "name, or one like it"),
        ("Ca\u029fm Otter", "letters, numbers"),
        ("\u0262rey Heron", "letters, numbers"),
        ("Gre\u0269 Heron", "letters, numbers"),
        ("Calm O\u0334tter", "letters, numbers"),
        ("Calm Otter", "name, or one like it"),
        ("S0meone who left", "people who left"),
        ("CaIm 0tter", "name, or one like it"),
        ("\u0421\u0430lm Otter", "one alphabet"),
        ("\u0405ea \u0421\u043e\u0440", "one alphabet"),
        ("calm-otter", "name, or one like it"),
        ("", "Pick a name first, or type one."),
    ],
)
def test_a_typed_name_is_refused_with_the_reason(cast: Cast, typed: str, why: str) -> None:
    response = _choose(cast, own=typed)
    assert response.status_code == 422
    assert why in response.content.decode().split("<main")[1]
    assert _name(cast) is None


@pytest.mark.parametrize(
    "sign",
    ["\u034f", "\ufe0f", "\U000e0100", "\u115f", "\u3164", "\uffa0", "\u17b4", "\u180b", "\u200d", "\u200b"],
)
def test_what_is_not_seen_makes_no_other_name(cast: Cast, sign: str) -> None:
    for typed in (
        f"Calm Otter{sign}",
        f"Calm{sign} Otter",
        f"Ca{sign}lm Otter",
        f"Moder{sign}ator",
        f"Fre{sign}sh",
    ):
        if _choose(cast, own=typed).status_code == 302:
            assert _name(cast) == "Fresh"
            Persona.objects.filter(handle="Fresh").delete()


def test_a_letter_that_a_later_unicode_names_blank_is_not_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """U+13441 is one from Unicode 15 on, which this Python may not know."""
    monkeypatch.setattr(handles.unicodedata, "name", lambda *_: "EGYPTIAN HIEROGLYPH FULL BLANK")
    assert not handles._is_writing("a")
    monkeypatch.undo()
    assert handles.check(text="Grey Willow \U00013441")


@pytest.mark.parametrize("word", [*"\ua4f8\u02bc\u02b9\u02cc\u0640\u119e\u318d", "\u0640\u0640"])
def test_a_word_of_signs_that_lean_on_letters_makes_no_other_name(cast: Cast, word: str) -> None:
    for typed in (f"Calm Otter {word}", f"{word}-Calm Otter"):
        assert "letters, numbers" in _choose(cast, own=typed).content.decode().split("<main")[1]
    assert _name(cast) is None


@pytest.mark.parametrize(
    ("like", "plain"),
    [
        ("Sk\u01b4", "Sky"),
        ("Sk\u1eff", "Sky"),
        ("Fer\u0235", "Fern"),
        ("Ca\u0234m O\u0236\u0236er", "Calm Otter"),
    ],
)
def test_letters_with_a_curl_look_like_those_without(like: str, plain: str) -> None:
    assert handles.key_of(like) == handles.key_of(plain)


def test_every_name_that_can_be_offered_may_be_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        handles, "key_of", functools.cache(handles.key_of)
    )  # each word is in hundreds of pairs
    adjectives, nouns = handles._words()
    refused = [word for word in (*adjectives, *nouns) if handles.check(text=word)]
    assert not refused
    pairs = (f"{first} {second}" for first in adjectives for second in nouns)
    assert not [pair for pair in pairs if handles._role(pair)]


@pytest.mark.parametrize(
    "typed",
    [
        "Free Bird",
        "O'Neil",
        "Jo 2",
        "नमस्ते",
        "مرحبا",
        "Badminton Fan",
        "Éclair",
        "Modern Steam",
        "Ɛsi Ɖela",
        "東京タワーの犬",
        "Jo Иван",
        "人々 Jo",
        "김민지",
    ],
)
def test_a_typed_name_may_be_anything_harmless(cast: Cast, typed: str) -> None:
    assert _choose(cast, own=typed).status_code == 302
    assert _name(cast) == typed


def test_a_year_to_come_is_not_a_year_of_birth() -> None:
    assert handles.check(text="Jo 1919") == ""
    assert handles.check(text="Jo 2999") == ""


def test_a_name_from_another_of_ones_groups_is_warned_about_once(cast: Cast) -> None:
    _also_in_meadow(cast, "Free Bird")
    first = _choose(cast, own="Free Bird")
    assert first.status_code == 422
    assert "could tell that it is you" in first.content.decode()
    assert "meadow" not in first.content.decode()
    assert 'name="anyway"' in first.content.decode()
    assert _choose(cast, own="Free Bird", anyway="on").status_code == 302
    assert _name(cast) == "Free Bird"


def test_somebody_elses_name_in_another_group_is_free_and_not_told(cast: Cast) -> None:
    assert _choose(cast, own="High Stone").status_code == 302


def test_looking_for_reuse_keeps_nothing(cast: Cast) -> None:
    _also_in_meadow(cast, "Free Bird")
    before = dict(cast.lena.client.session.items())
    _choose(cast, own="Free Bird")
    assert dict(cast.lena.client.session.items()) == before


def test_a_forged_name_on_offer_is_looked_over_like_a_typed_one(cast: Cast) -> None:
    assert _choose(cast, handle="Moderator").status_code == 422
    assert _choose(cast, handle="Calm Otter").status_code == 422
    assert _choose(cast, own="Free Bird", avatar="patchwork-<svg>").status_code == 422
    assert _name(cast) is None


def test_the_line_about_oneself_does_not_hold_the_sign_in_name(cast: Cast) -> None:
    assert _choose(cast, own="Free Bird", about="I am lena-otter-1234").status_code == 422


@pytest.mark.parametrize("typed", ["Léna Ötter", "lena otter 1234", "0tter of Iena"])
def test_a_name_with_the_words_of_the_sign_in_name_is_refused(cast: Cast, typed: str) -> None:
    assert _choose(cast, own=typed).status_code == 422 and _name(cast) is None


def test_a_second_choice_changes_nothing(cast: Cast) -> None:
    here = cast.lena.here(cast.harbour)
    first = actions.create_persona(here=here, handle="Free Bird", avatar=SEED)
    again = actions.create_persona(here=here, handle="Other Bird", avatar=SEED)
    assert again == first
    assert Persona.objects.filter(member=here.member).count() == 1


def test_the_names_of_those_who_stopped_using_them_are_not_taken(cast: Cast) -> None:
    here = cast.lena.here(cast.harbour)
    actions.create_persona(here=here, handle="Free Bird", avatar=SEED, about="Me.")
    cast.lena.client.post(f"/g/{cast.harbour.public_id}/name/stop/")
    old = Persona.objects.get(handle="Free Bird")
    assert (old.is_current, old.about) == (False, "")
    assert _choose(cast, own="Free Bird").status_code == 422
    assert _choose(cast, own="New Bird").status_code == 302
    assert cast.lena.here(cast.harbour).persona.handle == "New Bird"


def test_a_lost_race_is_said_with_new_names(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody takes the name between the form's look and the write: the database refuses, the page says so."""
    looks = iter([False, True])
    monkeypatch.setattr("community.selectors.personas.is_taken", lambda **_: next(looks))
    response = _choose(cast, own="Calm Otter")
    page = response.content.decode()
    assert response.status_code == 422
    assert "has that name, or one like it" in page
    assert len(re.findall(r'type="radio" name="handle" value="[A-Z]', page)) == 6


@pytest.mark.django_db(transaction=True)
def test_of_two_who_want_one_name_at_once_one_gets_it() -> None:
    cast = make_cast()
    second = make_person(name="second")
    add(second, cast.harbour)
    places = [cast.lena.here(cast.harbour), second.here(cast.harbour)]
    gate, got = threading.Barrier(2), []

    def choose(here) -> None:
        gate.wait()
        try:
            got.append(actions.create_persona(here=here, handle="Free Bird", avatar=SEED).handle)
        except actions.HandleTaken as refusal:
            got.append(refusal.reason)
        finally:
            connection.close()

    threads = [threading.Thread(target=choose, args=(here,)) for here in places]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said == "Free Bird" for said in got) == [False, True]
    assert Persona.objects.filter(handle="Free Bird").count() == 1


def test_names_on_offer_are_safe_free_and_differ_from_call_to_call(cast: Cast) -> None:
    offered = {name for _ in range(30) for name in handles.propose(group=cast.harbour, n=6)}
    assert len(offered) > 150
    assert all(handles.check(text=name) == "" for name in offered)


def test_a_name_that_is_taken_is_not_offered(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["Calm Otter", "Free Bird", "Old Anchor", "Still Pond", "Calm Otter", "Wide Sky"] * 9)
    monkeypatch.setattr(handles, "_draw", lambda: next(drawn))
    assert set(handles.propose(group=cast.harbour, n=3)) == {"Free Bird", "Still Pond", "Wide Sky"}
    assert "Calm Otter" in handles.propose(group=cast.meadow, n=4)


def test_an_action_refuses_what_the_form_would(cast: Cast) -> None:
    with pytest.raises(MayNot):
        actions.create_persona(here=cast.lena.here(cast.harbour), handle="Jo 1988", avatar=SEED)
