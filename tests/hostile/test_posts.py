"""Every hostile line becomes a post that is shown as text, in the page and in live frames."""

from __future__ import annotations

import uuid

import pytest

from chat.models import Post
from core import text
from tests import limits, rotation
from tests.hostile import corpora, pages
from tests.people import Cast, make_thread

ALLOWED = text.TAGS
JSON = {"accept": "application/json"}


@pytest.mark.parametrize("part", range(8))
def test_rendering_lets_nothing_run(part: int) -> None:
    for payload in [*corpora.breaking(), *corpora.scripts()][part::8]:
        html = text.to_html(text.tidy(payload))
        reader = pages.read(html)
        assert not reader.dangers, (payload, html)
        opened = set(_tags(html))
        assert opened <= ALLOWED, (payload, html)


def _tags(html: str) -> list[str]:
    found: list[str] = []

    class Tags(pages.HTMLParser):
        def handle_starttag(self, tag: str, attrs) -> None:
            found.append(tag)

    Tags().feed(html)
    return found


def test_every_line_is_published_or_refused_with_the_text_kept(cast: Cast) -> None:
    """Each of the breaking lines of our own and each fourth of the others by itself; all together, many in a post."""
    thread = make_thread(cast.harbour)
    base = f"/g/{cast.harbour.public_id}/t/{thread.public_id}/"
    published = 0
    others = corpora.everything()[len(corpora.own()) :]
    alone = [*corpora.own(), *(others if rotation.FULL else corpora.breaking()[len(corpora.own()) :: 4])]
    every = [line for line in corpora.everything() if "\x00" not in line and corpora.can_be_sent(line)]
    for payload in [*alone, *corpora.packed(every, size=len, most=text.MAX_LENGTH)]:
        limits.forget_all()
        data = {"text": payload, "client_id": str(uuid.uuid4())}
        try:
            answer = cast.alice.client.post(f"{base}posts/", data, headers=JSON)
        except UnicodeEncodeError:  # a lone surrogate cannot be sent by any browser
            continue
        if answer.status_code == 409:  # advice, which shows a piece of it
            assert not pages.read(answer.json()["advice"]).dangers, payload[:80]
            answer = cast.alice.client.post(f"{base}posts/", data | {"as_it_is": "1"}, headers=JSON)
        assert answer.status_code in {201, 422}, (answer.status_code, payload[:80])
        if answer.status_code == 201:
            published += 1
            assert not pages.read(answer.json()["html"]).dangers, payload[:80]
        else:
            assert answer.json()["errors"]["text"], payload[:80]
    assert Post.objects.count() == published
    assert published > 0
    page = cast.bob.client.get(base)
    assert page.status_code == 200
    assert not pages.read(page.content.decode()).dangers
