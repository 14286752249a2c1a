"""Who may do what in a thread: one table from action to predicate. What is not in the table is refused.

Beside each "may see" and "mine" stands a queryset in `chat.selectors` that says the same; a parity test holds
the two together over the named test people.
"""

from __future__ import annotations

from chat.policies.hidden import NOBODY, Hidden
from chat.policies.table import CHANGES, Act, Face, may
from chat.policies.watching import is_open_to, watches

__all__ = ["CHANGES", "NOBODY", "Act", "Face", "Hidden", "is_open_to", "may", "watches"]
