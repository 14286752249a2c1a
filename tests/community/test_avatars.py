"""Pictures: drawn once, from a seed that is kept nowhere, under an address that tells nothing."""

from __future__ import annotations

import re

import pytest

from community import avatars
from community.models import Persona
from community.selectors import avatars as selectors
from tests.people import Cast


@pytest.mark.parametrize("style", avatars.STYLES)
def test_a_picture_holds_nothing_but_shapes(style: str) -> None:
    for tile in range(20):
        svg = avatars.draw(choice=f"{style}-{tile:032x}")
        tags = set(re.findall(r"<(\w+)", svg))
        assert tags <= {"svg", "g", "defs", "path", "rect", "circle", "ellipse", "use", "clipPath"}
        assert re.findall(r"https?://[^\"]+", svg) == ["http://www.w3.org/2000/svg"]
        assert len(svg) < 5000


def test_the_same_choice_draws_the_same_picture_and_another_another() -> None:
    first, second = avatars.propose(n=2)
    assert first.svg == avatars.draw(choice=first.choice)
    assert first.svg != second.svg


def test_six_tiles_show_all_four_styles() -> None:
    tiles = avatars.propose(n=6)
    assert {tile.choice.split("-")[0] for tile in tiles} == set(avatars.STYLES)
    assert len({tile.choice for tile in tiles}) == 6


@pytest.mark.parametrize(
    "choice", ["", "stack", "stack-", "bottts-" + "ab" * 16, "stack-" + "AB" * 16, "../x-" + "ab" * 16]
)
def test_only_what_was_offered_is_drawn(choice: str) -> None:
    assert not avatars.is_choice(choice)
    with pytest.raises(ValueError, match="not a choice"):
        avatars.draw(choice=choice)


def test_a_picture_is_served_without_a_cookie_and_kept_by_browsers_alone(cast: Cast) -> None:
    persona = Persona.objects.get(handle="Grey Heron")
    response = cast.nobody.get(f"/a/{persona.avatar_id}.svg")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert response.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert "ETag" not in response.headers
    assert "Last-Modified" not in response.headers
    assert "Cookie" not in response.headers.get("Vary", "")
    assert not response.cookies


def test_an_address_that_is_not_there_is_missing(cast: Cast) -> None:
    assert cast.nobody.get("/a/nothing.svg").status_code == 404


def test_another_app_may_offer_pictures(monkeypatch: pytest.MonkeyPatch, cast: Cast) -> None:
    monkeypatch.setattr(selectors, "_sources", list(selectors._sources))
    selectors.offer({"elsewhere": "<svg/>"}.get)
    assert cast.nobody.get("/a/elsewhere.svg").content == b"<svg/>"
    assert cast.nobody.get("/a/nowhere.svg").status_code == 404
