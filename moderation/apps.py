from django.apps import AppConfig


class ModerationConfig(AppConfig):
    """Reports, cases, decisions, appeals: keeping groups safe without learning who anyone is."""

    name = "moderation"

    def ready(self) -> None:
        from core import ticker
        from moderation import holdings
        from moderation.actions import forgetting

        holdings.register()
        ticker.register("forget what is past undoing", forgetting.forget_old, every=3600)
