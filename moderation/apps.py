from django.apps import AppConfig


class ModerationConfig(AppConfig):
    """Reports, cases, decisions, appeals: keeping groups safe without learning who anyone is."""

    name = "moderation"

    def ready(self) -> None:
        from core import ticker
        from core.registries import slots
        from moderation import holdings
        from moderation.actions import care, forgetting
        from moderation.views import care as pages

        holdings.register()
        slots.fill("front", pages.front_line)
        ticker.register("forget what is past undoing", forgetting.forget_old, every=3600)
        ticker.register("end what slows talks down", care.drop_ended, every=3600)
