from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Commands that start Kith, and the registered duties."""

    name = "config"

    def ready(self) -> None:
        from config import duties
        from config.models import Lease
        from core.registries import holdings

        holdings.keep(Lease, because="says which process runs the due work")
        duties.register()
