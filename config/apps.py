from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Commands that start Kith, and the registered duties."""

    name = "config"

    def ready(self) -> None:
        from config import duties
        from config.models import Lease, Replayed
        from core import ledger
        from core.registries import holdings

        holdings.keep(Lease, because="says which process runs the due work")
        holdings.keep(Replayed, because="counts what is known of the ledger of erasures")
        ledger.counted_in(Replayed)
        duties.register()
