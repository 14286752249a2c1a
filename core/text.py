"""Member text becomes safe HTML once, when it is written; readers are handed the stored result."""

from __future__ import annotations

import unicodedata
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import urlsplit

from bleach.linkifier import LinkifyFilter
from bleach.sanitizer import Cleaner
from markdown_it import MarkdownIt

MAX_LENGTH = 8_000  # characters of one post
TAGS = frozenset(["p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "code", "pre", "a"])
ATTRIBUTES = {"a": ["href", "rel"]}
# Controls, and the marks that turn the direction of the text around them, could disguise what is written.
_UNWANTED = {code for code in range(32) if chr(code) not in "\n\t"} | {0x7F, 0xFEFF, *range(0x202A, 0x202F)}
_TABLE = dict.fromkeys(_UNWANTED)

# Raw HTML is shown as typed. Images and headings are left out: Kith shows no remote media, and a post is talk.
_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False}).disable(
    ["image", "heading", "lheading", "html_block", "html_inline", "reference", "hr"]
)


def tidy(raw: str) -> str:
    """The text as it is stored: NFC, one kind of line end, no control or direction-override characters."""
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(char for char in text.translate(_TABLE) if not 0xD800 <= ord(char) <= 0xDFFF)
    return unicodedata.normalize("NFC", text).strip()


def _outgoing(attributes: MutableMapping[Any, str], new: bool = False) -> Any:
    # Returning None unlinks: bleach's own types leave that out.
    href = attributes.get((None, "href"), "")
    parts = urlsplit(href) if _is_web(href) else None
    if parts is None:
        return None
    attributes[(None, "rel")] = "noopener noreferrer nofollow"
    text = attributes.get("_text", "")
    if not new and parts.netloc not in text:
        attributes["_text"] = f"{text} ({parts.netloc})"  # a link always shows where it leads
    return attributes


def _is_web(href: str) -> bool:
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


class _Links(LinkifyFilter):
    def __init__(self, source: Any) -> None:
        super().__init__(source, callbacks=[_outgoing], skip_tags={"pre", "code"})


_cleaner = Cleaner(
    tags=TAGS, attributes=ATTRIBUTES, protocols={"http", "https"}, strip=False, filters=[_Links]
)


def to_html(text: str) -> str:
    """Render tidy Markdown to HTML that holds only `TAGS`, with links that lead to the web and say where to."""
    html: str = _cleaner.clean(_markdown.render(text))
    return html
