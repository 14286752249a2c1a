"""The pages that members see of moderation, and what can be read on them."""

from __future__ import annotations

import html
import re
from typing import Any

from django.test import Client
from django.urls import reverse

from chat.models import Post
from community.models import Group
from moderation.models import Decision, Notice
from tests.people import Person

PAGES = {"reports", "notices", "notice", "appeal"}  # behind both doors


def report_url(post: Post) -> str:
    return reverse("moderation:report", args=[post.thread.group.public_id, "post", post.public_id])


def own(name: str, group: Group, *more: str, door: str = "g") -> str:
    """One of the pages that both doors lead to."""
    assert name in PAGES
    return reverse(f"moderation:{name}", args=[door, group.public_id, *more])


def limit_url(group: Group) -> str:
    return reverse("moderation:limit", args=[group.public_id])


def notice_of(decision: Decision) -> Notice:
    assert decision.notice is not None
    return decision.notice


def read(who: Person | Client, url: str, *, status: int = 200) -> str:
    """The page as text."""
    client = who.client if isinstance(who, Person) else who
    answer = client.get(url)
    assert answer.status_code == status, (url, answer.status_code)
    return words(answer)


def words(answer: Any) -> str:
    found = re.sub(r"<(script|head|template).*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", found).split()))


def send_report(who: Person, post: Post, *, reason: str = "unkind", then: str = "send", **more: str) -> Any:
    return who.client.post(report_url(post), {"reason": reason, "then": then} | more)


def without_tokens(content: bytes) -> bytes:
    return re.sub(rb'value="[\w-]{64}"', b"", content)
