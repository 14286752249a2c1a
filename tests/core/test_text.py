"""What members write becomes harmless HTML, and stays what they wrote."""

from __future__ import annotations

import re
import sys
from concurrent.futures import ThreadPoolExecutor
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


@pytest.mark.parametrize(
    ("raw", "host"),
    [
        ("[https://mind.org.uk/x.co](https://x.co)", "x.co"),
        ("[mind.org.uk   evil.com](https://evil.com)", "evil.com"),
        ("[mind.org.uk/evil.com](https://evil.com/)", "evil.com"),
        ("[https://evil.com/a](https://evil.com/b)", "evil.com"),
        ("[see](https://evil.com:8443/)", "evil.com"),
        ("[see](https://EVIL.com)", "evil.com"),
        ("[see](https://m\u00fcnchen.example/)", "xn--mnchen-3ya.example"),
        ("<https://mind\u0430.example>", "xn--mind-83d.example"),
        ("https://m\u00efnd.org/", "xn--mnd-zma.org"),
        ("[**https://mind.org.uk**](https://evil.com)", "evil.com"),
    ],
)
def test_a_link_shows_the_host_it_leads_to(raw: str, host: str) -> None:
    assert f" ({host})</a>" in text.to_html(raw)


@pytest.mark.parametrize(
    "raw",
    [
        "[https://mind.org.uk](https://mind.org.uk@evil.com)",
        "<https://mind.org.uk@evil.com>",
        "[help](https://mind.org.uk:pw@evil.com/)",
        "[help](https://mind.org.uk&#64;evil.com/)",
        "[help](https://evil.com\\@mind.org.uk/)",
        "[help](https://mind.org.uk%2f.evil.com/)",
        "[help](https://%65vil.com/)",
        "https://fa\u00df.de/",
        "[help](https://@/)",
    ],
)
def test_an_address_that_hides_its_host_is_no_link(raw: str) -> None:
    assert "<a" not in text.to_html(raw)


@pytest.mark.parametrize(
    "address",
    [
        "https://kith.example/leave/",
        "http://KITH.example:8000/help/?region=au&remember=1",
        "https://kith.example./leave/",
        "https://kith\u3002example/leave/",
        "https://kith.example",
        "https://kith.example/sign-out/",
        "https://kith.example/g/abc/leave/",
        "https://kith.example?leave/g/abc/",
        "https://kith.example#x/g/abc/",
        "https://kith.example/g/abc/t/d_-e/?newest=1",
        "https://kith.example/g/abc/../../leave/",
        "https://kith.example/g/abc/%2e%2e/%2e%2e/leave/",
        "https://kith.example/g/..&#47;leave/",
        "http://127.0.0.1:8000/leave/",
        "http://127.1:8000/leave/",
        "http://0x7f.0.0.1/leave/",
        "http://2130706433/leave/",
    ],
)
def test_no_link_leads_to_a_page_of_ours_that_may_act(address: str, settings) -> None:
    """However the host is written: a click would end the session, or keep what nobody asked for."""
    settings.KITH_ORIGINS = ["https://Kith.example", "http://127.0.0.1:8000"]
    for raw in (f"[see]({address})", f"<{address}>", address):
        hrefs = [value or "" for _, name, value in seen(raw).attributes if name == "href"]
        assert not hrefs, raw


def test_a_group_a_talk_and_a_message_may_be_led_to(settings) -> None:
    settings.KITH_ORIGINS = ["https://kith.example"]
    for path in ("", "about/", "t/d_-e/", "t/d_-e/#latest", "t/d_-e/p/x1/"):
        address = f"https://kith.example/g/abc/{path}"
        assert f'href="{address}"' in text.to_html(f"<{address}>")
    for other in ("https://a.kith.example/leave/", "https://example.org/leave/", "http://10.0.0.1/leave/"):
        assert f'href="{other}"' in text.to_html(f"[see]({other})")


def test_a_bare_address_with_a_name_before_its_host_does_not_lead_to_that_host() -> None:
    assert "evil.com" not in "".join(
        value or "" for _, _, value in seen("https://mind.org.uk@evil.com").attributes
    )


@pytest.mark.parametrize(
    "raw",
    [
        "https://www.example.org/?a=1&b=2",
        "<https://example.org/>",
        "[https://example.org](https://example.org/)",
        "[example.org/a](https://example.org/a)",
        "www.example.org",
    ],
)
def test_a_link_that_is_its_own_address_is_not_said_twice(raw: str) -> None:
    html = text.to_html(raw)
    assert "<a " in html and "(" not in html


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
        ("pay\u2066moc\u2067.\u2068x\u2069", "paymoc.x"),
        ("a\u200bb\u2060c\u00add\u200ee\u061cf\u180eg\ufff9h\x85", "abcdefgh"),
        ("\U000e0068\U000e0069 hi", "hi"),
        ("\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",) * 2,
        ("\U0001f3f4\U000e0067\U000e0062", "\U0001f3f4"),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467 \u2764\ufe0f",) * 2,
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \u0600\u0661",) * 2,
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


def test_two_threads_at_once_get_each_its_own_words_whole() -> None:
    texts = [
        f"{mark} *one* **two** [three](https://{mark}.example/) " * 20
        for mark in ("alder", "birch", "cedar", "dogwood")
    ]
    expected = [text.to_html(one) for one in texts]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(len(texts)) as pool:
            found = list(pool.map(text.to_html, texts * 10))
    finally:
        sys.setswitchinterval(before)
    assert found == expected * 10
