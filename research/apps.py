from django.apps import AppConfig


class ResearchConfig(AppConfig):
    """Pilot studies with consent, and what leaves them."""

    name = "research"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from chat.policies import watches
        from community.actions import leaving, personas
        from community.selectors import names
        from core.registries import once as signing
        from core.registries import slots, subjects, tabs, watching
        from research import holdings
        from research.actions import departing, once, room_erasing
        from research.selectors import hosting, versions
        from research.subjects import RoomPostSubject
        from research.views import consent as pages_of_consent
        from research.views import hosting as pages
        from research.views import presence, waves, ways_in

        holdings.register()
        leaving.after_leaving(lambda group, key_of: departing.leave_all(group=group, key_of=key_of))
        personas.with_a_name(room_erasing.of_persona)
        subjects.register(RoomPostSubject())
        names.override(versions.own_settings)
        slots.fill("leave group", pages_of_consent.on_leaving)
        slots.fill("site page", ways_in.on_site_page)
        slots.fill("front", pages.front_line)
        watching.register(presence.at_the_door)
        signing.register(once.note)
        slots.fill("watched post", presence.on_post)
        slots.fill("home", waves.on_home)
        slots.fill("home", ways_in.on_home)
        slots.fill("home", pages.on_home)
        slots.fill("group", waves.on_group)
        tabs.register(
            tabs.Tab(
                page="research:asked", title=_("Studies that ask"), is_for=lambda here: hosting.how_many_ask(here) > 0,
                count=hosting.how_many_ask,
            )
        )  # fmt: skip
        tabs.register(tabs.Tab(page="research:seat", title=_("Your study here"), is_for=watches))
        self._duties()

    def _duties(self) -> None:
        """What is done by itself, and how often."""
        from core import ticker
        from research import beside
        from research.actions import (
            consent,
            counting,
            departing,
            exports,
            harm,
            making,
            once,
            retention,
            rooms,
            tallies,
        )

        ticker.register("people of studies, once a day", counting.count_each_day, every=60)
        ticker.register("look at the rules that stop studies", harm.look_at_all, every=60)
        ticker.register("rooms whose time is over", rooms.let_go, every=3600)
        ticker.register("studies whose time to keep is over", retention.let_go, every=3600)
        ticker.register("what was done to messages of files that are over", exports.tidy, every=3600)
        ticker.register("one-thread names that no file can have any more", once.tidy, every=3600)
        ticker.register("who left a study, on their day", departing.let_show, every=3600)
        ticker.register("files that wait to be made", beside.start, every=2)
        ticker.register("files that were made and not fetched", making.forget_made, every=300)
        ticker.register("what was answered, on record", consent.put_on_record, every=3600)
        ticker.register("rounds of studies that are over", tallies.count_what_is_over, every=3600)
