"""The faces whose posts somebody does not see, held in memory for one request or socket."""

from __future__ import annotations

from dataclasses import dataclass

from chat.models import Byline


def ref_of(byline: Byline) -> str:
    """What the live engine knows a face by: inside the server only."""
    return f"p{byline.persona_id}" if byline.alias_id is None else f"a{byline.alias_id}"


@dataclass(frozen=True, kw_only=True)
class Hidden:
    """Keys of personas and of aliases. Pages ask `hides`, queries `selectors.hidden.seen`, open pages `refs`."""

    personas: frozenset[int] = frozenset()
    aliases: frozenset[int] = frozenset()

    def __or__(self, other: Hidden) -> Hidden:
        return Hidden(personas=self.personas | other.personas, aliases=self.aliases | other.aliases)

    def __bool__(self) -> bool:
        return bool(self.personas or self.aliases)

    def hides(self, *, persona_id: int | None, alias_id: int | None) -> bool:
        """Whether what this face signed is not seen."""
        return persona_id in self.personas or alias_id in self.aliases

    @property
    def lists(self) -> dict[str, list[int]]:
        """The same faces as a query that is written once takes them."""
        return {"personas": list(self.personas), "aliases": list(self.aliases)}

    @property
    def refs(self) -> frozenset[str]:
        """The same faces as the live engine knows them."""
        return frozenset({f"p{pk}" for pk in self.personas} | {f"a{pk}" for pk in self.aliases})


NOBODY = Hidden()
