"""PostgreSQL's planner keeps no copy of what people wrote."""

from __future__ import annotations

import pytest
from django.db import connection

from chat.models import Post
from tests.people import Cast, make_thread


@pytest.mark.postgres
def test_no_written_word_is_in_the_planners_statistics(cast: Cast) -> None:
    from chat.models import Byline

    thread = make_thread(cast.harbour)
    persona = cast.alice.member(cast.harbour).personas.get()
    byline = Byline.objects.create(thread=thread, persona=persona)
    Post.objects.bulk_create(
        [
            Post(thread=thread, byline=byline, seq=n, text="plantedword", html="plantedword")
            for n in range(1, 200)
        ]
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE chat_post")
        cursor.execute("SELECT count(*) FROM pg_stats WHERE tablename = 'chat_post'")
        assert cursor.fetchone()[0] > 0, "there are statistics to look at"
        cursor.execute("SELECT count(*) FROM pg_stats s WHERE s::text LIKE '%plantedword%'")
        assert cursor.fetchone()[0] == 0
