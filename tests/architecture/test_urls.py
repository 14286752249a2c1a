"""Every address is tried by a test, and every setting is explained to the people who run Kith."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, path
from django.urls.resolvers import RegexPattern

from tests.architecture import house

OPERATING = "docs/operating.md"
SETTING = re.compile(r"\bKITH_[A-Z0-9_]+\b")
NOT_TRIED: dict[str, str] = {}  # URL name -> why no test asks for it


def names_of(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    """The full names of all URL patterns; a pattern without a name by its route."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from names_of(pattern.url_patterns, inner)
        else:
            yield f"{prefix}{pattern.name or pattern.pattern}"


def mentioned_in(sources: dict[str, str], resolver: URLResolver) -> set[str]:
    """URL names that tests say, or whose address they write down (a value in it standing for any)."""
    found = set()
    for source in sources.values():
        for node in ast.walk(house.parsed(source)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= {node.value, _name_of(node.value, resolver)}
            elif isinstance(node, ast.JoinedStr):
                found.add(_name_of("".join(_part(value) for value in node.values), resolver))
    return found


def _part(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else "x"


def _name_of(address: str, resolver: URLResolver) -> str:
    if not address.startswith("/"):
        return ""
    try:
        return resolver.resolve(re.split(r"[?#]", address)[0]).view_name
    except Resolver404:
        return ""


def settings_read(sources: dict[str, str]) -> set[str]:
    """The KITH_ names that code reads from its environment."""
    found = set()
    for source in sources.values():
        for node in ast.walk(house.parsed(source)):
            if isinstance(node, ast.Call):
                read = [arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant)]
                found |= {name for name in read if isinstance(name, str) and SETTING.fullmatch(name)}
    return found


def test_every_address_is_tried() -> None:
    tests = {
        name: text for name, text in house.code(under=("tests",)).items() if "/architecture/" not in name
    }
    untried = set(names_of(get_resolver().url_patterns)) - mentioned_in(tests, get_resolver())
    assert untried - set(NOT_TRIED) == set(), "no test asks for these"
    assert not house.unused(set(NOT_TRIED), untried)


def test_every_setting_is_documented_and_back() -> None:
    documented = set(SETTING.findall((house.ROOT / OPERATING).read_text()))
    read = settings_read(house.code(under=("config",)))
    assert read - documented == set(), f"read, but not in {OPERATING}"
    known = (
        read
        | {f"{name}_FILE" for name in read}
        | settings_read(house.code(under=("tests", "bench", "proof")))
    )
    assert documented - known == set(), "documented, but nothing reads it"


@pytest.fixture
def small_site() -> URLResolver:
    """Two addresses, one with a value in it."""
    patterns = [path("safety/", HttpResponse, name="safety"), path("g/<gid>/", HttpResponse, name="group")]
    return URLResolver(RegexPattern(r"^/"), patterns)


@pytest.mark.parametrize(
    ("test", "untried"),
    [
        ("client.get(reverse('safety'))", {"group"}),
        ("client.get('/safety/?x=1')", {"group"}),
        ("client.get(f'/g/{group.public_id}/')", {"safety"}),
        ("client.get(f'/{word}/')\nclient.get('g/x/')", {"group", "safety"}),
    ],
)
def test_a_seeded_address_without_a_test_is_caught(
    small_site: URLResolver, test: str, untried: set[str]
) -> None:
    names = set(names_of(small_site.url_patterns))
    assert names - mentioned_in({"tests/test_x.py": test}, small_site) == untried


def test_a_seeded_setting_is_caught() -> None:
    source = "LOUD = env.flag('KITH_LOUD')\nQUIET = env.text('KITH_QUIET', 'KITH_DEFAULT')"
    assert settings_read({"config/x.py": source}) == {"KITH_LOUD", "KITH_QUIET"}
