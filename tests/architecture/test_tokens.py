"""The tokens of the look keep their contrast, in light and in dark."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.architecture import house

CSS = "static/css/kith.css"
BACKS = ("paper", "surface", "sunken")
STATUS = ("good", "warn", "danger")
TEXT, SOFT, LINE = 7.0, 4.5, 3.0  # WCAG 2.2: 1.4.6 for text, 1.4.3 for status on its tint, 1.4.11 for lines

Tokens = dict[str, tuple[str, str]]


def tokens_of(css: str) -> Tokens:
    """Token -> (light, dark), from the token layer's light-dark() pairs."""
    pairs = re.findall(r"--([\w]+):\s*light-dark\((#\w{6}),\s*(#\w{6})\)", css)
    return {name: (light, dark) for name, light, dark in pairs if name != "tone"}


def tones_of(css: str) -> Tokens:
    """The edge colours of groups -> (light, dark)."""
    pairs = re.findall(r"\.group-(tone-\d)[^}]*?light-dark\((#\w{6}),\s*(#\w{6})\)", css)
    return {name: (light, dark) for name, light, dark in pairs}


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG 2.2, definitions of relative luminance and contrast ratio)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def pairs(tones: Tokens) -> Iterator[tuple[str, str, float]]:
    """Foreground, background, and the least contrast between them."""
    for back in BACKS:
        yield from ((fore, back, TEXT) for fore in ("ink", "ink2", "brand"))
        yield from ((fore, back, SOFT) for fore in STATUS)
        yield from ((fore, back, LINE) for fore in ("line", "ring", *tones))
    yield from (("ink", f"{status}soft", TEXT) for status in (*STATUS, "brand"))
    yield from ((status, f"{status}soft", SOFT) for status in STATUS)
    yield ("brand", "brandsoft", TEXT)
    yield ("onbrand", "brand", TEXT)
    yield ("ring", "ring2", LINE)
    yield from ((f"series{number}", "surface", SOFT) for number in (1, 2, 3, 4))


def too_faint(tokens: Tokens, tones: Tokens) -> list[str]:
    """A sentence for each pair that falls short."""
    found = []
    for fore, back, least in pairs(tones):
        for at, theme in enumerate(("light", "dark")):
            ratio = contrast((tokens | tones)[fore][at], tokens[back][at])
            if ratio < least:
                found.append(f"{theme}: {fore} on {back} is {ratio:.2f}, needs {least}")
    return found


@pytest.fixture(scope="module")
def css() -> str:
    return house.text_of(CSS)


def test_every_pair_keeps_its_contrast(css: str) -> None:
    assert tones_of(css), "no group tones found"
    assert too_faint(tokens_of(css), tones_of(css)) == []


def test_browsers_without_light_dark_get_the_light_half(css: str) -> None:
    plain = dict(re.findall(r"--(\w+):\s*(#\w{6})", css))
    assert plain.pop("tone") == plain["brand"]
    assert plain == {name: light for name, (light, _) in tokens_of(css).items()}


def loose_colours(css: str) -> list[str]:
    """Colours written outside the token layer. Printer ink, paper and shadows are no part of it."""
    rest = re.sub(r"@layer tokens \{.*?\n\}", "", css, flags=re.DOTALL)
    rest = re.sub(r"/\*.*?\*/", "", rest, flags=re.DOTALL)
    found = re.findall(r"(?:#[0-9a-fA-F]{3,8}\b(?=[^{]*;)|\b(?:rgb|hsl|oklch)a?\([^)]*\))", rest)
    return [
        colour for colour in found if colour not in {"#000", "#fff"} and not colour.startswith("rgb(0 0 0 /")
    ]


def test_colours_are_written_among_the_tokens_only() -> None:
    found = {
        name: loose_colours(text) for name, text in house.texts(under=("static",), ending=(".css",)).items()
    }
    assert {name: colours for name, colours in found.items() if colours} == {}
    assert loose_colours("a { color: #A34B00; } b { color: #000; }") == ["#A34B00"]


@pytest.mark.parametrize(("token", "faint"), [("ink2", "#8A9298"), ("warn", "#B98A2A"), ("line", "#C9CFD1")])
def test_a_seeded_faint_token_is_caught(css: str, token: str, faint: str) -> None:
    tokens = tokens_of(css)
    tokens[token] = (faint, tokens[token][1])
    assert any(f"light: {token} on" in fault for fault in too_faint(tokens, tones_of(css)))


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(
        4.48, abs=0.01
    )  # the well-known grey that just fails
