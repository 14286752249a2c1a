"""Every address is tried by a test, and every setting is explained to the people who run Kith."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, include, path
from django.urls.resolvers import RegexPattern

from tests.architecture import house

OPERATING = "docs/operating.md"
SETTING = re.compile(r"\bKITH_[A-Z0-9_]+\b")
VALUE = "x"  # stands where a test puts a value
NOT_TRIED: dict[str, str] = {  # URL name -> why no test asks for it
    "account_login": "allauth's name for accounts:sign_in, which is tried",
    "mfa_authenticate": "allauth's name for accounts:second_step, which is tried",
}


def names_of(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    """The full names of all URL patterns; a pattern without a name by its route."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from names_of(pattern.url_patterns, inner)
        else:
            yield f"{prefix}{pattern.name or pattern.pattern}"


def mentioned_in(sources: dict[str, str], resolver: URLResolver) -> set[str]:
    """URL names that tests say, or whose address they write down (a value in it standing for any).

    A file that builds names as f"chat:{name}" says every short name that it holds.
    """
    found = set()
    for source in sources.values():
        nodes = list(ast.walk(house.parsed(source)))
        built = {"".join(map(_part, node.values)) for node in nodes if isinstance(node, ast.JoinedStr)}
        said = {
            node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        spaces = {text.removesuffix(VALUE) for text in built if re.fullmatch(rf"\w+:{VALUE}", text)}
        found |= said | {_name_of(text, resolver) for text in said | built}
        found |= {space + text for space in spaces for text in said if text.isidentifier()}
    return found


def _part(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else VALUE


def _name_of(address: str, resolver: URLResolver) -> str:
    if not address.startswith("/"):
        return ""
    try:
        return resolver.resolve(re.split(r"[?#]", address)[0]).view_name
    except Resolver404:
        return ""


def what_to_do(untried: set[str]) -> str:
    """What to say to whoever made an address and sees a test of it here that passes."""
    return f"No test asks for these. A new test file counts once it was `git add`ed:{house.listed(untried)}"


def settings_read(sources: dict[str, str]) -> set[str]:
    """The KITH_ names that code reads from its environment."""
    found = set()
    for source in sources.values():
        for node in ast.walk(house.parsed(source)):
            if isinstance(node, ast.Call):
                read = [arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant)]
                found |= {name for name in read if isinstance(name, str) and SETTING.fullmatch(name)}
    return found


def _set_around_it() -> set[str]:
    """The KITH_ names that tests, measurements, containers and scripts use."""
    around = ("tests", "bench", "proof", "deploy", ".ci", "Makefile", "Dockerfile", "docker-compose.yml")
    return {name for text in house.texts(under=around).values() for name in SETTING.findall(text)}


def test_every_address_is_tried() -> None:
    tests = {
        name: text for name, text in house.code(under=("tests",)).items() if "/architecture/" not in name
    }
    untried = set(names_of(get_resolver().url_patterns)) - mentioned_in(tests, get_resolver())
    assert not untried - set(NOT_TRIED), what_to_do(untried - set(NOT_TRIED))
    assert not house.unused(set(NOT_TRIED), untried)


def test_every_setting_is_documented_and_back() -> None:
    documented = set(SETTING.findall((house.ROOT / OPERATING).read_text()))
    read = settings_read(house.code(under=("config",)))
    assert read - documented == set(), f"read, but not in {OPERATING}"
    known = read | {f"{name}_FILE" for name in read} | _set_around_it()
    assert documented - known == set(), "documented, but nothing reads it"


@pytest.fixture
def small_site() -> URLResolver:
    """Two addresses, one with a value in it."""
    chat = [path("g/<gid>/", HttpResponse, name="group")]
    patterns = [path("safety/", HttpResponse, name="safety"), path("", include((chat, "chat")))]
    return URLResolver(RegexPattern(r"^/"), patterns)


@pytest.mark.parametrize(
    ("test", "untried"),
    [
        ("client.get(reverse('safety'))", {"chat:group"}),
        ("client.get('/safety/?x=1')", {"chat:group"}),
        ("client.get(f'/g/{group.public_id}/')", {"safety"}),
        ("def at(name):\n    return reverse(f'chat:{name}', 'a')\nat('group')", {"safety"}),
        ("client.get(f'/{word}/')\nclient.get('g/x/')", {"chat:group", "safety"}),
    ],
)
def test_a_seeded_address_without_a_test_is_caught(
    small_site: URLResolver, test: str, untried: set[str]
) -> None:
    names = set(names_of(small_site.url_patterns))
    assert names - mentioned_in({"tests/test_x.py": test}, small_site) == untried


def test_whoever_made_an_address_is_told_what_to_do() -> None:
    assert "`git add`" in what_to_do({"chat:solve"}) and what_to_do({"chat:solve"}).endswith("\nchat:solve")


def test_a_seeded_setting_is_caught() -> None:
    source = "LOUD = env.flag('KITH_LOUD')\nQUIET = env.text('KITH_QUIET', 'KITH_DEFAULT')"
    assert settings_read({"config/x.py": source}) == {"KITH_LOUD", "KITH_QUIET"}
