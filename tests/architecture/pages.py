"""What people read: the visible text of templates and the sentences in code, without markup."""

from __future__ import annotations

import functools
import re
from html.parser import HTMLParser

from django.template.base import Lexer, Token, TokenType

from tests.architecture import house

SPOKEN = {"alt", "aria-label", "placeholder", "title", "data-label", "aria-description"}
INLINE = {
    "a",
    "abbr",
    "b",
    "bdi",
    "code",
    "em",
    "i",
    "ins",
    "del",
    "kbd",
    "mark",
    "small",
    "span",
    "strong",
    "time",
}
UNREAD = {"script", "style"}
SCREENS = (
    "forms",
    "actions",
    "views",
    "policies",
    "presenters",
    "selectors",
    "templatetags",
    "enums",
    "errors",
)
QUOTED = r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
FILL = "Ada"  # stands where a template puts a value


class Reader(HTMLParser):
    """Collects text by block: a paragraph, a list item, a heading, a spoken attribute."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = [""]
        self.unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unread += tag in UNREAD
        inside = self.blocks.pop()
        self.blocks += [value for name, value in attrs if value and _is_spoken(name, value)]
        if tag not in INLINE:
            self.blocks += [inside, ""]
        else:
            self.blocks.append(inside)

    def handle_endtag(self, tag: str) -> None:
        self.unread -= tag in UNREAD
        if tag not in INLINE:
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        if not self.unread:
            self.blocks[-1] += data


def _is_spoken(name: str, value: str) -> bool:
    return name in SPOKEN or (
        name.startswith("data-") and " " in value.strip()
    )  # scripts say what data- holds


def html_of(source: str) -> str:
    """A template with its tags resolved to what they print: strings stay, values become a name."""
    printed, commented = [], False
    for token in Lexer(source).tokenize():
        tag = token.contents.split(maxsplit=1)[0] if token.contents.strip() else ""
        commented = (commented or tag == "comment") and tag != "endcomment"
        printed.append("" if commented else _print(token, tag))
    return "".join(printed)


def _print(token: Token, tag: str) -> str:
    if token.token_type in {TokenType.TEXT, TokenType.COMMENT}:
        return token.contents if token.token_type == TokenType.TEXT else ""
    if token.token_type == TokenType.BLOCK and tag in {"translate", "trans"}:
        return _first_string(token.contents)
    if tag in {"plural", "else", "elif"}:  # what stands on either side is read one or the other
        return " "
    if tag in {"static", "url"}:
        return "/there"
    marked = re.findall(r"(?:\b_\(|\|(?:default|default_if_none|yesno):_?\(?)" + QUOTED, token.contents)
    said = ". ".join(text[1:-1].replace(",", ". ") for text in marked)
    if token.token_type == TokenType.BLOCK:
        return f"<p>{said}</p>" if said else ""
    return said or FILL


def _first_string(contents: str) -> str:
    found = re.search(QUOTED, contents)
    return found[1][1:-1].replace('\\"', '"') if found else FILL


@functools.lru_cache(maxsize=1000)
def blocks(source: str) -> tuple[str, ...]:
    """The visible text of one template, block by block."""
    reader = Reader()
    reader.feed(html_of(source))
    reader.close()
    tidy = (re.sub(r"\s+", " ", block).strip() for block in reader.blocks)
    return tuple(block for block in tidy if re.search(r"[^\W\d_]{2}", block) and block != FILL)


def sentences_in_code() -> dict[str, list[str]]:
    """File -> strings with a space, in the parts of our apps whose strings reach a screen."""
    found: dict[str, list[str]] = {}
    for name, source in house.code(under=house.APPS).items():
        parts = name.removesuffix(".py").split("/")
        if len(parts) > 1 and parts[1] in SCREENS:
            found[name] = [text for _, text in house.strings(source) if " " in text.strip()]
    return found
