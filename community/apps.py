from django.apps import AppConfig


class CommunityConfig(AppConfig):
    """Groups, charters, members, personas, rota, services."""

    name = "community"

    def ready(self) -> None:
        from community import holdings

        holdings.register()
