"""What groups do by themselves, most of it about once an hour: each is idempotent, and none needs anybody's secret."""

from __future__ import annotations

from core import ticker

HOUR = 3600.0


def register() -> None:
    """Register the due work of groups."""
    from community import duty_addresses
    from community.actions import (
        announcements,
        badges,
        disclosures,
        due,
        erasing,
        invitations,
        joining,
        leaving,
        left_tags,
        library,
        personas,
        rota,
        standing,
    )

    due.register(erasing.ACT, erasing.execute)
    due.register(erasing.LAST, erasing.end)
    due.register(disclosures.LATER, disclosures.update_now)
    due.register(personas.TAKE_AWAY, personas.take_away)
    ticker.register("do what is due", due.duty, every=5.0)
    ticker.register("reseal what is due", due.reseal_all, every=HOUR)
    ticker.register("count uses of invitations", invitations.count_uses, every=HOUR)
    ticker.register("forget declined requests", joining.prune_requests, every=HOUR)
    ticker.register("release names of people who left", leaving.release_names, every=HOUR)
    ticker.register("forget whose left members were", left_tags.forget_old, every=HOUR)
    ticker.register("drop ended announcements", announcements.drop_ended, every=HOUR)
    ticker.register("drop answered suggestions", library.drop_answered, every=HOUR)
    ticker.register("drop ended badges", badges.drop_ended, every=HOUR)
    ticker.register("forget addresses without a code", duty_addresses.drop_unconfirmed, every=HOUR)
    ticker.register("the rota at midnight", rota.at_midnight, every=HOUR / 2)
    # Often: until then their order says whose standings changed after whose, in whichever groups.
    ticker.register("forget old changes of standing", standing.Pruning(), every=60.0)
    ticker.register("drop ended standings", standing.drop_ended, every=HOUR)
