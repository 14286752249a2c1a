"""Member text becomes safe HTML once, when it is written; readers are handed the stored result."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator, MutableMapping
from html import unescape
from ipaddress import IPv4Address
from typing import Any
from urllib.parse import urlsplit

from bleach.linkifier import TLDS, LinkifyFilter
from bleach.sanitizer import Cleaner
from django.conf import settings
from markdown_it import MarkdownIt

MAX_LENGTH = 8_000  # characters of one post
MOST_MARKS = 30  # on one letter: the limit of Unicode's Stream-Safe Text Format (UAX 15)
TAGS = frozenset(["p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "code", "pre", "a"])
ATTRIBUTES = {"a": ["href", "rel"]}
# Controls and signs that are not seen could disguise what is written. Kept are the joiners that scripts and emoji
# need, the signs of this kind that are seen (Arabic number marks and the like), and whole flags of three nations.
_KEPT = frozenset("\n\t\u200c\u200d\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd") | {
    *map(chr, range(0x600, 0x606))
}
_FLAG = re.compile("(\U0001f3f4[\U000e0061-\U000e007a]{5}\U000e007f)")
_UNSEEN = {"Cc", "Cf", "Cs"}  # Unicode's categories: controls, formatting, halves of a surrogate pair
_HOST = re.compile(r"[a-z0-9_.-]+|[0-9a-f:.]*:[0-9a-f:.]*")
# What a browser reads as an IPv4 address, however it is written.
_NUMBER = re.compile(r"(.+\.)?(\d+|0x[0-9a-f]*)\.?")
# What a member may lead to here: a group, a talk or a message, as they are. Other pages of ours may act when opened.
_OURS = re.compile(
    r"https?://[^/?#]+/g/[\w-]+/(about/|t/[\w-]+/(p/[\w-]+/)?)?(#[\w-]*)?", re.IGNORECASE | re.ASCII
)
# Not bleach's own, which for ".-0.-0" looks at all that follows, and again from each letter. A host begins where none
# could go on, and has so many parts.
_ADDRESS = re.compile(
    rf"""(?<![\w.@/:-]) (?:https?://)? (?:[\w-]{{1,63}}\.){{1,8}} (?:{"|".join(TLDS)}) (?::\d{{1,5}})? (?!\.?\w)
    (?:[/?][^\s{{}}|\\^`<>"]*)?""",
    re.IGNORECASE | re.VERBOSE,
)

# Raw HTML is shown as typed. Images and headings are left out: Kith shows no remote media, and a post is talk.
_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False}).disable(
    ["image", "heading", "lheading", "html_block", "html_inline", "reference", "hr"]
)


def tidy(raw: str) -> str:
    """The text as it is stored: NFC, one kind of line end, no sign that is not seen or that turns the text."""
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    parts = _FLAG.split(text)  # every second part is a flag
    parts[::2] = ["".join(_seen(part)) for part in parts[::2]]
    return unicodedata.normalize("NFC", "".join(parts)).strip()


def _seen(part: str) -> Iterator[str]:
    """Without signs that are not seen, and without more marks on one letter than any writing needs: they would cover
    the lines around, and sorting them takes long."""
    marks = 0
    for char in part:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= MOST_MARKS and (char in _KEPT or unicodedata.category(char) not in _UNSEEN):
            yield char


def _outgoing(attributes: MutableMapping[Any, str], _new: bool = False) -> Any:
    # Returning None unlinks: bleach's own types leave that out.
    href = attributes.get((None, "href"), "")
    if not may_lead_to(href):
        return None
    attributes[(None, "rel")] = "noopener noreferrer nofollow"
    text, host = attributes.get("_text", ""), _host(href)
    if not (href.isascii() and _bare(text) in {_bare(href), _bare(href.split("://", 1)[1])}):
        attributes["_text"] = f"{text} ({host})"  # a link always shows where it leads
    return attributes


def may_lead_to(address: str) -> bool:
    """Whether a link of a member's may lead there: to the web, and on this site to groups, talks and messages alone."""
    host = _host(address)
    return bool(host) and (not _is_ours(host) or bool(_OURS.fullmatch(unescape(address))))


def _is_ours(host: str) -> bool:
    return host.removesuffix(".") in map(_host, settings.KITH_ORIGINS)


def _bare(address: str) -> str:
    return unescape(address).removesuffix("/")


def _host(href: str) -> str:
    """The host a web address leads to, as the network spells it, or '' for one that no link may lead to."""
    try:
        parts = urlsplit(unescape(href))
        written = parts.hostname or ""
        host = written.encode("idna").decode()
        if not written.isascii() and host.encode().decode("idna") != written:  # may be read in two ways
            return ""
    except ValueError:
        return ""
    named = parts.scheme in {"http", "https"} and "@" not in parts.netloc and _HOST.fullmatch(host)
    if not named or (_NUMBER.fullmatch(host) and not _is_plain_number(host)):
        return ""
    return host


def _is_plain_number(host: str) -> bool:
    try:
        return str(IPv4Address(host)) == host
    except ValueError:
        return False


class _Links(LinkifyFilter):
    def __init__(self, source: Any) -> None:
        super().__init__(source, callbacks=[_outgoing], skip_tags={"pre", "code"}, url_re=_ADDRESS)


class _Own(threading.local):
    """A cleaner of each thread's own: one that two threads use at once breaks, or puts words of the one into what the
    other gets."""

    def __init__(self) -> None:
        self.cleaner = Cleaner(
            tags=TAGS, attributes=ATTRIBUTES, protocols={"http", "https"}, strip=False, filters=[_Links]
        )


_own = _Own()


def to_html(text: str) -> str:
    """Render tidy Markdown to HTML that holds only `TAGS`, with links that lead to the web and say where to."""
    html: str = _own.cleaner.clean(_markdown.render(text))
    return html
