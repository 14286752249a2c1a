from django.apps import AppConfig


class AuditConfig(AppConfig):
    """One hash chain per scope: what was done, in order, so that a change is noticed."""

    name = "audit"

    def ready(self) -> None:
        from audit import duties, holdings

        holdings.register()
        duties.register()
