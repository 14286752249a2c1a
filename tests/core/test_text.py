"""What members write becomes harmless HTML, and stays what they wrote."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import text

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "[x](&#106;avascript:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](//evil.example)",
    "[x](/leave/)",
    "[x](https:evil)",
    "[x](http://[::1)",
    "![x](https://evil.example/pixel.png)",
    "<https://ok.example/\"onmouseover=alert(1)>",
    "<svg/onload=alert(1)>",
    "<style>*{display:none}</style>",
    "<iframe src=https://evil.example></iframe>",
    "[x]: javascript:alert(1)\n\n[x]",
    "`<script>alert(1)</script>`",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
]  # fmt: skip


class Seen(HTMLParser):
    """The tags and attributes a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]


def seen(raw: str) -> Seen:
    parser = Seen()
    parser.feed(text.to_html(text.tidy(raw)))
    parser.close()
    return parser


def assert_harmless(raw: str) -> None:
    page = seen(raw)
    assert page.tags <= text.TAGS
    for tag, name, value in page.attributes:
        assert (tag, name) in {("a", "href"), ("a", "rel")}
        if name == "href":
            assert re.match(r"https?://[^/]", value or "")


@pytest.mark.parametrize("raw", HOSTILE)
def test_nothing_hostile_gets_through(raw: str) -> None:
    assert_harmless(raw)


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet=st.sampled_from("<>\"'=&;/()[]!`*_#\\\n\t :aonhrefscipt1.x-"), max_size=120))
def test_no_mix_of_marks_gets_through(raw: str) -> None:
    assert_harmless(raw)


def test_the_check_sees_what_an_open_door_would_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as open_door:
        open_door.setattr(text, "to_html", lambda raw: raw)
        for raw in HOSTILE[:3]:
            with pytest.raises(AssertionError):
                assert_harmless(raw)
    monkeypatch.setattr(
        text, "to_html", text._markdown.render
    )  # half a door: marks are drawn, nothing is cleaned
    for raw in ("[x](/leave/)", "[x](//evil.example)"):
        with pytest.raises(AssertionError):
            assert_harmless(raw)


@pytest.mark.parametrize(
    ("raw", "html"),
    [
        ("hello", "<p>hello</p>\n"),
        ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
        ("*soft* and **strong**", "<p><em>soft</em> and <strong>strong</strong></p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>\n"),
        ("# no heading", "<p># no heading</p>\n"),
        ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>\n"),
    ],
)
def test_plain_marks_are_drawn(raw: str, html: str) -> None:
    assert text.to_html(text.tidy(raw)) == html


def test_a_link_says_where_it_leads_and_tells_nobody_where_it_was() -> None:
    html = text.to_html("[the guide](https://www.example.org/guide?x=1)")
    assert "the guide (www.example.org)" in html
    assert 'rel="noopener noreferrer nofollow"' in html


def test_a_link_cannot_pretend_to_be_another() -> None:
    html = text.to_html("[https://bank.example](https://evil.example/)")
    assert "(evil.example)" in html


def test_a_bare_address_becomes_a_link_but_not_inside_code() -> None:
    assert 'href="https://www.example.org/a"' in text.to_html("see https://www.example.org/a")
    assert "<a" not in text.to_html("`https://www.example.org/a`")


@pytest.mark.parametrize(
    ("raw", "tidy"),
    [
        ("  a\r\nb\rc  ", "a\nb\nc"),
        ("caf\u0065\u0301", "caf\u00e9"),
        ("pay\u202etxt.exe", "paytxt.exe"),
        ("\ufeffa\x00b\x1bc\x7f", "abc"),
        ("\ud800x", "x"),
        ("\u0645\u0631\u062d\u0628\u0627 \u200d", "\u0645\u0631\u062d\u0628\u0627 \u200d"),
    ],
)
def test_text_is_stored_tidy(raw: str, tidy: str) -> None:
    assert text.tidy(raw) == tidy


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=200))
def test_tidying_twice_changes_nothing(raw: str) -> None:
    once = text.tidy(raw)
    assert text.tidy(once) == once
    once.encode()  # no lone surrogate is left to break a socket or a row
