"""Templates are used, keep to the content policy, and give every page one heading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.template import Engine, TemplateSyntaxError, engines
from django.template.base import Node, NodeList, TextNode
from django.template.defaulttags import IfNode
from django.template.loader_tags import BlockNode, ExtendsNode, IncludeNode

from tests.architecture import house, pages

# Found by name in Django or allauth, not in our code.
ELSEWHERE = ("django/", "account/", "mfa/", "404.html", "500.html", "403.html", "400.html")
NOT_PAGES = ("layouts/", "components/", "django/", "email/", "emails/")
NAME = re.compile(r"""["']([\w./-]+\.(?:html|txt))["']""")
SAVED = {"community/copy_head.html": "a file that people keep: opened from a disk, it brings its own looks"}
FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL | re.IGNORECASE)
BLOCK = re.compile(r"{% block scripts %}(.*?){% endblock %}", re.DOTALL)
AWAY = '{% include "components/away.html" %}'
KEEPS_WORDS = re.compile(
    r"js/thread\.js|moderation/_script\.html"
)  # these say themselves that the line is away
RETYPED = "accounts/"  # a passphrase or a code is typed again: there are no words to lose
EXTERNAL = re.compile(r"""(?:https?:)?//(?!www\.w3\.org/)[\w-]+\.[\w.-]+""", re.IGNORECASE)


def unused_templates(templates: dict[str, str], sources: dict[str, str]) -> set[str]:
    """Templates that no code and no other template names."""
    named = {text for source in sources.values() for _, text in house.strings(source)}
    for name, source in templates.items():
        named |= set(NAME.findall(source)) - {name}
    return {name for name in templates if name not in named and not name.startswith(ELSEWHERE)}


class Policy(HTMLParser):
    """Collects what the content policy would refuse, or what would tell another site."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        self.faults += [
            f"{tag} {name}" for name in names if name == "style" or re.match(r"on[a-z]|hx-on", name)
        ]
        if tag == "style" or (tag == "script" and not names.get("src")):
            self.faults.append(f"inline {tag}")
        loads = ("src", "srcset", "data", "poster") + (
            ("href",) if tag in {"link", "base", "use", "image"} else ()
        )
        self.faults += [
            f"{tag} {name}={names[name]}" for name in loads if EXTERNAL.match(names.get(name) or "")
        ]
        self.faults += [f"{tag} {name}" for name in names if (names[name] or "").startswith("javascript:")]


def refused(source: str) -> list[str]:
    """What the content policy refuses in one template."""
    policy = Policy()
    policy.feed(pages.html_of(source))
    policy.close()
    return policy.faults


def printed_comments(source: str) -> list[str]:
    """Lines on which a comment opens and does not end: Django prints such a comment on the page."""
    return [line for line in source.splitlines() if line.count("{#") != line.count("#}")]


def forms_without_token(source: str) -> list[str]:
    """The opening tags of forms that post without the token."""
    found = FORM.findall(source)
    return [tag for tag, inside in found if re.search(r"post", tag, re.I) and "csrf_token" not in inside]


def scripts_without_away(templates: dict[str, str]) -> set[str]:
    """Templates with scripts of their own on whose pages a press without a line would lose what was written."""
    found = {name: BLOCK.search(source) for name, source in templates.items()}
    own = {name: block[1] for name, block in found.items() if block and block[1].strip()}
    return {name for name, block in own.items() if AWAY not in block and not KEEPS_WORDS.search(block)}


def headings(nodes: NodeList | list[Node], blocks: dict[str, BlockNode], engine: Engine) -> int:
    """How many <h1> a template prints at most: the larger branch of each choice, blocks as overridden."""
    return sum(_headings_of(node, blocks, engine) for node in nodes)


def _headings_of(node: Node, blocks: dict[str, BlockNode], engine: Engine) -> int:
    if isinstance(node, TextNode):
        return len(re.findall(r"<h1\b", node.s))
    if isinstance(node, ExtendsNode):
        mine = {block.name: block for block in node.nodelist.get_nodes_by_type(BlockNode)}
        parent = engine.get_template(str(node.parent_name.var))
        return headings(parent.nodelist, mine | blocks, engine)
    if isinstance(node, BlockNode):
        return headings(blocks.get(node.name, node).nodelist, blocks, engine)
    if isinstance(node, IfNode):
        return max(headings(branch, blocks, engine) for _, branch in node.conditions_nodelists)
    if isinstance(node, IncludeNode) and isinstance(node.template.var, str):
        return headings(engine.get_template(node.template.var).nodelist, {}, engine)
    lists = [getattr(node, name) for name in node.child_nodelists if hasattr(node, name)]
    return sum(headings(inner, blocks, engine) for inner in lists)


def _engine() -> Engine:
    engine: Engine = engines["django"].engine  # type: ignore[attr-defined]
    return engine


def _pages() -> Iterator[str]:
    for name, source in house.templates().items():
        if (
            name.endswith(".html")
            and not name.startswith(NOT_PAGES)
            and "/_" not in name
            and "{% extends" in source
        ):
            yield name


def test_every_template_is_used() -> None:
    found = unused_templates(house.templates(), house.code())
    assert not found, house.listed(found)


def test_every_template_that_is_named_exists() -> None:
    named = {name for source in house.templates().values() for name in NAME.findall(source)}
    found = {name for name in named - set(house.templates()) if not name.startswith(ELSEWHERE)}
    assert not found, house.listed(found)


def test_nothing_in_a_template_is_refused_by_the_content_policy() -> None:
    found = {name: faults for name, source in house.templates().items() if (faults := refused(source))}
    assert set(found) == set(SAVED), house.listed(found)


def test_every_form_that_posts_carries_the_token() -> None:
    found = {
        name: tags for name, source in house.templates().items() if (tags := forms_without_token(source))
    }
    assert not found, house.listed(found)


def test_a_press_without_a_line_stays_on_every_page_with_scripts() -> None:
    found = {name for name in scripts_without_away(house.templates()) if not name.startswith(RETYPED)}
    assert not found, house.listed(found)


def test_a_seeded_page_that_forgets_the_line_is_caught() -> None:
    own = "{% block scripts %}<script src='x.js'></script>" + "{% endblock %}"
    seeded = {"a.html": own, "b.html": own.replace("{% endblock", f"{AWAY}{{% endblock"), "c.html": "<p>"}
    assert scripts_without_away(seeded) == {"a.html"}


def test_no_comment_is_printed() -> None:
    found = {name: printed_comments(source) for name, source in house.templates().items()}
    assert not {name: lines for name, lines in found.items() if lines}
    assert printed_comments("{# why\n   more #}<p>{# x #}</p>") == ["{# why", "   more #}<p>{# x #}</p>"]


def test_every_page_has_one_heading() -> None:
    engine = _engine()
    counts: dict[str, int | str] = {}
    for name in _pages():
        try:
            counts[name] = headings(engine.get_template(name).nodelist, {}, engine)
        except TemplateSyntaxError as error:
            counts[name] = str(error)
    found = {name: count for name, count in counts.items() if count != 1}
    assert not found, house.listed(found)


def test_style_sheets_and_scripts_call_no_other_site() -> None:
    files = house.texts(under=("static",), ending=(".css", ".js", ".svg"))
    assert files
    found = {name: urls for name, text in files.items() if (urls := EXTERNAL.findall(text))}
    assert not found, house.listed(found)


def test_only_links_lead_to_other_sites() -> None:
    leads = re.compile(r"<(?!a\b)\w+[^>]*\s(?:src|href|action)=[\"']https?://")
    found = [name for name, source in house.templates().items() if leads.search(source)]
    assert not found, house.listed(found)


def test_a_seeded_unused_template_is_caught() -> None:
    templates = {
        "a/one.html": "{% include 'a/_two.html' %}",
        "a/_two.html": "",
        "a/three.html": '"a/three.html"',
    }
    assert unused_templates(templates, {"v.py": "page = 'a/one.html'"}) == {"a/three.html"}


@pytest.mark.parametrize(
    "seed",
    [
        '<p style="color: red">',
        '<button onclick="go()">',
        '<div hx-on::load="go()">',
        "<script>go()</script>",
        "<style>p {}</style>",
        '<script src="https://cdn.example/x.js"></script>',
        '<img src="//cdn.example/x.png">',
        '<link rel="stylesheet" href="http://cdn.example/x.css">',
        '<a href="javascript:go()">',
        '{% if x %}<p{% if y %} style="a"{% endif %}>{% endif %}',
    ],
)
def test_a_seeded_refusal_is_caught(seed: str) -> None:
    assert refused(seed)


def test_a_seeded_form_without_its_token_is_caught() -> None:
    assert forms_without_token('<form class="x" method="post"><button></form>')
    assert not forms_without_token('<form method="post">{% csrf_token %}</form><form method="get"></form>')


def test_a_seeded_call_to_another_site_is_caught() -> None:
    assert EXTERNAL.search("a { background: url(//cdn.example/x.png) }")
    assert EXTERNAL.search('import x from "https://cdn.example/x.js"')
    assert not EXTERNAL.search('xmlns="http://www.w3.org/2000/svg" // a comment.')


BASE = "{% extends 'layouts/base.html' %}"


@pytest.mark.parametrize(
    ("source", "count"),
    [
        (BASE + "{% block main %}<h1>a</h1><h1>b</h1>{% endblock %}", 2),
        (BASE + "{% block main %}<h2>a</h2>{% endblock %}", 0),
        (BASE + "{% block main %}{% if x %}<h1>a</h1>{% else %}<h1>b</h1>{% endif %}{% endblock %}", 1),
        ("{% extends 'layouts/question.html' %}{% block question %}Why?{% endblock %}", 1),
        ("{% extends 'layouts/question.html' %}{% block after %}<h1>x</h1>{% endblock %}", 2),
    ],
)  # fmt: skip
def test_headings_are_counted_as_a_page_prints_them(source: str, count: int) -> None:
    engine = _engine()
    assert headings(engine.from_string(source).nodelist, {}, engine) == count
