from django.apps import AppConfig


class ModerationConfig(AppConfig):
    """Reports, cases, decisions, appeals: keeping groups safe without learning who anyone is."""

    name = "moderation"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from core import ticker
        from core.registries import duty, screening, slots, subjects, tabs
        from core.registries import holdings as registry
        from moderation import holdings
        from moderation.actions import alerts, care, claims, folds, forgetting, visits, worries
        from moderation.calls import CallSubject
        from moderation.models import Fold, Strike
        from moderation.selectors import automatic, cases
        from moderation.views import care as pages
        from moderation.views import team
        from moderation.views import worries as calls

        holdings.register()
        subjects.register(CallSubject())
        duty.register(claims.release_all)
        screening.register(refuses=automatic.refuses)
        registry.stays(Strike)
        registry.stays(Fold)
        tabs.register(
            tabs.Tab(
                page="moderation:team", title=_("To look at"), is_for=lambda here: here.is_team,
                count=cases.how_many_wait,
            )
        )  # fmt: skip
        slots.fill("site page", team.on_site_page)
        slots.fill("off duty", team.on_off_duty)
        slots.fill("front", pages.front_line)
        for page in ("leave group", "leave and delete"):
            slots.fill(page, calls.on_leaving)
        slots.fill("close account", calls.on_closing)
        slots.fill("closed account", calls.on_closed)
        ticker.register("forget what is past undoing", forgetting.forget_old, every=3600)
        ticker.register("forget whose pages were open", visits.forget_open_pages, every=300)
        ticker.register("wake what a team let go", worries.wake, every=5)
        ticker.register("tell those on duty", alerts.tell_those_on_duty, every=20)
        ticker.register("open what was folded", folds.end_due, every=60)
        ticker.register("end what slows talks down", care.drop_ended, every=3600)
