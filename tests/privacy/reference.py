"""Who may see what of a member, in ten lines: what pages, sockets and files are held against."""

from __future__ import annotations

VALUES = {
    "role": ["self", "carer"], "diagnosis": ["mood/bipolar/2", "mood", "anxiety/ocd"], "age": ["1988", "1961"],
    "region": ["gb/north/leeds", "gb"], "about": ["I sail.", "Tea & <b>toast</b>"],
}  # fmt: skip
VIEWERS = ["alice", "bob", "lena", "muted", "barred", "mona", "weak", "lead", "ned", "olga"]
Details = dict[str, tuple[str, str]]  # kind of fact → what it says, and for whom


def may_see(viewer: str, details: Details, has_name: bool) -> Details | None:
    """What a viewer may see of what alice shows in the harbour; None for no page at all."""
    if viewer in {"olga", "ned", "barred"}:  # not inside, not of this group, kept out by a limit
        return None
    if not has_name:
        return {}
    sees = {"group"}
    if viewer in {"alice", "mona", "lead"}:  # oneself; the role, with a second factor
        sees = {"group", "moderators"}
    return {kind: (says, audience) for kind, (says, audience) in details.items() if audience in sees}
