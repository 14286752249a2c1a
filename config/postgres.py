"""How values come to PostgreSQL: beside a statement, so that it plans once what is asked again and again."""

from __future__ import annotations

from typing import Any

import psycopg
from django.db.backends.postgresql.base import ServerBindingCursor  # type: ignore[attr-defined]  # not in the stubs

MOST = 65_535  # values beside one statement: its protocol counts them in 16 bits


class Cursor(ServerBindingCursor):  # type: ignore[misc]  # nor is what it is
    """Django's own; where there are more values than that, as in a list of all that somebody wrote, they stand in the
    statement, as Django puts them there otherwise."""

    def execute(self, query: Any, params: Any = None, **how: Any) -> Any:
        """As psycopg's."""
        if params is not None and len(params) > MOST:
            query, params = psycopg.ClientCursor(self.connection).mogrify(query, params), None
            how["prepare"] = False  # it is never the same again, and holds values
        return super().execute(query, params, **how)
